"""Any interleaving of decisions, undos and reopenings comes to what a simple model says."""

import shutil
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine

from console.decisions.check import Rules
from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.decisions.errors import DifferentPersonNeeded, NotDecided, NothingToUndo, SecondPersonNeeded
from console.decisions.read import history, status_of
from detector.operators.book import OperatorBook
from detector.settings import DetectorSettings
from models.events import Decision
from streams.store.engine import make_engine, writing
from streams.store.migrate import migrate_engine
from streams.store.sql import SqlStore
from streams.store.tables import metadata
from tests.unit.console.decisions.cases import NOW_MS, case, outbox

WORDS = {Action.CONFIRM: "confirmed", Action.DISMISS: "dismissed", Action.WATCH: "watched"}
STEPS = st.lists(
    st.tuples(st.sampled_from(list(Action)), st.sampled_from(["ann", "bob", "cyd"])), min_size=1, max_size=12
)


class Model:
    """A stack of (action, person), in the plainest words."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.stack: list[tuple[Action, str]] = []
        self.barred: set[str] = set()

    def confirming(self) -> list[str]:
        found: list[str] = []
        for action, person in reversed(self.stack):
            if action is Action.HAND_OVER:
                continue
            if action is not Action.CONFIRM:
                break
            found.append(person)
        return found

    def do(self, action: Action, person: str) -> type[NotDecided] | None:
        if (action in WORDS or action is Action.UNDO) and person in self.barred:
            return DifferentPersonNeeded
        if action is Action.CONFIRM and person in self.confirming():
            return SecondPersonNeeded
        if action is Action.UNDO:
            if not self.stack:
                return NothingToUndo
            self.stack.pop()
        elif action is Action.REOPEN:
            if self.something_counts():
                self.barred = {by for done, by in self.stack if done in WORDS}
                self.stack = []
            self.stack = [(done, by) for done, by in self.stack if done not in WORDS]
        else:
            self.stack.append((action, person))
        return None

    def something_counts(self) -> bool:
        whole, self.stack = self.stack, []
        words = set()
        for each in whole:
            self.stack.append(each)
            words.add(self.status())
        return bool(words - {"open", "pending"})

    def status(self) -> str:
        judged = [action for action, _ in self.stack if action in WORDS]
        if not judged:
            return "open"
        if judged[-1] is Action.CONFIRM and len(set(self.confirming())) < self.people:
            return "pending"
        return WORDS[judged[-1]]


def order(engine: Engine, action: Action, person: str) -> Order:
    more: dict[str, Any] = {}
    if action is Action.DISMISS:
        more = {"reason": "petition"}
    if action is Action.HAND_OVER:
        more = {"to_role": "lead"}
    return Order("c1", action, person, 1, status_of(engine, "c1").last_number, **more)


def in_force(engine: Engine) -> Decision | None:
    """What the detector makes of the verdicts."""
    book = OperatorBook(DetectorSettings().operators)
    for verdict in outbox(engine):
        book.decide(verdict)
    standing = book.standing("c1")
    return standing.decision if standing is not None else None


def run(engine: Engine, steps: list[tuple[Action, str]], people: int) -> None:
    model = Model(people)
    rules = Rules(two_persons_from=1 if people == 2 else None)
    for at, (action, person) in enumerate(steps):
        refused = model.do(action, person)
        asked = order(engine, action, person)
        if refused is not None:
            with pytest.raises(refused):
                decide(engine, asked, NOW_MS + at, rules)
            continue
        status = decide(engine, asked, NOW_MS + at, rules).status
        assert status.status == model.status()
        assert status.status == status_of(engine, "c1").status
    assert [entry.action for entry in history(engine, "c1") if entry.standing] == [each for each, _ in model.stack]
    _same_in_the_detector(engine, model)


def _same_in_the_detector(engine: Engine, model: Model) -> None:
    said = in_force(engine)
    status = model.status()
    if status == "open":
        assert said is None
    elif status != "pending":
        assert said is not None
        assert WORDS[Action(said.value)] == status


@given(steps=STEPS, people=st.sampled_from([1, 2]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_interleaving_comes_to_what_a_simple_model_says(
    tmp_path_factory: Any, sqlite_store: Path, steps: list[tuple[Action, str]], people: int
) -> None:
    path = tmp_path_factory.mktemp("fold") / "s.db"
    shutil.copyfile(sqlite_store, path)
    engine = make_engine(f"sqlite:///{path}")
    SqlStore(engine).put([case("c1")])
    try:
        run(engine, steps, people)
    finally:
        engine.dispose()


@given(steps=STEPS, people=st.sampled_from([1, 2]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_on_postgresql(postgres_url: str, steps: list[tuple[Action, str]], people: int) -> None:
    engine = make_engine(postgres_url)
    migrate_engine(engine)
    try:
        with writing(engine) as connection:
            for table in reversed(metadata.sorted_tables):
                # the logs refuse to be emptied
                connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
                connection.execute(table.delete())
        SqlStore(engine).put([case("c1")])
        run(engine, steps, people)
    finally:
        engine.dispose()
