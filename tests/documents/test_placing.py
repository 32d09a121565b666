"""Files come whole or not at all, and never over another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gsjx_tui.documents.placing import ExportError, placed, placed_together


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "通报" / "a.txt"

    with placed(path) as draft:
        draft.write_text("全文", "utf-8")
        assert not path.exists()

    assert path.read_text("utf-8") == "全文"
    assert [*path.parent.iterdir()] == [path]


def test_nothing_is_left_of_what_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), placed(tmp_path / "a.txt") as draft:
        draft.write_text("一半", "utf-8")
        raise RuntimeError

    assert [*tmp_path.iterdir()] == []


def test_somebody_who_was_quicker_keeps_the_name(tmp_path: Path) -> None:
    names = ["a.txt", "b.txt"]

    with (
        pytest.raises(ExportError, match=r"b\.txt：已有这个文件，没有覆盖"),
        placed_together(tmp_path, names) as drafts,
    ):
        for draft in drafts:
            draft.write_text("新", "utf-8")
        (tmp_path / "b.txt").write_text("旧", "utf-8")

    assert [*tmp_path.iterdir()] == [tmp_path / "b.txt"]
    assert (tmp_path / "b.txt").read_text("utf-8") == "旧"


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")

    with pytest.raises(ExportError, match="不能写入"), placed(tmp_path / "a" / "b.txt"):
        pass
