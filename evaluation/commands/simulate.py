"""`shoal simulate`: write simulated events to a file."""

from pathlib import Path
from typing import Annotated

import typer

from evaluation.commands.files import refuse_overwriting
from models.errors import ShoalError
from streams.cli.console import err


class UnknownScenario(ShoalError):
    """No scenario of that name."""


def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write: .jsonl or .parquet.")],
    scenario: Annotated[str, typer.Argument(help="demo, crowds, everything or army-extract.")] = "demo",
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal events.")] = 7,
    truth: Annotated[Path | None, typer.Option(metavar="OUT.json", help="Write what was planted.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite.")] = False,
) -> None:
    """Write the events of a simulated platform, and the truth about them, to files.

    [bold]Example[/bold]

      shoal simulate demo --seed 11 -o hour.jsonl --truth truth.json
    """
    import msgspec

    from evaluation.simulator.scenario import simulate as make
    from evaluation.simulator.scenarios import SCENARIOS
    from streams.files import write

    if scenario not in SCENARIOS:
        raise UnknownScenario(f"no scenario {scenario}: there are {', '.join(SCENARIOS)}")
    refuse_overwriting([output, truth], force)
    simulation = make(SCENARIOS[scenario], seed)
    written = write(str(output), [simulation.events])
    if truth is not None:
        truth.write_bytes(msgspec.json.format(msgspec.json.encode(simulation.truth, order="deterministic"), indent=2))
    err.print(f"wrote {written:,} events to {output}")
