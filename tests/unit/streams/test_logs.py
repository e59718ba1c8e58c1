"""Every line of a log is JSON that a machine can ask: what, how bad, when, and in which unit."""

import ast
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streams.logs import REPEATED_AFTER_S, REPEATED_MAX, UNITS, Repeats

ROOT = Path(__file__).resolve().parents[3]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
PROGRAM = """
import logging, warnings, structlog
from streams.logs import configure_logs
configure_logs("INFO")
log = structlog.get_logger()
log.info("shard is warm", shard="likes-0", took_s=1.5)
log.debug("not told")
logging.getLogger("aiokafka").info("not told")
logging.getLogger("aiokafka").error("a broker\\nof two lines %s", 7)
for number in range(9):
    logging.getLogger("aiokafka").error("a broker\\nof two lines %s", number)
warnings.warn("old", DeprecationWarning, stacklevel=1)
warnings.warn("mind", UserWarning, stacklevel=1)
try:
    1 / 0
except ZeroDivisionError:
    log.exception("unexpected error")
raise KeyError("nobody catches it")
"""


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in ("streams", "console"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                if node.func.attr in LEVELS and ast.unparse(node.func.value) == "log":
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


CALLS = list(log_calls())


def test_calls_are_found() -> None:
    assert len(CALLS) >= 30


@pytest.mark.parametrize(("place", "call"), CALLS, ids=[place for place, _ in CALLS])
def test_an_event_is_a_fixed_sentence_and_what_varies_is_in_fields(place: str, call: ast.Call) -> None:
    (event,) = call.args
    assert isinstance(event, ast.Constant), place
    assert isinstance(event.value, str)
    names = [each.arg for each in call.keywords]
    assert None not in names
    assert not {"event", "level", "timestamp", "logger"} & set(names)


@pytest.mark.parametrize(("place", "call"), CALLS, ids=[place for place, _ in CALLS])
def test_counts_and_rounded_numbers_have_a_unit(place: str, call: ast.Call) -> None:
    for field in call.keywords:
        value = field.value
        number = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in {"len", "round"}
        if number or isinstance(value, ast.BinOp):
            assert field.arg is not None
            assert field.arg.endswith(UNITS), place


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_line_is_json_whoever_writes_it() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    lines = lines_of(done.stderr)
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in lines)
    events = [line["event"] for line in lines]
    assert events[:2] == ["shard is warm", "a broker\nof two lines 7"]
    assert lines[0]["took_s"] == 1.5
    assert any("mind" in event for event in events)
    assert "ZeroDivisionError" in lines[-2]["exception"]
    assert lines[-1]["level"] == "critical"
    assert "nobody catches it" in lines[-1]["exception"]
    assert "not told" not in done.stderr
    assert sum("of two lines" in event for event in events) == 1


# --- what libraries repeat


def line(text: str, name: str = "aiokafka.conn") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "x.py", 1, text, None, None)


def test_what_kafkas_clients_repeat_is_told_once_a_minute_with_how_often_it_came() -> None:
    now = [0.0]
    repeats = Repeats(lambda: now[0])
    assert repeats.filter(line("node 1 is away for 0.3 s <x at 0x7f01>"))
    for _ in range(4):
        now[0] += 1
        assert not repeats.filter(line("node 2 is away for 12 s <x at 0x7faa>"))
    assert repeats.filter(line("another thing"))
    now[0] = REPEATED_AFTER_S
    again = line("node 1 is away for 0.3 s <x at 0x7f01>")
    assert repeats.filter(again)
    assert again.__dict__["repeated_total"] == 4


def test_our_own_lines_are_all_told() -> None:
    repeats = Repeats(lambda: 0.0)
    assert all(repeats.filter(line("no broker answers", "streams.probe")) for _ in range(5))


def test_only_so_many_lines_are_remembered() -> None:
    repeats = Repeats(lambda: 0.0)
    words = ["".join(chr(97 + int(digit)) for digit in str(number)) for number in range(REPEATED_MAX + 1)]
    assert all(repeats.filter(line(word)) for word in words)
    assert repeats.filter(line(words[0])), "the oldest was forgotten"
    assert not repeats.filter(line(words[-1]))
