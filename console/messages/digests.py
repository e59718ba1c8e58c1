"""Many messages as one."""

from collections.abc import Sequence

from console.messages.channel import Message
from console.messages.facts import message_id
from console.messages.outbox import Row
from console.messages.text import Links, digest_text


def digest_of(rows: Sequence[Row], language: str, links: Links) -> Message:
    """Return one message for all rows (oldest first, at least one); each case is told by its newest.

    Its id comes from the rows: the same digest tried again has the same.
    """
    newest = {row.campaign: row.facts for row in rows}
    text = digest_text(list(newest.values()), language, links)
    return Message(message_id(rows[0].id, rows[-1].id, "digest", len(rows)), text)
