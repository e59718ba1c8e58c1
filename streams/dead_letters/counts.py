"""Letters counted by what is wrong with them."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from models.dead_letters import DeadLetter
from streams.dead_letters.faults import FAULTS_MAX, Fault, fault_of, place_of
from streams.dead_letters.parked import Judge, Prospect


class Counted(NamedTuple):
    """The letters of one fault."""

    fault: Fault
    letters: int
    valid: int
    """Of them, what this version would accept as it is."""
    first_ms: int
    last_ms: int
    newest: str
    """Where the newest was, by `place_of`."""
    detail: str
    """What was said of the newest."""


class Counts:
    """Counts letter by letter, within bounds."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._letters: Counter[Fault] = Counter()
        self._valid: Counter[Fault] = Counter()
        self._ends: dict[Fault, tuple[DeadLetter, DeadLetter]] = {}

    def add(self, letters: Iterable[DeadLetter]) -> None:
        """Count them, in the order in which they were parked."""
        for letter in letters:
            fault = fault_of(letter)
            if fault not in self._ends and len(self._ends) >= FAULTS_MAX:
                fault = fault._replace(field="message")
            self._letters[fault] += 1
            self._valid[fault] += self._judge.prospect(letter) is Prospect.VALID
            self._ends[fault] = (self._ends.get(fault, (letter,))[0], letter)

    def found(self) -> list[Counted]:
        """Most letters first."""
        return [self._counted(fault) for fault, _ in self._letters.most_common()]

    def _counted(self, fault: Fault) -> Counted:
        first, last = self._ends[fault]
        return Counted(
            fault,
            self._letters[fault],
            self._valid[fault],
            first.rejected_at_ms,
            last.rejected_at_ms,
            place_of(last),
            last.detail,
        )
