"""The report as PDF: one table, small bars, and what is counted.

English is set in Helvetica, Chinese in STSong: both are only named in the file and come with the program that shows it,
so no font file is needed here (PDF 1.7, 9.6.2 and 9.7.5).
"""

import html
import io
from datetime import UTC, datetime
from typing import Any, Final

from jinja2 import Environment

from console.reports.counts import COLUMNS
from console.reports.hiding import Line, Report

FONTS: Final = {"en": ("Helvetica", "Helvetica-Bold"), "zh": ("STSong-Light", "STSong-Light")}
NAMES: Final = (*COLUMNS, "precision", "median_hours")
CHARTS: Final = ("campaigns", "decisions", "appeals")
MARGIN: Final = 30
CHART_WIDTH: Final = 230
CHART_HEIGHT: Final = 36
INK, MUTED, MAIN, SOFT, LINE = "#1b2733", "#56636f", "#0b5c8a", "#e9eef3", "#d5dce3"


def as_pdf(report: Report, environment: Environment, language: str) -> bytes:
    """Return the file; `environment` has the words of `language` (`console.web.render.make_environment`)."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.platypus import SimpleDocTemplate

    words: Any = environment.get_template("reports/words.html").module
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=landscape(A4), leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=_plain(words.title()), author="Shoal", lang=language, invariant=True,
    )  # fmt: skip
    document.build(_Story(report, words, language).parts())
    return file.getvalue()


def _plain(words: object) -> str:
    """Words of a template as text."""
    return html.unescape(str(words)).strip()


class _Story:
    """The parts of the document, in order."""

    def __init__(self, report: Report, words: Any, language: str) -> None:
        from reportlab.lib.styles import ParagraphStyle
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont

        self._report = report
        self._words = words
        self._font, self._bold = FONTS[language]
        if language == "zh":
            pdfmetrics.registerFont(UnicodeCIDFont(self._font))
        wrap = {"wordWrap": "CJK"} if language == "zh" else {}
        self._text = ParagraphStyle("text", fontName=self._font, fontSize=9, leading=13, textColor=INK, **wrap)
        self._small = ParagraphStyle("small", parent=self._text, fontSize=8, leading=10.5, textColor=MUTED)
        self._head = ParagraphStyle("head", parent=self._text, fontName=self._bold, fontSize=16, leading=22)
        self._second = ParagraphStyle("second", parent=self._head, fontSize=11, leading=15)
        self._label = ParagraphStyle("label", parent=self._small, fontSize=7.5, leading=9.5, alignment=2)
        self._left = ParagraphStyle("left", parent=self._label, alignment=0)

    def parts(self) -> list[Any]:
        """Title, pictures, table, definitions."""
        from reportlab.platypus import Spacer

        weeks, words = self._report.weeks, self._words
        made = datetime.fromtimestamp(self._report.made_at_ms / 1000, UTC)
        span = f"{weeks[0].name} – {weeks[-1].name} · {_plain(words.made(f'{made:%Y-%m-%d %H:%M}'))}"
        top = [(words.title(), self._head), (words.intro(), self._text), (span, self._small)]
        small = [(words.small(self._report.count_min), self._small)] if self._report.count_min > 1 else []
        meanings = [(words.entry(name), self._small) for name in NAMES]
        below = [(words.counted(), self._second), *meanings, *small]
        return [
            *(self._paragraph(*each) for each in top),
            Spacer(0, 6), self._charts(), Spacer(0, 6), self._table(), Spacer(0, 8),
            *(self._paragraph(*each) for each in below),
        ]  # fmt: skip

    def _paragraph(self, words: object, style: Any) -> Any:
        from reportlab.platypus import Paragraph

        # reportlab reads markup in paragraphs
        return Paragraph(html.escape(self._known(_plain(words))), style)

    def _known(self, text: str) -> str:
        """Helvetica has no sign for at least."""
        return text if self._font != FONTS["en"][0] else text.replace("≥", ">=")

    def _table(self) -> Any:
        from reportlab.platypus import Table

        names = ("week", *NAMES)
        head = [
            self._paragraph(self._words.label(name), self._left if name == "week" else self._label) for name in names
        ]
        lines = [self._row(line, line.name) for line in reversed(self._report.weeks)]
        total = self._row(self._report.total, _plain(self._words.total()))
        widths = [92, *[61] * len(NAMES)]
        style: list[Any] = [
            ("FONT", (0, 1), (-1, -1), self._font, 8.5),
            ("TEXTCOLOR", (0, 1), (-1, -1), INK),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
            ("FONT", (0, -1), (-1, -1), self._bold, 8.5),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
        return Table([head, *lines, total], colWidths=widths, repeatRows=1, style=style)

    def _row(self, line: Line, name: str) -> list[str]:
        counts = [self._count(line, each) for each in COLUMNS]
        precision = "–" if line.precision is None else f"{line.precision:.0%}"
        hours = "–" if line.median_hours is None else f"{line.median_hours:.1f}"
        return [_plain(self._words.week(name, line.ended)), *counts, precision, hours]

    def _count(self, line: Line, name: str) -> str:
        count = line.counts[name]
        if count is None:
            return f"<{self._report.count_min}"
        return self._known(f"{'≥ ' if name in line.at_least else ''}{count:,}")

    def _charts(self) -> Any:
        from reportlab.platypus import Table

        heads = [self._paragraph(self._words.label(name), self._left) for name in CHARTS]
        pictures = [self._chart(name) for name in CHARTS]
        return Table([heads, pictures], colWidths=[CHART_WIDTH + 26] * len(CHARTS), hAlign="LEFT")

    def _chart(self, name: str) -> Any:
        from reportlab.graphics.shapes import Drawing, Rect
        from reportlab.lib.colors import HexColor

        weeks = self._report.weeks
        counts = [line.counts[name] for line in weeks]
        most = max((count for count in counts if count is not None), default=0) or 1
        step = min(18.0, CHART_WIDTH / len(weeks))
        drawing = Drawing(CHART_WIDTH, CHART_HEIGHT)
        drawing.add(Rect(0, 0, step * len(weeks), 0.5, fillColor=HexColor(LINE), strokeColor=None))
        for at, count in enumerate(counts):
            height = 2 if count is None else CHART_HEIGHT * count / most
            colour = HexColor(MUTED if count is None else MAIN)
            drawing.add(Rect(at * step, 0, step * 0.8, height, fillColor=colour, strokeColor=None))
        return drawing
