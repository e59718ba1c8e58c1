"""`shoal stress` on a real Kafka: thresholds that hold, thresholds that do not, topics that are gone after."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient

from evaluation.kafka_corner import Corner
from streams.exits import Exit

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(240)]


def stress(environment: dict[str, str], *arguments: str) -> tuple[int, dict[str, Any], str]:
    """(exit code, the line of JSON, what was told to people)."""
    command = [sys.executable, "-c", "from streams.cli import main; main()", "stress", *arguments]
    variables = {**os.environ, **environment, "COLUMNS": "200"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=200)
    print(done.stdout, done.stderr)
    (line,) = done.stdout.splitlines()
    return done.returncode, json.loads(line), done.stderr


def topics_at(bootstrap: str) -> set[str]:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        return {topic for topic in admin.list_topics() if not topic.startswith("__")}
    finally:
        admin.close()


def test_thresholds_that_hold(kafka_bootstrap: str, tmp_path: Path) -> None:
    environment = {"SHOAL_BOOTSTRAP": kafka_bootstrap, "SHOAL_SHARDS": "2", "SHOAL_LIKES_PARTITIONS": "2"}
    file = tmp_path / "figures.json"
    before = topics_at(kafka_bootstrap)
    thresholds = ("--threshold-p99", "60", "--threshold-alert-p99", "60", "--threshold-loss", "0")
    code, told, words = stress(environment, "--rate", "150", "--duration", "10", *thresholds, "--json", str(file))
    assert code == Exit.OK
    assert told["sent"] == told["confirmed"] == told["found"] == told["processed"] == 1_500
    assert told["lost"] == told["late"] == told["dead_letters"] == 0
    assert told["alerts_seen"] == told["alerts_expected"] > 0
    assert 0 < told["delay"]["p50_s"] <= told["delay"]["p99_s"] <= told["delay"]["max_s"] < 60
    assert "99 of 100 within" in words
    assert json.loads(file.read_text()) == told
    assert topics_at(kafka_bootstrap) == before


def test_thresholds_that_are_broken(kafka_bootstrap: str, tmp_path: Path) -> None:
    """Nobody reads the topics: everything is late for ever, and lost."""
    with Corner(kafka_bootstrap, tmp_path) as corner:
        thresholds = ("--threshold-p99", "5", "--threshold-loss", "0")
        timing = ("--rate", "150", "--duration", "5", "--settle", "2")
        code, told, words = stress(corner.environment, "--configured", *timing, *thresholds)
        assert code == Exit.THRESHOLD
        assert told["confirmed"] == told["lost"] == told["sent"] == 750
        assert told["processed"] == 0
        assert told["loss"] == 1.0
        assert len(told["broken"]) == 2
        assert "Broken: 99 of 100 events are processed within never, not 5 s." in words
        assert "750 events" in words
