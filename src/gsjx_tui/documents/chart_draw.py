"""Charts for a report: SVG whose text stays text, or PNG; told apart without colour in print."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import pairwise
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from gsjx_tui.cells import fit
from gsjx_tui.documents.charts import Chart, Losses, RankPaths, StagePoints
from gsjx_tui.documents.placing import ExportError, placed
from gsjx_tui.errors import Fault
from gsjx_tui.harmless import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Serif CJK SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Microsoft YaHei",
)
"""Fonts with the letters of Chinese names, the best for a chart first."""

_FILES = ("cjk", "wqy", "sourcehan", "simhei", "msyh")
"""Words in the names of their files."""

WIDTH, HEIGHT, DPI = 11.69, 8.27, 150
"""A4 landscape in inches; a category with many units or indicators gets higher."""

_ROW, _AROUND = 0.2, 1.9
"""Inches of a unit or indicator, and above and below them all."""
_FEW = 12
"""Room for so many at least: a few bars are no thicker than these."""
_LABEL, _FOOT = 30, 120
"""Cells of a name beside the drawing, and of a line of the source below it."""

_LINES = ("solid", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)))
_MARKERS = "osD^vPX"
"""Their numbers have no common divisor: 35 lines that differ without colour."""
_INKS = ("#000000", "#1f4e79", "#a03020", "#2e6e3e")
_GREYS = ("#404040", "#c8c8c8", "#8c8c8c", "#f0f0f0", "#6a6a6a", "#dedede")
_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")


def draw_chart(path: Path, chart: Chart) -> None:
    """Draws a chart into a new ``.svg`` or ``.png`` file, by its suffix, whole or not at all.

    Raises ExportError: the file exists already, can't be written; no Chinese font is installed.
    """
    with placed(path) as draft:
        logging.getLogger("matplotlib").setLevel(logging.ERROR)  # its cache is nobody's business
        import matplotlib

        style: Any = {
            "font.family": [_font()],
            "text.parse_math": False,  # a name with $ is a name
            "axes.unicode_minus": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "gsjx",
            "hatch.linewidth": 0.6,
            "hatch.color": "#202020",
        }
        kind = path.suffix.lower().removeprefix(".")
        with matplotlib.rc_context(style):
            figure = _figure(chart)
            metadata = {"Date": None} if kind == "svg" else {"Software": None}
            figure.savefig(draft, format=kind, dpi=DPI, metadata=metadata)


def _font() -> str:
    from matplotlib import font_manager

    def known() -> set[str]:
        return {entry.name for entry in font_manager.fontManager.ttflist}

    found = known()
    if not found.intersection(FONTS):
        # its list may be older than the font
        for file in font_manager.findSystemFonts():
            if any(
                word in Path(file).name.lower() for word in ("cjk", "wqy", "sourcehan", "simhei")
            ):
                font_manager.fontManager.addfont(file)
        found = known()
    for name in FONTS:
        if name in found:
            return name
    raise ExportError(
        Fault("", "没有中文字体，画不了图", "请管理员安装 Debian 的 fonts-noto-cjk 后再试")
    )


def _figure(chart: Chart) -> Figure:
    from matplotlib.figure import Figure

    rows = len(chart.indicators if isinstance(chart, Losses) else chart.units)
    height = max(HEIGHT, _ROW * rows + _AROUND)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if isinstance(chart, RankPaths):
        left, right = _ranks(axes, chart), 0.74
    elif isinstance(chart, StagePoints):
        left, right = _stages(axes, chart), 0.94
    else:
        left, right = _losses(axes, chart), 0.90
    head = chart.head
    figure.subplots_adjust(left=left, right=right, top=1 - 0.85 / height, bottom=1.05 / height)
    title = printable(f"{head.title}（{head.scope}）")
    figure.text(0.5, 1 - 0.4 / height, fit(title, 90).rstrip(), ha="center", va="center", size=15)
    stamp = fit(printable(head.stamp), 100).rstrip()
    figure.text(0.98, 1 - 0.68 / height, stamp, ha="right", va="center", size=9)
    foot = "\n".join(_broken([printable(fact) for fact in head.source]))
    figure.text(0.02, 0.12 / height, foot, ha="left", va="bottom", size=8)
    return figure


def _broken(facts: Sequence[str]) -> list[str]:
    """The source in lines that fit below the drawing."""
    lines = ["来源："]
    for number, fact in enumerate(facts):
        piece = fit(fact, _FOOT).rstrip() + ("；" if number + 1 < len(facts) else "")
        if cell_len(lines[-1]) + cell_len(piece) > _FOOT and number:
            lines.append("")
        lines[-1] += piece
    return lines


def _label(*words: str) -> str:
    text = printable(" ".join(words))
    return fit(text, min(_LABEL, cell_len(text))).rstrip()


# rank paths --------------------------------------------------------------------------------------


def _ranks(axes: Axes, chart: RankPaths) -> float:
    last = len(chart.months) - 1
    for number, one in enumerate(chart.units):
        ranks = [nan if rank is None else float(rank) for rank in one.ranks]
        chosen, apart = one.unit == chart.head.unit, bool(chart.head.unit)
        axes.plot(
            range(len(ranks)),
            ranks,
            linestyle="solid" if chosen else _LINES[number % len(_LINES)],
            marker=_MARKERS[number % len(_MARKERS)],
            color="#000000" if chosen or not apart else "#8c8c8c",
            markeredgecolor="#000000",
            markerfacecolor="#000000" if chosen else "#ffffff" if number % 2 else "#707070",
            markersize=6 if chosen else 4.5,
            linewidth=3 if chosen else 1,
            zorder=3 if chosen else 2,
            clip_on=False,
        )
        if not apart:
            axes.lines[-1].set_color(_INKS[number % len(_INKS)])
        _beside(axes, number, one.ranks[-1], last, _label(f"{one.ranks[-1]}", one.unit, one.name),
                chosen)  # fmt: skip
    axes.set_xticks(range(len(chart.months)), _month_labels(chart))
    axes.set_xlim(-0.2, last + 0.15)
    places = max(2, len(chart.units))
    axes.set_ylim(places + 0.5, 0.5)
    step = 1 if places <= 35 else 5
    axes.set_yticks(range(1, places + 1, step))
    axes.tick_params(labelsize=8)
    axes.grid(axis="y", color="#e4e4e4", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel("累计名次", size=9)
    return 0.07


def _beside(axes: Axes, number: int, rank: int | None, last: int, text: str, chosen: bool) -> None:
    """A unit's name at the end of its line; those with the same rank one below the other."""
    place = number + 1
    axes.annotate(
        text,
        xy=(last, float(rank or place)),
        xytext=(1.03, float(place)),
        textcoords=axes.get_yaxis_transform(),
        va="center",
        size=8,
        weight="bold" if chosen else "normal",
        annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": "#b0b0b0", "linewidth": 0.6, "shrinkA": 1,
                    "shrinkB": 5, "relpos": (0, 0.5)},
    )  # fmt: skip


