"""The spot-check draw of a month: recorded, drawn again, followed until all is checked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import NotPermitted, StateError
from gsjx_tui.office.draw import Draw, UnitCoverage, coverage, draw, draws
from gsjx_tui.office.history import Filter, done
from gsjx_tui.office.home import Office
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify

THE_JUNE, THE_JULY = Month(2013, 6), Month(2013, 7)
BODY = "study.b1.body"


def an_office_of(tmp_path: Path, units: int = 6) -> Office:
    return an_office(tmp_path, *(a_unit(f"A{n}") for n in range(1, units + 1)))


def units_of(found: Draw) -> Sequence[str]:
    return tuple(dict.fromkeys(one.unit for one in found.drawn))


def covered(office: Office, unit: str, month: Month = THE_JUNE) -> UnitCoverage:
    return next(row for row in coverage(office, month).units if row.unit == unit)


# drawing ---------------------------------------------------------------------------------------


def test_a_draw_takes_as_many_units_as_the_stage_needs_and_keeps_them(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        found = draw(office, THE_JUNE, items=4)

        assert len(units_of(found)) == 3  # six units, two months
        assert len(found.drawn) == 3 * 4
        assert (found.number, found.of_month, found.by) == (1, 1, office.who)
        assert draws(office, THE_JUNE) == (found,)
        verify(office)


def test_the_seed_is_shown_and_drawn_again_the_same_comes_out(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        one = draw(office, THE_JUNE)

        assert len(one.seed) == 16
        assert one.repeats


def test_the_same_seed_in_two_homes_draws_the_same(tmp_path: Path) -> None:
    drawn = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        with an_office_of(tmp_path / folder) as office:
            found = draw(office, THE_JUNE, seed=" 摇号 0451 ")
            drawn.append([(one.unit, one.item) for one in found.drawn])
            assert found.seed == "摇号 0451"

    assert drawn[0] == drawn[1]


def test_a_drawn_row_added_by_hand_is_told_when_drawn_again(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        draw(office, THE_JUNE, units=3)
        with office.ledger.act() as now:
            office.ledger.append("drawn", [("A1", JUNE, BODY, 1, "li", now)])

        assert not draws(office, THE_JUNE)[0].repeats


def test_items_are_those_that_units_report_on_in_the_month(tmp_path: Path) -> None:
    with an_office_of(tmp_path, 1) as office:
        stage = office.rubric.stages[0]
        found = draw(office, THE_JUNE, items=20)

        assert {one.item for one in found.drawn} <= {i.id for i in stage.items if not i.office}
        assert len(found.drawn) == 20


def test_another_draw_adds_other_units(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        first = draw(office, THE_JUNE, seed="1")
        second = draw(office, THE_JUNE, units=1, seed="1")

        assert (second.number, second.of_month) == (2, 2)
        assert not set(units_of(first)) & set(units_of(second))
        assert [one.repeats for one in draws(office, THE_JUNE)] == [True, True]


def test_after_all_months_of_the_stage_every_unit_was_drawn(tmp_path: Path) -> None:
    units = [a_unit(f"A{n}") for n in range(1, 8)] + [
        a_unit("L", through=JUNE),
        a_unit("N", since=JULY),
    ]
    with an_office(tmp_path, *units) as office:
        for month in (THE_JUNE, THE_JULY):
            draw(office, month, seed="x")
            assert coverage(office, month).needed == 0

        assert coverage(office, THE_JULY).missing == ()
        assert "L" in units_of(draws(office, THE_JUNE)[0])
        assert "N" in units_of(draws(office, THE_JULY)[0])


def test_a_month_without_a_draw_leaves_more_to_the_next(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        assert (coverage(office, THE_JUNE).rate, coverage(office, THE_JULY).rate) == (3, 6)
        with pytest.raises(StateError, match=r"2013-07 抽查：只抽 5 个单位.*；至少抽 6 个。"):
            draw(office, THE_JULY, units=5)


# weights ---------------------------------------------------------------------------------------


def test_a_unit_weighs_the_more_the_more_of_its_earlier_claims_was_cut(tmp_path: Path) -> None:
    with an_office_of(tmp_path, 3) as office:
        for unit, verified in (("A1", 10), ("A2", 5), ("A3", 0)):
            recorded(office, observed(BODY, 10, unit=unit, kind="claim"))
            recorded(office, observed(BODY, verified, unit=unit))

        weights = [row.weight for row in coverage(office, THE_JULY).units]

        assert weights == [Decimal(1), Decimal(3), Decimal(5)]
        assert {row.weight for row in coverage(office, THE_JUNE).units} == {Decimal(1)}


def test_the_weight_goes_by_the_mean_part_cut_and_raising_a_claim_is_no_cut(
    tmp_path: Path,
) -> None:
    briefs = "study.b3.briefs"
    with an_office_of(tmp_path, 1) as office:
        recorded(office, observed(BODY, 8, kind="claim"), observed(BODY, 6))  # a quarter
        recorded(office, observed(briefs, count=2, kind="claim"), observed(briefs, count=3))

        assert covered(office, "A1", THE_JULY).weight == Decimal("1.5")


# results ---------------------------------------------------------------------------------------


def test_a_verification_of_a_drawn_cell_is_its_result(tmp_path: Path) -> None:
    with an_office_of(tmp_path, 1) as office:
        draw(office, THE_JUNE, items=20)
        before = covered(office, "A1")
        recorded(office, observed(BODY, 5), observed("study.b2.plan", 5, kind="claim"))

        after = covered(office, "A1")
        checked = [one.item for one in draws(office, THE_JUNE)[0].drawn if one.checked]

    assert (before.open, after.open) == (20, 19)
    assert checked == [BODY]


def test_an_item_is_checked_when_all_that_was_claimed_of_it_is(tmp_path: Path) -> None:
    adopted = "study.b3.adopted"
    with an_office_of(tmp_path, 1) as office:
        draw(office, THE_JUNE, items=20)
        recorded(office, observed(adopted, adopted=1, instructed=1, kind="claim"))
        recorded(office, observed(adopted, adopted=1))
        half = covered(office, "A1").open
        recorded(office, observed(adopted, instructed=0))

        assert (half, covered(office, "A1").open) == (20, 19)


# refusals and traces ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"units": 2}, "至少抽 3 个"),
        ({"units": -1}, "至少抽 3 个"),
        ({"units": 7}, "还可抽的只有 6 个"),
        ({"items": 0}, "填 1 到"),
        ({"items": 99}, "本月可抽的有"),
        ({"seed": "长" * 65}, "至多 64 个字"),
    ],
)
def test_what_cant_be_drawn_is_refused_and_nothing_written(
    tmp_path: Path, asked: dict[str, int], says: str
) -> None:
    with an_office_of(tmp_path) as office:
        with pytest.raises(StateError, match=says):
            draw(office, THE_JUNE, **asked)  # type: ignore[arg-type]

        assert office.ledger.head("draw").seq == 0


def test_when_all_are_drawn_there_is_nothing_more_to_draw(tmp_path: Path) -> None:
    with an_office_of(tmp_path, 2) as office:
        draw(office, THE_JUNE, units=2)
        with pytest.raises(StateError, match="都已抽到"):
            draw(office, THE_JUNE)


def test_a_month_outside_the_campaign_has_no_draw(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office, pytest.raises(StateError, match="不在活动之内"):
        draw(office, Month(2015, 1))


def test_drawing_takes_a_reviewer(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        set_staff(office, office.who, "admin")
        set_staff(office, "zhang", "clerk")

        with pytest.raises(NotPermitted, match="复核员"):
            draw(office.acting("zhang"), THE_JUNE)
        assert coverage(office.acting("zhang"), THE_JUNE).needed == 3


def test_what_was_drawn_is_in_the_history(tmp_path: Path) -> None:
    with an_office_of(tmp_path, 2) as office:
        confirmed(office, JUNE)
        found = draw(office, THE_JULY, items=1, seed="甲")

        acts = done(office, Filter(words=("抽",))).acts

        assert [(act.what, act.unit, act.item) for act in acts] == [
            ("draw", "", ""),
            *(("drawn", one.unit, one.item) for one in reversed(found.drawn)),
        ]
        assert acts[0].text == "种子 甲"


# after the confirmation has begun ----------------------------------------------------------------


def test_units_confirmed_before_the_draw_are_told_with_what_to_do(tmp_path: Path) -> None:
    with an_office_of(tmp_path) as office:
        in_time = draw(office, THE_JUNE, units=3, items=1, seed="1")
        assert coverage(office, THE_JUNE).confirmed == 0
        confirmed(office, JUNE)

        late = draw(office, THE_JUNE, units=2, items=1, seed="2")

        assert in_time.late == () and in_time.warning == ""
        assert coverage(office, THE_JUNE).confirmed == 6
        assert late.late == units_of(late)
        assert late.warning.startswith(
            f"抽中的单位有 2 个本月已先核定（{'、'.join(units_of(late))}），不能再录入复核，"
            "查出的用 gsjx correct 更正"
        )
        assert [one.late for one in draws(office, THE_JUNE)] == [(), units_of(late)]
