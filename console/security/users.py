"""People of the console: made, changed, locked out for a while after failed log-ins."""

import re
from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Connection, Engine, func, select

from console.security.passwords import hash_password, is_password, needs_rehash, random_password, rehash
from console.security.roles import Role
from console.security.tables import sessions, users
from models.errors import ShoalError
from streams.store.engine import reading, serialise, writing
from streams.store.upsert import add_missing

USER_ID = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
NO_PASSWORD = ""
"""Instead of a hash, for people who come by the provider only."""
USERS_MAX = 10_000
LOCK_MS = 30_000
LOCK_DOUBLINGS_MAX = 5
"""The longest lock is 16 minutes: an attacker must not keep people out for good."""
WRONG_OLD = "the old password is not right, or the account is locked for a while"  # no password
USERS_KEY = 0x5348_5553_4552


class User(Struct, frozen=True):
    """Somebody who may log in."""

    user_id: str
    role: Role
    disabled: bool
    created_at_ms: int
    by_provider: bool = False
    """Known to an identity provider, which gives the role."""


class UserRefused(ShoalError):
    """A change of users that cannot be; the message says why."""


def add_user(engine: Engine, user_id: str, role: Role, password: str, now_ms: int) -> None:
    """Make a user. Raises `UserRefused` and `WeakPassword`."""
    if not USER_ID.fullmatch(user_id):
        raise UserRefused(
            "a user name has 1 to 64 of a-z, 0-9, dot, dash, underscore, @ and +, and begins with a letter or digit"
        )
    row = _row(user_id, role, hash_password(password, user_id), now_ms)
    with writing(engine) as connection:
        if not add_missing(connection, users, [row]):
            raise UserRefused(f"there is a user {user_id} already")


def first_admin(engine: Engine, now_ms: int) -> str | None:
    """Make the user `admin` where there is nobody, and return the password; None where there is somebody."""
    with reading(engine) as connection:
        if connection.execute(select(func.count()).select_from(users)).scalar_one():
            return None
    password = random_password()
    row = _row("admin", Role.ADMIN, rehash(password), now_ms)
    with writing(engine) as connection:
        return password if add_missing(connection, users, [row]) else None


def list_users(engine: Engine) -> list[User]:
    """Everybody, by name, at most `USERS_MAX`."""
    with reading(engine) as connection:
        return [_user(row) for row in connection.execute(select(users).order_by(users.c.user_id).limit(USERS_MAX))]


def set_role(engine: Engine, user_id: str, role: Role) -> None:
    """Give another role. Raises `UserRefused`, also for the last admin."""
    with writing(engine) as connection:
        _keep_an_admin(connection, user_id, stays=role is Role.ADMIN)
        _change(connection, user_id, role=role.value)


def set_disabled(engine: Engine, user_id: str, disabled: bool) -> None:
    """Shut somebody out at once, or let them in again. Raises `UserRefused`, also for the last admin."""
    with writing(engine) as connection:
        _keep_an_admin(connection, user_id, stays=not disabled)
        _change(connection, user_id, disabled=disabled)
        connection.execute(sessions.delete().where(sessions.c.user_id == user_id))


def set_password(engine: Engine, user_id: str, password: str) -> None:
    """Give another password, log out everywhere and unlock. Raises `UserRefused` and `WeakPassword`."""
    password_hash = hash_password(password, user_id)
    with writing(engine) as connection:
        _change(connection, user_id, password_hash=password_hash, failures=0, locked_until_ms=0)
        connection.execute(sessions.delete().where(sessions.c.user_id == user_id))


