"""Events become envelopes, one for every shard: marks go to all of them, events to their owner."""

from collections.abc import Sequence
from typing import NamedTuple

from detector.router import envelopes_of, route
from models.codec import encode_envelope
from models.envelopes import Mark
from models.events import AnyEvent


class Packed(NamedTuple):
    """Encoded envelopes of one flush."""

    text: bytes
    targets: list[bytes]
    """By number of the target shard."""


def pack(events: Sequence[AnyEvent], marks: list[Mark], shards: int) -> Packed:
    """Route a batch of one flush and encode it."""
    targets, text = envelopes_of(route(events), marks, shards)
    return Packed(encode_envelope(text), [encode_envelope(envelope) for envelope in targets])
