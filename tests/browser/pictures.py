"""`python -m tests.browser.pictures FOLDER --store demo-cases.db`: every page in both themes and languages, to look at.

The store (SQLite) is copied, and an administrator of this command added to the copy. One picture of each page that
links lead to; pages that no link leads to, that answer with an error or that are wider than the window are told.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page, sync_playwright

from console.security.roles import Role
from console.security.users import add_user
from console.settings import ConsoleSettings
from console.web.app import create_app
from tests.browser.crawl import crawl, patterns
from tests.browser.install import program
from tests.browser.serving import log_in, served
from tests.unit.console.web.visitors import PASSWORD

THEMES = ("light", "dark")
LANGUAGES = ("en", "zh")
USER = "pictures"
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def main(
    folder: Path,
    store: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="A SQLite store with cases.")],
    width: Annotated[int, typer.Option(min=320, max=3_000)] = 1280,
) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "store.db"
        shutil.copyfile(store, copy)
        app = create_app(ConsoleSettings(store_url=f"sqlite:///{copy}", relay=False, requests_per_minute=100_000))
        add_user(app.state.engine, USER, Role.ADMIN, PASSWORD, 1)
        with served(app) as address, sync_playwright() as playwright:
            # root of a container has no sandbox
            browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
            told = {
                line
                for theme in THEMES
                for language in LANGUAGES
                for line in _round(browser, address, theme, language, folder, width)
            }
            browser.close()
    print("\n".join(sorted(told)) or "nothing to tell")


def _round(browser: Browser, address: str, theme: str, language: str, folder: Path, width: int) -> set[str]:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    context.add_cookies(
        [{"name": name, "value": value, "url": address} for name, value in (("theme", theme), ("language", language))]
    )
    page = context.new_page()
    told: set[str] = set()
    page.goto("/login")
    _take(page, folder / f"login.{theme}.{language}.png")
    log_in(page, USER)
    seen = {"/login"}

    def look(pattern: str) -> None:
        seen.add(pattern)
        name = pattern.strip("/").translate(str.maketrans("/{}:", "_---")) or "queue"
        for details in page.locator("main details").all():
            details.evaluate("each => each.open = true")
        page.wait_for_timeout(400)
        if page.evaluate(WIDE):
            told.add(f"wider than {width} px ({language}): {page.url.removeprefix(address)}")
        _take(page, folder / f"{name}.{theme}.{language}.png")

    for path, status in crawl(page, look):
        if status != 200:
            told.add(f"answers {status}: {path}")
    told |= {f"no link leads to {pattern}" for pattern in patterns() if pattern not in seen}
    context.close()
    return told


def _take(page: Page, file: Path) -> None:
    page.screenshot(path=file, full_page=True)


if __name__ == "__main__":
    typer.run(main)
