"""The one configuration file says what the settings are, and cannot say anything else."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from detector.calibration.settings import CalibrationRecord, PhiSettings
from detector.settings import DetectorSettings, load
from models.errors import InvalidConfiguration
from streams.settings.detector_file import allowed, default_file, docstrings_of

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "deploy" / "detector.toml"


def settings_within(kind: type[Struct], path: str = "") -> list[tuple[str, type[Struct], msgspec.inspect.Field]]:
    found = []
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    for field in info.fields:
        name = f"{path}{field.name}"
        if isinstance(field.type, msgspec.inspect.StructType):
            if field.type.cls is CalibrationRecord:
                continue
            found += settings_within(field.type.cls, f"{name}.")
        else:
            found.append((name, kind, field))
    return found


ALL = settings_within(DetectorSettings)


def test_the_shipped_file_is_the_settings() -> None:
    told = "write it again: shoal check-config --print-default > deploy/detector.toml"
    assert SHIPPED.read_text(encoding="utf-8") == default_file(), told


def test_reading_the_file_gives_the_defaults() -> None:
    assert load(tomllib.loads(default_file())) == DetectorSettings()


def test_a_changed_setting_survives_the_file() -> None:
    changed = load({"evidence": {"points_min": 4.5}, "slice_ms": 500, "overlap": {"horizons_ms": [1_000]}})
    assert load(tomllib.loads(default_file(changed))) == changed != DetectorSettings()


@pytest.mark.parametrize(("name", "kind", "field"), ALL, ids=[name for name, *_ in ALL])
def test_every_setting_has_a_meaning_and_a_range(name: str, kind: type[Struct], field: msgspec.inspect.Field) -> None:
    # the strata of φ have one meaning, told once for all of them
    assert kind is PhiSettings or len(docstrings_of(kind).get(field.name, "")) > 10, f"{name} has no docstring"
    assert allowed(field.type), f"{name} has no range"
    assert f"\n{field.name} = " in default_file()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("points_min = 3.0", "evidence.points_min"),
        ("tick_ms = 1_000", "campaign.tick_ms"),
        ("slice_ms = 1_000", "slice_ms"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(line: str, field: str) -> None:
    name, _, _ = line.partition(" = ")
    with pytest.raises(InvalidConfiguration) as caught:
        load(tomllib.loads(default_file().replace(f"\n{line}", f"\n{name} = -1")))
    assert caught.value.field == field


def test_a_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidConfiguration):
        load(tomllib.loads(default_file() + "points_mni = 3\n"))
