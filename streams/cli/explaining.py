"""The reasoning of a case on a terminal: the answer first, then what holds it up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detector.evidence.reasoning import Innocent, Part, Reasoning, period_of, size_of
from detector.evidence.words import count, duration
from models.alerts import Alert, Outcome, Proof
from streams.cli.telling import clock_time, one_line, outcome_words, shortened

TARGETS_SHOWN = 8
FAMILIES_SHOWN = 3
TEXT_WIDTH = 160


def pages(reasoning: Reasoning) -> Iterator[RenderableType]:
    """Yield the sections in the order in which a tired person needs them."""
    alert = reasoning.alert
    yield one_line(alert)
    yield _verdict(reasoning)
    yield _titled("What happened", _what_happened(alert))
    yield _titled("Look first at", _proof(alert))
    yield _titled("Could it be chance?", _chance(reasoning))
    yield _titled("Are they what they seem?", _items(reasoning))
    yield _titled("Innocent explanations considered", _explanations(reasoning.explanations))
    yield _titled("How the case grew", _history(reasoning))
    yield Text(
        f"\ncampaign {alert.campaign}, revision {alert.revision}; made by Shoal {alert.detector_version}, "
        f"configuration {alert.configuration}",
        style="dim",
    )


def _titled(title: str, body: RenderableType) -> RenderableType:
    return Group(Text(f"\n{title}", style="bold"), Padding(body, (0, 0, 0, 2)))


def _verdict(reasoning: Reasoning) -> RenderableType:
    alert = reasoning.alert
    style = "bold red" if alert.outcome is Outcome.INAUTHENTIC else "bold"
    lines = [Text(f"These accounts {outcome_words(alert.outcome)}.", style=style), Text(reasoning.rule)]
    if alert.points_min:
        lines.append(Text(reasoning.sum, style="dim"))
    return Padding(Group(*lines), (1, 0, 0, 2))


def _what_happened(alert: Alert) -> RenderableType:
    lines: list[RenderableType] = [Text(f"{size_of(alert)}, {period_of(alert)}")]
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("target", "layer", "of them", "of all", "first action", "within", "author"):
        table.add_column(column, overflow="fold")
    for target in alert.targets[:TARGETS_SHOWN]:
        table.add_row(
            Text(shortened(target.target, 60)),
            target.layer,
            f"{target.members:,}",
            f"{target.accounts_in_window:,}",
            clock_time(target.first_ms),
            duration(target.last_ms - target.first_ms),
            Text(shortened(target.author or "-", 24)),
        )
    lines.append(table)
    if alert.targets_total > TARGETS_SHOWN:
        lines.append(Text(f"and {alert.targets_total - TARGETS_SHOWN:,} more targets", style="dim"))
    for family in alert.families[:FAMILIES_SHOWN]:
        lines.append(Text(f"{family.posts:,} wrote, {round(100 * family.similarity_median)} % alike (median):"))
        lines.append(_indented(*(Text(f"“{shortened(text, TEXT_WIDTH)}”") for text in family.texts)))
    if len(alert.families) > FAMILIES_SHOWN:
        lines.append(Text(f"and {len(alert.families) - FAMILIES_SHOWN:,} more families of texts", style="dim"))
    return Group(*lines)


def _chance(reasoning: Reasoning) -> RenderableType:
    alert = reasoning.alert
    answer = "It could." if alert.p_log10 > -1 else f"Hardly: {alert.chance}."
    if alert.kind == "batch":
        answer += " One target only, so nothing repeats: the manner and the accounts must tell."
    return Group(Text(answer), *(_part(part, False) for part in reasoning.synchrony))


def _items(reasoning: Reasoning) -> RenderableType:
    lines: list[RenderableType] = [_part(part, bool(reasoning.alert.points_min)) for part in reasoning.inauthenticity]
    if not lines:
        lines.append(Text("Nothing that was looked at speaks against them."))
    if reasoning.silent:
        lines.append(Text("Looked at, and found nothing:", style="dim"))
        lines.append(_indented(*(Text(f"{_plain(part.name)}: {part.sentence}", "dim") for part in reasoning.silent)))
    return Group(*lines)


def _part(part: Part, weighed: bool) -> RenderableType:
    head = Text(_plain(part.name), style="bold")
    if weighed:
        head.append(f"  {part.counted:g} of {part.points:g} points" if part.why_less else f"  {_points(part.points)}")
    below = [Text(part.sentence)]
    if part.why_less:
        below.append(Text(f"Held back: {part.why_less}.", style="yellow"))
    if part.formula:
        source = f" [{part.source}]" if part.source else ""
        below.append(Text(f"how: {part.formula}{source}", style="dim"))
    if part.held_against:
        below.append(Text(f"limits: {_pairs(part.held_against.items())}", style="dim"))
    return Group(head, _indented(*below))


def _explanations(considered: list[Innocent]) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for found in considered:
        line = Text(f"{_plain(found.name)}: ", style="bold").append(found.sentence, style="not bold")
        if found.takes_away:
            line.append(f"\nIt takes away: {_names(found.takes_away)}.", style="not bold yellow")
        elif found.would_take_away:
            line.append(f"\nIt would take away: {_names(found.would_take_away)}.", style="not bold dim")
        grid.add_row(Text("stands", "bold yellow") if found.stands else Text("falls", "green"), line)
    return grid if considered else Text("None was fitting.")


def _proof(alert: Alert) -> RenderableType:
    """Target by target, so that nothing is cut off on a narrow terminal."""
    events: dict[tuple[str, str], list[Proof]] = defaultdict(list)
    for proof in sorted(alert.proof, key=lambda each: (each.time_ms, each.account)):
        events[proof.layer, proof.target].append(proof)
    lines: list[RenderableType] = []
    for (layer, target), proofs in events.items():
        lines.append(Text(f"{shortened(target, 60)} ({layer})"))
        grid = Table.grid(padding=(0, 2, 0, 0))
        for proof in proofs:
            grid.add_row(clock_time(proof.time_ms), *(Text(shortened(name, 48)) for name in (proof.account, proof.act)))
        lines.append(_indented(grid))
    return Group(*lines)


def _history(reasoning: Reasoning) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for step in reasoning.history:
        outcome = step.outcome.removeprefix("coordinated_")
        size = f"{count(step.accounts, 'account')}, {count(step.targets, 'target')}"
        line = Text(f"{step.state}, {outcome}: {size}, {_points(step.points)}")
        line.append(f" ({step.changed})", style="dim")
        grid.add_row(f"r{step.revision}", clock_time(step.at_ms), line)
    return grid


def _indented(*lines: RenderableType) -> RenderableType:
    return Padding(Group(*lines), (0, 0, 0, 2))


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in pairs)


def _points(points: float) -> str:
    return f"{points:g} point" + ("" if points == 1 else "s")


def _names(names: Iterable[str]) -> str:
    return ", ".join(_plain(name) for name in names)


def _plain(name: str) -> str:
    return name.replace("_", " ")
