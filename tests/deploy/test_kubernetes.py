"""The promises of deploy/kubernetes that can be read off its files: rights, probes, settings, labels that fit."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from console.settings import ConsoleSettings
from streams.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "deploy/kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    each for name in KUSTOMIZATION["resources"] for each in yaml.safe_load_all((FOLDER / name).read_text())
]
WORKLOADS = [each for each in OBJECTS if "template" in each.get("spec", {})]
SERVING = [each for each in WORKLOADS if each["kind"] != "Job"]
SECRETS = {"store_url", "sasl_password", "kafka_ca"}

each_workload = pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
each_serving = pytest.mark.parametrize("workload", SERVING, ids=lambda each: each["metadata"]["name"])


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] == kind}


def pod(workload: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = workload["spec"]["template"]["spec"]
    return found


def test_every_file_is_a_resource() -> None:
    assert {path.name for path in FOLDER.glob("*.yaml")} == {*KUSTOMIZATION["resources"], "kustomization.yaml"}


def test_one_stateful_set_of_workers_one_console_one_job() -> None:
    assert {(each["kind"], each["metadata"]["name"]) for each in WORKLOADS} == {
        ("StatefulSet", "worker"), ("Deployment", "console"), ("Job", "topics"),
    }  # fmt: skip


@each_workload
def test_no_rights_that_are_not_needed(workload: dict[str, Any]) -> None:
    spec = pod(workload)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == 10001  # the image's
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = spec["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert "memory" in container["resources"]["limits"]
    assert {"cpu", "memory"} <= set(container["resources"]["requests"])


@each_workload
def test_mounts_and_volumes_fit(workload: dict[str, Any]) -> None:
    spec = pod(workload)
    assert {each["name"] for each in spec["volumes"]} == {
        each["name"] for each in spec["containers"][0]["volumeMounts"]
    }
    claims = {each["persistentVolumeClaim"]["claimName"] for each in spec["volumes"] if "persistentVolumeClaim" in each}
    assert claims <= set(of_kind("PersistentVolumeClaim"))


@each_serving
def test_liveness_is_not_readiness(workload: dict[str, Any]) -> None:
    container = pod(workload)["containers"][0]
    paths = {name: container[name]["httpGet"]["path"] for name in container if name.endswith("Probe")}
    assert paths == {"livenessProbe": "/-/healthy", "startupProbe": "/-/healthy", "readinessProbe": "/-/ready"}


@each_serving
def test_services_budgets_and_pods_have_the_same_labels(workload: dict[str, Any]) -> None:
    name = workload["metadata"]["name"]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    assert workload["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert of_kind("Service")[name]["spec"]["selector"].items() <= labels.items()
    assert of_kind("PodDisruptionBudget")[name]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    port = pod(workload)["containers"][0]["ports"][0]
    assert of_kind("Service")[name]["spec"]["ports"][0]["port"] == port["containerPort"]


def test_every_variable_is_a_setting_and_its_value_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shared = of_kind("ConfigMap")["shoal"]["data"]
    own = {
        each["name"]: each.get("value", "worker-0")
        for w in WORKLOADS
        for each in pod(w)["containers"][0].get("env", [])
    }
    known = {"SHOAL_" + name.upper() for name in Settings.model_fields}
    known |= {"SHOAL_CONSOLE_" + name.upper() for name in ConsoleSettings.model_fields}
    assert set(shared) | set(own) <= known
    for name, text in {"store_url": "postgresql+psycopg://u:p@h/d", "sasl_password": "p", "kafka_ca": ""}.items():
        (tmp_path / name).write_text(text)
    for name, value in (shared | own).items():
        monkeypatch.setenv(name, value.replace("/run/secrets/shoal", str(tmp_path)))
    assert Settings().instance_id == "worker-0"
    assert Settings().store_url == ConsoleSettings().store_url == "postgresql+psycopg://u:p@h/d"
    assert "localhost" in ConsoleSettings().hosts_allowed  # what probes say they ask for


def test_passwords_come_from_files_of_the_secret() -> None:
    shared = of_kind("ConfigMap")["shoal"]["data"]
    files = {Path(value).name for value in shared.values() if value.startswith("/run/secrets/shoal/")}
    assert files == SECRETS
    assert not of_kind("Secret")
    assert not [name for name in shared if "PASSWORD" in name and not name.endswith("_FILE")]
    assert all(f"--from-file={name}" in (FOLDER / "README.md").read_text() for name in SECRETS)


def test_everything_is_closed_but_for_rules() -> None:
    (first, _) = of_kind("NetworkPolicy").values()
    assert first["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert {each["metadata"]["name"] for each in WORKLOADS} == set(
        first["spec"]["podSelector"]["matchExpressions"][0]["values"]
    )
