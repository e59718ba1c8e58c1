"""`shoal dead-letters list|save|resend`: messages that were refused, and what can be done about them."""

import asyncio
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, TypeVar

import typer
from rich.text import Text

from streams.cli.console import err, out, printable
from streams.cli.doctor import quiet_clients
from streams.cli.errors import BrokerAway, UserError
from streams.cli.outputs import require_files, whole_file
from streams.settings import Settings, load_settings

if TYPE_CHECKING:
    from streams.dead_letters.counts import Counted
    from streams.dead_letters.parked import Wanted

dead_letters = typer.Typer(
    no_args_is_help=True, help="Messages that were refused: why, into a file to be mended, or sent again."
)
Topic = Annotated[
    list[str] | None, typer.Option("--topic", metavar="NAME", help="Only of this topic; may be said more than once.")
]
Reason = Annotated[
    list[str] | None, typer.Option("--reason", metavar="WORD", help="Only for this reason; may be said more than once.")
]
Hours = Annotated[
    float | None,
    typer.Option(min=0.01, max=100_000, metavar="HOURS", help="Only what was refused in the last so many hours."),
]
T = TypeVar("T")
HOUR_MS: Final = 3_600_000
RESENT_HOURS: Final = 24.0
"""What was refused earlier is sent again only if it is asked for: its hours are closed."""
WORDS: Final = {
    "refused": "that would be refused again",
    "cut": "too large, of which only the beginning was kept",
    "internal": "between Shoal's own workers, which nobody else writes to (two versions?)",
}


@dead_letters.command("list")
def list_(
    topic: Topic = None,
    reason: Reason = None,
    hours: Hours = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for scripts.")] = False,
) -> None:
    """Count the letters by topic, field and reason, with what was said of the newest.

    [italic]valid[/italic] are those that this version would accept as they are: `shoal dead-letters resend` sends them.
    docs/events.md explains the reasons.

    [bold]Examples[/bold]

      shoal dead-letters list --hours 24

      shoal dead-letters list --topic likes --json
    """
    from streams.dead_letters.counts import Counts
    from streams.dead_letters.parked import Judge, Parked

    settings = load_settings()
    parked, counts = Parked(settings, _wanted(settings, topic, reason, hours)), Counts(Judge(settings))

    async def count() -> None:
        async for letters in parked.chunks():
            counts.add(letters)

    _run(settings, count())
    found = counts.found()
    if as_json:
        _print_json(found, parked.unreadable)
        return
    _tell_unreadable(parked.unreadable)
    for each in found:
        out.print(_shown(each))
    if not found:
        err.print("No dead letter." if (topic, reason, hours) == (None, None, None) else "No such dead letter.")


@dead_letters.command()
def save(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Or '-' for standard output.")],
    topic: Topic = None,
    reason: Reason = None,
    hours: Hours = None,
    messages: Annotated[
        bool, typer.Option("--messages", help="The messages themselves, as events for `shoal produce` and `replay`.")
    ] = False,
) -> None:
    """Write the letters to a file, one JSON object a line; or, with --messages, what was in them, to be mended.

    Mended messages go back with `shoal produce`. They keep their times: what is older than the open hour counts
    less or comes late, and is better looked at with `shoal replay`.

    [bold]Examples[/bold]

      shoal dead-letters save -o letters.jsonl

      shoal dead-letters save --messages --topic likes --reason time_in_seconds -o - | jq -c '.acted_at_ms *= 1000' \
| shoal produce -
    """
    from streams.dead_letters.lines import as_line
    from streams.dead_letters.parked import Judge, Parked

    settings = load_settings()
    require_files([None if output == "-" else Path(output)])
    parked = Parked(settings, _wanted(settings, topic, reason, hours))
    kinds = Judge(settings).kinds
    written = left = 0

    async def write(file: BinaryIO) -> None:
        nonlocal written, left
        async for letters in parked.chunks():
            for letter in letters:
                kind = kinds.get(letter.topic)
                line = letter.encode() + b"\n" if not messages else None if kind is None else as_line(letter, kind)
                if line is None:
                    left += 1
                else:
                    file.write(line)
                    written += 1

    with whole_file(output) as file:
        _run(settings, write(file))
    _tell_unreadable(parked.unreadable)
    err.print(f"written: {written:,}")
    if left:
        err.print(
            f"left out: {left:,} that are no events: cut off, no JSON objects, or of Shoal's own. Without --messages "
            "their letters are written, with every byte that was kept",
            style="yellow",
        )


