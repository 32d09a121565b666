"""The shipped questions on a demo campaign, each answer computed a second time in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from builders import PROJECT, observed, recorded
from gsjx_tui.demo.fill import fill
from gsjx_tui.domain import Month, Unit
from gsjx_tui.errors import QueryError
from gsjx_tui.ledger.snapshot import asks_snapshot
from gsjx_tui.ledger.views import views
from gsjx_tui.office.asking import Asking
from gsjx_tui.office.home import Office, init
from gsjx_tui.office.questions import Question, question, questions, saved, values_given
from gsjx_tui.office.snapshot import publish
from gsjx_tui.rubric.model import Item

TEXTS = {
    path.stem: path.read_text("utf-8") for path in sorted((PROJECT / "data/queries").glob("*.sql"))
}
ZERO = Decimal(0)
MAY, JUNE = "2014-05", "2014-06"

_CONFIRMED_IN_JUNE = "select unit from confirmation where month = '2014-06'"

Row = Sequence[Any]
Cell = tuple[str, str, str, str]
"""Unit, month, item, field."""


@dataclass
class Facts:
    """What the ledger holds, for plain loops."""

    office: Office
    units: dict[str, Unit]
    category: dict[str, str]
    months: list[str]
    items: dict[str, Item]
    posted: list[tuple[str, str, str, Decimal, str, str, int]]
    """Unit, month, item, points, origin, reason, seq."""
    claims: dict[Cell, Decimal] = field(default_factory=dict)
    verifications: dict[Cell, Decimal] = field(default_factory=dict)
    confirmed: set[tuple[str, str]] = field(default_factory=set)

    def name(self, unit: str) -> str:
        return self.units[unit].name

    def of(self, unit: str) -> str:
        """The name of a unit's category."""
        return self.category[self.units[unit].category]

    def month_points(self, unit: str, month: str) -> Decimal:
        return sum((p[3] for p in self.posted if p[:2] == (unit, month)), ZERO)

    def total(self, unit: str, through: str) -> Decimal:
        return sum((p[3] for p in self.posted if p[0] == unit and p[1] <= through), ZERO)

    def taking_part(self, through: str) -> list[str]:
        return [u.code for u in self.units.values() if u.since is None or str(u.since) <= through]

    def ranks(self, points: dict[str, Decimal]) -> dict[str, int]:
        """The rank of each unit within its category; equal points share one."""
        return {
            unit: 1
            + sum(
                other > mine and self.of(rival) == self.of(unit) for rival, other in points.items()
            )
            for unit, mine in points.items()
        }

    def standing(self, through: str) -> dict[str, Decimal]:
        return {unit: self.total(unit, through) for unit in self.taking_part(through)}

    def losses(self, unit: str, through: str) -> Iterator[tuple[Item, str, Decimal, bool]]:
        """Item, stage, points lost and whether the stage is over, of each stage begun."""
        for stage in self.office.rubric.stages:
            first, last = str(stage.months[0]), str(stage.months[-1])
            until = min(last, through)
            if first > through or (unit, until) not in self.confirmed:
                continue
            for item in stage.items:
                got = sum(
                    (
                        p[3]
                        for p in self.posted
                        if p[0] == unit and p[2] == item.id and p[1] <= until
                    ),
                    ZERO,
                )
                if item.nominal > got:
                    yield item, stage.name, item.nominal - got, until == last

    def extras(self, through: str) -> list[tuple[str, str, Decimal]]:
        """Unit, item, points of what only adds or takes away."""
        return [
            (p[0], p[2], p[3])
            for p in self.posted
            if p[1] <= through and (self.items[p[2]].nominal == 0 or p[3] < 0)
        ]

    def indicator(self, item: Item) -> str:
        stage = self.office.rubric.stage(item.stage)
        assert stage is not None
        return next(n.name for n in stage.indicators if item in n.items)


def before(month: str) -> str:
    return str(Month.parse(month).plus(-1))


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """Twenty units of the shipped campaign, thirteen months; the last is half confirmed."""
    folder = tmp_path_factory.mktemp("demo")
    roster = folder / "units.csv"
    categories = ("economy", "support", "central", "township")
    lines = [f"{c[0].upper()}{n},{c}{n}局,{c},,," for c in categories for n in range(1, 6)]
    lines[2] = "E3,economy3局,economy,,2013-09,"
    roster.write_text("\n".join(["code,name,category,superior,from,through", *lines]), "utf-8")
    with init(folder / "home", units=roster) as office:
        fill(office, 7)
        done = {unit for (unit,) in office.ledger.query(_CONFIRMED_IN_JUNE)}
        left = next(unit.code for unit in office.units if unit.code not in done)
        for count in (3, 1):  # the newest counts
            seen = observed("consolidate.e3.complaint", count=count, unit=left, month=JUNE)
            recorded(office, seen)
        yield _facts(office)


