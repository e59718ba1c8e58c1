"""The way of a case as spans: whole cases by their name, one trace each, from the last action to the store."""

import asyncio
import json
import logging
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from models.alerts import Alert, AlertState
from streams.metrics import Metrics
from streams.settings import load_settings
from streams.sinks.delivered import AllDelivered
from streams.sinks.publish import Publisher
from streams.store.memory import MemoryStore
from streams.topics import TopicNames
from streams.tracing import ENVELOPE_HEADER, WAY, Traces, Way, is_followed, make_traces, trace_id, way_of
from tests.contract.test_alert_stores import alert
from tests.unit.streams.test_publish import Topics

STEPS = [
    "ingest", "shard", "coordinator", "alert to its topic", "alert to the topic of campaigns", "alert to the store",
]  # fmt: skip


def told(*alerts: Alert, ratio: float = 1.0, way: Way | None = None) -> list[Any]:
    """Spans of a worker that publishes these, in order of their start."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    async def work() -> None:
        names = TopicNames(*TopicNames._fields)
        publisher = Publisher(Topics(), names, MemoryStore(), AllDelivered(), Metrics(), traces=Traces(ratio, provider))
        WAY.set(way or Way())
        for each in alerts:
            await publisher.publish([each])

    asyncio.run(work())
    return list(exporter.get_finished_spans())


def test_the_way_of_a_case_is_a_chain_from_its_last_action_to_the_store() -> None:
    one = alert("c1")
    last = one.last_action_ms
    spans = told(one, way=Way(written_at_ms=last + 900, envelope_at_ms=last + 50))
    *steps, revision = spans
    assert [span.name for span in steps] == STEPS
    assert revision.name == "revision opened"
    assert revision.start_time == steps[0].start_time == last * 1_000_000
    assert [span.end_time for span in steps[:2]] == [(last + 50) * 1_000_000, (last + 900) * 1_000_000]
    assert all(before.end_time == after.start_time for before, after in pairwise(steps))
    assert revision.end_time == steps[-1].end_time
    assert {span.parent.span_id for span in steps} == {revision.context.span_id}
    assert {f"{span.context.trace_id:032x}" for span in spans} == {trace_id("c1")}


def test_spans_name_the_case_and_no_account() -> None:
    one = alert("c1")
    written = json.dumps([json.loads(span.to_json()) for span in told(one)])
    assert '"shoal.campaign": "c1"' in written
    assert not [account for account in one.accounts if f'"{account}"' in written]
    assert one.headline not in written


def test_every_revision_of_a_case_is_in_one_trace_and_cases_are_not_mixed() -> None:
    spans = told(alert("c1"), alert("c1", 2), alert("c2"))
    assert {f"{span.context.trace_id:032x}" for span in spans} == {trace_id("c1"), trace_id("c2")}
    revisions = [span for span in spans if span.name.startswith("revision")]
    assert [span.attributes["shoal.revision"] for span in revisions] == [1, 2, 1]


def test_what_is_not_known_is_part_of_the_next_step_and_no_span_ends_before_it_begins() -> None:
    assert told(alert("c1"))[0].name == "coordinator"
    assert told(alert("c1"), way=Way(written_at_ms=5))[0].name == "ingest and shard"
    backwards = told(replace(alert("c1"), last_action_ms=2**52), way=Way(7, 9))
    assert all(span.start_time <= span.end_time for span in backwards)
    later = told(replace(alert("c1"), state=AlertState.CLOSED), way=Way(7, 5))
    assert later[0].start_time == 5_000_000


def test_a_share_of_the_cases_is_followed_whole() -> None:
    names = [f"{number:016x}" for number in range(2_000)]
    followed = [name for name in names if is_followed(name, 0.1)]
    assert 140 <= len(followed) <= 260
    assert told(*(alert(name) for name in names[:50] if name not in followed), ratio=0.1) == []
    spans = told(alert(followed[0]), alert(followed[0], 2), ratio=0.1)
    assert sum(span.name.startswith("revision") for span in spans) == 2


@given(st.text(min_size=1, max_size=20), st.floats(0, 1), st.floats(0, 1))
def test_who_is_followed_at_a_small_share_is_followed_at_a_larger(name: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert not is_followed(name, small) or is_followed(name, large)
    assert not is_followed(name, 0.0)
    assert is_followed(name, 1.0)
    assert int(trace_id(name), 16) != 0
    assert len(trace_id(name)) == 32


@pytest.mark.parametrize(
    ("headers", "envelope_at_ms"),
    [
        (None, None),
        ({ENVELOPE_HEADER: b"1700000000000"}, 1_700_000_000_000),
        ([(ENVELOPE_HEADER, b"1700000000000")], 1_700_000_000_000),
        ({ENVELOPE_HEADER: b"-3"}, None),
        ({ENVELOPE_HEADER: b"\xff"}, None),
        ({ENVELOPE_HEADER: b"9" * 400}, None),
        ({"other": b"1"}, None),
    ],
)
def test_moments_ride_along_with_messages(headers: Any, envelope_at_ms: int | None) -> None:
    assert way_of(1.5, headers) == Way(1_500, envelope_at_ms)


def test_messages_carry_moments_only_while_cases_are_followed() -> None:
    WAY.set(Way(written_at_ms=77))
    try:
        assert Traces().headers is None
        assert Traces(1.0, TracerProvider(shutdown_on_exit=False)).headers == {ENVELOPE_HEADER: b"77"}
    finally:
        WAY.set(Way())


def test_an_alert_is_logged_with_the_id_of_its_trace_followed_or_not(caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.INFO):
        told(alert("c1"), ratio=0.0)
    (line,) = [line for line in lines if line["event"] == "alert opened"]
    assert (line["campaign"], line["trace_id"]) == ("c1", trace_id("c1"))


def test_without_an_address_nothing_of_opentelemetry_is_loaded() -> None:
    program = (
        "import sys; from streams.settings import load_settings; from streams.tracing import make_traces;"
        "t = make_traces(load_settings({})); t.close(); assert t.headers is None;"
        "sys.exit(any('opentelemetry.sdk' in name for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_a_collector_that_is_away_holds_nobody_up() -> None:
    traces = make_traces(load_settings({"traces_url": "http://127.0.0.1:9/v1/traces", "traces_ratio": 1.0}))
    publisher = Publisher(
        Topics(), TopicNames(*TopicNames._fields), MemoryStore(), AllDelivered(), Metrics(), traces=traces
    )
    asyncio.run(asyncio.wait_for(publisher.publish([alert(f"c{number}") for number in range(200)]), 2))
    traces.close()
