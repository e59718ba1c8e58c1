"""`shoal simulate`: write simulated events to a file."""

from pathlib import Path
from typing import Annotated

import typer

from evaluation.commands.files import refuse_overwriting
from streams.cli.console import err


def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT", help="File to write: .jsonl or .parquet.")],
    scenario: Annotated[str, typer.Argument(metavar="NAME_OR_FILE", help="A scenario, or a .toml file.")] = "demo",
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal events.")] = 7,
    truth: Annotated[Path | None, typer.Option(metavar="OUT.json", help="Write what was planted.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite.")] = False,
) -> None:
    """Write the events of a simulated platform, and the truth about them, to files.

    A scenario is a small TOML file (docs/evaluate.md); an unknown name is answered with all that there are.

    [bold]Examples[/bold]

      shoal simulate demo --seed 11 -o hour.jsonl --truth truth.json

      shoal simulate my-scenario.toml -o hour.jsonl
    """
    import msgspec

    from evaluation.simulator.files import WrongScenario, load_scenario
    from evaluation.simulator.scenario import simulate as make
    from streams.files import write

    loaded = load_scenario(scenario)
    if loaded.background is not None:
        raise WrongScenario(f"scenario {scenario} needs a real stream: shoal evaluate --scenario {scenario} runs it")
    refuse_overwriting([output, truth], force)
    simulation = make(loaded, seed)
    written = write(str(output), [simulation.events])
    if truth is not None:
        truth.write_bytes(msgspec.json.format(msgspec.json.encode(simulation.truth, order="deterministic"), indent=2))
    err.print(f"wrote {written:,} events to {output}")
