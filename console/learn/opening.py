"""The database for a command of the console."""

import getpass
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

StoreOption = Annotated[
    str | None, typer.Option("--store", metavar="URL", help="Database, as in SHOAL_STORE_URL; without it the worker's.")
]


@contextmanager
def opened(url: str | None) -> Iterator[Engine]:
    """Open it with its tables at the newest version, and close it at the end. Raises `StoreUnavailable`."""
    from streams.settings import load_settings
    from streams.store.engine import make_engine
    from streams.store.migrate import migrate_engine
    from streams.store.open import require_store

    settings = load_settings()
    require_store(url or settings.store_url)
    engine = make_engine(url or settings.store_url, settings.store_timeout_ms)
    try:
        migrate_engine(engine)
        yield engine
    finally:
        engine.dispose()


def shell_user() -> str:
    """Who is logged in to this machine, for logs: `shell:ann`; a container may have no name for them."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"shell:{name}"[:128]


def now_ms() -> int:
    """The clock, where a person decides."""
    return time.time_ns() // 1_000_000
