"""The measurement of the console's pages leaves no route out unsaid."""

import pytest

from console.web.routers import ROUTERS
from evaluation.benchmarks import console_pages


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    return console_pages.run(campaigns=12, accounts=30, rounds=2)


def test_every_route_is_timed_or_told_as_left_out(figures: dict) -> None:  # type: ignore[type-arg]  # as JSON has it
    routes = {route.path for router in ROUTERS for route in router.routes if "GET" in route.methods}  # type: ignore[attr-defined]  # all are APIRoute
    timed = {row["path"].partition("?")[0] for row in figures["timed"]}
    assert timed | set(figures["left out"]) == routes
    assert set(figures["left out"]) == set(console_pages.LEFT_OUT)
    assert not timed & set(figures["left out"])


def test_every_page_answers_and_took_some_time(figures: dict) -> None:  # type: ignore[type-arg]  # as JSON has it
    assert figures["failed"] == []
    assert all(0 < row["median_ms"] <= row["p95_ms"] for row in figures["timed"])
    sizes = {row["path"]: row["kilobytes"] for row in figures["timed"]}
    assert sizes["/"] >= 8
    assert sizes["/cases/{campaign}"] >= 8
    assert sizes["/trends"] >= 20
    kinds = {row["path"]: row["kind"] for row in figures["timed"]}
    assert (kinds["/exports"], kinds["/export"], kinds["/api/v1/cases"]) == ("page", "file", "api")


def test_the_table_has_a_line_for_each(figures: dict) -> None:  # type: ignore[type-arg]  # as JSON has it
    told = console_pages.table(figures)
    assert told.count("\n| `") == len(figures["timed"])
    assert "Left out: `/login/provider`: goes to a provider" in told
    pages = [row["median_ms"] for row in figures["timed"] if row["kind"] == "page"]
    assert told.splitlines()[2].split(" | ")[2] == f"{max(pages):.0f}"