def _facts(office: Office) -> Facts:
    query = office.ledger.query
    found = Facts(
        office=office,
        units={unit.code: unit for unit in office.units},
        category={c.id: c.name for c in office.rubric.campaign.categories},
        months=[str(month) for month in office.rubric.months],
        items=dict(office.rubric.items),
        posted=query("select unit, month, item, points, origin, reason, seq from posting"),
        confirmed={*query("select unit, month from confirmation")},
    )
    withdrawn = {s for (s,) in query("select target from withdrawal where what = 'observation'")}
    for seq, unit, month, item, name, kind, value in query(
        "select seq, unit, month, item, field, kind, value from observation order by seq"
    ):
        if seq not in withdrawn:
            cells = found.claims if kind == "claim" else found.verifications
            cells[unit, month, item, name] = value
    return found


# a second opinion on each question ---------------------------------------------------------------


def fallen(f: Facts, month: str) -> list[Row]:
    now, then = f.ranks(f.standing(month)), f.ranks(f.standing(before(month)))
    return sorted(
        (-(now[u] - then[u]), f.of(u), now[u], u, f.month_points(u, month), f.total(u, month))
        for u in now
        if u in then and now[u] > then[u]
    )


def check_fallen(f: Facts, answer: list[Row]) -> None:
    assert [
        (-int(r[3]), r[0], int(r[5]), r[1], Decimal(r[6]), Decimal(r[7])) for r in answer
    ] == fallen(f, MAY)
    for row in answer:
        unit, told = row[1], dict(part.rsplit(" ", 1) for part in row[8].split("、"))
        rivals = [u for u in f.taking_part(MAY) if f.of(u) == f.of(unit)]
        behind = {}
        for item in f.items:
            got = dict.fromkeys(rivals, ZERO)
            for u, month, posted, points, *_ in f.posted:
                if month == MAY and posted == item and u in got:
                    got[u] += points
            behind[f.items[item].label] = sum(got.values(), ZERO) / len(rivals) - got[unit]
        most = sorted((value for value in behind.values() if value > 0), reverse=True)[:3]
        assert len(told) == len(most)
        for (label, value), expected in zip(told.items(), most, strict=True):
            assert near(value, expected) and near(value, behind[label])


def check_lost_by_indicator(f: Facts, answer: list[Row]) -> None:
    members = [u for u in f.taking_part(MAY) if f.units[u].category == "township"]
    lost: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    who: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for unit in members:
        for item, stage, points, over in f.losses(unit, MAY):
            key = (stage, f.indicator(item), "已结束" if over else "进行中")
            lost[key] += points
            who[key].add(unit)
    assert {(r[0], r[1], r[5]): (int(r[2]), Decimal(r[3])) for r in answer} == {
        key: (len(who[key]), points) for key, points in lost.items()
    }
    assert all(near(r[4], Decimal(r[3]) / len(members)) for r in answer)
    assert falls([Decimal(r[3]) for r in answer])


def check_bottom_twice(f: Facts, answer: list[Row]) -> None:
    bottom = set()
    for month in f.months:
        points = {u: f.month_points(u, month) for u, m in f.confirmed if m == month}
        bottom |= {
            (u, month)
            for u, mine in points.items()
            if mine == min(p for rival, p in points.items() if f.of(rival) == f.of(u))
        }
    assert {(r[2], r[0], Decimal(r[4]), Decimal(r[5])) for r in answer} == {
        (u, m, f.month_points(u, before(m)), f.month_points(u, m))
        for u, m in bottom
        if (u, before(m)) in bottom
    }
    assert answer


def _above(f: Facts, cell: Cell) -> Decimal:
    return f.claims[cell] - f.verifications[cell]


def _checked(f: Facts) -> list[Cell]:
    return [cell for cell in f.claims if cell in f.verifications and cell[3] == "points"]


def check_above(f: Facts, answer: list[Row]) -> None:
    cells = [c for c in _checked(f) if c[1] == MAY and _above(f, c) > 0]
    assert {r[1]: (int(r[3]), Decimal(r[4]), Decimal(r[6])) for r in answer} == {
        unit: (
            sum(c[0] == unit for c in cells),
            sum((_above(f, c) for c in cells if c[0] == unit), ZERO),
            max(_above(f, c) for c in cells if c[0] == unit),
        )
        for unit in {c[0] for c in cells}
    }
    assert falls([Decimal(r[4]) for r in answer])


