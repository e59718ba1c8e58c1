"""The measurement on judged pairs: threshold from one half, figures from the other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from detector.near_duplicates.settings import NearDuplicateSettings
from evaluation.pairs.curve import Floats, Marks, Point, choose, curve, point
from evaluation.pairs.similarity import decisions, jaccards
from evaluation.pairs.tables import CHOOSING, REPORTING, SETS, Pair
from evaluation.reviews.measures import auc

THRESHOLDS = np.arange(0, 21) / 20


def run(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Figures of one set."""
    chosen = [pair for pair in pairs if pair.half == CHOOSING]
    reported = [pair for pair in pairs if pair.half == REPORTING]
    threshold = choose(*_similarity(chosen))
    similarity, same = _similarity(reported)
    default = NearDuplicateSettings().similarity_min
    joined = decisions(*_texts(reported))
    return {
        "pairs": len(reported),
        "same": int(same.sum()),
        "chosen_on_pairs": len(chosen),
        "auc": auc(similarity, same),
        "at_chosen": msgspec.to_builtins(point(similarity >= threshold, same, threshold)),
        "at_default": msgspec.to_builtins(point(similarity >= default, same, default)),
        "index_at_default": msgspec.to_builtins(point(joined, same, default)),
        "index_joins_of_those_at_default": _share(joined, similarity >= default),
        "curve": msgspec.to_builtins(curve(similarity, same, THRESHOLDS)),
    }


def _texts(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [pair.one for pair in pairs], [pair.other for pair in pairs]


def _similarity(pairs: Sequence[Pair]) -> tuple[Floats, Marks]:
    return jaccards(*_texts(pairs)), np.array([pair.same for pair in pairs], np.bool_)


def _share(called: Marks, of: Marks) -> float | None:
    return float(called[of].mean()) if of.any() else None


def run_all(folder: Path) -> dict[str, Any]:
    """Figures of every set in the folder `near_duplicate_pairs`."""
    return {name: run(read(folder / file)) for name, (file, read) in SETS.items()}


def in_markdown(told: dict[str, Any]) -> str:
    """The same for people."""
    lines = ["# Near-duplicate pairs", ""]
    lines += ["| set | pairs | same | AUC | decision | threshold | precision | recall | F1 |", "|---|" + "---|" * 8]
    for name, each in told.items():
        for decision, key in (
            ("exact Jaccard, threshold of the other half", "at_chosen"),
            ("exact Jaccard, the detector's threshold", "at_default"),
            ("the index", "index_at_default"),
        ):
            row = msgspec.convert(each[key], Point)
            sizes = f"{each['pairs']:,} | {each['same']:,} | {each['auc']:.3f}"
            lines.append(f"| {name} | {sizes} | {decision} | {_figures(row)} |")
    for name, each in told.items():
        lines += ["", f"## {name}", "", "| threshold | precision | recall | F1 |", "|---|---|---|---|"]
        lines += [f"| {_figures(msgspec.convert(row, Point))} |" for row in each["curve"]]
    return "\n".join([*lines, ""])


def _figures(row: Point) -> str:
    precision = "–" if row.precision is None else f"{row.precision:.3f}"
    return f"{row.threshold:.2f} | {precision} | {row.recall:.3f} | {row.f1:.3f}"
