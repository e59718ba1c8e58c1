import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from models.alerts import Alert
from models.codec import decode_alert, decode_trend_verdict
from streams.metrics import Metrics
from streams.sinks import publish
from streams.sinks.delivered import OFFSET_HEADER, AllDelivered
from streams.sinks.publish import Message, Publisher, Results
from streams.store.memory import MemoryStore
from streams.store.protocol import StoreUnavailable
from streams.topics import TopicNames
from tests.contract.test_alert_stores import alert, corrected, verdict


class Topics:
    """Remembers what was sent where."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Message]] = {name: [] for name in TopicNames._fields}

    async def __call__(self, topic: str, messages: Sequence[Message]) -> int:
        self.sent[topic] += messages
        return len(self.sent[topic]) - 1

    def alerts(self, topic: str) -> list[tuple[str, int]]:
        found = [decode_alert(message.value) for message in self.sent[topic]]
        return [(one.campaign, one.revision) for one in found]


def publish_all(topics: Topics, store: MemoryStore, delivered: AllDelivered, *batches: Results) -> Metrics:
    metrics = Metrics()
    publisher = Publisher(topics, TopicNames(*TopicNames._fields), store, delivered, metrics)

    async def work() -> None:
        for batch in batches:
            await publisher.publish(batch)

    asyncio.run(work())
    return metrics


def test_every_revision_to_the_topic_and_the_newest_to_the_campaigns() -> None:
    topics, store = Topics(), MemoryStore()
    batch = [alert("c1"), alert("c2"), alert("c1", 2)]
    metrics = publish_all(topics, store, AllDelivered(), batch, [])
    assert topics.alerts("alerts") == [("c1", 1), ("c2", 1), ("c1", 2)]
    assert topics.alerts("campaigns") == [("c1", 2), ("c2", 1)]
    assert {m.headers[OFFSET_HEADER] for m in topics.sent["campaigns"] if m.headers} == {b"3"}
    assert store.get("c1") == alert("c1", 2)
    assert 'shoal_alerts_total{outcome="coordinated_inauthentic",state="opened"} 3.0' in metrics.exposition().decode()


def test_an_alert_known_to_the_topic_is_not_sent_again_but_stored() -> None:
    topics, store, delivered = Topics(), MemoryStore(), AllDelivered()
    delivered.alerts.add(alert("c1", 2))
    publish_all(topics, store, delivered, [alert("c1", 1), alert("c1", 2), alert("c1", 3)])
    assert topics.alerts("alerts") == [("c1", 3)]
    assert [a.revision for a in store.revisions("c1")] == [1, 2, 3]


def test_a_failing_store_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(publish, "BACKOFF_FIRST_S", 0.001)

    class Moody(MemoryStore):
        failures = 3

        def put(self, alerts: Sequence[Alert]) -> int:
            if self.failures:
                self.failures -= 1
                raise StoreUnavailable("database is locked")
            return super().put(alerts)

    topics, store = Topics(), Moody()
    metrics = publish_all(topics, store, AllDelivered(), [alert()])
    assert store.get("c1") == alert()
    assert topics.alerts("alerts") == [("c1", 1)]
    assert "shoal_store_failures_total 3.0" in metrics.exposition().decode()
    assert replace(alert(), revision=1) == alert()


def test_verdicts_and_lists_go_to_topics_of_their_own_once() -> None:
    topics, store, delivered = Topics(), MemoryStore(), AllDelivered()
    delivered.verdicts.add(verdict("old", 5))
    told: Results = [alert(), verdict("old", 5), verdict("new", 6), corrected("hot", 6)]
    metrics = publish_all(topics, store, delivered, told, told)
    assert topics.alerts("alerts") == [("c1", 1)]
    assert [decode_trend_verdict(m.value).key for m in topics.sent["trend_verdicts"]] == ["new"]
    assert [m.key for m in topics.sent["trend_verdicts"]] == [b"new"]
    assert [m.key for m in topics.sent["trend_lists"]] == [b"hot"]
    assert store.trend("old") == verdict("old", 5)
    assert store.corrected_list("hot") == corrected("hot", 6)
    assert 'shoal_trend_verdicts_total{outcome="manufactured"} 1.0' in metrics.exposition().decode()
