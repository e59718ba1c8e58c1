"""coordinationz 0.2 (Indiana University): cosine of shared items against a null model of shuffled items.

Its own pipeline, one indicator after the other: bipartite edges, filters, `bipartiteNullModelSimilarity`,
`createNetworkFromNullModelOutput`, union of the networks, Leiden communities. Filters and communities are
written here by its rules, since its modules for them need spaCy and a language model that it does not declare.
"""

import random
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evaluation.peers.acts import HASHTAG, LINK, MEDIA, TEXT, acts_of
from evaluation.peers.graph import Pair, in_order, ordered
from evaluation.peers.method import Groups
from models.events import AnyEvent

REALIZATIONS = 10_000
SIMILARITY_MIN = 0.1
P_MAX = 0.01
IDF = "smoothlog"
ITEMS_MIN = 10
"""`minUserDegree`: an account with fewer different items is left out."""
COMMUNITY_MIN = 5
"""`communitySize` of its output."""
TRIALS = 100
WORKERS = 2
SEED = 7

INDICATOR_OF_KIND: Mapping[str, str | None] = {LINK: "courl", HASHTAG: "cohashtag", MEDIA: None, TEXT: None}
"""Every other kind is `coretweet`: an account and the post that it liked, reposted, followed and so on."""


def find(events: Sequence[AnyEvent]) -> Groups:
    """Communities of the union of three networks; pairs of the union."""
    edges: dict[str, list[Pair]] = defaultdict(list)
    for act in acts_of(events):
        indicator = INDICATOR_OF_KIND.get(act.kind, "coretweet")
        if indicator is not None:
            edges[indicator].append((act.account, f"{act.kind}:{act.target}"))
    weights: dict[Pair, float] = {}
    for indicator in sorted(edges):
        for pair, weight in _significant(filtered(edges[indicator])):
            weights[pair] = max(weight, weights.get(pair, 0.0))
    return Groups(_communities(weights), len(weights))


def filtered(edges: Sequence[Pair]) -> list[Pair]:
    """Edges of accounts with at least `ITEMS_MIN` different items."""
    items: dict[str, set[str]] = defaultdict(set)
    for account, item in edges:
        items[account].add(item)
    return [edge for edge in edges if len(items[edge[0]]) >= ITEMS_MIN]


def _significant(edges: list[Pair]) -> Iterator[tuple[Pair, float]]:
    if not edges:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for a configuration file of its pipeline, and warns of empty graphs
        from coordinationz import network, nullmodel

        output = nullmodel.bipartiteNullModelSimilarity(
            edges,
            scoreType=["pvalue"],
            realizations=REALIZATIONS,
            minSimilarity=SIMILARITY_MIN,
            idf=IDF,
            workers=WORKERS,
            returnDegreeValues=True,
            showProgress=False,
        )
        if not output["indexedEdges"]:
            return
        graph = network.createNetworkFromNullModelOutput(output, pvalueThreshold=P_MAX, showProgress=False)
    names = graph.vs["Label"]
    for (one, other), weight in zip(graph.get_edgelist(), graph.es["weight"], strict=True):
        yield ordered(names[one], names[other]), float(weight)


def _communities(weights: Mapping[Pair, float]) -> list[frozenset[str]]:
    """Best of several Leiden runs by modularity, as its `getNetworksWithCommunities`."""
    if not weights:
        return []
    import igraph

    igraph.set_random_number_generator(random.Random(SEED))
    graph = igraph.Graph.TupleList(((*pair, weight) for pair, weight in sorted(weights.items())), weights=True)
    runs = (graph.community_leiden(objective_function="modularity", weights="weight") for _ in range(TRIALS))
    best = max(runs, key=lambda run: run.modularity)
    named = (graph.vs[members]["name"] for members in best)
    return in_order(members for members in named if len(members) >= COMMUNITY_MIN)
