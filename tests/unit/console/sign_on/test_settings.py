"""Settings of the provider: what cannot work is refused at start, and no secret is printed."""

from pathlib import Path

import pytest

from console.security.oidc.setting import make_provider, provider_name
from console.settings import ConsoleSettings, load_console_settings
from models.errors import InvalidConfiguration

WHOLE = {"oidc_issuer": "https://id.example/realm", "oidc_client_id": "shoal", "oidc_default_role": "viewer"}


@pytest.mark.parametrize(
    "changed",
    [
        {"oidc_client_id": ""},
        {"oidc_default_role": None},
        {"oidc_issuer": "ftp://id.example"},
        {"oidc_scopes": "profile"},
        {"oidc_roles": {"mods": "king"}},
        {"oidc_issuer": None, "oidc_passwords": False},
        {"oidc_client_secret": "hush-hush", "oidc_client_secret_file": Path("x")},
        {"oidc_timeout_ms": 0},
    ],
    ids=str,
)
def test_what_cannot_work_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        load_console_settings(**{**WHOLE, **changed}, store_url="postgresql://u:hush-hush@h/d")
    assert "hush-hush" not in str(refused.value)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hush\n", encoding="utf-8")
    for name, value in {
        "ISSUER": "https://id.example/realm",
        "CLIENT_ID": "shoal",
        "CLIENT_SECRET_FILE": str(secret),
        "ROLES": '{"mods": "moderator"}',
    }.items():
        monkeypatch.setenv(f"SHOAL_CONSOLE_OIDC_{name}", value)
    settings = load_console_settings()
    made = make_provider(settings)
    assert made is not None
    assert (made.issuer, made._settings.client_secret) == ("https://id.example/realm", "hush")
    assert provider_name(settings) == "id.example"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"x" * 5_000, b"\xff"])
def test_a_secret_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidConfiguration):
        make_provider(ConsoleSettings(**WHOLE, oidc_client_secret_file=file))


@pytest.mark.parametrize("issuer", ["http://id.example", "http://10.0.0.1"])
def test_a_provider_without_tls_is_for_this_machine_only(issuer: str) -> None:
    with pytest.raises(InvalidConfiguration):
        make_provider(ConsoleSettings(**{**WHOLE, "oidc_issuer": issuer}))


def test_without_an_issuer_there_is_no_provider() -> None:
    assert make_provider(ConsoleSettings()) is None
    assert provider_name(ConsoleSettings()) == ""
