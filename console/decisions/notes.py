"""Notes on a case: added, never changed."""

from typing import NamedTuple

from sqlalchemy import Engine, func, select

from console.decisions.errors import InvalidOrder
from console.decisions.log import LOG_KEY
from console.decisions.tables import notes
from streams.store.engine import reading, serialise, writing

TEXT_CHARACTERS_MAX = 4_000
NOTES_MAX = 500


class Note(NamedTuple):
    """What somebody wrote on a case; `number` counts from 1 in each case."""

    number: int
    campaign: str
    by: str
    at_ms: int
    text: str


def add(engine: Engine, campaign: str, by: str, text: str, now_ms: int) -> Note:
    """Keep a note. Raises `InvalidOrder` for an empty or too long one, or when a case has `NOTES_MAX` already."""
    text = text.strip()
    if not 0 < len(text) <= TEXT_CHARACTERS_MAX or "\x00" in text:
        raise InvalidOrder("text", f"1 to {TEXT_CHARACTERS_MAX} characters, no null character")
    with writing(engine) as connection:
        serialise(connection, LOG_KEY)
        newest = select(func.coalesce(func.max(notes.c.number), 0)).where(notes.c.campaign == campaign)
        number = int(connection.execute(newest).scalar_one()) + 1
        if number > NOTES_MAX:
            raise InvalidOrder("text", f"a case has at most {NOTES_MAX} notes")
        row = {"campaign": campaign, "number": number, "written_by": by, "written_at_ms": now_ms, "text": text}
        connection.execute(notes.insert().values(row))
    return Note(number, campaign, by, now_ms, text)


def of(engine: Engine, campaign: str) -> list[Note]:
    """Notes on a case, oldest first, at most `NOTES_MAX`."""
    columns = (notes.c.number, notes.c.campaign, notes.c.written_by, notes.c.written_at_ms, notes.c.text)
    query = select(*columns).where(notes.c.campaign == campaign).order_by(notes.c.number)
    with reading(engine) as connection:
        return [Note(*row) for row in connection.execute(query)]
