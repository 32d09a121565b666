"""A plugin whose code fails is named and switched off; all else works; its months stay open."""

from __future__ import annotations

from pathlib import Path

import pytest

from builders import (
    AUGUST,
    JULY,
    JUNE,
    a_campaign,
    a_plugin,
    a_roster,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    observed,
    posted,
    recorded,
)
from gsjx_tui.cli import main
from gsjx_tui.domain import Month
from gsjx_tui.errors import RubricError, StateError
from gsjx_tui.office.card import card
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office, open_office
from gsjx_tui.office.outcomes import outcomes
from gsjx_tui.office.rank import rank
from gsjx_tui.office.sheet import sheet, worth
from gsjx_tui.office.verify import verify

TWO = a_campaign(["first", "second"], points=20)
FIRST = a_stage(id="first", months=[JUNE])
SECOND = a_stage(id="second", months=[JULY, AUGUST])

OWN_RULE = """
from dataclasses import dataclass
from gsjx_tui.rubric.model import Field, Rule

@dataclass(frozen=True)
class Own:
    max: Decimal

@hookimpl
def gsjx_rules():
    return {"own": Rule(
        params=Own,
        to_date=lambda params, seen: 1 / 0 if seen.values else Decimal(0),
        nominal=lambda params: params.max,
        fields=lambda params, months: (Field("points", "得分", "points", params.max),),
        expects=lambda params: "once",
        check=lambda params, months: (),
    )}
"""

FAILING = {
    "import": "1 / 0",
    "exit": "raise SystemExit(3)",
    "score": "@hookimpl\ndef gsjx_score(item): return 1 / 0",
    "infinite": "@hookimpl\ndef gsjx_score(item): return Decimal('NaN')",
}


def two_stages(tmp_path: Path, code: str = "", second: str = SECOND) -> Path:
    """A home that has its two stages as plugins of its own; ``code`` is in the second's."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2"), campaign=TWO, folders=[_new(tmp_path)]):
        pass
    home = tmp_path / "home"
    (tmp_path / "plugins").rename(home / "plugins")
    spoiled(home, code, second)
    return home


def _new(tmp_path: Path) -> Path:
    folder = a_plugin(tmp_path / "plugins", "stage_first", stage=FIRST)
    a_plugin(tmp_path / "plugins", "stage_second", stage=SECOND)
    return folder


def spoiled(home: Path, code: str, second: str = SECOND) -> None:
    """Puts code into the plugin of the second stage."""
    place = home / "plugins" / "stage_second"
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    a_plugin(home / "plugins", "stage_second", code, second)


def refused(office: Office, month: str) -> str:
    """Why a month can't be confirmed."""
    with pytest.raises(StateError) as error:
        confirm(office, Month.parse(month))
    return str(error.value)


@pytest.mark.parametrize("code", FAILING.values(), ids=FAILING)
def test_the_months_of_its_stage_cant_be_confirmed_and_all_others_can(
    tmp_path: Path, code: str
) -> None:
    home = two_stages(tmp_path, code)

    with open_office(home) as office:
        recorded(office, observed("first.b1.plan", 7), observed("second.b1.plan", 6, month=JULY))
        confirmed(office, JUNE)

        assert posted(office) == {("first.b1.plan", JUNE): 7}
        said = refused(office, JULY)
        assert "插件 stage_second：出错，本次运行已停用" in said
        assert "在此之前阶段 second 的月份不能核定、更正" in said
        assert posted(office) == {("first.b1.plan", JUNE): 7}
        assert [row.points for row in rank(office)] == [7, 0]
        assert card(office, "A1").points == 7
        assert worth(office, sheet(office, "A1", Month.parse(JULY))).items["second.b1.plan"] == 6


def test_once_it_is_mended_its_months_can_be_confirmed(tmp_path: Path) -> None:
    home = two_stages(tmp_path, FAILING["import"])
    with open_office(home) as office:
        confirmed(office, JUNE)
        refused(office, JULY)

    spoiled(home, "")

    with open_office(home) as office:
        recorded(office, observed("second.b1.plan", 6, month=JULY))
        confirmed(office, JULY)
        assert posted(office) == {("second.b1.plan", JULY): 6}
        verify(office)


def test_a_confirmed_month_of_its_stage_cant_be_corrected_nor_is_it_called_proved(
    tmp_path: Path,
) -> None:
    five = "@hookimpl\ndef gsjx_score(points): return 1 / 0 if points == 5 else points"
    home = two_stages(tmp_path, five)

    with open_office(home) as office:
        recorded(office, observed("second.b1.plan", 6, month=JULY))
        confirmed(office, JUNE, JULY)
        with pytest.raises(StateError, match="插件 stage_second：出错"):
            correct(office, "A1", "second.b1.plan", JULY, {"points": "5"}, "复核")
        with pytest.raises(StateError, match="试行second阶段：没有核对，插件 stage_second出错"):
            verify(office)
        assert posted(office) == {("second.b1.plan", JULY): 6}


