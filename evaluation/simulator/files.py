"""Scenarios in files: one small TOML file describes what is simulated (docs/evaluate.md).

Whoever writes a scenario may be no programmer, so a mistake is answered with the file, the place in it,
what was found there and what may stand there.
"""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

import evaluation.scenarios
from evaluation.simulator.background import Background
from evaluation.simulator.clock import MINUTE_MS
from evaluation.simulator.organic import Organic
from evaluation.simulator.pieces import PIECES
from evaluation.simulator.pieces.armies import ARMIES
from evaluation.simulator.scenario import Scenario
from evaluation.simulator.world import Piece
from models.errors import ShoalError

SUFFIX = ".toml"
SHARES = frozenset(
    "participation begin at comments deleted marked share replies reposts greetings loyalty unliked "
    "chinese_share linked".split()
)
"""Dials that are parts of a whole, in every piece that has them: 0 to 1."""
COUNT_MAX = 10_000_000
_ARMIES = frozenset(ARMIES.values())


class WrongScenario(ShoalError):
    """A scenario file that cannot be used; says where in it and what may stand there."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The form of a scenario file."""

    about: Annotated[str, Meta(min_length=1, max_length=300)]
    tags: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$")], ...] = ()
    duration_min: Annotated[float, Meta(gt=0, le=600_000)] = 60.0
    organic: dict[str, Any] = {}
    background: dict[str, Any] | None = None
    pieces: list[dict[str, Any]] = []


def scenario_names() -> tuple[str, ...]:
    """Names of the scenarios that come with Shoal, sorted."""
    found = (entry.name for entry in files(evaluation.scenarios).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX)))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Load a scenario by name, or from a file if it ends in `.toml`. Raises `WrongScenario`."""
    where = str(name_or_path)
    if where.endswith(SUFFIX):
        try:
            text = Path(where).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise WrongScenario(f"{where} cannot be read: {error}") from error
        return parse_scenario(text, Path(where).stem, where)
    if where not in scenario_names():
        told = _suggest(where, scenario_names())
        raise WrongScenario(f"no scenario {where}{told}; there are {', '.join(scenario_names())}, or name a .toml file")
    return parse_scenario((files(evaluation.scenarios) / f"{where}{SUFFIX}").read_text(encoding="utf-8"), where)


def parse_scenario(text: str, name: str, where: str | None = None) -> Scenario:
    """Make a scenario of the text of a file; `where` names it in errors. Raises `WrongScenario`."""
    place = where or f"scenario {name}"
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongScenario(f"{place}: {error}") from error
    file: _File = _converted(told, _File, place)
    pieces = tuple(_piece(values, f"{place}: pieces[{number}]") for number, values in enumerate(file.pieces))
    _check_groups(pieces, place)
    organic: Organic = _converted(file.organic, Organic, f"{place}: organic")
    background: Background | None = None
    if file.background is not None:
        background = _converted(file.background, Background, f"{place}: background")
    duration_ms = round(file.duration_min * MINUTE_MS)
    return Scenario(
        name, pieces, organic, duration_ms=duration_ms, about=file.about, tags=file.tags, background=background
    )


def with_dial(scenario: Scenario, group: str | None, dial: str, value: object) -> Scenario:
    """The scenario with one dial turned: `farm.marked` or `participation`, of one group or of every army that has it.

    Raises `WrongScenario` if no piece has the dial, or if the value is not one that it takes.
    """
    turned, hits = [], 0
    for piece in scenario.pieces:
        chosen = type(piece) in _ARMIES if group is None else piece.group == group
        if not chosen or not _has(piece, dial):
            turned.append(piece)
            continue
        hits += 1
        values = msgspec.to_builtins(piece)
        parent, *rest = dial.split(".")
        values[parent] = {**values[parent], rest[0]: value} if rest else value
        turned.append(_converted(values, type(piece), f"scenario {scenario.name}: {piece.group}"))
    if not hits:
        raise WrongScenario(f"scenario {scenario.name} has no {group or 'army'} with a dial {dial}")
    return msgspec.structs.replace(scenario, pieces=tuple(turned))


def _has(piece: Piece, dial: str) -> bool:
    found: Any = piece
    for part in dial.split("."):
        if part not in getattr(type(found), "__struct_fields__", ()):
            return False
        found = getattr(found, part)
    return True


def _piece(values: dict[str, Any], place: str) -> Piece:
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in PIECES:
        told = "has no kind" if kind is None else f"kind = {kind!r} is unknown{_suggest(str(kind), PIECES)}"
        raise WrongScenario(f"{place} {told}; there are {', '.join(sorted(PIECES))}")
    dials = {name: value for name, value in values.items() if name != "kind"}
    piece: Piece = _converted(dials, PIECES[kind], f"{place} ({kind})")
    return piece


def _check_groups(pieces: tuple[Piece, ...], place: str) -> None:
    names = [piece.group for piece in pieces]
    for name in names:
        if names.count(name) > 1:
            raise WrongScenario(f'{place}: two pieces are called "{name}"; give each its own, as in group = "second"')


def _converted(values: Mapping[str, Any], kind: type[Any], place: str) -> Any:
    _check_fields(values, kind, place)
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        at = path.rstrip("`").lstrip(".")
        raise WrongScenario(f"{place}{', ' + at if at else ''}: {message}") from error


def _check_fields(values: Mapping[str, Any], kind: type[Any], place: str) -> None:
    """Refuse dials that do not exist and numbers that no dial takes, at any depth."""
    hints = get_type_hints(kind)
    known = kind.__struct_fields__
    for name, value in values.items():
        if name not in known:
            allowed = ", ".join(known)
            raise WrongScenario(f"{place}: {name} is unknown{_suggest(name, known)}; there are {allowed}")
        inner = _struct_in(hints[name])
        if inner is not None and isinstance(value, Mapping):
            _check_fields(value, inner, f"{place}, {name}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            _check_range(name, value, place)


def _check_range(name: str, value: float, place: str) -> None:
    most = 1 if name in SHARES else 10**11 if name.endswith("_ms") else COUNT_MAX
    if not 0 <= value <= most:  # so that nan is refused too
        raise WrongScenario(f"{place}: {name} = {value} is out of range; allowed is 0 to {most:,}")


def _struct_in(hint: Any) -> type[Any] | None:
    """The struct that a field holds, None if it holds something else."""
    if get_origin(hint) in {Union, UnionType, Annotated}:
        return next((found for each in get_args(hint) if (found := _struct_in(each)) is not None), None)
    return hint if isinstance(hint, type) and issubclass(hint, Struct) else None


def _suggest(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), 1)
    return f" (did you mean {close[0]}?)" if close else ""
