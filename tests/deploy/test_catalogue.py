"""Rules, panels and runbooks name what exists, and what exists is in one of them; what is generated is up to date."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from console.settings import PREFIX, ConsoleSettings
from streams.catalogue import CATALOGUE
from streams.metrics_page import page
from streams.settings import Settings
from tests.deploy.promql import METRIC_OF, faults, names, plain, selectors
from tests.deploy.tools import ROOT, promtool

GRAFANA = ROOT / "deploy" / "grafana"
RUNBOOKS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "runbooks").glob("*.md"))}
GROUPS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules.yml").read_text())["groups"]
RULES: dict[str, dict[str, Any]] = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
DASHBOARDS = {path.name: json.loads(path.read_text()) for path in sorted((GRAFANA / "dashboards").glob("*.json"))}
PANELS = [
    pytest.param(panel, id=f"{name}: {panel['title']}")
    for name, dashboard in DASHBOARDS.items()
    for panel in dashboard["panels"]
    if panel["type"] != "row"
]
HEADINGS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def of_runbook(name: str) -> list[str]:
    """Expressions of a runbook: one a line."""
    return [line for block in blocks(RUNBOOKS[name], "promql") for line in block.splitlines() if line.strip()]


def of_panels() -> list[str]:
    return [target["expr"] for one in PANELS for target in one.values[0]["targets"]]  # type: ignore[index]  # a panel


def of_rules() -> list[str]:
    return [rule["expr"] for rule in RULES.values()]


# --- to the catalogue


def test_the_check_itself_finds_what_is_wrong() -> None:
    assert faults("rate(shoal_events_consumed_total[5m])") == []
    assert faults("rate(shoal_events_consumed[5m])") == ["no metric has the series shoal_events_consumed"]
    assert faults("shoal_snapshot_seconds") == ["no metric has the series shoal_snapshot_seconds"]
    assert faults('shoal_lag_seconds{shard="x"}') == ["shoal_lag_seconds has no label shard"]
    assert faults('shoal_review_cases{severity=~"critical|urgent"}') == ["severity is never urgent"]
    assert faults("1 - max by (topic) (shoal_events_buffered)") == ["nothing below has the label topic"]
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        faults("sum by (")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_what_exists(rule: str) -> None:
    assert faults(RULES[rule]["expr"]) == []
    assert rule == "ShoalWatchdog" or names(RULES[rule]["expr"])


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_names_what_exists(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        assert faults(target["expr"]) == []
        assert names(target["expr"])


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_runbook_asks_for_what_exists(name: str) -> None:
    for expression in of_runbook(name):
        assert faults(expression) == []


def test_a_real_prometheus_takes_every_expression(tmp_path: Path) -> None:
    expressions = [*of_panels(), *(expression for name in RUNBOOKS for expression in of_runbook(name))]
    rules = [{"record": f"test:number{number}", "expr": plain(each)} for number, each in enumerate(expressions)]
    assert len(rules) > 100
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}))
    promtool("check", "rules", str(tmp_path / "rules.yml"))


# --- from the catalogue


def test_every_metric_is_looked_at_by_a_rule_or_a_panel() -> None:
    used = {METRIC_OF[name].name for each in [*of_rules(), *of_panels()] for name in names(each) if name in METRIC_OF}
    assert {one.name for one in CATALOGUE} - used == set()


def test_what_is_a_counter_is_asked_for_its_growth() -> None:
    for each in [*of_rules(), *of_panels()]:
        text = re.sub(r"\s+", " ", plain(each))
        for selector in selectors(each):
            one = METRIC_OF.get(selector.name)
            if one is not None and one.kind in {"counter", "histogram"}:
                assert re.search(rf"(rate|increase)\( ?{selector.name}\b[^()]*\[", text), (selector.name, text)


# --- runbooks


def test_every_alert_has_a_runbook_and_every_runbook_an_alert() -> None:
    assert set(RUNBOOKS) == set(RULES)


@pytest.mark.parametrize("name", RUNBOOKS)
def test_a_runbook_says_what_it_must(name: str) -> None:
    text = RUNBOOKS[name]
    assert text.startswith(f"# {name}\n")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    assert parts[1::2] == HEADINGS
    assert all(len(part.split()) >= 5 for part in parts[2::2])
    assert all(len(line) <= 140 for line in text.splitlines())
    linked = re.findall(r"\]\(([^)]+)\)", text)
    assert all((ROOT / "docs" / "runbooks" / link).is_file() for link in linked)
    mentioned = re.findall(r"\b((?:docs|deploy)/[\w./-]+\.(?:md|toml|yml))", text)
    assert all((ROOT / path).is_file() for path in mentioned)


@pytest.mark.parametrize("name", sorted(set(RUNBOOKS) - {"ShoalWatchdog"}))
def test_a_runbook_has_something_to_run(name: str) -> None:
    assert of_runbook(name) or blocks(RUNBOOKS[name], "sh")


def test_settings_in_runbooks_exist() -> None:
    known = {"SHOAL_" + field.upper() for field in Settings.model_fields}
    known |= {PREFIX + field.upper() for field in ConsoleSettings.model_fields}
    known |= {"SHOAL_STORE_URL"}
    for name, text in RUNBOOKS.items():
        assert set(re.findall(r"\bSHOAL_[A-Z_]+[A-Z]", text)) - known == set(), name


# --- pages


def test_the_page_of_metrics_is_up_to_date() -> None:
    found = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert found == page(), "run: python -m streams.metrics_page > docs/metrics.md"
