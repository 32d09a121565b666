"""Workbooks and result tables through the service: files stay with who asks, roles hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.errors import ObservationError
from gsjx_tui.office.forms import make_forms
from gsjx_tui.office.importing import import_files
from gsjx_tui.office.result_tables import draft_results
from gsjx_tui.office.sheet import sheet
from gsjx_tui.office.taking_in import TakenIn
from serving import Serving, serving


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with an_office(tmp_path_factory.mktemp("served"), a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed("study.k1.group", 12, month=JULY, kind="claim"))
        confirmed(office, JUNE)
        home, alone = office.home, draft_results(office)
    with serving(home) as under_way:
        under_way.alone = alone  # type: ignore[attr-defined]
        yield under_way


def fill(path: Path, **cells: object) -> None:
    book = load_workbook(path)
    for address, value in cells.items():
        book["自评表"][address] = value
    book.save(path)


def test_results_are_the_same_as_alone(service: Serving) -> None:
    with service.office() as office:
        found = draft_results(office)

    assert replace(found, printed=service.alone.printed) == service.alone  # type: ignore[attr-defined]


def test_forms_are_made_and_taken_in_at_the_seat(service: Serving, tmp_path: Path) -> None:
    with service.office() as office:
        made = make_forms(office, JULY, into=tmp_path / "自评表")
        path = made.files[0]
        rows = {cell.value: cell.row for cell in load_workbook(path)["自评表"]["A"]}
        group = f"H{rows['study.k1.group/points']}"
        assert load_workbook(path)["自评表"][group].value == 12
        fill(path, **{group: 13})

        done = import_files(office, [path.parent], "claim")
        assert isinstance(done, TakenIn)
        assert (done.reports, done.recorded) == (2, 1)
        fill(path, **{group: 99})
        with pytest.raises(ObservationError, match=f"{path.name} 单元格 {group}（"):
            import_files(office, [path], "claim")
        fill(path, **{group: 14})
        with pytest.raises(ObservationError, match="表下发之后"):
            import_files(office, [path], "claim")

        found = sheet(office, "A1", Month.parse(JULY))
    assert found.value("claim", "study.k1.group", "points") == 13
