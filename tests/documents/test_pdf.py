"""PDF by way of LibreOffice: a real one where it counts, a stand-in for what can go wrong."""

from __future__ import annotations

import stat
import subprocess
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

import libreoffice
from gsjx_tui.documents import pdf
from gsjx_tui.documents.pdf import PdfError, to_pdf
from gsjx_tui.documents.placing import ExportError


def a_sheet(path: Path, text: str = "考核") -> Path:
    book = Workbook()
    book.worksheets[0]["A1"] = text
    book.save(path)
    return path


def a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A stand-in for LibreOffice."""
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pdf, "find_soffice", lambda: program)


@pytest.mark.slow
def test_many_files_become_pdf_in_one_go(tmp_path: Path) -> None:
    libreoffice.needed()
    sources = [a_sheet(tmp_path / f"{name}.xlsx", name) for name in ("通报", "整改 通知")]

    made = to_pdf(sources, tmp_path / "pdf")

    assert [path.name for path in made] == ["通报.pdf", "整改 通知.pdf"]
    for path in made:
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout
        assert path.stem in text.decode()
    assert sorted(path.name for path in (tmp_path / "pdf").iterdir()) == sorted(
        path.name for path in made
    )
    with pytest.raises(ExportError, match="已有这个文件"):
        to_pdf(sources, tmp_path / "pdf")


def test_a_missing_libreoffice_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_PLACES", (f"{tmp_path}/none*/soffice",))

    with pytest.raises(PdfError, match="没有找到 LibreOffice，不能转成 PDF；安装 LibreOffice"):
        to_pdf([a_sheet(tmp_path / "a.xlsx")], tmp_path / "pdf")
    assert not (tmp_path / "pdf").exists()


def test_an_unpacked_libreoffice_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libreoffice7.6" / "program").mkdir(parents=True)
    program = tmp_path / "libreoffice7.6" / "program" / "soffice"
    program.write_text("")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(pdf, "_PLACES", (f"{tmp_path}/libreoffice*/program/soffice",))

    assert pdf.find_soffice() == program


@pytest.mark.slow
def test_a_hung_libreoffice_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = tmp_path / "alive"
    a_program(tmp_path, monkeypatch, f"(sleep 2; touch {alive}) & sleep 60")

    with pytest.raises(PdfError, match="没有转完，已停止"):
        to_pdf([a_sheet(tmp_path / "a.xlsx")], tmp_path / "pdf", patience=0.3)

    time.sleep(2.2)
    assert not alive.exists()
    assert [*(tmp_path / "pdf").iterdir()] == []


def test_what_libreoffice_says_goes_to_the_administrator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program(tmp_path, monkeypatch, "echo starting; echo 'no more memory.'; exit 81")

    with pytest.raises(PdfError, match=r"出错退出（81）[^\0]*供管理员参考：no more memory。"):
        to_pdf([a_sheet(tmp_path / "a.xlsx")], tmp_path / "pdf")


def test_a_file_it_did_not_take_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path, monkeypatch, "exit 0")

    with pytest.raises(PdfError, match=r"a\.xlsx：LibreOffice 没有转成 PDF"):
        to_pdf([a_sheet(tmp_path / "a.xlsx")], tmp_path / "pdf")


def test_two_files_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_program(tmp_path, monkeypatch, "exit 0")
    (tmp_path / "b").mkdir()

    with pytest.raises(PdfError, match="有同名的文件：a"):
        to_pdf([a_sheet(tmp_path / "a.xlsx"), a_sheet(tmp_path / "b/a.xlsx")], tmp_path / "pdf")
