"""The worker's pages for machines: what they answer in each state, in words."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner

from streams.cli.app import app
from streams.health import REASONS, Facts, Health
from streams.metrics import Metrics
from streams.store.memory import MemoryStore
from streams.web import Site

NOW_S = 1_000.0
GOOD = Facts(lag=0, progress_at_s=NOW_S, broker_at_s=NOW_S, rebalancing=False, warm=True, partitions=3)
STUCK = GOOD._replace(lag=40, progress_at_s=NOW_S - 121)


def asked(facts: Facts | None, page: str, store_failing: bool = False) -> tuple[int, Any]:
    health = Health(stalled_after_s=120, broker_silent_s=8, clock=lambda: NOW_S)
    health.facts = facts
    health.store_failing(store_failing)

    async def work() -> tuple[int, Any]:
        site = Site("127.0.0.1", 0, Metrics(), health, MemoryStore())
        await site.on_start()
        try:
            host, port = site._runner.addresses[0][:2]
            async with ClientSession() as session, session.get(f"http://{host}:{port}{page}") as answer:
                text = await answer.text()
                return answer.status, json.loads(text) if answer.content_type == "application/json" else text
        finally:
            await site.on_stop()

    return asyncio.run(work())


@pytest.mark.parametrize(
    ("facts", "store_failing", "reasons"),
    [
        (GOOD, False, []),
        (None, False, ["starting"]),
        (GOOD._replace(broker_at_s=NOW_S - 9), False, ["broker away"]),
        (GOOD._replace(rebalancing=True), False, ["rebalancing"]),
        (GOOD._replace(partitions=0), False, ["no partitions"]),
        (GOOD._replace(warm=False), False, ["loading"]),
        (GOOD, True, ["store failing"]),
        (GOOD._replace(rebalancing=True, warm=False), True, ["rebalancing", "loading", "store failing"]),
    ],
)
def test_ready_says_in_words_why_not(facts: Facts | None, store_failing: bool, reasons: list[str]) -> None:
    assert asked(facts, "/-/ready", store_failing) == (503 if reasons else 200, {"ok": not reasons, "reasons": reasons})
    assert set(reasons) <= set(REASONS)


def test_alive_fails_only_if_messages_wait_and_nothing_moves() -> None:
    status, told = asked(STUCK, "/-/healthy")
    assert status == 503
    assert told == {"ok": False, "reasons": ["40 messages wait and no offset moved for 121 s"]}
    for fine in (None, GOOD, STUCK._replace(lag=0), STUCK._replace(progress_at_s=NOW_S - 119)):
        assert asked(fine, "/-/healthy") == (200, {"ok": True, "reasons": []})


def test_a_worker_that_waits_for_what_is_away_is_alive_and_not_ready() -> None:
    away = STUCK._replace(broker_at_s=NOW_S - 9)
    assert asked(away, "/-/healthy")[0] == 200
    assert asked(away, "/-/ready")[0] == 503
    assert asked(STUCK, "/-/healthy", store_failing=True)[0] == 200
    assert asked(STUCK, "/-/ready", store_failing=True)[0] == 503


def test_metrics_are_text_and_alive_while_starting() -> None:
    status, text = asked(None, "/metrics")
    assert status == 200
    assert "# TYPE shoal_lag_seconds gauge" in text


def test_the_command_tells_what_the_page_tells(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["healthy", "--ready", "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 1
    assert "nothing answers" in result.output
