"""What is known of each account of a case, as an alert tells it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from detector.evidence.figures import Figures
from models.alerts import OWN, AccountFacts
from models.events import Account


def facts_of(figures: Figures, accounts: Sequence[str]) -> tuple[list[AccountFacts], list[str]]:
    """Return the facts of `accounts` in their order, and the values that two or more of them share.

    Both are empty if nothing is known of anybody. A value of one account alone stays here (`AccountFacts`).
    """
    kinds = (figures.clients, figures.devices, figures.networks)
    if not figures.facts and not any(kinds):
        return [], []
    shared: list[str] = []
    columns = [_positions(values, accounts, shared) for values in kinds]
    told = [figures.facts.get(account) for account in accounts]
    facts = [_facts(fact, *where) for fact, *where in zip(told, *columns, strict=True)]
    return facts, shared


def _facts(fact: Account | None, client: int | None, device: int | None, network: int | None) -> AccountFacts:
    if fact is None:
        return AccountFacts(client=client, device=device, network=network)
    return AccountFacts(fact.registered_at_ms, fact.followers, client, device, network)


def _positions(values: Mapping[str, str], accounts: Sequence[str], shared: list[str]) -> list[int | None]:
    """Put what is common into `shared`, the commonest first; return where each account's value stands there."""
    held = Counter(values[account] for account in accounts if account in values)
    common = sorted((value for value, number in held.items() if number > 1), key=lambda value: (-held[value], value))
    position_of = {value: len(shared) + position for position, value in enumerate(common)}
    shared.extend(common)
    return [position_of.get(values[account], OWN) if account in values else None for account in accounts]