def check_complaints(f: Facts, answer: list[Row]) -> None:
    cells = {
        cell: (f.claims | f.verifications)[cell]
        for cell in f.claims | f.verifications
        if "投诉" in f.items[cell[2]].label
    }
    expected: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        expected[cell[1], f.of(cell[0]), f.items[cell[2]].label].append(cell)
    assert {tuple(r[:3]): (Decimal(r[3]), int(r[4])) for r in answer} == {
        key: (sum((cells[c] for c in found), ZERO), len({c[0] for c in found if cells[c]}))
        for key, found in expected.items()
    }
    assert answer


def check_third(f: Facts, answer: list[Row]) -> None:
    standing = {u: p for u, p in f.standing(MAY).items() if f.of(u) == f.of("E5")}
    first, _, third, *_ = sorted(standing.values(), reverse=True)
    (row,) = answer
    mine = standing["E5"]
    assert (row[1], int(row[3])) == ("E5", f.ranks(standing)["E5"])
    assert [*map(Decimal, row[4:])] == [mine, first - mine, third - mine]


def check_corrections(f: Facts, answer: list[Row]) -> None:
    made = sorted((p for p in f.posted if p[4] == "correct"), key=lambda p: -p[6])
    assert [(r[2], r[4], r[5], Decimal(r[6]), r[7]) for r in answer] == [
        (p[0], p[1], f.items[p[2]].label, p[3], p[5]) for p in made
    ]
    assert answer


def check_open(f: Facts, answer: list[Row]) -> None:
    left = [u for u in f.units if (u, JUNE) not in f.confirmed]
    assert [(r[1], int(r[3]), int(r[4])) for r in answer] == [
        (
            u,
            sum(c[:2] == (u, JUNE) for c in f.claims),
            sum(c[:2] == (u, JUNE) for c in f.verifications),
        )
        for u in left
    ]
    assert left


def check_ends(f: Facts, answer: list[Row]) -> None:
    standing = f.standing(MAY)
    ranks = f.ranks(standing)
    below = f.ranks({u: -p for u, p in standing.items()})
    assert {(r[3], int(r[2]), Decimal(r[5]), r[1]) for r in answer} == {
        (u, ranks[u], p, "前" if ranks[u] <= 2 else "末")
        for u, p in standing.items()
        if ranks[u] <= 2 or below[u] <= 2
    }


def check_path(f: Facts, answer: list[Row]) -> None:
    expected = []
    for month in f.months:
        standing = f.standing(month)
        ranks, then = f.ranks(standing), f.ranks(f.standing(before(month)))
        alone = f.ranks({u: f.month_points(u, month) for u in standing})
        had = month > f.months[0]
        expected.append(
            (
                *(month, f.month_points("E5", month), alone["E5"], standing["E5"], ranks["E5"]),
                then["E5"] - ranks["E5"] if had else None,
            )
        )
    assert [
        (r[0], Decimal(r[1]), int(r[2]), Decimal(r[3]), int(r[4]), r[5] and int(r[5]))
        for r in answer
    ] == expected


def check_lost(f: Facts, answer: list[Row]) -> None:
    assert sorted((r[0], r[2], Decimal(r[5]), r[6]) for r in answer) == sorted(
        (stage, item.label, points, "已结束" if over else "进行中")
        for item, stage, points, over in f.losses("E5", MAY)
    )
    assert falls([Decimal(r[5]) for r in answer])


def check_overview(f: Facts, answer: list[Row]) -> None:
    standing = f.standing(JUNE)
    for row in answer:
        points = [p for u, p in standing.items() if f.of(u) == row[0]]
        least, most = min(points), max(points)
        assert int(row[1]) == len(points)
        assert [Decimal(row[n]) for n in (2, 4, 5)] == [most, least, most - least]
        assert near(row[3], sum(points, ZERO) / len(points))
        assert int(row[6]) == sum(
            f.of(u) == row[0] and (u, JUNE) not in f.confirmed for u in standing
        )
    assert len(answer) == 4


