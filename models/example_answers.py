"""One invented example of what Shoal writes (alert, dead letter) and of what a moderator answers."""

from typing import Final

from models.alerts import (
    Alert,
    AlertState,
    Evidence,
    Explanation,
    Outcome,
    Proof,
    Severity,
    TargetSummary,
)
from models.dead_letters import DeadLetter
from models.events import Decision, Verdict
from models.trends import (
    CorrectedList,
    ListLine,
    Place,
    TrendAccuracy,
    TrendMoment,
    TrendOutcome,
    TrendReason,
    TrendVerdict,
)

_FIRST_MS: Final = 1_767_272_404_000
_APART_MS: Final = 600_000
"""From one target to the next."""
_ACCOUNTS: Final = [f"u-{number}" for number in range(4_711, 4_721)]
_TARGETS: Final = ["p-20900", "p-21377", "p-21842"]


def _time_ms(account: int, target: int) -> int:
    return _FIRST_MS + target * _APART_MS + account * 3_000


def _summary(target: int) -> TargetSummary:
    return TargetSummary(
        layer="like",
        target=_TARGETS[target],
        members=len(_ACCOUNTS),
        accounts_in_window=11,
        first_ms=_time_ms(0, target),
        last_ms=_time_ms(len(_ACCOUNTS) - 1, target),
        author=f"u-{12 + target}",
        published_at_ms=_FIRST_MS - 3_600_000 + target * _APART_MS,
    )


ALERT: Final = Alert(
    campaign="1c9fc152d5a8fda1",
    revision=1,
    state=AlertState.OPENED,
    kind="campaign",
    outcome=Outcome.INAUTHENTIC,
    severity=Severity.HIGH,
    headline="10 accounts acted together on 3 targets (like) over 20 min 27 s; no innocent explanation fits",
    at_ms=_FIRST_MS + 1_260_000,
    accounts=_ACCOUNTS,
    accounts_total=len(_ACCOUNTS),
    targets=[_summary(target) for target in range(len(_TARGETS))],
    targets_total=len(_TARGETS),
    families=[],
    links=[(a, t, _time_ms(a, t)) for t in range(len(_TARGETS)) for a in range(len(_ACCOUNTS))],
    first_action_ms=_time_ms(0, 0),
    last_action_ms=_time_ms(len(_ACCOUNTS) - 1, len(_TARGETS) - 1),
    p_log10=-22.4,
    chance="less than 1 in 10²²",
    synchrony=[
        Evidence(
            name="span",
            strength=1.0,
            sentence="On a typical target they acted within 27 s, 100 % of them inside two minutes.",
            values={"dense_share": 1.0, "span_median_ms": 27_000.0},
        )
    ],
    inauthenticity=[
        Evidence(
            name="shared_devices",
            strength=1.0,
            sentence="10 of 10 accounts share a device with another of them (3 devices in all).",
            values={"share": 1.0},
            points=2.0,
            counted=2.0,
            thresholds={"evidence.shared_device_share_min": 0.2},
        ),
        Evidence(
            name="inside_share",
            strength=0.5,
            sentence="88 % of everything these accounts did in the last two days was aimed at these targets.",
            values={"share": 0.88},
            points=1.0,
            counted=1.0,
            thresholds={"evidence.inside_share_min": 0.35},
        ),
    ],
    explanations=[
        Explanation(
            name="fans",
            stands=False,
            sentence="Fans of the same author: 3.0 authors (effective number), first actions 1 h after publication; "
            "fans act otherwise.",
            accounts_for=("dominance", "inside_share", "onset_variation"),
        )
    ],
    proof=[
        Proof(
            act=f"dfdeec92e2f246{account}{target}",
            account=_ACCOUNTS[account],
            layer="like",
            target=_TARGETS[target],
            time_ms=_time_ms(account, target),
        )
        for target in range(len(_TARGETS))
        for account in range(5)
    ],
    merged_from=[],
    split_from=None,
    detector_version="0.2.0",
    configuration="8f3c1d20",
    points=3.0,
    points_min=3.0,
    points_listed_min=1.0,
)
VERDICT: Final = Verdict(
    verdict_id="v-31",
    campaign=ALERT.campaign,
    revision=ALERT.revision,
    decision=Decision.CONFIRM,
    decided_by="moderator-7",
    decided_at_ms=_FIRST_MS + 5_400_000,
    reason="Ten new accounts, three devices.",
    accounts_left_out=("u-4715",),
)
DEAD_LETTER: Final = DeadLetter(
    topic="likes",
    partition=2,
    offset=90_417,
    field="acted_at_ms",
    reason="time_in_seconds",
    detail="1767268801: multiply by 1,000",
    rejected_at_ms=1_767_268_801_350,
    raw=b'{"account_id":"u-4711","target_id":"p-20900","action":"like","acted_at_ms":1767268801}',
    key=b"p-20900",
    timestamp_ms=1_767_268_801_102,
    shoal_version="0.2.0",
)

TREND_VERDICT: Final = TrendVerdict(
    topic="battery",
    key="battery",
    revision=1_767_268_860_000,
    at_ms=1_767_268_860_000,
    outcome=TrendOutcome.MANUFACTURED,
    headline="«battery» looks bought (64 accounts): 88% of the accounts share their day of registration beyond "
    "chance, as with a bought topic; place 3 of «hot», without the accounts in question off the list.",
    score=4.1,
    score_min=0.7,
    reasons=[
        TrendReason(
            "registered_together",
            "88% of the accounts share their day of registration beyond chance, as with a bought topic.",
            0.88,
            7.6,
        ),
    ],
    places=[Place("hot", 3, None, 48_211.0, 6_750.0, observed_at_ms=1_767_268_860_000)],
    accounts=64,
    accounts_in_question=55,
    distinct_accounts=63,
    burst_since_ms=1_767_268_810_000,
    known=["age", "followers", "deletions"],
    accuracy=TrendAccuracy(0.992, 0.0133),
    figures={"registered_together": 0.88, "age_mix": 1.2, "gone_quickly": 0.05},
    series=[TrendMoment(1_767_268_800_000, 71, 64, 3)],
    detector_version="0.2.0",
    configuration="8f3c1d20",
)
CORRECTED_LIST: Final = CorrectedList(
    name="hot",
    revision=1_767_268_861_000,
    at_ms=1_767_268_861_000,
    observed_at_ms=1_767_268_860_000,
    lines=[
        ListLine("rain", "rain", 1, 1, 90_210.0, 90_210.0, TrendOutcome.ORGANIC),
        ListLine("spring sale", "spring sale", 2, 2, 0.0, 0.0, None, paid=True),
        ListLine("battery", "battery", 3, None, 48_211.0, 6_750.0, TrendOutcome.MANUFACTURED),
    ],
)

ANSWERS: Final[dict[str, tuple[Alert | Verdict | DeadLetter | TrendVerdict | CorrectedList, ...]]] = {
    "Alert": (ALERT,),
    "Verdict": (VERDICT,),
    "DeadLetter": (DEAD_LETTER,),
    "TrendVerdict": (TREND_VERDICT,),
    "CorrectedList": (CORRECTED_LIST,),
}
