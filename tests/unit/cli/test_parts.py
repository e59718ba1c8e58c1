import pytest
from rich.console import Console

from evaluation.scorecard import score
from evaluation.simulator.truth import Expected, Group, Truth
from models.alerts import Alert, AlertState, Evidence, Explanation, FamilySummary, Outcome, Proof, Severity
from streams.cli.errors import BrokerAway, UserError, explain
from streams.cli.pace import limited, speed_of
from streams.cli.telling import in_words, one_line
from streams.files import Batch


def alert(
    accounts: list[str], state: AlertState = AlertState.OPENED, at_ms: int = 60_000, campaign: str = "c"
) -> Alert:
    outcome = Outcome.ORGANIC if state is AlertState.LISTED else Outcome.INAUTHENTIC
    return Alert(
        campaign, 1, state, "campaign", outcome, Severity.HIGH, "3 accounts acted together", at_ms, accounts,
        len(accounts),
        [], 0, [FamilySummary("f", 3, 0.8, ("buy   this\nnow " * 20,))], [], 0, at_ms, -20.0, "less than 1 in 10²⁰",
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
    assert "buy this now" in told
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
