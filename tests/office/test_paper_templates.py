"""Templates of an office before the shipped ones, and what is said of bad ones."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from docx import Document

from gsjx_tui.documents.paper_write import TEMPLATES
from gsjx_tui.errors import StateError
from gsjx_tui.office.home import shipped
from gsjx_tui.office.paper_templates import check_templates, of_faults, template_of


def own(home: Path, name: str, text: str = "") -> Path:
    """A template of the home: the shipped one, with a paragraph more."""
    path = home / "templates" / name
    path.parent.mkdir(exist_ok=True)
    shutil.copy(shipped("templates") / TEMPLATES["ranking_notice"], path)
    if text:
        document = Document(str(path))
        document.add_paragraph(text)
        document.save(str(path))
    return path


def test_an_offices_own_template_is_taken_first(tmp_path: Path) -> None:
    notice = own(tmp_path, "通报.docx")

    assert template_of(tmp_path, "ranking_notice") == notice
    assert template_of(tmp_path, "results_letter") == shipped("templates") / "结果函.docx"


def test_every_template_in_use_is_checked(tmp_path: Path) -> None:
    own(tmp_path, "通报.docx", "{{ 活动 }}")

    found = check_templates(tmp_path)

    assert of_faults(found) is None
    assert [(one.name, one.own) for one in found] == [
        (name, name == "通报.docx") for name in TEMPLATES.values()
    ]


def test_a_bad_placeholder_is_named(tmp_path: Path) -> None:
    own(tmp_path, "通报.docx", "{{ 活动名 }}和{{ 范围")

    error = of_faults(check_templates(tmp_path))

    assert error is not None
    assert "通报.docx" in str(error) and "占位符不成对" in str(error)
    own(tmp_path, "通报.docx", "{{ 活动名 }}")
    assert "通报.docx：不认识占位符“活动名”；是否为“活动”？" in str(
        of_faults(check_templates(tmp_path))
    )


def test_a_mistyped_name_is_noticed_and_what_word_keeps_isnt(tmp_path: Path) -> None:
    own(tmp_path, "通 报.docx")
    (tmp_path / "templates" / "~$通报.docx").write_bytes(b"")
    (tmp_path / "templates" / "说明.txt").write_bytes(b"")

    error = of_faults(check_templates(tmp_path))

    assert error is not None
    assert [str(fault) for fault in error.faults] == [
        f"通 报.docx：不知道是哪种文件的模板；文件名用：{'、'.join(TEMPLATES.values())}。"
    ]


@pytest.mark.skipif(os.getuid() == 0, reason="root reads every folder")
def test_a_folder_that_cant_be_read(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir(mode=0)

    with pytest.raises(StateError, match="读不出模板文件夹"):
        check_templates(tmp_path)
