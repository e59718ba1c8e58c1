"""What somebody chose in the queue, as the address of the page has it: for the list, and for its export."""

from typing import Annotated, Any, Final

from fastapi import HTTPException, Query

from console.decisions.filters import NOBODY, Filters
from console.web.deps import Principal
from models.alerts import Outcome

Word = Annotated[str, Query(max_length=200)]
ANY: Final = "any"
DAY_MS: Final = 86_400_000
DAYS_MAX: Final = 3_650


class Wanted:
    """Fields of the form above the queue; `any` is for all.

    `held`: `any`, `me`, `nobody`, or `given` for what was handed over to this person or their role; `days`: acted in
    the last so many days, 0 for all.
    """

    def __init__(
        self,
        status: Word = "open",
        severity: Word = ANY,
        outcome: Word = Outcome.INAUTHENTIC.value,
        text: Word = "",
        held: Word = ANY,
        days: Annotated[int, Query(ge=0, le=DAYS_MAX)] = 0,
        joined: bool = False,
        account: Word = "",
        appealed: bool = False,
    ) -> None:
        self.words: dict[str, Any] = {
            "status": status, "severity": severity, "outcome": outcome, "text": text, "held": held, "days": days,
            "account": account,
        }  # fmt: skip
        if joined:
            self.words["joined"] = "true"
        if appealed:
            self.words["appealed"] = "true"

    def filters(self, who: Principal, now_ms: int, language: str) -> Filters:
        """Return the filters, with words in `language`, that of the page.

        Answers 403 to who sees pseudonyms and names an account.
        """
        words = self.words
        if words["account"] and who.pseudonyms:
            # they may not ask where an account is that they know from elsewhere
            raise HTTPException(403)
        return Filters(
            status=_word(words["status"]),
            severity=_word(words["severity"]),
            outcome=_word(words["outcome"]),
            text=words["text"] or None,
            language=language,
            names_hidden=who.pseudonyms or None,
            account=words["account"].strip() or None,
            appealed=True if "appealed" in words else None,
            joined=None if "joined" in words else False,
            claimed_by={"me": who.user_id, "nobody": NOBODY}.get(words["held"]),
            assigned_to=who.user_id if words["held"] == "given" else None,
            acted_after_ms=now_ms - words["days"] * DAY_MS if words["days"] else None,
        )


def _word(chosen: str) -> str | None:
    return chosen if chosen and chosen != ANY else None
