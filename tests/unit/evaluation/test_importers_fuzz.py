"""Whatever a platform sends, an importer gives events or refusals, and accounts for every row."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.importers import FORMATS, Source, Tally
from tests.unit.evaluation.test_importers_platforms import ANSWER, LINES, STATUS

if TYPE_CHECKING:
    from models.dead_letters import DeadLetter

# an infinite number is no JSON: a file that begins with [Infinity] is refused whole, as it should be
finite = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers(-(2**40), 2**60) | finite | st.text(max_size=8)
anything = st.recursive(
    scalars, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=4), x, max_size=3)
)

WEIBO = {
    "id": 4_454, "user_id": 16, "text": "a", "full_created_at": "2024-01-02 12:33:21", "topics": "b",
    "pics": "u/ab.jpg", "retweet": {"id": 4_400, "user_id": 17, "text": "c", "created_at": "2024-01-02T12:00:00+08:00"},
}  # fmt: skip
SAMPLES: dict[str, list[Any]] = {
    "x-api-v2": [ANSWER],
    "jetstream": LINES,
    "mastodon": [{"event": "update", "payload": STATUS}, {"event": "delete", "payload": "109"}],
    "weibo-crawler": [{"user": {}, "weibo": [WEIBO]}],
}


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, part in inner for path in paths(part, (*here, key)))]


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_broken_part_breaks_its_row_only(name: str, tmp_path: Path, data: st.DataObject) -> None:
    lines = SAMPLES[name]
    at = data.draw(st.integers(0, len(lines) - 1))
    broken = replaced(lines[at], data.draw(st.sampled_from(paths(lines[at]))), data.draw(anything))
    path = tmp_path / "sample.jsonl"
    path.write_text(
        "".join(json.dumps(line) + "\n" for line in [*lines[:at], broken, *lines[at + 1 :], *lines]), encoding="utf-8"
    )
    letters: list[DeadLetter] = []
    tally = Tally(letters=letters.append)
    events = [event for batch in FORMATS[name].convert(Source(path), tally) for event in batch]
    assert events
    assert len(letters) <= tally.skipped.total()
    assert all(letter.raw and letter.offset >= 1 for letter in letters)
