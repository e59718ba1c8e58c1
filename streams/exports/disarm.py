"""Techniques of the DISARM framework that the evidence of a case shows, as MISP's galaxy names them.

Source: DISARM Red framework (DISARMFoundation/DISARMframeworks, generated_pages/techniques), names as in
MISP/misp-galaxy, clusters/disarm-techniques.json; docs/exports.md says why each fits, and which were left out.
"""

from typing import Final, NamedTuple

from models.alerts import Alert, Outcome
from streams.exports.rows import NOTHING_DECIDED, Judgement

GALAXY: Final = "misp-galaxy:disarm-techniques"


class Technique(NamedTuple):
    """One technique, and what shows it."""

    number: str
    name: str
    items: frozenset[str] = frozenset()
    """Items of evidence, any of which counted; empty where the layer says all."""
    layers: frozenset[str] = frozenset()
    """Kinds of target, one of which must be among the targets; empty for any."""

    @property
    def tag(self) -> str:
        """The technique as MISP tags it."""
        return f'{GALAXY}="{self.name}"'


_AMPLIFIED: Final = frozenset({"like", "repost"})
TECHNIQUES: Final = (
    Technique("T0049", "Flood Information Space", frozenset({"spun_flood"})),
    Technique(
        "T0049.003", "Bots Amplify via Automated Forwarding and Reposting", frozenset({"regularity"}), _AMPLIFIED
    ),
    Technique("T0049.004", "Utilise Spamoflauge", frozenset({"disguised_contact"})),
    Technique("T0084.001", "Use Copypasta", layers=frozenset({"family"})),
    Technique(
        "T0090",
        "Create Inauthentic Accounts",
        frozenset({"registration_batch", "registration_burst", "registration_runs"}),
    ),
    Technique("T0121", "Manipulate Platform Algorithm", frozenset({"churn"}), _AMPLIFIED),
    Technique("T0124.003", "Exploit Platform TOS/Content Moderation", layers=frozenset({"report"})),
    Technique("T0129.007", "Delete Accounts/Account Activity", frozenset({"deletion"})),
)


def techniques(alert: Alert, judgement: Judgement = NOTHING_DECIDED) -> list[Technique]:
    """Return the techniques that `alert` shows: none for a case that may be innocent, or that a person dismissed."""
    if alert.outcome is not Outcome.INAUTHENTIC or judgement.status == "dismissed":
        return []
    counted = {item.name for item in alert.inauthenticity if item.counted > 0}
    layers = {target.layer for target in alert.targets}
    return [
        each
        for each in TECHNIQUES
        if (not each.items or each.items & counted) and (not each.layers or each.layers & layers)
    ]
