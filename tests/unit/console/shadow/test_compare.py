"""A shadow beside the live store: what is kept apart, what is matched, and what a replay gives."""

from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from console.decisions.decide import decide
from console.decisions.entries import Action, Order
from console.shadow.compare import PART, Shadows
from console.shadow.read import forget, shadows
from console.shadow.sketch import SKETCH, overlap, sketch
from detector.settings import load
from models.alerts import Alert, AlertState, Outcome
from models.moments import when_ms
from streams.embedded import EmbeddedRun, in_batches
from streams.store.engine import reading
from streams.store.shadow import ShadowStore
from streams.store.sql import SqlStore
from streams.store.tables import alert_revisions, alerts
from tests.unit.console.decisions.cases import NOW_MS, case
from tests.unit.detector.test_dismissals import army, first_hours, orders


def a_case(name: str, first: int, end: int, **changes: object) -> Alert:
    accounts = [f"a{n}" for n in range(first, end)]
    made = case(name, accounts=3)
    return msgspec.structs.replace(made, accounts=accounts, accounts_total=len(accounts), **changes)


@pytest.fixture
def both(engine: Engine) -> Engine:
    SqlStore(engine).put(
        [a_case("same", 0, 20), a_case("lost", 100, 120), a_case("grown", 200, 220), a_case("p1", 300, 310)]
    )
    SqlStore(engine).put([a_case("p2", 310, 330), a_case("quiet", 400, 420, state=AlertState.LISTED)])
    ShadowStore(engine, "new").put(
        [
            a_case("s-same", 0, 20), a_case("s-grown", 200, 260, points=6.0), a_case("s-new", 500, 520),
            a_case("s-parts", 300, 330), a_case("s-listed", 100, 120, state=AlertState.LISTED),
        ]
    )  # fmt: skip
    return engine


def test_live_and_shadow_are_told_side_by_side(both: Engine) -> None:
    found = Shadows().compare(both, "new")
    assert found is not None
    assert [side.campaign for side in found.only_live] == ["lost"]
    assert [side.campaign for side in found.only_shadow] == ["s-new"]
    pairs = {(pair.live.campaign, pair.shadow.campaign): pair for pair in found.both}
    assert set(pairs) == {("same", "s-same"), ("grown", "s-grown"), ("p1", "s-parts"), ("p2", "s-parts")}
    assert pairs["same", "s-same"].differs == ()
    assert pairs["grown", "s-grown"].differs == ("accounts", "points")
    assert PART in pairs["p1", "s-parts"].differs + pairs["p2", "s-parts"].differs
    assert pairs["grown", "s-grown"].shared == 1.0


def test_decisions_of_people_on_live_cases_are_counted(both: Engine) -> None:
    for name, action, reason in (("same", Action.CONFIRM, ""), ("lost", Action.DISMISS, "fans")):
        decide(both, Order(name, action, "m-1", 1, 0, reason), NOW_MS)
    found = Shadows().compare(both, "new")
    assert found is not None
    assert (found.agreed_live.confirmed, found.agreed_live.dismissed, found.agreed_live.share) == (1, 1, None)
    assert (found.agreed_kept.confirmed, found.agreed_kept.dismissed) == (1, 0)
    assert (found.agreed_lost.confirmed, found.agreed_lost.dismissed) == (0, 1)


def test_a_shadow_touches_nothing_that_is_live_and_can_be_forgotten(both: Engine) -> None:
    def live() -> list[object]:
        with reading(both) as connection:
            return [list(connection.execute(select(table))) for table in (alerts, alert_revisions)]

    before = live()
    ShadowStore(both, "other").put([a_case("same", 0, 20, revision=9)])
    assert {row["shadow"]: (row["cases"], row["called"]) for row in shadows(both)} == {"new": (5, 4), "other": (1, 1)}
    assert forget(both, "new") == 5
    assert Shadows().compare(both, "new") is None
    assert live() == before


def test_a_shadow_keeps_the_newest_revision_and_that_somebody_would_have_been_called(engine: Engine) -> None:
    store = ShadowStore(engine, "new")
    assert store.put([a_case("c", 0, 5, revision=2), a_case("c", 0, 3)]) == 2
    assert store.put([a_case("c", 0, 9)]) == 0
    assert store.put([a_case("c", 0, 6, revision=3, state=AlertState.LISTED, outcome=Outcome.ORGANIC)]) == 1
    newest = store.get("c")
    assert newest is not None
    assert (newest.revision, newest.accounts_total) == (3, 6)
    assert shadows(engine)[0]["called"] == 1
    assert [alert.revision for alert in store.newest(outcome=Outcome.ORGANIC)] == [3]
    assert store.newest(state=AlertState.OPENED) == []


def test_a_replay_with_other_settings_is_seen_beside_the_live_one(engine: Engine) -> None:
    rnd = Random(1)
    events = first_hours(rnd)
    events += orders(rnd, army(0, 30), when_ms(events[-1]) + 60_000)

    def replay(store: SqlStore | ShadowStore, settings: dict[str, object]) -> None:
        EmbeddedRun(load(settings), store=store).run(in_batches(events, 500))

    replay(SqlStore(engine), {})
    replay(ShadowStore(engine, "same"), {})
    replay(ShadowStore(engine, "strict"), {"evidence": {"points_min": 20.0}})
    same, strict = (Shadows().compare(engine, name) for name in ("same", "strict"))
    assert same is not None
    assert strict is not None
    assert same.both
    assert not same.only_live
    assert not same.only_shadow
    assert all(pair.differs == () for pair in same.both)
    assert [side.campaign for side in strict.only_live] == [pair.live.campaign for pair in same.both]
    assert not strict.both
    assert strict.configuration != same.configuration


@given(st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)))
def test_sketches_of_small_sets_are_exact(one: set[int], other: set[int]) -> None:
    one, other = set(sorted(one)[:SKETCH]), set(sorted(other)[:SKETCH])
    shared = overlap(sketch([f"a{n}" for n in one]), len(one), sketch([f"a{n}" for n in other]), len(other))
    smaller = min(len(one), len(other))
    if len(one) < SKETCH and len(other) < SKETCH:
        assert shared == (len(one & other) / smaller if smaller else 0.0)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_sketches_of_large_sets_are_near(share: float) -> None:
    size = 5_000
    one = [f"a{n}" for n in range(size)]
    start = round(size * (1 - share))
    other = [f"a{n}" for n in range(start, start + size)]
    assert overlap(sketch(one), size, sketch(other), size) == pytest.approx(share, abs=0.1)
