"""Outputs of a shard cut into messages that a topic takes.

An output grows with what its slices held: when a slow source catches up, many slices close at once.
Every item carries its slice, so an output can be cut at any slice end and the coordinator cannot
tell the difference.
"""

from collections.abc import Iterator
from itertools import chain

import msgspec
import numpy as np

from models.codec import encode_envelope
from models.cohorts import ShardOutput
from models.envelopes import ENVELOPE_VERSION, CoordinatorEnvelope
from streams.topics import MESSAGE_BYTES_MAX

PIECE_BYTES_MAX = MESSAGE_BYTES_MAX // 2


def envelopes_of(output: ShardOutput, bytes_max: int = PIECE_BYTES_MAX) -> Iterator[bytes]:
    """Encode an output as one envelope, or several in order of time if it is larger than `bytes_max`."""
    raw = encode_envelope(CoordinatorEnvelope(ENVELOPE_VERSION, [output]))
    middle_ms = _middle(output) if len(raw) > bytes_max else None
    if middle_ms is None:
        yield raw
        return
    for piece in _cut(output, middle_ms):
        yield from envelopes_of(piece, bytes_max)


def _middle(output: ShardOutput) -> int | None:
    """A slice end that leaves something on both sides, weighted by size; None if there is only one slice."""
    times = np.frombuffer(output.activity_slices, "<i8")
    updates = list(chain.from_iterable([u.time_ms] * (1 + 4 * len(u.members)) for u in output.updates))
    facts = [fact.slice_ms for fact in output.facts]
    all_ms = np.sort(np.concatenate([times, np.array(updates, np.int64), np.array(facts, np.int64)]))
    if not len(all_ms) or all_ms[0] == all_ms[-1]:
        return None
    middle_ms = int(all_ms[len(all_ms) // 2])
    if middle_ms == all_ms[-1]:
        middle_ms = int(all_ms[np.searchsorted(all_ms, middle_ms) - 1])
    return middle_ms


def _cut(output: ShardOutput, at_ms: int) -> tuple[ShardOutput, ShardOutput]:
    slices = np.frombuffer(output.activity_slices, "<i8")
    accounts = np.frombuffer(output.activity_accounts, "<u8")
    first = slices <= at_ms
    early = msgspec.structs.replace(
        output,
        until_ms=at_ms,
        updates=[u for u in output.updates if u.time_ms <= at_ms],
        activity_slices=slices[first].tobytes(),
        activity_accounts=accounts[first].tobytes(),
        facts=[f for f in output.facts if f.slice_ms <= at_ms],
    )
    late = msgspec.structs.replace(
        output,
        since_ms=at_ms,
        updates=[u for u in output.updates if u.time_ms > at_ms],
        activity_slices=slices[~first].tobytes(),
        activity_accounts=accounts[~first].tobytes(),
        facts=[f for f in output.facts if f.slice_ms > at_ms],
        late=0,
        duplicates=0,
    )
    return early, late
