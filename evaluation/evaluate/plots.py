"""The scorecard's pictures. Needs matplotlib (the extra `evaluate`)."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evaluation.evaluate.card import AblationRow, Card, DialCurve
from evaluation.evaluate.comparisons import changes
from evaluation.evaluate.groups import ArmyRow, CrowdRow, army_rows, crowd_rows
from evaluation.evaluate.record import PLAIN, SHOAL
from evaluation.evaluate.summary import Summary

GOOD, BAD, SEEN, OURS, LIGHT = "#2a7f62", "#b3361f", "#b8b8b0", "#1f4e79", "#d9d9d2"
ROWS_MAX = 60
DPI = 130
Axis = Any


def draw(card: Card, folder: Path) -> list[str]:
    """Write the pictures into a folder; return the names of the files. Raises `ImportError` without matplotlib."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    ours = [record for record in card.runs if record.variant == PLAIN and record.method == SHOAL]
    armies, crowds = army_rows(ours), crowd_rows(ours)
    drawn: list[str] = []
    if armies:
        drawn.append(_save(folder, "armies.png", len(armies), lambda axis: _armies(axis, armies)))
        if card.delay.all:
            drawn.append(_save(folder, "delay.png", 12, lambda axis: _delay(axis, card)))
    if crowds:
        drawn.append(_save(folder, "crowds.png", len(crowds), lambda axis: _crowds(axis, crowds)))
    for dial in dict.fromkeys(curve.dial for curve in card.dials):
        curves = [curve for curve in card.dials if curve.dial == dial]
        drawn.append(_dials(folder, dial, curves))
    if any(changes(card.ablation[0].summary, row.summary) for row in card.ablation):
        drawn.append(_ablation(folder, card.ablation))
    if len(card.methods) > 1:
        drawn.append(_methods(folder, card))
    return drawn


def _save(folder: Path, name: str, rows: int, paint: Callable[[Axis], None]) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.6, 1.2 + 0.27 * min(rows, ROWS_MAX)), layout="constrained")
    paint(figure.subplots())
    figure.savefig(folder / name, dpi=DPI)
    return name


def _armies(axis: Axis, rows: Sequence[ArmyRow]) -> None:
    shown = rows[:ROWS_MAX][::-1]
    for at, row in enumerate(shown):
        color = GOOD if row.recall >= 0.5 else BAD
        axis.barh(at, row.recall, color=color, alpha=0.35, height=0.7)
        axis.plot(row.shares, [at] * len(row.shares), "o", color=color, markersize=3.5, alpha=0.7)
    axis.axvline(0.9, color="black", linewidth=0.8, linestyle=":")
    axis.set_yticks(range(len(shown)), [_label(row.scenario, row.group, row.target_class) for row in shown])
    axis.set_xlim(0, 1.02)
    axis.set_xlabel("share of the accounts named (bar: all seeds, dots: each; dotted: 0.9)")
    axis.set_ylim(-0.6, len(shown) - 0.4)
    axis.set_title("Armies, worst first (* must be found)", loc="left")


def _crowds(axis: Axis, rows: Sequence[CrowdRow]) -> None:
    shown = rows[:ROWS_MAX][::-1]
    for at, row in enumerate(shown):
        seeds = len(row.scores)
        axis.barh(at, row.listed / seeds, color=SEEN, height=0.7)
        axis.barh(at, row.alerted / seeds, color=BAD, height=0.45)
        axis.text(1.02, at, f"{row.alerted} of {seeds}", va="center", color=BAD if row.alerted else GOOD)
    axis.set_yticks(range(len(shown)), [_label(row.scenario, row.group, row.must_list) for row in shown])
    axis.set_xlim(0, 1.12)
    axis.set_xlabel("share of the seeds: listed (grey), wrongly called (red, and the number)")
    axis.set_ylim(-0.6, len(shown) - 0.4)
    axis.set_title("Honest crowds, worst first (* must be listed)", loc="left")


def _delay(axis: Axis, card: Card) -> None:
    for points, label, color, style in (
        (card.delay.target_class, "armies that must be found", GOOD, "-"),
        (card.delay.all, "all armies", OURS, "--"),
    ):
        if points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            axis.step(xs, ys, where="pre", label=label, color=color, linewidth=2, linestyle=style)
    axis.plot([0.5], [0.8], "k+", markersize=12, label="promised: 80 % of the armies at 50 %")
    axis.set_xlim(0, 1)
    axis.set_ylim(0, 1.03)
    axis.set_xlabel("share of the paid actions still to come when the alert opens, at least")
    axis.set_ylabel("share of the armies")
    axis.set_title("How early an alert opens (an army never called counts as 0)", loc="left")
    axis.legend(frameon=False, loc="lower left")


