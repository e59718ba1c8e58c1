"""When an event counts as having happened."""

from models.events import Account, AnyEvent, Like, Post, Verdict


def when_ms(event: AnyEvent) -> int:
    """Event time, epoch ms, as everything is sorted by it: a deletion's own moment, not that of its post."""
    match event:
        case Like():
            return event.acted_at_ms
        case Post():
            return event.created_at_ms if event.deleted_at_ms is None else event.deleted_at_ms
        case Account():
            return event.registered_at_ms if event.observed_at_ms is None else event.observed_at_ms
        case Verdict():
            return event.decided_at_ms
        case _:
            return event.observed_at_ms
