"""The home of a campaign: made once, opened, and kept true to its files."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    PROJECT,
    a_campaign,
    a_plugin,
    a_roster,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
    reopened,
)
from gsjx_tui.domain import Unit
from gsjx_tui.errors import Fault, GsjxError, LedgerTrouble, RubricError, StateError
from gsjx_tui.office import home
from gsjx_tui.office.card import card
from gsjx_tui.office.home import Office, init, open_office, open_or_init, reading
from gsjx_tui.office.rank import rank


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and what is in it."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def editions(office: Office) -> int:
    """How many editions of rubric and roster the ledger has."""
    return int(office.ledger.row("editions")[0])


# init ------------------------------------------------------------------------------------------


def test_without_files_a_home_is_made_from_the_shipped_ones(tmp_path: Path) -> None:
    place = tmp_path / "a" / "new" / "home"

    with init(place) as office:
        assert len(office.units) == 112
        assert len(office.rubric.items) == 103

    shipped = {
        name: (PROJECT / "data" / name).read_bytes() for name in ("campaign.toml", "units.csv")
    }
    made = files_of(place)
    assert set(made) == {"campaign.toml", "units.csv", "ledger.duckdb"}
    assert {name: made[name] for name in shipped} == shipped


def test_files_that_are_in_the_home_already_are_used(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(a_roster(a_unit("A7", name="甲局")), "utf-8")

    with init(tmp_path) as office:
        assert [unit.name for unit in office.units] == ["甲局"]
        assert office.rubric.campaign.id == "gsjx-2013"


def test_files_given_are_copied_into_the_home(tmp_path: Path) -> None:
    campaign, units = tmp_path / "ours.toml", tmp_path / "ours.csv"
    campaign.write_text(a_campaign(), "utf-8")
    units.write_text(a_roster(a_unit("A7")), "utf-8")

    with init(tmp_path / "home", campaign, units) as office:
        assert office.rubric.campaign.name == "试点活动"
        assert [unit.code for unit in office.units] == ["A7"]

    assert (tmp_path / "home" / "campaign.toml").read_bytes() == campaign.read_bytes()
    assert (tmp_path / "home" / "units.csv").read_bytes() == units.read_bytes()


def test_an_existing_ledger_is_never_touched(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 5))
        place = office.home
    before = files_of(tmp_path)

    with pytest.raises(LedgerTrouble) as refused:
        init(place)

    assert refused.value.kind == "exists"
    assert files_of(tmp_path) == before


def test_whatever_lies_at_the_ledgers_place_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "ledger.duckdb").write_text("keep me")

    with pytest.raises(LedgerTrouble) as refused:
        init(tmp_path)

    assert refused.value.kind == "exists"
    assert files_of(tmp_path) == {"ledger.duckdb": b"keep me"}


def test_a_file_given_never_replaces_another_one_in_the_home(tmp_path: Path) -> None:
    place = tmp_path / "home"
    place.mkdir()
    (place / "units.csv").write_text(a_roster(a_unit("A1")), "utf-8")
    other = tmp_path / "other.csv"
    other.write_text(a_roster(a_unit("A2")), "utf-8")
    before = files_of(tmp_path)

    with pytest.raises(StateError, match=r"已有内容不同的 units\.csv，没有改动"):
        init(place, units=other)

    assert files_of(tmp_path) == before


@pytest.mark.parametrize("name", ["campaign.toml", "units.csv"])
def test_a_file_given_that_isnt_there_is_told(tmp_path: Path, name: str) -> None:
    missing = tmp_path / name
    given = {"campaign": missing} if name == "campaign.toml" else {"units": missing}

    with pytest.raises(RubricError) as refused:
        init(tmp_path / "home", **given)

    assert refused.value.faults == (Fault(str(missing), "没有这个文件", "核对文件名"),)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("campaign.toml", "id = "),
        ("campaign.toml", a_campaign(points=999)),
        ("units.csv", "code,name\nA1,甲局\n"),
        ("units.csv", a_roster(a_unit("A1", "nowhere"))),
    ],
)
def test_faulty_files_leave_nothing_behind(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content, "utf-8")
    given = {"campaign": file} if name == "campaign.toml" else {"units": file}

    with pytest.raises(RubricError, match=name.replace(".", r"\.")):
        init(tmp_path / "home", **given)

    assert not (tmp_path / "home").exists()


def test_a_home_is_made_on_first_use_and_opened_ever_after(tmp_path: Path) -> None:
    with open_or_init(tmp_path / "home") as office:
        recorded(office, observed("study.b1.body", 5, unit="E01"))

    with open_or_init(tmp_path / "home") as office:
        assert office.ledger.head("observation").seq == 1


# open ------------------------------------------------------------------------------------------


def test_a_home_without_ledger_isnt_opened(tmp_path: Path) -> None:
    with pytest.raises(LedgerTrouble) as refused:
        open_office(tmp_path)

    assert refused.value.kind == "missing"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["campaign.toml", "units.csv"])
def test_a_home_without_its_files_is_told_which(tmp_path: Path, name: str) -> None:
    with an_office(tmp_path) as office:
        place = office.home
    (place / name).unlink()

    with pytest.raises(StateError, match=f"{name}：没有这个文件"):
        open_office(place)
    with pytest.raises(StateError, match=f"{name}：没有这个文件"), reading(place):
        pass


def test_a_campaign_file_that_a_windows_editor_saved_is_read(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        place = office.home
    (place / "campaign.toml").write_bytes(b"\xef\xbb\xbf" + a_campaign().encode())

    with open_office(place) as office:
        assert office.rubric.campaign.id == "test"


def test_who_acts_is_the_login_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")

    with an_office(tmp_path) as office:
        assert office.who == pwd.getpwuid(os.getuid()).pw_name


def test_a_unit_is_found_by_its_code_or_the_roster_is_pointed_to(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        assert office.unit("A2").code == "A2"
        with pytest.raises(StateError) as refused:
            office.unit("a2")

    assert refused.value.faults == (
        Fault("", "没有代码为“a2”的单位", "对照名册 units.csv 改正单位代码"),
    )


def test_the_initials_of_a_name_are_kept_for_finding_it(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit(name="县财政局")) as office:
        rows = office.ledger.rows("progress", first=JUNE, through=JUNE)

    assert [(code, initials) for _, code, _, initials, *_ in rows] == [("A1", "xczj")]


# changes of the files --------------------------------------------------------------------------


def test_opening_a_home_whose_files_didnt_change_adopts_nothing(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    with reopened(office) as office:
        assert editions(office) == 1


def test_a_changed_roster_is_adopted(tmp_path: Path) -> None:
    office = an_office(tmp_path, a_unit("A1"))
    changed = a_roster(a_unit("A2", "support", name="乙局"), a_unit("A1", name="甲局"))

    with reopened(office, roster=changed) as office:
        assert [unit.code for unit in office.units] == ["A2", "A1"]
        assert editions(office) == 2
        assert [(row.category, row.unit, row.name) for row in rank(office)] == [
            ("economy", "A1", "甲局"),
            ("support", "A2", "乙局"),
        ]


def test_a_changed_campaign_is_adopted(tmp_path: Path) -> None:
    office = an_office(tmp_path)

    with reopened(office, campaign=a_campaign(award_places=3)) as office:
        assert office.settings.award_places == 3
        assert editions(office) == 2
        assert office.ledger.row("campaign")[4] == 3


def test_a_changed_rubric_is_adopted(tmp_path: Path) -> None:
    campaign = a_campaign(["trial"], points=10)
    folder = a_plugin(tmp_path, "mine", stage=a_stage())
    with an_office(tmp_path, campaign=campaign, folders=[folder]) as office:
        place = office.home
    other = a_stage({"id": "other", "rule": "graded", "max": 10})
    (folder / "mine" / "stage.toml").write_text(other, "utf-8")

    with open_office(place, [folder]) as office:
        assert editions(office) == 2
        (stage,) = card(office, "A1").stages
        assert [item.id for item in stage.indicators[0].items] == ["trial.b1.other"]


def test_reading_alone_takes_a_changed_roster_over_first(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit("A1")) as office:
        place = office.home
    (place / "units.csv").write_text(a_roster(a_unit("A1"), a_unit("A2")), "utf-8")

    with reading(place) as office:
        assert [row.unit for row in rank(office)] == ["A1", "A2"]


def test_a_change_that_is_faulty_changes_nothing(tmp_path: Path) -> None:
    office = an_office(tmp_path, a_unit("A1"))
    with pytest.raises(RubricError, match="类别“nowhere”不认识"):
        reopened(office, roster=a_roster(a_unit("A1", "nowhere")))

    with reopened(office, roster=a_roster(a_unit("A1"))) as office:
        assert editions(office) == 1


def an_office_under_way(tmp_path: Path, *units: Unit) -> Office:
    """A1 is confirmed for June and July, A2 has a claim in July, A3 has nothing."""
    roster = units or (a_unit("A1"), a_unit("A2"), a_unit("A3"))
    office = an_office(tmp_path, *roster)
    recorded(office, observed("study.b1.body", 5, unit="A2", month=JULY, kind="claim"))
    confirmed(office, JUNE, JULY, units=["A1"])
    return office


@pytest.mark.parametrize(
    "roster",
    [
        pytest.param([a_unit("A1"), a_unit("A2")], id="a unit without records goes"),
        pytest.param([a_unit("A1", through=JULY), a_unit("A2"), a_unit("A3")], id="one leaves"),
        pytest.param([a_unit("A1"), a_unit("A2", since=JULY), a_unit("A3")], id="one came later"),
        pytest.param(
            [a_unit("A1"), a_unit("A2", since=JULY, through=JULY), a_unit("A3")], id="one month"
        ),
        pytest.param([a_unit("A3"), a_unit("A2", "central"), a_unit("A1")], id="category, order"),
        pytest.param(
            [a_unit("A1"), a_unit("A2"), a_unit("A3", since=AUGUST), a_unit("A4")], id="one comes"
        ),
    ],
)
def test_a_change_of_roster_that_fits_the_records_is_adopted(
    tmp_path: Path, roster: list[Unit]
) -> None:
    office = an_office_under_way(tmp_path)

    with reopened(office, roster=a_roster(*roster)) as office:
        assert list(office.units) == roster


@pytest.mark.parametrize(
    ("roster", "fault"),
    [
        pytest.param(
            [a_unit("A2"), a_unit("A3")],
            Fault("units.csv", "缺少已有记录的单位 A1 A1局", "恢复该行；撤并的填截止月份"),
            id="a confirmed unit goes",
        ),
        pytest.param(
            [a_unit("A1"), a_unit("A3")],
            Fault("units.csv", "缺少已有记录的单位 A2 A2局", "恢复该行；撤并的填截止月份"),
            id="an observed unit goes",
        ),
        pytest.param(
            [a_unit("A1", since=JULY), a_unit("A2"), a_unit("A3")],
            Fault(
                "units.csv",
                "A1 A1局 已有核定的月份，起始月份不能再改",
                "恢复原来的起始月份",
            ),
            id="a confirmed unit came later",
        ),
        pytest.param(
            [a_unit("A1", since=JUNE), a_unit("A2"), a_unit("A3")],
            Fault(
                "units.csv",
                "A1 A1局 已有核定的月份，起始月份不能再改",
                "恢复原来的起始月份",
            ),
            id="a confirmed unit came at all",
        ),
        pytest.param(
            [a_unit("A1", through=JUNE), a_unit("A2"), a_unit("A3")],
            Fault(
                "units.csv",
                "A1 A1局 在 2013-06 至 2013-07 已有记录",
                "起止月份须包含它们",
            ),
            id="a confirmed unit left before",
        ),
        pytest.param(
            [a_unit("A1"), a_unit("A2", through=JUNE), a_unit("A3")],
            Fault(
                "units.csv",
                "A2 A2局 在 2013-07 至 2013-07 已有记录",
                "起止月份须包含它们",
            ),
            id="an observed unit left before",
        ),
        pytest.param(
            [a_unit("A1"), a_unit("A2", since=AUGUST), a_unit("A3")],
            Fault(
                "units.csv",
                "A2 A2局 在 2013-07 至 2013-07 已有记录",
                "起止月份须包含它们",
            ),
            id="an observed unit came after",
        ),
    ],
)
def test_a_change_of_roster_that_no_longer_fits_the_records_is_refused(
    tmp_path: Path, roster: list[Unit], fault: Fault
) -> None:
    office = an_office_under_way(tmp_path)

    with pytest.raises(StateError) as refused:
        reopened(office, roster=a_roster(*roster))

    assert refused.value.faults == (fault,)
    with reopened(office, roster=a_roster(a_unit("A1"), a_unit("A2"), a_unit("A3"))) as office:
        assert editions(office) == 1


def test_all_that_no_longer_fits_is_told_at_once(tmp_path: Path) -> None:
    office = an_office_under_way(tmp_path)

    with pytest.raises(StateError) as refused:
        reopened(office, roster=a_roster(a_unit("A3")))

    assert len(refused.value.faults) == 2


def test_an_office_that_wasnt_opened_leaves_the_ledger_to_others(tmp_path: Path) -> None:
    office = an_office_under_way(tmp_path)
    with pytest.raises(GsjxError):
        reopened(office, roster=a_roster(a_unit("A3")))
    (office.home / "units.csv").write_text(a_roster(a_unit("A1"), a_unit("A2")), "utf-8")

    home.open_office(office.home).close()
