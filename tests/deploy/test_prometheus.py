"""The alerts about Shoal itself: they fire on bad figures, stay quiet on good ones, and reach who can help."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.tools import ROOT, amtool, promtool

FOLDER = ROOT / "deploy" / "prometheus"
ALERTMANAGER = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"] for rule in group["rules"]]
TESTS = sorted(FOLDER.glob("*_test.yml"))
NEVER_QUIET = "ShoalWatchdog"
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_rules_fire_when_they_should_and_only_then(path: Path) -> None:
    promtool("test", "rules", str(path))


@each_rule
def test_one_missed_scrape_does_not_end_an_alert(rule: dict[str, Any]) -> None:
    """What asks over a range bridges it; what asks the newest scrape alone has to be kept."""
    assert rule["alert"] == NEVER_QUIET or "[" in rule["expr"] or rule.get("keep_firing_for") == "3m"


def test_configuration_is_valid() -> None:
    promtool("check", "config", "--syntax-only", str(FOLDER / "prometheus.yml"))
    promtool("check", "rules", str(FOLDER / "rules.yml"))


def cases(alert: str) -> set[bool]:
    """Whether the tests see a rule firing (True) and quiet (False)."""
    found = set()
    for path in TESTS:
        for test in yaml.safe_load(path.read_text())["tests"]:
            for each in test.get("promql_expr_test", ()):
                if f'ALERTS{{alertname="{alert}", alertstate="firing"}}' in each["expr"]:
                    found.add(bool(each["exp_samples"]))
            for each in test.get("alert_rule_test", ()):
                if each["alertname"] == alert:
                    found.add(bool(each["exp_alerts"]))
    return found


@each_rule
def test_each_rule_is_seen_firing_and_quiet(rule: dict[str, Any]) -> None:
    assert cases(rule["alert"]) == ({True} if rule["alert"] == NEVER_QUIET else {True, False})


@each_rule
def test_each_rule_says_what_it_means_to_whom_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert set(rule["annotations"]) == {"summary", "impact", "runbook_url"}
    assert set(rule["labels"]) == {"severity", "audience"}
    assert rule["labels"]["severity"] in {"page", "ticket", "none"}
    assert rule["labels"]["audience"] in {"operations", "moderation"}
    base = '{{ or $externalLabels.runbooks "docs/runbooks" }}'
    assert rule["annotations"]["runbook_url"] == f"{base}/{rule['alert']}.md"


@each_rule
def test_a_page_is_held_over_a_while(rule: dict[str, Any]) -> None:
    looks_back = "[" in rule["expr"]
    assert rule["labels"]["severity"] != "page" or "for" in rule or looks_back


# --- Alertmanager


@pytest.fixture
def configuration(tmp_path: Path) -> str:
    """The example for the amtool of Debian 12 (0.25), which knows no `url_file` yet."""
    path = tmp_path / "alertmanager.yml"
    path.write_text(re.sub(r"url_file: [^ ,}]+", "url: http://127.0.0.1:1/", ALERTMANAGER.read_text()))
    return str(path)


def test_alertmanager_takes_the_example(configuration: str) -> None:
    assert "5 receivers" in amtool("check-config", configuration)


@each_rule
def test_each_alert_reaches_who_can_help(configuration: str, rule: dict[str, Any]) -> None:
    labels = {"alertname": rule["alert"], **rule["labels"]}
    wanted = {
        ("page", "operations"): "duty",
        ("ticket", "operations"): "tickets",
        ("page", "moderation"): "moderators-on-duty",
        ("ticket", "moderation"): "moderators",
        ("none", "operations"): "dead-mans-switch",
    }[labels["severity"], labels["audience"]]
    pairs = [f"{name}={value}" for name, value in labels.items()]
    told = amtool("config", "routes", "test", f"--config.file={configuration}", *pairs)
    assert told.split() == [wanted]


def test_compose_gives_alertmanager_every_address_that_the_example_reads() -> None:
    added = yaml.safe_load((ROOT / "deploy/compose/alerts.yml").read_text())
    wanted = set(re.findall(r"url_file: /run/secrets/(\w+)", ALERTMANAGER.read_text()))
    assert len(wanted) == 5
    assert set(added["services"]["alertmanager"]["secrets"]) == set(added["secrets"]) == wanted
    assert {each["file"] for each in added["secrets"].values()} == {f"./deploy/secrets/{name}" for name in wanted}
    assert set(re.findall(r"`(\w+_url)`", (ROOT / "docs/operations/watching.md").read_text())) == wanted


def test_what_inhibits_and_is_inhibited_exists() -> None:
    known = {rule["alert"] for rule in RULES}
    text = ALERTMANAGER.read_text()
    named = {name for found in re.findall(r'alertname=~?"([^"]+)"', text) for name in found.split("|")}
    assert named
    assert named <= known
    pages = {rule["alert"] for rule in RULES if rule["labels"]["severity"] == "page"}
    inhibiting = {rule["source_matchers"][0].split('"')[1] for rule in yaml.safe_load(text)["inhibit_rules"]}
    assert inhibiting <= pages, "a ticket must not silence a page"


def test_no_secret_is_written_down() -> None:
    assert not re.search(r"https?://", ALERTMANAGER.read_text())
