"""How far the month is 进度: which units have reported, are verified, are confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from gsjx_tui.domain import Category, Month, Settings
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.check import stage_in
from gsjx_tui.office.facts import confirmations
from gsjx_tui.office.outdated import outdated
from gsjx_tui.rubric.model import Stage

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office

Status = Literal["unreported", "returned", "reported", "verified", "confirmed"]
STATUSES: tuple[Status, ...] = ("unreported", "returned", "reported", "verified", "confirmed")
STATUS_NAMES: dict[Status, str] = {
    "unreported": "未报",
    "returned": "退回",
    "reported": "已报",
    "verified": "已复核",
    "confirmed": "已核定",
}
_NAMED = 8
"""How many units a step names before it says 等."""

STATUS_MARKS: dict[Status, str] = {
    "unreported": "未",
    "returned": "退",
    "reported": "报",
    "verified": "复",
    "confirmed": "定",
}
"""One letter where there is no room for the name."""

Act = Literal["entry", "review", "confirm", "ranking", "publish"]


def unit_matches(text: str, code: str, name: str, initials: str) -> bool:
    """Whether a filter finds a unit: part of its name, its code, or its pinyin initials."""
    wanted = text.strip().lower()
    return wanted in name or wanted in code.lower() or wanted in initials


@dataclass(frozen=True)
class UnitProgress:
    """One unit in the month: cells claimed and verified, who confirmed it and when (UTC).

    ``returned``: it was sent back to the unit, which has claimed nothing since.
    """

    code: str
    name: str
    initials: str
    category: str
    claims: int
    verifications: int
    confirmed_by: str | None
    confirmed_at: datetime | None
    returned: bool = False

    @property
    def status(self) -> Status:
        """Unreported, returned, reported (a claim), verified (a verification), or confirmed."""
        if self.confirmed_by is not None:
            return "confirmed"
        if self.returned:
            return "returned"
        if self.verifications:
            return "verified"
        return "reported" if self.claims else "unreported"

    def matches(self, text: str) -> bool:
        """Whether a filter finds it: part of its name, its code, or its pinyin initials."""
        return unit_matches(text, self.code, self.name, self.initials)


@dataclass(frozen=True)
class NextStep:
    """What to do next, and where it is done."""

    act: Act
    text: str


@dataclass(frozen=True)
class Progress:
    """A month with all units that take part in it, in roster order."""

    month: Month
    stage: Stage
    categories: tuple[Category, ...]
    units: tuple[UnitProgress, ...]
    next_steps: tuple[NextStep, ...]

    def count(self, status: Status, category: str = "") -> int:
        """How many units (of a category) have a status."""
        return self._counts[category, status]

    def size(self, category: str = "") -> int:
        """How many units (of a category) take part."""
        return sum(self._counts[category, status] for status in STATUSES)

    @property
    def _counts(self) -> Counter[tuple[str, Status]]:
        counts: Counter[tuple[str, Status]] = Counter()
        for unit in self.units:
            counts[unit.category, unit.status] += 1
            counts["", unit.status] += 1
        return counts


def month_in_hand(office: Office) -> Month:
    """The first month in which a unit is not confirmed; the last one if all are.

    For a reporter it is that of the own unit: how far the others are is not theirs to know.
    """
    first, last = office.rubric.months[0], office.rubric.months[-1]
    person = office.person
    if person.role == "reporter":
        own = [unit for unit in office.units if person.sees(unit.code)]
        done = confirmations(office.ledger, person.unit).get(person.unit, {})
        left = (
            month
            for month in office.rubric.months
            if month not in done and any(unit.takes_part(month) for unit in own)
        )
        return next(left, last)
    for month, units, confirmed in office.ledger.rows(
        "month_in_hand", months_first=str(first), months_last=str(last)
    ):
        if confirmed < units:
            return Month.parse(month)
    return last


@act("viewer", own=narrowed)
def progress(office: Office, month: Month | None = None) -> Progress:
    """How far a month is (the month in hand by default)."""
    month = month or month_in_hand(office)
    stage = stage_in(office.rubric, month)
    rows = office.ledger.rows("progress", first=str(month), through=str(month))
    person = office.person
    all_units = (UnitProgress(*row) for _, *row in rows)
    units = tuple(unit for unit in all_units if person.sees(unit.code))
    return Progress(
        month=month,
        stage=stage,
        categories=office.rubric.campaign.categories,
        units=units,
        next_steps=(
            *(
                step
                for step in _next_steps(month, units, office.settings)
                if step.act == "entry" or person.role != "reporter"
            ),
            *(_publishing(office) if person.has("lead") else ()),
        ),
    )


def _publishing(office: Office) -> Iterator[NextStep]:
    """Published editions that the ledger has outrun wait for the lead."""
    untrue = outdated(office)
    if untrue:
        named = "、".join(head.called for head in untrue[:_NAMED])
        more = "等" if len(untrue) > _NAMED else ""
        what = f"{len(untrue)} 版的数字已不是账本的，须发新版附更正表"
        yield NextStep("publish", f"发布：{what}（{named}{more}）")


def _next_steps(
    month: Month, units: Sequence[UnitProgress], settings: Settings
) -> tuple[NextStep, ...]:
    """What the office would do next: record, check claims, confirm, look at the ranking."""
    count = Counter(unit.status for unit in units)
    left = len(units) - count["confirmed"]
    if not left:
        return (NextStep("ranking", f"排名：{month.chinese}已全部核定，查看排名"),)
    steps = []
    if count["unreported"]:
        said = _named(units, "unreported")
        steps.append(NextStep("entry", f"录入：{count['unreported']} 个单位未报（{said}）"))
    if count["returned"]:
        said = _named(units, "returned")
        steps.append(NextStep("entry", f"退回：{count['returned']} 个单位待重报（{said}）"))
    if count["reported"]:
        effect = "不计分" if settings.unverified_claims == "reject" else "照自评计分"
        steps.append(
            NextStep("review", f"复核：{count['reported']} 个单位已报未复核，未复核的自评{effect}")
        )
    steps.append(NextStep("confirm", f"核定：{left} 个单位待核定"))
    return tuple(steps)


def _named(units: Sequence[UnitProgress], status: Status) -> str:
    """The names of the units with a status, the first few of them."""
    names = [unit.name for unit in units if unit.status == status]
    return "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
