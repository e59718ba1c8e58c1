"""What a scenario says about a real stream that its pieces are planted into."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class Background(Struct, frozen=True):
    """A part of a real stream, in order of time. Read from `$SHOAL_DATA`; the scenario is skipped without it."""

    stream: Literal["weibo-reposts", "stock-tweets"]
    offset: Annotated[int, Meta(ge=0)] = 0
    """Events of the stream that are left out at its beginning."""
    limit: Annotated[int, Meta(ge=1)] = 100_000
    """Events that are used."""
