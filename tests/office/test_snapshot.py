"""The published snapshot: its figures are the office's, whole at every moment, for whom it may."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from builders import (
    PROJECT,
    SOURCES,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.domain import Month
from gsjx_tui.errors import NotPermitted, StateError
from gsjx_tui.ledger.snapshot import add_views, asks_snapshot, snapshot_state
from gsjx_tui.ledger.views import views
from gsjx_tui.office import home as alone
from gsjx_tui.office.asking import Asking
from gsjx_tui.office.card import card
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.copies import catalog, ledger_state, meanings
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office
from gsjx_tui.office.query import asking
from gsjx_tui.office.rank import rank
from gsjx_tui.office.record import record
from gsjx_tui.office.snapshot import (
    SNAPSHOT,
    Publisher,
    publish,
    save_parquet,
    save_snapshot,
)
from gsjx_tui.office.staff import set_staff
from gsjx_tui.rubric.model import Observation
from gsjx_tui.seats import opening
from serving import serving, until

SHOWN = [view for view in views() if not view.hidden]


def rows(path: Path, query: str, **values: object) -> list[tuple[Any, ...]]:
    """What any DuckDB tool answers."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query, values or None).fetchall()


# figures -----------------------------------------------------------------------------------------


def a_random_campaign(tmp_path: Path, seed: int) -> Office:
    """Units that come and go, ties, months half confirmed, corrections: five months of it."""
    random = Random(seed)
    bounds = [("", ""), ("", ""), ("", ""), ("2013-07", ""), ("", "2013-08"), ("2013-10", "")]
    units = [
        a_unit(f"{category[0].upper()}{n}", category, since=since, through=through)
        for category in ("economy", "support")
        for n, (since, through) in enumerate(bounds)
    ]
    office = an_office(tmp_path, *units)
    months = [Month.parse(f"2013-{number:02}") for number in range(6, 11)]
    for month in months:
        record(office, list(_seen(office, random, month)))
        active = [unit.code for unit in office.units if unit.takes_part(month)]
        last = month == months[-1]
        confirm(office, month, random.sample(active, len(active) // 2) if last else ())
        if not last and random.random() < 0.7:
            item = {
                "2013-06": "study.b1.body",
                "2013-07": "study.b2.plan",
                "2013-08": "selfcheck.k3.reviews",
                "2013-09": "rectify.b1.unit_plan",
            }[str(month)]
            points = str(random.randint(0, 5))
            correct(office, random.choice(active), item, str(month), {"points": points}, "核减")
    return office


def _seen(office: Office, random: Random, month: Month) -> Iterator[Observation]:
    stage = office.rubric.stage_of(month)
    assert stage is not None
    for unit in office.units:
        for item in stage.items:
            sampled = any(field.name == "sampled" for field in item.fields)
            if sampled or month not in item.months or not unit.takes_part(month):
                continue
            for field in item.fields:
                for kind in ("claim", "verify"):
                    if random.random() < 0.3 and not (kind == "claim" and item.office):
                        value = Decimal(random.randint(0, int(min(field.maximum, 4))))
                        yield Observation(unit.code, month, item.id, field.name, kind, value)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("beside", [False, True], ids=["published", "beside the ledger"])
def test_every_figure_is_the_offices(tmp_path: Path, seed: int, beside: bool) -> None:
    with a_random_campaign(tmp_path, seed) as office:
        ask = _beside(office) if beside else _published(office)
        months = [str(month) for month in office.rubric.months if str(month) <= "2013-10"]
        for month in months:
            _ranks_are_equal(office, ask, month)
            _losses_are_equal(office, ask, month)
        assert {month for (month,) in ask("select distinct 月份 from 累计排名")} == set(months)
        assert ask("select count(*) from 累计排名 where 最新 <> (月份 = '2013-10')") == [(0,)]
        posted = office.ledger.rows("posted", first="2013-06", through="2013-10", unit="")
        assert ask("select sum(分数) from 记账") == [(sum(row[3] for row in posted),)]


def _published(office: Office) -> Any:
    path = publish(office).path
    return lambda query, *values: rows(path, query, **{f"v{n}": v for n, v in enumerate(values)})


def _beside(office: Office) -> Any:
    connection = office.ledger.reader()._connection
    add_views(connection)
    return lambda query, *values: connection.execute(
        query, {f"v{n}": v for n, v in enumerate(values)} or None
    ).fetchall()


def _ranks_are_equal(office: Office, ask: Any, month: str) -> None:
    names = {c.id: c.name for c in office.rubric.campaign.categories}
    through, alone = rank(office, through=month), rank(office, month=month)
    assert ask(
        "select 类别代码, 类别, 名次, 代码, 单位, 累计分, 距前一名, 已核定 from 累计排名"
        " where 月份 = $v0 order by 代码",
        month,
    ) == sorted(
        (
            (
                *(r.category, names[r.category], r.rank, r.unit, r.name, r.points, r.gap),
                r.confirmed_through,
            )
            for r in through
        ),
        key=lambda row: row[3],
    )
    assert ask(
        "select 代码, 上月名次, 名次, 升降, 上月累计分, 累计分 from 名次变化"
        " where 月份 = $v0 order by 代码",
        month,
    ) == sorted(
        (r.unit, r.previous_rank, r.rank, r.moved, r.previous_points, r.points) for r in through
    )
    assert ask(
        "select 代码, 名次, 得分, 已核定 from 月度得分 where 月份 = $v0 order by 代码", month
    ) == sorted((r.unit, r.rank, r.points, r.confirmed_through) for r in alone)
    stage = office.rubric.stage_of(Month.parse(month))
    assert stage is not None
    assert ask(
        "select 代码, 名次, 得分, 已核定 from 阶段得分"
        " where 月份 = $v0 and 阶段 = $v1 order by 代码",
        *(month, stage.name),
    ) == sorted(
        (r.unit, r.rank, r.points, r.confirmed_through)
        for r in rank(office, stage=stage.id, through=month)
    )


def _losses_are_equal(office: Office, ask: Any, month: str) -> None:
    stage = office.rubric.stage_of(Month.parse(month))
    assert stage is not None
    sure = {r.unit for r in rank(office, month=month) if r.confirmed_through}
    expected = []
    for unit in sure:
        (of_stage,) = [s for s in card(office, unit, month).stages if s.id == stage.id]
        expected += [
            (unit, item.id, item.nominal, item.points, item.nominal - item.points)
            for indicator in of_stage.indicators
            for item in indicator.items
            if item.nominal > item.points
        ]
    assert ask(
        "select 代码, 要点编号, 分值, 得分, 失分 from 失分明细 where 月份 = $v0 order by all", month
    ) == sorted(expected)


def test_what_units_claimed_stands_beside_what_was_verified(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.b1.body", 9, kind="claim"),
            observed("study.b1.body", 6),
            observed("study.b2.plan", 5, kind="claim"),
            observed("study.b2.minutes", 4),
        )
        path = publish(office).path

    assert rows(
        path, "select 要点编号, 自评, 已复核, 核定, 差异 from 自评核定差异 order by all"
    ) == [
        ("study.b1.body", 9, True, 6, 3),
        ("study.b2.plan", 5, False, 5, 0),
    ]


def test_additions_and_deductions(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(
            office,
            observed("study.b1.body", 9),
            observed("study.e4.complaint", count=2),
            observed("study.e4.praise", count=1),
        )
        confirmed(office, "2013-06")
        correct(office, "A1", "study.b1.body", "2013-06", {"points": "7"}, "重复")
        path = publish(office).path

    found = rows(path, "select 要点编号, 性质, 分数, 出处, 理由 from 加扣分明细 order by all")
    assert found == [
        ("study.b1.body", "扣分", -2, "更正", "重复"),
        ("study.e4.complaint", "扣分", -10, "核定", ""),
        ("study.e4.praise", "加分", 2, "核定", ""),
    ]


# the file ----------------------------------------------------------------------------------------


def test_a_leader_asks_in_chinese(tmp_path: Path) -> None:
    units = (a_unit("T1", "support", name="甲局"), a_unit("T2", "support", name="乙局"))
    with an_office(tmp_path, *units) as office:
        recorded(office, observed("study.b1.body", 9, unit="T2"))
        confirmed(office, "2013-06")
        path = publish(office).path

        found = rows(path, "select 单位, 累计分, 名次 from 累计排名 where 类别 = 'support类'")

    base = min(row[1] for row in found)
    assert found == [("乙局", base + 9, 1), ("甲局", base, 2)]


def test_the_file_is_one_that_duckdb_1_0_opens(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        head = publish(office).path.read_bytes()[:20]

    assert head[8:12] == b"DUCK"
    assert struct.unpack("<Q", head[12:20]) == (64,)  # the version of DuckDB 0.10 to 1.1


def test_tables_and_columns_say_what_they_hold(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        path = publish(office).path

    told = rows(
        path, "select table_name, column_name, comment from duckdb_columns() where not internal"
    )
    assert all(comment for *_, comment in told), told
    for view in SHOWN:
        columns = {column: about for name, column, about in told if name == view.name}
        assert columns == view.columns
    tables = dict(rows(path, "select table_name, comment from duckdb_tables()"))
    assert {name: tables[name] for name in tables if name != "发布信息"} == {
        view.name: view.about for view in SHOWN
    }


@pytest.mark.parametrize("view", [view.name for view in SHOWN])
def test_a_limit_is_kept(tmp_path: Path, view: str) -> None:
    with an_office(tmp_path, *(a_unit(f"A{n}") for n in range(4))) as office:
        recorded(
            office,
            *(
                observed("study.e4.complaint", count=1, unit=f"A{n}", kind=kind)  # type: ignore[arg-type]
                for n in range(4)
                for kind in ("verify",)
            ),
            *(observed("study.b1.body", 3, unit=f"A{n}", kind="claim") for n in range(4)),
        )
        confirmed(office, "2013-06")
        ledger = office.ledger.path
    with duckdb.connect(str(ledger), read_only=True) as connection:
        add_views(connection)
        count = len(connection.execute(f'from "{view}"').fetchall())
        limited = len(connection.execute(f'select * from "{view}" limit 2').fetchall())

    assert (count >= 4, limited) == (view != "事件", min(2, count))


def test_it_says_when_and_of_what_it_was_made(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        recorded(office, observed("study.b1.body", 9))
        made = publish(office)

        assert made.state == ledger_state(office) == snapshot_state(made.path)
        assert made.state.newest is not None and made.state.edition == 1
        recorded(office, observed("study.b1.body", 8))
        assert made.state != ledger_state(office)


def test_it_holds_nobodys_login_list_and_no_answers(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "root", "admin", "", "")
        path = publish(office).path

    assert {name for (name,) in rows(path, "select table_name from duckdb_tables()")} == {
        *(view.name for view in SHOWN),
        "发布信息",
    }


def test_saving_it_elsewhere_never_replaces_a_file(tmp_path: Path) -> None:
    target = tmp_path / "out" / "x.duckdb"
    with an_office(tmp_path) as office:
        save_snapshot(office, target)
        assert rows(target, "select 代码 from 单位") == [("A1",)]
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        before = target.read_bytes()

        with pytest.raises(Exception, match="已有这个文件"):
            save_snapshot(office, target)

    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["x.duckdb"]


def test_parquet_by_month(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        confirmed(office, "2013-06", "2013-07")
        _, count = save_parquet(office, folder)
        with pytest.raises(StateError, match="已有这个文件夹"):
            save_parquet(office, folder)

    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))
    assert len(found) == count
    assert {"单位.parquet", "2013-06/累计排名.parquet", "2013-07/累计排名.parquet"} < set(found)
    answered = duckdb.execute(
        f"select 月份, count(*) from '{folder}/*/累计排名.parquet' group by all order by all"
    ).fetchall()
    assert answered == [("2013-06", 2), ("2013-07", 2)]
    told = duckdb.execute(
        f"select decode(key) from parquet_kv_metadata('{folder}/单位.parquet')"
    ).fetchall()
    assert ("数据截至",) in told


# whole at every moment ---------------------------------------------------------------------------

_PUBLISHING = """
import sys
from pathlib import Path
from gsjx_tui.office.home import reading
from gsjx_tui.office.snapshot import publish
with reading(Path(sys.argv[1])) as office:
    while True:
        publish(office)
        print("published", flush=True)
"""
_READING = """
import sys
import duckdb
count = 0
try:
    while True:
        with duckdb.connect(sys.argv[1], read_only=True) as connection:
            found = connection.execute(
                "select (select count(*) from 累计排名), (select count(*) from 单位),"
                " (select sum(分数) from 记账), (select sum(得分) from 月度得分),"
                " (select count(*) from 发布信息), (select count(*) from 事件)"
            ).fetchone()
        assert found[0] == found[1] == 30 and found[2] == found[3] > 0 and found[4] == 1, found
        count += 1
        print(count, flush=True)
except Exception as error:
    print("broken", error, flush=True)
"""


def _process(code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": f"{SOURCES}:{PROJECT}"},
    )


@pytest.mark.slow
def test_killed_at_any_time_the_snapshot_stays_whole_for_its_readers(tmp_path: Path) -> None:
    with an_office(tmp_path, *(a_unit(f"A{n:02}") for n in range(30))) as office:
        recorded(office, *(observed("study.b1.body", n % 9, unit=f"A{n:02}") for n in range(30)))
        confirmed(office, "2013-06")
        path, place = publish(office).path, office.home
    readers = [_process(_READING, path) for _ in range(2)]
    try:
        for number in range(8):
            publishing = _process(_PUBLISHING, place)
            assert publishing.stdout is not None
            for _ in range(1 + number % 2):
                assert publishing.stdout.readline() == "published\n"
            with pytest.raises(subprocess.TimeoutExpired):
                publishing.wait(0.03 * number)
            publishing.kill()
            publishing.wait()
            publishing.stdout.close()
            assert rows(path, "select count(*) from 累计排名") == [(30,)]
    finally:
        told = []
        for reader in readers:
            reader.kill()
            assert reader.stdout is not None
            told.append(reader.stdout.read().splitlines())
            reader.wait()
            reader.stdout.close()
    for lines in told:
        assert not [line for line in lines if "broken" in line]
        assert len(lines) > 5

    with alone.reading(place) as office:
        publish(office)
    assert list((place / ".snapshot").iterdir()) == []


def test_a_snapshot_that_cannot_be_made_leaves_the_old_one(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        path = publish(office).path
        before = path.read_bytes()
        (office.home / ".snapshot").rmdir()
        (office.home / ".snapshot").write_text("")

        with pytest.raises(StateError, match="不能读写"):
            publish(office)

    assert path.read_bytes() == before


# for whom ----------------------------------------------------------------------------------------


def rights(path: Path) -> tuple[int, int]:
    found = path.stat()
    return stat.S_IMODE(found.st_mode), found.st_gid


def group(name: str) -> int:
    import grp

    return grp.getgrnam(name).gr_gid


def test_nobody_but_the_owner_reads_it_unless_told(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        assert rights(publish(office).path)[0] == 0o600


def test_a_group_of_readers_is_kept_until_it_is_taken_away(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        path = publish(office, "games").path
        assert rights(path) == (0o640, group("games"))

        assert publish(office).readers == "games"
        assert rights(path) == (0o640, group("games"))

        publish(office, "")
        assert rights(path)[0] == 0o600


def test_a_group_with_a_reporter_in_it_never_reads_it(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        path = publish(office, "lp").path
        set_staff(office, "root", "admin", "", "")
        set_staff(office, "lp", "reporter", "", "A1")

        made = publish(office)
        assert (made.readers, made.withheld) == ("", ("lp",))
        assert rights(path)[0] == 0o600

        with pytest.raises(StateError, match="里面有单位填报人 lp"):
            publish(office, "lp")
        with pytest.raises(StateError, match="没有用户组“no-such”"):
            publish(office, "no-such")
        assert rights(path)[0] == 0o600


def test_a_reporter_gets_no_snapshot(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "root", "admin", "", "")
        set_staff(office, "lp", "reporter", "", "A1")
        reporter = office.acting("lp", owner=False)

        for attempt in (
            lambda: publish(reporter),
            lambda: save_snapshot(reporter, tmp_path / "x.duckdb"),
            lambda: save_parquet(reporter, tmp_path / "x"),
        ):
            with pytest.raises(NotPermitted):
                attempt()

    assert not (tmp_path / "x.duckdb").exists() and not (tmp_path / "x").exists()


# when --------------------------------------------------------------------------------------------


def test_alone_it_is_published_after_each_confirmation_and_correction(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    recorded(office, observed("study.b1.body", 8))
    office.close()
    path = office.home / SNAPSHOT
    points = "select sum(分数) from 记账 where 要点编号 = 'study.b1.body'"

    with opening.open_office(office.home) as office:
        confirm(office, Month.parse("2013-06"), dry_run=True)
    with opening.open_office(office.home) as office:
        confirm(office, Month.parse("2013-06"))
    assert rows(path, points) == [(8,)]

    with opening.open_office(office.home) as office:
        correct(office, "A1", "study.b1.body", "2013-06", {"points": "5"}, "核减")
    assert rows(path, points) == [(5,)]

    before = path.stat().st_ino
    with opening.open_office(office.home) as office:
        recorded(office, observed("study.b2.plan", 8, month="2013-07"))
    assert path.stat().st_ino == before


def test_what_is_asked_for_meanwhile_is_published_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    began, go = threading.Event(), threading.Event()
    published: list[int] = []

    def slow(publisher: Publisher) -> None:
        began.set()
        assert go.wait(20)
        published.append(1)

    monkeypatch.setattr(Publisher, "_publish", slow)
    with an_office(tmp_path) as office:
        publisher = Publisher(office)
        publisher.wake()
        assert began.wait(20)
        for _ in range(10):
            publisher.wake()
        go.set()
        publisher.close()

    assert len(published) == 2


def test_a_confirmation_stands_though_nothing_can_be_published(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    office = an_office(tmp_path)
    office.close()
    (office.home / ".snapshot").write_text("")

    with opening.open_office(office.home) as office:
        confirm(office, Month.parse("2013-06"))

    assert "快照没有发布，原来的还在" in caplog.text
    with alone.reading(office.home) as office:
        assert [row.confirmed_through for row in rank(office)] == [True]


def test_through_a_service_it_is_published_and_asked(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    recorded(office, observed("study.b1.body", 8))
    office.close()
    path = office.home / SNAPSHOT
    question = "select sum(分数) from 记账 where 月份 = $m and 要点编号 = 'study.b1.body'"

    with serving(office.home) as service, service.office() as seat:
        confirm(seat, Month.parse("2013-06"))
        until(lambda: path.exists() and snapshot_state(path) == ledger_state(seat))
        with asking(seat, question, {"m": "2013-06"}) as asked:
            assert asked.copy == path
            assert asked.answer().rows == [["8.00"]]
        with asking(seat, "select count(*) from 单位, unit") as asked:
            assert asked.copy != path
            assert asked.answer().rows == [["1"]]

        recorded(seat, observed("study.b2.plan", 8, month="2013-07"))
        with asking(seat, question, {"m": "2013-06"}) as asked:
            assert asked.copy != path
            assert asked.answer().rows == [["8.00"]]
        assert publish(seat).state == ledger_state(seat)
        save_snapshot(seat, tmp_path / "x.duckdb")
        assert rows(tmp_path / "x.duckdb", "select count(*) from 考核记录") == [(2,)]


# asking beside the ledger ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("select 单位 from 累计排名 where 月份 = $month", True),
        ("with a as (from 记账) select * from a join 单位 b on a.代码 = b.代码;", True),
        ("select * from 累计排名 join unit on code = 代码", False),
        ("from staff", False),
        ("show tables", False),
        ("select 1", False),
        ("selec 单位", False),
    ],
)
def test_a_snapshot_is_asked_what_it_has(text: str, can: bool) -> None:
    assert asks_snapshot(text) is can


def test_names_and_meanings_are_offered(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        path = office.ledger.path

    found = catalog(path)
    assert found["累计排名"] == tuple(meanings()["累计排名"])[1:]
    assert "unit" in found
    assert not [name for name in found if name.startswith("_")]
    assert meanings()["累计排名"][""] == "截至每个月的累计分和在本类别的名次"


def test_the_views_are_there_for_every_query(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        path = office.ledger.path

    assert Asking(path, "select u.name, v.单位 from unit u, 单位 v").answer().rows == [
        ["A1局", "A1局"]
    ]
