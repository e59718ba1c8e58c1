"""House rules that a machine can check. What this file bans it spells so that it passes itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("models", "detector", "streams", "evaluation", "console", "tests", "deploy", "docs", "requirements", ".ci")
TEXT = {".py", ".toml", ".md", ".yml", ".yaml", ".txt", ".in", ".sh", ".xml", ".json", ".cfg", ""}
LINES_MAX = 400
FILE_BYTES_MAX = 1_000_000

UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b")
MACHINE = re.compile(r"(?<![\w.~-])/(?:wor[k]|roo[t]|home)/\w")
REGISTRY = re.compile(r"py[p]i\.org|python[h]osted\.org|repo1?\.[m]aven|npm[j]s\.org|deb\.[d]ebian\.org")
SUPPRESSION = re.compile(r"#\s*(?:noqa\b(?!: )|noqa: [A-Z0-9, ]+$|type: ignore(?!\[)|type: ignore\[[\w, -]+\]$)")


def made_here(name: str) -> bool:
    """Whether a file of the top folder is what `make demo` or a worker that was tried out leaves: git ignores it."""
    rules = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return any(Path(name).match(rule.strip("/")) for rule in rules if rule.startswith("/"))


def files() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and not made_here(path.name))
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        if path.suffix in TEXT and not path.name.startswith(".git"):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def found(pattern: re.Pattern[str], only: str = "") -> list[str]:
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in texts()
        if name.endswith(only)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [UNFINISHED, MACHINE, REGISTRY], ids=["unfinished", "machine", "registry"])
def test_nothing_unfinished_and_nothing_of_one_machine(pattern: re.Pattern[str]) -> None:
    assert found(pattern) == []


def test_every_suppression_says_which_rule_and_why() -> None:
    assert found(SUPPRESSION, only=".py") == []


def test_the_bans_would_notice() -> None:
    assert UNFINISHED.search("# FIX" + "ME later")
    assert MACHINE.search("open('/wo" + "rk/main/x')")
    assert REGISTRY.search("--index-url https://py" + "pi.org/simple")
    for bare in (
        "x = 1  # no" + "qa",
        "x = 1  # no" + "qa: E501",
        "x = 1  # type: " + "ignore",
        "x  # type: " + "ignore[misc]",
    ):
        assert SUPPRESSION.search(bare)
    assert not SUPPRESSION.search("x = 1  # no" + "qa: E501  # a table reads better unbroken")


def test_files_are_small() -> None:
    assert [name for name, text in texts() if name.endswith(".py") and text.count("\n") > LINES_MAX] == []
    assert [path for path in files() if path.stat().st_size > FILE_BYTES_MAX] == []


def test_what_the_demo_leaves_is_nobodys_fault() -> None:
    """The README's second command passes after the first."""
    assert made_here("demo-cases.db")
    assert made_here("demo-cases.db-wal")
    assert not made_here("README.md")
    assert not made_here("other.db")


def test_no_stray_files() -> None:
    stray = {".log", ".bak", ".orig", ".rej", ".swp", ".ipynb", ".db", ".parquet", ".jar"}
    assert [path for path in files() if path.suffix in stray] == []


@pytest.mark.parametrize("lock", ["build", "runtime", "dev"])
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\w)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    assert entries
    assert [entry for entry in entries if not re.match(r"[\w.\[\]-]+==\S+.*--hash=sha256:", entry, re.DOTALL)] == []


def test_what_is_tested_is_what_runs() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE))

    assert pins("runtime") <= pins("dev")
