"""Sessions: an opaque random id in a cookie, its digest in the database, two expiries."""

import hashlib
import hmac
import secrets

from msgspec import Struct
from sqlalchemy import Engine, select

from console.security.roles import Role
from console.security.tables import sessions, users
from console.security.users import User
from streams.store.engine import reading, writing

SEEN_STEP_MS = 60_000
"""How often at most a session's last use is written."""
LONGEST_MS = 604_800_000
"""No setting lets a session last longer: older rows of anybody are swept out when a session begins."""
SESSIONS_MAX = 20
"""Of one user; the oldest ends."""
PASSWORD, PROVIDER = "password", "provider"  # how a session began
NAME_CHARACTERS = 16
"""Of a digest: what names a session on the page of its owner, and opens nothing."""


class Session(Struct, frozen=True):
    """A session as its owner sees it."""

    name: str
    created_at_ms: int
    seen_at_ms: int
    how: str
    """`password` or `provider`."""
    this: bool


def begin(engine: Engine, user_id: str, now_ms: int, how: str = PASSWORD) -> str:
    """Begin a session and return its id, always a new one."""
    session = secrets.token_urlsafe(32)
    with writing(engine) as connection:
        own = sessions.c.user_id == user_id
        query = select(sessions.c.id_sha256).where(own).order_by(sessions.c.created_at_ms.desc())
        surplus = list(connection.execute(query.offset(SESSIONS_MAX - 1)).scalars())
        over = sessions.c.created_at_ms < now_ms - LONGEST_MS
        connection.execute(sessions.delete().where(sessions.c.id_sha256.in_(surplus) | over))
        times = {"created_at_ms": now_ms, "seen_at_ms": now_ms}
        row = {"id_sha256": _digest(session), "user_id": user_id, "how": how, **times}
        connection.execute(sessions.insert().values(row))
    return session


def find(engine: Engine, session: str, now_ms: int, idle_ms: int, longest_ms: int) -> User | None:
    """Return whose session this is; None where it is unknown or over, or the user is disabled."""
    digest = _digest(session)
    query = select(sessions, users).join(users, users.c.user_id == sessions.c.user_id)
    with reading(engine) as connection:
        row = connection.execute(query.where(sessions.c.id_sha256 == digest)).mappings().first()
    if row is None or row[users.c.disabled]:
        return None
    seen_at_ms, created_at_ms = row[sessions.c.seen_at_ms], row[sessions.c.created_at_ms]
    if now_ms - seen_at_ms > idle_ms or now_ms - created_at_ms > longest_ms:
        end(engine, session)
        return None
    if now_ms - seen_at_ms >= SEEN_STEP_MS:
        with writing(engine) as connection:
            connection.execute(sessions.update().where(sessions.c.id_sha256 == digest).values(seen_at_ms=now_ms))
    return User(row[users.c.user_id], Role(row[users.c.role]), row[users.c.disabled], row[users.c.created_at_ms])


def end(engine: Engine, session: str) -> None:
    """End one session."""
    with writing(engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.id_sha256 == _digest(session)))


def end_all(engine: Engine, user_id: str) -> None:
    """Log somebody out everywhere."""
    with writing(engine) as connection:
        connection.execute(sessions.delete().where(sessions.c.user_id == user_id))


def list_sessions(
    engine: Engine, user_id: str, session: str, now_ms: int, idle_ms: int, longest_ms: int
) -> list[Session]:
    """Sessions of somebody that are not over, newest first, at most `SESSIONS_MAX`; `session` is the one that asks."""
    own = (sessions.c.user_id == user_id) & (sessions.c.seen_at_ms >= now_ms - idle_ms)
    query = select(sessions).where(own & (sessions.c.created_at_ms >= now_ms - longest_ms))
    this = _digest(session)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(sessions.c.created_at_ms.desc()).limit(SESSIONS_MAX)).all()
    return [
        Session(row.id_sha256[:NAME_CHARACTERS], row.created_at_ms, row.seen_at_ms, row.how, row.id_sha256 == this)
        for row in rows
    ]


def end_named(engine: Engine, user_id: str, name: str) -> None:
    """End that session of this user; nothing for a name that is not among theirs."""
    own = (sessions.c.user_id == user_id) & (sessions.c.id_sha256.startswith(name, autoescape=True))
    if len(name) == NAME_CHARACTERS:
        with writing(engine) as connection:
            connection.execute(sessions.delete().where(own))


def end_others(engine: Engine, user_id: str, session: str) -> None:
    """Log somebody out everywhere but here."""
    others = (sessions.c.user_id == user_id) & (sessions.c.id_sha256 != _digest(session))
    with writing(engine) as connection:
        connection.execute(sessions.delete().where(others))


def how_begun(engine: Engine, session: str) -> str | None:
    """`password` or `provider`; None for an unknown session."""
    with reading(engine) as connection:
        return connection.execute(select(sessions.c.how).where(sessions.c.id_sha256 == _digest(session))).scalar()


def form_token(session: str) -> str:
    """Token that forms of this session carry; it cannot be made, nor the session found, without the other."""
    return hmac.new(session.encode(), b"shoal form token", hashlib.sha256).hexdigest()


def is_form_token(session: str, token: str) -> bool:
    """Whether `token` belongs to the session."""
    return hmac.compare_digest(form_token(session).encode(), token.encode(errors="replace"))


def _digest(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()