def _month_labels(chart: RankPaths) -> list[str]:
    """The year below its first month."""
    months = chart.months
    first = [True, *(before.year != month.year for before, month in pairwise(months))]
    return [
        f"{month.number}月\n{month.year}年" if begins else f"{month.number}月"
        for month, begins in zip(months, first, strict=True)
    ]


# bars --------------------------------------------------------------------------------------------


def _bars(axes: Axes, labels: Sequence[str], chosen: Sequence[bool]) -> float:
    """Names at the left of bars, the first on top; the part of the width that they take."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(max(len(labels), _FEW) - 0.4, -0.6)
    axes.tick_params(axis="y", labelsize=8, length=0)
    axes.tick_params(axis="x", labelsize=8)
    for text, bold in zip(axes.get_yticklabels(), chosen, strict=True):
        text.set_fontweight("bold" if bold else "normal")
    axes.grid(axis="x", color="#e4e4e4", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axvline(0, color="#000000", linewidth=0.8)
    axes.set_xlabel("分", size=9)
    return 0.03 + max((cell_len(label) for label in labels), default=0) * 0.0053


def _stages(axes: Axes, chart: StagePoints) -> float:
    rows = range(len(chart.units))
    above, below = [0.0] * len(rows), [0.0] * len(rows)
    for number, stage in enumerate(chart.stages):
        widths = [float(one.stages[number] or 0) for one in chart.units]
        starts = [above[row] if width >= 0 else below[row] for row, width in enumerate(widths)]
        axes.barh(
            rows, widths, 0.72, left=starts, label=_label(stage),
            color=_GREYS[number % len(_GREYS)], hatch=_HATCHES[number % len(_HATCHES)],
            edgecolor="#000000", linewidth=0.6,
        )  # fmt: skip
        for row, width in enumerate(widths):
            if width >= 0:
                above[row] += width
            else:
                below[row] += width
    for row, one in enumerate(chart.units):
        axes.annotate(f"{one.points:.2f}", (above[row], row), xytext=(4, 0),
                      textcoords="offset points", va="center", size=8)  # fmt: skip
    axes.margins(x=0.1)
    if chart.stages:
        axes.legend(loc="lower right", fontsize=9, framealpha=1, edgecolor="#808080")
    labels = [_label(f"{one.rank}", one.unit, one.name) for one in chart.units]
    return _bars(axes, labels, [one.unit == chart.head.unit for one in chart.units])


def _losses(axes: Axes, chart: Losses) -> float:
    shown = chart.indicators
    for over, label, colour, hatch in (
        (True, "阶段已结束", "#8c8c8c", ""),
        (False, "阶段进行中，还差的以后可能得到", "#f0f0f0", "////"),
    ):
        rows = [row for row, loss in enumerate(shown) if loss.over == over]
        if rows:
            axes.barh(rows, [float(shown[row].lost) for row in rows], 0.72, label=label,
                      color=colour, hatch=hatch, edgecolor="#000000", linewidth=0.6)  # fmt: skip
    for row, loss in enumerate(shown):
        more = "" if chart.head.unit else f"（{loss.units} 个单位，平均 {chart.mean(loss):.2f}）"
        axes.annotate(f"{loss.lost:.2f}{more}", (float(loss.lost), row), xytext=(4, 0),
                      textcoords="offset points", va="center", size=8)  # fmt: skip
    axes.margins(x=0.22)
    if shown:
        axes.legend(loc="lower right", fontsize=9, framealpha=1, edgecolor="#808080")
    else:
        axes.text(0.5, 0.5, "没有失分", transform=axes.transAxes, ha="center", size=12)
    labels = [f"{_label(loss.name)}（{_label(loss.stage)}）" for loss in shown]
    return _bars(axes, labels, [False] * len(labels))
