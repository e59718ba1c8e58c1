"""Tokens of the API: random, kept as digests, scoped, expiring, shown once."""

import hashlib
import secrets
from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import Engine, Row, select

from console.security.roles import Permission, Role
from console.security.tables import api_tokens, users
from console.security.users import UserRefused
from streams.store.engine import reading, writing

PREFIX = "shoal_"
"""Lets scanners of leaked secrets find one."""
DAYS_MAX = 366
DAY_MS = 86_400_000
TOKENS_MAX = 1_000
NAME_CHARACTERS_MAX = 64
USED_STEP_MS = 60_000
"""How often at most the last use is written."""
SCOPES = frozenset(Permission) - {Permission.SEE_USERS, Permission.MANAGE_USERS, Permission.OWN_SESSION}
"""What a token may be for: never people or other tokens."""


class Token(Struct, frozen=True):
    """A token as lists show it. Times are epoch ms."""

    token_id: str
    name: str
    user_id: str
    scopes: frozenset[Permission]
    created_at_ms: int
    expires_at_ms: int
    last_used_ms: int | None
    revoked_at_ms: int | None


class Bearer(Struct, frozen=True):
    """Who acts by a token, and what for."""

    user_id: str
    role: Role
    scopes: frozenset[Permission]


def make_token(engine: Engine, name: str, user_id: str, scopes: Collection[Permission], days: int, now_ms: int) -> str:
    """Make a token and return it, the only time. Raises `UserRefused`."""
    if not 0 < len(name) <= NAME_CHARACTERS_MAX or not name.isprintable():
        raise UserRefused(f"a token has a name of 1 to {NAME_CHARACTERS_MAX} characters that says what it is for")
    if not scopes or not SCOPES.issuperset(scopes):
        raise UserRefused(f"a token is for one or more of {', '.join(sorted(SCOPES))}")
    if not 1 <= days <= DAYS_MAX:
        raise UserRefused(f"a token lasts 1 to {DAYS_MAX} days")
    token = PREFIX + secrets.token_urlsafe(32)
    row = {
        "token_id": secrets.token_hex(6),
        "sha256": _digest(token),
        "name": name,
        "user_id": user_id,
        "scopes": ",".join(sorted(scopes)),
        "created_at_ms": now_ms,
        "expires_at_ms": now_ms + days * DAY_MS,
    }
    with writing(engine) as connection:
        connection.execute(api_tokens.insert().values(row))
    return token


def find_token(engine: Engine, token: str, now_ms: int) -> Bearer | None:
    """Return who acts by `token`; None where it is unknown, over, revoked, or its user is shut out."""
    query = select(api_tokens, users.c.role, users.c.disabled).join(users, users.c.user_id == api_tokens.c.user_id)
    with reading(engine) as connection:
        row = connection.execute(query.where(api_tokens.c.sha256 == _digest(token))).first()
    if row is None or row.disabled or row.revoked_at_ms is not None or row.expires_at_ms <= now_ms:
        return None
    if now_ms - (row.last_used_ms or 0) >= USED_STEP_MS:
        with writing(engine) as connection:
            own = api_tokens.c.token_id == row.token_id
            connection.execute(api_tokens.update().where(own).values(last_used_ms=now_ms))
    return Bearer(row.user_id, Role(row.role), _scopes(row.scopes))


def list_tokens(engine: Engine) -> list[Token]:
    """Newest first, at most `TOKENS_MAX`."""
    query = select(api_tokens).order_by(api_tokens.c.created_at_ms.desc(), api_tokens.c.token_id).limit(TOKENS_MAX)
    with reading(engine) as connection:
        return [_token(row) for row in connection.execute(query)]


def revoke_token(engine: Engine, token_id: str, now_ms: int) -> None:
    """End a token at once; the list keeps it. Doing it again changes nothing."""
    with writing(engine) as connection:
        open_ = (api_tokens.c.token_id == token_id) & api_tokens.c.revoked_at_ms.is_(None)
        connection.execute(api_tokens.update().where(open_).values(revoked_at_ms=now_ms))


def _token(row: Row[tuple[object, ...]]) -> Token:
    found = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name
    del found["sha256"]
    return Token(**found | {"scopes": _scopes(row.scopes)})


def _scopes(text: str) -> frozenset[Permission]:
    known = {permission.value for permission in SCOPES}
    return frozenset(Permission(each) for each in text.split(",") if each in known)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
