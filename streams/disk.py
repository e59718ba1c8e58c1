"""Room left where files are written."""

import shutil
from pathlib import Path

from prometheus_client import Gauge

SQLITE = "sqlite:///"


def store_folder(store_url: str) -> Path | None:
    """Folder of an SQLite store; None for a server, whose disk is its own affair."""
    if not store_url.startswith(SQLITE):
        return None
    return Path(store_url.removeprefix(SQLITE)).parent


def show_disk(folder: Path | None, name: str, free: Gauge, size: Gauge) -> None:
    """Set the gauges of a folder that is there; what cannot be looked at is not told."""
    if folder is None:
        return
    try:
        found = shutil.disk_usage(folder)
    except OSError:
        return
    free.labels(name).set(found.free)
    size.labels(name).set(found.total)
