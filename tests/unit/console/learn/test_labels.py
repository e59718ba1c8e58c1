"""Labels and precision: what is decided, of which revision, and with how much confidence."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.read import status_of
from console.learn.features import FeatureCache
from console.learn.labels import as_csv, as_jsonl, labels, write_parquet
from console.learn.precision import FEW, Precision, precision, week_of, wilson
from models.alerts import Alert, Evidence
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import DAY_MS, NOW_MS, case


def with_items(campaign: str, items: dict[str, float], revision: int = 1, accounts: int = 3) -> Alert:
    told = [Evidence(name, 1.0, "told", points=points, counted=points) for name, points in items.items()]
    return msgspec.structs.replace(case(campaign, revision, accounts), inauthenticity=told)


def order(engine: Engine, campaign: str, action: Action, reason: str = "", at_ms: int = NOW_MS, **more: object) -> None:
    seen = status_of(engine, campaign).last_number
    revision = SqlStore(engine).revisions(campaign)[-1].revision
    decide(engine, Order(campaign, action, "m-1", revision, seen, reason, **more), at_ms)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def decided(engine: Engine) -> Engine:
    SqlStore(engine).put([with_items(f"c{n}", {"tempo": 1.0, "churn": 2.0 if n % 2 else 0.0}) for n in range(6)])
    order(engine, "c0", Action.CONFIRM, accounts_left_out=("a1",))
    order(engine, "c1", Action.DISMISS, "fans", NOW_MS + DAY_MS)
    order(engine, "c2", Action.WATCH)
    order(engine, "c3", Action.CONFIRM)
    order(engine, "c3", Action.UNDO)
    order(engine, "c5", Action.DISMISS, "petition")
    return engine


def test_every_standing_decision_is_a_label_of_the_revision_that_was_decided_on(decided: Engine) -> None:
    SqlStore(decided).put([with_items("c0", {"pulse": 2.0}, revision=2, accounts=9)])
    found = {label.campaign: label for label in labels(decided)}
    assert {name: label.decision for name, label in found.items()} == {
        "c0": "confirmed", "c1": "dismissed", "c2": "watched", "c5": "dismissed",
    }  # fmt: skip
    first = found["c0"]
    assert (first.revision, first.accounts, first.accounts_left_out) == (1, ("a0", "a2"), ("a1",))
    assert (first.features, first.configuration) == ({"tempo": 1.0}, "cfg")
    assert found["c1"].reason == "fans"
    assert found["c1"].features == {"tempo": 1.0, "churn": 2.0}
    assert [label.campaign for label in labels(decided, since_ms=NOW_MS + DAY_MS)] == ["c1"]
    assert all(not label.accounts for label in labels(decided, with_accounts=False))


def test_all_three_formats_say_the_same(decided: Engine, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in b"".join(as_jsonl(labels(decided))).splitlines()]
    rows = list(csv.DictReader(io.StringIO(b"".join(as_csv(labels(decided))).decode())))
    assert write_parquet(labels(decided), tmp_path / "l.parquet") == len(lines) == 4
    table = pq.read_table(tmp_path / "l.parquet").to_pylist()
    for line, row, cells in zip(lines, rows, table, strict=True):
        assert line["campaign"] == row["campaign"] == cells["campaign"]
        assert line["accounts"] == json.loads(row["accounts"]) == cells["accounts"]
        assert line["features"] == json.loads(row["features"]) == dict(cells["features"])


def test_a_text_is_no_formula_in_a_spreadsheet(engine: Engine) -> None:
    SqlStore(engine).put([msgspec.structs.replace(case("=1+1"), configuration="@x")])
    order(engine, "=1+1", Action.CONFIRM)
    (row,) = csv.DictReader(io.StringIO(b"".join(as_csv(labels(engine))).decode()))
    assert (row["campaign"], row["configuration"], row["p_log10"]) == ("'=1+1", "'@x", "-20.0")


def row(rows: Sequence[Precision], name: str) -> Precision:
    return next(each for each in rows if each.name == name)


def test_precision_counts_each_case_once_a_row_and_says_too_few(decided: Engine) -> None:
    found = precision(decided, FeatureCache())
    tempo = row(found["item"], "tempo")
    assert (tempo.confirmed, tempo.dismissed, tempo.share) == (1, 2, None)
    assert tempo.reasons == {"fans": 1, "petition": 1}
    churn = row(found["item"], "churn")
    assert (churn.confirmed, churn.dismissed) == (0, 2)
    assert [(each.name, each.decided) for each in found["week"]] == [(week_of(NOW_MS), 3)]
    assert row(found["layer"], "family").decided == row(found["configuration"], "cfg").decided == 3


def test_from_ten_decisions_on_there_is_a_share(engine: Engine) -> None:
    SqlStore(engine).put([with_items(f"c{n}", {"tempo": 1.0}) for n in range(FEW)])
    for n in range(FEW):
        order(engine, f"c{n}", Action.DISMISS if n < 2 else Action.CONFIRM, "fans" if n < 2 else "")
    tempo = row(precision(engine, FeatureCache())["item"], "tempo")
    assert tempo.share == 0.8
    assert (round(tempo.low, 3), round(tempo.high, 3)) == (0.490, 0.943)  # as in Wilson's table for 8 of 10


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilsons_interval_holds_the_share_and_narrows(counts: tuple[int, int]) -> None:
    hits, of = counts
    low, high = wilson(hits, of)
    assert 0.0 <= low <= hits / of + 1e-12
    assert hits / of - 1e-12 <= high <= 1.0
    wider = wilson(hits * 4, of * 4)
    assert wider[1] - wider[0] < high - low
