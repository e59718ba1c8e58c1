import os

import pytest

import evaluation.fuzz
from evaluation.fuzz import fuzz
from models.codec import REASONS
from models.errors import InvalidEvent
from models.examples import LIKE


def test_every_mutant_becomes_an_event_or_a_dead_letter() -> None:
    seen = fuzz(int(os.environ.get("SHOAL_FUZZ_INPUTS", "50000")), seed=11)
    assert seen["accepted"] > 1_000
    # the fuzzer reaches every rule for events, or it is no test of them; versions are of envelopes
    assert REASONS - {"version"} <= seen.keys()


def test_the_fuzzer_notices_a_crash_and_names_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation.fuzz, "decode_event", lambda *_: 1 // 0)
    with pytest.raises(AssertionError, match=r"seed 5, input \d+: ZeroDivisionError"):
        fuzz(100, seed=5)


def test_the_fuzzer_notices_what_should_have_been_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.codec.check_json", lambda _: None)
    with pytest.raises(AssertionError, match="seed 5, input"):
        fuzz(20_000, seed=5)


def test_the_fuzzer_notices_a_wrong_event_and_an_unknown_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation.fuzz, "decode_event", lambda *_: LIKE)
    with pytest.raises(AssertionError, match="seed 5, input"):
        fuzz(100, seed=5)

    def refuse(*_: object) -> None:
        raise InvalidEvent("", "whim")

    for name in ("decode_event", "decode_line"):
        monkeypatch.setattr(evaluation.fuzz, name, refuse)
    with pytest.raises(AssertionError, match="a reason that nobody knows"):
        fuzz(100, seed=5)
