"""Every command that a runbook prints can be typed as it stands, beside docker-compose.yml: services, programs in their
images, subcommands and options of `shoal`, topics and ports exist."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import yaml
from typer.main import get_command

from streams.cli.app import app
from streams.settings import load_settings
from streams.topics import names
from tests.deploy.test_catalogue import RUNBOOKS, blocks
from tests.deploy.tools import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
SHOAL = {name for name, service in COMPOSE.items() if service["image"].startswith("shoal:")}
ON_THE_HOST = {"docker", "curl", "grep", "tail", "df"}
"""What may be asked of the machine; the image of Shoal has no shell, and the host no `shoal`."""
IN_IMAGES = {
    **dict.fromkeys(SHOAL, r"shoal"),
    "kafka": r"/opt/kafka/bin/kafka-[a-z-]+\.sh",
    "alertmanager": "amtool",
    "prometheus": "promtool",
}
FLAGS = {
    "ps": {"-a", "-aq"},
    "logs": {"--tail"},
    "up": {"-d", "--scale", "--no-deps"},
    "run": {"--rm", "--no-deps", "-d", "-T"},
    "exec": set(), "restart": set(), "unpause": set(), "stop": set(), "start": set(),
}  # fmt: skip
OF_DOCKER = {"inspect", "system"}
SEPARATORS = {"|", ";", "&&"}
ELSEWHERE = {"ShoalCalibrationDrift": {"shoal calibrate"}, "ShoalVerdictsWaiting": {"shoal relay"}}
"""Commands of `shoal` that are named, not printed to be typed here; the page says where they run."""


class Printed(NamedTuple):
    runbook: str
    words: list[str]


def lines_of(text: str) -> Iterator[str]:
    for block in blocks(text, "sh"):
        yield from re.sub(r"\\\n\s*", "", block).splitlines()
    yield from re.findall(r"`((?:docker|curl|shoal) [^`\n]+)`", text)


def printed() -> Iterator[Printed]:
    """One for each command, those of a pipe and of `$(…)` apart."""
    for name, text in RUNBOOKS.items():
        for line in lines_of(text):
            inner = re.findall(r"\$\(([^)]+)\)", line)
            for part in [re.sub(r"\$\([^)]+\)", "X", line), *inner]:
                words: list[str] = []
                for word in [*shlex.split(part, comments=True), ";"]:
                    if word not in SEPARATORS:
                        words.append(word)
                    elif words:
                        yield Printed(name, words)
                        words = []


COMMANDS = [pytest.param(each, id=f"{each.runbook}: {' '.join(each.words)[:60]}") for each in printed()]
each_command = pytest.mark.parametrize("one", COMMANDS)


def fault(words: list[str]) -> str | None:
    """What is wrong with a command, or None."""
    if words[0] not in ON_THE_HOST:
        return f"{words[0]} is not on the host"
    if words[0] == "curl":
        return _fault_of_addresses(words)
    if words[0] != "docker" or words[1] in OF_DOCKER:
        return None
    if words[1:4] == ["compose", "--profile", "observability"]:
        words = [*words[:2], *words[4:]]
    if words[1] != "compose" or words[2] not in FLAGS:
        return f"docker {words[1]} {words[2]}"
    return _fault_of_compose(words[2], words[3:])


def _fault_of_compose(verb: str, rest: list[str]) -> str | None:
    while rest and (rest[0].startswith("-") or "=" in rest[0]):
        if rest[0].startswith("-") and rest[0].split("=")[0] not in FLAGS[verb]:
            return f"docker compose {verb} {rest[0]}"
        if "=" in rest[0] and not rest[0].startswith("-") and rest[0].split("=")[0] not in COMPOSE:
            return f"no service {rest[0]}"
        rest = rest[1:]
    services = rest[:1] if verb in {"run", "exec"} else rest
    if unknown := [name for name in services if name not in COMPOSE]:
        return f"no service {unknown[0]}"
    if verb == "run":
        return _fault_of_shoal(rest[1:]) if rest[0] in SHOAL else f"{rest[0]} is not Shoal's"
    return _fault_inside(rest[0], rest[1:]) if verb == "exec" else None


def _fault_inside(service: str, words: list[str]) -> str | None:
    if not re.fullmatch(IN_IMAGES.get(service, "$."), words[0]):
        return f"{service} has no {words[0]}"
    if words[0] == "shoal":
        return _fault_of_shoal(words[1:])
    return _fault_of_addresses(words)


def _fault_of_shoal(words: list[str]) -> str | None:
    command: Any = get_command(app)
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"no command shoal {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    options = {option for each in command.params for option in each.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.split("=")[0] not in options]
    return f"no option {unknown[0]}" if unknown else None


def _fault_of_addresses(words: list[str]) -> str | None:
    known = set(names(load_settings()))
    for at, word in enumerate(words):
        if word == "--topic" and words[at + 1] not in known:
            return f"no topic {words[at + 1]}"
        if word.startswith("http") and urlsplit(word).port not in _published():
            return f"nothing of ours is at {word}"
    return None


def _published() -> set[int]:
    found = [str(each) for service in COMPOSE.values() for each in service.get("ports", ())]
    return {int(each.rsplit(":", 1)[1]) for each in found}


def test_the_check_itself_finds_what_is_wrong() -> None:
    wrong = {
        "shoal doctor": "shoal is not on the host",
        "amtool check-config x": "amtool is not on the host",
        "docker compose exec worker df -h": "worker has no df",
        "docker compose exec worker bash": "worker has no bash",
        "docker compose exec workers shoal doctor": "no service workers",
        "docker compose logs --tial=5 worker": "docker compose logs --tial=5",
        "docker compose up -d --scale workers=2": "no service workers=2",
        "docker compose run --rm --no-deps console docter": "no command shoal docter",
        "docker compose run --rm --no-deps console doctor --workers x": "no option --workers",
        "docker compose exec kafka /opt/kafka/bin/kafka-topics.sh --topic shoal.nowhere": "no topic shoal.nowhere",
        "curl -s http://127.0.0.1:9099/x": "nothing of ours is at http://127.0.0.1:9099/x",
    }
    assert {command: fault(shlex.split(command)) for command in wrong} == wrong


@each_command
def test_a_command_of_a_runbook_can_be_typed_as_it_stands(one: Printed) -> None:
    elsewhere = " ".join(one.words[:2]) in ELSEWHERE.get(one.runbook, ())
    assert (_fault_of_shoal(one.words[1:]) if elsewhere else fault(one.words)) is None


def test_they_are_found() -> None:
    assert len(COMMANDS) > 90
    for name, text in RUNBOOKS.items():
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        assert all(line.count("`") % 2 == 0 for line in prose.splitlines()), f"{name}: a command is broken in two"


def test_the_doctor_of_a_runbook_works_while_any_other_container_is_down() -> None:
    for name, text in RUNBOOKS.items():
        for line in lines_of(text):
            if re.search(r"\bdoctor\b", line):
                assert line.startswith("docker compose run --rm --no-deps console doctor"), name
