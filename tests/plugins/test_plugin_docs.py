"""``docs/plugins.md``: its tutorial works as it stands, its reference is what the code says."""

from __future__ import annotations

import dataclasses
import re
import shlex
import shutil
from pathlib import Path

import pytest
from tools.plugin_reference import BEGIN, DOCUMENT, END, hooks, reference, written

from gsjx_tui.cli import main
from gsjx_tui.domain import Settings
from gsjx_tui.rubric import campaign_toml, toml
from gsjx_tui.rubric.shipped import RULES

TEXT = DOCUMENT.read_text("utf-8")
TUTORIAL = TEXT[TEXT.index("## 十五分钟") : TEXT.index("## 写评分表")]
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)


def test_the_reference_is_made_from_the_code_as_it_is() -> None:
    assert written(TEXT) == TEXT, "run: python -m tools.plugin_reference"


@pytest.mark.parametrize("hook", hooks())
def test_every_hook_is_documented(hook: str) -> None:
    assert f"#### `{hook}`" in TEXT[TEXT.index(BEGIN) : TEXT.index(END)]


def test_every_key_is_documented() -> None:
    keys = {
        *campaign_toml.CAMPAIGN_KEYS,
        *campaign_toml.CATEGORY_KEYS,
        *campaign_toml.GRADE_KEYS,
        *toml.STAGE_KEYS,
        *toml.INDICATOR_KEYS,
        *toml.ITEM_KEYS,
        *(field.name for field in dataclasses.fields(Settings)),
        *(field.name for rule in RULES.values() for field in dataclasses.fields(rule.params)),
    }

    assert {key for key in keys if f"| `{key}` |" not in reference()} == set()
    assert all(f"**`{name}`**" in reference() for name in RULES)


@pytest.mark.slow
def test_the_tutorial_works_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GSJX_HOME", raising=False)
    said: dict[str, str] = {}

    for kind, name, body in BLOCKS:
        if kind == "console":
            for line in body.splitlines():
                command, *words = shlex.split(line)
                assert command == "gsjx"
                code = main(words)
                told = capsys.readouterr()
                assert (code, told.err) == (0, ""), f"{line}\n{told.err}"
                said[line] = told.out
            continue
        path = Path(body.strip() if kind == "copy" else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "copy":
            shutil.copy(name, path)
        else:
            path.write_text(body, "utf-8")

    assert len(BLOCKS) >= 10
    assert "插件 stage_x 检查通过" in said["gsjx plugin check activity/plugins/stage_x"]
    assert "1 个单位的分数或名次会变" in said["gsjx plugin try draft/stage_x --home activity"]
    assert "领导小组决定" in said["gsjx rubric --in-force --home activity"]
