"""Papers: workbooks for every unit of the shipped roster made and read back, a notice, its PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from benchmarks.homes import Homes
from benchmarks.measure import Figure, median, timed
from gsjx_tui.documents.paper_samples import sample
from gsjx_tui.documents.paper_write import TEMPLATES, write_paper
from gsjx_tui.documents.pdf import find_soffice, to_pdf
from gsjx_tui.documents.workbook import ReportForm, report_form
from gsjx_tui.documents.workbook_open import Opener
from gsjx_tui.documents.workbook_read import read_report
from gsjx_tui.documents.workbook_write import write_reports
from gsjx_tui.office.home import open_office

_TEMPLATES = Path(__file__).parents[1] / "data" / "templates"
_KIND = "ranking_notice"


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """Workbooks against the goal; the rest for information."""
    forms = _forms(homes)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        turns = iter(range(1000))
        made = median(
            runs, lambda: timed(lambda: write_reports(folder / f"reports{next(turns)}", forms))
        )
        yield Figure(f"生成 {len(forms)} 份自评表", made, goal=5)
        paths = sorted((folder / "reports0").iterdir())
        read = median(runs, lambda: timed(lambda: _read_all(paths, forms)))
        yield Figure(f"读回 {len(forms)} 份自评表", read)
        template, notice = _TEMPLATES / TEMPLATES[_KIND], sample(_KIND)[0]
        papers = iter(folder / f"{n}.docx" for n in range(1000))
        filled = median(runs, lambda: timed(lambda: write_paper(next(papers), notice, template)))
        yield Figure("一份通报", filled)
        if find_soffice() is None:
            return
        printed = median(
            runs,
            lambda: timed(lambda: to_pdf([folder / "0.docx"], folder / f"pdf{next(turns)}")),
        )
        yield Figure("一份通报转成 PDF", printed, note="LibreOffice 每次新启动")


def _forms(homes: Homes) -> list[ReportForm]:
    with open_office(homes.shipped("papers", lambda office: None)) as office:
        month = office.rubric.months[0]
        units = [unit for unit in office.units if unit.takes_part(month)]
        return [report_form(office.rubric, "0" * 64, unit, month) for unit in units]


def _read_all(paths: list[Path], forms: list[ReportForm]) -> None:
    by_unit = {form.identification.unit: form for form in forms}
    with Opener() as opener:
        for path in paths:
            opened = opener.open(path)
            assert opened is not None
            form = by_unit[opened.identification.unit]
            assert not read_report(opened, form, lambda field, text: Decimal(text)).faults
