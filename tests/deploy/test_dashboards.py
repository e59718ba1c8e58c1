"""The dashboards: as generated, whole, and with something to see in every panel."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.catalogue import CATALOGUE, FOREIGN, series
from tests.deploy.promql import METRIC_OF, names, plain
from tests.deploy.test_catalogue import DASHBOARDS, GRAFANA, PANELS, of_panels
from tests.deploy.tools import promtool


def _generator() -> Any:
    path = GRAFANA / "generate.py"
    spec = importlib.util.spec_from_file_location("generate_dashboards", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


def test_dashboards_are_as_generated() -> None:
    made = _generator()
    wanted = {f"{board.uid}.json": made.written(board) for board in (made.PIPELINE, made.MODERATION)}
    found = {path.name: path.read_text(encoding="utf-8") for path in (GRAFANA / "dashboards").glob("*.json")}
    assert found == wanted, "run: python deploy/grafana/generate.py"


@pytest.mark.parametrize("dashboard", DASHBOARDS.values(), ids=DASHBOARDS.keys())
def test_a_dashboard_is_whole(dashboard: dict[str, Any]) -> None:
    datasource = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yaml").read_text())["datasources"][0]
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(numbers) == len(set(numbers))
    places: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & places, panel["title"]
        assert max(x for x, _ in cells) < 24
        places |= cells
        if panel["type"] == "row":
            continue
        assert panel["datasource"] == {"type": "prometheus", "uid": datasource["uid"]}
        assert panel["description"].endswith(".")
        letters = [target["refId"] for target in panel["targets"]]
        assert letters == sorted(set(letters))
    assert dashboard["editable"] is False


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_has_the_unit_of_its_metrics(panel: dict[str, Any]) -> None:
    unit = panel["fieldConfig"]["defaults"]["unit"]
    for target in panel["targets"]:
        found = {METRIC_OF[name] for name in names(target["expr"]) if name in METRIC_OF}
        if unit in {"s", "bytes"}:
            wanted = {"s": "seconds", "bytes": "bytes"}[unit]
            assert {one.unit for one in found} <= {wanted}
        if unit == "ops":
            assert "rate(" in target["expr"]
            assert {one.kind for one in found} == {"counter"}


# --- something to see


def sample_series() -> list[dict[str, str]]:
    """Series of every metric, grown for hours: for two values of each label that has two."""
    jobs = {"worker": "shoal", "console": "shoal-console"}
    found = []
    for one in CATALOGUE:
        for process in one.of:
            for at in (0, 1):
                labels = {"job": jobs[process], "instance": f"{process}-{at}"}
                labels |= {label.name: _value(label.values, at) for label in one.labels}
                bounds = [{"le": f"{float(bound)}"} for bound in one.buckets] + [{"le": "+Inf"}]
                for name in series(one):
                    for more in bounds if name.endswith("_bucket") else [{}]:
                        text = ", ".join(f'{key}="{value}"' for key, value in {**labels, **more}.items())
                        found.append({"series": f"{name}{{{text}}}", "values": "1+1x120"})
    for name in FOREIGN:
        labels = 'alertname="ShoalLagging", alertstate="firing", ' if name == "ALERTS" else ""
        for job in jobs.values():
            found.append({"series": f'{name}{{{labels}job="{job}", instance="a"}}', "values": "1+1x120"})
    return found


def _value(values: tuple[str, ...], at: int) -> str:
    return values[at % len(values)] if values else f"value-{at}"


def test_every_panel_shows_something_when_its_metrics_are_there(tmp_path: Path) -> None:
    # critical and dead are not among the first values of their labels
    extra = [
        {
            "series": 'shoal_notifications_total{channel="mail", outcome="dead", job="shoal-console"}',
            "values": "1+1x120",
        }
    ]
    tests = [
        {"expr": f"count({plain(each)}) > bool 0", "eval_time": "110m", "exp_samples": [{"labels": "{}", "value": 1}]}
        for each in of_panels()
    ]
    assert len(tests) > 60
    shown = {"rule_files": [], "tests": [{"interval": "1m", "input_series": sample_series() + extra}]}
    shown["tests"][0]["promql_expr_test"] = tests
    (tmp_path / "test.yml").write_text(yaml.safe_dump(shown))
    promtool("test", "rules", str(tmp_path / "test.yml"))
