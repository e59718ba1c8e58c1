"""Actions of a case as a picture: accounts down, time across, where lockstep is seen at a glance."""

from typing import NamedTuple

from models.alerts import Alert

ROWS_MAX = 60
WIDTH = 960
ROW_HEIGHT = 9
TOP = 6
COLOURS = 6


class Dot(NamedTuple):
    """One action, in units of the picture; `colour` tells targets apart (0 to `COLOURS` − 1)."""

    x: float
    y: float
    colour: int


class Timeline(NamedTuple):
    """The picture, and how many accounts of how many are in it."""

    width: int
    height: int
    dots: list[Dot]
    shown: int
    total: int
    first_ms: int
    last_ms: int


def timeline(alert: Alert) -> Timeline | None:
    """Lay out the first `ROWS_MAX` accounts in order of their first action; None without actions."""
    if not alert.links:
        return None
    row_of: dict[int, int] = {}
    for account, _, _ in alert.links:
        row_of.setdefault(account, len(row_of))
    first_ms, last_ms = alert.links[0][2], alert.links[-1][2]
    scale = (WIDTH - 2 * TOP) / max(1, last_ms - first_ms)
    dots = [
        Dot(round(TOP + (at_ms - first_ms) * scale, 1), TOP + row_of[account] * ROW_HEIGHT, target % COLOURS)
        for account, target, at_ms in alert.links
        if row_of[account] < ROWS_MAX
    ]
    shown = min(len(row_of), ROWS_MAX)
    return Timeline(WIDTH, 2 * TOP + shown * ROW_HEIGHT, dots, shown, alert.accounts_total, first_ms, last_ms)
