"""What is sent: simulated events with armies among them, one every `1 / rate` seconds."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from detector.router import route
from evaluation.simulator import Scenario, simulate
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces.armies.like_army import LikeArmy
from models.errors import ShoalError
from models.events import Account, AnyEvent, Post
from models.moments import when_ms
from streams.produce import shifted

EVENTS_MAX: Final = 500_000
"""Most events of one run; each takes about a kilobyte here until the end."""
EVENTS_MIN: Final = 500
EVENTS_PER_ARMY: Final = 2_500
ARMIES_MAX: Final = 8
ATTEMPTS: Final = 4
_NAMES: Final = ("account_id", "post_id", "target_id", "target_author_id", "reply_to", "repost_of")


class WrongPlan(ShoalError):
    """A rate and a duration that cannot be sent; says what can."""


def plan(rate: float, duration_s: float, seed: int, mark: str) -> list[AnyEvent]:
    """`rate` × `duration_s` events in order of time, every name beginning with `mark`. Raises `WrongPlan`."""
    wanted = int(rate * duration_s)
    if not EVENTS_MIN <= wanted <= EVENTS_MAX:
        raise WrongPlan(
            f"--rate times --duration is {wanted:,} events: between {EVENTS_MIN:,} and {EVENTS_MAX:,} can be sent"
        )
    duration_ms = int(duration_s * 1000)
    share = 1.0
    for _ in range(ATTEMPTS):
        events = [each for each in _simulated(wanted, duration_ms, share, seed) if _countable(each)]
        if len(events) >= wanted:
            # what is too much is left out evenly: an end cut off would cut the armies' work
            kept = (events[number * len(events) // wanted] for number in range(wanted))
            return [renamed(event, mark) for event in kept]
        share *= 1.02 * wanted / len(events)
    raise WrongPlan(f"no {wanted:,} events came of the simulator: choose another --seed")


def _simulated(wanted: int, duration_ms: int, share: float, seed: int) -> list[AnyEvent]:
    organic = Organic(
        accounts=max(500, wanted // 8),
        posts=max(100, int(share * wanted * 0.12)),
        likes=max(300, int(share * wanted * 0.75)),
        earlier_posts=max(500, wanted // 20),
        reaction_ms=max(1, duration_ms // 20),
    )
    armies = tuple(
        LikeArmy(
            group=f"army {number}",
            size=30,
            targets=6,
            jitter_ms=max(1, min(60_000, duration_ms // 10)),
            after_ms=0,
            begin=0.1,
        )
        for number in range(max(1, min(ARMIES_MAX, wanted // EVENTS_PER_ARMY)))
    )
    return simulate(Scenario("stress", armies, organic, duration_ms=duration_ms), seed).events


def _countable(event: AnyEvent) -> bool:
    """Whether it can be found again: a deletion is told of a post that was."""
    return not (isinstance(event, Post) and event.deleted_at_ms is not None)


def renamed(event: AnyEvent, mark: str) -> AnyEvent:
    """The same with names that nobody else has."""
    names = {name: getattr(event, name, None) for name in _NAMES}
    return msgspec.structs.replace(event, **{name: mark + value for name, value in names.items() if value is not None})


def scheduled(events: Sequence[AnyEvent], start_ms: float, rate: float) -> Iterator[AnyEvent]:
    """Each event happens at the moment at which it is to be sent."""
    for number, event in enumerate(events):
        yield shifted(event, int(start_ms + number * 1000 / rate) - when_ms(event))


def identity(event: AnyEvent) -> str:
    """What an event is found by on Shoal's own topics."""
    routed = route([event])
    if routed.posts:
        return routed.posts[0].act
    if routed.actions:
        return routed.actions[0].act
    return _of_account(routed.accounts[0])


def _of_account(account: Account) -> str:
    return f"{account.account_id} {account.observed_at_ms}"


def identities(envelope: object) -> Iterator[str]:
    """The same of what is in an envelope."""
    for name in ("posts", "actions"):
        yield from (each.act for each in getattr(envelope, name, ()))
    yield from (_of_account(each) for each in getattr(envelope, "accounts", ()))
