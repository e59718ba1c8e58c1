"""`shoal topics create|check`: the topics Shoal needs."""

import time
from collections.abc import Callable
from typing import Annotated, TypeVar

import typer
from rich.table import Table

from streams.cli.console import err, out
from streams.cli.errors import BrokerAway
from streams.settings import Settings, load_settings

topics = typer.Typer(
    no_args_is_help=True, help="Create the topics that Shoal needs, or check that they fit the settings."
)
Wait = Annotated[float, typer.Option(min=0, max=3_600, metavar="SECONDS", help="Wait so long for a broker to answer.")]
T = TypeVar("T")
RETRY_S = 1.0


@topics.command()
def create(wait: Wait = 30.0) -> None:
    """Create the topics that are missing, then check all of them.

    Existing topics are left as they are, so this may run at every start. Names, partitions, replication and
    retention come from the settings (`shoal check-config`).
    """
    from streams.topics import create as create_topics

    settings = load_settings()
    for name in _when_broker_answers(lambda: create_topics(settings), settings, wait):
        out.print(f"created {name}")
    _check(settings, wait)


@topics.command()
def check(wait: Wait = 5.0) -> None:
    """Check every topic against the settings; exit code 1 if one is missing or has another shape."""
    _check(load_settings(), wait)


def _check(settings: Settings, wait_s: float) -> None:
    from streams.topics import check as check_topics
    from streams.topics import specs

    problems = _when_broker_answers(lambda: check_topics(settings), settings, wait_s)
    for problem in problems:
        err.print(problem, style="red")
    if problems:
        raise typer.Exit(1)
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("topic", "partitions", "what it carries"):
        table.add_column(column)
    for spec in specs(settings):
        table.add_row(spec.name, str(spec.partitions), spec.meaning)
    out.print(table)


def _when_broker_answers(ask: Callable[[], T], settings: Settings, wait_s: float) -> T:
    from kafka.errors import KafkaError

    deadline_s = time.monotonic() + wait_s
    while True:
        try:
            return ask()
        except KafkaError as error:
            if time.monotonic() >= deadline_s:
                raise BrokerAway(
                    f"no answer from {settings.bootstrap} within {wait_s:g} s ({error}): "
                    "start Kafka, or set SHOAL_BOOTSTRAP to where it is; `shoal doctor` says more"
                ) from error
            time.sleep(RETRY_S)
