"""Make the way to a destination: its secrets are read here, and nowhere else."""

from collections.abc import Callable, Sequence

from console.messages.channel import Channel
from console.messages.destinations import (
    Destination,
    Discord,
    PagerDuty,
    Slack,
    ThroughApprise,
    Webhook,
    checked_url,
)
from console.messages.discord import DiscordChannel
from console.messages.file import InvalidDestinations
from console.messages.http import Http
from console.messages.pagerduty import PagerDutyChannel
from console.messages.slack import SlackChannel
from console.messages.text import Links
from console.messages.webhook import WebhookChannel


def make_channels(
    found: Sequence[Destination], path: str, links: Links, clock: Callable[[], int]
) -> dict[str, Channel]:
    """Make the way to each destination, by its name. Raises `InvalidDestinations` that names the destination."""
    made: dict[str, Channel] = {}
    for destination in found:
        try:
            made[destination.name] = make_channel(destination, links, clock)
        except ValueError as error:
            raise InvalidDestinations(path, destination.name, str(error)) from None
    return made


def make_channel(destination: Destination, links: Links, clock: Callable[[], int]) -> Channel:
    """Make the way to one. Raises `ValueError` that holds no secret."""
    http = Http(destination.timeout_s, destination.private_allowed)
    match destination:
        case Webhook():
            return _webhook(destination, http, links, clock)
        case Slack():
            return _slack(destination, http)
        case Discord():
            return DiscordChannel(http, checked_url(destination.url.read().get_secret_value()))
        case PagerDuty():
            key = destination.routing_key.read().get_secret_value()
            return PagerDutyChannel(http, destination.api_url, key, links)
        case ThroughApprise():
            return _apprise(destination, destination.url.read().get_secret_value())


def _webhook(destination: Webhook, http: Http, links: Links, clock: Callable[[], int]) -> Channel:
    url = destination.url
    address = url if isinstance(url, str) else checked_url(url.read().get_secret_value())
    secrets = [each.read().get_secret_value() for each in destination.secrets]
    return WebhookChannel(http, address, secrets, links, clock)


def _slack(destination: Slack, http: Http) -> Channel:
    if destination.token is not None:
        token = destination.token.read().get_secret_value()
        return SlackChannel(http, destination.api_url, token, str(destination.channel))
    return _apprise(destination, destination.url.read().get_secret_value() if destination.url else "")


def _apprise(destination: Slack | ThroughApprise, url: str) -> Channel:
    from console.messages.through_apprise import AppriseChannel

    return AppriseChannel(destination.name, destination.kind, url, destination.timeout_s, destination.private_allowed)
