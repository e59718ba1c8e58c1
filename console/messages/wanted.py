"""Which destinations an event concerns. Pure."""

from console.messages.destinations import Destination
from console.messages.facts import Facts
from models.alerts import AlertState, Outcome


def qualifies(destination: Destination, facts: Facts) -> bool:
    """Whether a case is one that this destination is for. What is only listed notifies nobody."""
    return (
        facts.outcome == Outcome.INAUTHENTIC.value
        and facts.state != AlertState.LISTED.value
        and facts.kind in destination.kinds
        and facts.urgency >= destination.urgency_min
    )


def event_for(destination: Destination, facts: Facts, told: bool) -> str | None:
    """Return which event this is to a destination, None if it is none.

    `told`: it was told of the case before. A case that grows into what a destination is for is opened there. What
    was told and can be edited is edited whatever happens to the case: an open incident would stay open for ever.
    """
    event = facts.event if told or facts.event == "decided" else "opened"
    if told and destination.edits and (event == "decided" or "updated" in destination.events):
        return event
    return event if event in destination.events and (told or qualifies(destination, facts)) else None


def digested(destination: Destination, facts: Facts, alone: bool) -> bool:
    """Whether a message waits for the digest; `alone`: the case has a message of its own there."""
    return destination.digest is not None and not alone and facts.urgency < destination.urgency_at_once
