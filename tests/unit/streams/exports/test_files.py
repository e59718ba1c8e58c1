"""Every exported file is read back by a reader that is not ours, whatever the texts are."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import msgspec
import networkx as nx
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from msgspec import Struct

from models.alerts import Alert
from models.codec import decode_alert
from models.example_answers import ALERT
from streams.exports.flat import FORMULA, as_csv, columns_of
from streams.exports.formats import ACCOUNTS_MAX, FORMS, CaseFormat, TooLarge, file_name, write
from streams.exports.graph import clean
from streams.exports.rows import (
    AccountRow,
    ActionRow,
    Judgement,
    TextRow,
    accounts,
    actions,
    iso,
    texts,
)
from tests.unit.streams.exports.strategies import TEXT, alerts

FLAT = {"accounts": (AccountRow, accounts), "actions": (ActionRow, actions), "texts": (TextRow, texts)}


def whole(alert: Alert, form: str, judgement: Judgement | None = None) -> bytes:
    return b"".join(write(alert, CaseFormat(form), judgement or Judgement()))


def from_csv(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode(), newline="")))


@settings(deadline=None)
@given(alerts())
def test_json_is_the_alert_as_published(alert: Alert) -> None:
    assert decode_alert(whole(alert, "json")) == alert
    assert json.loads(whole(alert, "json"))["accounts"] == alert.accounts


@pytest.mark.parametrize("what", FLAT)
@settings(deadline=None)
@given(alert=alerts())
def test_csv_and_parquet_hold_the_same_rows(what: str, alert: Alert) -> None:
    kind, rows = FLAT[what]
    expected = [json.loads(msgspec.json.encode(row)) for row in rows(alert)]
    assert pq.read_table(io.BytesIO(whole(alert, f"{what}.parquet"))).to_pylist() == expected
    found = from_csv(whole(alert, f"{what}.csv"))
    assert len(found) == len(expected)
    for cells, row in zip(found, expected, strict=True):
        assert tuple(cells) == columns_of(kind)
        for name, value in row.items():
            assert same(cells[name], value), (name, cells[name], value)


def same(cell: str, value: object) -> bool:
    if value is None:
        return cell == ""
    if isinstance(value, list):
        return bool(json.loads(cell) == value)
    if isinstance(value, str):
        return cell == (f"'{value}" if value.startswith(FORMULA) else value)
    return bool(json.loads(cell) == value)


class Line(Struct):
    text: str
    number: int


@given(TEXT)
def test_no_cell_of_text_is_a_formula_and_no_number_is_a_text(text: str) -> None:
    header, row = csv.reader(io.StringIO(b"".join(as_csv([Line(text, -5)], Line)).decode(), newline=""))
    assert header == ["text", "number"]
    assert not row[0].startswith(FORMULA)
    assert row[0] in (text, f"'{text}")
    assert row[1] == "-5"


@settings(deadline=None)
@given(alerts())
def test_graphml_is_read_by_networkx_with_every_time(alert: Alert) -> None:
    raw = whole(alert, "graphml")
    ET.fromstring(raw)  # noqa: S314  # made a line above
    graph = nx.read_graphml(io.BytesIO(raw))
    check_nodes(alert, graph)
    for one, other, tie in graph.edges(data=True):
        times = times_of(alert, one, other)
        assert tie["times_ms"] == " ".join(map(str, times))
        assert (tie["first_ms"], tie["last_ms"], tie["count"]) == (times[0], times[-1], len(times))
        assert (tie["first"], tie["last"]) == (iso(times[0]), iso(times[-1]))


@settings(deadline=None)
@given(alerts())
def test_gexf_is_read_by_networkx_with_a_spell_for_every_action(alert: Alert) -> None:
    raw = whole(alert, "gexf")
    ET.fromstring(raw)  # noqa: S314  # made a line above
    graph = nx.read_gexf(io.BytesIO(raw))
    check_nodes(alert, graph)
    acted: dict[str, list[int]] = {}
    for one, other, tie in graph.edges(data=True):
        times = times_of(alert, one, other)
        assert tie["spells"] == [(time, time) for time in times]
        for end in (one, other):
            acted.setdefault(end, []).extend(times)
    for name, data in graph.nodes(data=True):
        times = acted.get(name, [])
        assert data.get("spells", []) == ([(min(times), max(times))] if times else [])


def check_nodes(alert: Alert, graph: "nx.Graph[str]") -> None:
    people = {clean(f"account:{account}"): "account" for account in alert.accounts}
    targets = {clean(f"target:{each.layer}:{each.target}"): each.layer for each in alert.targets}
    assert {name: data["kind"] for name, data in graph.nodes(data=True)} == people | targets
    assert len(people) == len(alert.accounts)
    assert graph.number_of_edges() == len({link[:2] for link in alert.links})


def times_of(alert: Alert, one: str, other: str) -> list[int]:
    account, target = (one, other) if one.startswith("account:") else (other, one)
    return sorted(
        time_ms
        for at, to, time_ms in alert.links
        if clean(f"account:{alert.accounts[at]}") == account
        and clean(f"target:{alert.targets[to].layer}:{alert.targets[to].target}") == target
    )


def test_gephi_finds_what_it_needs_to_play_the_times() -> None:
    root = ET.fromstring(whole(ALERT, "gexf"))  # noqa: S314  # made here
    space = {"g": "http://www.gexf.net/1.2draft"}
    graph = root.find("g:graph", space)
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "double")
    spells = graph.findall("g:edges/g:edge/g:spells/g:spell", space)
    assert sorted(float(each.get("start", "")) for each in spells) == [float(time) for _, _, time in ALERT.links]


@given(TEXT, TEXT)
def test_cleaned_texts_fit_xml_and_stay_apart(one: str, other: str) -> None:
    assert (clean(one) == clean(other)) is (one == other)
    ET.fromstring(f"<a>{clean(one).replace('&', '').replace('<', '').replace(']]>', '')}</a>")  # noqa: S314  # ours


def test_what_was_left_out_is_said() -> None:
    judged = Judgement("confirmed", frozenset({ALERT.accounts[1]}))
    rows = from_csv(whole(ALERT, "accounts.csv", judged))
    assert [row["account"] for row in rows if row["left_out"] == "true"] == [ALERT.accounts[1]]
    assert {row["actions"] for row in rows} == {"3"}
    assert json.loads(rows[0]["proof"]) == [each.act for each in ALERT.proof if each.account == ALERT.accounts[0]]


@pytest.mark.parametrize("form", CaseFormat)
def test_a_case_that_is_too_large_is_refused_before_there_is_a_file(form: CaseFormat) -> None:
    large = msgspec.structs.replace(ALERT, accounts=[str(number) for number in range(ACCOUNTS_MAX + 1)])
    with pytest.raises(TooLarge, match="50,001 accounts"):
        write(large, form)


@pytest.mark.parametrize("form", CaseFormat)
def test_names_of_files_are_safe(form: CaseFormat) -> None:
    odd = msgspec.structs.replace(ALERT, campaign='../a"\r\n;é')
    assert file_name(odd, form) == f"shoal-a-1.{form.value}"
    assert file_name(ALERT, form) == f"shoal-1c9fc152d5a8fda1-1.{form.value}"
    assert set(FORMS) == set(CaseFormat)
