"""Care with other people's files."""

from collections.abc import Iterable
from pathlib import Path

from models.errors import ShoalError
from streams.cli.outputs import require_files


class WouldOverwrite(ShoalError):
    """An output exists already."""


def refuse_overwriting(outputs: Iterable[Path | None], force: bool) -> None:
    """Raise `WouldOverwrite` if an output exists and `force` is not told, `UserError` if it can be no file."""
    outputs = list(outputs)
    require_files(outputs)
    for output in outputs:
        if output is not None and output.exists() and not force:
            raise WouldOverwrite(f"{output} exists: name another file, or say --force")
