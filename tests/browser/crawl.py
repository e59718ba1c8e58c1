"""Every page of the console that a person reaches by its links."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from fastapi.routing import APIRoute
from playwright.sync_api import Page

from console.web.routers import ROUTERS

# what is no page: programs ask for it, or a file comes
_OTHER = re.compile(r"^/(api/|-/|metrics|static/)|\.(csv|jsonl|json|pdf|parquet)$|/export$")
# parts that a page asks for itself, and stations of a log-in elsewhere
_PARTS = frozenset({"/cases/{campaign}/others", "/cases/{campaign}/graph", "/login/provider", "/login/callback"})
VISITS_MAX = 200


def patterns() -> dict[str, re.Pattern[str]]:
    """Paths of the pages with their parameters, and what matches each; the most particular first."""
    paths = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods
    }
    pages = sorted((path for path in paths if not _OTHER.search(path) and path not in _PARTS), key=_particular)
    return {path: re.compile(_as_expression(path)) for path in pages}


def _particular(path: str) -> tuple[int, str]:
    return path.count("{"), path


def _as_expression(path: str) -> str:
    return "^" + re.sub(r"\\\{\w+(:path)?\\\}", lambda found: ".+" if found[1] else "[^/]+", re.escape(path)) + "$"


def pattern_of(path: str) -> str | None:
    """The page that answers `path`, by its pattern."""
    return next((pattern for pattern, expression in patterns().items() if expression.match(path)), None)


def crawl(page: Page, look: Callable[[str], None], start: str = "/") -> Iterator[tuple[str, int]]:
    """Follow links from `start`, one page of each pattern; call `look` on each and yield (its path, HTTP status).

    `page` is logged in. A link that leads to no page at all is visited too, and its status tells.
    """
    waiting, seen = [start], set[str]()
    while waiting and len(seen) < VISITS_MAX:
        path = waiting.pop(0)
        pattern = pattern_of(urlsplit(path).path) or path
        if pattern in seen:
            continue
        seen.add(pattern)
        answer = page.goto(path)
        assert answer is not None
        look(pattern)
        yield path, answer.status
        waiting += [link for link in _links(page) if not _OTHER.search(urlsplit(link).path)]


def _links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
    return [link for link in found if link.startswith("/") and not link.startswith("//")]
