"""Messages between the stages: many records in one Kafka message.

A mark says of one source partition: every event before `watermark_ms` (event time) and up to
`offset` has been sent to you. Marks go to every shard, with or without events.
"""

from msgspec import Struct

from models.actions import Action, Deletion, Publication, TextPost
from models.cohorts import ShardOutput
from models.events import Account, Trend, Verdict

ENVELOPE_VERSION = 1


class Mark(Struct, frozen=True, gc=False, array_like=True):
    """Progress of one source partition.

    While reading: `watermark_ms` = newest event time seen − lateness. Once idle: the end of the
    slice of the newest event, since nothing is on its way.
    """

    topic: str
    partition: int
    offset: int
    watermark_ms: int
    idle: bool = False
    """Nothing more to read for now: the source does not hold the others back."""


class ActionEnvelope(Struct, frozen=True, array_like=True):
    """To one target shard."""

    version: int
    marks: list[Mark]
    publications: list[Publication]
    actions: list[Action]
    accounts: list[Account] = []
    verdicts: list[Verdict] = []
    trends: list[Trend] = []


class TextEnvelope(Struct, frozen=True, array_like=True):
    """To the text shard."""

    version: int
    marks: list[Mark]
    posts: list[TextPost]
    deletions: list[Deletion]
    trends: list[Trend] = []
    """Lines of lists: what they name is looked for in texts."""


class CoordinatorEnvelope(Struct, frozen=True, array_like=True):
    """To the coordinator: outputs of the shards."""

    version: int
    outputs: list[ShardOutput]
