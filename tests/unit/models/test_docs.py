"""docs/events.md is the contract that people read: its examples must work and its list must be whole."""

import json
import re
from pathlib import Path

import pytest

from models.codec import REASONS, TYPES, Kind, decode_event
from models.dead_letters import decode_dead_letter
from models.errors import InvalidEvent

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "events.md").read_text(encoding="utf-8")
NOW_MS = 1_767_300_000_000


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def example(title: str) -> bytes:
    found = re.search(r"```json\n(.*?)```", section(title), re.DOTALL)
    assert found
    return found.group(1).encode()


@pytest.mark.parametrize("kind", list(TYPES))
def test_the_example_of_each_event_is_valid_and_its_fields_are_known(kind: Kind) -> None:
    raw = example(kind)
    assert decode_event(kind, raw, NOW_MS)
    assert json.loads(raw).keys() <= set(TYPES[kind].__struct_fields__)


@pytest.mark.parametrize("kind", list(TYPES))
def test_each_field_is_mentioned(kind: Kind) -> None:
    text = section(kind)
    assert [name for name in TYPES[kind].__struct_fields__ if name not in text] == []


def test_every_reason_is_listed_and_no_other() -> None:
    rows = re.findall(r"^\| (`.*?) \|", section("What is refused, and why"), re.MULTILINE)
    assert {reason for row in rows for reason in re.findall(r"`(\w+)`", row)} == REASONS


def test_the_letter_shown_is_what_such_a_message_gets() -> None:
    letter = decode_dead_letter(example("What is refused, and why"))
    with pytest.raises(InvalidEvent) as caught:
        decode_event("like", letter.raw, NOW_MS)
    error = caught.value
    assert (error.field, error.reason, error.detail) == (letter.field, letter.reason, letter.detail)
