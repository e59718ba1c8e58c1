"""Browsers of people, and a clock that is moved by hand."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from console.security import sessions
from console.security.roles import Role
from tests.unit.console.decisions.cases import NOW_MS

PASSWORD = "seven calm herons over the ferry"  # noqa: S105  # of these tests only
ORIGIN = "http://127.0.0.1"


class Clock:
    """Epoch ms, moved by hand."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


class Visitor(TestClient):
    """A browser of somebody who is logged in, or of nobody; sends what browsers send with a form."""

    def __init__(self, app: FastAPI, session: str = "") -> None:
        super().__init__(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
        if session:
            self.cookies.set("shoal", session)
        self.token = sessions.form_token(session)

    def fill(self, path: str, **fields: object) -> Any:
        """Send a form with its token."""
        return self.post(path, data={"form_token": self.token, **fields}, headers={"origin": ORIGIN})


Visit = Callable[[Role | None], Visitor]
