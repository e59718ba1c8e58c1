import os

from evaluation.fuzz import fuzz
from models.codec import REASONS


def test_every_mutant_becomes_an_event_or_a_dead_letter() -> None:
    seen = fuzz(int(os.environ.get("SHOAL_FUZZ_INPUTS", "40000")), seed=11)
    assert seen["accepted"] > 1_000
    # the fuzzer reaches most of the rules, or it is no test of them
    assert len(seen.keys() & REASONS) >= 14
