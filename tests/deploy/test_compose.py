"""The promises of docker-compose.yml, its additional files and the Dockerfile that can be read off them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.settings import ConsoleSettings
from streams.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FILES = ("docker-compose.yml", "deploy/compose/postgres.yml", "deploy/compose/tls.yml")
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


def known_variables() -> set[str]:
    return {"SHOAL_" + name.upper() for name in Settings.model_fields} | {
        "SHOAL_CONSOLE_" + name.upper() for name in ConsoleSettings.model_fields
    }


@pytest.mark.parametrize("file", FILES)
def test_variables_are_settings_and_no_secrets(file: str) -> None:
    used = {name for service in READ[file]["services"].values() for name in service.get("environment", {})}
    if file == FILES[0]:
        used |= set(re.findall(r"\b(SHOAL_\w+)=", (ROOT / "Dockerfile").read_text()))
    ours = {name for name in used if name.startswith("SHOAL_")}
    assert ours
    assert ours <= known_variables()
    assert not [name for name in used if "PASSWORD" in name and not name.endswith("FILE")]


@pytest.mark.parametrize("file", FILES)
def test_secrets_are_files_that_the_script_makes(file: str) -> None:
    script = (ROOT / "deploy/secrets.sh").read_text()
    for name, secret in READ[file].get("secrets", {}).items():
        assert secret == {"file": f"./deploy/secrets/{name}"}
        assert f"make {name} " in script
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_console_answers_to_the_name_that_prometheus_uses() -> None:
    hosts = yaml.safe_load(SERVICES["console"]["environment"]["SHOAL_CONSOLE_HOSTS_ALLOWED"])
    assert set(ConsoleSettings.model_fields["hosts_allowed"].default) < set(hosts)
    assert "console" in hosts


def test_dashboards_and_rules_are_where_they_are_mounted_from() -> None:
    mounted = [mount for name in OBSERVERS for mount in SERVICES[name]["volumes"] if "./" in mount]
    for mount in mounted:
        source = re.search(r"\./[\w./-]+", mount)
        assert source
        assert (ROOT / source.group()).exists(), mount
    assert len(mounted) == 4


def test_the_broker_in_containers_is_the_broker_of_the_tests() -> None:
    version = SERVICES["kafka"]["image"].rpartition(":")[2]
    for pom in ("tests/kafka/pom.xml", "deploy/stand-in/kafka/pom.xml"):
        assert f"<kafka.version>{version}</kafka.version>" in (ROOT / pom).read_text()
