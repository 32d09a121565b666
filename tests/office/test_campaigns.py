"""Several campaigns in one ledger: each by itself, kept, proved and restored with the others."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from builders import (
    JUNE,
    a_campaign,
    a_plugin,
    a_roster,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError, LedgerTrouble, NotPermitted, RubricError, StateError
from gsjx_tui.ledger import migrate
from gsjx_tui.ledger.ledger import CHAINS, Ledger
from gsjx_tui.ledger.migrate import step_of
from gsjx_tui.office.backup import back_up, read_manifest
from gsjx_tui.office.campaign_add import add_campaign
from gsjx_tui.office.campaign_clone import clone_campaign
from gsjx_tui.office.campaigns import campaigns, home_of, the_open_one
from gsjx_tui.office.copies import Copies, catalog
from gsjx_tui.office.home import open_beside, open_office, reading
from gsjx_tui.office.names import root_of, schema_of
from gsjx_tui.office.query import asking
from gsjx_tui.office.rank import rank
from gsjx_tui.office.restore import restore
from gsjx_tui.office.snapshot import publish, save_snapshot
from gsjx_tui.office.staff import set_staff, staff
from gsjx_tui.office.verify import verify

PLAN = "first.b1.plan"
NEXT = "next"


def a_home(tmp_path: Path) -> Path:
    """The first campaign, two units; A has 8 points in June, confirmed."""
    home = tmp_path / "home"
    item = {"id": "plan", "rule": "graded", "max": 10}
    a_plugin(home / "plugins", "first", stage=a_stage(item, id="first", months=[JUNE]))
    campaign = a_campaign(["first"], points=10)
    units = [a_unit("A"), a_unit("B")]
    (home / "campaign.toml").write_text(campaign, "utf-8")
    (home / "units.csv").write_text(a_roster(*units), "utf-8")
    from gsjx_tui.office.home import init

    with init(home) as office:
        recorded(office, observed(PLAN, 8, unit="A"))
        confirmed(office, JUNE)
    return home


def with_next(tmp_path: Path) -> Path:
    """The same and a clone a year later; B has 5 points there."""
    home = a_home(tmp_path)
    clone_campaign(home, "test", NEXT, "下一年")
    with open_office(home_of(home, NEXT)) as office:
        recorded(office, observed(PLAN, 5, unit="B", month="2014-06"))
        confirmed(office, "2014-06")
    return home


# side by side ----------------------------------------------------------------------------------


def test_a_campaign_sees_its_own_rows_alone(tmp_path: Path) -> None:
    home = with_next(tmp_path)

    with reading(home) as office:
        assert {row.unit: row.points for row in rank(office)} == {"A": 8, "B": 0}
        assert verify(office).months == 2
    with reading(home_of(home, NEXT)) as office:
        assert {row.unit: row.points for row in rank(office)} == {"A": 0, "B": 5}
        assert verify(office).months == 2


def test_the_list_tells_what_each_is(tmp_path: Path) -> None:
    first, second = campaigns(with_next(tmp_path))

    assert (first.id, first.schema, first.first, first.confirmed) == ("test", "main", JUNE, JUNE)
    assert (second.id, second.name, second.first) == (NEXT, "下一年", "2014-06")
    assert second.newest is not None and first.newest is not None
    assert second.newest > first.newest


def test_every_campaign_is_of_the_newest_step_when_one_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = with_next(tmp_path)
    number = migrate.NEWEST + 1
    steps = {**migrate.steps(), number: "create table added (x integer)"}
    monkeypatch.setattr(migrate, "steps", lambda: steps)
    monkeypatch.setattr(migrate, "NEWEST", number)

    with open_office(home_of(home, NEXT)):
        pass

    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        assert [step_of(connection, name) for name in ("main", NEXT)] == [number, number]


def test_a_ledger_of_an_earlier_step_opens_and_has_its_one_campaign(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        connection.execute("drop table campaign_step")
        connection.execute("delete from schema_step where step = 7")

    (only,) = campaigns(home)

    assert (only.id, only.closed) == ("test", None)
    with duckdb.connect(str(home / "ledger.duckdb"), read_only=True) as connection:
        assert step_of(connection) == migrate.NEWEST
    with open_office(home) as office:
        assert verify(office).months == 2


def test_a_query_is_about_one_campaign(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    points = "select 单位, 累计分 from 累计排名 where 累计分 > 0"

    for place, row in ((home, ["A局", "8.00"]), (home_of(home, NEXT), ["B局", "5.00"])):
        with reading(place) as office, asking(office, points) as query:
            assert query.answer().rows == [row]


def test_a_copy_for_queries_holds_no_other_campaign(tmp_path: Path) -> None:
    home = with_next(tmp_path)

    for place, points in ((home, 8), (home_of(home, NEXT), 5)):
        copies = Copies()
        with open_office(place) as office:
            copy = copies.copy(office)
        names = catalog(copy)
        with Ledger.open(copy) as ledger:
            assert ledger.schemas == ["main"]
            assert ledger.query("select sum(points) from posting") == [(points,)]
            assert ledger.query("select count(*) from newest") == [(1,)]
        assert "unit" in names and "累计排名" in names
        assert len(names["unit"]) == len(set(names["unit"]))
        copies.close()


def test_a_snapshot_is_of_one_campaign(tmp_path: Path) -> None:
    home = with_next(tmp_path)

    for place, points in ((home, 8), (home_of(home, NEXT), 5)):
        with open_office(place) as office:
            made = publish(office)
            save_snapshot(office, place / "other.duckdb")
        assert made.path.parent == place
        for path in (made.path, place / "other.duckdb"):
            with duckdb.connect(str(path), read_only=True) as connection:
                found = connection.execute("select sum(分数) from 记账").fetchone()
            assert found == (points,)


# which one is meant ----------------------------------------------------------------------------


def test_the_open_one_is_meant_unless_there_are_several(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    with pytest.raises(StateError, match=r"有 2 个活动在进行：test .*、next 下一年"):
        the_open_one(campaigns(home))

    with open_office(home) as office, office.ledger.act() as now:
        office.ledger.append("campaign_step", [("", "closed", 1, "wang", now)])

    assert the_open_one(campaigns(home)).id == NEXT


def test_an_id_that_is_none_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="没有活动“nothing”；可用：test、next"):
        home_of(with_next(tmp_path), "nothing")


def test_a_folder_called_campaigns_is_no_ledger_of_others(tmp_path: Path) -> None:
    home = tmp_path / "campaigns" / "mine"
    home.mkdir(parents=True)
    assert (root_of(home), schema_of(home)) == (home, "main")

    (tmp_path / "ledger.duckdb").touch()
    assert (root_of(home), schema_of(home)) == (tmp_path, "mine")

    (home / "ledger.duckdb").touch()
    assert (root_of(home), schema_of(home)) == (home, "main")


# adding and cloning ----------------------------------------------------------------------------


def test_a_clone_moves_months_and_takes_over_nothing_recorded(tmp_path: Path) -> None:
    home = tmp_path / "home"
    item = {"id": "plan", "rule": "graded", "max": 10, "months": [JUNE]}
    a_plugin(home / "plugins", "first", stage=a_stage(item, id="first"))
    (home / "campaign.toml").write_text(
        "award_places = 2 # 两名\n" + a_campaign(["first"], points=10), "utf-8"
    )
    (home / "units.csv").write_text(
        "code,name,category,superior,from,through\n"
        f"A,甲局,economy,,,\nB,乙局,economy,,{JUNE},{JUNE}\nC,丙局,central,丙厅,2013-07,\n",
        "utf-8",
    )
    from gsjx_tui.office.home import init

    with init(home) as office:
        recorded(office, observed(PLAN, 8, unit="A"))
        set_staff(office, "man", "admin", "某")
        set_staff(office, "lp", "reporter", unit="B")

    made = clone_campaign(home, "test", NEXT, "下一年", 24)

    assert [str(month) for month in made.months] == ["2015-06", "2015-07"]
    assert [unit.code for unit in made.left_out] == ["B"]
    assert (made.units, made.staff, made.plugins) == (2, 1, ("first",))
    with open_office(made.home) as office:
        assert office.rubric.campaign.name == "下一年"
        assert office.settings.award_places == 2
        assert office.rubric.items[PLAN].months == (Month(2015, 6),)
        assert [(unit.code, unit.since) for unit in office.units] == [("A", None), ("C", None)]
        assert [one.person.login for one in staff(office)] == ["man"]
        assert {table for table in CHAINS if office.ledger.head(table).seq} == {"staff"}
    with open_office(home) as office:
        assert office.rubric.items[PLAN].months == (Month(2013, 6),)
    assert "两名" in (made.home / "campaign.toml").read_text("utf-8")


def test_the_shipped_campaign_is_cloned_and_runs_through_confirming_and_ranking(
    tmp_path: Path,
) -> None:
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        home = office.home

    made = clone_campaign(home, office.rubric.campaign.id, "gsjx-2014", "下一年")

    with open_office(made.home) as office:
        recorded(office, observed("study.b1.body", 7, unit="A2", month="2014-06"))
        confirmed(office, "2014-06", "2014-07")
        first, second = rank(office)
        assert (first.unit, second.unit) == ("A2", "A1")
        assert verify(office).months == 4


def test_a_stage_whose_months_are_written_by_a_program_is_not_cloned(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = home / "plugins" / "first"
    code = (place / "plugin.py").read_text("utf-8")
    (place / "plugin.py").write_text(
        code.replace(
            'Path(__file__).with_name("stage.toml")', f"Path({str(place / 'stage.toml')!r})"
        ),
        "utf-8",
    )

    with pytest.raises(StateError, match="月份没有移到 2014-06 起"):
        clone_campaign(home, "test", NEXT, "下一年")

    assert not (home / "campaigns" / NEXT).exists()
    assert [one.id for one in campaigns(home)] == ["test"]


@pytest.mark.parametrize("id", ["main", "temp", "A", "a b", "", "../x", "a" * 41])
def test_an_id_that_cannot_be_is_refused(tmp_path: Path, id: str) -> None:
    with pytest.raises(StateError, match="写法不对"):
        clone_campaign(a_home(tmp_path), "test", id, "下一年")


def test_what_is_there_is_never_made_anew(tmp_path: Path) -> None:
    home = with_next(tmp_path)

    with pytest.raises(StateError, match="已经有了"):
        clone_campaign(home, "test", NEXT, "再来")
    with pytest.raises(LedgerTrouble, match="账本里已有活动 next"):
        add_campaign(home, NEXT)

    with reading(home_of(home, NEXT)) as office:
        assert verify(office).months == 2


def test_files_that_are_written_are_added(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = home / "campaigns" / NEXT
    stage = a_stage(id="first", months=["2015-01"])
    a_plugin(place / "plugins", "first", stage=stage)
    (place / "campaign.toml").write_text(
        a_campaign(["first"], points=10).replace('"test"', '"other"'), "utf-8"
    )
    (place / "units.csv").write_text(a_roster(a_unit("Z")), "utf-8")
    with pytest.raises(StateError, match="编号是 other，与文件夹 next 不同"):
        add_campaign(home, NEXT)
    text = (place / "campaign.toml").read_text("utf-8")
    (place / "campaign.toml").write_text(text.replace('"other"', f'"{NEXT}"'), "utf-8")

    with open_office(home) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "lp", "reporter", unit="A")
    made = add_campaign(home, NEXT, staff_from="test")

    assert (made.units, made.staff) == (1, 1)
    with open_office(place) as office:
        assert [unit.code for unit in office.units] == ["Z"]


def test_a_campaign_whose_files_have_faults_is_not_added(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    place = home / "campaigns" / NEXT
    place.mkdir(parents=True)
    (place / "campaign.toml").write_text(a_campaign(["nothing"]), "utf-8")
    (place / "units.csv").write_text(a_roster(a_unit("Z")), "utf-8")

    with pytest.raises(RubricError):
        add_campaign(home, NEXT)

    assert [one.id for one in campaigns(home)] == ["test"]
    with pytest.raises(LedgerTrouble, match=r"账本里没有活动 next.*gsjx campaign add next"):
        open_office(place)


def test_only_administrators_add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = a_home(tmp_path)
    with open_office(home) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "bin", "lead")
    monkeypatch.setattr("gsjx_tui.office.campaign_add.current_user", lambda: "bin")

    with pytest.raises(NotPermitted, match="要由管理员来做"):
        clone_campaign(home, "test", NEXT, "下一年")

    assert not (home / "campaigns" / NEXT).exists()


_ADDING = """
import os, signal, sys
from pathlib import Path
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office import campaign_clone
instant = sys.argv[2]
if instant == "before":
    def act(self, real=Ledger.adding):
        os.kill(os.getpid(), signal.SIGKILL)
    Ledger.adding = act
