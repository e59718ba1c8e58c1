"""`shoal produce`: events of a file, or simulated ones, go to the raw topics."""

import time
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Annotated

import typer

from models.events import AnyEvent
from streams.cli.console import err, printable, progress_bar
from streams.cli.errors import BrokerAway, UserError
from streams.cli.pace import limited, speed_of
from streams.settings import Settings, load_settings

if TYPE_CHECKING:
    from streams.files import Batch
    from streams.produce import Produced

SIMULATIONS_GROUP = "shoal.simulations"
"""Entry points of functions `seed → events in order of time`."""
EVENTS_PER_BATCH = 100


def produce(
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="File of events, or '-'.")] = None,
    speed: Annotated[
        str,
        typer.Option(metavar="real|xN|max", help="Event time against the clock: as it was, N times as fast, flat out."),
    ] = "max",
    simulate: Annotated[
        str | None, typer.Option(metavar="NAME", help="Simulate instead of reading; try 'demo'.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 7,
    rate: Annotated[float | None, typer.Option(min=1, max=1e7, help="At most so many events a second.")] = None,
    rebase: Annotated[
        bool, typer.Option("--rebase", help="With --speed real: move all times, so that the first event happens now.")
    ] = False,
    loop: Annotated[bool, typer.Option("--loop", help="Simulated, --speed real: go on with the next seed.")] = False,
) -> None:
    """Send events to the raw topics of Kafka, as a platform would, and wait until all are confirmed.

    From a FILE (JSON lines, Parquet or '-'), or from a simulated platform with --simulate. Simulated events get
    new times around now, none in the future; with --rebase those of a file do, too.

    [bold]Examples[/bold]

      shoal produce monday.jsonl --speed x10

      shoal produce --simulate demo --seed 7 --speed x60
    """
    factor = speed_of(speed)
    settings = load_settings()
    if (file is None) == (simulate is None):
        raise UserError("name either a FILE or --simulate NAME; `shoal produce --help` has examples")
    fast = factor is None or factor > 1
    if fast and (rebase or loop):
        raise UserError("--rebase and --loop need --speed real: faster than the clock, events would lie in the future")
    if file is not None:
        from streams.files import read, size

        _send(settings, read(file, EVENTS_PER_BATCH if rate else 5_000), size(file), factor, rate, rebase)
        return
    while simulate is not None:
        events = _simulated(simulate, seed)
        moved = moved_to(int(time.time() * 1000), events, None if rate else factor)
        _send(settings, _batched(moved), len(events), factor, rate, rebase=False)
        if not loop:
            return
        seed += 1


def moved_to(now_ms: int, events: list[AnyEvent], factor: float | None) -> Iterator[AnyEvent]:
    """Give sorted events new times, so that none is in the future when it is sent from `now_ms` on.

    As it was or slower: the first happens now. Faster: the last happens when it is sent, flat out (None): now.
    """
    from models.moments import when_ms
    from streams.produce import shifted

    if not events:
        return
    first_ms, last_ms = when_ms(events[0]), when_ms(events[-1])
    if factor is not None and factor <= 1:
        by_ms = now_ms - first_ms
    else:
        sending_ms = 0.0 if factor is None else (last_ms - first_ms) / factor
        by_ms = now_ms + int(sending_ms) - last_ms
    for event in events:
        yield shifted(event, by_ms)


def _send(
    settings: Settings,
    batches: Iterable["Batch"],
    total: int | None,
    factor: float | None,
    rate: float | None,
    rebase: bool,
) -> None:
    from streams.produce import NoBroker
    from streams.produce import produce as send

    if rate is not None:
        batches = limited(batches, rate)
    with progress_bar() as bar:
        task = bar.add_task("sending", total=total, events=0)

        def progress(events: int, position: int) -> None:
            bar.update(task, completed=position, events=events)

        try:
            done = send(settings, batches, factor, rebase, progress)
        except NoBroker as error:
            raise BrokerAway(str(error)) from error
    _conclude(done)


def _conclude(done: "Produced") -> None:
    sent = ", ".join(f"{number:,} to {topic}" for topic, number in sorted(done.sent.items())) or "nothing"
    err.print(f"sent {sent} in {done.seconds:,.1f} s")
    if not done.rejected:
        return
    reasons = ", ".join(f"{reason} {number:,}" for reason, number in sorted(done.rejected.items()))
    err.print(f"{sum(done.rejected.values()):,} lines are no events and were not sent: {reasons}", style="yellow")
    for one in done.examples:
        err.print(f"  line {one.number:,}: {printable(str(one.error))}", markup=False, highlight=False)
    if not done.sent:
        raise UserError("no line is an event: docs/events.md has what to send, `shoal convert` reads files of others")


def _batched(events: Iterable[AnyEvent]) -> Iterator["Batch"]:
    from streams.embedded import in_batches

    return iter(in_batches(events, EVENTS_PER_BATCH))


def _simulated(name: str, seed: int) -> list[AnyEvent]:
    known = {found.name: found for found in entry_points(group=SIMULATIONS_GROUP)}
    if name not in known:
        raise UserError(
            f"--simulate {name}: no such simulation; there are {', '.join(sorted(known)) or 'none installed'}"
        )
    return list(known[name].load()(seed))
