import os
from pathlib import Path

import pytest

from models.errors import InvalidConfiguration
from streams.settings import load_settings
from streams.settings.load import OWN_TOPICS
from streams.topics import names


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("SHOAL_"):
            monkeypatch.delenv(name)


def test_variables_become_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_SHARDS", "2")
    monkeypatch.setenv("SHOAL_POSTS_PARTITIONS", "3")
    settings = load_settings()
    assert settings.shards == 2
    assert len(settings.sources) == 3 + settings.likes_partitions + settings.accounts_partitions + 2  # trends, verdicts


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("shards", "0", "at least 1"),
        ("shards", "many", "a whole number, at least 1, at most 256"),
        ("dead_letters_ratio_max", "20%", "a number, more than 0"),
        ("bootstrap", "nowhere", "brokers as host:port, separated by commas"),
        ("envelope_events_max", "5000", "at most 500"),
        ("dead_letters_ratio_max", "0", "more than 0"),
        ("security_protocol", "TLS", "SASL_SSL"),
        ("store_url", "mysql://x", "sqlite"),
        ("likes_topic", "posts", "different names"),
        ("log_level", "LOUD", "WARNING"),
    ],
)
def test_a_wrong_value_names_field_value_and_range(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str, part: str
) -> None:
    monkeypatch.setenv(f"SHOAL_{field.upper()}", value)
    with pytest.raises(InvalidConfiguration, match=part) as caught:
        load_settings()
    assert caught.value.field in (f"SHOAL_{field.upper()}", "SHOAL_POSTS_TOPIC")
    assert str(caught.value.value) == value or field == "likes_topic"


def test_what_was_not_said_by_a_variable_is_named_as_it_was_said() -> None:
    with pytest.raises(InvalidConfiguration, match=r"^web_port = 70000 is not allowed: at least 0, at most 65535$"):
        load_settings({"web_port": 70_000})


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("SHOAL_BOOTSTRP", "SHOAL_BOOTSTRAP"),
        ("SHOAL_LIKE_TOPIC", "SHOAL_LIKES_TOPIC"),
        ("SHOAL_SASL_USER", "SHOAL_SASL_USERNAME"),
        ("SHOAL_LOGLEVEL", "SHOAL_LOG_LEVEL"),
    ],
)
def test_a_slip_of_the_pen_is_not_taken_for_silence(monkeypatch: pytest.MonkeyPatch, slip: str, meant: str) -> None:
    monkeypatch.setenv(slip, "secret")
    with pytest.raises(InvalidConfiguration, match=f"{slip} .*{meant} is one") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHOAL_KAFKA", "SHOAL_KAFKA_PORT", "SHOAL_CONSOLE_PORT", "SHOAL_CONSOLE_STORE_URL", "SHOAL_NAME"):
        monkeypatch.setenv(name, "1")
    assert load_settings().shards > 0


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"sasl_username": "shoal"}, "PLAINTEXT asks for none"),
        ({"sasl_username": "shoal", "security_protocol": "SSL"}, "SSL asks for none"),
        ({"ssl_ca_file": "/ca.pem"}, "PLAINTEXT uses none"),
        ({"prefix": ""}, "posts is a raw topic already"),
        ({"accounts_topic": "shoal.dead-letters"}, "shoal.dead-letters is a raw topic already"),
    ],
)
def test_settings_that_would_be_left_unsaid_or_clash_are_refused(values: dict[str, str], part: str) -> None:
    with pytest.raises(InvalidConfiguration, match=part):
        load_settings(values)


def test_own_topics_are_those_that_are_made() -> None:
    assert [f"x.{name}" for name in OWN_TOPICS] == list(names(load_settings({"prefix": "x."})))


def test_the_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_LOG_LEVEL", "debug")
    assert load_settings().log_level == "DEBUG"


def test_sasl_needs_a_password_and_takes_it_from_a_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="sasl"):
        load_settings({"security_protocol": "SASL_SSL", "sasl_username": "shoal"})
    secret = tmp_path / "secret"
    secret.write_text("hidden\n")
    settings = load_settings(
        {"security_protocol": "SASL_SSL", "sasl_username": "shoal", "sasl_password_file": str(secret)}
    )
    assert settings.password == "hidden"  # noqa: S105  # made up above
    assert not any("hidden" in row.value for row in settings.describe())


def test_secrets_are_not_described() -> None:
    settings = load_settings({"sasl_password": "hidden"})
    assert "hidden" not in repr(settings)
    assert not any("hidden" in row.value for row in settings.describe())


def test_every_knob_says_what_it_means() -> None:
    rows = load_settings().describe()
    assert len(rows) > 40
    assert [row.variable for row in rows if not row.meaning] == []


def test_the_detector_file_is_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "detector.toml"
    path.write_text("lateness_ms = 250\n")
    assert load_settings({"detector_file": str(path)}).detector.lateness_ms == 250
    path.write_text("lateness_ms = -1\n")
    with pytest.raises(InvalidConfiguration, match="lateness_ms"):
        load_settings({"detector_file": str(path)})
    path.write_text("= nonsense")
    with pytest.raises(InvalidConfiguration, match="TOML"):
        load_settings({"detector_file": str(path)})


def test_settings_are_frozen() -> None:
    settings = load_settings()
    with pytest.raises(Exception, match="frozen"):
        settings.shards = 9


def test_the_store_may_be_postgresql_and_its_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://shoal:se:cret@db.internal/shoal"
    monkeypatch.setenv("SHOAL_STORE_URL", url)
    settings = load_settings()
    assert settings.store_url == url
    shown = next(row.value for row in settings.describe() if row.variable == "SHOAL_STORE_URL")
    assert shown == "postgresql+psycopg://shoal:********@db.internal/shoal"
