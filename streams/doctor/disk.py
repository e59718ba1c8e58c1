"""Room on the disks of snapshots and store."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from streams.doctor.finding import Finding, ok, page_of, problem, size, warning
from streams.doctor.machine import nearest
from streams.doctor.room import room_taken
from streams.doctor.surroundings import Surroundings
from streams.settings import Settings
from streams.snapshots import SnapshotFolder
from streams.stages import COORDINATOR
from streams.store.engine import SQLITE

FREE_MIN_BYTES: Final = 256_000_000
FREE_LOW_BYTES: Final = 2_000_000_000
SNAPSHOT_DISK: Final = "disk of snapshots"
SNAPSHOT_SETTING: Final = "SHOAL_SNAPSHOT_FOLDER"
STORE_DISK: Final = "disk of the store"


def snapshot_disk(surroundings: Surroundings) -> Finding:
    """Whether the next snapshots find room: a new one is written before the oldest goes."""
    folder = surroundings.settings.snapshot_folder
    return _room(surroundings, SNAPSHOT_DISK, folder, SNAPSHOT_SETTING, _next_snapshots(surroundings.settings))


def store_disk(surroundings: Surroundings) -> Finding:
    """Whether a store of SQLite finds room."""
    url = surroundings.settings.store_url
    if not url.startswith(SQLITE):
        return ok(STORE_DISK, "The store is a server's; its disk cannot be seen from here.")
    path = Path(url.removeprefix(SQLITE))
    if path.is_file() and not os.access(path, os.W_OK):
        return _not_writable(STORE_DISK, path, "SHOAL_STORE_URL")
    return _room(surroundings, STORE_DISK, path.parent, "SHOAL_STORE_URL", 0)


def _room(surroundings: Surroundings, name: str, folder: Path, setting: str, wanted: int) -> Finding:
    existing = nearest(folder)
    if not existing.is_dir():
        return problem(name, f"{existing} is no folder.", f"Set {setting} to a folder that can be made and written.")
    if not os.access(existing, os.W_OK | os.X_OK):
        return _not_writable(name, existing, setting)
    found = surroundings.statvfs(str(existing))
    free = found.f_bavail * found.f_frsize
    if free < max(FREE_MIN_BYTES, wanted):
        needs = (
            f"the next snapshots need {size(wanted)}"
            if wanted > FREE_MIN_BYTES
            else f"{size(FREE_MIN_BYTES)} is the least"
        )
        taken = room_taken(existing, (found.f_blocks - found.f_bfree) * found.f_frsize)
        return _full(name, f"The disk of {existing} is full: {size(free)} free, {needs}. {taken}", setting)
    if found.f_files and not found.f_favail:
        return _full(name, f"The disk of {existing} takes no more files, though {size(free)} are free.", setting)
    if free < max(FREE_LOW_BYTES, 3 * wanted):
        taken = room_taken(existing, (found.f_blocks - found.f_bfree) * found.f_frsize)
        told = f"The disk of {existing} has {size(free)} free of {size(found.f_blocks * found.f_frsize)}. {taken}"
        return warning(name, told, _make_room(setting), "docs/runbooks/ShoalDiskFilling.md")
    return ok(name, f"{existing} has {size(free)} free.")


def _full(name: str, found: str, setting: str) -> Finding:
    return problem(name, found, _make_room(setting), "docs/runbooks/ShoalDiskFull.md")


def _make_room(setting: str) -> str:
    keep = " Leave the newest snapshot of each shard." if setting == SNAPSHOT_SETTING else ""
    return f"Make room there, or point {setting} to a larger disk and restart.{keep}"


def _not_writable(name: str, path: Path, setting: str) -> Finding:
    return problem(
        name,
        f"{path} cannot be written by this user (uid {os.geteuid()}).",
        f"Give it to the worker's user, mount it writable, or point {setting} elsewhere.",
        page_of(name),
    )


def _next_snapshots(settings: Settings) -> int:
    """Bytes that one more snapshot of each shard takes, going by the newest."""
    folder = SnapshotFolder(settings.snapshot_folder, settings.snapshots_kept)
    newest = [folder.candidates(shard)[:1] for shard in shards_of(settings)]
    return sum(_bytes(paths) for paths in newest)


def _bytes(paths: Sequence[Path]) -> int:
    try:
        return sum(path.stat().st_size for path in paths)
    except OSError:  # replaced by a newer one while we looked
        return 0


def shards_of(settings: Settings) -> list[str]:
    """Names of all shards that write snapshots."""
    from detector.engine import shard_names

    return [*shard_names(settings.shards), COORDINATOR]
