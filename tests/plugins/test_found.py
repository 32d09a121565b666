"""Where plugins are found, and which folders are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from builders import a_plugin, a_stage
from gsjx_tui.errors import Fault, RubricError
from gsjx_tui.plugins.found import check_safe, find


def test_a_plugin_is_found_with_its_place_and_version(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "stage_x", stage=a_stage())
    (folder / "stage_x" / "pyproject.toml").write_text('[project]\nversion = "1.2"\n')

    mine = next(plugin for plugin in find([folder]) if plugin.name == "stage_x")

    assert (mine.origin, mine.version) == (str(folder / "stage_x"), "1.2")
    assert mine.stage_file == folder / "stage_x" / "stage.toml"
    assert not (folder / "stage_x" / "__pycache__").exists()


def test_an_installed_plugin_is_found_with_its_distribution_and_version() -> None:
    study = next(plugin for plugin in find() if plugin.name == "stage_study")

    assert (study.origin, study.version) == ("gsjx-stage-study", "0.1.0")
    assert study.module is not None and study.stage_file is not None


def test_what_doesnt_import_is_found_with_the_reason_and_line(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path, "faulty", "\nimport no_such_module")

    faulty = next(plugin for plugin in find([folder]) if plugin.name == "faulty")

    assert faulty.module is None
    assert faulty.failure == (
        "ModuleNotFoundError：No module named 'no_such_module'，plugin.py 第 5 行"
    )


@pytest.mark.parametrize("mode", [0o775, 0o757])
@pytest.mark.parametrize("name", ["", "stage_x", "stage_x/plugin.py", "stage_x/stage.toml"])
def test_what_others_may_write_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    folder = a_plugin(tmp_path / "plugins", "stage_x", stage=a_stage())
    path = folder / name
    path.chmod(mode)

    with pytest.raises(RubricError) as refused:
        find([folder])

    assert refused.value.faults == (
        Fault(str(path), "别人也能写，其中的插件没有装入", f"用 chmod go-w {path} 收回写权限"),
    )


def test_code_of_another_user_is_refused_unless_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_plugin(tmp_path / "plugins", "stage_x")
    mine = folder.stat().st_uid
    if mine == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 12345, -1)
        mine = 12345
    monkeypatch.setattr(os, "getuid", lambda: 54321)

    with pytest.raises(RubricError, match="chown"):
        check_safe(folder)
    check_safe(folder, [mine])


def test_a_link_is_refused(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path / "plugins", "stage_x")
    (folder / "stage_x" / "more.py").symlink_to("/etc/hostname")

    with pytest.raises(RubricError, match="是符号链接"):
        find([folder])


def test_a_folder_below_one_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    folder = a_plugin(tmp_path / "open" / "plugins", "stage_x")
    (tmp_path / "open").chmod(0o777)

    with pytest.raises(RubricError, match="chmod o-w"):
        find([folder])

    (tmp_path / "open").chmod(0o1777)
    assert find([folder])
