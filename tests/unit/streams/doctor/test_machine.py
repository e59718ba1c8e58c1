import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from streams.doctor import Surroundings, Verdict
from streams.doctor.disk import snapshot_disk, store_disk
from streams.doctor.machine import cache_folders, compiled_code, open_files, port
from streams.doctor.room import room_taken, sizes_in
from streams.doctor.worker import worker
from streams.identity import identity_of
from streams.snapshots import SnapshotFolder, freeze
from tests.unit.streams.doctor.conftest import Around


def disk(free_bytes: int, files: int = 1_000_000) -> Any:
    blocks, free = 10**12 // 4096, free_bytes // 4096
    return lambda _path: SimpleNamespace(
        f_blocks=blocks, f_bfree=free, f_bavail=free, f_frsize=4096, f_files=10**7, f_favail=files
    )


def test_a_full_disk(around: Around) -> None:
    finding = snapshot_disk(around(statvfs=disk(40_000_000)))
    assert finding.verdict is Verdict.PROBLEM
    assert "is full: 41 MB free" in finding.found or "is full: 40 MB free" in finding.found
    assert "SHOAL_SNAPSHOT_FOLDER" in finding.advice
    assert finding.go_on == "docs/runbooks/ShoalDiskFull.md"
    assert store_disk(around(statvfs=disk(40_000_000))).verdict is Verdict.PROBLEM


def test_a_disk_that_takes_no_more_files(around: Around) -> None:
    finding = store_disk(around(statvfs=disk(10**11, files=0)))
    assert finding.verdict is Verdict.PROBLEM
    assert "takes no more files" in finding.found


def test_a_disk_that_fills_up(around: Around) -> None:
    finding = snapshot_disk(around(statvfs=disk(10**9)))
    assert finding.verdict is Verdict.WARNING
    assert "has 1,000 MB free of 1,000.0 GB." in finding.found
    assert "Taken by 999.0 GB outside this folder" in finding.found
    assert snapshot_disk(around(statvfs=disk(10**10))).verdict is Verdict.OK


def test_what_takes_the_room_is_told_where_no_shell_can_look(tmp_path: Path) -> None:
    (tmp_path / "snapshots/old").mkdir(parents=True)
    for name, megabytes in (("snapshots/old/a", 3), ("snapshots/b", 4), ("core", 2), ("shoal.db", 1), ("note", 0)):
        (tmp_path / name).write_bytes(b"x" * megabytes * 1_000_000)
    taken = sum(sizes_in(tmp_path).values())
    assert room_taken(tmp_path, taken) == "Taken by snapshots 7 MB, core 2 MB, shoal.db 1 MB."
    assert room_taken(tmp_path, taken + 90_000_000).endswith("shoal.db 1 MB, 90 MB outside this folder.")


def test_a_folder_of_nothing_says_so(tmp_path: Path) -> None:
    assert room_taken(tmp_path, 0) == "Nothing is in this folder."


def test_the_next_snapshots_must_find_room(around: Around, tmp_path: Path) -> None:
    roomy = around(statvfs=disk(300_000_000))
    folder = SnapshotFolder(roomy.settings.snapshot_folder, 2)
    path = folder.write(freeze(identity_of(roomy.settings, "coordinator"), 7, 0, {"state": b"x"}))
    os.truncate(path, 400_000_000)  # sparse: takes no room in truth
    finding = snapshot_disk(roomy)
    assert finding.verdict is Verdict.PROBLEM
    assert "the next snapshots need 400 MB" in finding.found


def test_a_file_where_the_folder_should_be(around: Around, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    finding = snapshot_disk(around())
    assert finding.verdict is Verdict.PROBLEM
    assert "is no folder" in finding.found


def test_a_folder_that_cannot_be_written(around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.doctor.disk.os.access", lambda *_: False)  # the tests may run as root, who may all
    finding = snapshot_disk(around())
    assert finding.verdict is Verdict.PROBLEM
    assert "cannot be written by this user" in finding.found


def test_too_few_files(around: Around) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
        finding = open_files(around())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert finding.verdict is Verdict.PROBLEM
    assert "512" in finding.found


def test_no_folder_for_compiled_code(around: Around, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    finding = compiled_code(around())
    assert finding.verdict is Verdict.PROBLEM
    assert "NUMBA_CACHE_DIR" in finding.advice
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "made" / "later"))
    assert compiled_code(around()).verdict is Verdict.OK
    assert not (tmp_path / "made").exists()


def test_code_that_was_compiled_ahead(around: Around, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr("streams.doctor.machine._beside_the_kernel", lambda: [tmp_path])
    assert compiled_code(around()).verdict is Verdict.PROBLEM
    (tmp_path / "_ahead.cpython-311-x86_64-linux-gnu.so").touch()
    assert compiled_code(around()).verdict is Verdict.OK


def test_where_numba_looks() -> None:
    assert cache_folders({"NUMBA_CACHE_DIR": "/x"}) == [Path("/x")]
    beside, own = cache_folders({"HOME": "/h"})
    assert beside.parts[-2:] == ("near_duplicates", "__pycache__")
    assert own == Path("/h/.cache/numba")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_that_is_free(around: Around) -> None:
    assert port(around()).verdict is Verdict.OK


def test_what_takes_connections_and_says_nothing_may_be_a_worker_that_hangs(around: Around, taken: int) -> None:
    surroundings = Surroundings(around().settings, f"http://127.0.0.1:{taken}", 1.0)
    finding = port(surroundings)
    assert finding.verdict is Verdict.WARNING
    assert "a worker does that hangs" in finding.found
    finding = worker(surroundings)
    assert finding.verdict is Verdict.PROBLEM
    assert "does not answer in time: it hangs, or is paused" in finding.found
