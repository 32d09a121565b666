"""An explanation as text: points at the left, words at the right, wrapped to the width."""

from __future__ import annotations

from rich.text import Text

from gsjx_tui.domain import points as to_points
from gsjx_tui.office.card import Seen
from gsjx_tui.office.check import KIND_NAMES, local, short
from gsjx_tui.office.explain import Explanation, Look
from gsjx_tui.rubric.steps import Step
from gsjx_tui.tui.widgets.text import fit, points, wrap

_POINTS = 9
SOURCES = {"entry": "录入", "import": "导入", "correct": "更正"}
"""What people call the ways by which an observation came."""


def explanation_text(found: Explanation, width: int) -> Text:
    """All of an explanation in lines of at most ``width`` cells.

    Headings are bold, what a cap or floor took is marked ``!``.
    """
    page = _Page(max(24, width))
    item = found.item
    page.line(f"{item.label}（{item.clause}）", "bold")
    page.line(f"{found.stage.name} {found.indicator.name}", "dim")
    nominal = f"分值 {points(item.nominal)}" if item.nominal else "加扣分"
    page.line(f"{nominal}；规则：{found.rule}")
    page.heading(f"得分怎么来的（至 {found.through.chinese}）")
    for step in found.steps:
        page.step(step, last=step is found.steps[-1])
    if not found.steps:
        page.line(" 本阶段尚未开始", "dim")
    page.heading("考核记录" if found.looks else "没有考核记录")
    for look in found.looks:
        page.look(look)
    page.heading("记账" if found.postings else "没有记账")
    for posted in found.postings:
        why = f"更正：{posted.reason}" if posted.origin == "correct" else "核定"
        page.pointed(
            f"{posted.points:+.2f}", f"{posted.month} {why}  {posted.by} {local(posted.at)}"
        )
    page.agreement(found)
    return page.text


class _Page:
    """Lines appended one under the other."""

    def __init__(self, width: int) -> None:
        self.text = Text(no_wrap=True)
        self._width = width

    def line(self, said: str, style: str = "", indent: int = 0) -> None:
        for row in wrap(said, self._width - indent, 99):
            self.text.append(f"{' ' * indent}{row.rstrip()}\n", style=style)

    def heading(self, said: str) -> None:
        self.text.append("\n")
        self.line(said, "bold")

    def pointed(self, value: str, said: str, style: str = "") -> None:
        """Points in a column at the left, so that nothing has to line up behind the words."""
        rows = wrap(said, self._width - _POINTS - 2, 99)
        for number, row in enumerate(rows):
            left = fit(value if number == 0 else "", _POINTS, right=True)
            self.text.append(f"{left}  {row.rstrip()}\n", style=style)

    def step(self, step: Step, *, last: bool) -> None:
        value = "" if step.points is None else f"{to_points(step.points):+.2f}"
        if step.points is not None and (last or not step.points):
            value = points(to_points(step.points))
        mark = "! " if step.bound else ""
        style = "bold" if last else "dim" if step.points is None else ""
        if last:
            self.text.append(f"{'-' * _POINTS:>{_POINTS}}\n", style="dim")
        self.pointed(value, f"{mark}{step.text}", style)

    def look(self, look: Look) -> None:
        """One field of a month: claim and verification side by side, who and why below."""
        claim, verify = (
            fit(f"{name} {short(seen.value) if seen else '无'}", 14)
            for name, seen in (("自评", look.claim), ("复核", look.verify))
        )
        counts = "不计分" if look.counts is None else f"计 {short(look.counts)}"
        self.line(f" {look.month} {fit(look.label, 12)} {claim}{verify}{counts}")
        for seen in (*look.earlier, look.claim, look.verify):
            if seen is not None:
                self._record(seen, replaced=seen in look.earlier)

    def _record(self, seen: Seen, *, replaced: bool) -> None:
        note = ""
        if seen.note:
            note = f"  理由：{seen.note}" if seen.source == "correct" else f"  依据：{seen.note}"
        fate = "已撤回" if seen.withdrawn else "后来改了"
        value = f" {short(seen.value)}，{fate}" if replaced else ""
        self.line(
            f"{KIND_NAMES[seen.kind]}{value}  {seen.by} {local(seen.at)} "
            f"{SOURCES[seen.source]}{note}",
            "dim",
            indent=9,
        )

    def agreement(self, found: Explanation) -> None:
        """Whether the postings come to what the steps come to."""
        if found.agreement == "not_begun":
            return
        if found.agreement == "not_confirmed":
            self.line(
                f"未核定到 {found.through}：以上按现有记录计算，已记账 {points(found.posted)}",
                "bold",
            )
        elif found.agreement == "agrees":
            self.pointed(points(found.posted), "记账合计，与得分说明一致", "bold")
        else:
            self.line(
                f"记账合计 {points(found.posted)}，与得分说明的 {points(found.total)} 不一致："
                "核定之后考核办法或插件可能改过，请核对后更正",
                "bold reverse",
            )
