import pytest
from rich.console import Console

from evaluation.scorecard import score
from evaluation.simulator.truth import Expected, Group, Truth
from models.alerts import Alert, AlertState, Evidence, Explanation, FamilySummary, Outcome, Proof, Severity
from models.events import AnyEvent, Post
from streams.cli.errors import BrokerAway, UserError, explain
from streams.cli.pace import limited, speed_of
from streams.cli.produce import moved_to
from streams.cli.telling import in_words, one_line
from streams.files import Batch

NASTY = "buy   this\nn\u200bow \x1b[31m\u202e" * 20


def alert(
    accounts: list[str], state: AlertState = AlertState.OPENED, at_ms: int = 60_000, campaign: str = "c"
) -> Alert:
    outcome = Outcome.ORGANIC if state is AlertState.LISTED else Outcome.INAUTHENTIC
    return Alert(
        campaign, 1, state, "campaign", outcome, Severity.HIGH, "3 accounts acted together", at_ms, accounts,
        len(accounts),
        [], 0, [FamilySummary("f", 3, 0.8, (NASTY,))], [], 0, at_ms, -20.0, "less than 1 in 10²⁰",
        [Evidence("overlap", 1.0, "They met again and again.")],
        [Evidence("tempo", 0.0, "Not said."), Evidence("shared_devices", 1.0, "They share a phone.")],
        [Explanation("chance", False, "No."), Explanation("fans", False, "Fans act otherwise.")],
        [Proof("e1", "a", "like", "t", 0)], [], None, "0.1.0", "0" * 16,
    )  # fmt: skip


def shown(alert: Alert) -> str:
    console = Console(width=100, color_system=None)
    with console.capture() as capture:
        console.print(one_line(alert), in_words(alert))
    return capture.get()


def test_an_alert_in_words() -> None:
    told = shown(alert(["a", "b", "c"]))
    for part in (
        "1970-01-01 00:01:00",
        "HIGH",
        "3 accounts acted together",
        "[c r1]",
        "They met again",
        "share a phone",
    ):
        assert part in told
    assert "hardly fans" in told
    assert "Not said" not in told
    assert "buy this now [31m" in told
    assert "\x1b" not in told
    assert "…" in told


def truth() -> Truth:
    army = Group("army", "army", Expected.ALERT, frozenset("abcd"), "4 hired accounts", 0, 100_000)
    fans = Group("fans", "fan club", Expected.QUIET, frozenset("wxyz"), "4 fans", 0, 100_000)
    return Truth((army, fans))


def test_a_right_verdict() -> None:
    card = score(truth(), [alert(list("abc"), at_ms=5_000), alert(list("wxyz"), AlertState.LISTED, campaign="d")])
    army, fans = card.scores
    assert card.right
    assert (army.named, army.opened_ms, army.listed) == (3, 5_000, False)
    assert (fans.named, fans.opened_ms, fans.listed) == (0, None, True)
    assert card.bystanders == 0


@pytest.mark.parametrize(
    ("alerts", "why"),
    [
        ([], "the army is missed"),
        ([alert(["a"])], "most of the army is missed"),
        ([alert(list("abcd")), alert(list("wx"), campaign="d")], "fans are called"),
        ([alert(list("abcd")), alert(["u1", "u2"], campaign="d")], "strangers are called"),
        ([alert(list("abcd"), AlertState.LISTED)], "the army is only listed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_verdict(alerts: list[Alert], why: str) -> None:
    assert not score(truth(), alerts).right, why


def test_bystanders_are_counted() -> None:
    card = score(truth(), [alert([*"abcd", "u1"])])
    assert card.right
    assert (card.bystanders, card.named) == (1, 5)


def test_limited_waits_for_its_turn() -> None:
    now_s = 0.0
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now_s
        pauses.append(round(seconds, 6))
        now_s += seconds

    batches = [Batch([alert(["a"])] * 50, [], 0) for _ in range(3)]  # type: ignore[list-item]  # only their number counts
    assert len(list(limited(batches, 100, lambda: now_s, sleep))) == 3
    assert pauses == [0.5, 0.5]


def test_speeds() -> None:
    assert [speed_of(text) for text in ("real", "realtime", "x10", "×2.5", "max")] == [1.0, 1.0, 10.0, 2.5, None]
    with pytest.raises(UserError, match="x10"):
        speed_of("fast")


def test_only_known_errors_are_put_into_words() -> None:
    assert explain(KeyError("a fault of ours")) is None
    told = explain(BrokerAway("no answer"))
    assert told is not None
    assert told.exit_code == 3


@pytest.mark.parametrize(
    ("factor", "moments_s"),
    [(1.0, (1_000, 1_010, 1_100)), (0.5, (1_000, 1_010, 1_100)), (10.0, (910, 920, 1_010)), (None, (900, 910, 1_000))],
)
def test_simulated_events_are_never_in_the_future_when_they_are_sent(
    factor: float | None, moments_s: tuple[int, ...]
) -> None:
    events: list[AnyEvent] = [Post(str(at), "a", "text", at * 1000) for at in (0, 10, 100)]
    moved = [event.created_at_ms for event in moved_to(1_000_000, events, factor) if isinstance(event, Post)]
    assert moved == [at * 1000 for at in moments_s]
    sent_ms = [1_000_000 + (0 if factor is None else at * 1000 / factor) for at in (0, 10, 100)]
    assert all(event_ms <= at_ms for event_ms, at_ms in zip(moved, sent_ms, strict=True))
