"""`shoal demo`: a simulated hour through the detector, and what came of it."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from detector.evidence.words import duration
from evaluation.scorecard import Score, Scorecard, score
from evaluation.simulator.truth import Expected, Simulation
from models.alerts import Alert
from streams.cli.console import err, out, progress_bar
from streams.cli.detector_settings import read_detector_settings
from streams.cli.telling import in_words, is_call, one_line

EVENTS_PER_BATCH = 2_000


def demo(
    seed: Annotated[int, typer.Option(min=0, help="Another seed gives another hour.")] = 7,
    brief: Annotated[bool, typer.Option("--brief", help="One line an alert, without its reasons.")] = False,
    settings: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="The detector's settings.")] = None,
    store: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Keep the cases in this database, for `shoal explain` and the console."),
    ] = None,
) -> None:
    """Simulate an hour of a platform, detect, and compare with what was planted.

    About 100,000 posts, likes and accounts: unrelated people, an army that sells likes, an army that posts
    spun advertisements, a fan club and a petition. Everything is made up and nothing leaves this process.

    Exit code 1 if an army was missed or an honest crowd was called.

    [bold]Examples[/bold]

      shoal demo --seed 11 --brief

      shoal demo --store sqlite:///demo.db
    """
    from evaluation.simulator.scenario import simulate
    from evaluation.simulator.scenarios.demo import DEMO
    from streams.embedded import EmbeddedRun, in_batches
    from streams.store.open import open_store

    detector_settings = read_detector_settings(settings)
    simulation = simulate(DEMO, seed)
    with ExitStack() as stack:
        kept = None if store is None else stack.enter_context(closing(open_store(store)))
        bar = stack.enter_context(progress_bar())
        watcher = _Watcher(bar, bar.add_task("an hour of a platform", total=len(simulation.events), events=0), brief)
        run = EmbeddedRun(detector_settings, progress=watcher.progress, store=kept)
        done = run.run(in_batches(simulation.events, EVENTS_PER_BATCH))
    card = score(simulation.truth, watcher.alerts)
    _report(out, simulation, card)
    err.print(f"{done.events:,} events in {done.seconds:,.1f} s, peak memory {done.peak_rss_mb:,.0f} MB")
    if store is not None:
        command = f"{program()} console --store {store}"
        out.print(f"Look at the cases and decide on them: {command}", markup=False, soft_wrap=True)
    if not card.right:
        raise typer.Exit(1)


def program() -> str:
    """Return what to type for `shoal` here: its path where a shell would not find it."""
    return "shoal" if shutil.which("shoal") else sys.argv[0]


class _Watcher:
    """Keeps every alert and prints those that open."""

    def __init__(self, bar: Progress, task: TaskID, brief: bool) -> None:
        self._bar = bar
        self._task = task
        self._brief = brief
        self.alerts: list[Alert] = []

    def progress(self, events: int, position: int, alerts: list[Alert]) -> None:
        self._bar.update(self._task, completed=position, events=events)
        self.alerts += alerts
        for alert in filter(is_call, alerts):
            out.print(one_line(alert))
            if not self._brief:
                out.print(in_words(alert))


def _report(console: Console, simulation: Simulation, card: Scorecard) -> None:
    title = "\nWhat was planted, what was found, what was rightly left alone"
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("planted", ratio=1)
    table.add_column("named", justify="right", no_wrap=True)
    table.add_column("alert after", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for each in card.scores:
        table.add_row(*_row(each), style="" if each.right else "bold red")
    console.print(table)
    for line in _remarks(simulation, card):
        console.print(line)


def _row(each: Score) -> tuple[str, ...]:
    group = each.group
    after = "" if each.opened_ms is None else duration(each.opened_ms - group.first_ms)
    if group.expected is Expected.ALERT:
        verdict = "found" if each.right else "MISSED"
    else:
        verdict = ("left alone" + (", listed" if each.listed else "")) if each.right else "WRONGLY CALLED"
    return group.about, f"{each.named} of {len(group.accounts)}", after, verdict


def _remarks(simulation: Simulation, card: Scorecard) -> Iterator[str]:
    yield f"Seed {simulation.seed}. {card.named} accounts were named; {card.bystanders} of them belong to no army."
    for alert in card.false_alerts:
        yield f"False alert: {alert.headline} [{alert.campaign}]"
