"""Precision and recall over the threshold, one panel a set."""

from pathlib import Path
from typing import Any


def draw(told: dict[str, Any], file: Path) -> None:
    """Write a picture; needs matplotlib, `pip install -e '.[evaluate]'`."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(told), figsize=(5 * len(told), 4), squeeze=False)
    for panel, (name, each) in zip(panels[0], told.items(), strict=True):
        thresholds = [row["threshold"] for row in each["curve"]]
        panel.plot(thresholds, [row["precision"] for row in each["curve"]], label="precision")
        panel.plot(thresholds, [row["recall"] for row in each["curve"]], label="recall", linestyle="--")
        panel.axvline(each["at_chosen"]["threshold"], color="grey", linewidth=0.8, label="chosen on the other half")
        panel.axvline(
            each["at_default"]["threshold"], color="grey", linewidth=0.8, linestyle=":", label="the detector's"
        )
        panel.set(title=f"{name}, AUC {each['auc']:.2f}", xlabel="Jaccard of shingles, threshold", ylim=(0, 1.02))
        panel.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(file, dpi=150)
    plt.close(figure)
