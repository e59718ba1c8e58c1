import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from models.alerts import Alert
from models.codec import decode_alert
from streams.metrics import Metrics
from streams.sinks import publish
from streams.sinks.delivered import OFFSET_HEADER, Delivered
from streams.sinks.memory import MemoryStore
from streams.sinks.publish import AlertPublisher, Message
from streams.sinks.store import StoreUnavailable
from tests.contract.test_alert_stores import alert


class Topics:
    """Remembers what was sent where."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Message]] = {"alerts": [], "campaigns": []}

    async def __call__(self, topic: str, messages: Sequence[Message]) -> int:
        self.sent[topic] += messages
        return len(self.sent[topic]) - 1

    def alerts(self, topic: str) -> list[tuple[str, int]]:
        found = [decode_alert(message.value) for message in self.sent[topic]]
        return [(one.campaign, one.revision) for one in found]


def publish_all(topics: Topics, store: MemoryStore, delivered: Delivered, *batches: Sequence[Alert]) -> Metrics:
    metrics = Metrics()
    publisher = AlertPublisher(topics, "alerts", "campaigns", store, delivered, metrics)

    async def work() -> None:
        for batch in batches:
            await publisher.publish(batch)

    asyncio.run(work())
    return metrics


def test_every_revision_to_the_topic_and_the_newest_to_the_campaigns() -> None:
    topics, store = Topics(), MemoryStore()
    batch = [alert("c1"), alert("c2"), alert("c1", 2)]
    metrics = publish_all(topics, store, Delivered(), batch, [])
    assert topics.alerts("alerts") == [("c1", 1), ("c2", 1), ("c1", 2)]
    assert topics.alerts("campaigns") == [("c1", 2), ("c2", 1)]
    assert {m.headers[OFFSET_HEADER] for m in topics.sent["campaigns"] if m.headers} == {b"3"}
    assert store.get("c1") == alert("c1", 2)
    assert 'shoal_alerts_total{outcome="coordinated_inauthentic",state="opened"} 3.0' in metrics.exposition().decode()


def test_an_alert_known_to_the_topic_is_not_sent_again_but_stored() -> None:
    topics, store, delivered = Topics(), MemoryStore(), Delivered()
    delivered.add(alert("c1", 2))
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
    metrics = publish_all(topics, store, Delivered(), [alert()])
    assert store.get("c1") == alert()
    assert topics.alerts("alerts") == [("c1", 1)]
    assert "shoal_store_failures_total 3.0" in metrics.exposition().decode()
    assert replace(alert(), revision=1) == alert()
