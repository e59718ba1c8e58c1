"""What an alert tells of each account."""

from random import Random

from detector.engine import Engine
from models.alerts import OWN, AccountFacts, Alert
from models.events import Account
from tests.unit.detector.conftest import START_MS, army_likes

DAY_MS = 86_400_000


def alert_of(accounts: list[Account]) -> Alert:
    events = sorted(army_likes(Random(3), 40, 12), key=lambda like: like.acted_at_ms)
    engine = Engine()
    told = engine.push([*accounts, *events]) + engine.finish()
    return max(told, key=lambda alert: alert.accounts_total)


def test_shared_values_are_told_once_and_those_of_one_account_are_kept_back() -> None:
    accounts = [
        Account(
            f"army{number}", START_MS - number * DAY_MS, client="app", device_id=f"phone{number % 30}",
            network_id=f"home{number}", followers=number, observed_at_ms=START_MS - 1,
        )
        for number in range(35)
    ]  # fmt: skip
    alert = alert_of(accounts)
    assert len(alert.facts) == len(alert.accounts) >= 30
    assert alert.shared[0] == "app"
    assert set(alert.shared[1:]) <= {f"phone{number}" for number in range(5)}
    for account, facts in zip(alert.accounts, alert.facts, strict=True):
        number = int(account.removeprefix("army"))
        if number >= 35:
            assert facts == AccountFacts()
            continue
        assert (facts.registered_at_ms, facts.followers) == (START_MS - number * DAY_MS, number)
        assert (facts.client, facts.network) == (0, OWN)
        shares = {f"army{number % 30}", f"army{number % 30 + 30}"} <= set(alert.accounts) and number % 30 < 5
        assert (alert.shared[facts.device] if shares else facts.device) == (f"phone{number % 30}" if shares else OWN)


def test_nothing_known_is_nothing_told() -> None:
    alert = alert_of([])
    assert (alert.facts, alert.shared) == ([], [])
