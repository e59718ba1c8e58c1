"""Roles, permissions, and the matrix between them."""

import tomllib
from enum import StrEnum
from importlib.resources import files

from models.errors import InvalidConfiguration


class Role(StrEnum):
    """What somebody is, the least first."""

    VIEWER = "viewer"
    MODERATOR = "moderator"
    LEAD = "lead"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a route asks for. Each is a line of matrix.toml."""

    SEE_CASES = "see_cases"
    DECIDE = "decide"
    SEE_USERS = "see_users"
    MANAGE_USERS = "manage_users"
    OWN_SESSION = "own_session"
    SEE_LEARNING = "see_learning"
    MANAGE_ALLOW_LIST = "manage_allow_list"
    EXPORT_LABELS = "export_labels"
    EXPORT_CASES = "export_cases"
    SEE_EXPORTS = "see_exports"
    SEE_MESSAGES = "see_messages"
    MANAGE_MESSAGES = "manage_messages"
    SEE_APPEALS = "see_appeals"
    FILE_APPEALS = "file_appeals"
    SEE_REPORTS = "see_reports"


def read_matrix(text: str) -> dict[Permission, frozenset[Role]]:
    """Read a matrix. Raises `InvalidConfiguration` unless it has exactly one line a permission."""
    lines = tomllib.loads(text)
    wanted = {permission.value for permission in Permission}
    if set(lines) != wanted:
        raise InvalidConfiguration("matrix", sorted(set(lines) ^ wanted), "exactly one line a permission")
    try:
        return {Permission(name): frozenset(map(Role, roles)) for name, roles in lines.items()}
    except ValueError as error:
        raise InvalidConfiguration("matrix", str(error), ", ".join(Role)) from error


MATRIX = read_matrix(files("console.security").joinpath("matrix.toml").read_text(encoding="utf-8"))


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` has `permission`."""
    return role in MATRIX[permission]
