"""Moderators at the same moment, with real threads on both databases: nobody's decision is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from console.decisions import audit, claims
from console.decisions.claims import Claim, Claimed
from console.decisions.decide import Decided, decide
from console.decisions.entries import Action, Order
from console.decisions.errors import Stale
from console.decisions.read import history, log_page, status_of
from tests.unit.console.decisions.cases import NOW_MS, outbox

PEOPLE = ("ann", "bob", "cyd", "dan")
ROUNDS = 6


def together(call: Callable[[str], Decided | Stale | Claim | Claimed]) -> dict[str, Decided | Stale | Claim | Claimed]:
    barrier = threading.Barrier(len(PEOPLE))

    def one(person: str) -> Decided | Stale | Claim | Claimed:
        barrier.wait(timeout=30)
        return call(person)

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        return dict(zip(PEOPLE, pool.map(one, PEOPLE), strict=True))


def test_of_those_who_decide_at_once_one_is_taken_and_the_others_are_told(engine: Engine) -> None:
    for number in range(ROUNDS):
        seen = status_of(engine, "c1").last_number

        def one(person: str, seen: int = seen) -> Decided | Stale:
            try:
                return decide(engine, Order("c1", Action.WATCH, person, 1, seen, text=f"by {person}"), NOW_MS)
            except Stale as error:
                return error

        results = together(one)
        taken = [person for person, each in results.items() if isinstance(each, Decided)]
        assert len(taken) == 1
        for each in results.values():
            if isinstance(each, Stale):
                assert [(entry.by, entry.text) for entry in each.events] == [(taken[0], f"by {taken[0]}")]
        assert len(history(engine, "c1")) == number + 1


def test_everybody_who_tries_again_is_heard_and_the_chain_stays_whole(engine: Engine) -> None:
    words: dict[str, int] = dict.fromkeys(PEOPLE, 0)

    def one(person: str) -> Decided:
        last: Decided | None = None
        for at in range(5):
            campaign = ("c1", "c2")[at % 2]
            while True:
                seen = status_of(engine, campaign).last_number
                try:
                    last = decide(engine, Order(campaign, Action.WATCH, person, 1, seen, text=f"{person} {at}"), NOW_MS)
                    words[person] += 1
                    break
                except Stale:
                    continue
        assert last is not None
        return last

    together(one)
    log = log_page(engine)
    assert [entry.number for entry in log] == list(range(1, 21))
    assert {entry.text for entry in log} == {f"{person} {at}" for person in PEOPLE for at in range(5)}
    assert words == dict.fromkeys(PEOPLE, 5)
    assert audit.verify(engine).faults == []
    assert len({verdict.verdict_id for verdict in outbox(engine)}) == 20
    for campaign in ("c1", "c2"):
        moments = [entry.at_ms for entry in history(engine, campaign)]
        assert moments == sorted(set(moments))


def test_of_those_who_claim_at_once_one_gets_the_case(engine: Engine) -> None:
    for number in range(ROUNDS):
        now_ms = NOW_MS + number * 3_600_000  # the claim before has run out

        def one(person: str, now_ms: int = now_ms) -> Claim | Claimed:
            try:
                return claims.claim(engine, "c1", person, now_ms)
            except Claimed as error:
                return error

        results = together(one)
        holders = [each.by for each in results.values() if isinstance(each, Claim)]
        assert len(holders) == 1
        assert {each.claim.by for each in results.values() if isinstance(each, Claimed)} == set(holders)
