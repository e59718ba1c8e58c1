"""`shoal simulate`: write simulated events to a file."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from evaluation.commands.files import refuse_overwriting
from models.events import AnyEvent
from models.moments import when_ms
from streams.cli.console import err

TRENDS = "trends"


def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write: .jsonl or .parquet.")],
    scenario: Annotated[str, typer.Argument(metavar="NAME_OR_FILE", help="A scenario, or a .toml file.")] = "demo",
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal events.")] = 7,
    truth: Annotated[Path | None, typer.Option(metavar="OUT.json", help="Write what was planted.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite.")] = False,
) -> None:
    """Write the events of a simulated platform, and the truth about them, to files.

    A scenario is a small TOML file (docs/evaluate.md); an unknown name is answered with all that there are. "trends"
    is one of its own: topics that burst, honest and bought, with a list of them (docs/trends.md).

    [bold]Examples[/bold]

      shoal simulate demo --seed 11 -o hour.jsonl --truth truth.json

      shoal simulate trends -o trends.jsonl --truth bought.json

      shoal simulate my-scenario.toml -o hour.jsonl
    """
    import msgspec

    from streams.files import write

    making = partial(_trends, seed) if scenario == TRENDS else _scenario(scenario, seed)
    refuse_overwriting([output, truth], force)
    events, planted = making()
    written = write(str(output), [events])
    if truth is not None:
        truth.write_bytes(msgspec.json.format(msgspec.json.encode(planted, order="deterministic"), indent=2))
    err.print(f"wrote {written:,} events to {output}")


Making = Callable[[], tuple[list[AnyEvent], Any]]
"""Makes the events and the truth about them."""


def _scenario(name: str, seed: int) -> Making:
    """Look at the scenario now, simulate later."""
    from evaluation.simulator.files import WrongScenario, load_scenario
    from evaluation.simulator.scenario import simulate as make

    loaded = load_scenario(name)
    if loaded.background is not None:
        raise WrongScenario(f"scenario {name} needs a real stream: shoal evaluate --scenario {name} runs it")

    def making() -> tuple[list[AnyEvent], Any]:
        simulation = make(loaded, seed)
        return simulation.events, simulation.truth

    return making


def _trends(seed: int) -> tuple[list[AnyEvent], Any]:
    """Two days of topics, then honest and bought bursts within two hours, and the platform's list of them."""
    from evaluation.trends.simulate import Dials, simulate_trends
    from evaluation.trends.stream import listed

    simulation = simulate_trends(Dials(), seed)
    return sorted([*simulation.events, *listed(simulation)], key=when_ms), simulation.topics
