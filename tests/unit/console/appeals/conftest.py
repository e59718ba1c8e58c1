"""A database with cases on both kinds, a short way to decide and to appeal, and the console of the tests of pages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from console.appeals.entries import Appeal, Filing, Limits
from console.appeals.filing import file_appeal
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.read import status_of
from streams.store.engine import make_engine
from streams.store.sql import SqlStore
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.console.web.conftest import app, clock, password_hash, settings, visit

__all__ = ["app", "clock", "password_hash", "settings", "visit"]
Do = Callable[..., str]
Appeals = Callable[..., Appeal]


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    made = make_engine(store_url, timeout_ms=30_000)
    SqlStore(made).put([case("c1"), case("c2"), case("large", accounts=1_200)])
    yield made
    made.dispose()


@pytest.fixture
def do(engine: Engine) -> Do:
    """Decide as somebody whose page is fresh; returns the status of the case."""

    def decided(action: Action, by: str = "ann", campaign: str = "c1", at_ms: int = NOW_MS, **more: Any) -> str:
        if action is Action.DISMISS:
            more.setdefault("reason", "fans")
        seen = status_of(engine, campaign).last_number
        return decide(engine, Order(campaign, action, by, 1, seen, **more), at_ms).status.status

    return decided


@pytest.fixture
def appeal(engine: Engine) -> Appeals:
    """File an appeal, of `a1` in `c1` unless told otherwise."""

    def filed(reference: str = "r1", account: str = "a1", campaign: str | None = "c1", **more: Any) -> Appeal:
        limits, at_ms = more.pop("limits", Limits()), more.pop("at_ms", NOW_MS)
        filing = Filing(reference, account, more.pop("filed_at_ms", at_ms), campaign, more.pop("statement", "Not me."))
        return file_appeal(engine, filing, "platform", at_ms, limits)

    return filed
