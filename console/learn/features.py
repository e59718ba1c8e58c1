"""What a decided case is learned from: the evidence of the revision that a person decided on.

Bodies have up to half a megabyte, so only what is needed is decoded, and revisions never change, so it is kept.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Engine, and_, or_, select

from streams.store.engine import reading
from streams.store.tables import alert_revisions

KEPT_MAX: Final = 20_000
_AT_ONCE: Final = 100


class _Item(Struct, frozen=True):
    name: str
    points: float = 0.0
    counted: float = 0.0


class _Target(Struct, frozen=True):
    layer: str


class Features(Struct, frozen=True):
    """The part of an alert that labels need, decoded by the same names."""

    campaign: str
    revision: int
    kind: str
    outcome: str
    severity: str
    accounts_total: int
    targets_total: int
    first_action_ms: int
    last_action_ms: int
    p_log10: float
    detector_version: str
    configuration: str
    inauthenticity: tuple[_Item, ...]
    targets: tuple[_Target, ...]
    points: float = 0.0
    operator: str | None = None

    @property
    def spoke(self) -> dict[str, float]:
        """Points of each item that spoke, by name, whether they counted or not."""
        return {item.name: item.points for item in self.inauthenticity if item.points > 0}

    @property
    def counted(self) -> tuple[str, ...]:
        """Items that counted, sorted."""
        return tuple(sorted(item.name for item in self.inauthenticity if item.counted > 0))

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers of the targets, sorted."""
        return tuple(sorted({target.layer for target in self.targets}))


_DECODER = msgspec.json.Decoder(Features)


class FeatureCache:
    """Features by (campaign, revision), at most `KEPT_MAX` of them; safe in threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], Features] = OrderedDict()
        self._lock = Lock()

    def of(self, engine: Engine, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Features]:
        """Features of the revisions that are in the store."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in keys if key not in found]
        for begin in range(0, len(missing), _AT_ONCE):
            found |= _read(engine, missing[begin : begin + _AT_ONCE])
        with self._lock:
            for key in missing:
                if key in found:
                    self._kept[key] = found[key]
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return found


def _read(engine: Engine, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Features]:
    table = alert_revisions
    wanted = or_(*(and_(table.c.campaign == campaign, table.c.revision == revision) for campaign, revision in keys))
    with reading(engine) as connection:
        bodies = [body for (body,) in connection.execute(select(table.c.body).where(wanted))]
    decoded = map(_DECODER.decode, bodies)
    return {(each.campaign, each.revision): each for each in decoded}
