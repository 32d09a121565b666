"""Papers of editions, cases and objections: their figures, their codes, found again, written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from publishing_desk import PLAN, THE_JULY, corrected, published, ready

import libreoffice
from builders import JULY, JUNE, a_unit, confirmed, observed, recorded
from gsjx_tui.documents.paper_figures import figures
from gsjx_tui.documents.papers import ErratumRow, Loss, Place, StagePoints
from gsjx_tui.documents.placing import ExportError
from gsjx_tui.documents.templates import TemplateError
from gsjx_tui.errors import StateError
from gsjx_tui.office.case_papers import (
    adjustment_recommendation,
    admonition_notice,
    admonition_record,
    rectification_notice,
    results_letter,
)
from gsjx_tui.office.case_step import StepDraft, take_step
from gsjx_tui.office.cases import cases
from gsjx_tui.office.draw import draw
from gsjx_tui.office.home import Office, shipped
from gsjx_tui.office.objecting import decide_objection, file_objection, take_objection
from gsjx_tui.office.paper_check import find_paper
from gsjx_tui.office.paper_files import Wording, kept_words, name_of, worded, write_papers
from gsjx_tui.office.papers import (
    award_candidates,
    draft_notice,
    edition_results,
    objection_decision,
    ranking_notice,
)
from gsjx_tui.office.publications import check_paper
from gsjx_tui.office.result_tables import draft_results
from gsjx_tui.office.staff import set_staff

BLANK = Wording()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The first stage is published: C is last with 5 of 10 points."""
    with ready(tmp_path, A=9, B=7, C=5) as opened:
        published(opened, "stage", "first")
        yield opened


def again(office: Office, unit: str, points: str) -> None:
    """A correction and the edition after it."""
    corrected(office, unit, points)
    published(office, "stage", "first")


def text_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    heads = [line.text for part in document.sections for line in part.header.paragraphs]
    return "\n".join([*(line.text for line in document.paragraphs), *cells, *heads])


# editions ----------------------------------------------------------------------------------------


def test_tables_of_an_edition_stay_as_they_were_published(office: Office) -> None:
    first = edition_results(office, 1)
    again(office, "C", "8")

    assert edition_results(office, 1) == first
    assert (first.mark.edition, first.mark.stamp, first.scope) == (1, "", "试行first阶段")
    assert first.mark.code == check_paper(office, first.mark.code).head.code
    (economy,) = first.categories
    assert [(row.name, row.rank, row.points) for row in economy.rows] == [
        ("A局", 1, Decimal("9.00")),
        ("B局", 2, Decimal("7.00")),
        ("C局", 3, Decimal("5.00")),
    ]
    assert [trend.ranks for trend in economy.trends] == [(1,), (2,), (3,)]
    newer = edition_results(office, 2).categories[0]
    assert [(row.name, row.rank) for row in newer.rows] == [("A局", 1), ("C局", 2), ("B局", 3)]
    assert [trend.ranks for trend in newer.trends] == [(1,), (2,), (3,)]


def test_a_notice_names_the_last_and_what_it_corrects(office: Office) -> None:
    first = ranking_notice(office, 1)
    assert [last.unit for last in first.lasts] == ["C局"]
    assert (first.errata, first.replaces) == ((), 0)

    again(office, "C", "8")

    second = ranking_notice(office, 2)
    assert [last.unit for last in second.lasts] == ["B局"]
    assert second.replaces == 1
    assert second.errata == (
        ErratumRow("economy类", "C局", 3, Decimal("5.00"), 2, Decimal("8.00")),
        ErratumRow("economy类", "B局", 2, Decimal("7.00"), 3, Decimal("7.00")),
    )
    assert second.mark.code == edition_results(office, 2).mark.code != first.mark.code


def test_no_consequences_in_a_notice_to_date(office: Office) -> None:
    published(office, "month", JUNE)

    assert ranking_notice(office, 2).lasts == ()


