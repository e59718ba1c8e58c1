"""A shadow is apart from the live workers in everything that it writes, and reads what they read."""

from pathlib import Path

import pytest

from models.errors import InvalidConfiguration
from streams.settings import load_settings
from streams.topics import names, specs


def test_a_shadow_has_topics_group_and_folder_of_its_own_and_reads_the_live_decisions() -> None:
    live = load_settings({"prefix": "p.", "instance_id": "one"})
    shadow = load_settings({"prefix": "p.", "instance_id": "one", "shadow": "new-2"})
    assert shadow.sources == live.sources
    assert shadow.group == "shoal-shadow-new-2"
    assert shadow.instance_id == "one-shadow-new-2"
    assert shadow.snapshot_folder == Path("shoal-state/shadow-new-2")
    assert names(shadow).verdicts == names(live).verdicts == "p.verdicts"
    own = {*names(shadow)} - {names(shadow).verdicts}
    assert own.isdisjoint(names(live))
    assert all(name.startswith("p.shadow.new-2.") for name in own)
    assert {spec.name for spec in specs(shadow)} >= own


def test_two_shadows_never_meet() -> None:
    one, other = (load_settings({"shadow": name}) for name in ("a", "b"))
    assert {*names(one)} & {*names(other)} == {one.verdicts_topic}


@pytest.mark.parametrize("name", ["", "New", "a.b", "a b", "x" * 41])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InvalidConfiguration, match="shadow"):
        load_settings({"shadow": name})
