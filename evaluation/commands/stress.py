"""`shoal stress`: does it hold this rate?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from streams.cli.console import err, out
from streams.cli.errors import BrokerAway
from streams.cli.outputs import require_files
from streams.exits import Exit

if TYPE_CHECKING:
    from evaluation.stress.result import Result, Thresholds


def stress(
    rate: Annotated[float, typer.Option(min=1, max=20_000, metavar="EVENTS", help="Events a second.")] = 200.0,
    duration: Annotated[float, typer.Option(min=5, max=3_600, metavar="SECONDS", help="Send for so long.")] = 60.0,
    threshold_p99: Annotated[
        float | None,
        typer.Option(min=0.01, max=3_600, metavar="SECONDS", help="99 of 100 events must be processed within."),
    ] = None,
    threshold_alert_p99: Annotated[
        float | None,
        typer.Option(min=0.01, max=3_600, metavar="SECONDS", help="99 of 100 alerts must be out within."),
    ] = None,
    threshold_loss: Annotated[
        float | None, typer.Option(min=0, max=1, metavar="SHARE", help="Share of events or alerts that may be lost.")
    ] = None,
    configured: Annotated[
        bool,
        typer.Option(
            "--configured", help="Use the topics of the settings and the workers that run: their console gets cases."
        ),
    ] = False,
    settle: Annotated[
        float, typer.Option(min=1, max=600, metavar="SECONDS", help="Wait so long for what is on its way at the end.")
    ] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal events.")] = 7,
    results: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="Write the figures.")] = None,
) -> None:
    """Send simulated events at a steady rate, measure delay and loss, and hold them against thresholds.

    Needs a broker at SHOAL_BOOTSTRAP. Without --configured a worker is started here, on topics of its own that are
    taken away afterwards. The schedule waits for nobody, and delays count from the moment an event was to be sent.
    A table for people goes to standard error, one line of JSON to standard output.

    Exit code 0: all thresholds hold. 3: no broker. 4: a threshold is broken. 5: this machine could not send so fast,
    so that nothing is said about the system.

    [bold]Examples[/bold]

      shoal stress --rate 500 --duration 60 --threshold-p99 10 --threshold-loss 0

      shoal stress --configured --rate 2000 --duration 120 --threshold-p99 30 --threshold-loss 0
    """
    import msgspec

    from evaluation.stress.result import Thresholds

    require_files([results])
    result = _run(rate, duration, seed, settle, configured)
    thresholds = Thresholds(threshold_p99, threshold_alert_p99, threshold_loss)
    err.print(_table(result))
    told = {**msgspec.to_builtins(result), "loss": result.loss, "broken": thresholds.broken(result)}
    line = msgspec.json.encode(told).decode()
    if results is not None:
        results.write_text(line + "\n", encoding="utf-8")
    out.print(line, markup=False)
    _conclude(result, thresholds)


def _run(rate: float, duration_s: float, seed: int, settle_s: float, configured: bool) -> "Result":
    from aiokafka.errors import KafkaError
    from kafka.errors import KafkaError as ProducerError

    from evaluation.stress.run import Load, run
    from streams.cli.doctor import quiet_clients
    from streams.produce import DeliveryFailed
    from streams.settings import load_settings

    settings = load_settings()
    try:
        with quiet_clients():
            return run(settings, Load(rate, duration_s, seed, settle_s), configured=configured)
    except (KafkaError, ProducerError, DeliveryFailed) as error:
        raise BrokerAway(
            f"no answer from {settings.bootstrap} ({error}): start Kafka, or set SHOAL_BOOTSTRAP; see `shoal doctor`"
        ) from error


def _table(result: "Result") -> Table:
    from evaluation.stress.result import seconds

    table = Table(box=None, header_style="dim", pad_edge=False, show_header=False)
    table.add_column(style="dim")
    table.add_column()
    late = "" if result.late is None else f", {result.late:,} late"
    rows = {
        "sent": f"{result.sent:,} of {result.events:,} events in {result.seconds:g} s ({result.sent_per_s:,.1f}/s)",
        "found": f"{result.found:,} on Shoal's topics, {result.dead_letters:,} dead letters{late}; "
        f"{result.confirmed:,} confirmed by the brokers",
        "processed": f"{result.processed:,}; half within {seconds(result.delay.p50_s)}, 99 of 100 within "
        f"{seconds(result.delay.p99_s)}, all within {seconds(result.delay.max_s)}",
        "alerts": f"{result.alerts_seen} of {result.alerts_expected} expected" + _alert_delay(result),
        "lost": f"{result.lost:,} events ({result.loss:.2%} of events or alerts, whichever is more)",
        "sender": f"99 of 100 sends began within {seconds(result.sender_behind_p99_s)} of their moment; "
        f"the brokers made it wait {seconds(result.sender_waited_s)}",
    }
    for name, said in rows.items():
        table.add_row(name, said)
    return table


def _alert_delay(result: "Result") -> str:
    from evaluation.stress.result import seconds

    if not result.alerts_expected:
        return ": the run is too short or too slow for a case"
    return f"; half within {seconds(result.alert_delay.p50_s)}, 99 of 100 within {seconds(result.alert_delay.p99_s)}"


def _conclude(result: "Result", thresholds: "Thresholds") -> None:
    if result.sender_is_the_bottleneck:
        err.print(
            f"Not measured: this machine sent {result.sent_per_s:,.0f} events a second where {result.rate:,.0f} were "
            f"asked for, up to {result.sender_behind_p99_s:.1f} s late. Send from another machine, or lower --rate.",
            style="yellow",
        )
        raise typer.Exit(Exit.NOT_MEASURED)
    broken = thresholds.broken(result)
    for sentence in broken:
        err.print(f"Broken: {sentence}.", style="red")
    if broken:
        raise typer.Exit(Exit.THRESHOLD)
