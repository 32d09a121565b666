"""Charts in the terminal, or as a file for a report."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from gsjx_tui.arguments import Adder
from gsjx_tui.commands.opening import looking

_KINDS = {"ranks": "名次走势", "stages": "阶段得分", "losses": "指标失分"}
_NARROWEST = 80


def add(command: Adder) -> None:
    """Declares the commands of this module."""
    drawn = command("chart", chart, "画图：一个类别的名次走势、各阶段得分、各指标失分")
    what = "；".join(f"{word} {name}" for word, name in _KINDS.items())
    drawn.add_argument("kind", choices=_KINDS, metavar="KIND", help=what)
    drawn.add_argument("--month", default="", metavar="MONTH", help="截至该月，默认最新核定月")
    drawn.add_argument("--category", default="", metavar="ID", help="哪个类别，默认第一个")
    drawn.add_argument(
        "--unit", default="", metavar="CODE", help="突出这个单位；失分图只算这个单位"
    )
    into = drawn.add_mutually_exclusive_group()
    into.add_argument("--svg", type=Path, metavar="FILE", help="画成 SVG 文件，供报告用")
    into.add_argument("--png", type=Path, metavar="FILE", help="画成 PNG 文件，供报告用")


def chart(options: argparse.Namespace) -> None:
    """``gsjx chart``."""
    from gsjx_tui.chart_text import page
    from gsjx_tui.office.charts import chart_of, write_chart

    suffix = ".svg" if options.svg else ".png"
    into = options.svg or options.png
    if into is not None:
        into = into.absolute()
        into = into if into.suffix.lower() == suffix else into.with_name(into.name + suffix)
    with looking(options) as office:
        found = chart_of(office, options.kind, options.category, options.month, options.unit)
    if into is not None:
        print(f"已生成 {write_chart(found, into)}：{found.head.title}，{found.head.scope}。")
        print(found.head.stamp)
        return
    for line in page(found, max(_NARROWEST, shutil.get_terminal_size((_NARROWEST, 24)).columns)):
        print(line)
