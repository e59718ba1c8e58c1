"""Knobs of the worker: ingest, state, outputs."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class IngestSettings(BaseSettings):
    """From raw topics to envelopes."""

    envelope_events_max: int = Field(
        default=500, ge=100, le=500, description="events in one envelope before it is sent without waiting"
    )
    envelope_bytes_max: int = Field(
        default=1_000_000,
        ge=100_000,
        le=4_000_000,
        description="raw bytes in one envelope (internal topics allow 8 MiB)",
    )
    linger_ms: int = Field(default=50, ge=1, le=1_000, description="longest wait for an envelope to fill")
    idle_after_ms: int = Field(
        default=500,
        ge=50,
        le=600_000,
        description="a source with nothing to read for so long no longer holds the others back",
    )
    align_ms: int = Field(
        default=60_000,
        ge=1_000,
        le=86_400_000,
        description="event time by which a source may run ahead of the slowest before it is paused",
    )
    dead_letters_ratio_max: float = Field(
        default=0.2, gt=0, le=1, description="share of invalid events at which the worker stops"
    )
    dead_letters_min: int = Field(
        default=100, ge=1, le=10**6, description="invalid events in the window before the share is looked at"
    )
    dead_letters_window: int = Field(
        default=10_000, ge=100, le=10**7, description="newest events over which the share is taken"
    )


class StateSettings(BaseSettings):
    """Snapshots and the store."""

    snapshot_folder: Path = Field(
        default=Path("shoal-state"), description="folder that every worker sees; snapshots of the shards"
    )
    snapshot_interval_s: float = Field(
        default=60.0, ge=0.05, le=86_400, description="time between snapshots of a shard"
    )
    snapshots_kept: int = Field(default=2, ge=1, le=100, description="snapshots kept of a shard")
    store_url: str = Field(
        default="sqlite:///shoal.db",
        pattern=r"^(sqlite:///|postgres(ql)?(\+psycopg)?://).+",
        description="database of worker and console: sqlite:///PATH or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE",
    )
    store_url_file: Path | None = Field(
        default=None, description="file that holds store_url, which may have a password in it; beats the variable"
    )
    store_timeout_ms: int = Field(
        default=5_000, ge=100, le=120_000, description="wait for a locked store before retrying"
    )


class WorkerSettings(BaseSettings):
    """The process itself."""

    web_host: str = Field(default="127.0.0.1", description="address of /metrics, /-/healthy and /-/ready")
    web_port: int = Field(default=6066, ge=0, le=65_535, description="port of the same; 0 lets the system choose")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="least level logged")
    stalled_after_s: float = Field(
        default=120.0, ge=1, le=86_400, description="lag without any progress for so long is unhealthy"
    )
    probe_interval_s: float = Field(default=2.0, ge=0.1, le=60, description="time between looks at broker and lag")
    traces_url: str | None = Field(
        default=None,
        pattern=r"^https?://\S{1,500}$",
        description="where OpenTelemetry's spans go by OTLP over HTTP, http://COLLECTOR:4318/v1/traces; unset for none",
    )
    traces_ratio: float = Field(default=0.1, ge=0, le=1, description="share of the cases that spans are made of")
    shadow: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9-]{1,40}$",
        description="name of a shadow: reads what the live worker reads and keeps what it would raise apart, silently",
    )
    detector_file: Path | None = Field(default=None, description="TOML file with the detector's settings")

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value
