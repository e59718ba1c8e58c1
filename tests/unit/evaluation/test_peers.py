"""Each peer finds a group that is planted for it in a tiny stream, in its own process."""

import random
from importlib.util import find_spec

import pytest

from evaluation.peers import METHODS, PEERS, Limits, child, confined, run_confined
from evaluation.peers.method import Method
from models.events import AnyEvent, Like, LikeAction, Post

START_MS = 1_741_000_000_000
MINUTE_MS = 60_000
ARMY = frozenset(f"hired-{number}" for number in range(12))
COPY = "The new kettle boils two litres in ninety seconds and it never leaks, get yours today from the shop"
CHANCE = {"coordinationz"}
"""Tests every pair by itself at 1 in 100, so it names a few strangers by design."""
MODULE_OF_PACKAGE = {"coordination-network-toolkit": "coordination_network_toolkit"}


def needs(name: str) -> pytest.MarkDecorator:
    package = METHODS[name].package
    missing = package is not None and find_spec(MODULE_OF_PACKAGE.get(package, package)) is None
    return pytest.mark.skipif(missing, reason=f"{package} is not installed: pip install -e '.[peers]'")


def stream() -> list[AnyEvent]:
    """Forty strangers who like at random for two hours; twelve accounts on the same twelve targets, and one copy.

    All strangers like one loud post within seconds: where everybody who meets meets often, a percentile
    of the weights has nothing to cut.
    """
    rng = random.Random(5)
    events: list[AnyEvent] = []
    for person in range(40):
        for target in rng.sample(range(300), 14):
            events.append(like(f"person-{person}", f"post-{target}", rng.randrange(120 * MINUTE_MS)))
        events.append(like(f"person-{person}", "loud", 60 * MINUTE_MS + 100 * person))
        text = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz      ", k=90))
        events.append(post(f"person-{person}", text, rng.randrange(120 * MINUTE_MS)))
    for hired in sorted(ARMY):
        for target in range(12):
            at = target * 9 * MINUTE_MS + rng.randrange(8_000)
            events.append(like(hired, f"bought-{target}", at))
        events.append(post(hired, f"{COPY} {hired}", 5 * MINUTE_MS + rng.randrange(MINUTE_MS)))
    return sorted(events, key=lambda event: event.acted_at_ms if isinstance(event, Like) else event.created_at_ms)


def like(account: str, target: str, after_ms: int) -> Like:
    return Like(account, target, LikeAction.LIKE, START_MS + after_ms)


def post(account: str, text: str, after_ms: int) -> Post:
    return Post(f"p-{account}", account, text, START_MS + after_ms)


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in METHODS])
def test_each_peer_finds_what_is_planted_for_it(name: str) -> None:
    result = PEERS[name](stream())
    assert result.missing is None
    assert result.groups[0] == ARMY
    if name not in CHANCE:
        assert result.groups == [ARMY]
    assert (result.peer, result.version != "") == (name, True)
    assert 0 < result.seconds < Limits().seconds
    assert result.peak_rss_mb > 10
    if result.linked_pairs is not None:
        assert result.linked_pairs >= 60


def strangers() -> list[AnyEvent]:
    return [event for event in stream() if isinstance(event, Like) and event.account_id.startswith("person")]


@pytest.mark.parametrize("name", [name for name in METHODS if name not in CHANCE])
def test_strangers_alone_are_no_group(name: str) -> None:
    if METHODS[name].package is not None:
        pytest.importorskip(MODULE_OF_PACKAGE.get(name, name), reason="pip install -e '.[peers]'")
    assert PEERS[name](strangers()).groups == []


@needs("coordinationz")
def test_one_pair_of_strangers_in_a_hundred_is_below_one_in_a_hundred() -> None:
    linked = PEERS["coordinationz"](strangers()).linked_pairs
    assert linked is not None
    assert linked <= 0.03 * 40 * 39 / 2


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in METHODS])
def test_no_events_are_no_groups(name: str) -> None:
    empty = PEERS[name]([])
    assert (empty.groups, empty.missing) == ([], None)


def test_time_that_is_up_is_told_and_not_raised() -> None:
    result = run_confined("synchrotrap", stream(), Limits(seconds=0.05))
    assert (result.groups, result.missing) == ([], "out of time: 0.05 s")


def test_memory_that_is_full_is_told_and_not_raised() -> None:
    result = run_confined("synchrotrap", many_on_one(4_000), Limits(memory_mb=1_000))
    assert result.missing == "out of memory: 1000 MB"


def many_on_one(accounts: int) -> list[AnyEvent]:
    return [like(f"a{number}", f"t{target}", number) for target in range(3) for number in range(accounts)]


def test_a_package_that_is_not_there_is_told_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = {"absent": Method("absent", "", "a-package-that-nobody-wrote")}
    assert child.version_of(absent["absent"]) is None
    monkeypatch.setattr(confined, "METHODS", absent)
    monkeypatch.setattr(confined, "_run", lambda *_: (child.NOT_INSTALLED, b"", ""))
    assert run_confined("absent", []).missing == "not installed: pip install a-package-that-nobody-wrote"


def test_a_package_that_breaks_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "METHODS", {"broken": METHODS["coortweet"]})
    result = run_confined("broken", [])
    assert result.missing is not None
    assert result.missing.startswith("failed with code 1: KeyError")


def test_equal_events_give_equal_groups() -> None:
    assert PEERS["copycatch"](stream()).groups == PEERS["copycatch"](stream()).groups


def test_an_unknown_peer_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        run_confined("nobody", [])
