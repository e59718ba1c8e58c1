"""Ways through a log-in, as a browser would go them."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from fastapi import FastAPI

from console.security.users import list_users
from tests.unit.console.web.visitors import Visitor


def there(visitor: Visitor, next_path: str = "/") -> str:
    """Begin at the console and ask the provider; return where it sends back to, as a path of the console."""
    out = visitor.get("/login/provider", params={"next": next_path})
    assert out.status_code == 303, out.text
    answer = httpx2.get(out.headers["location"])
    if answer.status_code == 302:
        return path_of(answer.headers["location"])
    return path_of(html.unescape(re.search(r'href="([^"]+)"', answer.text).group(1)))


def path_of(address: str) -> str:
    parts = urlsplit(address)
    assert parts.path == "/login/callback"
    return f"{parts.path}?{parts.query}"


def log_in(app: FastAPI, next_path: str = "/") -> tuple[Visitor, Any]:
    """A whole log-in; return the browser and the answer to its coming back."""
    visitor = Visitor(app)
    return visitor, visitor.get(there(visitor, next_path))


def word(path: str, name: str) -> str:
    return parse_qs(urlsplit(path).query)[name][0]


def people(app: FastAPI) -> dict[str, str]:
    return {user.user_id: user.role.value for user in list_users(app.state.engine)}


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/cases/c1").status_code == 200
