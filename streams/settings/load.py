"""The one object made of the groups, its validation, and its description for people."""

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
from streams.settings.runtime import IngestSettings, StateSettings, WorkerSettings

PREFIX = "SHOAL_"
_BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "matching"}


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
        if self.security_protocol.startswith("SASL") and not (self.sasl_username and self.password):
            raise ValueError("sasl_username: SASL needs sasl_username and sasl_password or sasl_password_file")
        names = [self.posts_topic, self.likes_topic, self.accounts_topic, self.trends_topic]
        if len(set(names)) < len(names):
            raise ValueError("posts_topic: the four raw topics must have four different names")
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
            raise InvalidConfiguration("sasl_password_file", str(self.sasl_password_file), allowed) from error

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
            raise InvalidConfiguration("detector_file", str(path), allowed) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidConfiguration("detector_file", str(path), f"valid TOML ({error})") from error
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
            rows.append(
                Described(PREFIX + name.upper(), without_password(shown), field.description or "", _allowed(field))
            )
        return rows


def without_password(url: str) -> str:
    """Return `url` with the password between user and host, or among the parameters, masked; all else as it is."""
    return re.sub(r"([?&]password=)[^&\s']*", r"\1********", re.sub(r"(://[^:/@\s]*:)[^@\s]*@", r"\1********@", url))


def _allowed(field: Any) -> str:
    parts = []
    for bound in field.metadata:
        parts += [f"{word} {getattr(bound, key)}" for key, word in _BOUNDS.items() if hasattr(bound, key)]
    options = [str(option) for option in getattr(field.annotation, "__args__", ()) if isinstance(option, str)]
    return ", ".join(parts) or " | ".join(options)


def load_settings(overrides: Mapping[str, object] | None = None) -> Settings:
    """Read `SHOAL_*` variables, with `overrides` (field → value) on top.

    The detector's file is read too. Raises `InvalidConfiguration` naming field, value and range.
    """
    given = dict(overrides or {})
    if "store_url" in given:
        given.setdefault("store_url_file", None)  # what is said on the command line beats the file
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # values are validated by pydantic
    except ValidationError as error:
        raise _first_of(error) from error
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


def _first_of(error: ValidationError) -> InvalidConfiguration:
    first = error.errors()[0]
    message = first["msg"].removeprefix("Value error, ")
    if first["loc"]:
        name = ".".join(str(part) for part in first["loc"])
        seen = first["input"]
        return InvalidConfiguration(
            name, without_password(seen) if isinstance(seen, str) else seen, _range_of(name, message)
        )
    name, _, rule = message.partition(": ")
    return InvalidConfiguration(name, _seen(first["input"], name), rule)


def _range_of(name: str, message: str) -> str:
    field = Settings.model_fields.get(name)
    allowed = _allowed(field) if field is not None else "no such setting"
    return f"{allowed} ({message})" if allowed else message


def _seen(values: object, name: str) -> object:
    return values.get(name) if isinstance(values, dict) else getattr(values, name, None)
