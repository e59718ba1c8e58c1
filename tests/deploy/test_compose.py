"""The promises of docker-compose.yml, its additional files and the Dockerfile that can be read off them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.settings import ConsoleSettings
from detector.settings import DetectorSettings, load
from streams.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "docker-compose.yml",
    "deploy/compose/postgres.yml",
    "deploy/compose/tls.yml",
    "deploy/compose/alerts.yml",
)
READ = {name: yaml.safe_load((ROOT / name).read_text()) for name in FILES}
SERVICES: dict[str, dict[str, Any]] = READ["docker-compose.yml"]["services"]
# services that the additional files bring themselves, whole
WHOLE = SERVICES | {
    name: service for file in FILES[1:] for name, service in READ[file]["services"].items() if "image" in service
}
PINNED = re.compile(r"^[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9-]+)?$")
WRITES_ITS_ROOT = {"kafka"}  # the image writes its configuration at start
OBSERVERS = {"prometheus", "alertmanager", "grafana"}

each_service = pytest.mark.parametrize("service", WHOLE.values(), ids=WHOLE.keys())


@each_service
def test_image_is_pinned(service: dict[str, Any]) -> None:
    assert PINNED.match(service["image"])


def test_the_image_is_built_on_a_pinned_one_and_runs_on_none() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert PINNED.match(bases[0])
    assert bases[1:] == ["scratch", "system"]


def test_the_image_has_a_user_without_rights() -> None:
    assert re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE) == ["10001:10001"]


@each_service
def test_service_has_no_rights_it_does_not_need(service: dict[str, Any]) -> None:
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service
    assert {"mem_limit", "pids_limit"} <= set(service)


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - WRITES_ITS_ROOT))
def test_root_is_read_only(name: str) -> None:
    assert WHOLE[name]["read_only"] is True


@each_service
def test_ports_are_bound_to_the_loopback_address(service: dict[str, Any]) -> None:
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@each_service
def test_whoever_serves_is_watched_and_restarted(service: dict[str, Any]) -> None:
    one_shot = service["restart"] == "no"
    assert one_shot or {"healthcheck", "restart"} <= set(service)


@each_service
def test_every_dependency_has_a_condition(service: dict[str, Any]) -> None:
    assert all("condition" in how for how in service.get("depends_on", {}).values())


def test_only_the_feed_and_those_who_watch_wait_for_their_profiles() -> None:
    profiles = {name: service["profiles"] for name, service in SERVICES.items() if "profiles" in service}
    assert profiles == {"feed": ["demo"]} | {name: ["observability"] for name in OBSERVERS}


def test_kafka_creates_no_topic_by_itself() -> None:
    assert SERVICES["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def environment_file(name: str) -> dict[str, str]:
    """What a file of variables sets."""
    return dict(re.findall(r"^(\w+)=(.*)$", (ROOT / name).read_text(), re.MULTILINE))


def known_variables() -> set[str]:
    return {"SHOAL_" + name.upper() for name in Settings.model_fields} | {
        "SHOAL_CONSOLE_" + name.upper() for name in ConsoleSettings.model_fields
    }


@pytest.mark.parametrize("file", FILES)
def test_variables_are_settings_and_no_secrets(file: str) -> None:
    used = {name for service in READ[file]["services"].values() for name in service.get("environment", {})}
    if file == FILES[0]:
        used |= set(re.findall(r"\b(SHOAL_\w+)=", (ROOT / "Dockerfile").read_text()))
        used |= set(environment_file("deploy/compose/settings.env"))
    ours = {name for name in used if name.startswith("SHOAL_")}
    assert ours or "alerts" in file
    assert ours <= {"SHOAL_DOCTOR_WORKER", "SHOAL_DOCTOR_CONSOLE"} | known_variables()
    assert not [name for name in used if "PASSWORD" in name and not name.endswith("FILE")]


@pytest.mark.parametrize("file", FILES)
def test_secrets_are_files_that_the_script_makes(file: str) -> None:
    script = (ROOT / "deploy/secrets.sh").read_text()
    for name, secret in READ[file].get("secrets", {}).items():
        assert secret == {"file": f"./deploy/secrets/{name}"}
        # an address of a webhook is somebody else's to make
        assert f"make {name} " in script or name.endswith("webhook_url") or name == "dead_mans_switch_url"
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


FILLED_IN = {name for file in FILES for name in re.findall(r"\$\{(SHOAL_\w+)", (ROOT / file).read_text())}
EXAMPLE = (ROOT / ".env.example").read_text()


def test_the_example_names_everything_that_the_compose_files_fill_in() -> None:
    named = set(re.findall(r"^#?(SHOAL_\w+)=", EXAMPLE, re.MULTILINE))
    assert FILLED_IN - {"SHOAL_REVISION"} <= named
    assert named <= FILLED_IN | known_variables()


def test_the_example_sets_nothing_but_hands_itself_on() -> None:
    """It is read where there is no .env, so that Compose finds a file."""
    assert environment_file(".env.example") == {"SHOAL_ENV_FILE": ".env"}
    ours = [service for service in SERVICES.values() if service["image"].startswith("shoal:")]
    assert len(ours) == 4
    for service in ours:
        assert service["env_file"] == ["deploy/compose/settings.env", "${SHOAL_ENV_FILE:-.env.example}"]
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_what_means_something_else_on_the_host_does_not_reach_the_containers() -> None:
    """A port of the host in .env is not the port that the console listens on in its container."""
    for service in SERVICES.values():
        if "env_file" in service:
            assert FILLED_IN & known_variables() <= set(service["environment"])


@pytest.mark.parametrize("line", re.findall(r"^#COMPOSE_FILE=(.*)$", EXAMPLE, re.MULTILINE))
def test_the_example_names_files_that_are_there(line: str) -> None:
    names = line.split(":")
    assert names[0] == FILES[0]
    assert set(names) <= set(FILES)


def test_the_example_names_the_ports_that_are_taken_otherwise() -> None:
    for service in SERVICES.values():
        for port in service.get("ports", []):
            ((name, default),) = re.findall(r"\$\{(\w+):-(\d+)\}", port)
            assert f"#{name}={default}" in EXAMPLE.splitlines()


def test_the_console_answers_to_the_name_that_prometheus_uses() -> None:
    hosts = yaml.safe_load(environment_file("deploy/compose/settings.env")["SHOAL_CONSOLE_HOSTS_ALLOWED"])
    assert set(ConsoleSettings.model_fields["hosts_allowed"].default) < set(hosts)
    assert "console" in hosts
    (advised,) = re.findall(r"^#SHOAL_CONSOLE_HOSTS_ALLOWED=(.*)$", EXAMPLE, re.MULTILINE)
    assert "console" in yaml.safe_load(advised)


def mounts(service: dict[str, Any]) -> list[str]:
    return [mount if isinstance(mount, str) else mount["source"] for mount in service.get("volumes", [])]


def test_what_is_mounted_from_here_is_there() -> None:
    mounted = [mount for service in WHOLE.values() for mount in mounts(service) if "./" in mount]
    for mount in mounted:
        source = re.search(r"\./[\w./-]+", mount)
        assert source
        assert (ROOT / source.group()).exists(), mount
    assert len(mounted) == 9


def test_a_file_of_yours_that_is_missing_is_an_error_and_not_made_a_folder() -> None:
    """Docker makes a folder of what a mount in one line names and nobody made."""
    for service in WHOLE.values():
        assert not [mount for mount in service.get("volumes", []) if isinstance(mount, str) and "_FILE" in mount]


def test_the_thresholds_of_the_stack_are_the_defaults() -> None:
    assert load(tomllib.loads((ROOT / "deploy/detector.toml").read_text())) == DetectorSettings()


def test_the_broker_in_containers_is_the_broker_of_the_tests() -> None:
    version = SERVICES["kafka"]["image"].rpartition(":")[2]
    for pom in ("tests/kafka/pom.xml", "deploy/stand-in/kafka/pom.xml"):
        assert f"<kafka.version>{version}</kafka.version>" in (ROOT / pom).read_text()
