import io
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.army_scenario import scenario
from models.codec import encode_line
from models.events import AnyEvent, Trend
from streams.embedded import EmbeddedRun, in_batches
from streams.files import UnreadableFile, read, size, write
from tests.unit.streams.helpers import wanted_alerts


@pytest.fixture(scope="module")
def events() -> list[AnyEvent]:
    return [*scenario(seed=2, organic=400), Trend("hot", "topic", 3, 1_760_000_000_000)]


@pytest.mark.parametrize("name", ["events.jsonl", "events.parquet"])
def test_events_survive_a_file(tmp_path: Path, events: list[AnyEvent], name: str) -> None:
    path = str(tmp_path / name)
    assert write(path, [events[:100], events[100:]]) == len(events)
    batches = list(read(path, batch_events=64))
    assert [event for batch in batches for event in batch.events] == events
    assert max(len(batch.events) for batch in batches) <= 64
    assert [batch.position for batch in batches][-1] == size(path)
    assert not any(batch.rejected for batch in batches)


def test_a_bad_line_is_rejected_with_its_number_and_reason(tmp_path: Path, events: list[AnyEvent]) -> None:
    path = tmp_path / "events.jsonl"
    lines = [encode_line(events[0]), b"", b'{"type":"like"}', b"nonsense", encode_line(events[1])]
    path.write_bytes(b"\n".join(lines))
    (batch,) = read(str(path))
    assert batch.events == events[:2]
    assert [one.number for one in batch.rejected] == [3, 4]
    assert batch.rejected[0].error.reason == "missing"


def test_standard_input_is_a_file_of_lines(monkeypatch: pytest.MonkeyPatch, events: list[AnyEvent]) -> None:
    raw = b"\n".join(encode_line(event) for event in events[:3])
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    assert size("-") is None
    assert [event for batch in read("-") for event in batch.events] == events[:3]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="nowhere"):
        list(read(str(tmp_path / "nowhere.jsonl")))
    (tmp_path / "bad.parquet").write_bytes(b"not parquet")
    with pytest.raises(UnreadableFile, match="bad"):
        list(read(str(tmp_path / "bad.parquet")))
    with pytest.raises(UnreadableFile):
        size(str(tmp_path / "bad.parquet"))


def test_the_runner_tells_what_the_engine_tells(tmp_path: Path, events: list[AnyEvent]) -> None:
    told = tmp_path / "alerts.jsonl"
    seen: list[int] = []
    runner = EmbeddedRun(alerts_path=str(told), progress=lambda count, _position, _alerts: seen.append(count), shards=2)
    summary = runner.run(in_batches(events, 97))
    assert summary.events == len(events) == seen[-1]
    lines = told.read_bytes().splitlines()
    assert len(lines) == summary.revisions > 0
    assert lines == wanted_alerts(events)
    counted = sum(n for states in summary.alerts.values() for n in states.values())
    assert counted == len(runner.newest)
    assert summary.rejected == {}
    assert summary.as_dict()["stats"]["events"] == len(events)


def test_the_runner_counts_and_keeps_what_it_refuses(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"type":"like"}\nnonsense\n')
    letters = tmp_path / "letters.jsonl"
    summary = EmbeddedRun(dead_letters_path=str(letters)).run(read(str(path)))
    assert summary.events == 0
    assert summary.rejected == {"missing": 1, "unknown_type": 1}
    assert len(letters.read_bytes().splitlines()) == 2


def test_a_parquet_row_that_is_no_utf8_is_refused_and_the_others_read(tmp_path: Path) -> None:
    accounts = pa.array([b"a1", b"\xff\xfe", b"a3"]).view(pa.string())
    columns = {
        "type": ["like"] * 3,
        "account_id": accounts,
        "target_id": ["t"] * 3,
        "action": ["like"] * 3,
        "acted_at_ms": [1_700_000_000_000] * 3,
    }
    path = tmp_path / "odd.parquet"
    pq.write_table(pa.table(columns), path)
    (batch,) = read(str(path))
    assert [event.account_id for event in batch.events] == ["a1", "a3"]  # type: ignore[union-attr]  # likes only
    assert [(r.number, r.error.reason) for r in batch.rejected] == [(2, "encoding")]
