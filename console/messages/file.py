"""The file of destinations, read and checked; errors say where."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from console.messages.destinations import KINDS, Destinations
from models.errors import ShoalError

FILE_BYTES_MAX = 262_144


class InvalidDestinations(ShoalError):
    """The file of destinations cannot be used; says where and why, and repeats nothing that may be secret."""

    def __init__(self, path: str, place: str, problem: str) -> None:
        self.place = place
        super().__init__(f"{path}: {place}: {problem}" if place else f"{path}: {problem}")


def load_destinations(path: str) -> Destinations:
    """Read the file. Raises `InvalidDestinations`."""
    try:
        with Path(path).open("rb") as opened:
            raw = opened.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise InvalidDestinations(path, "", f"cannot be read: {error.strerror}") from None
    if len(raw) > FILE_BYTES_MAX:
        raise InvalidDestinations(path, "", f"more than {FILE_BYTES_MAX:,} bytes")
    try:
        found = tomllib.loads(raw.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDestinations(path, "", f"no TOML: {error}") from None
    try:
        return Destinations.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise InvalidDestinations(path, _place(first["loc"], found), _problem(first["type"], first["msg"])) from None


def _place(loc: tuple[int | str, ...], found: dict[str, object]) -> str:
    """`destinations[1] (oncall).quiet.zone`: the place in the file, without names that pydantic adds."""
    text = ""
    for at, part in enumerate(loc):
        if isinstance(part, int):
            text += f"[{part}]" + (_named(found, part) if at == 1 else "")
        elif not (at == 2 and part in KINDS) and part != "SecretReference" and "[" not in part:
            text += f".{part}" if text else part
    return text


def _named(found: dict[str, object], at: int) -> str:
    listed = found.get("destinations")
    entry = listed[at] if isinstance(listed, list) and at < len(listed) else None
    name = entry.get("name") if isinstance(entry, dict) else None
    return f" ({name})" if isinstance(name, str) and name.isprintable() and len(name) <= 64 else ""


def _problem(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such setting"
    if kind == "missing":
        return "is missing"
    if kind.startswith("union_tag"):
        return f"kind is one of {', '.join(KINDS)}"
    return message.removeprefix("Value error, ")