@dead_letters.command()
def resend(
    topic: Topic = None,
    reason: Reason = None,
    hours: Hours = RESENT_HOURS,
) -> None:
    """Send messages again that this version accepts as they are, to where they were, with their keys.

    For what was refused by an older Shoal (`unknown_value`), or for a clock that was ahead (`future`). `shoal
    dead-letters list` says how many there are. What was changed by hand goes back with `save --messages` and `shoal
    produce`. Letters stay where they are until the topic forgets them; what is sent twice counts once, while the
    detector remembers its hour.

    [bold]Examples[/bold]

      shoal dead-letters resend --reason unknown_value --hours 6
    """
    from streams.dead_letters.resend import resend as send

    settings = load_settings()
    done = _run(settings, send(settings, _wanted(settings, topic, reason, hours)))
    _tell_unreadable(done.unreadable)
    if not done.sent and not done.left:
        err.print("No such dead letter: nothing was sent.")
        return
    err.print(f"sent {', '.join(f'{number:,} to {name}' for name, number in sorted(done.sent.items())) or 'nothing'}")
    for prospect, number in sorted(done.left.items()):
        err.print(f"not sent: {number:,} {WORDS[prospect.value]}", style="yellow")
    if not done.sent:
        raise UserError(
            "no message can be sent as it is: `shoal dead-letters save --messages` writes them to a file to be mended"
        )


def _wanted(settings: Settings, topics: list[str] | None, reasons: list[str] | None, hours: float | None) -> "Wanted":
    from models.codec import REASONS
    from streams.dead_letters.parked import Wanted
    from streams.topics import specs

    known = {spec.name for spec in specs(settings)}
    for name, given, choices in (("--topic", topics, known), ("--reason", reasons, REASONS)):
        if unknown := sorted(set(given or ()) - choices):
            raise typer.BadParameter(f"{', '.join(unknown)}: not one of {', '.join(sorted(choices))}", param_hint=name)
    since_ms = 0 if hours is None else int(time.time() * 1000 - hours * HOUR_MS)
    return Wanted(frozenset(topics or ()), frozenset(reasons or ()), since_ms)


def _run(settings: Settings, work: Awaitable[T]) -> T:
    """Await it; errors of Kafka become words."""
    from aiokafka.errors import KafkaConnectionError, KafkaError
    from kafka.errors import KafkaError as OtherKafkaError

    from streams.produce import NoBroker

    async def awaited() -> T:
        return await work

    with quiet_clients():
        try:
            return asyncio.run(awaited())
        except (KafkaConnectionError, NoBroker) as error:
            raise BrokerAway(
                f"no answer from {settings.bootstrap}: start Kafka, or set SHOAL_BOOTSTRAP to where it is; "
                "`shoal doctor` says more"
            ) from error
        except (KafkaError, OtherKafkaError) as error:
            raise UserError(f"Kafka does not give the letters ({error!r}): `shoal topics check` looks") from error


def _tell_unreadable(number: int) -> None:
    if number:
        err.print(f"on the topic, but no dead letter: {number:,}", style="yellow")


def _shown(each: "Counted") -> Text:
    from detector.evidence.words import moment

    fault = each.fault
    first, last = moment(each.first_ms), moment(each.last_ms)
    valid = f"{each.valid:,} valid by now" if each.valid else "none valid as it is"
    return Text.assemble(
        (f"{each.letters:>9,}  {fault.topic} {fault.field}: {fault.reason}\n", "bold"),
        (f"{'':>11}{first if first == last else f'{first} to {last}'}; {valid}\n", "green" if each.valid else ""),
        (f"{'':>11}newest {each.newest}: {printable(each.detail)}", "dim"),
    )


def _print_json(found: "list[Counted]", unreadable: int) -> None:
    import msgspec

    plain = [{**each._asdict(), "fault": each.fault._asdict()} for each in found]
    document = msgspec.json.encode({"faults": plain, "unreadable": unreadable})
    out.print(msgspec.json.format(document, indent=2).decode(), markup=False)