def test_unpublished_notices_are_stamped(office: Office) -> None:
    draft = draft_notice(office)

    assert draft.mark.stamp == "未定稿"
    assert draft.categories == draft_results(office).categories


def test_numbers_that_dont_exist(office: Office) -> None:
    for act in (ranking_notice, edition_results):
        with pytest.raises(StateError, match="没有发布第 9 号"):
            act(office, 9)
    with pytest.raises(StateError, match="没有台账第 9 号"):
        rectification_notice(office, 9)
    with pytest.raises(StateError, match="没有申诉第 9 号"):
        objection_decision(office, 9)


# cases -------------------------------------------------------------------------------------------


def test_a_rectification_notice_states_place_and_losses(office: Office) -> None:
    found = rectification_notice(office, 1)

    assert found.stage == "试行first"
    assert found.place == Place("C局", "economy类", 3, 3, Decimal("5.00"))
    assert found.losses == (Loss("一1①", "要点", Decimal("5.00"), Decimal("10.00")),)
    assert found.mark.edition == 1


def test_papers_of_a_case_go_by_the_newest_edition(office: Office) -> None:
    corrected(office, "C", "6")
    assert rectification_notice(office, 1).losses[0].points == Decimal("5.00")

    published(office, "stage", "first")

    found = rectification_notice(office, 1)
    assert (found.mark.edition, found.place.points) == (2, Decimal("6.00"))
    assert found.losses[0].points == Decimal("6.00")


def test_each_of_the_two_talks_has_notice_and_record(office: Office) -> None:
    principal, leader = (admonition_notice(office, 1, who) for who in ("principal", "leader"))
    record = admonition_record(office, 1, "leader")

    assert (principal.role, leader.role, record.role) == ("主要负责人", "分管领导", "分管领导")
    assert len({principal.mark.code, leader.mark.code, record.mark.code}) == 3
    with pytest.raises(StateError, match="不认识“x”"):
        admonition_notice(office, 1, "x")


def test_no_paper_for_a_unit_that_was_lifted(office: Office) -> None:
    again(office, "C", "8")

    with pytest.raises(StateError, match="台账第 1 号：已不在其列，待撤销；不再发文"):
        rectification_notice(office, 1)
    assert rectification_notice(office, 2).place.unit == "B局"


def test_a_tie_waits_for_the_leading_group(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=5, C=5) as office:
        published(office, "stage", "first")

        with pytest.raises(StateError, match="并列，待领导小组决定；先记下领导小组的决定"):
            rectification_notice(office, 1)


@pytest.fixture
def final(tmp_path: Path) -> Iterator[Office]:
    """The whole short campaign is published; A is a central unit."""
    with ready(tmp_path, units=[a_unit("A", "central", superior="市局"), a_unit("B")],
               A=9, B=7) as office:  # fmt: skip
        draw(office, THE_JULY, items=1)
        recorded(office, *(observed("second.b1.plan", 4, unit=u, month=JULY) for u in "AB"))
        confirmed(office, JULY)
        published(office, "campaign", "")
        yield office


def test_a_letter_states_every_stage(final: Office) -> None:
    (number,) = (one.number for one in cases(final) if one.kind == "superior_letter")

    found = results_letter(final, number)

    assert found.scope == "截至2013年7月累计"
    assert found.place == Place("A局", "central类", 1, 1, Decimal("13.00"))
    assert found.stages == (
        StagePoints("试行first", Decimal("10.00"), Decimal("9.00")),
        StagePoints("试行second", Decimal("10.00"), Decimal("4.00")),
    )
    with pytest.raises(StateError, match="不是“重点整改单位”"):
        rectification_notice(final, number)


def the_final(office: Office, **july: int) -> Office:
    """July is recorded, confirmed, and the final ranking published."""
    draw(office, THE_JULY, items=1)
    recorded(office, *(observed("second.b1.plan", n, unit=u, month=JULY) for u, n in july.items()))
    confirmed(office, JULY)
    published(office, "campaign", "")
    return office


