"""From claims to a name and a role."""

from collections.abc import Mapping
from typing import Any

from console.security.roles import Role

VALUES_MAX = 10_000
"""Of one claim; what comes after is not looked at."""


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """Return a claim; `realm_access.roles` is also found inside `realm_access`. None where there is none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def role_by_claims(
    claims: Mapping[str, Any], name: str, mapping: Mapping[str, Role], default: Role | None
) -> Role | None:
    """Return the highest role that the values of claim `name` stand for, else `default`; None is no entry.

    The claim is one word or a list of words.
    """
    found = claim(claims, name)
    values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    held = {mapping[value] for value in values[:VALUES_MAX] if isinstance(value, str) and value in mapping}
    order = list(Role)
    return max(held, key=order.index) if held else default
