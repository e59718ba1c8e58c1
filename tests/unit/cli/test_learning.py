"""`shoal labels`, `precision`, `allow`, `shadow` and `operators`, as processes."""

import json
import re
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from models.codec import encode_line
from models.events import Like, LikeAction
from streams.store.engine import make_engine
from streams.store.migrate import migrate_engine
from streams.store.shadow import ShadowStore
from streams.store.sql import SqlStore
from tests.unit.cli.processes import shoal
from tests.unit.console.decisions.cases import NOW_MS, case, outbox


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/s.db"
    engine = make_engine(url)
    migrate_engine(engine)
    SqlStore(engine).put([msgspec.structs.replace(case(name), operator="c1") for name in ("c1", "c2")])
    ShadowStore(engine, "new").put([msgspec.structs.replace(case("s1"), accounts=["x", "y", "z"])])
    decide(engine, Order("c1", Action.CONFIRM, "ann", 1, 0), NOW_MS)
    decide(engine, Order("c2", Action.WATCH, "bo", 1, 0, text="same printer"), NOW_MS)
    engine.dispose()
    return url


def test_labels_go_to_standard_output_or_a_file(store: str, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in shoal("labels", store=store).stdout.splitlines()]
    assert [(line["campaign"], line["decision"]) for line in lines] == [("c1", "confirmed"), ("c2", "watched")]
    told = tmp_path / "l.parquet"
    done = shoal("labels", "--format", "parquet", "--no-accounts", "-o", str(told), store=store)
    assert done.returncode == 0, done.stderr
    assert [row["accounts"] for row in pq.read_table(told).to_pylist()] == [[], []]
    assert shoal("labels", "--format", "parquet", store=store).returncode == 2
    assert shoal("labels", "--format", "csv", store=store).stdout.startswith("campaign,revision,decision,")


def test_precision_is_printed_by_group(store: str) -> None:
    told = shoal("precision", store=store).stdout
    assert re.search(r"configuration .*precision", told)
    assert re.search(r"cfg +1 +0 +too few", told)


def test_the_allow_list_is_changed_and_told_to_the_worker(store: str) -> None:
    added = shoal("allow", "add", "account", "u-1", "--reason", "staff", "--as", "lead-2", store=store)
    assert added.returncode == 0, added.stderr
    entry = added.stdout.split(":")[0]
    assert f"{entry}  account u-1" in shoal("allow", "list", store=store).stdout
    again = shoal("allow", "add", "account", "u-1", "--reason", "staff", "--as", "lead-2", store=store)
    assert again.returncode != 0
    assert "on the list already" in again.stderr
    assert "Traceback" not in again.stderr
    assert shoal("allow", "remove", entry, "--as", "lead-3", store=store).returncode == 0
    assert "The list is empty." in shoal("allow", "list", store=store).stderr
    log = shoal("allow", "log", store=store).stdout
    assert "lead-3  remove" in log
    engine = make_engine(store)
    assert [verdict.decision.value for verdict in outbox(engine)][-2:] == ["allow", "undo"]
    engine.dispose()


def test_shadows_are_compared_and_forgotten(store: str) -> None:
    told = shoal("shadow", "compare", "new", store=store).stdout
    assert "raised by one: 2 only live, 1 only by the shadow" in told
    assert "live cases: 1 confirmed, 0 dismissed" in told
    assert shoal("shadow", "compare", "other", store=store).returncode == 2
    assert "1 cases removed" in shoal("shadow", "forget", "new", store=store).stdout
    assert "no shadow" in shoal("shadow", "list", store=store).stdout


def test_a_replay_can_be_a_shadow(store: str, tmp_path: Path) -> None:
    events = tmp_path / "e.jsonl"
    events.write_bytes(encode_line(Like("a", "t", LikeAction.LIKE, NOW_MS - 10**11)) + b"\n")
    refused = shoal("replay", str(events), "--shadow", "new", store=store)
    assert (refused.returncode, "--shadow needs --store" in refused.stderr) == (2, True)
    assert shoal("replay", str(events), "--store", store, "--shadow", "no name", store=store).returncode == 2
    assert shoal("replay", str(events), "--store", store, "--shadow", "new", store=store).returncode == 0


def test_operators_and_the_watch_list_are_printed(store: str) -> None:
    assert "c1  2 cases" in shoal("operators", store=store).stdout
    page = shoal("operators", "c1", store=store).stdout
    assert "3 accounts came back" in page
    assert "in 2 cases: c1, c2" in page
    assert "bo: same printer" in shoal("operators", "--watched", store=store).stdout
    assert shoal("operators", "nobody", store=store).returncode == 2
