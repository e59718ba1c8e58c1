"""The stateful stages as the worker sees them: bytes of an envelope in, results out.

An adapter of a few lines puts each detector class behind one protocol, so that gates, snapshots,
warm-up and tests know nothing of what a stage computes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from numpy.typing import NDArray

from detector.coordinator import Coordinator
from detector.settings import DetectorSettings
from detector.shards import TargetShard, TextShard
from models.alerts import Alert
from models.codec import decode_envelope
from models.cohorts import ShardOutput
from models.envelopes import ActionEnvelope, CoordinatorEnvelope, Mark, TextEnvelope
from models.trends import CorrectedList, TrendVerdict

Parts = Mapping[str, bytes | NDArray[Any]]
Result_co = TypeVar("Result_co", covariant=True)


FIGURES = (
    "late", "duplicates", "watermark_ms", "buffered", "open_windows", "fill", "evictions", "drift", "topics", "figures",
)  # fmt: skip
"""What a detector class may tell of itself."""


class Stage(Protocol[Result_co]):
    """One shard's computation. `receive` must be deterministic: a replayed log gives the same state."""

    name: str

    def receive(self, raw: bytes) -> Sequence[Result_co]:
        """Take one envelope. Raises `InvalidEvent` for bytes that are no envelope, and changes nothing then."""
        ...

    def snapshot(self) -> Parts:
        """The whole state."""
        ...

    def restore(self, parts: Parts) -> None:
        """Take the state of `snapshot`. Raises `SnapshotMismatch`."""
        ...

    def figures(self) -> Mapping[str, Any]:
        """Numbers for metrics."""
        ...

    def fill(self) -> Mapping[str, float]:
        """Share used of each bounded structure: the part of the figures that is wanted after every envelope."""
        ...

    def marks(self) -> Sequence[Mark]:
        """Progress of the sources in the last envelope; empty for stages that see none."""
        ...


class _DetectorStage(Generic[Result_co]):
    """What the adapters share. `inner` is a detector class with snapshot and restore."""

    def __init__(self, name: str, inner: Any) -> None:
        self.name = name
        self.inner = inner
        self._marks: Sequence[Mark] = ()

    def snapshot(self) -> Parts:
        parts: Parts = self.inner.snapshot()
        return parts

    def restore(self, parts: Parts) -> None:
        self.inner.restore(parts)

    def figures(self) -> Mapping[str, Any]:
        return {name: getattr(self.inner, name) for name in FIGURES if hasattr(self.inner, name)}

    def fill(self) -> Mapping[str, float]:
        found: Mapping[str, float] = self.inner.fill
        return found

    def marks(self) -> Sequence[Mark]:
        return self._marks


class TargetStage(_DetectorStage[ShardOutput]):
    """`shoal.likes`."""

    def receive(self, raw: bytes) -> Sequence[ShardOutput]:
        """Take one envelope."""
        envelope = decode_envelope(raw, ActionEnvelope)
        self._marks = envelope.marks
        output = self.inner.receive(envelope)
        return () if output is None else (output,)


class TextStage(_DetectorStage[ShardOutput]):
    """`shoal.posts`."""

    def receive(self, raw: bytes) -> Sequence[ShardOutput]:
        """Take one envelope."""
        envelope = decode_envelope(raw, TextEnvelope)
        self._marks = envelope.marks
        output = self.inner.receive(envelope)
        return () if output is None else (output,)


class CoordinatorStage(_DetectorStage[Alert | TrendVerdict | CorrectedList]):
    """`shoal.cohorts`."""

    def fill(self) -> Mapping[str, float]:
        """Nothing: it has no buffer that ingest has to wait for."""
        return {}

    def receive(self, raw: bytes) -> Sequence[Alert | TrendVerdict | CorrectedList]:
        """Take the outputs of some shards."""
        alerts = self.inner.receive(decode_envelope(raw, CoordinatorEnvelope).outputs)
        return [*alerts, *self.inner.take_verdicts(), *self.inner.take_lists()]


TEXT_SHARD = "text-0"
COORDINATOR = "coordinator"


def target_shard(number: int) -> str:
    """Name of a target shard."""
    return f"likes-{number}"


def shard_names(shards: int) -> list[str]:
    """Every shard whose outputs the coordinator waits for."""
    return [target_shard(number) for number in range(shards)] + [TEXT_SHARD]


def make_target(number: int, settings: DetectorSettings, sources: Sequence[tuple[str, int]]) -> TargetStage:
    """A fresh target shard."""
    name = target_shard(number)
    return TargetStage(name, TargetShard(name, settings, sources))


def make_text(settings: DetectorSettings, sources: Sequence[tuple[str, int]]) -> TextStage:
    """A fresh text shard."""
    return TextStage(TEXT_SHARD, TextShard(TEXT_SHARD, settings, sources))


def make_coordinator(settings: DetectorSettings, shards: int) -> CoordinatorStage:
    """A fresh coordinator."""
    return CoordinatorStage(COORDINATOR, Coordinator(settings, shard_names(shards)))
