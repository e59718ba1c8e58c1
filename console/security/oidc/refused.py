"""Why a log-in with the provider came to nothing."""

from enum import StrEnum

from models.errors import ShoalError


class Why(StrEnum):
    """What the log-in page explains. Nothing of the provider's own words is shown or logged."""

    DOWN = "down"
    """The provider does not answer, or with nonsense."""
    SETTINGS = "settings"
    """Provider and console do not agree on issuer, client or addresses."""
    OVER = "over"
    """Begun in another browser, too long ago, or answered before."""
    DENIED = "denied"
    """The provider, or the person there, said no."""
    UNTRUSTED = "untrusted"
    """The ID token does not hold what it must."""
    NO_ROLE = "no_role"
    SHUT_OUT = "shut_out"
    NAME_TAKEN = "name_taken"
    """There is a local user of this name; nobody takes it over."""
    NAME_UNFIT = "name_unfit"
    FULL = "full"


class SignOnRefused(ShoalError):
    """A log-in that came to nothing; `what` is for the log and holds no secret: a claim, a field, a kind of error."""

    def __init__(self, why: Why, what: str = "") -> None:
        super().__init__(f"{why.value}: {what}" if what else why.value)
        self.why = why
        self.what = what
