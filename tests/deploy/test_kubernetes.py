"""The promises of deploy/kubernetes that can be read off its files: schemas, rights, probes, settings, labels."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from console.settings import ConsoleSettings
from streams.settings import Settings
from tests.deploy.tools import promtool

FOLDER = Path(__file__).resolve().parents[2] / "deploy/kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    each for name in KUSTOMIZATION["resources"] for each in yaml.safe_load_all((FOLDER / name).read_text())
]
COMPONENTS = sorted((FOLDER / "components").iterdir())
OF_COMPONENTS: list[dict[str, Any]] = [
    each
    for folder in COMPONENTS
    for name in yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
    for each in yaml.safe_load_all((folder / name).read_text())
]
VERSIONS = ("1.30", "1.32", "1.35", "1.37")
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


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "manifest", OBJECTS + OF_COMPONENTS, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}"
)
def test_every_object_is_one_that_kubernetes_takes(manifest: dict[str, Any], version: str) -> None:
    if "monitoring.coreos.com" in manifest["apiVersion"]:
        pytest.skip("a kind of the Prometheus operator's")
    kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_refuse_what_is_misspelt() -> None:
    service = of_kind("Service")["worker"]
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**service, "spec": {**service["spec"], "port": 1}}, VERSIONS[0], strict=True)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="no kubectl")
@pytest.mark.parametrize(
    "components", [[], [str(each.relative_to(FOLDER)) for each in COMPONENTS]], ids=["base", "all"]
)
def test_kustomize_puts_it_together(tmp_path: Path, components: list[str]) -> None:
    folder = tmp_path / "kubernetes"
    shutil.copytree(FOLDER, folder)
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(KUSTOMIZATION | {"components": components}))
    done = subprocess.run(
        ["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    made = list(yaml.safe_load_all(done.stdout))
    assert len(made) == len(OBJECTS) + (len(OF_COMPONENTS) if components else 0)
    assert {each["metadata"].get("namespace", "shoal") for each in made} == {"shoal"}
    assert len([each for each in made if "registry.example/shoal:" in str(each)]) == len(WORKLOADS)


def test_the_kustomization_names_every_component_beside_it() -> None:
    text = (FOLDER / "kustomization.yaml").read_text()
    assert set(re.findall(r"^#   - components/(\S+)$", text, re.MULTILINE)) == {each.name for each in COMPONENTS}


def test_the_namespace_refuses_more_rights_than_the_pods_want() -> None:
    (namespace,) = of_kind("Namespace").values()
    assert namespace["metadata"]["name"] == KUSTOMIZATION["namespace"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_no_two_versions_run_on_one_store() -> None:
    """A new version of one at a time would leave the others writing into tables that are no longer theirs."""
    assert of_kind("Deployment")["console"]["spec"]["strategy"] == {"type": "Recreate"}
    assert of_kind("StatefulSet")["worker"]["spec"]["updateStrategy"]["rollingUpdate"] == {"maxUnavailable": "100%"}


def test_alerts_know_the_jobs_by_their_names() -> None:
    wanted = {"worker": "shoal", "console": "shoal-console"}
    monitors = [each for each in OF_COMPONENTS if each["kind"] == "PodMonitor"]
    by_operator = {
        each["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]: label["replacement"]
        for each in monitors
        for label in each["spec"]["podMetricsEndpoints"][0]["relabelings"]
        if label["targetLabel"] == "job"
    }
    jobs = yaml.safe_load((FOLDER / "scrape.yml").read_text())
    by_hand = {each["relabel_configs"][0]["regex"]: each["job_name"] for each in jobs}
    assert by_operator == by_hand == wanted
    known = {
        each["job_name"]
        for each in yaml.safe_load((FOLDER.parent / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    }
    assert set(wanted.values()) <= known


def test_prometheus_takes_the_jobs(tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yml"
    jobs = yaml.safe_load((FOLDER / "scrape.yml").read_text())
    for job in jobs:
        # Debian's Prometheus was built without the discovery; the rest of the job it knows
        assert job.pop("kubernetes_sd_configs") == [
            {"role": "pod", "namespaces": {"names": [KUSTOMIZATION["namespace"]]}}
        ]
        job["static_configs"] = [{"targets": ["127.0.0.1:1"]}]
    config.write_text(yaml.safe_dump({"scrape_configs": jobs}))
    promtool("check", "config", str(config))


def test_the_rules_fit_into_the_operators_kind_as_the_page_says() -> None:
    head = re.search(r"printf '(.+?)'; sed", (FOLDER / "README.md").read_text())
    assert head is not None
    rules = (FOLDER.parent / "prometheus/rules.yml").read_text()
    made = yaml.safe_load(head[1].replace("\\n", "\n") + "".join(f"  {line}\n" for line in rules.splitlines()))
    assert made["kind"] == "PrometheusRule"
    assert made["spec"] == yaml.safe_load(rules)


def test_one_stateful_set_of_workers_one_console_one_job() -> None:
    assert {(each["kind"], each["metadata"]["name"]) for each in WORKLOADS} == {
        ("StatefulSet", "worker"), ("Deployment", "console"), ("Job", "topics"),
    }  # fmt: skip


@each_workload
def test_no_rights_that_are_not_needed(workload: dict[str, Any]) -> None:
    spec = pod(workload)
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False  # SHOAL_CONSOLE_PORT=tcp://… is no port
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
    assert own.pop("POD_IP") == "worker-0"  # of the field that Kubernetes fills in
    known |= {"SHOAL_DOCTOR_WORKER", "SHOAL_DOCTOR_CONSOLE"}  # of the command
    assert set(shared) | set(own) <= known
    for name, text in {"store_url": "postgresql+psycopg://u:p@h/d", "sasl_password": "p", "kafka_ca": ""}.items():
        (tmp_path / name).write_text(text)
    for name, value in (shared | own).items():
        monkeypatch.setenv(name, value.replace("/run/secrets/shoal", str(tmp_path)).replace("$(POD_IP)", "10.1.2.3"))
    assert Settings().instance_id == "worker-0"
    assert Settings().store_url == ConsoleSettings().store_url == "postgresql+psycopg://u:p@h/d"
    # what probes say they ask for, and what Prometheus does: it goes to pods by their address
    assert {"localhost", "10.1.2.3"} <= set(ConsoleSettings().hosts_allowed)
    (ingress,) = [each for each in OF_COMPONENTS if each["kind"] == "Ingress"]
    assert ingress["spec"]["rules"][0]["host"] in ConsoleSettings().hosts_allowed


def test_passwords_come_from_files_of_the_secret() -> None:
    shared = of_kind("ConfigMap")["shoal"]["data"]
    files = {Path(value).name for value in shared.values() if value.startswith("/run/secrets/shoal/")}
    assert files == SECRETS
    assert not of_kind("Secret")
    assert not [name for name in shared if "PASSWORD" in name and not name.endswith("_FILE")]
    assert all(f"--from-file={name}" in (FOLDER / "README.md").read_text() for name in SECRETS)


def test_doctor_reaches_the_pages_of_the_others() -> None:
    for name, port in (("worker", 6066), ("console", 8321)):
        url = of_kind("ConfigMap")["shoal"]["data"][f"SHOAL_DOCTOR_{name.upper()}"]
        assert url == f"http://{name}:{of_kind('Service')[name]['spec']['ports'][0]['port']}" == f"http://{name}:{port}"
        for way, side in (("ingress", "from"), ("egress", "to")):
            rules = of_kind("NetworkPolicy")["shoal"]["spec"][way]
            pods = [rule for rule in rules if any("podSelector" in each for each in rule.get(side, ()))]
            assert {"port": port} in pods[0]["ports"]
            assert name in pods[0][side][0]["podSelector"]["matchExpressions"][0]["values"]


def test_everything_is_closed_but_for_rules() -> None:
    (first, _) = of_kind("NetworkPolicy").values()
    assert first["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert {each["metadata"]["name"] for each in WORKLOADS} == set(
        first["spec"]["podSelector"]["matchExpressions"][0]["values"]
    )
