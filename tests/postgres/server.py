"""One server on 127.0.0.1 with its data in a folder of its own, stopped by its pid."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.postgres.install import PostgresUnavailable

START_S_MAX = 30.0
STOP_S_MAX = 20.0
# data of tests needs to survive nothing
SPEED = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
SIZE = ("-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "unix_socket_directories=")


class PostgresServer:
    """Context manager: gone afterwards, data too. `url` names the database `postgres` as a superuser."""

    def __init__(self, programs: Path, port: int = 0) -> None:
        self._programs = programs
        self._port = port or _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="shoal-postgres-"))
        self.url = f"postgresql+psycopg://shoal@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server and remove its folder."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)  # "fast": ends sessions, then itself
            try:
                process.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_S_MAX)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        data = self.folder / "data"
        owner = _owner()
        if owner is not None:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner is not None else {}
        made = subprocess.run(
            [self._programs / "initdb", "-D", data, "-U", "shoal", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            capture_output=True,
            text=True,
            check=False,
            timeout=START_S_MAX,
            cwd=self.folder,
            **user,  # type: ignore[call-overload]  # keywords of Popen that are given for root only
        )
        if made.returncode:
            raise PostgresUnavailable(f"initdb failed: {made.stderr.strip()}")
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *_with_parent(),
                    self._programs / "postgres",
                    "-D",
                    data,
                    "-h",
                    "127.0.0.1",
                    "-p",
                    str(self._port),
                    *SPEED,
                    *SIZE,
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **user,  # type: ignore[call-overload]  # as above
            )
        self._await()

    def _await(self) -> None:
        give_up_s = time.monotonic() + START_S_MAX
        engine = create_engine(self.url)
        try:
            while True:
                try:
                    engine.connect().close()
                    return
                except OperationalError as error:
                    ended = self._process is None or self._process.poll() is not None
                    if ended or time.monotonic() > give_up_s:
                        said = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                        raise PostgresUnavailable(f"PostgreSQL does not start: {said[-2_000:]}") from error
                    time.sleep(0.05)
        finally:
            engine.dispose()


def _owner() -> pwd.struct_passwd | None:
    """The server refuses to run as root: then somebody else must own it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailable("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _with_parent() -> list[str]:
    """Prefix of a command that must not outlive us, even if we are killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT", "--"] if setpriv else []


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
