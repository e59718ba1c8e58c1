"""Destinations: where messages go, which, when and how. Read once from one TOML file."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from console.messages.hours import Digest, Quiet
from console.messages.secrets import SecretReference

SEVERITIES = ("low", "medium", "high", "critical")
"""The least first: the place of one is its urgency."""
DESTINATIONS_MAX = 50
Severity = Literal["low", "medium", "high", "critical"]
Event = Literal["opened", "updated", "decided"]


def checked_url(url: str) -> str:
    """Return an address to post to. Raises `ValueError` for anything that is none, without repeating it."""
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("an address that begins with https://")
    if parts.username or parts.password:
        raise ValueError("an address without a user and password in it")
    return url


Url = Annotated[str, Field(max_length=2_000), AfterValidator(checked_url)]


class Frozen(BaseModel):
    """A part of the file: nothing in it is unknown, and errors do not repeat what stands there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Destination(Frozen):
    """What all kinds have."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,23}$")
    severity_min: Severity = "high"
    kinds: tuple[Literal["campaign", "batch"], ...] = Field(default=("campaign", "batch"), min_length=1, max_length=2)
    events: tuple[Event, ...] = Field(default=("opened", "decided"), min_length=1, max_length=3)
    language: Literal["en", "zh"] = "en"
    urgent: Severity | None = None
    """From this severity on neither quiet hours nor a digest holds a message back."""
    quiet: Quiet | None = None
    digest: Digest | None = None
    per_minute: int = Field(default=30, ge=1, le=600, strict=True)
    attempts_max: int = Field(default=10, ge=1, le=20, strict=True)
    timeout_s: int = Field(default=15, ge=1, le=30, strict=True)
    private_allowed: bool = Field(default=False, strict=True)
    """May be at an address of one's own network, and by http."""

    @property
    def urgency_min(self) -> int:
        """Urgency from which a case is told here."""
        return SEVERITIES.index(self.severity_min)

    @property
    def urgency_at_once(self) -> int:
        """Urgency from which nothing holds a message back; above every severity where there is none."""
        return len(SEVERITIES) if self.urgent is None else SEVERITIES.index(self.urgent)

    @property
    def patience_s(self) -> float:
        """Longest time that one attempt takes, with two requests in it."""
        return 2.0 * self.timeout_s + 2

    @property
    def edits(self) -> bool:
        """Whether the message of a case can be changed in place, without a sound."""
        return False

    @property
    def merges(self) -> bool:
        """Whether the newest message of a case says all that earlier ones did."""
        return True


class _Machine(_Destination):
    @model_validator(mode="after")
    def _no_digest(self) -> Self:
        if self.digest is not None:
            raise ValueError("a digest is for people: not here")
        return self


class Webhook(_Machine):
    """A signed POST to a program, by Standard Webhooks."""

    kind: Literal["webhook"]
    url: Url | SecretReference
    secrets: tuple[SecretReference, ...] = Field(min_length=1, max_length=2)
    """`whsec_…`; two while one replaces the other."""
    events: tuple[Event, ...] = Field(default=("opened", "updated", "decided"), min_length=1, max_length=3)

    @property
    def merges(self) -> bool:
        """Programs get every event."""
        return False


class Slack(_Destination):
    """Slack: with a bot's token and a channel, messages are edited; with the address of an incoming webhook not."""

    kind: Literal["slack"]
    token: SecretReference | None = None
    channel: str | None = Field(default=None, pattern=r"^[A-Z0-9]{6,30}$")
    """Id of the channel, as in C0123456789."""
    url: SecretReference | None = None
    api_url: Url = "https://slack.com/api"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.token is None) != (self.channel is None) or (self.token is None) == (self.url is None):
            raise ValueError("either token and channel, or url")
        return self

    @property
    def edits(self) -> bool:
        """A bot may edit what it wrote."""
        return self.token is not None


class Discord(_Destination):
    """A webhook of a channel of Discord; messages are edited."""

    kind: Literal["discord"]
    url: SecretReference

    @property
    def edits(self) -> bool:
        """A webhook may edit what it wrote."""
        return True


class PagerDuty(_Machine):
    """An integration of the Events API v2; incidents are resolved when a case is handled."""

    kind: Literal["pagerduty"]
    routing_key: SecretReference
    api_url: Url = "https://events.pagerduty.com/v2/enqueue"

    @property
    def edits(self) -> bool:
        """An incident is resolved in place."""
        return True


class ThroughApprise(_Destination):
    """Whatever apprise has an address for; mail is threaded, others get a further message."""

    kind: Literal["teams", "mail", "apprise"]
    url: SecretReference


Destination = Annotated[
    Webhook | Slack | Discord | PagerDuty | ThroughApprise,
    Field(discriminator="kind"),
]
KINDS = ("webhook", "slack", "discord", "teams", "mail", "pagerduty", "apprise")


class Destinations(Frozen):
    """The whole file."""

    destinations: tuple[Destination, ...] = Field(default=(), max_length=DESTINATIONS_MAX)

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [each.name for each in self.destinations]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two destinations are named {twice[0]}")
        return self
