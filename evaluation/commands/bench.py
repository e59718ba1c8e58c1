"""`shoal bench`: how fast, on this machine."""

import json
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.commands.convert import WrongArguments
from streams.cli.console import err, out
from streams.cli.errors import BrokerAway
from streams.cli.outputs import require_files


class What(StrEnum):
    """What is measured."""

    NEAR_DUPLICATES = "near-duplicates"
    LIKES = "likes"
    TRENDS = "trends"
    KAFKA = "kafka"
    CONSOLE = "console"


def bench(
    what: Annotated[What, typer.Argument(help="What to measure.")],
    against: Annotated[
        str, typer.Option(metavar="PEER,PEER", help="near-duplicates: peers on the same stream; datasketch, rensa.")
    ] = "",
    events: Annotated[
        int | None,
        typer.Option(min=10, max=10**8, help="Length of the stream; for trends, topics; for console, campaigns."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulated stream.")] = 7,
    results: Annotated[Path | None, typer.Option("--json", metavar="OUT.json", help="Write the figures.")] = None,
) -> None:
    """Measure a part of Shoal on this machine, on a seeded simulated stream.

    Ratios within one run hold on other machines, absolute figures do not: other work on the same cores shows.

    [bold]Examples[/bold]

      shoal bench near-duplicates --against datasketch,rensa --json near.json

      shoal bench likes --events 3000000

      shoal bench trends

      shoal bench kafka (needs a broker at SHOAL_BOOTSTRAP)

      shoal bench console
    """
    peers = tuple(peer.strip() for peer in against.split(",") if peer.strip())
    if peers and what is not What.NEAR_DUPLICATES:
        raise WrongArguments(f"--against {against}: peers are compared by near-duplicates only")
    require_files([results])
    figures = _measure(what, peers, events, seed)
    told = json.dumps(figures, indent=2, ensure_ascii=False, default=str)
    if results is not None:
        results.write_text(told + "\n", encoding="utf-8")
        err.print(f"wrote {results}")
    out.print(told, markup=False)


def _measure(what: What, peers: tuple[str, ...], events: int | None, seed: int) -> dict[str, Any]:
    if what is What.LIKES:
        from evaluation.benchmarks import likes

        return likes.run(likes=events or 300_000, seed=seed)
    if what is What.TRENDS:
        from evaluation.benchmarks import trends

        return trends.run(topics=events or 1_000_000, seed=seed)
    if what is What.CONSOLE:
        return _console(events, seed)
    if what is What.NEAR_DUPLICATES:
        from evaluation.benchmarks import near_duplicates

        _require_peers(peers)
        return near_duplicates.run(peers, live=events or 1_000_000, seed=seed)
    return _kafka(events, seed)


def _console(campaigns: int | None, seed: int) -> dict[str, Any]:
    from evaluation.benchmarks import console_pages

    figures = console_pages.run(campaigns=campaigns or 1_000, seed=seed)
    err.print(console_pages.table(figures), markup=False, soft_wrap=True)
    return figures


def _require_peers(peers: tuple[str, ...]) -> None:
    from evaluation.benchmarks.peers import PEERS

    for peer in peers:
        if peer not in PEERS:
            raise WrongArguments(f"--against {peer}: no such peer; choose of {', '.join(PEERS)}")
        if find_spec(peer) is None:
            raise WrongArguments(f"--against {peer} is not installed: pip install {peer}")


def _kafka(events: int | None, seed: int) -> dict[str, Any]:
    from kafka.errors import KafkaError

    from evaluation.benchmarks import kafka
    from streams.settings import load_settings

    bootstrap = load_settings().bootstrap
    try:
        return kafka.run(bootstrap, events or 100_000, seed=seed)
    except KafkaError as error:
        raise BrokerAway(
            f"no answer from {bootstrap} ({error}): start a broker here, or set SHOAL_BOOTSTRAP"
        ) from error
