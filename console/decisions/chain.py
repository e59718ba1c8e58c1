"""The hash chain: each row carries the hash of the one before, so nothing can change without a trace.

sha256(previous hash ‖ line feed ‖ body), in hex, over UTF-8. `body` is JSON with its keys sorted, without spaces and
with characters as themselves; it is stored as it was hashed, so a check never depends on how JSON is written.
"""

import hashlib
import json
import secrets
from typing import Any

import msgspec

from console.decisions.entries import Details

GENESIS = "0" * 64
"""`previous` of the first row."""


def canonical(record: Any) -> str:
    """Return the record as canonical JSON."""
    return json.dumps(msgspec.to_builtins(record), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(previous: str, body: str) -> str:
    """Return the hash of a row."""
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def digest(text: str) -> str:
    """Return the sha256 of the details, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def salted(text: str, accounts: tuple[str, ...]) -> Details:
    """Return details with a fresh salt: their digest tells nothing once they are erased."""
    return Details(secrets.token_hex(16), text, accounts)
