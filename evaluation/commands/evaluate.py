"""`shoal evaluate`: a suite of scenarios through the detector, and a scorecard of what came of it."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ShoalError
from streams.cli.console import err, out
from streams.cli.outputs import require_folder

if TYPE_CHECKING:
    from evaluation.evaluate.card import Card, Failed, Skipped
    from evaluation.evaluate.record import RunRecord
    from evaluation.evaluate.runs import Task
    from evaluation.evaluate.suite import Suite
    from evaluation.simulator.scenario import Scenario

CARD, TEXT = "scorecard.json", "scorecard.md"


class CannotEvaluate(ShoalError):
    """What was asked for cannot be run; says what can."""


def evaluate(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the scorecard.")],
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="A suite by name, or a .toml file.")] = "quick",
    seeds: Annotated[int | None, typer.Option(min=1, max=10_000, help="Seeds a scenario.")] = None,
    first_seed: Annotated[int | None, typer.Option(min=0, help="Seeds from 1000 are for reporting.")] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only these: names, patterns, tag:TAG, .toml files.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="Runs at a time; the number of cores.")] = None,
    settings: Annotated[Path | None, typer.Option(metavar="FILE.toml", help="The detector's settings.")] = None,
    against: Annotated[str, typer.Option(metavar="PEER,...", help="Peers on the same events, or 'all'.")] = "",
    ablate: Annotated[bool, typer.Option("--ablate", help="Also with each signal switched off.")] = False,
    data: Annotated[Path, typer.Option(envvar="SHOAL_DATA", metavar="DIR", help="Research data.")] = Path(
        "../shared/data"
    ),
    minutes_max: Annotated[float, typer.Option(min=0.01, help="A run that takes longer is ended.")] = 20.0,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a scorecard in DIR.")] = False,
) -> None:
    """Run scenarios with known truth, and write scorecard.json, scorecard.md and pictures into a folder.

    Suites: quick (two minutes), crowds, armies, dials, real, full; docs/evaluate.md tells how to add a scenario or a
    suite in one small file. Exit code 1 if a target of the suite is missed or a run failed.

    [bold]Examples[/bold]

      shoal evaluate quick -o /tmp/quick

      shoal evaluate crowds --seeds 5 -o /tmp/crowds

      shoal evaluate --scenario my-crowd.toml --seeds 20 -o /tmp/mine
    """
    from evaluation.evaluate.card import build
    from evaluation.evaluate.plan import plan
    from streams.cli.detector_settings import read_detector_settings

    require_folder(output)
    if (output / CARD).exists() and not force:
        raise CannotEvaluate(f"{output / CARD} exists: name another folder, or say --force")
    wanted = _suite(suite, seeds, first_seed, scenario)
    detector_settings = read_detector_settings(settings)
    peers = _peers(against)
    with tempfile.TemporaryDirectory(prefix="shoal-evaluate-") as folder:
        scenarios, skipped, slices = _with_streams(wanted, data, Path(folder))
        tasks = plan(wanted, scenarios, detector_settings, slices, peers, ablate)
        if not tasks:
            raise CannotEvaluate(f"nothing to run: {'; '.join(each.reason for each in skipped) or 'no scenarios'}")
        records, failed = _run(tasks, jobs or os.cpu_count() or 1, 60 * minutes_max)
    output.mkdir(parents=True, exist_ok=True)
    card = build(
        "chosen" if scenario else Path(suite).stem, wanted, detector_settings, scenarios, records, skipped, failed
    )
    _write(card, output)
    if not card.right:
        raise typer.Exit(1)


def _suite(name: str, seeds: int | None, first_seed: int | None, scenarios: list[str] | None) -> "Suite":
    from msgspec.structs import replace

    from evaluation.evaluate.suite import load_suite

    suite = load_suite(name)
    if scenarios:
        suite = replace(
            suite, about=f"Chosen: {', '.join(scenarios)}.", scenarios=tuple(scenarios), sweeps=(), ablation=None,
            targets=(),
        )  # fmt: skip
    return replace(
        suite,
        seeds=suite.seeds if seeds is None else seeds,
        first_seed=suite.first_seed if first_seed is None else first_seed,
    )


def _with_streams(suite: "Suite", data: Path, folder: Path) -> tuple[list["Scenario"], list["Skipped"], dict[str, str]]:
    """(scenarios that can be run, those that cannot, files of real streams by scenario)."""
    from evaluation.evaluate.card import Skipped
    from evaluation.evaluate.plan import scenarios_of
    from evaluation.evaluate.real import missing, write_slice

    usable: list[Scenario] = []
    skipped: list[Skipped] = []
    slices: dict[str, str] = {}
    written: dict[object, str] = {}
    for scenario in scenarios_of(suite):
        background = scenario.background
        if background is not None:
            reason = missing(background, data)
            if reason is not None:
                err.print(f"skipped {scenario.name}: {reason}", style="yellow")
                skipped.append(Skipped(scenario.name, reason))
                continue
            if background not in written:
                written[background] = str(folder / f"{len(written)}.jsonl")
                events = write_slice(background, data, written[background])
                err.print(f"{events:,} events of {background.stream}")
            slices[scenario.name] = written[background]
        usable.append(scenario)
    return usable, skipped, slices


def _peers(against: str) -> tuple[str, ...]:
    from evaluation.peers import PEERS

    names = tuple(peer.strip() for peer in against.split(",") if peer.strip())
    if names == ("all",):
        return tuple(PEERS)
    for name in names:
        if name not in PEERS:
            raise CannotEvaluate(f"--against {name}: no such peer; there are {', '.join(PEERS) or 'none'}, or say all")
    return names


def _run(tasks: Sequence["Task"], jobs: int, seconds_max: float) -> tuple[list["RunRecord"], list["Failed"]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    from evaluation.evaluate.pool import run_all

    columns = (
        SpinnerColumn(),
        BarColumn(32),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task_bar = bar.add_task("", total=len(tasks))
        finished = 0

        def done(task: "Task") -> None:
            nonlocal finished
            finished += 1
            if not err.is_terminal and finished * 10 // len(tasks) > (finished - 1) * 10 // len(tasks):
                err.print(f"{finished} of {len(tasks)} runs")
            told = " ".join(part for part in (task.method, task.variant.kind, task.variant.name) if part)
            bar.update(task_bar, advance=1, description=f"{task.scenario.name}, seed {task.seed}, {told}")

        return run_all(tasks, jobs, seconds_max, done)


def _write(card: "Card", output: Path) -> None:
    from evaluation.evaluate.card import encode
    from evaluation.evaluate.markdown import tell

    pictures: list[str] = []
    try:
        from evaluation.evaluate.plots import draw

        pictures = draw(card, output)
    except ImportError:
        err.print("no pictures: matplotlib is missing (pip install 'shoal\\[evaluate]')", style="yellow")
    (output / CARD).write_bytes(encode(card))
    (output / TEXT).write_text(tell(card, pictures), encoding="utf-8")
    _conclude(card, output)


def _conclude(card: "Card", output: Path) -> None:
    overall = card.overall
    if overall.armies:
        out.print(f"armies found: {overall.armies_found} of {overall.armies}")
    out.print(f"wrong calls: {overall.false_calls} of {overall.calls}")
    if overall.honest_groups:
        out.print(f"honest groups called: {overall.honest_alerted} of {overall.honest_groups}")
    for result in card.targets:
        if not result.met:
            out.print(
                f"target missed: {result.target.measure} of {result.target.of} is {result.value}", style="bold red"
            )
    for failed in card.failed:
        out.print(f"failed: {failed.scenario}, seed {failed.seed}, {failed.method}: {failed.reason}", style="bold red")
    err.print(f"wrote {output / TEXT} and {output / CARD}")
