"""A campaign is closed once all is settled, then locked until an administrator opens it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from publishing_desk import PLAN, THE_JULY, ready

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from calls import CALLS, LOGINS, a_world
from gsjx_tui.errors import GsjxError, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import all_acts
from gsjx_tui.office.closed import closed, closing
from gsjx_tui.office.closing import close_campaign, reopen_campaign
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import draw
from gsjx_tui.office.history import done
from gsjx_tui.office.home import Office, open_office, reading
from gsjx_tui.office.in_force_rubric import accept_rubric
from gsjx_tui.office.objecting import file_objection
from gsjx_tui.office.publish import publish
from gsjx_tui.office.rank import rank
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.verify import verify


def finished(tmp_path: Path) -> Office:
    """A campaign of two months that can be closed."""
    office = ready(tmp_path, A=8, B=6)
    draw(office, THE_JULY, items=1)
    recorded(office, *(observed("second.b1.plan", 5, unit=unit, month=JULY) for unit in "AB"))
    confirmed(office, JULY)
    publish(office, "campaign")
    return office


def in_the_way(office: Office) -> str:
    with pytest.raises(StateError) as refused:
        close_campaign(office)
    assert closing(office.ledger) is None
    return str(refused.value)


# when it can be closed -------------------------------------------------------------------------


def test_closing_says_what_it_rests_on_and_is_kept(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        found = close_campaign(office)

        now = closed(office)
        assert (found.edition, found.publication) == (1, 1)
        assert now is not None
        assert (now.what, now.publication, now.by) == ("closed", 1, office.who)
        assert [act.text for act in done(office).acts if act.what == "campaign_step"] == [
            "结束 发布 1"
        ]


def test_a_trial_closes_nothing(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        close_campaign(office, dry_run=True)

        assert closed(office) is None


def test_all_that_stands_in_the_way_is_listed(tmp_path: Path) -> None:
    with ready(tmp_path, A=8, B=6) as office:
        file_objection(office, "A", JUNE, PLAN, "有方案")

        text = in_the_way(office)

    assert "没有核定 2 件：A A局、B B局" in text
    assert "申诉没有办结 1 件：A A局" in text
    assert "最终排名：没有发布" in text


def test_a_final_ranking_that_was_corrected_since_is_published_anew_first(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        correct(office, "A", PLAN, JUNE, {"points": "5"}, "核错")

        assert "第 1 版之后有更正" in in_the_way(office)

        publish(office, "campaign")
        assert close_campaign(office).edition == 2


# what is locked --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The world of every act, closed behind the back of what would stand in the way."""
    with a_world(tmp_path_factory.mktemp("locked")) as office:
        with office.ledger.act() as now:
            office.ledger.append("campaign_step", [("", "closed", 1, "wang", now)])
        yield office


@pytest.mark.parametrize("label", CALLS)
@pytest.mark.parametrize("through", ["call", "service"])
def test_every_act_that_writes_is_refused(locked: Office, label: str, through: str) -> None:
    call = CALLS[label]
    act = all_acts()[call.act]
    role = next(r for r in ("admin", "reporter", "lead") if call.allowed(r))
    office = locked.acting(LOGINS[role], owner=False)
    before = locked.ledger.appended
    said = ""
    try:
        if through == "call":
            call.made(office)
        else:
            act.done_by(office, act.bound(office, call.words, call.options))
    except GsjxError as error:
        said = str(error)

    if act.when_closed:
        assert "结束" not in said
        with locked.ledger.act() as now:
            locked.ledger.append("campaign_step", [("", "closed", 1, "wang", now)])
    elif act.writes:
        assert "活动已由 wang 于" in said and "gsjx campaign reopen" in said
        assert locked.ledger.appended == before
    else:
        assert "结束" not in said


def test_who_may_not_is_told_that_first(locked: Office) -> None:
    with pytest.raises(GsjxError, match="身份是“录入员”"):
        CALLS["confirm"].made(locked.acting(LOGINS["clerk"], owner=False))


def test_looking_and_asking_go_on(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        close_campaign(office)
        home = office.home
        before = rank(office)

    with reading(home, [tmp_path / "plugins"]) as office:
        assert rank(office) == before
        assert verify(office).months == 4


def test_changed_files_are_not_taken_over(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        recorded(office, observed("study.b1.body", 5))
        _close(office.ledger)
        home = office.home
    roster = home / "units.csv"
    roster.write_text(roster.read_text("utf-8") + "A9,新局,economy\n", "utf-8")

    for opening in (lambda: open_office(home), lambda: reading(home).__enter__()):
        with pytest.raises(StateError, match=r"units.csv 或评分办法改过，没有启用(.|\n)*已由 wang"):
            opening()


def _close(ledger: Ledger) -> None:
    with ledger.act() as now:
        ledger.append("campaign_step", [("", "closed", 1, "wang", now)])


def test_a_changed_rubric_is_not_accepted(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        close_campaign(office)
        home = office.home
    stage = tmp_path / "plugins" / "first" / "stage.toml"
    stage.write_text(
        stage.read_text("utf-8").replace('label = "要点"', 'label = "改过"', 1), "utf-8"
    )

    with pytest.raises(StateError, match="结束，不能再写入"):
        accept_rubric(home, [tmp_path / "plugins"], "改分值")


# opened again ----------------------------------------------------------------------------------


def test_an_administrator_opens_it_again_with_a_reason(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        close_campaign(office)
        with pytest.raises(StateError, match="要写理由"):
            reopen_campaign(office, " ")

        ended = reopen_campaign(office, "漏了一件")

        assert ended.what == "closed"
        assert closed(office) is None
        correct(office, "A", PLAN, JUNE, {"points": "5"}, "核错")
        assert [act.note for act in done(office).acts if act.what == "campaign_step"] == [
            "漏了一件",
            "",
        ]
        assert verify(office).months == 4


def test_one_that_is_open_is_not_opened(tmp_path: Path) -> None:
    with an_office(tmp_path) as office, pytest.raises(StateError, match="没有结束"):
        reopen_campaign(office, "再来")


def test_closing_twice_says_who_closed_it(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        close_campaign(office)

        with pytest.raises(StateError, match=f"已由 {office.who} 于"):
            close_campaign(office)


# proving ---------------------------------------------------------------------------------------


def test_what_was_written_behind_the_lock_is_found(tmp_path: Path) -> None:
    with finished(tmp_path) as office:
        close_campaign(office)
        row = ("li", "", "clerk", "", "wang")
        with office.ledger.act() as now:
            office.ledger.append("staff", [(*row, now)])

        with pytest.raises(StateError, match="人员：有 1 条写在活动结束"):
            verify(office)

        reopen_campaign(office, "查")
        set_staff(office, "li", "admin")
        with pytest.raises(StateError, match="人员：有 1 条写在活动结束"):
            verify(office)
