"""Sections of the scorecard that compare: dials, ablation, peers."""

from collections.abc import Collection

from detector.evidence.words import duration
from evaluation.evaluate.card import Card, DialCurve, DialPoint
from evaluation.evaluate.record import SHOAL
from evaluation.evaluate.sentences import figure, percent, picture, table
from evaluation.evaluate.summary import Summary


def weakest(curve: DialCurve) -> DialPoint:
    """The point of the lowest recall."""
    return min(curve.points, key=lambda point: point.summary.account_recall or 0.0)


def strongest(curve: DialCurve) -> DialPoint:
    """The point of the highest recall."""
    return max(curve.points, key=lambda point: point.summary.account_recall or 0.0)


def dial(dial: str, card: Card, pictures: Collection[str]) -> str:
    """One dial: its picture, and a table for each scenario."""
    curves = [curve for curve in card.dials if curve.dial == dial]
    shown = picture(
        f"dial-{dial.replace('.', '-')}.png", f"Recall, precision and delay against {curves[0].dial_name}", pictures
    )
    unit = f" ({curves[0].unit})" if curves[0].unit else ""
    return f"## Dial: {curves[0].dial_name}{unit}\n\n{shown}" + "\n\n".join(_dial_table(curve) for curve in curves)


def _dial_table(curve: DialCurve) -> str:
    head = (curve.scenario, *(f"{point.value:g}" for point in curve.points))
    measures = ("account_recall", "account_precision", "campaign_recall", "to_come", "after_first_s", "false_calls")
    rows = [
        (name.replace("_", " "), *(figure(getattr(point.summary, name)) for point in curve.points)) for name in measures
    ]
    return table(head, rows, right=len(curve.points))


def ablation(card: Card, pictures: Collection[str]) -> str:
    """What changes without each item, explanation and signal."""
    if len(card.ablation) < 2:
        return ""
    plain, *off = card.ablation
    base = plain.summary
    rows = [
        (
            f"{row.name} ({row.kind})",
            _signed(row.summary.account_recall, base.account_recall),
            _signed(row.summary.account_precision, base.account_precision),
            f"{row.summary.armies_found - base.armies_found:+d}",
            f"{row.summary.false_calls - base.false_calls:+d}",
            f"{row.summary.honest_alerted - base.honest_alerted:+d}",
            duration_of(row.summary.after_first_s),
            _ratio(base.events_per_s, row.summary.events_per_s),
        )
        for row in sorted(off, key=lambda row: (row.summary.account_recall or 0.0, -row.summary.false_calls))
    ]
    head = (
        "without, or with", "recall", "precision", "armies found", "wrong calls", "honest groups called",
        "alert after 1st", "time per event",
    )  # fmt: skip
    told = (
        f"With everything: recall {figure(base.account_recall)}, precision {figure(base.account_precision)}, "
        f"{base.armies_found} of {base.armies} armies, {base.false_calls} wrong calls, {base.honest_alerted} of "
        f"{base.honest_groups} honest groups called; first alert {duration_of(base.after_first_s)} after an "
        "army's first action (median). What changes without one thing, or with other settings:"
    )
    shown = picture("ablation.png", "What each signal is worth", pictures)
    return f"## Ablation\n\n{told}\n\n{shown}{table(head, rows, right=7)}"


def duration_of(seconds: float | None) -> str:
    """In words; a dash for never."""
    return "–" if seconds is None else duration(round(seconds * 1000))


def _ratio(base: float, other: float) -> str:
    return f"× {base / other:.2f}" if base and other else "–"


def _signed(value: float | None, base: float | None) -> str:
    return "–" if value is None or base is None else f"{value - base:+.3f}"


def methods(card: Card, pictures: Collection[str]) -> str:
    """Shoal and its peers."""
    if len(card.methods) < 2:
        return ""
    rows = [_method_row(name, each.version, each.overall) for name, each in card.methods.items()]
    head = (
        "method", "version", "runs", "recall", "precision", "armies found", "weighted precision", "honest called",
        "honest pairs linked", "events/s", "MB",
    )  # fmt: skip
    shown = picture("methods.png", "Shoal and its peers on the same events", pictures)
    return (
        "## Against peers\n\nThe same events, the same run, the same scoring; every group that a peer finds counts as "
        f"a call, since peers know no other answer.\n\n{shown}{table(head, rows, right=9)}"
    )


def _method_row(name: str, version: str, summary: Summary) -> tuple[str, ...]:
    return (
        f"**{name}**" if name == SHOAL else name,
        version,
        str(summary.runs),
        figure(summary.account_recall),
        figure(summary.account_precision),
        f"{summary.armies_found} of {summary.armies}",
        figure(summary.weighted_precision),
        f"{summary.honest_alerted} of {summary.honest_groups}",
        percent(summary.pairs_together_share),
        f"{summary.events_per_s:,.0f}",
        f"{summary.peak_rss_mb:,.0f}",
    )
