"""Pseudonyms of accounts: a keyed hash, stable in one deployment and of no meaning in another."""

import hashlib
import re
import secrets as random

import msgspec
from sqlalchemy import Engine, select

from console.security.tables import secrets
from models.alerts import Alert
from models.ids import AccountId, TargetId
from streams.store.engine import writing
from streams.store.upsert import add_missing

KEY_BYTES = 32
NAME = "pseudonyms"
FOLLOW = "follow"
"""Layer whose targets are accounts."""


def pseudonym_key(engine: Engine) -> bytes:
    """Return the key of this deployment; the first call makes it."""
    with writing(engine) as connection:
        add_missing(connection, secrets, [{"name": NAME, "value": random.token_bytes(KEY_BYTES)}])
        return bytes(connection.execute(select(secrets.c.value).where(secrets.c.name == NAME)).scalar_one())


def pseudonym(key: bytes, account: str, kind: str = "account") -> str:
    """Return what a viewer sees instead of `account`: 48 bits, so that two of a case hardly ever meet."""
    digest = hashlib.blake2s(account.encode(errors="surrogatepass"), key=key, digest_size=6)
    return f"{kind}-{digest.hexdigest()}"


def hide_accounts(key: bytes, alert: Alert) -> Alert:
    """Return the alert with every account that it names under its pseudonym, in its sentences and texts too.

    Accounts that texts mention and that are not of the case stay as they are.
    """
    named = {*alert.accounts, *(each.account for each in alert.proof), *(each.author for each in alert.targets)}
    named |= {each.target for each in alert.targets if each.layer == FOLLOW}
    names = sorted((name for name in named if name), key=len, reverse=True)
    if not names:
        return alert
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")

    def hidden(text: str) -> str:
        return pattern.sub(lambda found: pseudonym(key, found.group()), text)

    clients = {facts.client for facts in alert.facts}
    return msgspec.structs.replace(
        alert,
        headline=hidden(alert.headline),
        accounts=[AccountId(pseudonym(key, account)) for account in alert.accounts],
        targets=[
            msgspec.structs.replace(
                each,
                target=TargetId(pseudonym(key, each.target)) if each.layer == FOLLOW else each.target,
                author=each.author and AccountId(pseudonym(key, each.author)),
            )
            for each in alert.targets
        ],
        families=[
            msgspec.structs.replace(each, texts=tuple(hidden(text) for text in each.texts)) for each in alert.families
        ],
        synchrony=[msgspec.structs.replace(each, sentence=hidden(each.sentence)) for each in alert.synchrony],
        inauthenticity=[msgspec.structs.replace(each, sentence=hidden(each.sentence)) for each in alert.inauthenticity],
        explanations=[msgspec.structs.replace(each, sentence=hidden(each.sentence)) for each in alert.explanations],
        proof=[msgspec.structs.replace(each, account=AccountId(pseudonym(key, each.account))) for each in alert.proof],
        # clients stay: they are programs; who has a device or a network could be found by it
        shared=[each if at in clients else pseudonym(key, each, "source") for at, each in enumerate(alert.shared)],
    )
