"""What a case's rows of the log come to. Pure: rows in, state out.

Decisions lie on a stack. An undo takes the newest off; a reopening takes all off and bars the people who had
decided. Where nothing counted yet, it takes off the judgements only, and who was barred stays barred: a further appeal
must not let those back in whom the first one kept out. A confirmation that needs two people counts once two different
people have confirmed in a row.
"""

from collections.abc import Iterable
from typing import NamedTuple

from console.decisions.entries import JUDGEMENTS, Action, Body, CaseStatus

STATUS_OF = {Action.CONFIRM: "confirmed", Action.DISMISS: "dismissed", Action.WATCH: "watched"}


class Folded(NamedTuple):
    """State of one case."""

    standing: tuple[Body, ...]
    """Decisions that stand, oldest first; neither undos nor reopenings."""
    effective: tuple[Body, ...]
    """Those of them that the detector was told of: judgements, without confirmations that wait for a second person."""
    barred: frozenset[str]
    """People who may not decide because the case was reopened against their decision."""
    last_number: int
    last_ms: int
    """Moment of the newest row; 0 without one."""

    @property
    def judgement(self) -> Body | None:
        """The newest judgement that stands, whether it counts yet or not."""
        return next((body for body in reversed(self.standing) if body.action in JUDGEMENTS), None)

    @property
    def confirming(self) -> tuple[Body, ...]:
        """Confirmations at the top of the stack with no other judgement above them."""
        return _confirming(self.standing)

    def status(self, campaign: str) -> CaseStatus:
        """The state as lists show it."""
        judged = self.judgement
        handed = next((body for body in reversed(self.standing) if body.action is Action.HAND_OVER), None)
        return CaseStatus(
            campaign,
            self._word(judged),
            self.last_number,
            judged.by if judged else None,
            judged.at_ms if judged else None,
            judged.revision if judged else None,
            judged.reason if judged else "",
            handed.to_user if handed else None,
            handed.to_role if handed else None,
        )

    def _word(self, judged: Body | None) -> str:
        if judged is None:
            return "open"
        return STATUS_OF[judged.action] if judged in self.effective else "pending"


def fold(rows: Iterable[Body]) -> Folded:
    """Fold the rows of one case, in order of their numbers."""
    standing: list[Body] = []
    barred: frozenset[str] = frozenset()
    last_number = last_ms = 0
    for row in rows:
        last_number, last_ms = row.number, row.at_ms
        if row.action is Action.UNDO:
            del standing[-1:]
        elif row.action is Action.REOPEN:
            if _effective(standing):
                barred = frozenset(body.by for body in standing if body.action in JUDGEMENTS)
                standing.clear()
            else:
                standing = [body for body in standing if body.action not in JUDGEMENTS]
        else:
            standing.append(row)
    return Folded(tuple(standing), _effective(standing), barred, last_number, last_ms)


def counts(stack: list[Body]) -> bool:
    """Whether the judgement at the top has all the people it needs."""
    top = stack[-1]
    return top.action is not Action.CONFIRM or len({body.by for body in _confirming(stack)}) >= top.persons_needed


def _effective(stack: list[Body]) -> tuple[Body, ...]:
    return tuple(body for at, body in enumerate(stack) if body.action in JUDGEMENTS and counts(stack[: at + 1]))


def _confirming(stack: Iterable[Body]) -> tuple[Body, ...]:
    found: list[Body] = []
    for body in reversed([each for each in stack if each.action in JUDGEMENTS]):
        if body.action is not Action.CONFIRM:
            break
        found.append(body)
    return tuple(reversed(found))
