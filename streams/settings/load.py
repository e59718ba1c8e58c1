"""The one object made of the groups, its validation, and its description for people."""

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple, Self

from pydantic import SecretStr, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from detector.settings import DetectorSettings
from detector.settings import load as load_detector
from models.errors import InvalidConfiguration
from streams.settings.files import url_of_file
from streams.settings.kafka import ConnectionSettings, TopicSettings
from streams.settings.refusals import PREFIX, allowed, refusal, refuse_misspelt, variable
from streams.settings.runtime import IngestSettings, StateSettings, WorkerSettings

OWN_TOPICS = (
    "posts", "likes", "cohorts", "alerts", "campaigns", "dead-letters", "verdicts", "trend-verdicts", "trend-lists",
)  # fmt: skip
"""Topics that Shoal owns, without their prefix."""


class Described(NamedTuple):
    """One knob, for `shoal check-config`."""

    variable: str
    value: str
    meaning: str
    allowed: str


class Settings(ConnectionSettings, TopicSettings, IngestSettings, StateSettings, WorkerSettings):
    """All knobs of a worker. Made by `load_settings`; frozen."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _secrets(cls, values: dict[str, Any]) -> dict[str, Any]:
        return url_of_file(values)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.session_timeout_ms > self.request_timeout_ms * 12:
            raise ValueError("session_timeout_ms: at most 12 times request_timeout_ms")
        _check_protection(self)
        names = [self.posts_topic, self.likes_topic, self.accounts_topic, self.trends_topic]
        if len(set(names)) < len(names):
            raise ValueError("posts_topic: the four raw topics must have four different names")
        own = next((name for name in names if name in {self.prefix + topic for topic in OWN_TOPICS}), None)
        if own is not None:
            raise ValueError(f"prefix: {own} is a raw topic already; take another prefix, or another name for that")
        return self

    @property
    def password(self) -> str | None:
        """The password for SASL, from the variable or the file. Raises `InvalidConfiguration`."""
        if self.sasl_password is not None:
            return self.sasl_password.get_secret_value()
        if self.sasl_password_file is None:
            return None
        try:
            return self.sasl_password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            allowed = f"a readable file ({error.strerror})"
            raise InvalidConfiguration(variable("sasl_password_file"), str(self.sasl_password_file), allowed) from error

    @cached_property
    def detector(self) -> DetectorSettings:
        """The detector's settings: defaults overlaid with `detector_file`. Raises `InvalidConfiguration`."""
        path = self.detector_file
        if path is None:
            return DetectorSettings()
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            allowed = f"a readable TOML file ({error.strerror})"
            raise InvalidConfiguration(variable("detector_file"), str(path), allowed) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidConfiguration(variable("detector_file"), str(path), f"valid TOML ({error})") from error
        return load_detector(values)

    @property
    def verdicts_topic(self) -> str:
        """Where the decisions of moderators come from; one partition, so they stay in order."""
        return self.live_prefix + "verdicts"

    @property
    def live_prefix(self) -> str:
        """Prefix of the topics that the live workers own; a shadow reads decisions there and writes nothing."""
        return self.prefix if self.shadow is None else self.prefix.removesuffix(shadow_suffix(self.shadow))

    @property
    def sources(self) -> list[tuple[str, int]]:
        """Every (topic, partition) whose marks a shard waits for."""
        counts = (
            (self.posts_topic, self.posts_partitions),
            (self.likes_topic, self.likes_partitions),
            (self.accounts_topic, self.accounts_partitions),
            (self.trends_topic, self.trends_partitions),
            (self.verdicts_topic, 1),
        )
        return [(topic, partition) for topic, count in counts for partition in range(count)]

    def describe(self) -> list[Described]:
        """Every knob with its value, meaning and range; secrets are masked."""
        rows = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            shown = "********" if isinstance(value, SecretStr) else "" if value is None else str(value)
            rows.append(Described(variable(name), without_password(shown), field.description or "", allowed(field)))
        return rows


def _check_protection(settings: Settings) -> None:
    """Raise `ValueError` where user, password or certificates are given that the protocol would not use."""
    protocol = settings.security_protocol
    if protocol.startswith("SASL") and not (settings.sasl_username and settings.password):
        raise ValueError(
            "sasl_username: SASL needs SHOAL_SASL_USERNAME and SHOAL_SASL_PASSWORD_FILE (or SHOAL_SASL_PASSWORD)"
        )
    if settings.sasl_username and not protocol.startswith("SASL"):
        raise ValueError(f"sasl_username: {protocol} asks for none; SHOAL_SECURITY_PROTOCOL=SASL_SSL does")
    if settings.ssl_ca_file and not protocol.endswith("SSL"):
        raise ValueError(f"ssl_ca_file: {protocol} uses none; SHOAL_SECURITY_PROTOCOL=SSL or SASL_SSL does")


def without_password(url: str) -> str:
    """Return `url` with the password between user and host, or among the parameters, masked; all else as it is."""
    return re.sub(r"([?&]password=)[^&\s']*", r"\1********", re.sub(r"(://[^:/@\s]*:)[^@\s]*@", r"\1********@", url))


def load_settings(overrides: Mapping[str, object] | None = None) -> Settings:
    """Read `SHOAL_*` variables, with `overrides` (field → value) on top.

    The detector's file is read too. Raises `InvalidConfiguration` naming variable, value and range; also for a
    variable that is nearly one of ours.
    """
    refuse_misspelt(os.environ, Settings.model_fields)
    given = dict(overrides or {})
    if "store_url" in given:
        given.setdefault("store_url_file", None)  # what is said on the command line beats the file
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # values are validated by pydantic
    except ValidationError as error:
        raise refusal(error, Settings.model_fields, given, without_password) from error
    _ = settings.detector
    return settings if settings.shadow is None else _apart(settings, settings.shadow)


def shadow_suffix(shadow: str) -> str:
    """What a shadow adds to the prefix of the live topics."""
    return f"shadow.{shadow}."


def _apart(settings: Settings, shadow: str) -> Settings:
    """The same with topics, consumer group and state of its own."""
    apart = {
        "prefix": settings.prefix + shadow_suffix(shadow),
        "group": f"{settings.group}-shadow-{shadow}",
        "snapshot_folder": settings.snapshot_folder / f"shadow-{shadow}",
        "instance_id": settings.instance_id and f"{settings.instance_id}-shadow-{shadow}",
    }
    return settings.model_copy(update=apart)
