"""The commands that talk to a broker, as a user types them."""

import sys
import uuid

import pytest

from streams.cli import main
from streams.settings import load_settings
from streams.topics import specs

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]


@pytest.fixture
def own_topics(kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> str:
    name = uuid.uuid4().hex[:8]
    values = {
        "BOOTSTRAP": kafka_bootstrap,
        "PREFIX": f"{name}.shoal.",
        "POSTS_TOPIC": f"{name}.posts",
        "LIKES_TOPIC": f"{name}.likes",
        "ACCOUNTS_TOPIC": f"{name}.accounts",
        "TRENDS_TOPIC": f"{name}.trends",
    }
    for key, value in values.items():
        monkeypatch.setenv(f"SHOAL_{key}", value)
    return name


def shoal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["shoal", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_topics_are_missing_then_made_then_checked(
    own_topics: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shoal(monkeypatch, "topics", "check") == 1
    assert "run `shoal topics create`" in capsys.readouterr().err
    assert shoal(monkeypatch, "topics", "create") == 0
    made = capsys.readouterr().out
    assert all(f"created {spec.name}" in made for spec in specs(load_settings()))
    assert shoal(monkeypatch, "topics", "create") == 0
    assert "created" not in capsys.readouterr().out
    assert shoal(monkeypatch, "topics", "check") == 0

    monkeypatch.setenv("SHOAL_LIKES_PARTITIONS", "7")
    assert shoal(monkeypatch, "topics", "check") == 1
    assert f"{own_topics}.likes has 4 partitions, the settings say 7" in capsys.readouterr().err


def test_produce_sends_a_file(
    own_topics: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    assert shoal(monkeypatch, "topics", "create") == 0
    file = f"{tmp_path}/extract.jsonl"
    assert shoal(monkeypatch, "simulate", "army-extract", "-o", file) == 0
    capsys.readouterr()
    assert shoal(monkeypatch, "produce", file, "--rate", "100000") == 0
    told = capsys.readouterr().err
    assert f"to {own_topics}.likes" in told
    assert f"to {own_topics}.accounts" in told
