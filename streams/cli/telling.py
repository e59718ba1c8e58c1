"""An alert in plain words, for whoever is awake at three in the morning."""

from collections.abc import Iterator
from datetime import UTC, datetime
from unicodedata import category

from rich.table import Table
from rich.text import Text

from models.alerts import Alert, AlertState, Outcome, Severity

_STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "dim",
}
REASONS_SHOWN = 4
ACCOUNTS_SHOWN = 5
LABEL_WIDTH = 24


def clock_time(time_ms: int) -> str:
    """Event time as `2026-01-05 16:21:07`, UTC."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def is_call(alert: Alert) -> bool:
    """Whether this revision calls somebody for the first time."""
    return alert.state is AlertState.OPENED


def one_line(alert: Alert) -> Text:
    """Time, state, severity, headline, name of the campaign."""
    line = Text(f"{clock_time(alert.at_ms)}  ", style="dim")
    line.append(f" {alert.severity.value.upper()} ", _STYLES[alert.severity])
    line.append(f" {alert.headline}")
    line.append(f"  [{alert.campaign} r{alert.revision}]", "dim")
    return line


def in_words(alert: Alert) -> Table:
    """The case in a few short lines: what, why not chance, why not honest, where to look first."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", style="dim", width=LABEL_WIDTH, no_wrap=True)
    grid.add_column()
    for label, sentence in _reasons(alert):
        grid.add_row(label, Text(sentence))
    return grid


def _reasons(alert: Alert) -> Iterator[tuple[str, str]]:
    for item in alert.synchrony:
        yield "together", item.sentence
    for item in [each for each in alert.inauthenticity if each.strength > 0][:REASONS_SHOWN]:
        yield "suspicious", item.sentence
    for family in alert.families[:1]:
        if family.texts:
            yield "they wrote", shortened(family.texts[0])
    for explanation in alert.explanations:
        if explanation.name != "chance":
            stands = "could be" if explanation.stands else "hardly"
            yield f"{stands} {explanation.name.replace('_', ' ')}", explanation.sentence
    first = list(dict.fromkeys(proof.account for proof in alert.proof))[:ACCOUNTS_SHOWN]
    if first:
        yield "look first at", ", ".join(first)


def outcome_words(outcome: Outcome) -> str:
    """What an outcome means."""
    return {
        Outcome.INAUTHENTIC: "act as one, and are not what they seem",
        Outcome.ORGANIC: "act as one, and are honest",
        Outcome.UNKNOWN: "act as one; too little is known",
    }[outcome]


def shortened(text: str, characters: int = 90) -> str:
    """One line of somebody's text without control, zero-width and direction characters: it goes to a terminal."""
    shown = "".join(" " if category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text)
    plain = " ".join("".join(letter for letter in shown if category(letter)[0] != "C").split())
    return plain if len(plain) <= characters else plain[: characters - 1] + "…"
