"""Passwords: argon2id, a least strength, and a bound on how many are checked at once."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from models.errors import ShoalError

CHARACTERS_MIN = 12
CHARACTERS_MAX = 256
STRENGTH_MIN = 3
"""Of zxcvbn's 0 to 4: withstands 10⁸ guesses, so common words and their variations are refused."""
NAME_CHARACTERS_MIN = 4
"""Shorter names may be in a password by accident."""
STRENGTH_CHARACTERS = 72
"""zxcvbn looks at no more."""
AT_ONCE_MAX = 4

_hasher = PasswordHasher()
# each check takes 64 MiB: a flood of log-ins must not take the memory of the machine
_turns = threading.BoundedSemaphore(AT_ONCE_MAX)
_nobody = _hasher.hash(secrets.token_urlsafe(16))


class WeakPassword(ShoalError):
    """A password that would be guessed."""


def hash_password(password: str, user_id: str = "") -> str:
    """Return the argon2id hash. Raises `WeakPassword` for one that is short, long, common or like the name."""
    if not CHARACTERS_MIN <= len(password) <= CHARACTERS_MAX:
        raise WeakPassword(f"a password has {CHARACTERS_MIN} to {CHARACTERS_MAX} characters")
    named = len(user_id) >= NAME_CHARACTERS_MIN and user_id in password.lower()
    if named or zxcvbn(password[:STRENGTH_CHARACTERS], user_inputs=[user_id])["score"] < STRENGTH_MIN:
        raise WeakPassword("this password is easily guessed: take several unrelated words")
    with _turns:
        return _hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Check a password; with no hash (or an empty one: who has no password) it takes as long and is false.

    So names cannot be found out by time.
    """
    with _turns:
        try:
            _hasher.verify(password_hash or _nobody, password[:CHARACTERS_MAX])
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def needs_rehash(password_hash: str) -> bool:
    """Whether the parameters of the library have risen since."""
    return _hasher.check_needs_rehash(password_hash)


def rehash(password: str) -> str:
    """Hash a password that was right once more, with today's parameters."""
    with _turns:
        return _hasher.hash(password)


def random_password() -> str:
    """120 random bits, to be shown once."""
    return secrets.token_urlsafe(15)
