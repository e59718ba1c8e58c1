"""What a comparison is made of."""

from msgspec import Struct


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
