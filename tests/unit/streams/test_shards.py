"""Gates, offsets and snapshots of hosted shards, with a fake stage that only remembers what it was told."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from models.dead_letters import DeadLetter
from models.envelopes import Mark
from models.errors import InvalidEvent
from streams import agents
from streams.agents import Handler, guarded
from streams.exits import Exit
from streams.ingest.board import Board
from streams.metrics import Metrics
from streams.shards import HostedShard, Place, ShardHost, Snapshotter
from streams.snapshots import Identity, SnapshotFolder, load

HERE = Place("shoal.likes", 0)
ELSEWHERE = Place("shoal.likes", 1)


class FakeStage:
    """Satisfies `Stage`."""

    def __init__(self, place: Place) -> None:
        self.name = f"likes-{place.partition}"
        self.taken: list[bytes] = []

    def receive(self, raw: bytes) -> Sequence[str]:
        if raw == b"broken":
            raise InvalidEvent("envelope", "malformed", "broken")
        self.taken.append(raw)
        return (raw.decode(),)

    def snapshot(self) -> Mapping[str, Any]:
        return {"taken": b",".join(self.taken)}

    def restore(self, parts: Mapping[str, Any]) -> None:
        self.taken = bytes(parts["taken"]).split(b",")

    def figures(self) -> Mapping[str, Any]:
        return {"fill": {"buffer": 0.25}}

    def fill(self) -> Mapping[str, float]:
        return {"buffer": 0.25}

    def marks(self) -> Sequence[Mark]:
        return ()


class FakeWarmUp:
    """The log is kept here; warm-ups take as long as the test wants."""

    def __init__(self, log: Sequence[bytes], committed: int = 0) -> None:
        self.log = log
        self.committed = committed
        self.may_finish = asyncio.Event()
        self.may_finish.set()

    async def __call__(self, shard: HostedShard) -> None:
        await self.may_finish.wait()
        shard.next_offset = 0
        await self.catch_up(shard, self.committed)

    async def catch_up(self, shard: HostedShard, offset: int) -> None:
        for raw in self.log[shard.next_offset or 0 : offset]:
            shard.stage.receive(raw)
        shard.next_offset = offset


class Bench:
    """A handler with its surroundings."""

    def __init__(self, folder: Path, log: Sequence[bytes] = (), committed: int = 0, interval_s: float = 3_600) -> None:
        self.failed: list[BaseException] = []
        self.effects: list[str] = []
        self.parked: list[DeadLetter] = []
        self.metrics = Metrics()
        self.warm_up = FakeWarmUp(log, committed)
        self.host = ShardHost(self._factory, self.warm_up, self.failed.append)
        self.folder = SnapshotFolder(folder, 2)
        self.snapshotter = Snapshotter(self.folder, interval_s, lambda name: Identity("v", "c", name), self.metrics)
        warm_up: Any = self.warm_up
        self.handler = Handler(self.host, warm_up, self.snapshotter, Board(), self.metrics, self._park)

    def _factory(self, place: Place) -> Callable[[], Any] | None:
        return (lambda: FakeStage(place)) if place.topic == "shoal.likes" else None

    async def _park(self, letter: DeadLetter) -> None:
        self.parked.append(letter)

    async def _effect(self, results: Sequence[str]) -> None:
        self.effects += results

    async def handle(self, offset: int, raw: bytes, place: Place = HERE) -> None:
        await self.handler.handle(place, offset, raw, self._effect, "targets")

    def stage(self, place: Place = HERE) -> Any:
        return self.host.shard(place).stage


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 10))


def test_a_message_waits_until_the_shard_is_warm(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path)
        bench.warm_up.may_finish.clear()
        bench.host.assign([HERE, Place("other", 0)])
        assert len(bench.host) == 1
        task = asyncio.create_task(bench.handle(0, b"a"))
        await asyncio.sleep(0.05)
        assert not bench.host.warm
        assert bench.effects == []
        bench.warm_up.may_finish.set()
        await task
        assert bench.effects == ["a"]
        assert bench.host.warm

    run(work())


def test_replayed_messages_have_no_effects_and_redelivered_ones_neither(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path, log=[b"a", b"b"], committed=2)
        await bench.handle(1, b"b")
        await bench.handle(2, b"c")
        await bench.handle(2, b"c")
        assert bench.stage().taken == [b"a", b"b", b"c"]
        assert bench.effects == ["c"]

    run(work())


def test_what_another_worker_did_meanwhile_is_replayed_without_effects(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path, log=[b"a", b"b", b"c", b"d"])
        await bench.handle(0, b"a")
        await bench.handle(3, b"d")
        assert bench.stage().taken == [b"a", b"b", b"c", b"d"]
        assert bench.effects == ["a", "d"]

    run(work())


def test_what_is_no_envelope_is_parked_and_passed(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path)
        await bench.handle(0, b"broken")
        await bench.handle(1, b"b")
        assert [(x.topic, x.offset, x.reason, x.raw) for x in bench.parked] == [(*HERE[:1], 0, "malformed", b"broken")]
        assert bench.effects == ["b"]

    run(work())


def test_a_shard_that_goes_to_another_worker_is_forgotten(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path)
        bench.host.assign([HERE, ELSEWHERE])
        await bench.handle(0, b"a")
        bench.host.assign([ELSEWHERE])
        assert [shard.place for shard in bench.host] == [ELSEWHERE]
        bench.host.assign([HERE])
        assert bench.stage().taken == []

    run(work())


def test_a_message_of_a_shard_that_left_is_not_acknowledged(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path)
        bench.warm_up.may_finish.clear()
        bench.host.assign([HERE])
        task = asyncio.create_task(bench.handle(0, b"a"))
        await asyncio.sleep(0.05)
        bench.host.assign([])
        with pytest.raises(asyncio.CancelledError):
            await task
        assert bench.effects == []

    run(work())


def test_a_failing_warm_up_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path)

        async def fails(_shard: HostedShard) -> None:
            raise ZeroDivisionError

        host = ShardHost(bench._factory, fails, bench.failed.append)
        host.assign([HERE])
        await asyncio.sleep(0.05)
        assert [type(error) for error in bench.failed] == [ZeroDivisionError]
        assert not host.warm

    run(work())


def test_snapshots_hold_exactly_what_their_offset_says(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path, interval_s=1e-6)
        for offset, raw in enumerate([b"a", b"b", b"c"]):
            await bench.handle(offset, raw)
            writing = bench.host.shard(HERE).writing
            if writing is not None:
                await writing
        newest = bench.folder.candidates("likes-0")[0]
        found = load(newest, Identity("v", "c", "likes-0"))
        assert found.parts["taken"] == b",".join([b"a", b"b", b"c"][: found.next_offset])

    run(work())


def test_no_snapshot_is_taken_of_a_message_in_flight(tmp_path: Path) -> None:
    async def work() -> None:
        bench = Bench(tmp_path)
        await bench.handle(0, b"a")
        shard = bench.host.shard(HERE)
        shard.in_flight = True
        bench.snapshotter.now(shard)
        assert bench.folder.candidates("likes-0") == []
        shard.in_flight = False
        bench.snapshotter.now(shard)
        assert len(bench.folder.candidates("likes-0")) == 1

    run(work())


def test_a_full_disk_is_counted_and_borne(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async def work() -> None:
        bench = Bench(tmp_path)
        await bench.handle(0, b"a")
        monkeypatch.setattr("os.fsync", full)
        bench.snapshotter.now(bench.host.shard(HERE))
        await bench.handle(1, b"b")
        assert bench.effects == ["a", "b"]
        assert 'shoal_snapshot_failures_total{shard="likes-0"} 1.0' in bench.metrics.exposition().decode()

    run(work())


@pytest.mark.parametrize(
    ("error", "code"), [(ZeroDivisionError(), Exit.UNEXPECTED), (asyncio.CancelledError(), Exit.CANCELLED)]
)
def test_no_exception_leaves_an_agent(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: Exit) -> None:
    codes: list[Exit] = []
    monkeypatch.setattr(agents, "end_process", codes.append)

    async def fails() -> None:
        raise error

    run(guarded(fails()))  # type: ignore[arg-type]  # a coroutine by another name
    assert codes == [code]
