"""The file of destinations: strict, errors say where, and secrets are nowhere but where they belong."""

from pathlib import Path

import pytest

from console.messages.file import FILE_BYTES_MAX, InvalidDestinations, load_destinations
from console.messages.running import Messages
from console.messages.secrets import SECRET_BYTES_MAX
from tests.unit.console.messages.world import SECRET

HOOK = """
[[destinations]]
name = "hook"
kind = "webhook"
url = "https://in.example.org/shoal"
secrets = [{ file = "FILE" }]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="utf-8")
    return tmp_path / "messages.toml"


def write(path: Path, text: str) -> str:
    path.write_text(text.replace("FILE", str(path.parent / "secret")), encoding="utf-8")
    return str(path)


def test_a_secret_comes_from_a_file_or_the_environment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(Messages(write(path, HOOK), None).channels) == ["hook"]
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    assert Messages(write(path, HOOK.replace('file = "FILE"', 'env = "HOOK_SECRET"')), None).channels


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ('kind = "webhook"', 'kind = "pigeon"', "destinations[0] (hook)", "kind is one of webhook, slack"),
        ('kind = "webhook"', "", "destinations[0] (hook)", "kind is one of"),
        ('name = "hook"', 'name = "My Hook"', "destinations[0] (My Hook).name", "pattern"),
        ('name = "hook"', "", "destinations[0].name", "is missing"),
        (
            'name = "hook"',
            'name = "hook"\nsevrity_min = "low"',
            "destinations[0] (hook).sevrity_min",
            "no such setting",
        ),
        ('name = "hook"', 'name = "hook"\nseverity_min = "worst"', "destinations[0] (hook).severity_min", "critical"),
        (
            'name = "hook"',
            'name = "hook"\nper_minute = 0',
            "destinations[0] (hook).per_minute",
            "greater than or equal",
        ),
        ('name = "hook"', 'name = "hook"\nprivate_allowed = "no"', "destinations[0] (hook).private_allowed", "boolean"),
        (
            'name = "hook"',
            'name = "hook"\nquiet = { zone = "Mars", from = "1:00", until = "07:00" }',
            "destinations[0] (hook).quiet.zone",
            "no time zone",
        ),
        (
            'name = "hook"',
            'name = "hook"\ndigest = { every = "day" }',
            "destinations[0] (hook)",
            "a digest is for people",
        ),
        ("https://in.example.org", "ftp://in.example.org", "destinations[0] (hook).url", "begins with https://"),
        ("https://in.example.org", "https://u:pw@in.example.org", "destinations[0] (hook).url", "without a user"),
        ('[{ file = "FILE" }]', "[]", "destinations[0] (hook).secrets", "at least 1"),
        ('[{ file = "FILE" }]', '["whsec_plain"]', "destinations[0] (hook).secrets[0]", ""),
        ('file = "FILE"', 'file = "FILE", env = "X"', "destinations[0] (hook).secrets[0]", "and not both"),
        ("[[destinations]]", "[[destination]]", "destination", "no such setting"),
        ("[[destinations]]", "[[destinations]", "", "no TOML"),
    ],
)
def test_an_error_says_where_and_why(path: Path, old: str, new: str, place: str, problem: str) -> None:
    with pytest.raises(InvalidDestinations) as caught:
        Messages(write(path, HOOK.replace(old, new, 1)), None)
    assert caught.value.place == place
    assert problem in str(caught.value)
    assert "whsec_" not in str(caught.value)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("sesame", "a secret is whsec_"),
        ("whsec_c2hvcnQ=", "24 to 64 bytes"),
        ("x" * (SECRET_BYTES_MAX + 1), "more than"),
    ],
)
def test_a_secret_that_cannot_be_used_is_not_told(path: Path, secret: str, problem: str) -> None:
    name = write(path, HOOK)
    (path.parent / "secret").write_text(secret, encoding="utf-8")
    with pytest.raises(InvalidDestinations, match=problem) as caught:
        Messages(name, None)
    assert caught.value.place == "hook"
    assert len(secret.strip()) < 4 or secret not in str(caught.value)


def test_places_that_are_not_there_are_named(path: Path) -> None:
    with pytest.raises(InvalidDestinations, match="environment variable NOT_SET_AT_ALL is not set"):
        Messages(write(path, HOOK.replace('file = "FILE"', 'env = "NOT_SET_AT_ALL"')), None)
    with pytest.raises(InvalidDestinations, match="nowhere cannot be read: No such file"):
        Messages(write(path, HOOK.replace("FILE", "nowhere")), None)
    with pytest.raises(InvalidDestinations, match="cannot be read"):
        load_destinations(str(path.parent / "none.toml"))


def test_the_file_has_a_limit_and_names_differ(path: Path) -> None:
    with pytest.raises(InvalidDestinations, match="more than"):
        load_destinations(write(path, "#" * (FILE_BYTES_MAX + 1)))
    with pytest.raises(InvalidDestinations, match="two destinations are named hook"):
        load_destinations(write(path, HOOK + HOOK))
    with pytest.raises(InvalidDestinations, match="at most 50"):
        load_destinations(write(path, "".join(HOOK.replace('"hook"', f'"h{number}"') for number in range(51))))


def test_slack_is_one_of_two(path: Path) -> None:
    entry = '[[destinations]]\nname = "s"\nkind = "slack"\ntoken = { env = "X" }\n'
    with pytest.raises(InvalidDestinations, match="either token and channel, or url"):
        load_destinations(write(path, entry))
    assert load_destinations(write(path, entry + 'channel = "C0123456789"\n')).destinations[0].edits
    hook = entry.replace("token", "url")
    assert not load_destinations(write(path, hook)).destinations[0].edits


def test_no_secret_is_shown_by_what_was_read(path: Path) -> None:
    messages = Messages(write(path, HOOK), None)
    assert SECRET not in repr(messages.destinations)
    assert SECRET not in repr(vars(messages))
