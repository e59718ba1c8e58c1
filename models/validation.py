"""Rules that types cannot express: moments, ids, texts, order (docs/events.md)."""

from typing import Final

from models.errors import InvalidEvent
from models.events import Account, AnyEvent, Decision, Like, Post, Trend, Verdict
from models.trends import ACTIVITY_LIST

OLDEST_MS: Final = 946_684_800_000
"""2000-01-01T00:00:00Z: no platform of today has older events."""
AHEAD_MS: Final = 300_000
"""How far a platform's clock may run ahead of ours."""
_UNITS: Final = (
    (1_000, 1, "time_in_seconds", "multiply by 1,000"),
    (1, 1_000, "time_in_microseconds", "divide by 1,000"),
    (1, 1_000_000, "time_in_nanoseconds", "divide by 1,000,000"),
)


def check_event(event: AnyEvent, now_ms: int) -> None:
    """Raise `InvalidEvent` unless the event satisfies the rules; `now_ms` is the receiver's clock."""
    if isinstance(event, Like):
        _check_like(event, now_ms)
    elif isinstance(event, Post):
        _check_post(event, now_ms)
    elif isinstance(event, Account):
        _check_account(event, now_ms)
    elif isinstance(event, Trend):
        _check_trend(event, now_ms)
    else:
        _check_verdict(event, now_ms)


def _check_like(like: Like, now_ms: int) -> None:
    _check_id("account_id", like.account_id)
    _check_id("target_id", like.target_id)
    _check_moment("acted_at_ms", like.acted_at_ms, now_ms)
    if like.target_author_id is not None:
        _check_id("target_author_id", like.target_author_id)
    _check_origin(like)


def _check_verdict(verdict: Verdict, now_ms: int) -> None:
    for field in ("verdict_id", "campaign", "decided_by"):
        _check_id(field, getattr(verdict, field))
    _check_moment("decided_at_ms", verdict.decided_at_ms, now_ms)
    for account in verdict.accounts_left_out:
        _check_id("accounts_left_out", account)
    if "\x00" in verdict.reason:
        raise InvalidEvent("reason", "null_character", f"at position {verdict.reason.index(chr(0))}")
    if (verdict.decision is Decision.UNDO) != (verdict.undoes is not None):
        raise InvalidEvent("undoes", "missing" if verdict.undoes is None else "unknown_value", "named by an undo only")
    for target in verdict.targets:
        _check_id("targets", target)
    if (verdict.decision is Decision.ALLOW) != (verdict.expires_at_ms is not None):
        reason = "missing" if verdict.expires_at_ms is None else "unknown_value"
        raise InvalidEvent("expires_at_ms", reason, "named by an allow only")


def _check_post(post: Post, now_ms: int) -> None:
    _check_id("post_id", post.post_id)
    _check_id("account_id", post.account_id)
    _check_moment("created_at_ms", post.created_at_ms, now_ms)
    if "\x00" in post.text:
        raise InvalidEvent("text", "null_character", f"at position {post.text.index(chr(0))}")
    if post.reply_to is not None:
        _check_id("reply_to", post.reply_to)
    if post.repost_of is not None:
        _check_id("repost_of", post.repost_of)
    if post.urls or post.hashtags or post.media_hashes:
        _check_items(post)
    if post.deleted_at_ms is not None:
        _check_moment("deleted_at_ms", post.deleted_at_ms, now_ms)
        if post.deleted_at_ms < post.created_at_ms:
            raise InvalidEvent("deleted_at_ms", "order", "earlier than created_at_ms")
    _check_origin(post)


def _check_items(post: Post) -> None:
    for field in ("urls", "hashtags", "media_hashes"):
        for index, value in enumerate(getattr(post, field)):
            if "\x00" in value or not value.strip():
                raise InvalidEvent(f"{field}[{index}]", "characters", "empty or with a null character")


def _check_account(account: Account, now_ms: int) -> None:
    _check_id("account_id", account.account_id)
    _check_moment("registered_at_ms", account.registered_at_ms, now_ms)
    if account.observed_at_ms is not None:
        _check_moment("observed_at_ms", account.observed_at_ms, now_ms)
    if account.name is not None and "\x00" in account.name:
        raise InvalidEvent("name", "null_character")
    _check_origin(account)


def _check_trend(trend: Trend, now_ms: int) -> None:
    _check_moment("observed_at_ms", trend.observed_at_ms, now_ms)
    for field in ("list", "topic"):
        if "\x00" in getattr(trend, field):
            raise InvalidEvent(field, "null_character")
    if trend.list == ACTIVITY_LIST:
        raise InvalidEvent("list", "unknown_value", f'"{ACTIVITY_LIST}" is the list that Shoal builds itself')


def _check_origin(event: Like | Post | Account) -> None:
    client, device, network = event.client, event.device_id, event.network_id
    if client is not None and "\x00" in client:
        raise InvalidEvent("client", "null_character")
    if device is not None and "\x00" in device:
        raise InvalidEvent("device_id", "null_character")
    if network is not None and "\x00" in network:
        raise InvalidEvent("network_id", "null_character")


def _check_id(field: str, value: str) -> None:
    if not value.isprintable():
        raise InvalidEvent(field, "characters", "an id holds a control, zero-width or separator character")
    if value[0] == " " or value[-1] == " ":
        raise InvalidEvent(field, "characters", "an id begins or ends with a space")


def _check_moment(field: str, value: int, now_ms: int) -> None:
    if OLDEST_MS <= value <= now_ms + AHEAD_MS:
        return
    for times, per, reason, advice in _UNITS:
        if OLDEST_MS <= value * times // per <= now_ms + AHEAD_MS:
            raise InvalidEvent(field, reason, f"{value}: {advice}")
    if value > now_ms:
        raise InvalidEvent(field, "future", f"{value} is {(value - now_ms) // 1000} s ahead of the clock")
    raise InvalidEvent(field, "ancient", f"{value} is before the year 2000")
