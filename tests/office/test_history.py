"""History 审计: everything that was done, newest first, and what filters find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import (
    JULY,
    JUNE,
    a_roster,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
    reopened,
)
from gsjx_tui.domain import Month
from gsjx_tui.office.correct import correct
from gsjx_tui.office.history import Done, Filter, done
from gsjx_tui.office.home import Office

BODY = "study.b1.body"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two units; of one June was claimed, verified, confirmed and corrected, July returned."""
    with an_office(tmp_path, a_unit("A1", name="县财政局"), a_unit("A2", "support")) as opened:
        mine = opened.acting("zhang")
        recorded(mine, observed(BODY, 5, kind="claim"))
        recorded(mine, observed(BODY, 4))
        recorded(opened.acting("li"), observed(BODY, 3, unit="A2", kind="claim"))
        confirmed(mine, JUNE)
        correct(mine, "A1", BODY, JUNE, {"points": "6"}, "会议纪要未附")
        with mine.ledger.act() as now:
            mine.ledger.append("returned", [("A1", JULY, "", "没有盖章", "2013-08-05", "li", now)])
        came_from = ("2013-07-02", "县委办", "简报12期")
        with mine.ledger.act() as now:
            mine.ledger.append(
                "event",
                [
                    (
                        "A1",
                        JULY,
                        "study.b3.briefs",
                        "count",
                        *came_from,
                        "",
                        "",
                        "",
                        "表扬",
                        "li",
                        now,
                    )
                ],
            )
        with mine.ledger.act() as now:
            mine.ledger.append("withdrawal", [("A1", JULY, "event", 1, "重复", "zhang", now)])
        yield opened


def found(office: Office, **wanted: object) -> list[Done]:
    """What a filter finds."""
    return list(done(office, Filter(**wanted)).acts)  # type: ignore[arg-type]


def told(office: Office, **wanted: object) -> list[str]:
    """The acts that a filter finds, by name."""
    return [act.what for act in found(office, **wanted)]


def test_every_act_is_there_newest_first(office: Office) -> None:
    acts = found(office)

    assert [act.what for act in acts] == [
        *("withdrawal", "event", "return", "correct", "posting", "confirm", "confirm"),
        *("entry", "entry", "entry", "adopt"),
    ]
    assert [act.at for act in acts] == sorted((act.at for act in acts), reverse=True)
    assert len({act.key for act in acts}) == len(acts)


def test_each_act_says_who_what_and_why(office: Office) -> None:
    withdrawal, event, returned, correction, posting, *_ = found(office)
    confirmation, *_ = found(office, unit="A1", words=("核定",))

    assert (withdrawal.who, withdrawal.text, withdrawal.note) == ("zhang", "事件 1", "重复")
    assert (withdrawal.item, withdrawal.field) == ("study.b3.briefs", "count")
    assert (event.text, event.note) == ("2013-07-02 县委办 简报12期", "表扬")
    assert (returned.who, returned.text, returned.note) == ("li", "限 2013-08-05", "没有盖章")
    assert (correction.kind, str(correction.value), correction.note) == (
        "verify",
        "6.00",
        "会议纪要未附",
    )
    assert (posting.unit_name, posting.month, str(posting.value)) == ("县财政局", JUNE, "2.00")
    assert posting.seq > 0 and len(posting.hash) == 64
    assert confirmation.value is not None and confirmation.value > 0


def test_filters_narrow_by_person_unit_category_item_and_month(office: Office) -> None:
    assert set(told(office, person="li")) == {"event", "return", "entry"}
    assert told(office, unit="A2") == ["confirm", "entry"]
    assert told(office, category="support") == ["confirm", "entry"]
    assert told(office, item="study.b3.briefs") == ["withdrawal", "event"]
    assert told(office, month=Month(2013, 7)) == ["withdrawal", "event", "return"]
    assert told(office, person="li", month=Month(2013, 7), unit="A2") == []


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        (("li", "录入"), ["entry"]),
        (("xczj", "自评"), ["entry"]),
        (("财政", JUNE, "更正"), ["correct", "posting"]),
        (("XCZJ", "b3.briefs"), ["withdrawal", "event"]),
        (("a2",), ["confirm", "entry"]),
        (("退回",), ["return"]),
        (("启用",), ["adopt"]),
        (("li", "zhang"), []),
        (("%",), []),
    ],
)
def test_all_words_must_be_found(office: Office, words: tuple[str, ...], acts: list[str]) -> None:
    assert told(office, words=words) == acts


def test_items_are_found_by_label_and_initials(office: Office) -> None:
    label = office.rubric.items[BODY].label

    assert told(office, words=(label,)) == ["correct", "posting", "entry", "entry", "entry"]
    assert told(office, words=("hdzzjg", "zhang")) == ["correct", "posting", "entry", "entry"]


def test_an_adoption_says_what_changed(tmp_path: Path) -> None:
    office = an_office(tmp_path, a_unit("A1"))
    with reopened(office, roster=a_roster(a_unit("A1"), a_unit("A2"))) as again:
        notes = [act.note for act in done(again).acts]

    assert notes == ["名册或活动设置有改动", "初次启用"]


def test_a_limit_says_whether_there_is_more(office: Office) -> None:
    few = done(office, most=2)
    assert ([act.what for act in few.acts], few.more) == (["withdrawal", "event"], True)
    assert not done(office, most=11).more
    assert [act.what for act in few.acts[1:]] == ["event"]
    assert few.acts.keys() == [act.key for act in few.acts]
