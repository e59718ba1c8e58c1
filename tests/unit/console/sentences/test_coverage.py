"""Whatever the detector can say has Chinese: read off its source, so that a new sentence fails here until it has."""

import re
from pathlib import Path

import pytest

import console
import detector
from console.decisions.entries import DISMISS_REASONS, Action
from console.learn.allow import KINDS
from console.security.roles import Role
from console.web.i18n import LANGUAGES
from console.web.sentences import known
from detector.evidence.catalogue import CATALOGUE
from detector.evidence.names import EXPLANATIONS
from detector.trends.model import Weighed
from detector.trends.wording import headline, sentence
from models.actions import Layer
from models.alerts import Outcome
from models.trends import Place, TrendOutcome
from tests.unit.console.sentences.spoken import Module

DETECTOR, CONSOLE = Path(detector.__file__).parent, Path(console.__file__).parent
OTHERS = sorted(set(LANGUAGES) - {"en"})
LATIN = re.compile(r"[A-Za-z]+")
LEFT = frozenset({"UTC", "figure", "docs"})
"""Words of Latin letters that a sentence in Chinese may have."""
HEADLINE = "12 accounts posted the same text within 3 s; no innocent explanation fits"
HINTS = {
    "', '.join(layers)": ["like", "family, repost, reply"],
    "before.headline": [HEADLINE],
    "', '.join(DISMISS_REASONS)": [", ".join(DISMISS_REASONS)],
    "', '.join(KINDS)": [", ".join(KINDS)],
    "name.replace('_', ' ')": ["figure"],
    "f': {why}'": [": a place that the platform sells openly is not judged"],
    "f'{field}: {reason}'": ["text: at most 7 characters"],
    "', '.join((f'{entry.action.value} by {entry.by}' for entry in events))": [
        ", ".join(f"{action.value} by 7" for action in Action)
    ],
    "str(error)": ["at most 7 characters"],
}
SPOKEN = [
    *(path for path in sorted((DETECTOR / "evidence").glob("*.py")) if path.stem != "items"),  # it passes sentences on
    DETECTOR / "scoring.py",
    DETECTOR / "dismissals.py",
    DETECTOR / "casebook.py",
    DETECTOR / "trends" / "telling.py",
    DETECTOR / "trends" / "wording.py",
]
REFUSING = [
    *sorted((CONSOLE / "decisions").glob("*.py")),
    *sorted((CONSOLE / "cases").glob("*.py")),
    *sorted((CONSOLE / "exports").glob("*.py")),
    CONSOLE / "learn" / "allow.py",
    CONSOLE / "reports" / "weeks.py",
    *(CONSOLE / "security" / f"{name}.py" for name in ("passwords", "tokens", "users")),
]


def untranslated(sentences: object, language: str) -> list[str]:
    missing = []
    for each in sorted(sentences):  # type: ignore[call-overload]  # sets of strings
        said = known(each, language)
        if said is None or set(LATIN.findall(said)) - LEFT:
            missing.append(f"{each} -> {said}")
    return missing


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", [*SPOKEN, *REFUSING], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sentence_of_a_module_is_known(path: Path, language: str) -> None:
    assert untranslated(Module(path, HINTS).sentences(), language) == []


@pytest.mark.parametrize(
    "line",
    [
        'return item(1.0, "new", f"{percent(share)} of them hum." if share else "The pace is not a machine\'s.")',
        'return Explanation("news", True, "Nobody knows" + (" why." if share else "."))',
        'return Evidence("new", 1.0, sentence=f"{count(share, \'cat\')} met.")',
        'raise InvalidOrder("text", "too dull")',
        'told = "The pace"\n    told += " hums."\n    return item(1.0, "new", told)',
        'return item(1.0, "new", words_from_elsewhere(share))',
    ],
)
def test_a_new_sentence_is_noticed(tmp_path: Path, line: str) -> None:
    source = tmp_path / "new.py"
    source.write_text(f"def new(share):\n    {line}\n", encoding="utf-8")
    said = Module(source).sentences()
    assert untranslated(said, "zh")
    assert "The pace is not a machine's." not in untranslated(said, "zh")


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_read_off_the_sources_is_not_little(language: str) -> None:
    said = set().union(*(Module(path, HINTS).sentences() for path in SPOKEN))
    assert len(said) > 300, language
    items = {name for name in CATALOGUE if any(f'"{name}"' in path.read_text(encoding="utf-8") for path in SPOKEN)}
    assert items == set(CATALOGUE)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        (DETECTOR / "scoring.py", "headline_of"),
        (DETECTOR / "trends" / "wording.py", "sentence"),
        (DETECTOR / "trends" / "wording.py", "headline"),
        (CONSOLE / "cases" / "lockstep.py", "_words"),
        (CONSOLE / "cases" / "graph.py", "_words"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.stem,
)
def test_every_answer_of_a_function_is_known(path: Path, name: str, language: str) -> None:
    said = Module(path, HINTS).returned(name)
    assert len(said) > 3
    assert untranslated(said, language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_reasons_within_the_headlines_of_topics_are_known(language: str) -> None:
    figures = [
        "age_mix", "followers_mix", "client_mix", "network_mix", "client_with_age", "client_with_network",
        "age_with_followers", "age_with_network", "unseen", "gone_quickly", "registered_together", "posts_each",
        "flagged", "returning",
    ]  # fmt: skip
    places = [
        [], [Place("activity", 3, 3, 9.0, 9.0)], [Place("activity", 3, None, 9.0, 2.0)],
        [Place("activity", 3, 12, 9.0, 2.0)], [Place("activity", 1, 1, 9.0, 9.0, paid=True)],
    ]  # fmt: skip
    said = {
        headline(
            outcome, "#7", 412, where, sentence(Weighed(name, value, weight)).rstrip(".").replace("The ", "the ", 1)
        )
        for outcome in TrendOutcome
        for where in places
        for name in figures
        for value in (-0.3, 0.05, 0.2, 0.8)
        for weight in (-1.0, 1.0)
    }
    assert untranslated(said, language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_lone_words_are_known(language: str) -> None:
    words = {
        "layer": [layer.name.lower() for layer in Layer],
        "item": list(CATALOGUE),
        "explanation": [*EXPLANATIONS, "dismissed", "allowed"],
        "kind": ["campaign", "batch"],
        "outcome": [outcome.value for outcome in Outcome],
        "role": [role.value for role in Role],
        "action": [action.value for action in Action],
        "known": ["age", "client", "deletions", "followers", "network"],
    }
    for table, names in words.items():
        for name in names:
            plain = name if table == "action" else name.replace("_", " ")
            assert known(plain, language, table) is not None, (table, name)
    for note in CATALOGUE.values():
        assert known(note.asks, language) is not None, note.asks
