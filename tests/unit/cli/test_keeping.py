"""`--store` of replay and demo keeps what the run told, readable by the other commands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.codec import decode_alert, encode_line
from streams.store.open import open_store


def shoal(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from streams.cli import main; main()", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)


@pytest.mark.slow
def test_replay_keeps_every_revision_and_explain_reads_it(tmp_path: Path, database_url: str) -> None:
    from evaluation.simulator.scenario import simulate
    from evaluation.simulator.scenarios.demo import DEMO

    events = tmp_path / "events.jsonl"
    with events.open("wb") as file:
        file.writelines(encode_line(event) + b"\n" for event in simulate(DEMO, 3).events[:60_000])
    told = tmp_path / "alerts.jsonl"
    for _ in range(2):  # the second time nothing is new
        done = shoal("replay", str(events), "--alerts", str(told), "--store", database_url)
        assert done.returncode == 0, done.stderr
    alerts = [decode_alert(line) for line in told.read_bytes().splitlines()]
    assert alerts
    store = open_store(database_url)
    for campaign in {alert.campaign for alert in alerts}:
        assert store.revisions(campaign) == [alert for alert in alerts if alert.campaign == campaign]
    store.close()
    explained = shoal("explain", alerts[-1].campaign, "--store", database_url)
    assert explained.returncode == 0, explained.stderr
    assert alerts[-1].campaign in explained.stdout


@pytest.mark.slow
def test_demo_keeps_its_cases(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/demo.db"
    done = shoal("demo", "--brief", "--store", url)
    assert done.returncode == 0, done.stderr
    store = open_store(url)
    assert [case for case in store.newest() if f"[{case.campaign}" in done.stdout]
    store.close()
