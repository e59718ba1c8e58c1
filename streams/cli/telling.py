"""An alert in plain words, for whoever is awake at three in the morning."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.text import Text

from models.alerts import Alert, AlertState, Outcome, Severity

_STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "dim",
}
REASONS_SHOWN = 4


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


def in_words(alert: Alert) -> Iterator[Text]:
    """The case in a few short lines: what, why not chance, why not honest, where to look first."""
    yield one_line(alert)
    for item in alert.synchrony:
        if item.name == "overlap":
            yield _reason("together", item.sentence)
    told = [item for item in alert.inauthenticity if item.strength > 0][:REASONS_SHOWN]
    for item in told:
        yield _reason("suspect", item.sentence)
    for family in alert.families[:1]:
        yield _reason("they wrote", _shortened(family.texts[0]) if family.texts else "")
    fallen = [explanation for explanation in alert.explanations if not explanation.stands]
    for explanation in fallen[:2]:
        yield _reason("not " + explanation.name.replace("_", " "), explanation.sentence)
    yield _reason("look first", ", ".join(dict.fromkeys(proof.account for proof in alert.proof[:5])))


def outcome_words(outcome: Outcome) -> str:
    """What an outcome means."""
    return {
        Outcome.INAUTHENTIC: "act as one, and are not what they seem",
        Outcome.ORGANIC: "act as one, and are honest",
        Outcome.UNKNOWN: "act as one; too little is known",
    }[outcome]


def _reason(label: str, sentence: str) -> Text:
    line = Text(f"    {label:>12}: ", style="dim")
    line.append(sentence)
    return line


def _shortened(text: str, characters: int = 90) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= characters else plain[: characters - 1] + "…"