def check_stages(f: Facts, answer: list[Row]) -> None:
    found = {(r[0], r[1]): r for r in answer}
    for stage in f.office.rubric.stages:
        first, last = str(stage.months[0]), min(str(stage.months[-1]), MAY)
        for category in f.category.values():
            points = [
                sum((p[3] for p in f.posted if p[0] == u and first <= p[1] <= last), ZERO)
                for u in f.taking_part(last)
                if f.of(u) == category
            ]
            row = found.pop((stage.name, category))
            mean = sum(points, ZERO) / len(points)
            assert (int(row[2]), Decimal(row[3])) == (len(points), stage.points)
            assert near(row[4], mean) and near(row[5], 100 * mean / stage.points, "0.05")
            assert row[6] == ("已结束" if str(stage.months[-1]) <= MAY else "进行中")
    assert not found


def _most(f: Facts, sign: int) -> dict[str, tuple[Decimal, int]]:
    found: dict[str, tuple[Decimal, int]] = {}
    for unit, _, points in f.extras(MAY):
        if points * sign > 0:
            total, count = found.get(unit, (ZERO, 0))
            found[unit] = total + points, count + 1
    return found


def check_added(f: Facts, answer: list[Row]) -> None:
    all_of_them = _most(f, 1)
    told = {r[1]: (Decimal(r[3]), int(r[4])) for r in answer}
    assert told == {unit: all_of_them[unit] for unit in told}
    assert [p for p, _ in told.values()] == sorted(
        (p for p, _ in all_of_them.values()), reverse=True
    )[:4]


def check_deducted(f: Facts, answer: list[Row]) -> None:
    all_of_them = _most(f, -1)
    told = {r[1]: (Decimal(r[3]), int(r[4])) for r in answer}
    assert told == {unit: all_of_them[unit] for unit in told}
    assert [p for p, _ in told.values()] == sorted(p for p, _ in all_of_them.values())[:4]
    for row in answer:
        by_label: dict[str, Decimal] = defaultdict(Decimal)
        for unit, item, points in f.extras(MAY):
            if unit == row[1] and points < 0:
                by_label[f.items[item].label] += points
        assert by_label[row[5]] == min(by_label.values()) == Decimal(row[6])


def check_inflated(f: Facts, answer: list[Row]) -> None:
    for row in answer:
        cells = [c for c in _checked(f) if f.of(c[0]) == row[0] and c[1] <= MAY]
        high = sum(_above(f, c) > 0 for c in cells)
        total = sum((_above(f, c) for c in cells), ZERO)
        assert (int(row[1]), int(row[2]), Decimal(row[4])) == (len(cells), high, total)
        assert near(row[3], Decimal(100 * high) / len(cells), "0.05")
        assert near(row[5], total / len(cells))
    assert len(answer) == 4


def check_risen(f: Facts, answer: list[Row]) -> None:
    now, then = f.ranks(f.standing(MAY)), f.ranks(f.standing(before(MAY)))
    risen = sorted(
        (now[u] - then[u], -f.month_points(u, MAY), u, then[u], now[u])
        for u in now
        if u in then and now[u] < then[u]
    )
    assert [(-int(r[3]), -Decimal(r[6]), r[1], int(r[4]), int(r[5])) for r in answer] == risen[:4]
    assert risen


def check_unsteady(f: Facts, answer: list[Row]) -> None:
    path: dict[str, list[int]] = defaultdict(list)
    for month in f.months:
        if month <= MAY:
            for unit, place in f.ranks(f.standing(month)).items():
                if f.units[unit].category == "township":
                    path[unit].append(place)
    assert [(r[0], *map(int, r[2:])) for r in answer] == sorted(
        ((u, min(p), max(p), max(p) - min(p), p[-1]) for u, p in path.items()),
        key=lambda row: (-row[3], row[4], row[0]),
    )


def check_ties(f: Facts, answer: list[Row]) -> None:
    tied: dict[tuple[str, int], list[str]] = defaultdict(list)
    standing = f.standing("2013-06")
    for unit, place in f.ranks(standing).items():
        tied[f.of(unit), place].append(unit)
    units = {category: sum(f.of(u) == category for u in standing) for category, _ in tied}
    assert {(r[0], int(r[1])): (int(r[3]), r[4], r[5]) for r in answer} == {
        (category, place): (
            len(found),
            "、".join(f.name(u) for u in sorted(found)),
            "末位" if place + len(found) - 1 == units[category] else "",
        )
        for (category, place), found in tied.items()
        if len(found) > 1
    }


def check_coverage(f: Facts, answer: list[Row]) -> None:
    expected: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in f.claims:
        if cell[1] <= MAY:
            expected[cell[1], f.of(cell[0])].append(cell)
    assert {tuple(r[:2]) for r in answer} == set(expected)
    for row in answer:
        cells = expected[row[0], row[1]]
        checked = [c for c in cells if c in f.verifications]
        assert [int(row[n]) for n in (2, 3, 5, 6)] == [
            *(len(cells), len(checked), len({c[0] for c in cells}), len({c[0] for c in checked}))
        ]
        assert near(row[4], Decimal(100 * len(checked)) / len(cells), "0.05")


