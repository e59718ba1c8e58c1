"""What colleagues wrote, as who sees pseudonyms may read it: without free text, which may name accounts."""

import msgspec
from sqlalchemy import Engine

from console.decisions import notes
from console.decisions.entries import LogEntry
from console.decisions.read import history
from console.web.deps import Principal


def shown_history(engine: Engine, who: Principal, campaign: str) -> list[LogEntry]:
    """Return the decisions on a case, oldest first, for `who`."""
    found = history(engine, campaign)
    return [msgspec.structs.replace(each, text="", accounts_left_out=()) for each in found] if who.pseudonyms else found


def shown_notes(engine: Engine, who: Principal, campaign: str) -> list[notes.Note]:
    """Return the notes on a case, oldest first, for `who`."""
    found = notes.of(engine, campaign)
    return [each._replace(text="") for each in found] if who.pseudonyms else found
