"""docs/exports.md names the formats, columns, attributes and techniques that there are, and no others."""

import re
from pathlib import Path

import pytest
from msgspec import Struct

from console.exports.cases import ALERTS_MAX, CASES_MAX, CaseRow, CasesFormat
from models.example_answers import ALERT
from streams.exports.disarm import TECHNIQUES
from streams.exports.flat import FORMULA, columns_of
from streams.exports.formats import ACCOUNTS_MAX, CaseFormat
from streams.exports.graph import graph_of
from streams.exports.misp import TARGETS_MAX
from streams.exports.rows import TARGETS_NAMED_MAX, AccountRow, ActionRow, TextRow

TEXT = (Path(__file__).parents[4] / "docs" / "exports.md").read_text(encoding="utf-8")


def first_cells(after: str) -> list[list[str]]:
    """Words in backticks of the first column of the table that follows `after`."""
    table = TEXT.split(after, 1)[1].lstrip("\n")
    lines = table.split("\n\n", 1)[0].splitlines()[2:]
    return [re.findall(r"`([^`]+)`", line.split("|")[1]) for line in lines]


def flat(cells: list[list[str]]) -> list[str]:
    return [word for row in cells for word in row]


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("`accounts`:\n", AccountRow),
        ("`actions`:\n", ActionRow),
        ("`texts`:\n", TextRow),
        ("`cases` (the list):\n", CaseRow),
    ],
)
def test_the_columns_of_each_table(named: str, kind: type[Struct]) -> None:
    assert flat(first_cells(named)) == list(columns_of(kind))


def test_the_formats() -> None:
    assert flat(first_cells("format=csv&status=confirmed'\n```\n")) == list(CaseFormat)
    assert flat(first_cells("with DISARM techniques |\n")) == list(CasesFormat)


def test_the_attributes_of_graphs() -> None:
    lines = TEXT.split("`target:<layer>:<id>`.\n\n")[1].split("\n\n")[0].splitlines()[2:]
    told: dict[str, set[str]] = {"node": set(), "edge": set()}
    for line in lines:
        _, what, names, *_ = line.split("|")
        told[what.strip()].update(re.findall(r"`(\w+)`", names))
    graph = graph_of(ALERT)
    of_node = {name for _, data in graph.nodes(data=True) for name in data}
    of_edge = {name for *_, data in graph.edges(data=True) for name in data}
    assert told == {"node": of_node, "edge": of_edge}


def test_the_techniques() -> None:
    table = TEXT.split("| technique | shown by |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
    told = [(line.split("|")[1].strip(), set(re.findall(r"`(\w+)`", line.split("|")[2]))) for line in table]
    assert told == [(f"{each.number} {each.name}", set(each.items)) for each in TECHNIQUES]


def test_the_limits_and_the_beginnings_of_formulas() -> None:
    assert f"{ACCOUNTS_MAX:,} accounts of a case, {CASES_MAX:,} cases of a list, {ALERTS_MAX:,} of" in TEXT
    assert f"the busiest first, at most {TARGETS_NAMED_MAX}" in TEXT
    assert f"except families; at most {TARGETS_MAX}" in TEXT
    assert all(f"`{each}`" in TEXT for each in FORMULA if each in "=+-@")