_DIAL_PANELS: tuple[tuple[str, str], ...] = (
    ("account_recall", "recall of accounts"),
    ("account_precision", "precision of accounts"),
    ("to_come", "paid actions still to come"),
)


def _dials(folder: Path, dial: str, curves: Sequence[DialCurve]) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 3.3), layout="constrained")
    axes = figure.subplots(1, len(_DIAL_PANELS), sharey=True)
    for axis, (measure, title) in zip(axes, _DIAL_PANELS, strict=True):
        for curve in curves:
            points = [(p.value, getattr(p.summary, measure)) for p in curve.points]
            known = [(value, found) for value, found in points if found is not None]
            axis.plot([v for v, _ in known], [f for _, f in known], "o-", label=curve.scenario, markersize=4)
        values = [point.value for curve in curves for point in curve.points]
        if min(values) > 0 and max(values) / min(values) > 30:
            axis.set_xscale("log")
            axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_ylim(-0.03, 1.05)
        axis.set_title(title, loc="left")
        axis.set_xlabel(curves[0].dial_name + (f" ({curves[0].unit})" if curves[0].unit else ""))
    axes[0].legend(frameon=False, fontsize=8)
    name = f"dial-{dial.replace('.', '-')}.png"
    figure.savefig(folder / name, dpi=DPI)
    return name


def _ablation(folder: Path, rows: Sequence[AblationRow]) -> str:
    from matplotlib.figure import Figure

    plain, *off = rows
    off = [row for row in off if changes(plain.summary, row.summary)]
    off = sorted(off, key=lambda row: _change(plain.summary, row.summary, "account_recall"))
    figure = Figure(figsize=(10.5, 1.2 + 0.24 * len(off)), layout="constrained")
    left, middle, right = figure.subplots(1, 3, sharey=True)
    places = range(len(off))[::-1]
    left.barh(places, [_change(plain.summary, row.summary, "account_recall") for row in off], color=OURS)
    middle.barh(places, [_change(plain.summary, row.summary, "to_come") for row in off], color=OURS)
    right.barh(places, [row.summary.false_calls - plain.summary.false_calls for row in off], color=BAD)
    left.set_yticks(places, [f"{row.name}  ({row.kind})" for row in off])
    titles = ("change of recall", "of actions still to come", "of wrong calls")
    for axis, title in zip((left, middle, right), titles, strict=True):
        axis.axvline(0, color="black", linewidth=0.8)
        axis.set_title(title, loc="left")
    figure.savefig(folder / "ablation.png", dpi=DPI)
    return "ablation.png"


def _change(plain: Summary, other: Summary, measure: str) -> float:
    return (getattr(other, measure) or 0.0) - (getattr(plain, measure) or 0.0)


def _methods(folder: Path, card: Card) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 1.4 + 0.42 * len(card.methods)), layout="constrained")
    axes = figure.subplots(1, 3, sharey=True)
    names = list(card.methods)[::-1]
    panels: tuple[tuple[str, Callable[[Summary], float]], ...] = (
        ("recall of accounts", lambda s: s.account_recall or 0.0),
        ("precision of accounts", lambda s: s.account_precision or 0.0),
        ("honest groups called", lambda s: s.honest_alerted / max(1, s.honest_groups)),
    )
    for axis, (title, value) in zip(axes, panels, strict=True):
        values = [value(card.methods[name].overall) for name in names]
        bad = title.startswith("honest")
        axis.barh(range(len(names)), values, color=[(BAD if bad else GOOD) if n == SHOAL else LIGHT for n in names])
        for at, each in enumerate(values):
            axis.text(each + 0.02, at, f"{each:.2f}", va="center")
        axis.set_xlim(0, 1.16)
        axis.set_xticks([0, 0.5, 1])
        axis.set_title(title, loc="left")
    axes[0].set_yticks(range(len(names)), names)
    figure.savefig(folder / "methods.png", dpi=DPI)
    return "methods.png"


def _label(scenario: str, group: str, marked: bool) -> str:
    name = scenario if group.replace(" ", "-") == scenario else f"{scenario}: {group}"
    return f"{name[:46]}{' *' if marked else ''}"
