import errno
from pathlib import Path

import numpy as np
import pytest

from models.errors import SnapshotMismatch
from streams.snapshots import Identity, SnapshotFolder, freeze, load

ME = Identity("0.1.0", "cfg", "likes-0")
PARTS = {"head": b"\x00head", "keys": np.arange(7, dtype=np.uint64), "grid": np.ones((3, 2), np.float32)}


def write(folder: Path, offset: int = 10, identity: Identity = ME) -> Path:
    return SnapshotFolder(folder, kept=2).write(freeze(identity, offset, 0, PARTS))


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    found = load(write(tmp_path / "deep"), ME)
    assert found.next_offset == 10
    assert found.parts["head"] == PARTS["head"]
    for name in ("keys", "grid"):
        np.testing.assert_array_equal(found.parts[name], PARTS[name])
        assert found.parts[name].dtype == PARTS[name].dtype  # type: ignore[union-attr]  # arrays by name
        found.parts[name][0] = 0  # type: ignore[index]  # must be writable for the shard that takes it


def test_the_newest_two_stay(tmp_path: Path) -> None:
    for offset in (5, 100, 30):
        write(tmp_path, offset)
    write(tmp_path, 1, Identity("0.1.0", "cfg", "likes-01"))
    names = [path.name for path in SnapshotFolder(tmp_path, 2).candidates("likes-0")]
    assert [int(name.split("-")[2].split(".")[0]) for name in names] == [100, 30]


@pytest.mark.parametrize(
    "other",
    [Identity("0.2.0", "cfg", "likes-0"), Identity("0.1.0", "x", "likes-0"), Identity("0.1.0", "cfg", "likes-1")],
)
def test_another_version_configuration_or_shard_is_refused(tmp_path: Path, other: Identity) -> None:
    with pytest.raises(SnapshotMismatch):
        load(write(tmp_path), other)


def test_every_torn_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(SnapshotMismatch):
            load(path, ME)


def test_a_flipped_bit_in_a_part_is_noticed(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(SnapshotMismatch, match="torn"):
        load(path, ME)


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 1)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        write(tmp_path, 2)
    assert [path.suffix for path in tmp_path.iterdir()] == [".snapshot"]
    assert load(next(tmp_path.iterdir()), ME).next_offset == 1
