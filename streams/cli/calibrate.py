"""`shoal calibrate`: how far honest traffic strays from chance, fitted and written down."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.console import err, out, progress_bar
from streams.cli.detector_settings import read_detector_settings
from streams.cli.errors import UserError
from streams.cli.outputs import require_files

if TYPE_CHECKING:
    from detector.calibration.settings import CalibrationRecord, FittedStratum, PhiSettings

HEADER = """\
# Written by `shoal calibrate`: settings of the detector with a dispersion fitted for every stratum.
# Use it as it is: `shoal replay --settings THIS`, or SHOAL_DETECTOR_FILE for the worker.
# [overlap.phi] is what the detector goes by, [calibration] says where it comes from.

"""


def calibrate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files of mostly honest events, by time.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.toml", help="Settings file to write.")],
    settings: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="The detector's settings; they are kept in OUT.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date to write down, for reproducible output.")
    ] = None,
) -> None:
    """Fit the test of chance (φ of every stratum) to your own traffic, and check it on the half that was held out.

    Runs the detector twice over the files with every alert withheld: once to see whom it would call, once without
    them. OUT holds the settings with [overlap.phi] fitted, and [calibration] with the date, the files and, for each
    stratum, pairs tested and false edges observed and expected at p = 10⁻⁶. Some millions of events are wanted.

    [bold]Examples[/bold]

      shoal calibrate monday.jsonl tuesday.jsonl -o calibrated.toml

      shoal replay wednesday.jsonl --settings calibrated.toml
    """
    from streams.calibrate import calibrate as run

    _refuse(files, output)
    detector_settings = read_detector_settings(settings)
    day = _day(date)
    with progress_bar() as bar:
        task = bar.add_task("calibrating", total=None, events=0)

        def progress(what: str, events: int) -> None:
            bar.update(task, description=what, events=events)

        phi, record = run(files, detector_settings, day, progress)
    if not record.strata:
        raise UserError(
            "these files hold no pair of cohorts that share an account: take more of them, days not minutes"
        )
    output.write_text(HEADER + _toml(_raw(settings), phi, record), encoding="utf-8")
    for line in _report(record):
        out.print(line, markup=False)
    _conclude(record, output)


def _refuse(files: list[str], output: Path) -> None:
    if "-" in files:
        raise UserError("shoal calibrate reads its files twice: write standard input into a file first")
    require_files([output])
    if output.resolve() in {Path(path).resolve() for path in files}:
        raise UserError(f"{output} is read and would be overwritten: name another file for the output")


def _day(date: str | None) -> str:
    if date is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError as error:
        raise UserError(f"--date {date} is no date: write it as 2026-01-31") from error


def _raw(settings: Path | None) -> dict[str, Any]:
    return {} if settings is None else tomllib.loads(settings.read_text(encoding="utf-8"))


def _toml(raw: dict[str, Any], phi: "PhiSettings", record: "CalibrationRecord") -> str:
    import msgspec
    import tomli_w

    overlap = {**raw.get("overlap", {}), "phi": msgspec.structs.asdict(phi)}
    return tomli_w.dumps({**raw, "overlap": overlap, "calibration": msgspec.to_builtins(record)})


COLUMNS = ("stratum", "pairs", "held out", "φ", "fitted", "expected", "observed", "fitted", "ratio", "fitted", "95 %")


def _report(record: "CalibrationRecord") -> list[str]:
    """Lines of a table; as wide as it must be, so that it can be read from a file too."""
    rows = [COLUMNS] + [_row(name, found) for name, found in record.strata.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    notes = ["", *(found.note for found in record.strata.values())]
    lines = []
    for row, note in zip(rows, notes, strict=True):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        lines.append("  ".join([*cells, note]).rstrip())
    return lines


def _row(name: str, found: "FittedStratum") -> tuple[str, ...]:
    return (
        name,
        f"{found.pairs_fitted:,}",
        f"{found.pairs_held_out:,}",
        f"{found.phi_before:g}",
        f"{found.phi_after:g}",
        f"{found.expected:.3g}",
        f"{found.observed_before:,}",
        f"{found.observed_after:,}",
        f"{found.ratio_before:.3g}",
        f"{found.ratio_after:.3g}",
        f"{found.ratio_after_low:.2g} to {found.ratio_after_high:.2g}",
    )


def _conclude(record: "CalibrationRecord", output: Path) -> None:
    from detector.calibration.fit import TOLD_MIN

    err.print(f"{record.accounts_left_out:,} accounts that are called inauthentic were left out.")
    told = {name: found for name, found in record.strata.items() if found.pairs_held_out >= TOLD_MIN}
    off = [name for name, found in told.items() if found.ratio_after_low > 3 or found.ratio_after_high < 1 / 3]
    if off:
        err.print(f"Surely more than a factor of 3 off on the held-out half: {', '.join(off)}.", style="yellow")
    if len(told) < len(record.strata):
        few = ", ".join(name for name in record.strata if name not in told)
        err.print(f"Fewer than {TOLD_MIN:,} pairs held out, nothing can be said: {few}.")
    err.print(f"wrote {output}")
