"""A topic's last hour as a small picture: accounts a minute, those in question below."""

from typing import Final

from markupsafe import Markup

from console.web.hostile import hostile
from models.trends import TrendMoment

BAR: Final = 5
HEIGHT: Final = 36


def sparkline(series: list[TrendMoment], label: str) -> Markup:
    """One bar a minute, at most 60; the dark part came from accounts in question. `label` tells it in words."""
    most = max((moment.accounts for moment in series), default=0) or 1
    bars = []
    for at, moment in enumerate(series[-60:]):
        whole = -(-HEIGHT * moment.accounts // most)
        part = min(whole, -(-HEIGHT * moment.in_question // most))
        rect = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>')
        bars.append(rect.format("c0", at * BAR, HEIGHT - whole, BAR - 1, whole))
        bars.append(rect.format("c1", at * BAR, HEIGHT - part, BAR - 1, part) if part else Markup(""))
    width = BAR * max(len(series[-60:]), 1)
    frame = Markup(
        '<svg class="spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>'
    )
    return frame.format(width, HEIGHT, hostile(label).striptags(), Markup("").join(bars))
