"""Messages of the office on a screen: keys instead of commands, labels instead of ids."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from builders import PROJECT
from gsjx_tui.office.home import read_campaign
from gsjx_tui.rubric.model import Rubric
from gsjx_tui.tui.places import BY_ID
from gsjx_tui.tui.ways import ON_SCREEN, WITHOUT, on_screen

SOURCES = PROJECT / "src" / "gsjx_tui"


@cache
def rubric() -> Rubric:
    return read_campaign(PROJECT / "data" / "campaign.toml").rubric


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("改动请用 gsjx correct。", "改动请到得分卡上按 x 更正。"),
        ("改动请用更正：gsjx correct。", "改动请用更正：得分卡上按 x。"),
        ("gsjx confirm 2013-06 --unit E05", "核定界面（首页按 c）"),
        ("先核定：gsjx confirm 月份。", "先核定：核定界面（首页按 c）。"),
        ("用 gsjx cases --all 查看编号", "到台账界面（首页按 t）查看编号"),
        ("补抽：gsjx draw 2013-06", "补抽：抽查界面（首页按 d）"),
        ("请管理员用 gsjx staff 调整", "请管理员用 gsjx staff 调整"),
        ("study.b1.body 在 2013-08 不考核", "活动组织机构 在 2013-08 不考核"),
        ("campaign.toml 改过", "campaign.toml 改过"),
    ],
)
def test_a_screen_says_its_own_way(said: str, shown: str) -> None:
    assert on_screen(said, rubric()) == shown


def test_the_keys_are_those_of_home() -> None:
    for word, place in (("confirm", "confirm"), ("objections", "objections"), ("sql", "query")):
        assert f"首页按 {BY_ID[place].key}" in on_screen(f"用 gsjx {word} 看", rubric())


def test_every_command_that_a_message_names_has_a_screen_or_is_an_administrators() -> None:
    named: set[str] = set()
    for folder in ("office", "tui", "rubric", "ledger"):
        for path in (SOURCES / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = node.value
                    if re.search(r"[\u4e00-\u9fff]", text):
                        named |= set(re.findall(r"gsjx ([a-z]+)", text))

    assert named <= ON_SCREEN | WITHOUT
    assert {"correct", "confirm", "staff"} <= named  # it does find them
