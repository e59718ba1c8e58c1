"""coordination-network-toolkit 1.5 (QUT), by its Python functions, as its command line would call them."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from evaluation.peers.acts import urls_of
from evaluation.peers.graph import Pair, components, in_order, ordered
from evaluation.peers.method import Groups
from models.events import AnyEvent, Like, LikeAction, Post

WINDOW_S = 60
"""`--time_window`: what its README calls the default of all networks."""
WEIGHT_MIN = 2
"""`--min_edge_weight`, default of its command line."""
SIMILARITY_MIN = 0.8
"""`--similarity_threshold`, default of its command line."""
TOKENS_MIN = 1
"""`--min_document_size_similarity`, default of its command line."""
PROCESSES = 2
ACCOUNTS_MIN = 3

Message = tuple[str, str, str, str | None, str | None, str, float, list[str]]


def find(events: Sequence[AnyEvent]) -> Groups:
    """Five networks; components of each with at least 3 accounts, pairs of all."""
    linked: set[Pair] = set()
    groups: set[frozenset[str]] = set()
    with tempfile.TemporaryDirectory() as folder:
        for network in _networks(str(Path(folder) / "messages.db"), events):
            linked |= network
            groups.update(components(network, ACCOUNTS_MIN))
    return Groups(in_order(groups), len(linked))


def _networks(database: str, events: Sequence[AnyEvent]) -> Iterator[set[Pair]]:
    from coordination_network_toolkit import compute_networks as compute
    from coordination_network_toolkit.graph import get_edge_rows
    from coordination_network_toolkit.preprocess import preprocess_data
    from coordination_network_toolkit.similarity import get_similarity_fn_from_min_size

    preprocess_data(database, _messages(events))
    same = {"min_edge_weight": WEIGHT_MIN, "n_threads": PROCESSES}
    compute.compute_co_retweet_parallel(database, WINDOW_S, **same)
    compute.compute_co_tweet_network(database, WINDOW_S, **same)
    compute.compute_co_similar_tweet(
        database,
        WINDOW_S,
        similarity_threshold=SIMILARITY_MIN,
        similarity_function=get_similarity_fn_from_min_size(TOKENS_MIN),
        **same,
    )
    compute.compute_co_link_network(database, WINDOW_S, **same)
    compute.compute_co_reply_network(database, WINDOW_S, **same)
    for network in ("co_retweet", "co_tweet", "co_similar_tweet", "co_link", "co_reply"):
        yield {ordered(one, other) for one, other, *_ in get_edge_rows(database, network)}


def _messages(events: Sequence[AnyEvent]) -> Iterator[Message]:
    """Rows of its import format. A like is a repost of its target, as in its own import of likes."""
    for event in events:
        if isinstance(event, Like) and event.action is not LikeAction.UNLIKE:
            target = f"{event.action.value}:{event.target_id}"
            message = f"{target}_{event.account_id}"
            yield message, event.account_id, "", target, None, "", event.acted_at_ms / 1000, []
        elif isinstance(event, Post) and event.deleted_at_ms is None:
            at_s = event.created_at_ms / 1000
            repost, reply = event.repost_of, event.reply_to
            yield event.post_id, event.account_id, "", repost, reply, event.text, at_s, urls_of(event)
