"""Settings that are secrets may stand in a file of their own, as containers are given them (`/run/secrets/…`)."""

from pathlib import Path
from typing import Any

BYTES_MAX = 65_536


def url_of_file(values: dict[str, Any], *aliases: str) -> dict[str, Any]:
    """Return settings with `store_url` read from `store_url_file` if that is set; the file beats the variable.

    `aliases` are other names under which `values` may hold the address. Raises `ValueError` for an unreadable file.
    """
    path = values.get("store_url_file")
    if not path:
        return values
    others = {name: value for name, value in values.items() if name not in aliases}
    return {**others, "store_url": read_line(Path(path))}


def read_line(path: Path) -> str:
    """The secret in a file, without white space around it. Raises `ValueError`."""
    try:
        with path.open("rb") as file:
            return file.read(BYTES_MAX).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ValueError(f"store_url_file: a readable file ({reason})") from error
