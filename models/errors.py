"""Errors that say what and where."""


class ShoalError(Exception):
    """Base of every error that Shoal raises on purpose."""


class InvalidEvent(ShoalError):
    """An event that does not satisfy the contract; it belongs in the dead letters.

    `field` is a path such as `text` or `urls[3]` (empty for the message as a whole); `reason` is one
    of the few stable words that metrics count by; `detail` is for people.
    """

    def __init__(self, field: str, reason: str, detail: str = "") -> None:
        self.field = field
        self.reason = reason
        self.detail = detail
        where = field or "message"
        super().__init__(f"{where}: {reason}" + (f" ({detail})" if detail else ""))


class InvalidConfiguration(ShoalError):
    """A setting outside its range: names the field, the value seen and what is allowed."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        self.value = value
        self.allowed = allowed
        super().__init__(f"{field} = {value!r} is not allowed: {allowed}")


class SnapshotMismatch(ShoalError):
    """A snapshot that does not belong to this version, configuration or shard."""
