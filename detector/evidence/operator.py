"""Accounts that were called before: the memory that rotating members cannot shake off."""

from detector.evidence.items import Item, item
from detector.evidence.words import chance, count
from detector.operators import Known

SHARE_MIN = 0.2
"""Share of the group that earlier cases must hold for them to speak about the whole group."""


def known_operator(known: Known, accounts: int, p_log10: float) -> Item:
    """Accounts of a group that earlier cases of one operator hold, beyond chance.

    p_log10 is the Poisson tail of `OperatorBook.chance_log10`. Two points, since only this system's
    own judgement says so; three where a person confirmed a case of the operator or put it on the
    watch list.
    """
    share = len(known.accounts) / accounts
    speaks = share >= SHARE_MIN
    who = "which a person has confirmed or put on the watch list" if known.watched else "that nobody has dismissed"
    return item(
        (3.0 if known.watched else 2.0) * float(speaks),
        "known_operator",
        f"{len(known.accounts)} of the {count(accounts, 'account')} were in {count(len(known.cases), 'earlier case')} "
        f"of one operator ({known.operator}), {who}; by chance {chance(p_log10)}.",
        share=share,
        p_log10=p_log10,
        cases=len(known.cases),
        watched=float(known.watched),
    )
