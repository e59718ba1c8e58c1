"""What makes an order refused, before anything is written."""

from collections.abc import Collection

from msgspec import Struct

from console.decisions.entries import (
    DISMISS_REASONS,
    JUDGEMENTS,
    LEFT_OUT_MAX,
    TEXT_CHARACTERS_MAX,
    Action,
    Order,
)
from console.decisions.errors import (
    DifferentPersonNeeded,
    InvalidOrder,
    NothingToUndo,
    SecondPersonNeeded,
)
from console.decisions.fold import Folded

ID_CHARACTERS_MAX = 128
BARRED_FROM = JUDGEMENTS | {Action.UNDO}
"""What those may not do whose decision was reopened: decide again, or take back what others decided then."""


class Rules(Struct, frozen=True):
    """What the operator of the console may set."""

    two_persons_from: int | None = 1_000
    """Accounts of a campaign from which two people must confirm; None for never."""

    def persons_needed(self, action: Action, accounts_total: int) -> int:
        """How many different people a decision needs."""
        large = self.two_persons_from is not None and accounts_total >= self.two_persons_from
        return 2 if action is Action.CONFIRM and large else 1


def check_form(order: Order) -> None:
    """Raise `InvalidOrder` for an order that is wrong whatever the case is like."""
    _ids(order)
    if order.action is Action.DISMISS:
        _dismissal(order)
    elif order.reason:
        raise InvalidOrder("reason", "only a dismissal has one")
    if len(order.text) > TEXT_CHARACTERS_MAX or "\x00" in order.text:
        raise InvalidOrder("text", f"at most {TEXT_CHARACTERS_MAX} characters, no null character")
    _accounts(order)
    if (order.action is Action.HAND_OVER) != ((order.to_user is None) != (order.to_role is None)):
        raise InvalidOrder("to_user", "a hand-over, and nothing else, names one user or one role")
    if order.undoes is not None and order.action is not Action.UNDO:
        raise InvalidOrder("undoes", "named by an undo only")


def check_state(order: Order, folded: Folded, accounts: Collection[str]) -> None:
    """Raise what keeps this person from doing this to this case now."""
    if order.by in folded.barred and order.action in BARRED_FROM:
        raise DifferentPersonNeeded(order.by)
    if order.action in JUDGEMENTS:
        strangers = set(order.accounts_left_out).difference(accounts)
        if strangers:
            raise InvalidOrder("accounts_left_out", f"{len(strangers)} are not of this campaign")
    if order.action is Action.CONFIRM and order.by in {body.by for body in folded.confirming}:
        raise SecondPersonNeeded(order.by)
    if order.action is Action.UNDO:
        _undo(order, folded)


def _undo(order: Order, folded: Folded) -> None:
    if not folded.standing:
        raise NothingToUndo(order.campaign)
    if order.undoes not in (None, folded.standing[-1].number):
        raise InvalidOrder("undoes", f"the newest decision that stands is {folded.standing[-1].number}")


def _ids(order: Order) -> None:
    for name, value in (("by", order.by), ("to_user", order.to_user), ("to_role", order.to_role)):
        if value is not None and not (0 < len(value) <= ID_CHARACTERS_MAX and value.isprintable()):
            raise InvalidOrder(name, f"1 to {ID_CHARACTERS_MAX} printable characters")


def _dismissal(order: Order) -> None:
    if order.reason not in DISMISS_REASONS:
        raise InvalidOrder("reason", f"choose one of {', '.join(DISMISS_REASONS)}")
    if order.reason == "other" and not order.text.strip():
        raise InvalidOrder("text", "say what the other reason is")


def _accounts(order: Order) -> None:
    left_out = order.accounts_left_out
    if left_out and order.action not in JUDGEMENTS:
        raise InvalidOrder("accounts_left_out", "only a decision leaves accounts out")
    if len(left_out) > LEFT_OUT_MAX or len(set(left_out)) < len(left_out):
        raise InvalidOrder("accounts_left_out", f"at most {LEFT_OUT_MAX}, each once")
