"""Papers as files: words put in that the ledger doesn't know, Word and PDF written together."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gsjx_tui.documents.paper_write import TEMPLATES, carries, write_paper
from gsjx_tui.documents.papers import (
    AdjustmentRecommendation,
    AdmonitionNotice,
    AdmonitionRecord,
    AwardCandidates,
    Letterhead,
    ObjectionDecision,
    RankingNotice,
    RectificationNotice,
)
from gsjx_tui.documents.papers import Paper as Paper
from gsjx_tui.documents.pdf import to_pdf
from gsjx_tui.documents.placing import ExportError, placed_together
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.home import Office
from gsjx_tui.office.paper_templates import template_of
from gsjx_tui.office.result_tables import file_name


@dataclass(frozen=True)
class Wording:
    """What a person puts into a paper, as typed; empty stays blank, to be filled in by hand.

    Days are written 2013-08-05. ``plan_by`` and ``done_by`` are of 整改通知; ``person``, ``when``,
    ``where``, ``talker`` and ``recorder`` of a talk.
    """

    issuer: str = ""
    number: str = ""
    addressees: str = ""
    copies: str = ""
    dated: str = ""
    printed: str = ""
    plan_by: str = ""
    done_by: str = ""
    person: str = ""
    when: str = ""
    where: str = ""
    talker: str = ""
    recorder: str = ""


def worded(paper: Paper, wording: Wording) -> Paper:
    """The paper with these words; its figures and its code stay. Raises StateError for a day that
    is none, and for words the paper has no place for."""
    texts = {name: printable(text).strip() for name, text in vars(wording).items()}
    _check_place(paper, texts)
    head = Letterhead(
        issuer=texts["issuer"] or f"{paper.campaign}领导小组办公室",
        number=texts["number"],
        addressees=texts["addressees"] or _addressee(paper),
        copies=texts["copies"],
        dated=_day(texts["dated"], "成文日期"),
        printed=_day(texts["printed"], "印发日期"),
    )
    paper = _with_talk(paper, texts)
    if isinstance(paper, RectificationNotice):
        plan_by, done_by = _day(texts["plan_by"], "方案期限"), _day(texts["done_by"], "整改期限")
        return replace(paper, head=head, plan_by=plan_by, done_by=done_by)
    return replace(paper, head=head)


def _with_talk(paper: Paper, texts: dict[str, str]) -> Paper:
    if isinstance(paper, AdmonitionNotice | AdmonitionRecord):
        paper = replace(
            paper,
            person=texts["person"],
            when=texts["when"],
            where=texts["where"],
            talker=texts["talker"],
        )
    if isinstance(paper, AdmonitionRecord):
        paper = replace(paper, recorder=texts["recorder"])
    return paper


_OWN = {
    "plan_by": (RectificationNotice, "方案期限"),
    "done_by": (RectificationNotice, "整改期限"),
    "person": (AdmonitionNotice | AdmonitionRecord, "谈话对象姓名"),
    "when": (AdmonitionNotice | AdmonitionRecord, "谈话时间"),
    "where": (AdmonitionNotice | AdmonitionRecord, "谈话地点"),
    "talker": (AdmonitionNotice | AdmonitionRecord, "谈话人"),
    "recorder": (AdmonitionRecord, "记录人"),
}


def _check_place(paper: Paper, texts: dict[str, str]) -> None:
    for name, (kind, label) in _OWN.items():
        if texts[name] and not isinstance(paper, kind):
            raise StateError(Fault(called(paper), f"没有“{label}”这一栏", "去掉这一项"))


def _addressee(paper: Paper) -> str:
    """The unit itself, or the leading group; other addressees a person knows."""
    if isinstance(paper, ObjectionDecision):
        return paper.unit
    if isinstance(paper, RectificationNotice | AdmonitionNotice):
        return paper.place.unit
    if isinstance(paper, AdjustmentRecommendation | AwardCandidates):
        return f"{paper.campaign}领导小组"
    return ""


def _day(text: str, what: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise StateError(Fault(what, f"“{text}”不是日期", "写成 2013-08-05 这样")) from None


def called(paper: Paper) -> str:
    """What people call the paper's kind."""
    return TEMPLATES[paper.kind].removesuffix(".docx")


def name_of(paper: Paper) -> str:
    """The name of its file without the suffix; drafts and editions differ in it."""
    about = [called(paper)]
    if isinstance(paper, RankingNotice | AwardCandidates):
        about.append(paper.scope)
    elif isinstance(paper, ObjectionDecision):
        about += [paper.unit, str(paper.month), paper.item]
    else:
        about.append(paper.place.unit)
        if isinstance(paper, AdmonitionNotice | AdmonitionRecord):
            about.append(paper.role)
    # The code tells two papers of the same unit apart, and finds a file again.
    return file_name("-".join(about), paper.mark.code)


def write_papers(
    office: Office, papers: Sequence[Paper], into: Path | None = None, *, pdf: bool = False
) -> tuple[Path, ...]:
    """Writes papers as Word files, with ``pdf`` as PDF beside them: all of them or none.

    They go ``into`` a folder, by default among the person's own; never over a file that is there.
    A PDF is made of the Word file that is there already (``kept_words``), as people left it.
    Templates are the home's own before the shipped ones. Where they are: the Word files, then the
    PDFs. Raises TemplateError, ExportError, PdfError.
    """
    folder = _folder(office, into)
    words = [folder / f"{name_of(paper)}.docx" for paper in papers]
    kept = kept_words(office, papers, into) if pdf else ()
    new = [path for path in words if path not in kept]
    names = [path.name for path in new]
    names += [f"{path.stem}.pdf" for path in words] if pdf else []
    with placed_together(folder, names) as drafts, _aside() as aside:
        sources = [aside / f"{number}.docx" for number in range(len(papers))]
        for paper, path, source in zip(papers, words, sources, strict=True):
            if path in kept:
                shutil.copyfile(path, source)
            else:
                write_paper(source, paper, template_of(office.home, paper.kind))
        made = [source for path, source in zip(words, sources, strict=True) if path not in kept]
        made += to_pdf(sources, aside / "pdf") if pdf else ()
        for source, draft in zip(made, drafts, strict=True):
            shutil.copyfile(source, draft)
    return *words, *(path.with_suffix(".pdf") for path in words if pdf)


def kept_words(
    office: Office, papers: Sequence[Paper], into: Path | None = None
) -> tuple[Path, ...]:
    """The Word files of these papers that are there already, of which PDFs can be made.

    Raises ExportError for a file of that name without the paper's check code.
    """
    folder = _folder(office, into)
    codes = {folder / f"{name_of(paper)}.docx": paper.mark.code for paper in papers}
    there = {path: code for path, code in codes.items() if path.exists()}
    faults = [
        Fault(
            str(path),
            f"已有这个文件，页眉上没有校验码 {code}，不能照它生成 PDF",
            "移走或改名之后再生成",
        )
        for path, code in there.items()
        if not carries(path, code)
    ]
    if faults:
        raise ExportError.of(faults)
    return tuple(there)


def _folder(office: Office, into: Path | None) -> Path:
    return into or office.own_folder.absolute() / "文件"


@contextlib.contextmanager
def _aside() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gsjx-papers-") as place:
        yield Path(place)
