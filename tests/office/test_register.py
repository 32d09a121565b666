"""Registering events: each counts once, with its evidence, into the tally of its month."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from builders import AUGUST, JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError, NotPermitted, ObservationError, StateError
from gsjx_tui.office.correct import correct
from gsjx_tui.office.event_draft import EventDraft, EventError
from gsjx_tui.office.events import event_kinds, events, events_behind
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import import_file
from gsjx_tui.office.register import CountDiffers, effect, register, withdraw
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.undo import empty, undo
from gsjx_tui.office.verify import verify

PRAISE, COMPLAINT, ADOPTED = "study.e4.praise", "study.e4.complaint", "study.b3.adopted"


def praised(number: str = "县委通〔2013〕7号", day: str = "2013-06-05", **other: str) -> EventDraft:
    """A praise of A1 in June, proved by a document."""
    values = {"unit": "A1", "item": PRAISE, "field": "count", **other}
    return EventDraft(happened_on=day, document=number, **values)


def verified(
    office: Office, item: str = PRAISE, month: str = JUNE, field: str = "count"
) -> Decimal | None:
    """The verification of a cell of A1."""
    return sheet(office, "A1", Month.parse(month)).value("verify", item, field)


def refused(office: Office, draft: EventDraft) -> dict[str, str]:
    """What is wrong with a draft by field; nothing is registered."""
    before = office.ledger.head("event").seq, office.ledger.head("observation").seq
    with pytest.raises(EventError) as error:
        register(office, draft)
    assert (office.ledger.head("event").seq, office.ledger.head("observation").seq) == before
    return {place: fault.what for place, fault in error.value.fields.items()}


# counting --------------------------------------------------------------------------------------


def test_the_verification_is_the_number_of_events(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        first = register(office, praised("1号"))
        second = register(office, praised("2号", "6月9日"))

        assert (first.seq, first.count, second.seq, second.count) == (1, 1, 2, 2)
        assert verified(office) == 2
        written = sheet(office, "A1", Month(2013, 6)).written[
            "verify", (PRAISE, Month(2013, 6), "count")
        ]
        assert (written.by, written.note) == (office.who, "加扣分登记 2 件")
        verify(office)


def test_each_field_of_an_item_counts_its_own(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised("1号", item=ADOPTED, field="adopted"))
        register(office, praised("1号", item=ADOPTED, field="instructed"))

        assert verified(office, ADOPTED, field="adopted") == 1
        assert verified(office, ADOPTED, field="instructed") == 1


@pytest.mark.parametrize(
    "text",
    ["2013-06-05", "2013-6-5", "2013/6/5", "2013年6月5日", "20130605", "6.5", "6-5", "6月5日",
     "６月５号"],
)  # fmt: skip
def test_a_day_is_written_as_people_write_it(tmp_path: Path, text: str) -> None:
    with an_office(tmp_path) as office:
        register(office, praised(day=text))

        (event,) = events(office, Month(2013, 6))

    assert event.happened_on == "2013-06-05"


@pytest.mark.parametrize("text", ["2013-07", "7", "7月", "2013年7月"])
def test_an_event_may_count_in_a_later_month_of_its_stage(tmp_path: Path, text: str) -> None:
    with an_office(tmp_path) as office:
        confirmed(office, JUNE)

        register(office, praised(month=text))

        assert verified(office, month=JULY) == 1
        assert verified(office, month=JUNE) is None


def test_all_evidence_is_kept_with_the_event(tmp_path: Path) -> None:
    paper = tmp_path / "通报.pdf"
    paper.write_bytes(b"praise")
    with an_office(tmp_path) as office:
        register(
            office,
            praised(origin="县委", file_name=str(paper), kept_at="档案柜 3", note="\x1b电话核实"),
        )

        (event,) = events_behind(office, "A1", PRAISE, "count", Month(2013, 6))

    assert (event.origin, event.document, event.kept_at) == (
        "县委",
        "县委通〔2013〕7号",
        "档案柜 3",
    )
    assert (event.file_name, event.file_sha256) == (
        "通报.pdf",
        hashlib.sha256(b"praise").hexdigest(),
    )
    assert (event.note, event.by, event.withdrawn) == ("电话核实", office.who, None)


def test_the_effect_is_known_before(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        june = Month(2013, 6)
        for number in range(4):
            register(office, praised(f"{number}号"))

        fifth = effect(office, "A1", june, PRAISE, "count")
        assert (fifth.count, fifth.before, fifth.after) == (5, 8, 10)

        register(office, praised("5号"))
        sixth = effect(office, "A1", june, PRAISE, "count")
        assert (sixth.before, sixth.after) == (10, 10)  # the cap


def test_the_kinds_of_a_stage_are_what_its_tallies_count(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        stage = office.rubric.stage("study")
        assert stage is not None
        kinds = {kind.label: kind.weight for kind in event_kinds(stage)}

    assert kinds == {
        "采用": 2, "批示": 3, "迟报": -2, "未报": -10, "查实投诉": -5, "受到表扬": 2,
        "工作纪律涣散": -5, "服务态度粗暴": -5, "吃拿卡要": -10,
    }  # fmt: skip


# once ------------------------------------------------------------------------------------------


def test_the_same_document_counts_once_in_whatever_month(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised("县委通〔2013〕７号"))

        assert refused(office, praised("县委通〔2013〕7号 ", "7.1")) == {
            "document": "同一文号已登记为第 1 号（计入 2013-06）"
        }


def test_the_same_file_counts_once_under_whatever_name(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"the same")
    with an_office(tmp_path) as office:
        register(office, praised("", file_name=str(tmp_path / "a.pdf")))

        assert refused(office, praised("", file_name=str(tmp_path / "b.pdf"))) == {
            "file_name": "同一文件已登记为第 1 号（计入 2013-06）"
        }


def test_one_document_may_praise_two_units_or_prove_two_kinds(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        register(office, praised())
        register(office, praised(unit="A2"))
        register(office, praised(item=COMPLAINT))

        assert len(events(office, Month(2013, 6))) == 3
        assert len(events(office, Month(2013, 6), "A1")) == 2
        assert len(events(office, Month(2013, 6), item=COMPLAINT)) == 1


# numbers that were there -----------------------------------------------------------------------


def test_a_number_typed_by_hand_is_replaced_only_when_told_so(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(PRAISE, count=2))

        with pytest.raises(CountDiffers) as asked:
            register(office, praised())
        assert (asked.value.kind, asked.value.value, asked.value.count) == ("verify", 2, 1)
        assert events(office, Month(2013, 6)) == ()

        register(office, praised(), replacing=True)
        assert verified(office) == 1


def test_a_clerk_does_not_replace_what_a_reviewer_verified(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(PRAISE, count=2))
        set_staff(office, "man", "admin")
        set_staff(office, "bin", "clerk")

        with pytest.raises(NotPermitted, match="本格的复核 2 是复核员录入的"):
            register(office.acting("bin", owner=False), praised(), replacing=True)

        assert verified(office) == 2
        assert events(office, Month(2013, 6)) == ()


def test_a_claim_that_the_events_prove_needs_no_telling(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(PRAISE, kind="claim", count=1))
        register(office, praised())
        assert verified(office) == 1


def test_a_claim_that_would_be_overruled_asks(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed(PRAISE, kind="claim", count=3))

        with pytest.raises(CountDiffers, match="本格已有自评 3，不是由登记计数；登记后复核为 1"):
            register(office, praised())


def test_a_cell_with_events_takes_no_other_verification(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised("1号"))
        register(office, praised("2号"))

        recorded(office, observed(PRAISE, count=2))
        recorded(office, observed(PRAISE, kind="claim", count=5))
        with pytest.raises(ObservationError, match="本格由登记的 2 件事件计数；请到加扣分登记增减"):
            recorded(office, observed(PRAISE, count=1))
        assert verified(office) == 2


def test_a_claim_beside_the_count_does_not_ask_again(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised("1号"))
        recorded(office, observed(PRAISE, kind="claim", count=5))

        register(office, praised("2号"))

        assert verified(office) == 2


def test_an_import_is_refused_for_a_cell_with_events(tmp_path: Path) -> None:
    rows = tmp_path / "复核.csv"
    rows.write_text(
        f"unit,month,item,field,value\nA1,2013-06,{PRAISE},count,3\nA1,2013-06,{COMPLAINT},count,1\n",
        "utf-8",
    )
    with an_office(tmp_path) as office:
        register(office, praised())

        with pytest.raises(ObservationError) as error:
            import_file(office, rows, "verify")
        (fault,) = error.value.faults
        assert (fault.where, fault.what) == ("复核.csv 第 2 行", "本格由登记的 1 件事件计数")


def test_a_correction_stays_free(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised())
        confirmed(office, JUNE)

        correct(office, "A1", PRAISE, JUNE, {"count": "0"}, "通报已撤销")

        assert verified(office) == 0
        verify(office)


# withdrawing -----------------------------------------------------------------------------------


def test_a_withdrawn_event_stays_in_the_register_and_counts_no_more(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised("1号"))
        register(office, praised("2号"))

        left = withdraw(office, 1, " 登记\x1b错了 ")

        assert left.count == 1
        assert verified(office) == 1
        newest, oldest = events(office, Month(2013, 6))
        assert (newest.seq, newest.withdrawn) == (2, None)
        assert oldest.withdrawn is not None
        assert (oldest.withdrawn.reason, oldest.withdrawn.by) == ("登记错了", office.who)
        assert [e.seq for e in events_behind(office, "A1", PRAISE, "count", Month(2013, 6))] == [2]
        verify(office)


def test_what_was_withdrawn_may_be_registered_again(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised())
        withdraw(office, 1, "单位写错")
        assert verified(office) == 0

        assert register(office, praised()).seq == 2
        assert verified(office) == 1


def test_without_events_left_a_number_may_be_typed_again(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised())
        withdraw(office, 1, "单位写错")

        recorded(office, observed(PRAISE, count=3))
        assert verified(office) == 3


@pytest.mark.parametrize(
    ("seq", "reason", "what"),
    [(9, "x", "没有登记第 9 号"), (0, "x", "没有登记第 0 号"), (1, " \x1b", "撤回理由是空的")],
)
def test_withdrawing_needs_an_event_and_a_reason(
    tmp_path: Path, seq: int, reason: str, what: str
) -> None:
    with an_office(tmp_path) as office:
        register(office, praised())
        with pytest.raises(StateError, match=what):
            withdraw(office, seq, reason)
        assert office.ledger.head("withdrawal").seq == 0


def test_an_event_is_withdrawn_once(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised())
        withdraw(office, 1, "单位写错")
        with pytest.raises(StateError, match=r"登记第 1 号：已由 .* 撤回"):
            withdraw(office, 1, "再撤")


# confirmed months ------------------------------------------------------------------------------


def test_a_confirmed_month_takes_no_event_and_lets_none_go(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        register(office, praised())
        confirmed(office, JUNE)

        found = refused(office, praised("2号"))
        assert found["month"].startswith("2013-06 已由")
        with pytest.raises(StateError, match="改动请用更正"):
            withdraw(office, 1, "登记错了")


# what can't be ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "place", "what"),
    [
        ({"unit": ""}, "unit", "没有写单位"),
        ({"unit": "B7"}, "unit", "没有代码为“B7”的单位"),
        ({"item": ""}, "item", "没有选事项"),
        ({"item": "study.b1.body"}, "item", "study.b1.body 不是计次的要点"),
        ({"field": "times"}, "item", "study.e4.praise 没有字段“times”"),
        ({"day": ""}, "happened_on", "没有写日期"),
        ({"day": "昨天"}, "happened_on", "日期“昨天”写法不对"),
        ({"day": "6.31"}, "happened_on", "日期“6.31”写法不对"),
        ({"day": "13.1"}, "happened_on", "日期“13.1”写法不对"),
        ({"day": "0000-06-05"}, "happened_on", "日期“0000-06-05”写法不对"),
        ({"day": "12.1"}, "happened_on", "12 月不在 2013-06 至 2013-07 之内"),
        ({"day": "2012-06-05"}, "happened_on", "2012-06-05 不在学习宣传之内"),
        ({"month": "2013-05"}, "month", "月份 2013-05 不在活动之内"),
        ({"day": "7.5", "month": JUNE}, "month", "2013-06 早于事情发生的 2013-07"),
        ({"month": "2013-10"}, "month", "2013-10 不在该事项的阶段之内"),
        ({"number": ""}, "document", "没有佐证"),
        ({"file_name": "/no/a.pdf"}, "file_name", "文件 /no/a.pdf 读不出：没有这个文件或文件夹"),
        ({"file_name": "/"}, "file_name", "文件 / 读不出：是文件夹，不是文件"),
    ],
)  # fmt: skip
def test_what_cant_be_is_told_at_its_field(
    tmp_path: Path, wrong: dict[str, str], place: str, what: str
) -> None:
    with an_office(tmp_path) as office:
        assert refused(office, praised(**wrong)) == {place: what}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert list(refused(office, EventDraft(file_name="/no"))) == ["unit", "item", "file_name"]


def test_the_future_has_not_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = date(2013, 6, 5)

    class Yesterday(date):
        @classmethod
        def today(cls) -> date:
            return tomorrow - timedelta(days=1)

    monkeypatch.setattr("gsjx_tui.office.event_draft.date", Yesterday)
    with an_office(tmp_path) as office:
        assert refused(office, praised()) == {"happened_on": "2013-06-05 还没有到"}


def test_a_unit_has_no_events_in_months_it_has_no_part_in(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1", since=AUGUST)) as office:
        assert refused(office, praised()) == {"month": "A1局 在 2013-06 不参加考核"}


def test_what_a_registration_adds_is_one_act(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_off(*_: object) -> None:
        raise RuntimeError("the power went")

    with an_office(tmp_path) as office:
        with monkeypatch.context() as patch, pytest.raises(RuntimeError):
            patch.setattr("gsjx_tui.office.register.append_observations", breaks_off)
            register(office, praised())

        assert events(office, Month(2013, 6)) == ()
        verify(office)


def test_faults_are_errors_people_can_read(tmp_path: Path) -> None:
    with an_office(tmp_path) as office, pytest.raises(GsjxError, match="没有佐证；至少写文号"):
        register(office, praised(""))


def test_a_count_of_events_is_neither_undone_nor_emptied(tmp_path: Path) -> None:
    june = Month.parse(JUNE)
    with an_office(tmp_path) as office:
        register(office, praised())

        with pytest.raises(StateError, match="没有可以撤销的录入"):
            undo(office, june)
        with pytest.raises(StateError, match="请到加扣分登记撤回"):
            empty(office, "A1", PRAISE, "count", june, "verify")
        assert verified(office) == 1
