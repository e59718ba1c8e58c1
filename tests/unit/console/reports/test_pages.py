"""The report as page, CSV, PDF, JSON and on the command line: the same counts, no account, no text."""

import csv
import io
import json
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.reports.counts import COLUMNS
from console.security.roles import Role
from models.alerts import FamilySummary
from streams.cli.app import app as command
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.visitors import Visit

SECRET = "secret-account"  # noqa: S105  # an account of these tests
RANGE = "from=2027-01-04&to=2027-01-15"


@pytest.fixture
def filled(app: FastAPI) -> FastAPI:
    """Eight cases decided in the week of the clock: six confirmed, two dismissed."""
    for number in range(8):
        told = case(f"p{number}", accounts=5, headline=f"5 accounts followed {SECRET}")
        told = msgspec.structs.replace(
            told, accounts=[SECRET, *told.accounts[1:]], families=[FamilySummary("f", 1_000, 0.9, (SECRET,))]
        )
        SqlStore(app.state.engine).put([told])
        action, reason = (Action.CONFIRM, "") if number < 6 else (Action.DISMISS, "fans")
        decide(app.state.engine, Order(f"p{number}", action, "ann", 1, 0, reason, text=SECRET), NOW_MS)
    return app


def test_the_page_tells_counts_and_what_they_count(visit: Visit, filled: FastAPI) -> None:
    page = visit(Role.VIEWER).get(f"/reports/transparency?{RANGE}").text
    assert "6,000" in page
    assert "&lt;5" in page
    assert page.index('<th scope="row">2027-W02') < page.index('<th scope="row">2027-W01')  # newest first
    assert "nobody confirmed is in no count of campaigns" in page
    assert page.count("<rect") == 6
    assert SECRET not in page


def test_a_range_that_cannot_be_meant_is_told_on_the_page(visit: Visit) -> None:
    answer = visit(Role.VIEWER).get("/reports/transparency?from=2027-01-15&to=2026-01-15")
    assert answer.status_code == 422
    assert "the first must come before the last" in answer.text
    assert "2027-W02" in answer.text
    api = visit(Role.VIEWER).get("/api/v1/reports/transparency?from=2027-01-15&to=2026-01-15")
    assert (api.status_code, api.headers["content-type"]) == (422, "application/problem+json")


def test_csv_has_a_line_a_week_and_the_total(visit: Visit, filled: FastAPI) -> None:
    answer = visit(Role.VIEWER).get(f"/reports/transparency.csv?{RANGE}")
    assert answer.headers["content-disposition"] == 'attachment; filename="transparency-2027-W01-2027-W02.csv"'
    first, second, total = csv.DictReader(io.StringIO(answer.text))
    assert (first["week"], first["monday"], *(first[name] for name in COLUMNS)) == (
        "2027-W01", "2027-01-04", *["0"] * len(COLUMNS),
    )  # fmt: skip
    assert (second["campaigns"], second["accounts"], second["posts"], second["dismissed"], second["precision"]) == (
        "6", "30", "6000", "<5", "",
    )  # fmt: skip
    assert (total["week"], total["decisions"], total["dismissed"]) == ("total", "8", ">=0")
    assert SECRET not in answer.text


def test_json_tells_the_same(visit: Visit, filled: FastAPI) -> None:
    told = visit(Role.VIEWER).get(f"/api/v1/reports/transparency?{RANGE}").json()
    first, second = told["weeks"]
    assert {first[name] for name in COLUMNS} == {0}
    assert (second["week"], second["campaigns"], second["dismissed"], second["ended"]) == ("2027-W02", 6, None, False)
    assert (told["total"]["at_least"], told["count_min"]) == (["dismissed"], 5)
    assert SECRET not in json.dumps(told)


@pytest.mark.parametrize(("language", "word"), [("en", "Campaigns"), ("zh", "透明度报告")])
def test_the_pdf_can_be_read_in_both_languages(visit: Visit, filled: FastAPI, language: str, word: str) -> None:
    viewer = visit(Role.VIEWER)
    viewer.cookies.set("language", language)
    answer = viewer.get(f"/reports/transparency.pdf?{RANGE}")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    assert word in text
    assert "6,000" in text
    assert "<5" in text
    assert SECRET not in text
    assert "\ufffd" not in text
    again = viewer.get(f"/reports/transparency.pdf?{RANGE}")
    assert again.content == answer.content  # nothing of the moment of writing is in it


def test_two_years_go_on_several_pages(visit: Visit) -> None:
    answer = visit(Role.VIEWER).get("/reports/transparency.pdf?from=2025-01-06&to=2027-01-11")
    assert len(pypdfium2.PdfDocument(answer.content)) > 2


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, ["report", *arguments, "--from", "2027-01-04", "--to", "2027-01-15"])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_line_prints_and_writes_the_same(filled: FastAPI, tmp_path: Path) -> None:
    store = f"--store={filled.state.settings.store_url}"
    lines = run(store).splitlines()
    assert lines[0].split()[:4] == ["week", "campaigns", "accounts", "posts"]
    # by the clock of this machine the week may go on
    assert lines[2].replace("*", " ").split()[:5] == ["2027-W02", "6", "30", "6000", "<5"]
    written = tmp_path / "r.pdf"
    run(store, "--format", "pdf", "--language", "zh", "-o", str(written))
    assert written.read_bytes().startswith(b"%PDF-")
    told = json.loads(run(store, "--format", "json"))
    assert [week["campaigns"] for week in told["weeks"]] == [0, 6]
    rows = list(csv.reader(io.StringIO(run(store, "--format", "csv"))))
    assert rows[2][:4] == ["2027-W02", "2027-01-11", "6", "30"]
