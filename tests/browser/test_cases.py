"""Cases in Chromium: keys, ticks that outlive paging, somebody who was faster; what comes up is held to axe-core."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import violations
from tests.browser.serving import log_in
from tests.unit.console.web.visitors import PASSWORD

FOCUSED = "document.activeElement.value || document.activeElement.textContent.trim()"


def test_keys_move_choose_and_help_but_rest_while_somebody_types(page: Page) -> None:
    log_in(page)
    rows = page.locator("[data-row] a")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-choose]").nth(0)).to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("w")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is done yet")).to_be_visible()
    assert violations(page) == []
    page.goto("/cases/many")
    for key, button in {"c": "confirm", "w": "watch", "d": "dismiss", "a": "Hold this case for half an hour"}.items():
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == button
    page.keyboard.press("n")
    page.keyboard.type("cj?d")
    expect(page.get_by_label("Note", exact=True)).to_have_value("cj?d")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/cases/c1")
    page.keyboard.press("Control+c")
    assert page.evaluate("document.activeElement === document.body")


def test_ticks_and_words_outlive_paging_and_finding(page: Page) -> None:
    log_in(page)
    page.goto("/cases/many")
    page.get_by_label("Why").fill("waiting for legal")
    page.get_by_label("Leave out a3", exact=True).check()
    expect(page.locator("#reach")).to_contain_text("59 accounts")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("page 2 of 3")).to_be_visible()
    page.get_by_label("Leave out a30", exact=True).check()
    expect(page.locator("#reach")).to_contain_text("58 accounts")
    page.get_by_label("Find an account").fill("a3")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Leave out a3", exact=True)).to_be_checked()
    expect(page.get_by_label("Leave out a30", exact=True)).to_be_checked()
    expect(page.get_by_label("Leave out a31", exact=True)).not_to_be_checked()
    expect(page.get_by_label("Why")).to_have_value("waiting for legal")
    expect(page.get_by_text("Nobody has decided yet.")).to_be_visible()


def test_without_scripts_ticks_outlive_paging_too(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    log_in(page)
    page.goto("/cases/many")
    page.get_by_label("Leave out a3", exact=True).check()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("#reach")).to_contain_text("59 accounts")
    context.close()


def test_who_comes_second_keeps_what_was_typed(page: Page) -> None:
    log_in(page)
    page.goto("/cases/c1")
    other = page.context.new_page()
    other.goto("/cases/c1")
    other.get_by_role("button", name="Watch", exact=True).click()
    expect(other.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_label("Why").fill("fans of the band")
    page.get_by_label("Reason to dismiss").select_option("fans")
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Watch by ada")
    expect(page.get_by_label("Why")).to_have_value("fans of the band")
    assert violations(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("taken back", exact=True)).to_be_visible()
    page.goto("/cases/c1/revisions")
    assert violations(page) == []


def test_a_session_that_ends_takes_nothing_along(page: Page) -> None:
    log_in(page)
    page.goto("/cases/many")
    page.get_by_label("Why").fill("ten minutes of work")
    page.get_by_label("Leave out a3", exact=True).check()
    expect(page.locator("#reach")).to_contain_text("59 accounts")
    page.context.clear_cookies()
    page.get_by_label("Leave out a4", exact=True).check()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was written")
    expect(page.get_by_label("What you typed")).to_have_value("ten minutes of work")
    assert violations(page) == []
    page.locator("input[name=user]").fill("ada")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="What you typed is still here")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Go on with the case").click()
    expect(page.get_by_label("Why")).to_have_value("ten minutes of work")
    for name in ("a3", "a4"):
        expect(page.get_by_label(f"Leave out {name}", exact=True)).to_be_checked()
    expect(page.get_by_text("Nobody has decided yet.")).to_be_visible()


def test_a_decision_is_told_and_j_leads_to_the_next_case(page: Page) -> None:
    log_in(page)
    page.goto("/cases/many")
    page.get_by_role("button", name="Watch", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("it is done.")
    assert violations(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("many"))
    expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()


def test_no_id_however_long_pushes_a_table_out_of_sight(page: Page) -> None:
    log_in(page)
    page.goto("/cases/long")
    for table in page.locator("#targets table, #accounts table").all():
        assert table.evaluate("each => each.closest('.card').scrollWidth <= each.closest('.card').clientWidth")
