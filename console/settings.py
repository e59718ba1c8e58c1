"""Settings of the console, read once from `SHOAL_CONSOLE_*`; the database is the worker's (`SHOAL_STORE_URL`)."""

from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import InvalidConfiguration

PREFIX = "SHOAL_CONSOLE_"


class ConsoleSettings(BaseSettings):
    """All knobs of the console. Made by `load_console_settings`; frozen."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", populate_by_name=True)

    store_url: str = Field(
        default="sqlite:///shoal.db",
        validation_alias=AliasChoices("SHOAL_CONSOLE_STORE_URL", "SHOAL_STORE_URL"),
        pattern=r"^(sqlite:///|postgres(ql)?(\+psycopg)?://).+",
        description="database of worker and console",
    )
    store_timeout_ms: int = Field(default=5_000, ge=100, le=120_000, description="longest wait for a lock")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8321, ge=0, le=65_535, description="port to listen on")
    hosts_allowed: tuple[str, ...] = Field(
        default=("127.0.0.1", "localhost", "[::1]"), max_length=50, description="host names the console answers to"
    )
    trusted_proxies: str = Field(
        default="", description="addresses of proxies whose X-Forwarded headers are believed, with commas"
    )
    https: bool = Field(default=False, description="browsers come by https: cookies for https only, and HSTS")
    session_idle_ms: int = Field(default=3_600_000, ge=60_000, le=86_400_000, description="log out when idle so long")
    session_ms: int = Field(default=43_200_000, ge=60_000, le=604_800_000, description="log out after so long anyway")
    body_bytes_max: int = Field(default=1_000_000, ge=10_000, le=50_000_000, description="largest request body")
    requests_per_minute: int = Field(default=600, ge=10, le=100_000, description="requests of one address")
    logins_per_minute: int = Field(default=20, ge=1, le=1_000, description="attempts to log in of one address")
    failures_max: int = Field(default=5, ge=1, le=100, description="failed log-ins before an account is locked a while")
    pseudonyms_for_viewers: bool = Field(default=True, description="viewers see pseudonyms instead of account ids")
    two_persons_from: int | None = Field(
        default=1_000, ge=1, description="accounts of a campaign from which two people must confirm; null for never"
    )
    retention_days: int | None = Field(
        default=None, ge=1, le=36_500, description="forget accounts and texts of cases so long after their last action"
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="address of the console for links in messages",
    )
    messages: str | None = Field(default=None, min_length=1, description="file of destinations of messages (TOML)")
    appeal_days: int = Field(default=90, ge=1, le=3_650, description="days after a decision to appeal against it")
    appeals_per_account_max: int = Field(
        default=3, ge=1, le=100, description="appeals of one account in one case, answered ones among them"
    )
    relay: bool = Field(default=True, description="send decisions to Kafka from this process")


def load_console_settings(**overrides: object) -> ConsoleSettings:
    """Read the environment, with `overrides` (not None) on top. Raises `InvalidConfiguration`."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return ConsoleSettings(**given)  # type: ignore[arg-type]  # values are validated by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidConfiguration(name, first["input"], first["msg"]) from error
