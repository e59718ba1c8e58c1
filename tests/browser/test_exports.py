"""Files that a moderator takes out of the console, by the forms of the pages; and the page that says who did."""

import csv
import io

import networkx as nx
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.serving import log_in


def test_a_case_and_the_queue_come_as_files_and_the_log_says_so(page: Page) -> None:
    log_in(page)
    page.goto("/cases/c1")
    page.get_by_label("Export as").select_option("gexf")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export", exact=True).click()
    assert coming.value.suggested_filename == "shoal-c1-1.gexf"
    graph = nx.read_gexf(str(coming.value.path()))
    assert sorted(name for name, kind in graph.nodes(data="kind") if kind == "account") == [
        "account:a0",
        "account:a1",
        "account:a2",
    ]
    page.goto("/?status=any&text=c1")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export", exact=True).click()
    assert coming.value.suggested_filename == "shoal-cases.csv"
    text = coming.value.path().read_text(encoding="utf-8-sig")
    assert [row["campaign"] for row in csv.DictReader(io.StringIO(text))] == ["c1"]
    page.goto("/exports")
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("link", name="c1", exact=True)).to_be_visible()
    assert violations(page) == []
