"""Knobs of the connection to Kafka and of the topics."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class ConnectionSettings(BaseSettings):
    """Where the brokers are and how to be let in."""

    bootstrap: str = Field(
        default="127.0.0.1:9092",
        pattern=r"^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$",
        description="brokers as host:port, separated by commas",
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", description="how connections are protected"
    )
    ssl_ca_file: Path | None = Field(default=None, description="PEM file of the authority that signed the brokers")
    ssl_cert_file: Path | None = Field(default=None, description="PEM file of the client certificate")
    ssl_key_file: Path | None = Field(default=None, description="PEM file of the client key")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", description="used with SASL_PLAINTEXT and SASL_SSL"
    )
    sasl_username: str | None = Field(default=None, description="user for SASL")
    sasl_password: SecretStr | None = Field(default=None, description="password for SASL; prefer the file")
    sasl_password_file: Path | None = Field(default=None, description="file that holds the password for SASL")
    group: str = Field(
        default="shoal",
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
        description="consumer group of the agents; the ingest group adds `-ingest`",
    )
    instance_id: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
        description="name of this worker that survives restarts; it then takes its partitions back at once",
    )
    request_timeout_ms: int = Field(
        default=10_000, ge=1_000, le=120_000, description="a request to a broker unanswered so long has failed"
    )
    session_timeout_ms: int = Field(
        default=10_000, ge=6_000, le=120_000, description="a worker silent so long loses its partitions"
    )
    rebalance_timeout_ms: int = Field(
        default=30_000, ge=4_000, le=600_000, description="time for workers to hand over during a rebalance"
    )
    commit_interval_ms: int = Field(
        default=1_000, ge=50, le=60_000, description="offsets are committed this often; bounds the redelivery"
    )
    producer_linger_ms: int = Field(
        default=2, ge=0, le=1_000, description="wait before a send; messages are envelopes already, so short"
    )


class TopicSettings(BaseSettings):
    """Names and partition counts. All workers must agree on them."""

    posts_topic: str = Field(default="posts", pattern=r"^[A-Za-z0-9._-]{1,200}$", description="raw posts")
    likes_topic: str = Field(default="likes", pattern=r"^[A-Za-z0-9._-]{1,200}$", description="raw likes")
    accounts_topic: str = Field(default="accounts", pattern=r"^[A-Za-z0-9._-]{1,200}$", description="raw accounts")
    trends_topic: str = Field(
        default="trends", pattern=r"^[A-Za-z0-9._-]{1,200}$", description="raw lines of trending lists"
    )
    posts_partitions: int = Field(default=4, ge=1, le=1_000, description="partitions of the raw posts")
    likes_partitions: int = Field(default=4, ge=1, le=1_000, description="partitions of the raw likes")
    accounts_partitions: int = Field(default=1, ge=1, le=1_000, description="partitions of the raw accounts")
    trends_partitions: int = Field(default=1, ge=1, le=1_000, description="partitions of the raw lines of lists")
    prefix: str = Field(
        default="shoal.", pattern=r"^[A-Za-z0-9._-]{0,100}$", description="prefix of the topics that Shoal owns"
    )
    shards: int = Field(default=4, ge=1, le=256, description="target shards = partitions of shoal.likes")
    replication: int = Field(default=1, ge=1, le=7, description="copies of each partition; 3 in production")
    internal_retention_ms: int = Field(
        default=2 * 86_400_000,
        ge=3_600_000,
        le=10**11,
        description="how long envelopes are kept; at least the detector's horizon, for a warm-up without snapshot",
    )
    alerts_retention_ms: int = Field(
        default=90 * 86_400_000, ge=86_400_000, le=10**12, description="how long alerts and dead letters are kept"
    )
