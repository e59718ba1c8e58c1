"""Outputs are looked at before the work begins: an hour's run must not end at a folder that is not there."""

import os
from collections.abc import Iterable
from pathlib import Path

from streams.cli.errors import UserError


def require_files(outputs: Iterable[Path | None]) -> None:
    """Raise `UserError` for an output that cannot be a file: a folder, or in none, or without the right to write."""
    for output in outputs:
        if output is None:
            continue
        if output.is_dir():
            raise UserError(f"{output} is a folder: name a file in it, such as {output / 'out'}")
        if not output.parent.is_dir():
            raise UserError(f"{output}: there is no folder {output.parent}; make it first")
        if not os.access(output if output.exists() else output.parent, os.W_OK):
            raise UserError(f"{output} cannot be written by this user")


def require_folder(output: Path) -> None:
    """Raise `UserError` for an output that cannot be a folder; it is made later."""
    for place in (output, *output.parents):
        if place.exists():
            if not place.is_dir():
                raise UserError(f"{place} is a file: name a folder")
            return
