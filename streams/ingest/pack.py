"""Events become envelopes, one for every shard: marks go to all of them, events to their owner."""

from collections.abc import Sequence
from typing import NamedTuple

from detector.router import route, shard_of
from models.codec import encode_envelope
from models.envelopes import ENVELOPE_VERSION, ActionEnvelope, Mark, TextEnvelope
from models.events import AnyEvent


class Packed(NamedTuple):
    """Encoded envelopes of one flush."""

    text: bytes
    targets: list[bytes]
    """By number of the target shard."""


def pack(events: Sequence[AnyEvent], marks: list[Mark], shards: int) -> Packed:
    """Route a batch. The marks ride with the events they vouch for, so neither can arrive alone."""
    routed = route(events)
    envelopes = [ActionEnvelope(ENVELOPE_VERSION, marks, [], [], []) for _ in range(shards)]
    for publication in routed.publications:
        envelopes[shard_of(publication.target, shards)].publications.append(publication)
    for action in routed.actions:
        envelopes[shard_of(action.target, shards)].actions.append(action)
    for account in routed.accounts:
        envelopes[shard_of(account.account_id, shards)].accounts.append(account)
    text = TextEnvelope(ENVELOPE_VERSION, marks, routed.posts, routed.deletions)
    return Packed(encode_envelope(text), [encode_envelope(envelope) for envelope in envelopes])
