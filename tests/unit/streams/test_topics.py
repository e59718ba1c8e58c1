"""Topics are made before every broker knows of them."""

from typing import Any

import pytest

from streams import topics
from streams.settings import load_settings


class SlowBroker:
    """Shows what it made only after a few looks."""

    def __init__(self, looks: int) -> None:
        self.made: list[str] = []
        self._looks = looks

    def list_topics(self) -> list[str]:
        return []

    def create_topics(self, wanted: dict[str, Any]) -> None:
        self.made += wanted

    def describe_topics(self) -> list[dict[str, Any]]:
        self._looks -= 1
        shown = self.made if self._looks < 0 else self.made[:-3]
        return [{"name": name, "partitions": [0], "error_code": 0} for name in shown]

    def close(self) -> None:
        pass


def test_create_returns_when_all_topics_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "SETTLED_LOOK_S", 0.0)
    broker = SlowBroker(looks=3)
    monkeypatch.setattr(topics, "_connect", lambda _settings: broker)
    settings = load_settings()
    assert topics.create(settings) == broker.made
    assert not [problem for problem in topics.check(settings) if "missing" in problem]


def test_create_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "SETTLED_LOOK_S", 0.0)
    monkeypatch.setattr(topics, "SETTLED_S_MAX", 0.05)
    monkeypatch.setattr(topics, "_connect", lambda _settings: SlowBroker(looks=10**9))
    assert len(topics.create(load_settings())) == 13


def test_another_number_of_partitions_is_told_with_the_setting_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    counts = {spec.name: 12 for spec in topics.specs(settings)}
    monkeypatch.setattr(topics, "_connect", lambda _settings: SlowBroker(looks=0))
    monkeypatch.setattr(topics, "_partition_counts", lambda _admin: counts)
    told = {problem.split()[1]: problem.rpartition(": ")[2] for problem in topics.check(settings)}
    assert told["likes"] == "set SHOAL_LIKES_PARTITIONS=12 for every worker"
    assert told["shoal.likes"].startswith("set SHOAL_SHARDS=12 for every worker, or take another SHOAL_PREFIX")
    assert "it has to have one" in told["shoal.cohorts"]
    assert all(advice.startswith(("set SHOAL_", "it has to")) for advice in told.values())
