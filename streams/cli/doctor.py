"""`shoal doctor`: what is wrong, in words."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from models.errors import InvalidConfiguration
from streams.cli.console import out
from streams.cli.env_file import read_env_file
from streams.exits import Exit
from streams.settings import Settings, load_settings
from streams.settings.load import without_password

if TYPE_CHECKING:
    from streams.doctor import Finding

SETTINGS: Final = "settings"
VERDICT_WIDTH: Final = 14
CHECK_WIDTH: Final = 17
_STYLES: Final = {"ok": "green", "warning": "yellow", "problem": "bold red", "could not look": "magenta"}
_FAILED: Final = ("problem", "could not look")
_WORDS: Final = (
    ("problem", "problem", "problems"),
    ("warning", "warning", "warnings"),
    ("could not look", "not looked at", "not looked at"),
    ("ok", "ok", "ok"),
)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for scripts.")] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.env", help="Settings as lines SHOAL_NAME=value; they come before the environment's."
        ),
    ] = None,
    worker: Annotated[
        str | None,
        typer.Option(
            metavar="URL", envvar="SHOAL_DOCTOR_WORKER", help="Where a worker's pages are (http://127.0.0.1:6066)."
        ),
    ] = None,
    console: Annotated[
        str | None,
        typer.Option(
            metavar="URL", envvar="SHOAL_DOCTOR_CONSOLE", help="Where the console is (http://127.0.0.1:8321)."
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, max=60, metavar="SECONDS", help="Longest time for one check.")] = 5.0,
) -> None:
    """Look at everything around a worker and say in words what is wrong, and what to do.

    Settings, disks, snapshots, store, Kafka, topics, lag, dead letters, clocks, the worker, the console. Run it where
    the worker runs, with the worker's environment. It works when any part is down, and changes nothing.

    Exit code 0: no problem (there may be warnings). 1: a problem, or something could not be looked at.

    [bold]Examples[/bold]

      shoal doctor

      shoal doctor --config shoal.env --worker http://worker:6066 --json
    """
    if config is not None:
        read_env_file(config)
    findings = []
    with quiet_clients():
        for finding in _examined(worker, console, timeout):
            findings.append(finding)
            if not as_json:
                out.print(_shown(finding))
    if as_json:
        _print_json(findings)
    else:
        out.print(_summary(findings))
    if any(finding.verdict.value in _FAILED for finding in findings):
        raise typer.Exit(Exit.PROBLEMS)


def _examined(worker: str | None, console: str | None, timeout_s: float) -> Iterator["Finding"]:
    from streams.doctor import CHECKS, Surroundings, examine, found_checks
    from streams.doctor.finding import ok, problem

    try:
        settings = load_settings()
        _ = settings.password
    except InvalidConfiguration as error:
        advice = "Mend it: without settings nothing else can be looked at."
        yield problem(SETTINGS, f"{without_password(str(error))[:600]}.", advice, "shoal check-config")
        return
    yield ok(SETTINGS, f"Valid; detector configuration {settings.detector.digest()}.")
    surroundings = Surroundings(settings, worker or _worker_url(settings), timeout_s, console_url=console)
    yield from examine(surroundings, [*CHECKS, *found_checks()])


def _worker_url(settings: Settings) -> str:
    host = "127.0.0.1" if settings.web_host in {"0.0.0.0", "::", ""} else settings.web_host  # noqa: S104  # read, not bound
    return f"http://[{host}]:{settings.web_port}" if ":" in host else f"http://{host}:{settings.web_port}"


def _shown(finding: "Finding") -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=VERDICT_WIDTH, no_wrap=True)
    grid.add_column(width=CHECK_WIDTH, no_wrap=True)
    grid.add_column()
    grid.add_row(Text(finding.verdict.value, _STYLES[finding.verdict.value]), finding.check, Text(finding.found))
    if finding.advice:
        grid.add_row("", "", Text(f"→ {finding.advice}"))
    if finding.go_on:
        grid.add_row("", "", Text(f"  {finding.go_on}", "dim"))
    return grid


def _summary(findings: Sequence["Finding"]) -> Text:
    numbers = Counter(finding.verdict.value for finding in findings)
    told = [
        f"{number} {word if number == 1 else plural}"
        for verdict, word, plural in _WORDS
        if (number := numbers[verdict])
    ]
    failed = any(numbers[verdict] for verdict in _FAILED)
    return Text("\n" + ", ".join(told) + ".", "bold red" if failed else "bold green")


def _print_json(findings: Sequence["Finding"]) -> None:
    import msgspec

    ok = not any(finding.verdict.value in _FAILED for finding in findings)
    document = {"ok": ok, "findings": [finding._asdict() for finding in findings]}
    out.print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode(), markup=False)


@contextmanager
def quiet_clients() -> Iterator[None]:
    """Keep Kafka's clients from writing between the findings: what they would say is found out here."""
    loggers = [logging.getLogger(name) for name in ("kafka", "aiokafka", "asyncio")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
