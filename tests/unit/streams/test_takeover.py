"""A worker whose brokers go away in the middle of a rebalance goes on when they are back, or ends."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError

from streams.ingest import service
from streams.ingest.board import Board
from streams.ingest.service import Ingest
from streams.ingest.sources import Source, SourceId
from streams.metrics import Metrics
from streams.settings import Settings
from streams.settings.load import load_settings

LIKES = TopicPartition("likes", 2)


class Told:
    """Stands for the outlet."""

    def __init__(self) -> None:
        self.marks: list[Any] = []

    async def send(self, _events: Iterable[Any], marks: Iterable[Any]) -> None:
        """Remember the marks."""
        self.marks += marks


def make_ingest(failures: list[BaseException]) -> Ingest:
    ingest = Ingest(load_settings({}), Metrics(), Board(), failures.append)
    ingest.outlet = Told()  # type: ignore[assignment]  # has what is used of it
    return ingest


def listener(ingest: Ingest) -> Any:
    return service._Rebalance(ingest)  # what aiokafka calls


def test_sources_are_taken_over_when_the_brokers_are_back(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[BaseException | None] = [KafkaTimeoutError("no offsets in 6000 ms"), ConnectionError("gone"), None]

    async def taken_over(_settings: Settings, group: str, owned: Sequence[SourceId]) -> dict[SourceId, Source]:
        assert group.endswith("-ingest")
        answer = answers.pop(0)
        if answer is not None:
            raise answer
        return {source: Source(source, 7, 1_000, 0.0) for source in owned}

    monkeypatch.setattr(service, "taken_over", taken_over)
    failures: list[BaseException] = []

    async def work() -> Ingest:
        ingest = make_ingest(failures)
        await listener(ingest).on_partitions_assigned([LIKES])
        return ingest

    ingest = asyncio.run(work())
    assert (answers, failures) == ([], [])
    assert [(source.id, source.offset) for source in ingest.sources.values()] == [(SourceId("likes", 2), 7)]
    assert ingest.outlet.marks  # type: ignore[attr-defined]  # the shards were told


def test_what_no_retry_cures_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka logs what its listener raises and goes on: partitions would be owned and read by nobody."""

    async def taken_over(*_: object) -> dict[SourceId, Source]:
        raise ZeroDivisionError

    monkeypatch.setattr(service, "taken_over", taken_over)
    failures: list[BaseException] = []

    async def work() -> None:
        await listener(make_ingest(failures)).on_partitions_assigned([LIKES])

    asyncio.run(work())
    assert [type(failure) for failure in failures] == [ZeroDivisionError]
