"""`shoal trends`: topics of trending lists in files, with the places they would have without bought accounts."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from models.alerts import Alert
from models.trends import ACTIVITY_LIST, CorrectedList, ListLine, TrendOutcome, TrendVerdict
from streams.cli.console import err, out, progress_bar
from streams.cli.detector_settings import read_detector_settings
from streams.cli.errors import UserError
from streams.cli.replay import Tracker, refuse_overwriting, refuse_packed
from streams.cli.telling import clock_time, shortened

if TYPE_CHECKING:
    from streams.embedded import EmbeddedRun, Summary

STYLES: Final = {
    TrendOutcome.MANUFACTURED: "bold red",
    TrendOutcome.MIXED: "yellow",
    TrendOutcome.ORGANIC: "green",
    TrendOutcome.TOO_LITTLE_DATA: "dim",
}
WORDS: Final = {
    TrendOutcome.MANUFACTURED: "looks bought",
    TrendOutcome.MIXED: "pushed in part",
    TrendOutcome.ORGANIC: "looks like people",
    TrendOutcome.TOO_LITTLE_DATA: "too little data",
}
LINES_SHOWN: Final = 20


def trends(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files of events in order of time, or '-'.")],
    on_list: Annotated[
        str | None,
        typer.Option("--list", help="Show this list at the end; 'activity' is the one built from posts and likes."),
    ] = None,
    verdicts: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Write every verdict with its reasons and series.")
    ] = None,
    lists: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Write every state of every list, places corrected.")
    ] = None,
    dead_letters: Annotated[
        Path | None, typer.Option(metavar="OUT.jsonl", help="Write the rejected lines with their reasons.")
    ] = None,
    settings: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="The detector's settings.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print the reasons of each call too.")] = False,
) -> None:
    """Say of each topic whether people or bought accounts move it.

    Reads what `shoal replay` reads. Lines of type "trend" are the platform's own lists; without any, a list is
    built from posts and likes. At the end each list is shown with the places that its topics would have
    without the accounts in question.

    [bold]Examples[/bold]

      shoal trends monday.jsonl --explain

      shoal trends trends.jsonl --list hot --verdicts verdicts.jsonl (shoal simulate trends -o trends.jsonl makes one)
    """
    from streams.embedded import EmbeddedRun

    detector_settings = read_detector_settings(settings)
    if not detector_settings.trends.enabled:
        raise UserError(f"{settings} switches trends off (trends.enabled = false): nothing would be said")
    refuse_packed(files, "trends")
    refuse_overwriting(files, [verdicts, lists, dead_letters])
    with ExitStack() as stack:
        tracker = _Tracker(stack.enter_context(progress_bar()), files, explain)
        run = EmbeddedRun(
            detector_settings,
            dead_letters_path=None if dead_letters is None else str(dead_letters),
            verdicts_path=None if verdicts is None else str(verdicts),
            lists_path=None if lists is None else str(lists),
            progress=tracker.progress,
            on_verdict=tracker.verdict,
        )
        done = run.run(tracker.batches())
    _conclude(run, done, on_list)


class _Tracker(Tracker):
    """Prints the first call of each topic as it is made."""

    def __init__(self, bar: object, files: list[str], explain: bool) -> None:
        super().__init__(bar, files, "watching")
        self._explain = explain
        self._called: dict[str, TrendOutcome] = {}

    def told(self, alerts: list[Alert]) -> None:
        """Campaigns are not what was asked for here."""

    def verdict(self, verdict: TrendVerdict) -> None:
        """Print a word that calls a topic, unless it is the one before."""
        calls = verdict.outcome in {TrendOutcome.MANUFACTURED, TrendOutcome.MIXED}
        if calls and self._called.get(verdict.key) is not verdict.outcome:
            out.print(_one_line(verdict))
            if self._explain:
                for sentence in _in_words(verdict):
                    out.print(sentence)
        self._called[verdict.key] = verdict.outcome


def _one_line(verdict: TrendVerdict) -> Text:
    line = Text(f"{clock_time(verdict.at_ms)}  ", style="dim")
    line.append(shortened(verdict.headline, 300), STYLES[verdict.outcome])
    return line


def _in_words(verdict: TrendVerdict) -> Iterable[Text]:
    for reason in verdict.reasons:
        yield Text(f"    {reason.sentence}")
    known = ", ".join(verdict.known) or "nothing"
    if verdict.accuracy is not None:
        found, wrong = verdict.accuracy.found, verdict.accuracy.wrongly_called
        measured = f"; on simulated bursts that is {found:.0%} of the bought found and {wrong:.1%} of the honest called"
        yield Text(f"    known of the accounts: {known}{measured}", style="dim")


def _conclude(run: "EmbeddedRun", done: "Summary", on_list: str | None) -> None:
    err.print(f"{done.events:,} events in {done.seconds:,.1f} s ({done.events_per_s:,.0f} events/s)")
    if done.rejected:
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in done.rejected.items())
        err.print(f"{sum(done.rejected.values()):,} lines were rejected: {reasons}", style="yellow")
    if on_list is not None and on_list not in run.lists:
        known = ", ".join(sorted(run.lists)) or "none"
        raise UserError(f"there was no list {on_list}; lists seen: {known}")
    if not run.lists:
        out.print("No topic was busy enough for a place on a list.")
    for name in sorted(run.lists) if on_list is None else [on_list]:
        out.print(_table(run.lists[name], run.verdicts))


def _table(listed: CorrectedList, verdicts: dict[str, TrendVerdict]) -> Table:
    kind = "built from posts and likes" if listed.name == ACTIVITY_LIST else "the platform's"
    title = f"{shortened(listed.name)} ({kind}) at {clock_time(listed.at_ms)}"
    table = Table(title=title, box=None, pad_edge=False, expand=True)
    # widths are fixed: on a narrow terminal the reason gives way, never the places
    table.add_column("place", justify="right", header_style="dim", no_wrap=True, width=5)
    table.add_column("without", justify="right", header_style="dim", no_wrap=True, width=7)
    table.add_column("topic", header_style="dim", overflow="ellipsis", no_wrap=True, width=20)
    table.add_column("verdict", header_style="dim", no_wrap=True, width=17)
    table.add_column("why", header_style="dim", overflow="ellipsis", no_wrap=True, ratio=1)
    for line in listed.lines[:LINES_SHOWN]:
        table.add_row(*_row(line, verdicts.get(line.key)))
    if len(listed.lines) > LINES_SHOWN:
        table.caption = f"and {len(listed.lines) - LINES_SHOWN} more places"
    return table


def _row(line: ListLine, verdict: TrendVerdict | None) -> list[Text]:
    without = "off" if line.rank_without is None else str(line.rank_without)
    moved = line.rank_without != line.rank
    outcome = line.outcome or TrendOutcome.TOO_LITTLE_DATA
    word = "sold openly" if line.paid else WORDS[outcome]
    told = verdict.reasons if verdict else ()
    why = next((reason.sentence for reason in told if reason.weight > 0 or reason.name == "was_called"), "")
    calls = outcome in {TrendOutcome.MANUFACTURED, TrendOutcome.MIXED}
    return [
        Text(str(line.rank)),
        Text(without, "bold" if moved else "dim"),
        Text(shortened(line.topic, 40)),
        Text(word, STYLES[outcome]),
        Text(shortened(why, 120) if calls else "", "dim"),
    ]
