"""Outputs are looked at before the work begins: an hour's run must not end at a folder that is not there."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

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


@contextmanager
def whole_file(output: str) -> Iterator[BinaryIO]:
    """Write to a file, which is there with all that was written or as it was before; or to '-', standard output."""
    target = Path(output)
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    elif target.exists() and not target.is_file():  # a pipe, a device: nothing may take its place
        with target.open("wb") as file:
            yield file
    else:
        part = target.with_name(target.name + ".part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def require_folder(output: Path) -> None:
    """Raise `UserError` for an output that cannot be a folder; it is made later."""
    for place in (output, *output.parents):
        if place.exists():
            if not place.is_dir():
                raise UserError(f"{place} is a file: name a folder")
            return
