"""Papers as LibreOffice prints them: the page of GB/T 9704-2012, measured in the PDF."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

import libreoffice
from builders import PROJECT
from gsjx_tui.documents.paper_samples import sample
from gsjx_tui.documents.paper_write import TEMPLATES, write_paper
from gsjx_tui.documents.papers import ObjectionDecision, Paper, ResultsLetter
from gsjx_tui.documents.pdf import to_pdf

pytestmark = pytest.mark.slow

SHIPPED = PROJECT / "data" / "templates"
_POINTS_MM = 72 / 25.4


def printed(tmp_path: Path, papers: list[Paper]) -> list[Path]:
    libreoffice.needed()
    sources = [tmp_path / f"{n}.docx" for n in range(len(papers))]
    for path, paper in zip(sources, papers, strict=True):
        write_paper(path, paper, SHIPPED / TEMPLATES[paper.kind])
    return list(to_pdf(sources, tmp_path))


def pages(path: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return text.stdout.decode().split("\f")[:-1]


def boxes(path: Path, page: int) -> list[tuple[str, float, float, float, float]]:
    """Every word of a page with its left, top, right and bottom edge in millimetres."""
    numbers = ["-f", str(page), "-l", str(page)]
    made = subprocess.run(
        ["pdftotext", "-bbox", *numbers, path, "-"], capture_output=True, check=True
    )
    found = re.findall(rb"<word [^>]*>.*?</word>", made.stdout)
    words = [ElementTree.fromstring(word.decode()) for word in found]
    edges = ("xMin", "yMin", "xMax", "yMax")
    return [
        (word.text or "", *(float(word.attrib[edge]) / _POINTS_MM for edge in edges))  # type: ignore[misc]
        for word in words
    ]


def test_a_full_page_has_22_lines_of_28_letters(tmp_path: Path) -> None:
    decision = sample(ObjectionDecision.kind)[0]
    assert isinstance(decision, ObjectionDecision)
    long = replace(decision, grounds="国" * 28 * 60)

    (path,) = printed(tmp_path, [long])

    text = [line.strip() for line in pages(path)[1].splitlines()]
    full = [line for line in text if line.startswith("国国")]
    assert [len(line) for line in full] == [28] * 22
    drawn = [word for word in boxes(path, 2) if word[0].startswith("国国")]
    assert min(word[1] for word in drawn) == pytest.approx(28, abs=0.5)
    assert max(word[3] for word in drawn) == pytest.approx(28 + 156, abs=1)
    assert min(word[2] for word in drawn) > 37 - 1
    assert max(word[4] for word in drawn) < 37 + 225 + 1


def test_a_long_issuer_stands_on_one_line(tmp_path: Path) -> None:
    issuer = "躬身践行服务发展某活动领导小组办公室"
    papers = [
        replace(paper, head=replace(paper.head, issuer=name))
        for kind in (ObjectionDecision.kind, ResultsLetter.kind)
        for paper in (sample(kind)[0],)
        for name in (issuer, "某县活动办公室")
    ]

    made = printed(tmp_path, papers)

    for path, paper in zip(made, papers, strict=True):
        (first, *_) = (word for word in boxes(path, 1) if word[0].startswith(paper.head.issuer[:4]))
        assert first[0].startswith(paper.head.issuer)
        assert first[1] >= 28 and first[3] <= 28 + 156 + 0.5


def test_page_numbers_stand_outside(tmp_path: Path) -> None:
    decision = sample(ObjectionDecision.kind)[0]
    assert isinstance(decision, ObjectionDecision)

    (path,) = printed(tmp_path, [replace(decision, grounds="国" * 28 * 60)])

    for page, outside in ((1, "right"), (2, "left"), (3, "right")):
        low = [word for word in boxes(path, page) if word[2] > 37 + 225]
        assert "".join(word[0] for word in low) == f"—{page}—"
        left, right = min(word[1] for word in low), max(word[3] for word in low)
        if outside == "right":
            assert right == pytest.approx(28 + 156 - 14 / _POINTS_MM, abs=1)
        else:
            assert left == pytest.approx(28 + 14 / _POINTS_MM, abs=1)


def test_every_paper_prints_its_mark_on_every_page(tmp_path: Path) -> None:
    papers = [paper for kind in TEMPLATES for paper in sample(kind)]

    for path, paper in zip(printed(tmp_path, papers), papers, strict=True):
        for page in pages(path):
            assert paper.mark.code in page
            assert ("未定稿" in page) == (not paper.mark.edition)
            assert ("第2版" in page.replace(" ", "")) == bool(paper.mark.edition)


def test_the_imprint_is_at_the_foot_and_the_record_on_one_page(tmp_path: Path) -> None:
    record, letter, decision = (
        sample(kind)[0] for kind in ("admonition_record", "results_letter", "objection_decision")
    )

    made = printed(tmp_path, [record, letter, decision])

    assert [len(pages(path)) for path in made] == [1, 1, 2]
    for path, page in ((made[1], 1), (made[2], 2)):
        copies = [word for word in boxes(path, page) if word[0].startswith("抄送")]
        assert len(copies) == 1
        assert 37 + 225 - 20 < copies[0][2] < 37 + 225
