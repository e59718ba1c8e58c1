"""Whatever comes, fails and crashes: programs get every event in its order, people the newest state."""

import asyncio
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from console.decisions.entries import Action
from console.messages.channel import Message, Refused
from console.messages.collect import begin
from streams.store.engine import make_engine
from tests.unit.console.decisions.cases import case
from tests.unit.console.messages.world import Clock, World

CASES = ("c0", "c1")
STEPS = st.lists(
    st.tuples(st.sampled_from(["come", "decide", "undo", "look", "send", "wait"]), st.sampled_from(CASES))
    | st.tuples(st.just("fail"), st.sampled_from(["refused", "asked", "crash before", "crash after"])),
    max_size=25,
)


class Crash(Exception):
    """The process dies here."""


class Service:
    """A way to a destination that keeps what it took, and fails as it is told."""

    def __init__(self) -> None:
        self.took: list[Message] = []
        self.fails: list[str] = []

    async def tell(self, message: Message) -> str:
        how = self.fails.pop() if self.fails else ""
        if how == "refused":
            raise Refused("HTTP 500")
        if how == "asked":
            raise Refused("HTTP 429", asked_ms=30_000)
        if how == "crash before":
            raise Crash
        self.took.append(message)
        if how == "crash after":
            raise Crash
        return "reference"

    async def close(self) -> None:
        """Nothing is held."""


class Story:
    """A world of two destinations, and what happened in it by the words of this test."""

    def __init__(self, world: World) -> None:
        self.world = world
        entries = [
            world.webhook("http://127.0.0.1:9"),
            world.discord("http://127.0.0.1:9", events=["opened", "updated"]),
        ]
        self.messages = world.destinations(*({**each, "attempts_max": 20, "per_minute": 600} for each in entries))
        self.services = [Service(), Service()]
        self.messages.channels.update(zip(("hook", "discord"), self.services, strict=True))
        self.revision = dict.fromkeys(CASES, 0)
        self.decided = dict.fromkeys(CASES, 0)
        self.stack: dict[str, list[str]] = {name: [] for name in CASES}

    def step(self, what: str, which: str) -> None:
        if what == "fail":
            for service in self.services:
                service.fails.append(which)
        elif what == "come":
            self.revision[which] += 1
            self.world.come(case(which, revision=self.revision[which]))
        elif what == "decide" and self.revision[which]:
            self.world.decide(which, Action.WATCH)
            self.decided[which] += 1
            self.stack[which].append("watched")
        elif what == "undo" and self.stack[which]:
            self.world.decide(which, Action.UNDO)
            self.decided[which] += 1
            self.stack[which].pop()
        elif what == "look":
            self.world.look()
        elif what in {"send", "wait"}:
            self.world.clock.pass_s(1 if what == "send" else 200)
            self.send()

    def send(self) -> None:
        for at in (0, 1):
            try:
                asyncio.run(self.world.sender(at).once())
            except Crash:
                self.world._senders.clear()  # another process goes on once the lease has run out

    def finish(self) -> None:
        self.world.look()
        for service in self.services:
            service.fails.clear()
        for _ in range(200):
            self.world.clock.pass_s(30_000)
            self.send()
            if ("waiting",) not in self.world.rows("state"):
                break
        self.world.clock.pass_s(30_000)
        self.send()  # where nothing waits, nothing is sent


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory, sqlite_store: Path) -> Callable[[], tuple[Engine, Path]]:
    numbers = itertools.count()

    def fresh() -> tuple[Engine, Path]:
        folder = tmp_path_factory.mktemp(f"story{next(numbers)}")
        shutil.copyfile(sqlite_store, folder / "s.db")
        engine = make_engine(f"sqlite:///{folder}/s.db")
        begin(engine)
        return engine, folder

    return fresh


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_nothing_is_lost_and_nothing_overtakes(
    stories: Callable[[], tuple[Engine, Path]], monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, str]]
) -> None:
    engine, folder = stories()
    story = Story(World(engine, Clock(), folder, monkeypatch))
    for step in steps:
        story.step(*step)
    story.finish()
    hook, discord = story.services
    for name in CASES:
        told = list(dict.fromkeys(each.id for each in hook.took if each.facts and each.facts.campaign == name))
        events = {each.id: each.facts for each in hook.took if each.facts}
        numbers = [found.decided.number for each in told if (found := events[each]).decided is not None]
        assert len(numbers) == story.decided[name]  # every decision, once but for repeats of one id
        assert numbers == sorted(numbers)
        revisions = [events[each].revision for each in told if events[each].event != "decided"]
        assert revisions == sorted(set(revisions))
        assert revisions[-1:] == ([story.revision[name]] if story.revision[name] else [])
        shown = [each.facts for each in discord.took if each.facts and each.facts.campaign == name]
        if story.revision[name]:
            assert shown[-1].status == ("watched" if story.stack[name] else "open")
            assert shown[-1].revision == story.revision[name]
    engine.dispose()


def test_a_look_takes_few_statements_however_many_cases(world: World) -> None:
    names = [{**world.discord("http://127.0.0.1:9"), "name": f"d{number}"} for number in range(5)]
    world.destinations(*names)
    statements: list[Any] = []
    event.listen(world.engine, "before_cursor_execute", lambda *words: statements.append(words))
    world.come(*(case(f"c{number}") for number in range(3)))
    statements.clear()
    world.look()
    few = len(statements)
    world.come(*(case(f"m{number}") for number in range(150)))
    statements.clear()
    world.look()
    assert len(statements) <= few + 2
    assert len(world.rows("id")) == 5 * 153