def near(told: Any, exact: Decimal, within: str = "0.005") -> bool:
    """Whether a figure is the exact one rounded."""
    return abs(Decimal(told) - exact) <= Decimal(within) + Decimal("1e-9")


def falls(values: Sequence[Decimal]) -> bool:
    """Whether the largest come first."""
    return list(values) == sorted(values, reverse=True)


CHECKS: dict[str, tuple[Callable[[Facts, list[Row]], None], dict[str, str]]] = {
    "01-名次下降": (check_fallen, {"month": MAY}),
    "02-失分指标": (check_lost_by_indicator, {"category": "township", "month": MAY}),
    "03-连续垫底": (check_bottom_twice, {}),
    "04-自评高出复核": (check_above, {"month": MAY}),
    "05-投诉次数": (check_complaints, {}),
    "06-距第三名": (check_third, {"unit": "economy5局", "month": MAY}),
    "07-更正清单": (check_corrections, {}),
    "08-未核定单位": (check_open, {}),
    "09-前几名和末几名": (check_ends, {"month": MAY, "n": "2"}),
    "10-名次走势": (check_path, {"unit": "E5"}),
    "11-单位失分清单": (check_lost, {"unit": "E5", "month": MAY}),
    "12-类别概况": (check_overview, {}),
    "13-阶段得分率": (check_stages, {"month": MAY}),
    "14-加分最多": (check_added, {"month": MAY, "n": "4"}),
    "15-扣分最多": (check_deducted, {"month": MAY, "n": "4"}),
    "16-自评虚高程度": (check_inflated, {"month": MAY}),
    "17-进步最大": (check_risen, {"month": MAY, "n": "4"}),
    "18-名次起伏": (check_unsteady, {"category": "township", "month": MAY}),
    "19-并列名次": (check_ties, {"month": "2013-06"}),
    "20-复核覆盖": (check_coverage, {"month": MAY}),
}


def test_every_shipped_question_is_checked() -> None:
    assert set(TEXTS) == set(CHECKS)
    assert len(TEXTS) == 20


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_a_question_is_answered_as_python_answers_it(facts: Facts, name: str) -> None:
    check, given = CHECKS[name]
    asked = question(TEXTS[name], name)
    values = values_given(facts.office, asked, given, Month.parse(JUNE))

    published = publish(facts.office).path
    of_the_snapshot = Asking(published, asked.text, values).answer().rows
    of_the_ledger = _copy_of(facts, published.parent / f"{name}.duckdb", asked, values)

    assert of_the_snapshot == of_the_ledger
    check(facts, [*of_the_snapshot])


def _copy_of(facts: Facts, path: Path, asked: Question, values: Any) -> Any:
    facts.office.ledger.copy_to(path)
    try:
        return Asking(path, asked.text, values).answer().rows
    finally:
        path.unlink()


@pytest.mark.parametrize("name", TEXTS)
def test_a_question_is_explained_and_of_the_views_alone(name: str) -> None:
    asked = question(TEXTS[name], "")

    assert asked.title and asked.about.endswith("。")
    assert all(parameter.label != parameter.name for parameter in asked.parameters)
    assert asks_snapshot(asked.text)
    assert not any(f"from {view.name}" in asked.text for view in views() if view.hidden)


def test_a_question_is_found_by_a_part_of_its_title(facts: Facts) -> None:
    office = facts.office

    assert saved(office, "第三名").title == "某单位距第三名的差距"
    with pytest.raises(QueryError, match="没有常用查询“没有”"):
        saved(office, "没有")
    with pytest.raises(QueryError, match="个常用查询符合“单位”"):
        saved(office, "单位")
    assert len({one.title for one in questions(office)}) == 20


def test_all_that_is_wrong_with_the_values_is_said(facts: Facts) -> None:
    asked = saved(facts.office, "第三名")

    with pytest.raises(QueryError) as error:
        values_given(facts.office, asked, {"month": "5月", "no": "1"}, Month.parse(JUNE))

    assert str(error.value).splitlines() == [
        "no：这个查询没有这个参数；可用：unit、month。",
        "unit：没有给出单位（单位）；加上 --set unit=……。",
        "截至月份：“5月”不是月份；写成 2013-06 的样子。",
    ]
