"""The detector's configuration file, written from the settings themselves: types, defaults, docstrings."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Struct

from detector.calibration.settings import CalibrationRecord
from detector.settings import DetectorSettings

WIDTH: Final = 100
HEAD: Final = """\
The detector's thresholds, all of them, at their defaults.

Name this file by SHOAL_DETECTOR_FILE (worker) or --settings (replay, demo). Leave out what you do not
change: a missing setting keeps its default. A wrong name, type or value is refused at start, with the
range. An alert carries the hash of the settings that made it, and `shoal explain` names those that decided.

Times are milliseconds of event time, shares 0 to 1, chances log10 of a probability (-6 is one in a million).

Written by `shoal check-config --print-default`, which forgets comments of your own."""


def default_file(settings: DetectorSettings | None = None) -> str:
    """The file as text; reading it gives `settings` (the defaults) again."""
    head = [line for paragraph in HEAD.split("\n\n") for line in ("#", *_comment(paragraph))][1:]
    lines = [*head, *_section(settings or DetectorSettings(), "")]
    return "\n".join(lines) + "\n"


def _section(settings: Struct, path: str) -> Iterator[str]:
    """One table: its own settings first, as TOML wants it, then the tables inside it."""
    kinds: Any = msgspec.inspect.type_info(type(settings))
    meanings = docstrings_of(type(settings))
    nested = []
    for field in kinds.fields:
        value = getattr(settings, field.name)
        if isinstance(value, CalibrationRecord):
            # not a threshold: `shoal calibrate` says there what φ was fitted on
            continue
        if isinstance(value, Struct):
            nested.append((field.name, value))
            continue
        yield ""
        yield from _comment(meanings.get(field.name, ""))
        yield from _comment(allowed(field.type))
        yield f"{field.name} = {_toml(value)}"
    for name, value in nested:
        inner = f"{path}.{name}" if path else name
        yield ""
        yield ""
        yield from _comment(inspect.getdoc(type(value)) or "")
        yield f"[{inner}]"
        yield from _section(value, inner)


def docstrings_of(kind: type) -> dict[str, str]:
    """The string below each field of a class, on one line; fields without one are missing."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    if not isinstance(body, ast.ClassDef):
        raise TypeError(kind)
    found: dict[str, str] = {}
    for field, below in zip(body.body, body.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found


def allowed(kind: Any) -> str:
    """The range of a setting in words."""
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return f"a list; each {allowed(kind.item_type)}"
    if isinstance(kind, msgspec.inspect.BoolType):
        return "true or false"
    if isinstance(kind, msgspec.inspect.StrType):
        return "a text"
    if not isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        return ""
    noun = "a whole number" if isinstance(kind, msgspec.inspect.IntType) else "a number"
    bounds = (("from", kind.ge), ("over", kind.gt), ("to", kind.le), ("under", kind.lt))
    told = [f"{word} {bound:,.12g}" for word, bound in bounds if bound is not None]
    return " ".join([noun, *told])


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(" ".join(text.split()), WIDTH):
        yield f"# {line}"


def _toml(value: object) -> str:
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, str):
        # a JSON string is a TOML basic string
        return msgspec.json.encode(value).decode()
    return repr(value)
