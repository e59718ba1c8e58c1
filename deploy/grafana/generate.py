"""Write deploy/grafana/dashboards from pipeline.py and moderation.py: python deploy/grafana/generate.py.

Made with Grafana's own library of their format, so that what it does not know cannot be written.
"""

import json
import sys
from itertools import count
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import (
    GraphTresholdsStyleMode,
    LegendDisplayMode,
    LegendPlacement,
    SortOrder,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from moderation import MODERATION  # noqa: E402  # beside this file, wherever it is started
from panels import Board, Panel  # noqa: E402  # the same
from pipeline import PIPELINE  # noqa: E402  # the same

DATASOURCE = DataSourceRef(type_val="prometheus", uid="shoal-prometheus")
WIDTH = 24
HEIGHT = 7
HEIGHT_SINGLE = 4


def written(board: Board) -> str:
    """The dashboard as Grafana reads it."""
    made = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.meaning)
        .tags(["shoal"])
        .readonly()
        .timezone("utc")
        .time("now-6h", "now")
        .refresh("30s")
    )
    numbers = count(1)
    for title, panels in board.rows.items():
        made = made.with_row(dashboard.Row(title).id(next(numbers)))
        for panel in panels:
            made = made.with_panel(_panel(panel).id(next(numbers)))
    plain = json.loads(JSONEncoder(sort_keys=True).encode(made.build()))
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _panel(panel: Panel) -> Any:
    made: Any = _single() if panel.single else _over_time(panel)
    made = made.title(panel.title).description(panel.meaning).datasource(DATASOURCE).unit(panel.unit)
    for number, (expression, legend) in enumerate(panel.queries):
        query = prometheus.Dataquery().expr(expression).legend_format(legend).ref_id(chr(ord("A") + number))
        made = made.with_target(query.instant() if panel.single else query.range())
    return made.thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(_steps(panel)))


def _steps(panel: Panel) -> list[Threshold]:
    below, above = ("red", "green") if panel.low_is_bad else ("green", "red")
    if panel.limit is None:
        return [Threshold(value=None, color="green")]
    return [Threshold(value=None, color=below), Threshold(value=panel.limit, color=above)]


def _single() -> Any:
    newest = common.ReduceDataOptions().calcs(["lastNotNull"])
    return stat.Panel().height(HEIGHT_SINGLE).span(WIDTH // 4).reduce_options(newest)


def _over_time(panel: Panel) -> Any:
    legend = common.VizLegendOptions().display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    tooltip = common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI).sort(SortOrder.DESCENDING)
    made = timeseries.Panel().height(HEIGHT).span(WIDTH // 3).fill_opacity(8).line_width(1)
    made = made.legend(legend.show_legend(True)).tooltip(tooltip)
    if panel.limit is not None:
        made = made.thresholds_style(common.GraphThresholdsStyleConfig().mode(GraphTresholdsStyleMode.LINE))
    return made


if __name__ == "__main__":
    for each in (PIPELINE, MODERATION):
        (FOLDER / "dashboards" / f"{each.uid}.json").write_text(written(each), encoding="utf-8")