elif instant == "amid":
    real = Ledger.append
    def append(self, table, rows):
        rows = list(rows)
        done = real(self, table, rows)
        if self.schema != "main" and table == "staff":
            self._insert_waiting()
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    Ledger.append = append
else:
    real_checkpoint = Ledger.checkpoint
    def checkpoint(self):
        os.kill(os.getpid(), signal.SIGKILL)
    Ledger.checkpoint = checkpoint
campaign_clone.clone_campaign(Path(sys.argv[1]), "test", "next", "下一年")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("instant", "there"), [("before", 1), ("amid", 1), ("after", 2)])
def test_killed_while_adding_the_ledger_is_whole_and_it_can_be_done_again(
    tmp_path: Path, instant: str, there: int
) -> None:
    home = a_home(tmp_path)
    with open_office(home) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "root", "admin")

    ended = subprocess.run([sys.executable, "-c", _ADDING, str(home), instant], check=False)

    assert ended.returncode == -signal.SIGKILL
    assert len(campaigns(home)) == there
    with open_office(home) as office:
        assert verify(office).months == 2
    if there == 1:
        assert add_campaign(home, NEXT, staff_from="test").staff == 2
    with open_office(home_of(home, NEXT)) as office:
        assert len(staff(office)) == 2
        assert verify(office).months == 0


