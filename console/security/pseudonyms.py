"""Pseudonyms of accounts: a keyed hash, stable in one deployment and of no meaning in another."""

import hashlib
import secrets as random

from sqlalchemy import Engine, select

from console.security.tables import secrets
from streams.store.engine import writing
from streams.store.upsert import add_missing

KEY_BYTES = 32
NAME = "pseudonyms"


def pseudonym_key(engine: Engine) -> bytes:
    """Return the key of this deployment; the first call makes it."""
    with writing(engine) as connection:
        add_missing(connection, secrets, [{"name": NAME, "value": random.token_bytes(KEY_BYTES)}])
        return bytes(connection.execute(select(secrets.c.value).where(secrets.c.name == NAME)).scalar_one())


def pseudonym(key: bytes, account: str) -> str:
    """Return what a viewer sees instead of `account`: 48 bits, so that two of a case hardly ever meet."""
    digest = hashlib.blake2s(account.encode(errors="surrogatepass"), key=key, digest_size=6)
    return f"account-{digest.hexdigest()}"
