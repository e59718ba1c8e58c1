"""Items of evidence and explanations can be switched off, one by one, to measure what each is worth."""

import re
from pathlib import Path

import pytest

import detector
from detector.evidence.names import EXPLANATIONS, ITEMS, KNOWN
from detector.settings import DetectorSettings, load
from evaluation.army_scenario import scenario
from models.alerts import Alert
from models.errors import InvalidConfiguration
from streams.embedded import EmbeddedRun, in_batches


def last_alerts(*disabled: str) -> list[Alert]:
    run = EmbeddedRun(load({"evidence": {"disabled": list(disabled)}}))
    run.run(in_batches(scenario(3, organic=600, armies=1)))
    return list(run.newest.values())


def test_the_names_are_those_that_the_code_gives() -> None:
    folder = Path(str(detector.__file__)).parent / "evidence"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    assert set(re.findall(r'Explanation\(\s*"(\w+)"', text)) == set(EXPLANATIONS)
    assert set(ITEMS).isdisjoint(EXPLANATIONS)


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidConfiguration, match=r"evidence\.disabled.*fans.*tempo"):
        load({"evidence": {"disabled": ["tempi"]}})
    assert load({"evidence": {"disabled": sorted(KNOWN)}}).digest() != DetectorSettings().digest()


def test_what_is_switched_off_is_in_no_alert_and_counts_for_nothing() -> None:
    usual = next(alert for alert in last_alerts() if alert.outcome == "coordinated_inauthentic")
    names = {item.name for item in usual.inauthenticity if item.strength > 0}
    assert "shared_devices" in names
    without = last_alerts("shared_devices", "news")
    told = [item.name for alert in without for item in alert.inauthenticity]
    assert told
    assert "shared_devices" not in told
    assert "news" not in [found.name for alert in without for found in alert.explanations]
    nothing = last_alerts(*ITEMS)
    assert nothing
    assert all(alert.outcome != "coordinated_inauthentic" for alert in nothing)