# proving and keeping ---------------------------------------------------------------------------


@pytest.mark.parametrize("schema", ["main", NEXT])
def test_a_change_in_either_is_found_there_and_not_in_the_other(
    tmp_path: Path, schema: str
) -> None:
    home = with_next(tmp_path)
    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        connection.execute(f'update "{schema}".posting set points = points + 1 where seq = 1')

    for place in (home, home_of(home, NEXT)):
        with reading(place) as office:
            if schema_of(place) == schema:
                with pytest.raises(StateError, match="记账第 1 条"):
                    verify(office)
            else:
                verify(office)


def test_a_backup_has_every_campaign_and_is_a_home(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    with reading(home) as office:
        made = back_up(office)

    again = read_manifest(made.folder)

    assert again == made
    assert made.rows[f"{NEXT}.posting"] == made.rows["posting"] == 1
    assert made.anchors[NEXT] and made.anchors[NEXT] != made.anchor
    with reading(home_of(made.folder, NEXT)) as office:
        assert {row.unit: row.points for row in rank(office)} == {"A": 0, "B": 5}


def test_old_backups_of_several_campaigns_are_removed(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    with reading(home) as office:
        first = back_up(office)
        second = back_up(office, keep=1)

    assert second.removed == (first.folder,)
    assert not first.folder.exists()


@pytest.mark.parametrize("schema", ["main", NEXT])
def test_a_backup_with_a_broken_chain_in_either_is_not_made(tmp_path: Path, schema: str) -> None:
    home = with_next(tmp_path)
    with duckdb.connect(str(home / "ledger.duckdb")) as connection:
        connection.execute(f'update "{schema}".posting set points = points + 1 where seq = 1')

    with reading(home) as office, pytest.raises(StateError, match="链不完整"):
        back_up(office)


def test_what_a_backup_has_of_each_is_restored(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    with reading(home) as office:
        made = back_up(office)
    place = home_of(home, NEXT)
    kept = (place / "units.csv").read_bytes()
    with open_office(place) as office:
        set_staff(office, "man", "admin")
    (place / "units.csv").write_text(a_roster(a_unit("A"), a_unit("B"), a_unit("C")), "utf-8")

    done = restore(home, made.folder)

    assert (done.lost, done.other_history, done.proof.months) == (1, False, 4)
    assert (place / "units.csv").read_bytes() == kept
    with reading(place) as office:
        assert staff(office) == []
        assert {row.unit: row.points for row in rank(office)} == {"A": 0, "B": 5}
    assert done.aside is not None
    back = restore(home, done.aside)
    assert back.lost == 0
    with open_office(place) as office:
        assert [one.person.login for one in staff(office)] == ["man"]
        assert len(office.units) == 3


def test_a_backup_is_restored_where_there_is_nothing_but_the_program(tmp_path: Path) -> None:
    home = with_next(tmp_path)
    with reading(home) as office:
        made = back_up(office)

    restore(tmp_path / "elsewhere", made.folder)

    with open_office(home_of(tmp_path / "elsewhere", NEXT)) as office:
        assert {row.unit: row.points for row in rank(office)} == {"A": 0, "B": 5}
        assert office.rubric.items[PLAN].months == (Month(2014, 6),)


def test_a_backup_from_before_a_campaign_was_added_is_restored_without_it(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with reading(home) as office:
        made = back_up(office)
    clone_campaign(home, "test", NEXT, "下一年")

    restore(home, made.folder)

    assert [one.id for one in campaigns(home)] == ["test"]


def test_two_campaigns_of_one_open_file_write_by_turns(tmp_path: Path) -> None:
    home = with_next(tmp_path)

    with open_office(home) as first, open_beside(first, home_of(home, NEXT)) as second:
        set_staff(first, "man", "admin")
        set_staff(second, "sys", "admin")
        with second.ledger.group():
            set_staff(second, "bin", "clerk")
            assert [one.person.login for one in staff(first)] == ["man"]

        assert {one.person.login for one in staff(second)} == {"sys", "bin"}
        for office in (first, second):
            verify(office)


def test_an_addition_that_fails_leaves_nothing(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    with Ledger.open(home / "ledger.duckdb") as ledger:
        with pytest.raises(GsjxError), ledger.adding(NEXT) as added, added.act():
            raise StateError
        assert ledger.schemas == ["main"]
        with ledger.adding(NEXT), pytest.raises(LedgerTrouble):
            ledger.beside("nothing")
        assert ledger.schemas == ["main", NEXT]
