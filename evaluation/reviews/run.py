"""The measurement: chosen on one half of the places, reported on the other."""

from typing import Any

import msgspec
import numpy as np

from evaluation.coshare import co_shares_among
from evaluation.reviews.baselines import best, co_review, deviation
from evaluation.reviews.measures import auc, intervals, precision_at
from evaluation.reviews.score import choose, figures_of
from evaluation.reviews.table import CHOOSING, REPORTING, Reviews, half

MET_DAYS = 7
OURS, DEVIATION, CO_REVIEW = "shoal's figures", "rating deviation", "TF-IDF co-review"


def run(reviews: Reviews, rounds: int = 300, seed: int = 7) -> dict[str, Any]:
    """Figures of the score and both baselines on the reporting half, with 95 % bootstrap intervals."""
    chosen, reported = half(reviews, CHOOSING), half(reviews, REPORTING)
    labels = chosen.labels()
    weights = choose(chosen)
    variants = {DEVIATION: best(deviation(chosen), labels), CO_REVIEW: best(co_review(chosen), labels)}
    figures = figures_of(reported, weights.window_days)
    scores = {
        OURS: figures.score(weights),
        DEVIATION: deviation(reported)[variants[DEVIATION]],
        CO_REVIEW: co_review(reported)[variants[CO_REVIEW]],
    }
    marked = reported.labels()
    spread = {
        name: intervals(scores, marked, measure, np.random.default_rng(seed), rounds)
        for name, measure in (("auc", auc), ("precision_at_100", precision_at))
    }
    rows = {
        name: {
            "auc": auc(score, marked),
            "auc_95": spread["auc"][name],
            "precision_at_100": precision_at(score, marked),
            "precision_at_100_95": spread["precision_at_100"][name],
        }
        for name, score in scores.items()
    }
    singly = {name: auc(values, marked) for name, values in msgspec.structs.asdict(figures).items()}
    return {
        "accounts": reported.accounts,
        "reviews": len(reported),
        "filtered_accounts": float(marked.mean()),
        "chosen_on_accounts": chosen.accounts,
        "weights": msgspec.structs.asdict(weights),
        "variants": variants,
        "scores": rows,
        "auc_difference_95": {name: spread["auc"][f"{OURS} - {name}"] for name in (DEVIATION, CO_REVIEW)},
        "auc_of_each_figure": singly,
        "met_again": met_again(reported),
        "above_both": all(spread["auc"][f"{OURS} - {name}"][0] > 0 for name in (DEVIATION, CO_REVIEW)),
    }


def met_again(reviews: Reviews) -> dict[str, float]:
    """Accounts that met another on two places or more within a week, and the share of them that was filtered.

    Shoal's campaigns are made of such meetings. Here regulars meet, so they are no part of the score.
    """
    rows = zip(reviews.place.tolist(), reviews.account.tolist(), reviews.day.tolist(), strict=True)
    shared = co_shares_among(((str(place), str(account), day) for place, account, day in rows), MET_DAYS)
    accounts = sorted({int(account) for pair, times in shared.edges.items() if times >= 2 for account in pair})
    return {"accounts": len(accounts), "filtered": float(reviews.labels()[accounts].mean()) if accounts else 0.0}


def in_markdown(told: dict[str, Any]) -> str:
    """The same for people."""
    about = (
        f"{told['accounts']:,} accounts with {told['reviews']:,} reviews on the reporting half of the places; the site "
        f"filtered {told['filtered_accounts']:.1%} of the accounts. Window, weights and variants were chosen on the "
        f"other half ({told['chosen_on_accounts']:,} accounts)."
    )
    lines = [
        "# Reviews",
        "",
        about,
        "",
        "| score | AUC (95 %) | precision@100 (95 %) |",
        "|---|---|---|",
    ]
    for name, row in told["scores"].items():
        shown = " | ".join(
            f"{row[key]:.3f} ({row[key + '_95'][0]:.3f} to {row[key + '_95'][1]:.3f})"
            for key in ("auc", "precision_at_100")
        )
        variant = told["variants"].get(name)
        lines.append(f"| {name}{f' ({variant})' if variant else ''} | {shown} |")
    for name, (low, high) in told["auc_difference_95"].items():
        lines += ["", f"AUC above {name} by {low:.3f} to {high:.3f} (paired bootstrap, 95 %)."]
    met = told["met_again"]
    meetings = f"{met['accounts']:,} accounts met another on two places within {MET_DAYS} days"
    lines += ["", f"{meetings}; {met['filtered']:.1%} of them filtered."]
    each = ", ".join(f"{name} {value:.3f}" for name, value in told["auc_of_each_figure"].items())
    lines += ["", f"Each figure alone: {each}. Chosen: {told['weights']}.", ""]
    return "\n".join(lines)