def case_of(office: Office, unit: str, kind: str) -> int:
    (number,) = (one.number for one in cases(office) if (one.unit, one.kind) == (unit, kind))
    return number


def test_an_adjustment_is_recommended_of_the_last_of_all(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7, C=5) as opened:
        office = the_final(opened, A=1, B=2, C=3)
        number = case_of(office, "C", "final_last")

        found = adjustment_recommendation(office, number)

        assert (found.scope, found.among_all) == ("截至2013年7月累计", 0)
        assert found.place == Place("C局", "economy类", 3, 3, Decimal("8.00"))
        assert [part.points for part in found.stages] == [Decimal("5.00"), Decimal("3.00")]
        (path,) = write_papers(office, [worded(found, BLANK)])
        assert path.name.startswith("组织调整建议-C局-")
        text = text_of(path)
        assert "试点活动领导小组：" in text
        assert "得8.00分，在economy类3个单位中列第3位，为本类最终末位。" in text
        code = find_paper(office, found.mark.code)
        assert code is not None and (code.kind, code.about) == ("组织调整建议", "C局")
        with pytest.raises(StateError, match="是“评先选优候选”，不是“组织调整建议”"):
            adjustment_recommendation(office, case_of(office, "A", "award_candidate"))


def test_a_tied_last_is_recommended_once_the_leading_group_has_named_it(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=5, C=5) as opened:
        office = the_final(opened, A=1, B=3, C=3)
        number = case_of(office, "C", "final_last")
        with pytest.raises(StateError, match="并列，待领导小组决定"):
            adjustment_recommendation(office, number)
        take_step(office, number, StepDraft("decided", "named", "", "领导小组会议", "会议纪要"))

        (path,) = write_papers(office, [worded(adjustment_recommendation(office, number), BLANK)])

        assert "列第2位（并列），为本类最终末位，已由领导小组决定列入。" in text_of(path)


def test_candidates_are_the_first_of_each_category_by_the_final_ranking(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7, C=7) as opened:
        published(opened)
        office = the_final(opened, A=1, B=3, C=3)

        found = award_candidates(office, 2)

        assert [(one.unit, one.rank, one.tied) for one in found.candidates] == [
            ("A局", 1, True),
            ("B局", 1, True),
            ("C局", 1, True),
        ]
        (path,) = write_papers(office, [worded(found, BLANK)])
        assert path.name.startswith("评先选优候选名单-截至2013年7月累计-")
        text = text_of(path)
        assert "各类别排名靠前的3个单位列为评先选优候选：" in text
        assert text.count("并列\n") == 3
        code = find_paper(office, found.mark.code)
        assert code is not None and (code.kind, code.newer) == ("评先选优候选名单", False)
        with pytest.raises(StateError, match="第 1 号：是2013年6月累计排名，不是最终排名"):
            award_candidates(office, 1)
        corrected(office, "B", "8")
        published(office, "campaign", "")
        again = find_paper(office, found.mark.code)
        assert again is not None and again.newer
        assert [one.unit for one in award_candidates(office, 3).candidates] == ["B局"]


# objections --------------------------------------------------------------------------------------


def decided(office: Office, decision: str, **values: str) -> int:
    """An objection of C to its points that was decided."""
    for login, role in ((office.who, "admin"), ("li", "reviewer"), ("chen", "lead")):
        set_staff(office, login, role)  # type: ignore[arg-type]
    number = file_objection(office, "C", JUNE, PLAN, "材料已经补齐", "2013-07-08").number
    take_objection(office.acting("li", owner=False), number)
    chen = office.acting("chen", owner=False)
    decide_objection(chen, number, decision, "查核属实", values)  # type: ignore[arg-type]
    return number


def test_a_decision_states_what_changed(office: Office) -> None:
    found = objection_decision(office, decided(office, "upheld", points="8"))

    assert (found.decision, found.upheld, found.findings) == ("成立", True, "查核属实")
    assert (found.points_before, found.points_after) == (Decimal("5.00"), Decimal("8.00"))
    assert (found.rank_before, found.rank_after) == (3, 2)
    assert (found.received, found.mark.stamp) == (date(2013, 7, 8), "")


