import time
from pathlib import Path

import pytest

from models.errors import SnapshotMismatch
from streams.doctor import Surroundings, Verdict
from streams.doctor.disk import shards_of
from streams.doctor.snapshots import snapshots
from streams.identity import identity_of
from streams.snapshots import Identity, SnapshotFolder, freeze, load, look
from tests.unit.streams.doctor.conftest import Around

HOUR_S = 3_600


def written(surroundings: Surroundings, age_s: float = 0, version: str | None = None) -> list[Path]:
    settings = surroundings.settings
    folder = SnapshotFolder(settings.snapshot_folder, 2)
    taken_at_ms = int((time.time() - age_s) * 1000)
    made = []
    for shard in shards_of(settings):
        right = identity_of(settings, shard)
        identity = right if version is None else Identity(version, right.configuration, shard)
        made.append(folder.write(freeze(identity, 7, taken_at_ms, {"state": b"x" * 100})))
    return made


def test_none_yet(around: Around) -> None:
    finding = snapshots(around())
    assert finding.verdict is Verdict.OK
    assert not around().settings.snapshot_folder.exists()


def test_young_ones_that_fit(around: Around) -> None:
    written(around(), age_s=20)
    finding = snapshots(around())
    assert finding.verdict is Verdict.OK
    assert "6 shards have a snapshot that fits" in finding.found


def test_of_another_version(around: Around) -> None:
    written(around(), version="0.0.1")
    finding = snapshots(around())
    assert finding.verdict is Verdict.PROBLEM
    assert "6 of 6 shards have no snapshot that this Shoal can load" in finding.found
    assert "is of version 0.0.1" in finding.found


def test_of_other_settings(around: Around) -> None:
    written(around())
    finding = snapshots(around(likes_partitions=7))
    assert finding.verdict is Verdict.PROBLEM
    assert "other settings" in finding.found


def test_of_another_format(around: Around) -> None:
    for path in written(around()):
        path.write_bytes(path.read_bytes().replace(b"\xa7version\x01", b"\xa7version\x02", 1))
    assert "has format 2, wanted 1" in snapshots(around()).found


def test_an_older_one_that_fits_is_enough(around: Around) -> None:
    surroundings = around()
    for path in written(surroundings):
        path.with_name(path.name.replace("0000007", "0000009")).write_bytes(b"torn")
    assert snapshots(surroundings).verdict is Verdict.OK


def test_old_and_too_old(around: Around) -> None:
    written(around(), age_s=2 * HOUR_S)
    finding = snapshots(around())
    assert finding.verdict is Verdict.WARNING
    assert "younger than 2 h" in finding.found
    written(around(), age_s=72 * HOUR_S)
    finding = snapshots(around())
    assert finding.verdict is Verdict.PROBLEM
    assert "younger than 3 days" in finding.found
    assert "is lost" in finding.advice


def test_a_look_sees_what_loading_sees(around: Around, tmp_path: Path) -> None:
    path = written(around())[0]
    header = look(path)
    assert header.next_offset == load(path, header.identity).next_offset == 7
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SnapshotMismatch, match="torn"):
        look(path)
    path.write_bytes(b"SHOALSNP\xff\xff\xff\x7f")
    with pytest.raises(SnapshotMismatch):
        look(path)
    with pytest.raises(SnapshotMismatch, match="cannot be read"):
        look(tmp_path)
