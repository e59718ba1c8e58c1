"""People who come by the provider: known by issuer and subject, made at their first log-in, renewed at each."""

from typing import Any

from sqlalchemy import Connection, Engine, func, select

from console.security.oidc.refused import SignOnRefused, Why
from console.security.roles import Role
from console.security.tables import sessions, users
from console.security.users import NO_PASSWORD, USER_ID, USERS_KEY, USERS_MAX, User
from streams.store.engine import serialise, writing

SUBJECT_CHARACTERS_MAX = 255
"""As OpenID Connect allows."""


def sign_on(engine: Engine, issuer: str, subject: str, name: Any, role: Role | None, now_ms: int) -> User:
    """Return who this is, made where new, with `role`. Raises `SignOnRefused`.

    The subject counts; a name that changed at the provider changes nothing here. Without a role sessions end.
    The claims rule: they may also take the role of the last admin.
    """
    if not 0 < len(subject) <= SUBJECT_CHARACTERS_MAX or "\x00" in subject:
        raise SignOnRefused(Why.UNTRUSTED, "sub")
    same = (users.c.issuer == issuer) & (users.c.subject == subject)
    refused, found = None, None
    with writing(engine) as connection:
        serialise(connection, USERS_KEY)
        row = connection.execute(select(users).where(same)).first()
        if role is None:
            refused = Why.NO_ROLE
            if row is not None:
                connection.execute(sessions.delete().where(sessions.c.user_id == row.user_id))
        elif row is None:
            found = _made(connection, issuer, subject, name, role, now_ms)
        elif row.disabled:
            refused = Why.SHUT_OUT
        else:
            connection.execute(users.update().where(same).values(role=role.value))
            found = User(row.user_id, role, False, row.created_at_ms)
    if found is None:
        raise SignOnRefused(refused or Why.NO_ROLE)
    return found


def _made(connection: Connection, issuer: str, subject: str, name: Any, role: Role, now_ms: int) -> User:
    user_id = name.strip().lower() if isinstance(name, str) else ""
    if not USER_ID.fullmatch(user_id):
        raise SignOnRefused(Why.NAME_UNFIT)
    if connection.execute(select(users.c.user_id).where(users.c.user_id == user_id)).first() is not None:
        raise SignOnRefused(Why.NAME_TAKEN)
    if connection.execute(select(func.count()).select_from(users)).scalar_one() >= USERS_MAX:
        raise SignOnRefused(Why.FULL)
    row = {
        "user_id": user_id,
        "role": role.value,
        "password_hash": NO_PASSWORD,
        "disabled": False,
        "created_at_ms": now_ms,
        "failures": 0,
        "locked_until_ms": 0,
        "issuer": issuer,
        "subject": subject,
    }
    connection.execute(users.insert().values(row))
    return User(user_id, role, False, now_ms)
