"""What accounts did when, as one picture: a row an account, a mark an action, so that lockstep is a column of marks.

Rows whose accounts act on the same targets stand together. Targets differ by shape and by colour, so the picture
can be read without colour. Bounded: the busiest rows and targets, the rest is said in words.
"""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final, NamedTuple

from markupsafe import Markup

from console.web.hostile import hostile
from console.web.sentences import translated
from models.alerts import Alert

ROWS_MAX: Final = 60
TARGETS_MAX: Final = 6
"""Targets with a shape of their own; all others share one."""
WIDTH: Final = 960
LEFT: Final = 150
ROW_HEIGHT: Final = 12
TOP: Final = 26
TICKS: Final = 6
APART: Final = 110
"""Least distance of two moments on the axis."""
GAP_SHARE: Final = 0.25
"""A stretch without any action longer than this share of the whole is cut out and marked."""


class Lockstep(NamedTuple):
    """The picture, and in words what it leaves out."""

    svg: Markup
    words: str
    targets: list[tuple[str, str]]
    """(class of the shape, target) of the legend, in order."""


def lockstep(alert: Alert, language: str = "en") -> Lockstep:
    """Draw the acts of an alert; its `links` hold at most 2,000 of them. Words and dates are in `language`."""
    targets = [at for at, _ in Counter(link[1] for link in alert.links).most_common()]
    shape_of = {at: min(number, TARGETS_MAX) for number, at in enumerate(targets)}
    accounts = _rows(alert)
    shown = {account: row for row, account in enumerate(accounts[:ROWS_MAX])}
    acts = [link for link in alert.links if link[0] in shown]
    scale = _Scale([at_ms for _, _, at_ms in acts])
    parts = [
        _axis(scale, len(shown), language),
        *(_label(alert.accounts[account], row) for account, row in shown.items()),
    ]
    parts += [_mark(scale.x(at_ms), shown[account], shape_of[target]) for account, target, at_ms in acts]
    height = TOP + ROW_HEIGHT * max(len(shown), 1) + 8
    words = translated(_words(alert, len(shown), len(accounts), len(targets)), language)
    svg = Markup('<svg class="timeline" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, words, Markup("").join(parts)
    )
    return Lockstep(svg, words, [(f"t{shape_of[at]}", alert.targets[at].target) for at in targets[:TARGETS_MAX]])


def shape(kind: str) -> Markup:
    """A small picture of one shape, for the legend. `kind`: its class, t0 to t6."""
    mark = Markup('<path class="act {}" d="{}"/>').format(kind, _SHAPES[int(kind[1:])](6.0, 6.0))
    return Markup('<svg class="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">{}</svg>').format(
        mark
    )


def _rows(alert: Alert) -> list[int]:
    """Accounts in an order that puts those with the same targets together, the busiest groups first."""
    reached: dict[int, set[int]] = {}
    first: dict[int, int] = {}
    for account, target, at_ms in alert.links:
        reached.setdefault(account, set()).add(target)
        first.setdefault(account, at_ms)
    return sorted(reached, key=lambda a: (-len(reached[a]), sorted(reached[a]), first[a], alert.accounts[a]))


class _Scale:
    """Time to x; long silences are cut out."""

    def __init__(self, times_ms: list[int]) -> None:
        self.times = sorted(set(times_ms)) or [0]
        span_ms = max(self.times[-1] - self.times[0], 1)
        self.cuts = [(one, next_) for one, next_ in pairwise(self.times) if next_ - one > GAP_SHARE * span_ms]
        kept_ms = span_ms - sum(after - before for before, after in self.cuts)
        self._pause_ms = max(kept_ms * 0.04, 1.0)
        self._unit = (WIDTH - LEFT - 60) / max(kept_ms + len(self.cuts) * self._pause_ms, 1)

    def x(self, time_ms: int) -> float:
        """Place of a moment, in the units of the picture."""
        cut_ms = sum(after - before - self._pause_ms for before, after in self.cuts if time_ms >= after)
        return round(LEFT + (time_ms - self.times[0] - cut_ms) * self._unit, 1)


def _axis(scale: _Scale, rows: int, language: str) -> Markup:
    bottom = TOP + ROW_HEIGHT * max(rows, 1)
    times = scale.times
    parts = []
    last = -1.0 * APART
    for at_ms in sorted({times[round(number * (len(times) - 1) / (TICKS - 1))] for number in range(TICKS)}):
        place = scale.x(at_ms)
        if place - last < APART:
            continue
        last = place
        parts.append(Markup('<line class="axis" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>').format(place, TOP - 6, bottom))
        mark = Markup('<text class="axis" font-size="10" x="{}" y="14">{}</text>')
        parts.append(mark.format(place, _moment(at_ms, language)))
    for _, after in scale.cuts:
        # two strokes: fonts with a sign for it are rare
        cut = Markup('<path class="cut" d="M{0:.1f} {1}l3 -8m2 8l3 -8"><title>{2}</title></path>')
        left_out = translated("a long silence is left out here", language)
        parts.append(cut.format(scale.x(after) - 14, TOP + 2, left_out))
    return Markup("").join(parts)


def _label(name: str, row: int) -> Markup:
    short = name if len(name) <= 20 else name[:19] + "…"
    y = TOP + ROW_HEIGHT * row + 9
    line = Markup('<line class="row" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(LEFT - 6, WIDTH - 10, y - 3, y - 3)
    return line + Markup('<text class="account" text-anchor="end" font-size="9" x="{}" y="{}">{}</text>').format(
        LEFT - 12, y, plain(short)
    )


def _mark(x: float, row: int, kind: int) -> Markup:
    return Markup('<path class="act t{}" d="{}"/>').format(kind, _SHAPES[kind](x, TOP + ROW_HEIGHT * row + 6.0))


def plain(text: str) -> Markup:
    """Escaped, unseen characters by their code, without the elements of a page: for use inside a picture."""
    return Markup("{}").format(hostile(text).striptags())


_SHAPES: Final = (
    lambda x, y: f"M{x - 3.5:.1f} {y - 3.5:.1f}h7v7h-7z",
    lambda x, y: f"M{x:.1f} {y - 4.5:.1f}l4.5 8h-9z",
    lambda x, y: f"M{x:.1f} {y - 4.8:.1f}l4.8 4.8l-4.8 4.8l-4.8 -4.8z",
    lambda x, y: f"M{x:.1f} {y + 4.5:.1f}l4.5 -8h-9z",
    lambda x, y: f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    lambda x, y: f"M{x - 1.3:.1f} {y - 4:.1f}h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z",
    lambda x, y: f"M{x - 4.5:.1f} {y - 1.2:.1f}h9v2.4h-9z",
)


def _moment(at_ms: int, language: str) -> str:
    # names of months are English: other languages have figures
    day = "%d %b" if language == "en" else "%m-%d"
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime(f"{day} %H:%M:%S")


def _words(alert: Alert, shown: int, acting: int, targets: int) -> str:
    said = f"{shown} of {alert.accounts_total} accounts, a row each, by time; {targets} targets"
    if targets > TARGETS_MAX:
        said += f", of which the {TARGETS_MAX} busiest have a shape of their own"
    if acting > shown or alert.accounts_total > acting:
        said += "; accounts with the most targets first, the others are in the table"
    return said + "."
