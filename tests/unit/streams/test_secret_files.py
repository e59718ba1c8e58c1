"""The address of the database, password and all, from a file as containers mount secrets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from console.settings import load_console_settings
from models.errors import InvalidConfiguration
from streams.settings import load_settings

URL = "postgresql+psycopg://shoal:secret@db/shoal"
LOADERS: list[Callable[..., object]] = [
    lambda **given: load_settings(given).store_url,
    lambda **given: load_console_settings(**given).store_url,
]
each = pytest.mark.parametrize("load", LOADERS, ids=["worker", "console"])


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "store_url"
    path.write_text(URL + "\n")
    monkeypatch.setenv("SHOAL_STORE_URL_FILE", str(path))
    monkeypatch.setenv("SHOAL_STORE_URL", "sqlite:///image.db")  # the image sets it
    return path


@each
def test_the_file_beats_the_variable(secret: Path, load: Callable[..., object]) -> None:
    assert load() == URL


@each
def test_the_command_line_beats_the_file(secret: Path, load: Callable[..., object]) -> None:
    assert load(store_url="sqlite:///mine.db") == "sqlite:///mine.db"


@each
def test_a_file_that_cannot_be_read_is_named_and_its_address_is_not(secret: Path, load: Callable[..., object]) -> None:
    secret.unlink()
    with pytest.raises(InvalidConfiguration, match="No such file") as told:
        load()
    assert "image.db" not in str(told.value)


@each
def test_a_wrong_address_in_the_file_is_refused(secret: Path, load: Callable[..., object]) -> None:
    secret.write_text("mysql://root@db/shoal")
    with pytest.raises(InvalidConfiguration):
        load()


def test_the_console_may_have_a_file_of_its_own(secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own"
    own.write_text("sqlite:///console.db")
    monkeypatch.setenv("SHOAL_CONSOLE_STORE_URL_FILE", str(own))
    assert load_console_settings().store_url == "sqlite:///console.db"
