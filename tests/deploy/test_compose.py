"""The promises of docker-compose.yml and the Dockerfile that can be read off them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
PINNED = re.compile(r"^[a-z/]+:v?\d+\.\d+\.\d+(-[a-z0-9-]+)?$")

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


@each_service
def test_image_is_pinned(service: dict[str, Any]) -> None:
    assert PINNED.match(service["image"])


def test_base_images_are_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert bases
    assert all(PINNED.match(base) for base in bases)


@each_service
def test_service_has_no_rights_it_does_not_need(service: dict[str, Any]) -> None:
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service
    assert "mem_limit" in service


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


def test_only_the_feed_waits_for_its_profile() -> None:
    assert {name for name, service in SERVICES.items() if "profiles" in service} == {"feed"}


def test_kafka_creates_no_topic_by_itself() -> None:
    assert SERVICES["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_variables_are_settings_and_no_secrets() -> None:
    known = {"SHOAL_" + name.upper() for name in Settings.model_fields}
    used = set(SERVICES["worker"]["environment"])
    used |= set(re.findall(r"\b(SHOAL_\w+)=", (ROOT / "Dockerfile").read_text()))
    assert used
    assert used <= known
    assert not [name for name in used if "PASSWORD" in name]


def test_the_broker_in_containers_is_the_broker_of_the_tests() -> None:
    version = SERVICES["kafka"]["image"].rpartition(":")[2]
    for pom in ("tests/kafka/pom.xml", "deploy/stand-in/kafka/pom.xml"):
        assert f"<kafka.version>{version}</kafka.version>" in (ROOT / pom).read_text()
