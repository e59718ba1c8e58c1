"""Figures in words, and tables in Markdown."""

from collections.abc import Collection, Sequence

from detector.evidence.words import duration
from evaluation.evaluate.suite import Target

CONFIDENCE = 0.95


def figure(value: float | None) -> str:
    """A number as short as it can be read; – for none."""
    if value is None:
        return "–"
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3f}".rstrip("0")


def percent(share: float | None) -> str:
    """0.256 as 26 %, small shares with a digit more; – for none."""
    if share is None:
        return "–"
    return f"{100 * share:.0f} %" if share == 0 or share >= 0.0995 else f"{100 * share:.2g} %"


def span(time_ms: int | None) -> str:
    """A time that passed, – for none."""
    if time_ms is None:
        return "–"
    return f"−{duration(-time_ms)}" if time_ms < 0 else duration(time_ms)


def at_most(trials: int) -> str:
    """What none in so many trials rules out: the exact bound 1 − 0.05^(1/n)."""
    return f"at most {percent(1 - (1 - CONFIDENCE) ** (1 / trials))}"


def passed(met: bool) -> str:
    """A mark that is seen in black and white."""
    return "✔ met" if met else "**✘ missed**"


def target_words(target: Target) -> str:
    """What is promised."""
    limits = [
        f"{sign} {limit:g}" for sign, limit in (("≥", target.at_least), ("≤", target.at_most)) if limit is not None
    ]
    where = {"all": "all runs", "target-class": "armies that must be found"}.get(target.of, target.of)
    return f"{target.measure.replace('_', ' ')} {' and '.join(limits)} ({where})"


def picture(name: str, about: str, pictures: Collection[str]) -> str:
    """The picture with what it shows in words, if it was drawn."""
    return f"![{about}]({name})\n\n" if name in pictures else ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: int = 0) -> str:
    """A table in Markdown; the last `right` columns are set right. Pipes in cells are escaped."""
    left = len(head) - right
    lines = [_line(head), "|" + "---|" * left + "---:|" * right]
    return "\n".join([*lines, *map(_line, rows)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