def test_a_stage_whose_rules_are_gone_keeps_its_months(tmp_path: Path) -> None:
    second = a_stage({"id": "own", "rule": "own", "max": 10}, id="second", months=[JULY, AUGUST])
    an_office(tmp_path, campaign=TWO, folders=[a_plugin_pair(tmp_path, second)]).close()
    home = tmp_path / "home"
    (tmp_path / "pair").rename(home / "plugins")
    spoiled(home, OWN_RULE + "\n1 / 0", second)

    with open_office(home) as office:
        assert [str(month) for month in office.rubric.months] == [JUNE, JULY, AUGUST]
        confirmed(office, JUNE)
        assert "ZeroDivisionError：division by zero，plugin.py 第" in refused(office, JULY)


def a_plugin_pair(tmp_path: Path, second: str) -> Path:
    """The first stage, and a second that scores by a rule of its own."""
    folder = a_plugin(tmp_path / "pair", "stage_first", stage=FIRST)
    return a_plugin(folder, "stage_second", OWN_RULE, second)


def test_a_rule_that_fails_while_scoring_switches_its_plugin_off(tmp_path: Path) -> None:
    second = a_stage({"id": "own", "rule": "own", "max": 10}, id="second", months=[JULY, AUGUST])
    folder = a_plugin_pair(tmp_path, second)

    with an_office(tmp_path, campaign=TWO, folders=[folder]) as office:
        confirmed(office, JUNE)
        recorded(office, observed("second.b1.own", 6, month=JULY))

        assert "ZeroDivisionError" in refused(office, JULY)


def test_a_plugin_without_a_stage_has_a_say_in_all_and_blocks_all(tmp_path: Path) -> None:
    home = two_stages(tmp_path)
    a_plugin(home / "plugins", "doubling", FAILING["score"])

    with open_office(home) as office:
        assert "插件 doubling" in refused(office, JUNE)


def test_a_stages_plugin_has_no_say_in_other_stages(tmp_path: Path) -> None:
    home = two_stages(tmp_path, "@hookimpl\ndef gsjx_score(points): return points + 1")

    with open_office(home) as office:
        recorded(office, observed("first.b1.plan", 7), observed("second.b1.plan", 6, month=JULY))
        confirmed(office, JUNE, JULY)

        assert posted(office) == {("first.b1.plan", JUNE): 7, ("second.b1.plan", JULY): 7}


@pytest.mark.parametrize("answer", ["1 / 0", "7"])
def test_a_check_that_fails_lets_the_observation_in_and_blocks_the_month(
    tmp_path: Path, answer: str
) -> None:
    home = two_stages(tmp_path, f"@hookimpl\ndef gsjx_check(item): return {answer}")

    with open_office(home) as office:
        confirmed(office, JUNE)
        recorded(office, observed("second.b1.plan", 6, month=JULY))

        assert "插件 stage_second" in refused(office, JULY)


@pytest.mark.parametrize("answer", ["1 / 0", "7", "[7]"])
def test_outcomes_that_fail_leave_those_of_the_program(tmp_path: Path, answer: str) -> None:
    home = two_stages(tmp_path, f"@hookimpl\ndef gsjx_outcomes(stage): return {answer}")

    with open_office(home) as office:
        recorded(office, observed("first.b1.plan", 7))
        confirmed(office, JUNE, JULY, AUGUST)

        assert [o.unit for o in outcomes(office, "second").outcomes] == ["A1", "A2"]
        assert [fault.where for fault in office.plugins.off] == ["插件 stage_second"]


def test_it_is_told_once_and_the_command_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = two_stages(tmp_path, FAILING["import"])

    assert main(["confirm", JUNE, "--home", str(home)]) == 0
    said = capsys.readouterr()

    assert said.err.count("插件 stage_second：出错") == 1
    assert "Traceback" not in said.err

    assert main(["confirm", JULY, "--home", str(home)]) == 1
    assert "不能核定" in capsys.readouterr().err


def test_a_changed_roster_isnt_taken_over_while_a_plugin_is_off(tmp_path: Path) -> None:
    home = two_stages(tmp_path, FAILING["import"])
    (home / "units.csv").write_text(a_roster(a_unit("A1"), a_unit("A2"), a_unit("A3")), "utf-8")

    with pytest.raises(RubricError, match="有插件出错，活动文件的改动没有启用"):
        open_office(home)


def test_a_home_isnt_made_with_a_plugin_that_is_off(tmp_path: Path) -> None:
    folder = _new(tmp_path)
    a_plugin(folder, "faulty", FAILING["import"])

    with pytest.raises(RubricError, match="插件 faulty"):
        an_office(tmp_path, campaign=TWO, folders=[folder])
    assert not (tmp_path / "home" / "ledger.duckdb").exists()
