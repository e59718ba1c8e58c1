"""A column of the report as a small picture: one bar a week; a hidden count is a dash at the bottom."""

from typing import Final

from markupsafe import Markup

from console.reports.hiding import Report
from console.reports.table import cell

STEP: Final = 14
HEIGHT: Final = 48
WIDTH_MAX: Final = 420


def bars(report: Report, name: str, label: str) -> Markup:
    """Return an SVG of the column `name` over the weeks; `label` tells it in words."""
    counts = [line.counts[name] for line in report.weeks]
    most = max((count for count in counts if count is not None), default=0) or 1
    step = min(STEP, WIDTH_MAX / len(counts))
    rects = []
    for at, (line, count) in enumerate(zip(report.weeks, counts, strict=True)):
        height = 2 if count is None else round((HEIGHT - 2) * count / most)
        rect = Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"><title>{}: {}</title></rect>')
        told = cell(line, name, report.count_min)
        rects.append(
            rect.format(
                "few" if count is None else "whole", at * step, HEIGHT - height, step * 0.8, height, line.name, told
            )
        )
    width = round(step * len(counts))
    frame = Markup(
        '<svg class="weeks" width="{0}" height="{1}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}'
        '<line class="axis" x1="0" y1="{4}" x2="{0}" y2="{4}"/></svg>'
    )
    return frame.format(width, HEIGHT, label, Markup("").join(rects), HEIGHT - 0.5)
