"""Claims that run out, who is looking, notes, and what a decision would touch."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from console.decisions import claims, notes, presence
from console.decisions.errors import InvalidOrder
from console.decisions.preview import preview
from tests.unit.console.decisions.cases import NOW_MS, case

MINUTE_MS = 60_000


def test_a_claim_holds_until_it_runs_out_or_is_let_go(engine: Engine) -> None:
    held = claims.claim(engine, "c1", "ann", NOW_MS, minutes=30)
    assert held == claims.Claim("c1", "ann", NOW_MS, NOW_MS + 30 * MINUTE_MS)
    with pytest.raises(claims.Claimed) as refused:
        claims.claim(engine, "c1", "bob", NOW_MS + 29 * MINUTE_MS)
    assert refused.value.claim == held
    assert claims.claim(engine, "c1", "ann", NOW_MS + MINUTE_MS).expires_at_ms == NOW_MS + 31 * MINUTE_MS
    assert not claims.release(engine, "c1", "bob")
    assert claims.release(engine, "c1", "ann")
    assert claims.of(engine, "c1", NOW_MS) is None
    claims.claim(engine, "c1", "bob", NOW_MS, minutes=1)
    assert claims.claim(engine, "c1", "ann", NOW_MS + MINUTE_MS).by == "ann"


@pytest.mark.parametrize("minutes", [0, 1_441])
def test_a_claim_is_bounded(engine: Engine, minutes: int) -> None:
    with pytest.raises(ValueError, match="minutes"):
        claims.claim(engine, "c1", "ann", NOW_MS, minutes)


def test_who_else_is_looking_is_known_for_a_minute(engine: Engine) -> None:
    assert presence.seen(engine, "c1", "ann", NOW_MS) == []
    assert presence.seen(engine, "c1", "bob", NOW_MS + 1_000) == ["ann"]
    assert presence.seen(engine, "c2", "cyd", NOW_MS + 1_000) == []
    assert presence.seen(engine, "c1", "ann", NOW_MS + 2_000) == ["bob"]
    assert presence.seen(engine, "c1", "cyd", NOW_MS + 61_500) == ["ann"]
    assert presence.looking(engine, "c1", NOW_MS + 200_000) == []


def test_notes_are_kept_in_order(engine: Engine) -> None:
    first = notes.add(engine, "c1", "ann", "  看起来 like a shop  ", NOW_MS)
    notes.add(engine, "c2", "ann", "other", NOW_MS)
    second = notes.add(engine, "c1", "bob", "<b>seen</b>", NOW_MS + 1)
    assert notes.of(engine, "c1") == [first, second]
    assert (first.number, first.text, second.number) == (1, "看起来 like a shop", 2)


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001, "a\x00b"])
def test_notes_are_bounded(engine: Engine, text: str) -> None:
    with pytest.raises(InvalidOrder):
        notes.add(engine, "c1", "ann", text, NOW_MS)


def test_a_case_has_only_so_many_notes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "NOTES_MAX", 2)
    notes.add(engine, "c1", "ann", "one", NOW_MS)
    notes.add(engine, "c1", "ann", "two", NOW_MS)
    with pytest.raises(InvalidOrder, match="at most 2"):
        notes.add(engine, "c1", "ann", "three", NOW_MS)


def test_a_preview_counts_what_stays() -> None:
    alert = case(accounts=4)
    likes = replace(alert.targets[0], layer="like", target="t2")
    alert = replace(alert, targets=[alert.targets[0], likes], links=[*alert.links, (0, 1, 5), (3, 1, 6)])
    everything = preview(alert)
    assert (everything.accounts, everything.actions, everything.posts, everything.targets) == (4, 6, 4, 2)
    assert everything.exact
    some = preview(alert, ["a0", "a3", "stranger"])
    assert (some.accounts, some.actions, some.posts, some.targets, some.layers) == (2, 2, 2, 1, ("family",))
    assert not preview(replace(alert, accounts_total=9)).exact
    assert preview(replace(alert, accounts_total=9), ["a0"]).accounts == 8
