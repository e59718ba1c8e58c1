"""The alerts about Shoal itself: they fire on bad figures, stay quiet on good ones, and name metrics that exist."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from streams.metrics import Metrics

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "prometheus"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"] for rule in group["rules"]]


def promtool(*arguments: str) -> None:
    path = shutil.which("promtool")
    if path is None and not os.environ.get("CI"):
        pytest.skip("no promtool found (Debian: apt-get install prometheus)")
    assert path is not None, "no promtool, and this is CI"
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_fire_when_they_should_and_only_then() -> None:
    promtool("test", "rules", str(FOLDER / "rules_test.yml"))


def test_configuration_is_valid() -> None:
    promtool("check", "config", "--syntax-only", str(FOLDER / "prometheus.yml"))


def test_every_rule_is_tested() -> None:
    tested = (FOLDER / "rules_test.yml").read_text()
    assert [rule["alert"] for rule in RULES if tested.count(f'alertname="{rule["alert"]}"') < 1] == []


def test_rules_name_metrics_that_a_worker_has() -> None:
    families = Metrics().registry.collect()
    known = {family.name + ("_total" if family.type == "counter" else "") for family in families}
    used = {name for rule in RULES for name in re.findall(r"\bshoal_\w+", rule["expr"])}
    assert len(used) >= len(RULES) - 2  # all but the two on `up`
    assert used - known == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_each_rule_says_what_it_means_and_what_to_do(rule) -> None:  # noqa: ANN001  # a piece of YAML
    assert set(rule["annotations"]) == {"summary", "impact", "action"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
