"""What is said of a wrong setting: the variable, the value, and what is allowed; and of one that is misspelt."""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from models.errors import InvalidConfiguration

PREFIX: Final = "SHOAL_"
ELSEWHERE: Final = "SHOAL_CONSOLE_"
"""Begins the variables of the console, which reads them itself."""
_ALIKE: Final = 0.85
"""Similarity from which a name is taken for a slip of the pen (difflib's ratio)."""
_BOUNDS: Final = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "matching"}
_NUMBERS: Final = {"int_parsing": "a whole number", "int_from_float": "a whole number", "float_parsing": "a number"}


def variable(name: str) -> str:
    """The variable of a setting."""
    return PREFIX + name.upper()


def allowed(field: Any) -> str:
    """The range of a setting; empty if there is none."""
    parts = []
    for bound in field.metadata:
        parts += [f"{word} {getattr(bound, key)}" for key, word in _BOUNDS.items() if hasattr(bound, key)]
    options = [str(option) for option in getattr(field.annotation, "__args__", ()) if isinstance(option, str)]
    return ", ".join(parts) or " | ".join(options)


def refusal(
    error: ValidationError, fields: Mapping[str, FieldInfo], given: Collection[str], mask: Callable[[str], str]
) -> InvalidConfiguration:
    """The first thing that is wrong. `given` are settings that no variable brought; `mask` hides passwords."""
    first = error.errors()[0]
    message = first["msg"].removeprefix("Value error, ")
    if first["loc"]:
        name = ".".join(str(part) for part in first["loc"])
        seen, rule = first["input"], _rule(fields.get(name), first["type"], message)
    else:
        name, _, rule = message.partition(": ")
        values = first["input"]
        seen = values.get(name) if isinstance(values, dict) else getattr(values, name, None)
    shown = name if name in given or name not in fields else variable(name)
    return InvalidConfiguration(shown, mask(seen) if isinstance(seen, str) else seen, rule)


def _rule(field: FieldInfo | None, kind: str, message: str) -> str:
    if field is None:
        return f"no such setting ({message})"
    if kind == "string_pattern_mismatch":
        return f"{field.description} ({allowed(field)})"
    if kind in _NUMBERS:
        return ", ".join(part for part in (_NUMBERS[kind], allowed(field)) if part)
    return allowed(field) or message


def refuse_misspelt(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise `InvalidConfiguration` for a variable that is no setting and nearly is one: it would say nothing."""
    variables = {variable(name) for name in known}
    for name in sorted(names):
        if not name.startswith(PREFIX) or name.startswith(ELSEWHERE) or name in variables:
            continue
        meant = get_close_matches(name, variables - set(names), 1, _ALIKE)
        if meant:
            raise InvalidConfiguration(name, "…", f"there is no such setting; {meant[0]} is one")
