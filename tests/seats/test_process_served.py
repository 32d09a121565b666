"""From spot check to consequence through the service: every value comes back as it went."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from builders import JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.office.ballots import ballot_counts, count_ballots, read_ballots
from gsjx_tui.office.case_step import StepDraft, take_step
from gsjx_tui.office.cases import case, cases
from gsjx_tui.office.consequences import confirming_would, correcting_would
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import coverage, draw, draws
from gsjx_tui.office.objecting import decide_objection, file_objection, take_objection
from gsjx_tui.office.objections import objection, objections
from gsjx_tui.office.publications import check_paper, publication, publications, published_now
from gsjx_tui.office.publish import draft, publish
from gsjx_tui.office.reliability import reliability
from gsjx_tui.office.returned import claim_versions, out_returns
from gsjx_tui.office.review import return_to_unit
from serving import Serving, serving

BODY, THE_JUNE, JULY = "study.b1.body", Month.parse(JUNE), "2013-07"


def a_home(tmp_path: Path) -> Path:
    """A1 claimed 10, found 6; A2 found 3; June and July confirmed, all drawn and checked."""
    with an_office(tmp_path, a_unit("A1"), a_unit("A2")) as office:
        recorded(office, observed(BODY, 10, kind="claim"))
        return_to_unit(office, "A1", THE_JUNE, "", "没有盖章", "2013-08-01")
        recorded(office, observed(BODY, 6), observed(BODY, 3, unit="A2"))
        return office.home


def test_the_whole_way_through_the_service(tmp_path: Path) -> None:
    with serving(a_home(tmp_path)) as service, service.office() as office:
        assert out_returns(office, THE_JUNE)[0].overdue
        assert claim_versions(office, "A1", THE_JUNE)[0].value == 10
        found = draw(office, THE_JUNE, 2, 1, "种子")
        assert draws(office, THE_JUNE) == (found,)
        assert confirming_would(office, THE_JUNE).through == THE_JUNE
        confirmed(office, JUNE, JULY)
        check_drawn(service)
        assert coverage(office, THE_JUNE).units[0].weight == 1
        assert reliability(office).units[0].cut_percent == Decimal("40.0")

        raised = file_objection(office, "A1", JUNE, "study.b2.plan", "有方案")
        take_objection(office, raised.number)
        decide_objection(office, raised.number, "upheld", "属实", {"points": "4"})
        assert objections(office) == (objection(office, raised.number),)
        assert correcting_would(office, "A2", BODY, JUNE, {"points": "9"}, "试").lasts == ()

        assert draft(office, "stage", "study").blocked == ()
        edition = publish(office, "stage", "study", "首次")
        assert publication(office, edition.head.number) == edition
        assert publications(office) == (edition.head,)
        assert published_now(office, JULY, "study") == edition.head
        assert check_paper(office, edition.head.code).current

        (opened,) = cases(office)
        step = StepDraft("talk", "leader", "", "乙", "记录")
        assert take_step(office, opened.number, step) == case(office, opened.number)

        votes = tmp_path / "votes.csv"
        rows = [f"A1,{g},{n}" for g in ("上级", "同级", "下级", "服务对象") for n in (70, 80, 90)]
        votes.write_text("\n".join(["unit,group,score", *rows]), "utf-8")
        counted = count_ballots(office, Month(2013, 9), read_ballots(votes))
        assert [kept.count for kept in ballot_counts(office)] == list(counted)


def check_drawn(service: Serving) -> None:
    with service.office() as office:
        for cell in draws(office, THE_JUNE)[0].drawn:
            if not cell.checked:
                fields = office.rubric.items[cell.item].fields
                values = {field.name: "0" for field in fields}
                correct(office, cell.unit, cell.item, JUNE, values, "抽查")