def test_a_rejection_changes_nothing(office: Office) -> None:
    found = objection_decision(office, decided(office, "rejected"))

    assert (found.decision, found.upheld) == ("不成立", False)
    assert (found.points_after, found.rank_after) == (found.points_before, found.rank_before)


# found again by the code -------------------------------------------------------------------------


def test_every_paper_of_a_case_is_found_with_its_figures(office: Office) -> None:
    papers = [
        rectification_notice(office, 1),
        admonition_notice(office, 1, "principal"),
        admonition_record(office, 1, "leader"),
        objection_decision(office, decided(office, "rejected")),
    ]
    found = [find_paper(office, paper.mark.code) for paper in papers]

    assert [(one.kind, one.about, one.newer) for one in found if one] == [
        ("整改通知", "C局", False),
        ("诫勉谈话通知", "C局 主要负责人", False),
        ("谈话记录", "C局 分管领导", False),
        ("申诉处理决定", "C局 2013-06 要点", False),
    ]
    assert found[0] is not None
    assert found[0].lines[0] == ("economy类", "3", "3", "C局", "5.00", "")
    changed = replace(papers[0], losses=())
    assert figures(changed, "test") != figures(papers[0], "test")


def test_papers_of_an_older_edition_are_still_found(office: Office) -> None:
    code = rectification_notice(office, 1).mark.code
    again(office, "C", "8")

    found = find_paper(office, code)

    assert found is not None and (found.edition, found.newer) == (1, True)


def test_letters_are_found(final: Office) -> None:
    (number,) = (one.number for one in cases(final) if one.kind == "superior_letter")

    found = find_paper(final, results_letter(final, number).mark.code)

    assert found is not None and (found.kind, found.about) == ("结果函", "A局")


def test_drafts_are_found_while_nothing_changes(office: Office) -> None:
    codes = [draft_results(office).mark.code, draft_notice(office, stage="first").mark.code]

    found = [find_paper(office, code) for code in codes]

    assert [(one.kind, one.about, one.edition) for one in found if one] == [
        ("结果表", "截至2013年6月累计", 0),
        ("通报", "试行first阶段", 0),
    ]
    corrected(office, "C", "8")
    assert [find_paper(office, code) for code in codes] == [None, None]


def test_editions_are_left_to_their_own_check(office: Office) -> None:
    assert find_paper(office, edition_results(office, 1).mark.code) is None
    with pytest.raises(StateError, match="应有 12 个字符"):
        find_paper(office, "7Q4M")


# as files ----------------------------------------------------------------------------------------


def test_words_are_put_in_and_figures_stay(office: Office, tmp_path: Path) -> None:
    notice = rectification_notice(office, 1)
    words = Wording(
        issuer="某县活动办", number="某活办〔2013〕7号", dated="2013-08-05", done_by="2013-09-30"
    )

    made = worded(notice, words)
    (path,) = write_papers(office, [made])

    assert made.mark == notice.mark
    assert path == office.home / "文件" / f"整改通知-C局-{notice.mark.code}.docx"
    text = text_of(path)
    for said in ("某县活动办", "某活办〔2013〕7号", "2013年8月5日", "2013年9月30日前完成整改"):
        assert said in text
    assert "得5.00分，在economy类3个单位中列第3位。" in text
    assert notice.mark.code in text and "第1版" in text and "未定稿" not in text


def test_drafts_say_so_on_the_paper(office: Office) -> None:
    (path,) = write_papers(office, [worded(draft_notice(office), BLANK)])

    assert "未定稿" in text_of(path)
    assert path.name.startswith("通报-截至2013年6月累计-")


