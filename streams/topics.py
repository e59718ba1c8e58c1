"""The topics Shoal uses: which they are, making them, and checking that they fit the settings."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from models.errors import ShoalError
from streams.security import kafka_python_options
from streams.settings import Settings
from streams.settings.refusals import variable

MESSAGE_BYTES_MAX = 8 * 1024 * 1024
"""Largest message in a topic of Shoal's own: an envelope, an alert, a dead letter."""
SETTLED_S_MAX = 30.0
"""Longest wait until the brokers show what they have just made."""
SETTLED_LOOK_S = 0.2


class TopicSpec(NamedTuple):
    """One topic as it must be."""

    name: str
    partitions: int
    config: Mapping[str, str]
    meaning: str
    setting: str = ""
    """The setting that says how many partitions, if one does."""


class TopicNames(NamedTuple):
    """Topics that Shoal owns."""

    posts: str
    likes: str
    cohorts: str
    alerts: str
    campaigns: str
    dead_letters: str
    verdicts: str
    trend_verdicts: str
    trend_lists: str


class TopicsUnfit(ShoalError):
    """Topics are missing or have another shape than the settings say; each problem says what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problems))


def names(settings: Settings) -> TopicNames:
    """Names of the topics that Shoal owns."""
    own = TopicNames(*(settings.prefix + field.replace("_", "-") for field in TopicNames._fields))
    return own._replace(verdicts=settings.verdicts_topic)  # a shadow reads the decisions of the live ones


def specs(settings: Settings) -> list[TopicSpec]:
    """Every topic, raw ones first."""
    own = names(settings)
    wide = {"max.message.bytes": str(MESSAGE_BYTES_MAX)}
    internal = {**wide, "retention.ms": str(settings.internal_retention_ms)}
    kept = {**wide, "retention.ms": str(settings.alerts_retention_ms)}
    newest = {**kept, "cleanup.policy": "compact,delete"}
    forever = {**wide, "cleanup.policy": "compact"}
    return [
        TopicSpec(
            settings.posts_topic, settings.posts_partitions, {}, "raw posts from the platform", "posts_partitions"
        ),
        TopicSpec(
            settings.likes_topic, settings.likes_partitions, {}, "raw likes and other actions", "likes_partitions"
        ),
        TopicSpec(
            settings.accounts_topic, settings.accounts_partitions, {}, "raw facts about accounts", "accounts_partitions"
        ),
        TopicSpec(
            settings.trends_topic, settings.trends_partitions, {}, "raw lines of trending lists", "trends_partitions"
        ),
        TopicSpec(own.posts, 1, internal, "envelopes to the text shard"),
        TopicSpec(own.likes, settings.shards, internal, "envelopes to the target shards", "shards"),
        TopicSpec(own.cohorts, 1, internal, "outputs of the shards to the coordinator"),
        TopicSpec(own.alerts, 1, kept, "every revision of every alert"),
        TopicSpec(own.campaigns, 1, forever, "newest state of each campaign"),
        TopicSpec(own.dead_letters, 1, kept, "invalid events with the reason"),
        TopicSpec(own.verdicts, 1, {**wide, "retention.ms": "-1"}, "decisions of moderators"),
        TopicSpec(own.trend_verdicts, 1, newest, "verdicts on topics of trending lists"),
        TopicSpec(own.trend_lists, 1, newest, "lists with the places without the accounts in question"),
    ]


def create(settings: Settings) -> list[str]:
    """Create the topics that are missing; return their names. Existing ones are left as they are.

    Returns when the brokers show them: they make topics before everybody knows of them.
    """
    admin = _connect(settings)
    try:
        existing = set(admin.list_topics())
        missing = [spec for spec in specs(settings) if spec.name not in existing]
        created = []
        for spec in missing:
            shape = {
                "num_partitions": spec.partitions,
                "replication_factor": settings.replication,
                "configs": dict(spec.config),
            }
            try:
                admin.create_topics({spec.name: shape})
            except TopicAlreadyExistsError:  # another one-shot was faster
                continue
            created.append(spec.name)
        _await(admin, {spec.name for spec in missing})
        return created
    finally:
        admin.close()


def _await(admin: KafkaAdminClient, made: Iterable[str]) -> None:
    deadline_s = time.monotonic() + SETTLED_S_MAX
    while not set(made) <= _partition_counts(admin).keys() and time.monotonic() < deadline_s:
        time.sleep(SETTLED_LOOK_S)


def check(settings: Settings) -> list[str]:
    """Return what is wrong with the topics and what to do about it; empty if they fit."""
    admin = _connect(settings)
    try:
        counts = _partition_counts(admin)
    finally:
        admin.close()
    return [problem for spec in specs(settings) if (problem := _problem(spec, counts.get(spec.name)))]


def require(settings: Settings) -> None:
    """Raise `TopicsUnfit` unless every topic fits the settings."""
    problems = check(settings)
    if problems:
        raise TopicsUnfit(problems)


def _problem(spec: TopicSpec, found: int | None) -> str | None:
    if found is None:
        return f"topic {spec.name} ({spec.meaning}) is missing: run `shoal topics create`"
    if found != spec.partitions:
        return f"topic {spec.name} has {found} partitions, the settings say {spec.partitions}: {_advice(spec, found)}"
    return None


def _advice(spec: TopicSpec, found: int) -> str:
    if not spec.setting:
        return "it has to have one; move it away and run `shoal topics create`, or take another SHOAL_PREFIX"
    return f"set {variable(spec.setting)}={found} for every worker" + (
        ", or take another SHOAL_PREFIX and run `shoal topics create`" if spec.setting == "shards" else ""
    )


def _partition_counts(admin: KafkaAdminClient) -> dict[str, int]:
    found = admin.describe_topics()
    return {str(topic["name"]): len(topic["partitions"]) for topic in found if not topic.get("error_code")}


def _connect(settings: Settings) -> KafkaAdminClient:
    return KafkaAdminClient(
        bootstrap_servers=settings.bootstrap.split(","),
        client_id=f"{settings.group}-topics",
        request_timeout_ms=settings.request_timeout_ms,
        bootstrap_timeout_ms=settings.request_timeout_ms,
        **kafka_python_options(settings),
    )
