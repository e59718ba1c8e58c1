"""Live and shadow side by side: raised only here, only there, or in both and how they differ.

Cases are matched by the accounts that they share, as sketches of them tell (`console.shadow.sketch`).
"""

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, and_, or_, select

from console.learn.features import FeatureCache
from console.learn.precision import FEW, wilson
from console.shadow.entries import Agreement, Comparison, Pair, Side
from console.shadow.read import CASES_MAX, live_cases, seen, shadow_cases, state
from console.shadow.sketch import overlap, sketch
from models.alerts import Outcome
from streams.store.engine import reading
from streams.store.shadow_tables import shadow_alerts
from streams.store.tables import alert_revisions

SHARED_MIN: Final = 0.3
"""Cases are the same if so much of the smaller one is in the other."""
PART: Final = "part"
_COMPARED_MAX: Final = 20
_KEPT_MAX: Final = 20_000
_AT_ONCE: Final = 100


class Shadows:
    """Compares; keeps the sketches of what it has read. Safe in threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, int], tuple[int, ...]] = OrderedDict()
        self._features = FeatureCache()
        self._compared: dict[str, tuple[tuple[Any, ...], Comparison | None]] = {}
        self._lock = Lock()

    def compare(self, engine: Engine, shadow: str) -> Comparison | None:
        """Compare the live cases with those of a shadow; None if there is no such shadow.

        What was compared is kept until a case or a decision changes.
        """
        with reading(engine) as connection:
            now = state(connection, shadow)
        before = self._compared.get(shadow)
        if before is None or before[0] != now:
            before = (now, self._compare(engine, shadow))
            self._compared[shadow] = before
            while len(self._compared) > _COMPARED_MAX:
                self._compared.pop(next(iter(self._compared)), None)
        return before[1]

    def _compare(self, engine: Engine, shadow: str) -> Comparison | None:
        with reading(engine) as connection:
            span = seen(connection, shadow)
            if span is None:
                return None
            from_ms, until_ms, configuration = span
            live, listed = live_cases(connection, from_ms, until_ms)
            other = shadow_cases(connection, shadow, from_ms, until_ms)
        # what was raised, decided, and is only listed since
        then = self._features.of(engine, [*listed])
        unraised = {key[0] for key in listed if key not in then or then[key].outcome != Outcome.INAUTHENTIC}
        live = [side for side in live if side.campaign not in unraised]
        cut = len(live) > CASES_MAX or len(other) > CASES_MAX
        live, other = live[:CASES_MAX], other[:CASES_MAX]
        mine = self._sketches(engine, "", live)
        theirs = self._sketches(engine, shadow, other)
        both = _match(live, other, mine, theirs)
        kept = {pair.live.campaign for pair in both}
        matched = {pair.shadow.campaign for pair in both}
        only_live = [side for side in live if side.campaign not in kept]
        return Comparison(
            shadow, configuration, from_ms, until_ms, only_live,
            [side for side in other if side.campaign not in matched], both,
            _agreement(live), _agreement([side for side in live if side.campaign in kept]), _agreement(only_live), cut,
        )  # fmt: skip

    def _sketches(self, engine: Engine, shadow: str, sides: Sequence[Side]) -> dict[str, tuple[int, ...]]:
        with self._lock:
            keys = {side.campaign: (shadow, side.campaign, side.revision) for side in sides}
            found = {name: self._kept[key] for name, key in keys.items() if key in self._kept}
        missing = [side for side in sides if side.campaign not in found]
        for begin in range(0, len(missing), _AT_ONCE):
            found |= _read(engine, shadow, missing[begin : begin + _AT_ONCE])
        with self._lock:
            self._kept.update({keys[side.campaign]: found[side.campaign] for side in missing})
            while len(self._kept) > _KEPT_MAX:
                self._kept.popitem(last=False)
        return found


class _Accounts(Struct, frozen=True):
    campaign: str
    accounts: tuple[str, ...]


_DECODER = msgspec.json.Decoder(_Accounts)


def _read(engine: Engine, shadow: str, sides: Sequence[Side]) -> dict[str, tuple[int, ...]]:
    if shadow:
        table: Any = shadow_alerts
        wanted = (table.c.shadow == shadow) & table.c.campaign.in_([side.campaign for side in sides])
    else:
        table = alert_revisions
        wanted = or_(
            *(and_(table.c.campaign == side.campaign, table.c.revision == side.revision) for side in sides)
        )  # fmt: skip
    with reading(engine) as connection:
        bodies = [body for (body,) in connection.execute(select(table.c.body).where(wanted))]
    decoded = map(_DECODER.decode, bodies)
    empty: dict[str, tuple[int, ...]] = {side.campaign: () for side in sides}
    return empty | {each.campaign: sketch(each.accounts) for each in decoded}


def _match(
    live: Sequence[Side],
    other: Sequence[Side],
    mine: dict[str, tuple[int, ...]],
    theirs: dict[str, tuple[int, ...]],
) -> list[Pair]:
    """Each case with the one of the other side that shares most with it, the largest shares first."""
    found = _candidates(live, other, mine, theirs)
    pairs = []
    taken: set[tuple[str, str]] = set()
    for whole in (True, False):
        # the second time round: what is in no case of its own over there, and yet its accounts were raised
        for shared, side, its in found:
            ends = {("live", side.campaign), ("shadow", its.campaign)}
            if ends <= taken or (whole and not ends.isdisjoint(taken)):
                continue
            taken |= ends
            differs = _differs(side, its)
            pairs.append(Pair(side, its, round(shared, 3), differs if whole else (PART, *differs)))
    return sorted(pairs, key=lambda pair: (-pair.live.last_action_ms, pair.live.campaign, pair.shadow.campaign))


def _candidates(
    live: Sequence[Side],
    other: Sequence[Side],
    mine: dict[str, tuple[int, ...]],
    theirs: dict[str, tuple[int, ...]],
) -> list[tuple[float, Side, Side]]:
    holders: dict[int, list[str]] = defaultdict(list)
    for name, hashes in theirs.items():
        for each in hashes:
            holders[each].append(name)
    by_name = {side.campaign: side for side in other}
    found = []
    for side in live:
        for name in {name for each in mine[side.campaign] for name in holders.get(each, ())}:
            its = by_name[name]
            shared = overlap(mine[side.campaign], side.accounts_total, theirs[name], its.accounts_total)
            if shared >= SHARED_MIN:
                found.append((shared, side, its))
    return sorted(found, key=lambda each: (-each[0], each[1].campaign, each[2].campaign))


def _differs(live: Side, its: Side) -> tuple[str, ...]:
    checks = (
        ("severity", live.severity != its.severity),
        ("accounts", abs(live.accounts_total - its.accounts_total) >= 0.1 * max(1, live.accounts_total)),
        ("points", abs(live.points - its.points) >= 0.5),
        ("kind", live.kind != its.kind),
        ("earlier", its.first_action_ms <= live.first_action_ms - 60_000),
        ("later", its.first_action_ms >= live.first_action_ms + 60_000),
    )
    return tuple(name for name, differs in checks if differs)


def _agreement(sides: Sequence[Side]) -> Agreement:
    confirmed = sum(side.status == "confirmed" for side in sides)
    dismissed = sum(side.status == "dismissed" for side in sides)
    total = confirmed + dismissed
    low, high = wilson(confirmed, total)
    return Agreement(confirmed, dismissed, confirmed / total if total >= FEW else None, low, high)
