"""The commands of docs/operations do what the pages say: each `sh` block is run, in order, on a store with cases."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from console.security.users import check_login
from evaluation.benchmarks.console_store import fill
from streams.store.engine import make_engine
from tests.postgres.install import programs

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "operations"
BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMPOSE = re.compile(r"^( *)```bash\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, pattern: re.Pattern[str] = BLOCK, *, after: str = "", until: str = "\0") -> str:
    """The blocks between two headings, as one script."""
    whole = (PAGES / page).read_text()
    part = whole[whole.index(after) :].split(until, 1)[0]
    found = [textwrap.dedent(block) for _, block in pattern.findall(part)]
    assert found
    return "\n".join(found)


def run(script: str, folder: Path, **variables: str) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script], cwd=folder, env={**os.environ, "PATH": path, **variables},
        capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def store(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/shoal.db"
    fill(url, campaigns=20, accounts=50)
    return url


def test_an_sqlite_store_is_copied_and_put_back(store: str, tmp_path: Path) -> None:
    run(blocks("backup.md", until="## PostgreSQL"), tmp_path, SHOAL_STORE_URL=store)
    before = (tmp_path / "before.txt").read_text()
    assert re.search(r"^alerts 20 ", before, re.MULTILINE)
    assert (tmp_path / "practice/shoal.db").exists()


def test_a_postgres_store_is_copied_and_put_back(postgres_url: str, tmp_path: Path) -> None:
    tools = shutil.which("pg_dump") or str(Path(programs()) / "pg_dump")
    fresh = postgres_url + "_fresh"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {make_url(fresh).database}"))
    fill(postgres_url, campaigns=20, accounts=50)
    script = blocks("backup.md", after="## PostgreSQL")
    addresses = {"DATABASE": plain(postgres_url), "FRESH_DATABASE": plain(fresh)}
    with_tools = os.pathsep.join([str(Path(tools).parent), os.environ["PATH"]])
    try:
        run(f'PATH="$PATH:{with_tools}"\n{script}', tmp_path, **addresses)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {make_url(fresh).database} WITH (FORCE)"))
        engine.dispose()
    assert re.search(r"^alerts 20 ", (tmp_path / "after.txt").read_text(), re.MULTILINE)


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_upgrading_finds_nothing_to_do_the_second_time(store: str, tmp_path: Path) -> None:
    told = run(blocks("upgrade.md"), tmp_path, SHOAL_STORE_URL=store)
    assert told.rstrip().endswith("already")
    assert (tmp_path / "before-upgrade.db").exists()


def test_the_compose_commands_are_those_that_bring_up_runs() -> None:
    lab = "".join((ROOT / "deploy/lab" / name).read_text() for name in ("steps.sh", "longer.sh"))
    commands = blocks("backup.md", COMPOSE) + blocks("upgrade.md", COMPOSE)
    wanted = {
        "shoal store backup -",
        "store restore -",
        "shoal audit verify",
        "pg_dump -Fc -U shoal shoal",
        "dropdb -U shoal shoal",
        "createdb -U shoal -T template0 -E UTF8 shoal",
        "pg_restore --no-owner --exit-on-error -U shoal -d shoal",
    }
    for command in wanted:
        assert command in commands
        assert command in lab


def test_bring_up_finds_the_password_in_what_the_console_says(tmp_path: Path) -> None:
    """The line names a command for the password as well; the last word after `password` is not it."""
    url = f"sqlite:///{tmp_path}/s.db"
    with subprocess.Popen(
        [sys.executable, "-c", "from streams.cli import main; main()", "console", "--store", url, "--port", "0"],
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said = process.stdout.readline()
        process.terminate()
    (tmp_path / "said").write_text(said)
    found = run(f". {ROOT}/deploy/lab/watch.sh; compose() {{ cat said; }}; admins_password", tmp_path).strip()
    assert check_login(make_engine(url), "admin", found, now_ms=0) is not None