def tie_user(engine: Engine, user_id: str, issuer: str, subject: str) -> None:
    """Tie a local user to somebody at an identity provider; the password and all sessions go. Raises `UserRefused`."""
    taken = (users.c.issuer == issuer) & (users.c.subject == subject) & (users.c.user_id != user_id)
    with writing(engine) as connection:
        serialise(connection, USERS_KEY)
        other = connection.execute(select(users.c.user_id).where(taken)).scalar()
        if other is not None:
            raise UserRefused(f"this subject is {other} already")
        _change(connection, user_id, issuer=issuer, subject=subject, password_hash=NO_PASSWORD)
        connection.execute(sessions.delete().where(sessions.c.user_id == user_id))


def has_password(engine: Engine, user_id: str) -> bool:
    """Whether this user can log in by password: not who comes by the provider only."""
    with reading(engine) as connection:
        return bool(connection.execute(select(users.c.password_hash).where(users.c.user_id == user_id)).scalar())


def change_password(engine: Engine, user_id: str, old: str, new: str, now_ms: int, failures_max: int = 5) -> None:
    """Give oneself another password; sessions end with it. Raises `UserRefused` and `WeakPassword`.

    A wrong old password counts as a failed log-in: who found an open browser may not guess for ever.
    """
    if check_login(engine, user_id, old, now_ms, failures_max) is None:
        raise UserRefused(WRONG_OLD)
    set_password(engine, user_id, new)


def check_login(
    engine: Engine,
    user_id: str,
    password: str,
    now_ms: int,
    failures_max: int = 5,
    roles: Collection[Role] = frozenset(Role),
) -> User | None:
    """Return who this is; None for a wrong name or password, a disabled or a locked user: callers cannot tell which.

    From `failures_max` failures on the account is locked, twice as long each time. None also for a role that is not
    among `roles`, those that may log in by password.
    """
    with reading(engine) as connection:
        row = connection.execute(select(users).where(users.c.user_id == user_id)).first()
    right = is_password(password, row.password_hash if row else None)
    if row is None or row.disabled or row.locked_until_ms > now_ms or Role(row.role) not in roles:
        return None
    with writing(engine) as connection:
        if not right:
            _failed(connection, user_id, now_ms, failures_max)
            return None
        renewed = {"password_hash": rehash(password)} if needs_rehash(row.password_hash) else {}
        _change(connection, user_id, failures=0, locked_until_ms=0, **renewed)
    return _user(row)


def _failed(connection: Connection, user_id: str, now_ms: int, failures_max: int) -> None:
    serialise(connection, USERS_KEY)
    failures = connection.execute(select(users.c.failures).where(users.c.user_id == user_id)).scalar_one() + 1
    over = failures - failures_max
    locked_until_ms = now_ms + LOCK_MS * 2 ** min(over, LOCK_DOUBLINGS_MAX) if over >= 0 else 0
    _change(connection, user_id, failures=failures, locked_until_ms=locked_until_ms)


def _keep_an_admin(connection: Connection, user_id: str, stays: bool) -> None:
    serialise(connection, USERS_KEY)
    admins = select(users.c.user_id).where((users.c.role == Role.ADMIN.value) & users.c.disabled.is_(False)).limit(2)
    if not stays and connection.execute(admins).scalars().all() == [user_id]:
        raise UserRefused(f"{user_id} is the last admin")


def _change(connection: Connection, user_id: str, **values: object) -> None:
    done = connection.execute(users.update().where(users.c.user_id == user_id).values(**values))
    if not done.rowcount:
        raise UserRefused(f"there is no user {user_id}")


def _row(user_id: str, role: Role, password_hash: str, now_ms: int) -> dict[str, object]:
    return {
        "user_id": user_id,
        "role": role.value,
        "password_hash": password_hash,
        "disabled": False,
        "created_at_ms": now_ms,
        "failures": 0,
        "locked_until_ms": 0,
    }


def _user(row: object) -> User:
    by_provider = row.subject is not None  # type: ignore[attr-defined]  # SQLAlchemy rows have their columns
    return User(row.user_id, Role(row.role), row.disabled, row.created_at_ms, by_provider)  # type: ignore[attr-defined]  # as above
