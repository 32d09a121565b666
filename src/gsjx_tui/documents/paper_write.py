"""A paper from its values and a Word template; a template of the office tried out beforehand."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from gsjx_tui.documents.paper_context import context
from gsjx_tui.documents.paper_samples import sample
from gsjx_tui.documents.papers import (
    AdjustmentRecommendation,
    AdmonitionNotice,
    AdmonitionRecord,
    AwardCandidates,
    ObjectionDecision,
    Paper,
    RankingNotice,
    RectificationNotice,
    ResultsLetter,
)
from gsjx_tui.documents.placing import placed
from gsjx_tui.documents.templates import TemplateError, fill
from gsjx_tui.errors import Fault

TEMPLATES: Mapping[str, str] = {
    RankingNotice.kind: "通报.docx",
    RectificationNotice.kind: "整改通知.docx",
    AdmonitionNotice.kind: "诫勉谈话通知.docx",
    AdmonitionRecord.kind: "谈话记录.docx",
    ResultsLetter.kind: "结果函.docx",
    AdjustmentRecommendation.kind: "组织调整建议.docx",
    AwardCandidates.kind: "评先选优候选名单.docx",
    ObjectionDecision.kind: "申诉处理决定.docx",
}
"""The template of each kind of paper, by its file in the templates folder."""

_HEAD = 1_000_000
"""Bytes of a page's head that are looked through."""


def write_paper(path: Path, paper: Paper, template: Path) -> None:
    """Writes the paper as DOCX, whole or not at all, never over a file that is there.

    The same paper and template give the same bytes. Raises TemplateError, ExportError.
    """
    content = fill(template, context(paper))
    with placed(path) as draft:
        draft.write_bytes(content)


def carries(path: Path, code: str) -> bool:
    """Whether a Word file is there with that check code at its head; False for what is none."""
    try:
        with zipfile.ZipFile(path) as parts:
            heads = [
                parts.read(part).decode("utf-8", "replace")
                for part in parts.infolist()
                if part.filename.startswith("word/header") and part.file_size <= _HEAD
            ]
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False
    return any(code in re.sub(r"<[^>]*>", "", head) for head in heads)


def check_template(template: Path) -> tuple[Fault, ...]:
    """What is wrong with a template, found by filling it with samples; nothing if it is usable.

    The name of the file says which paper it is for.
    """
    kinds = [kind for kind, name in TEMPLATES.items() if name == template.name]
    if not kinds:
        known = "、".join(TEMPLATES.values())
        return (Fault(template.name, "不知道是哪种文件的模板", f"文件名用：{known}"),)
    faults: dict[str, Fault] = {}
    for paper in sample(kinds[0]):
        try:
            fill(template, context(paper))
        except TemplateError as error:
            faults |= {str(fault): fault for fault in error.faults}
    return tuple(faults.values())