def test_words_that_dont_fit_are_refused(office: Office) -> None:
    notice = ranking_notice(office, 1)

    with pytest.raises(StateError, match="成文日期：“八月五日”不是日期"):
        worded(notice, Wording(dated="八月五日"))
    with pytest.raises(StateError, match="通报：没有“谈话地点”这一栏"):
        worded(notice, Wording(where="会议室"))
    with pytest.raises(StateError, match="诫勉谈话通知：没有“记录人”这一栏"):
        worded(admonition_notice(office, 1, "leader"), Wording(recorder="乙"))
    record = worded(admonition_record(office, 1, "leader"), Wording(recorder="乙", talker="甲"))
    assert getattr(record, "recorder", "") == "乙"


def test_addressees_by_default(office: Office) -> None:
    assert worded(rectification_notice(office, 1), BLANK).head.addressees == "C局"
    assert worded(ranking_notice(office, 1), BLANK).head.addressees == ""
    assert worded(ranking_notice(office, 1), BLANK).head.issuer == "试点活动领导小组办公室"


def test_papers_come_all_or_none(office: Office) -> None:
    papers = [worded(ranking_notice(office, 1), BLANK), worded(rectification_notice(office, 1),
              BLANK)]  # fmt: skip
    own = office.home / "templates" / "整改通知.docx"
    own.parent.mkdir()
    own.write_bytes((shipped("templates") / "通报.docx").read_bytes())

    with pytest.raises(TemplateError, match="整改通知"):
        write_papers(office, papers)
    assert not list((office.home / "文件").glob("*"))
    own.unlink()
    assert len(write_papers(office, papers)) == 2
    with pytest.raises(ExportError, match="已有这个文件"):
        write_papers(office, papers)


def test_names_of_files_tell_papers_apart(office: Office) -> None:
    papers = [
        admonition_notice(office, 1, "principal"),
        admonition_notice(office, 1, "leader"),
        admonition_record(office, 1, "leader"),
        objection_decision(office, decided(office, "rejected")),
    ]

    names = [name_of(paper) for paper in papers]

    assert len(set(names)) == 4
    assert names[3].startswith("申诉处理决定-C局-2013-06-要点-")


@pytest.mark.slow
def test_pdf_beside_the_word_file(office: Office) -> None:
    libreoffice.needed()

    paths = write_papers(office, [worded(ranking_notice(office, 1), BLANK)], pdf=True)

    assert [path.suffix for path in paths] == [".docx", ".pdf"]
    assert paths[1].read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_a_pdf_is_made_of_the_word_file_that_people_have_edited(office: Office) -> None:
    libreoffice.needed()
    papers = [worded(ranking_notice(office, 1), BLANK), worded(rectification_notice(office, 1),
              BLANK)]  # fmt: skip
    (word,) = write_papers(office, papers[:1])
    document = Document(str(word))
    document.paragraphs[-1].add_run("DIALED 5551")
    document.save(str(word))
    edited = word.read_bytes()

    assert kept_words(office, papers) == (word,)
    paths = write_papers(office, papers, pdf=True)

    assert word.read_bytes() == edited
    assert [path.suffix for path in paths] == [".docx", ".docx", ".pdf", ".pdf"]
    text = subprocess.run(["pdftotext", paths[2], "-"], capture_output=True, check=True)
    assert "DIALED 5551" in text.stdout.decode()
    with pytest.raises(ExportError, match="已有这个文件"):
        write_papers(office, papers, pdf=True)


def test_no_pdf_is_made_of_a_file_that_isnt_the_paper(office: Office) -> None:
    papers = [worded(ranking_notice(office, 1), BLANK)]
    (word,) = write_papers(office, papers)
    code = papers[0].mark.code
    other = Document(str(word))
    for head in (other.sections[0].header, other.sections[0].even_page_header):
        head.paragraphs[0].text = "第1版"
    other.save(str(word))

    for content in (word.read_bytes(), b"none"):
        word.write_bytes(content)
        with pytest.raises(ExportError, match=f"页眉上没有校验码 {code}.*；移走或改名之后再生成"):
            write_papers(office, papers, pdf=True)
        assert word.read_bytes() == content
    assert [path.name for path in word.parent.iterdir()] == [word.name]
