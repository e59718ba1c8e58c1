"""Live and shadow side by side: raised only here, only there, or in both and how they differ.

Cases are matched by the accounts that they share, as sketches of them tell (`console.shadow.sketch`).
"""

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, and_, case, func, or_, select

from console.decisions.tables import case_status
from console.learn.features import FeatureCache
from console.learn.precision import FEW, wilson
from console.shadow.sketch import overlap, sketch
from models.alerts import Outcome
from streams.store.engine import reading, writing
from streams.store.shadow_tables import shadow_alerts
from streams.store.tables import alert_revisions, alerts

SHARED_MIN: Final = 0.3
"""Cases are the same if so much of the smaller one is in the other."""
CASES_MAX: Final = 1_000
"""Newest called cases of each side that are compared."""
PART: Final = "part"
_KEPT_MAX: Final = 20_000
_AT_ONCE: Final = 100
_CALLED: Final = ("opened", "updated", "closed")


class Side(Struct, frozen=True):
    """One case as one side raised it."""

    campaign: str
    revision: int
    state: str
    kind: str
    severity: str
    headline: str
    accounts_total: int
    points: float
    first_action_ms: int
    last_action_ms: int
    status: str = ""
    """What people decided, of live cases: `open`, `confirmed`, `dismissed`, …"""


class Pair(Struct, frozen=True):
    """The same case on both sides."""

    live: Side
    shadow: Side
    shared: float
    """Share of the smaller one's accounts that the other has, as the sketches estimate it."""
    differs: tuple[str, ...]
    """`severity`, `kind`, `accounts` (by a tenth or more), `points` (by 0.5 or more), `earlier`, `later` (the shadow's
    first action in it, by a minute or more); `part` where one side has one case and the other several."""


class Agreement(Struct, frozen=True):
    """What people said so far of a set of live cases."""

    confirmed: int
    dismissed: int
    share: float | None
    low: float
    high: float


class Comparison(Struct, frozen=True):
    """The whole comparison."""

    shadow: str
    configuration: str
    from_ms: int
    until_ms: int
    """Event time that both sides have seen; cases whose actions end outside are left out."""
    only_live: list[Side]
    only_shadow: list[Side]
    both: list[Pair]
    agreed_live: Agreement
    """Of every live case in the time that both have seen."""
    agreed_kept: Agreement
    """Of those live cases that the shadow would have raised too."""
    agreed_lost: Agreement
    """Of those that it would not have raised."""
    cut: bool
    """There were more than `CASES_MAX` on a side; the newest were compared."""


class Shadows:
    """Compares; keeps the sketches of what it has read. Safe in threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, int], tuple[int, ...]] = OrderedDict()
        self._features = FeatureCache()
        self._lock = Lock()

    def compare(self, engine: Engine, shadow: str) -> Comparison | None:
        """Compare the live cases with those of a shadow; None if there is no such shadow."""
        with reading(engine) as connection:
            seen = _seen(connection, shadow)
            if seen is None:
                return None
            from_ms, until_ms, configuration = seen
            live, listed = _live(connection, from_ms, until_ms)
            other = _shadow(connection, shadow, from_ms, until_ms)
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


def shadows(engine: Engine) -> list[dict[str, Any]]:
    """Every shadow: name, newest event time, cases, cases that it would have raised; newest first."""
    table = shadow_alerts
    called = func.sum(case((table.c.called, 1), else_=0))
    query = select(table.c.shadow, func.max(table.c.at_ms), func.count(), called).group_by(table.c.shadow)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(func.max(table.c.at_ms).desc(), table.c.shadow).limit(CASES_MAX))
        names = ("shadow", "at_ms", "cases", "called")
        return [dict(zip(names, row, strict=True)) for row in rows]


def forget(engine: Engine, shadow: str) -> int:
    """Remove everything of a shadow; return how many cases that were."""
    with writing(engine) as connection:
        done = connection.execute(shadow_alerts.delete().where(shadow_alerts.c.shadow == shadow))
        return int(done.rowcount)


def _seen(connection: Any, shadow: str) -> tuple[int, int, str] | None:
    table = shadow_alerts
    own = select(func.min(table.c.first_action_ms), func.max(table.c.at_ms)).where(table.c.shadow == shadow)
    theirs = connection.execute(own).one()
    mine = connection.execute(select(func.min(alerts.c.first_action_ms), func.max(alerts.c.at_ms))).one()
    if theirs[0] is None:
        return None
    newest = select(table.c.configuration).where(table.c.shadow == shadow).order_by(table.c.at_ms.desc()).limit(1)
    configuration = connection.execute(newest).scalar_one()
    if mine[0] is None:
        return theirs[0], theirs[1], configuration
    return max(mine[0], theirs[0]), min(mine[1], theirs[1]), configuration


_SIDE: Final = tuple(name for name in Side.__struct_fields__ if name != "status")


def _live(connection: Any, from_ms: int, until_ms: int) -> tuple[list[Side], list[tuple[str, int]]]:
    """Live cases that were raised or decided; and those that are listed now, with the revision decided on."""
    status = func.coalesce(case_status.c.status, "open")
    raised = alerts.c.state.in_(_CALLED) | status.in_(("confirmed", "dismissed", "pending"))
    within = alerts.c.last_action_ms.between(from_ms, until_ms)
    query = (
        select(*(alerts.c[name] for name in _SIDE), status, case_status.c.decided_revision)
        .select_from(alerts.outerjoin(case_status, case_status.c.campaign == alerts.c.campaign))
        .where(raised & within)
        .order_by(alerts.c.last_action_ms.desc(), alerts.c.campaign)
        .limit(CASES_MAX + 1)
    )
    rows = connection.execute(query).all()
    listed = [(row.campaign, row.decided_revision) for row in rows if row.state not in _CALLED]
    return [Side(*row[:-1]) for row in rows], listed


def _shadow(connection: Any, shadow: str, from_ms: int, until_ms: int) -> list[Side]:
    table = shadow_alerts
    own = (table.c.shadow == shadow) & table.c.called & table.c.last_action_ms.between(from_ms, until_ms)
    query = select(*(table.c[name] for name in _SIDE)).where(own)
    rows = connection.execute(query.order_by(table.c.last_action_ms.desc(), table.c.campaign).limit(CASES_MAX + 1))
    return [Side(*row) for row in rows]


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
