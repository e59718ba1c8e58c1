"""Settings of the console, read once from `SHOAL_CONSOLE_*`; the database is the worker's (`SHOAL_STORE_URL`)."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from console.security.roles import Role
from models.errors import InvalidConfiguration
from streams.settings.files import url_of_file

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
    store_url_file: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("SHOAL_CONSOLE_STORE_URL_FILE", "SHOAL_STORE_URL_FILE"),
        description="file that holds store_url; beats the variable",
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
    request_timeout_ms: int = Field(default=30_000, ge=100, le=600_000, description="answer 503 after so long")
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
    oidc_issuer: str | None = Field(
        default=None, max_length=512, pattern=r"^https?://\S+$", description="identity provider, as it names itself"
    )
    oidc_client_id: str = Field(default="", max_length=255, description="name of this console at the provider")
    oidc_client_secret: SecretStr | None = Field(
        default=None, min_length=1, max_length=4_096, description="its secret; better in a file"
    )
    oidc_client_secret_file: Path | None = Field(default=None, description="file with the secret")
    oidc_name: str = Field(default="", max_length=64, description="what the button calls the provider; else its host")
    oidc_scopes: str = Field(
        default="openid profile", max_length=500, pattern=r"^(\S+ )*openid( \S+)*$", description="what is asked for"
    )
    oidc_name_claim: str = Field(
        default="preferred_username", min_length=1, max_length=128, description="claim that gives new users their name"
    )
    oidc_roles_claim: str = Field(
        default="groups", min_length=1, max_length=128, description="claim that roles follow from; a.b looks inside a"
    )
    oidc_roles: dict[Annotated[str, Field(max_length=256)], Role] = Field(
        default={}, max_length=200, description="value of that claim -> role; the highest counts"
    )
    oidc_default_role: Role | None = Field(
        default=None, description="role of whoever has none of these values; unset lets them not in"
    )
    oidc_timeout_ms: int = Field(default=5_000, ge=100, le=30_000, description="longest wait for the provider")
    oidc_passwords: bool = Field(
        default=True, description="passwords still open the console; false keeps them for admins, for emergencies"
    )
    appeal_days: int = Field(default=90, ge=1, le=3_650, description="days after a decision to appeal against it")
    appeals_per_account_max: int = Field(
        default=3, ge=1, le=100, description="appeals of one account in one case, answered ones among them"
    )
    report_count_min: int = Field(
        default=5,
        ge=1,
        le=1_000,
        description="transparency report: counts from 1 to one below are hidden; 1 hides none",
    )
    relay: bool = Field(default=True, description="send decisions to Kafka from this process")

    @model_validator(mode="before")
    @classmethod
    def _secrets(cls, values: dict[str, Any]) -> dict[str, Any]:
        names = ("SHOAL_CONSOLE_STORE_URL_FILE", "SHOAL_STORE_URL_FILE")
        given = next((values[name] for name in ("store_url_file", *names) if name in values), None)
        return url_of_file({**values, "store_url_file": given}, *names, "SHOAL_CONSOLE_STORE_URL", "SHOAL_STORE_URL")

    @model_validator(mode="after")
    def _provider_whole(self) -> "ConsoleSettings":
        if self.oidc_issuer is not None and not self.oidc_client_id:
            raise ValueError("oidc_issuer needs oidc_client_id")
        if self.oidc_issuer is not None and not (self.oidc_roles or self.oidc_default_role):
            raise ValueError("oidc_issuer needs oidc_roles or oidc_default_role: else it lets nobody in")
        if self.oidc_issuer is None and not self.oidc_passwords:
            raise ValueError("oidc_passwords = false needs oidc_issuer: else only admins could log in")
        if self.oidc_client_secret is not None and self.oidc_client_secret_file is not None:
            raise ValueError("oidc_client_secret or oidc_client_secret_file, not both")
        return self


def load_console_settings(**overrides: object) -> ConsoleSettings:
    """Read the environment, with `overrides` (not None) on top. Raises `InvalidConfiguration`."""
    given = {name: value for name, value in overrides.items() if value is not None}
    if "store_url" in given:
        given["store_url_file"] = None  # what is said on the command line beats the file
    try:
        return ConsoleSettings(**given)  # type: ignore[arg-type]  # values are validated by pydantic
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        # what belongs to no single field is all that was given, and that and secrets must not be printed
        shown = "…" if not name or "secret" in name else first["input"]
        raise InvalidConfiguration(name or PREFIX, shown, first["msg"]) from error
