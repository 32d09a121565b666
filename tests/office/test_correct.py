"""Correcting a confirmed month: a verification with a reason, and new postings (SPEC 4)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    a_campaign,
    a_unit,
    an_office,
    confirmed,
    counts,
    observed,
    posted,
    recorded,
    the_shipped_rubric,
    total,
)
from gsjx_tui.domain import Month, Points
from gsjx_tui.errors import Fault, GsjxError, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.card import history
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct, correctable
from gsjx_tui.office.home import Office
from gsjx_tui.office.verify import verify

BODY = "study.b1.body"


def corrected(
    office: Office, item: str, month: str, unit: str = "A1", **values: str
) -> list[tuple[str, str, Points]]:
    """What correcting posts: month, item, points."""
    done = correct(office, unit, item, month, values, "复核有误")
    return [(str(posting.month), posting.item.id, posting.points) for posting in done.postings]


def faults(
    office: Office,
    *,
    unit: str = "A1",
    item: str = BODY,
    month: str = JUNE,
    reason: str = "复核有误",
    **values: str,
) -> tuple[Fault, ...]:
    """The faults that correcting raises; nothing is added then."""
    before = counts(office.ledger)
    with pytest.raises(GsjxError) as refused:
        correct(office, unit, item, month, values, reason)
    assert counts(office.ledger) == before
    return refused.value.faults


# what it posts ---------------------------------------------------------------------------------


def test_rectify_adopted_as_worked_by_hand_moves_the_later_month_too(tmp_path: Path) -> None:
    adopted = "rectify.b2.adopted"
    with an_office(tmp_path, a_unit(since="2013-09")) as office:
        recorded(office, observed(adopted, month="2013-09", adopted=3))
        recorded(office, observed(adopted, month="2013-10", instructed=2))
        confirmed(office, "2013-09", "2013-10")

        postings = corrected(office, adopted, "2013-09", adopted="1")

        assert postings == [("2013-09", adopted, -4), ("2013-10", adopted, 2)]
        assert posted(office)[adopted, "2013-09"] == 2
        assert posted(office)[adopted, "2013-10"] == 6
        verify(office)


def test_a_floor_can_swallow_a_correction_in_the_later_month(tmp_path: Path) -> None:
    materials = "study.b3.materials"
    with an_office(tmp_path) as office:
        recorded(office, observed(materials, late=1), observed(materials, month=JULY, missing=1))
        confirmed(office, JUNE, JULY)

        assert corrected(office, materials, JUNE, late="0") == [
            (JUNE, materials, 2),
            (JULY, materials, -2),
        ]
        verify(office)


def test_a_sample_moves_with_the_item_that_was_corrected(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.e2.plan", 5),
            observed("study.e2.sample", sampled=5, negative=2),
        )
        confirmed(office, JUNE)

        assert corrected(office, "study.e2.plan", JUNE, points="1") == [
            (JUNE, "study.e2.plan", -4),
            (JUNE, "study.e2.sample", 3),
        ]
        verify(office)


def test_an_earlier_graded_month_no_longer_counts_once_a_later_one_does(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 8), observed(BODY, 9, month=JULY))
        confirmed(office, JUNE, JULY)

        assert corrected(office, BODY, JUNE, points="5") == [(JUNE, BODY, -3), (JULY, BODY, 3)]
        assert total(office) == 10 + 9


def test_months_that_are_open_are_left_to_their_confirmation(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 8), observed(BODY, 9, month=JULY))
        confirmed(office, JUNE)

        assert corrected(office, BODY, JUNE, points="5") == [(JUNE, BODY, -3)]
        confirmed(office, JULY)

        of_body = {month: p for (item, month), p in posted(office).items() if item == BODY}
        assert of_body == {JUNE: 5, JULY: 4}
        verify(office)


def test_earlier_months_other_stages_and_other_units_stay_as_they_are(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        for unit in ("A1", "A2"):
            recorded(office, observed(BODY, 8, unit=unit))
            recorded(office, observed("study.e4.praise", month=JULY, unit=unit, count=1))
        confirmed(office, JUNE, JULY, AUGUST)
        before = posted(office, "A1"), posted(office, "A2")

        assert corrected(office, "study.e4.praise", JULY, count="2") == [
            (JULY, "study.e4.praise", 2)
        ]

        assert posted(office, "A1") == {**before[0], ("study.e4.praise", JULY): 4}
        assert posted(office, "A2") == before[1]


def test_a_correction_that_changes_no_points_adds_the_verification_alone(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 8, kind="claim"))
        confirmed(office, JUNE)
        before = counts(office.ledger)

        assert corrected(office, BODY, JUNE, points="8") == []
        assert counts(office.ledger) == {**before, "observation": before["observation"] + 1}


def test_several_fields_are_corrected_at_once(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.e1.method", 5))
        confirmed(office, JUNE)

        assert corrected(office, "study.e1.sample", JUNE, sampled="5", negative="1") == [
            (JUNE, "study.e1.sample", -2)
        ]


def test_a_field_that_isnt_corrected_stays_as_it_was_claimed(tmp_path: Path) -> None:
    adopted = "study.b3.adopted"
    with an_office(tmp_path) as office:
        recorded(office, observed(adopted, kind="claim", adopted=1, instructed=1))
        confirmed(office, JUNE)

        assert corrected(office, adopted, JUNE, adopted="0") == [(JUNE, adopted, -2)]


def test_where_unverified_claims_are_rejected_a_correction_counts(tmp_path: Path) -> None:
    with an_office(tmp_path, campaign=a_campaign(unverified_claims="reject")) as office:
        recorded(office, observed(BODY, 8, kind="claim"))
        confirmed(office, JUNE)

        assert corrected(office, BODY, JUNE, points="8") == [(JUNE, BODY, 8)]
        verify(office)


def test_the_verification_and_each_posting_carry_reason_origin_and_who(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 8, kind="claim"))
        confirmed(office, JUNE)
        correct(office, "A1", BODY, JUNE, {"points": "5"}, " 复核\x1b有误 ")

        found = history(office, "A1", BODY)

    seen, posting = found.observations[-1], found.postings[-1]
    assert (seen.kind, seen.source, seen.value, seen.note) == ("verify", "correct", 5, "复核有误")
    assert (posting.origin, posting.points, posting.reason) == ("correct", -3, "复核有误")
    assert seen.by == posting.by == office.who
    assert seen.at == posting.at > found.postings[0].at


def test_a_correction_can_be_corrected(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        confirmed(office, JUNE)
        for points in ("5", "10", "7.5"):
            corrected(office, BODY, JUNE, points=points)

        history_of_points = [p.points for p in history(office, "A1", BODY).postings]
        assert history_of_points == [5, 5, Decimal("-2.50")]
        verify(office)


def test_a_correction_that_breaks_off_adds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Ledger.append

    def breaks_off(ledger: Ledger, table: str, rows: object) -> int:
        if table == "posting":
            raise RuntimeError("the power went")
        return append(ledger, table, rows)  # type: ignore[arg-type]

    with an_office(tmp_path) as office:
        confirmed(office, JUNE)
        before = counts(office.ledger)
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr(Ledger, "append", breaks_off)
            corrected(office, BODY, JUNE, points="5")

        assert counts(office.ledger) == before
        verify(office)


# what it refuses -------------------------------------------------------------------------------


def test_an_open_month_needs_no_correcting_but_is_pointed_to_recording(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, JUNE, units=["A2"])

        assert faults(office, points="5") == (
            Fault(
                "A1 A1局",
                "2013-06 还没有核定，不需要更正",
                "直接录入复核：gsjx import --kind verify，或录入界面",
            ),
        )
        with pytest.raises(StateError):
            correct(office, "A1", BODY, JUNE, {"points": "5"}, "x")


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"unit": "B7", "points": "5"}, "没有代码为“B7”的单位"),
        ({"item": "study.b1.bdy", "points": "5"}, "没有考核要点“study.b1.bdy”"),
        ({"month": "2013-6", "points": "5"}, "月份“2013-6”写法不对"),
        ({"month": "2014-07", "points": "5"}, "月份 2014-07 不在活动之内"),
        ({"month": AUGUST, "points": "5"}, "study.b1.body 在 2013-08 不考核"),
        ({"point": "5"}, "study.b1.body 没有字段“point”"),
        ({"points": "11"}, "得分 11 超过上限 10"),
        ({"points": "优"}, "“优”不是数值"),
        ({"points": "5", "reason": " \t\x00"}, "更正理由是空的"),
        ({}, "没有写要更正的字段"),
        ({"item": "study.e1.sample", "sampled": "0"}, "抽查人数 0 至少为 1"),
        ({"item": "study.e1.sample", "negative": "1"}, "填了不达标人数，没有抽查人数"),
        (
            {"item": "study.e1.sample", "negative": "6", "sampled": "5"},
            "不达标人数 6 多于抽查人数 5",
        ),
    ],
)
def test_what_cant_be_is_refused_with_reason_and_remedy(
    tmp_path: Path, wrong: dict[str, str], what: str
) -> None:
    with an_office(tmp_path) as office:
        confirmed(office, JUNE)

        (fault,) = faults(office, **wrong)

    assert fault.what == what
    assert fault.remedy


def test_a_unit_outside_its_months_has_nothing_to_correct(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", since=JULY)) as office:
        (fault,) = faults(office, points="5")

    assert fault.what == "A1局 在 2013-06 不参加考核"


# at any time -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_after_any_corrections_the_postings_are_what_the_observations_are_worth(
    tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    rectify = the_shipped_rubric().stage("rectify")
    assert rectify is not None
    months = [month for month in rectify.months if month <= Month.parse("2014-01")]

    with an_office(tmp_path, a_unit(since="2013-09")) as office:
        for month in months:
            for item in random.sample(rectify.items, 12):
                if month in item.months:
                    recorded(office, observed(item.id, month=str(month), **_any(random, item.id)))
            confirm(office, month)
            for item in random.sample(rectify.items, 6):
                earlier = random.choice([m for m in months if m <= month])
                if earlier in item.months:
                    values = {name: str(v) for name, v in _any(random, item.id).items()}
                    corrected(office, item.id, str(earlier), **values)
            verify(office)


def _any(random: Random, id: str) -> dict[str, int]:
    item = the_shipped_rubric().items[id]
    if item.rule_name == "sample":
        sampled = random.randint(1, 5)
        return {"sampled": sampled, "negative": random.randint(0, sampled)}
    return {f.name: random.randint(0, min(6, int(f.maximum))) for f in item.fields}


def test_the_month_that_is_meant_is_where_the_record_stands(tmp_path: Path) -> None:
    june, july = Month.parse("2013-06"), Month.parse("2013-07")
    with an_office(tmp_path) as office:
        recorded(office, observed(BODY, 8))
        confirmed(office, "2013-06", "2013-07")

        found = correctable(office, "A1", BODY)
        empty = correctable(office, "A1", "study.b2.plan")

    assert (found.likely(july), found.likely(june), found.likely(None)) == (june, june, june)
    assert (empty.likely(june), empty.likely(None)) == (june, july)
