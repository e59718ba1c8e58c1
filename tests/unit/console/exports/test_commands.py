"""`shoal export` and `shoal audit exports`."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.exports.commands import MANY, ONE, _chosen
from models.codec import encode_alert
from models.example_answers import ALERT
from streams.cli.app import app
from streams.cli.errors import UserError
from streams.exports.formats import CaseFormat
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/s.db"
    engine = make_engine(url)
    migrate_engine(engine)
    SqlStore(engine).put([case("c1"), case("c2")])
    decide(engine, Order("c1", Action.CONFIRM, "m-1", 1, 0, accounts_left_out=("a1",)), NOW_MS)
    engine.dispose()
    return url


def run(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.mark.parametrize("form", CaseFormat)
def test_a_case_of_a_file_in_every_format(tmp_path: Path, form: CaseFormat) -> None:
    alerts, out = tmp_path / "a.jsonl", tmp_path / "out"
    alerts.write_bytes(encode_alert(ALERT) + b"\n")
    made = run("export", "1c9f", "--alerts", alerts, "--format", form, "-o", out)
    assert made.exit_code == 0, made.output
    assert "10 accounts and 3 targets" in made.output
    assert out.stat().st_size > 60


def test_a_case_of_the_store_has_its_decision_and_is_logged(url: str, tmp_path: Path) -> None:
    out = tmp_path / "accounts.csv"
    assert run("export", "c1", "--format", "accounts.csv", "-o", out, "--store", url).exit_code == 0
    with out.open(newline="") as file:
        assert {row["account"]: row["left_out"] for row in csv.DictReader(file)}["a1"] == "true"
    event = tmp_path / "event.json"
    run("export", "c1", "--format", "misp.json", "-o", event, "--store", url)
    assert json.loads(event.read_text())["Event"]["analysis"] == "2"
    told = run("audit", "exports", "--store", url).output.splitlines()
    assert [line.split("  ")[2] for line in told] == ["misp.json: c1", "accounts.csv: c1"]
    assert all("shell:" in line and "(1 case, 3 accounts)" in line for line in told)


def test_many_by_filters(url: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "1 case " in run("export", "--status", "confirmed", "--format", "parquet", "-o", out, "--store", url).output
    assert pq.read_table(out).column("campaign").to_pylist() == ["c1"]
    assert "2 cases" in run("export", "-o", out, "--store", url).output
    assert len(out.read_text().splitlines()) == 3
    assert "csv: all cases" in run("audit", "exports", "--limit", "1", "--store", url).output


def test_nothing_exported_yet(url: str) -> None:
    assert "Nothing was exported yet." in run("audit", "exports", "--store", url).output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["c1", "--format", "parquet"], "no format of one case"),
        (["--format", "gexf"], "name a CAMPAIGN"),
        (["c1", "--status", "open"], "not both"),
        (["--alerts", "x.jsonl"], "name the CAMPAIGN"),
    ],
)
def test_mistakes_are_told(url: str, tmp_path: Path, words: list[str], told: str) -> None:
    made = run("export", *words, "-o", tmp_path / "out", "--store", url)
    assert made.exit_code != 0
    assert told in str(made.exception)
    assert not (tmp_path / "out").exists()


def test_labels_with_accounts_are_logged(url: str, tmp_path: Path) -> None:
    assert run("labels", "--no-accounts", "-o", tmp_path / "l.jsonl", "--store", url).exit_code == 0
    assert "Nothing was exported yet." in run("audit", "exports", "--store", url).output
    assert run("labels", "--format", "parquet", "-o", tmp_path / "l.parquet", "--store", url).exit_code == 0
    assert "labels.parquet: all cases  (1 case, 3 accounts)" in run("audit", "exports", "--store", url).output


@pytest.mark.parametrize(
    ("name", "known", "form"),
    [
        ("case.graphml", ONE, "graphml"),
        ("case.json", ONE, "json"),
        ("case.misp.json", ONE, "misp.json"),
        ("48c9.Accounts.CSV", ONE, "accounts.csv"),
        ("accounts.csv", ONE, "accounts.csv"),
        ("case", ONE, "usual"),
        ("cases.parquet", MANY, "parquet"),
        ("cases.jsonl", MANY, "jsonl"),
        ("cases.alerts.jsonl", MANY, "alerts.jsonl"),
    ],
)
def test_the_name_of_the_file_tells_the_format(name: str, known: list[str], form: str) -> None:
    assert _chosen(None, known, "usual", Path(name)) == form
    assert _chosen(known[0], known, "usual", Path(name)) == known[0]


@pytest.mark.parametrize(("name", "known"), [("case.pdf", ONE), ("case.csv", ONE), ("cases.graphml", MANY)])
def test_a_name_that_tells_no_format_is_asked_about(name: str, known: list[str]) -> None:
    with pytest.raises(UserError, match=rf"{name} does not tell the format: end it in one of {known[0]}"):
        _chosen(None, known, "usual", Path(name))
