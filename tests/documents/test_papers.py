"""Papers in Word: what they say, that they are provable, and faulty templates of an office."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from tools.paper_templates.papers import PAPERS

from builders import PROJECT
from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.paper_context import context, names
from gsjx_tui.documents.paper_figures import figures, with_code
from gsjx_tui.documents.paper_samples import sample
from gsjx_tui.documents.paper_write import TEMPLATES, check_template, write_paper
from gsjx_tui.documents.papers import (
    AdmonitionNotice,
    ErratumRow,
    ObjectionDecision,
    Paper,
    Place,
    RankingNotice,
    RectificationNotice,
    StagePoints,
)
from gsjx_tui.documents.placing import ExportError
from gsjx_tui.documents.results import CategoryResult, Results, UnitTrend
from gsjx_tui.documents.templates import TemplateError, chinese_number
from gsjx_tui.domain import Month

SHIPPED = PROJECT / "data" / "templates"
EVERY = [
    pytest.param(paper, id=f"{kind}-{n}")
    for kind in TEMPLATES
    for n, paper in enumerate(sample(kind))
]


def full(kind: str) -> Paper:
    return sample(kind)[0]


def written(tmp_path: Path, paper: Paper, template: Path | None = None) -> Path:
    path = tmp_path / "paper.docx"
    path.unlink(missing_ok=True)
    write_paper(path, paper, template or SHIPPED / TEMPLATES[paper.kind])
    return path


def lines(path: Path) -> list[str]:
    """Every line of the body in order, tables included."""
    body = Document(str(path)).element.body
    found = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    return [line for line in found if line]


def said(tmp_path: Path, paper: Paper) -> str:
    return "\n".join(lines(written(tmp_path, paper)))


def heads(path: Path) -> list[str]:
    section = Document(str(path)).sections[0]
    return [part.paragraphs[0].text for part in (section.header, section.even_page_header)]


def a_template(tmp_path: Path, change: Callable[[str], str], name: str = "整改通知.docx") -> Path:
    """A shipped template with its text changed, as an office might in Word."""
    path = tmp_path / name
    with zipfile.ZipFile(SHIPPED / name) as source, zipfile.ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "word/document.xml":
                before = content.decode()
                after = change(before)
                assert after != before
                content = after.encode()
            target.writestr(part, content)
    return path


def complaint(template: Path, paper: Paper | None = None) -> str:
    with pytest.raises(TemplateError) as caught:
        written(template.parent, paper or full("rectification_notice"), template)
    return str(caught.value)


# the shipped templates -------------------------------------------------------------------------


def test_the_shipped_templates_are_those_the_script_makes(tmp_path: Path) -> None:
    assert {path.name for path in SHIPPED.iterdir()} == {*PAPERS} == {*TEMPLATES.values()}
    for name, make in PAPERS.items():
        make().save(tmp_path / name)

        with zipfile.ZipFile(tmp_path / name) as made, zipfile.ZipFile(SHIPPED / name) as shipped:
            assert made.namelist() == shipped.namelist()
            for part in made.namelist():
                assert made.read(part) == shipped.read(part), f"{name} {part}: make it anew"


@pytest.mark.parametrize("name", TEMPLATES.values())
def test_every_shipped_template_can_be_filled(name: str) -> None:
    assert check_template(SHIPPED / name) == ()


@pytest.mark.parametrize("paper", EVERY)
def test_nothing_of_the_template_is_left(tmp_path: Path, paper: Paper) -> None:
    path = written(tmp_path, paper)

    with zipfile.ZipFile(path) as parts:
        xml = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
    assert not re.search(r"\{\{|\}\}|\{%|%\}", xml)
    tables = Document(str(path)).element.body.iter(qn("w:tbl"))
    assert all(table.findall(qn("w:tr")) for table in tables)  # Word takes none without rows


@pytest.mark.parametrize("paper", EVERY)
def test_every_paper_says_its_edition_or_that_it_has_none(tmp_path: Path, paper: Paper) -> None:
    edition = replace(paper, mark=Mark(3, "0123-4567-89AB"))
    draft = replace(paper, mark=Mark(0, "0123-4567-89AB"))

    assert heads(written(tmp_path, edition)) == ["\t第3版　校验码 0123-4567-89AB"] * 2
    assert heads(written(tmp_path, draft)) == ["未定稿\t　校验码 0123-4567-89AB"] * 2


@pytest.mark.parametrize("paper", EVERY)
def test_the_same_paper_is_the_same_file(tmp_path: Path, paper: Paper) -> None:
    first = written(tmp_path, paper).read_bytes()

    assert written(tmp_path, paper).read_bytes() == first
    assert {part.date_time[0] for part in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {1980}


@pytest.mark.parametrize("name", TEMPLATES.values())
def test_pages_are_those_of_the_standard(name: str) -> None:
    section = Document(str(SHIPPED / name)).sections[0]

    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    assert section.top_margin.mm == pytest.approx(37, abs=0.1)
    assert section.left_margin.mm == pytest.approx(28, abs=0.1)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (width / 36000, height / 36000) == pytest.approx((156, 225), abs=0.1)
    assert section.footer.paragraphs[0].text == section.even_page_footer.paragraphs[0].text


# what they say ---------------------------------------------------------------------------------


def test_a_ranking_notice_lists_every_category_in_order(tmp_path: Path) -> None:
    notice = full(RankingNotice.kind)
    assert isinstance(notice, RankingNotice)

    text = lines(written(tmp_path, notice))

    assert text[:4] == [
        "某县活动推进领导小组办公室文件",
        "某活动办发〔2013〕5号",
        "关于某某活动考核排名的通报",
        "各乡镇、街道，县级各部门：",
    ]
    at = text.index("一、经济民生部门（8个单位）")
    assert text[at + 1 : at + 7] == ["名次", "单位", "得分", "上月名次", "升降", "差距"]
    assert text[at + 7 : at + 15] == ["1", "第1局", "199.00", "2", "第2局", "198.00", "3", "升1"]
    assert "二、镇乡（街道）（3个单位）" in text
    assert "镇乡（街道）：某镇，120.00分（末位并列，由领导小组决定）。" in text
    assert "与第1版相比，下列单位有变动：" in text
    assert text.index("三、重点整改单位") < text.index("四、更正")
    assert (
        text[-6:]
        == [
            "附件：1．各类别排名表",
            "　　　2．更正清单",
            "某县活动推进领导小组办公室",
            "2013年8月5日",
            "抄送：县委办公室、县政府办公室。",
            "某县活动推进领导小组办公室",
            "2013年8月6日印发",
        ][-6:]
    )


def test_a_first_edition_has_no_erratum_and_a_month_no_last_places(tmp_path: Path) -> None:
    notice = full(RankingNotice.kind)
    assert isinstance(notice, RankingNotice)

    plain = said(tmp_path, replace(notice, lasts=(), errata=(), replaces=0))
    corrected = said(tmp_path, replace(notice, lasts=()))

    assert "更正" not in plain.replace("更正清单", "") and "重点整改" not in plain
    assert "三、更正" in corrected


def test_an_objection_is_decided_one_way_or_the_other(tmp_path: Path) -> None:
    upheld, rejected = sample(ObjectionDecision.kind)
    assert isinstance(upheld, ObjectionDecision)

    assert "由5.00分改为7.00分，名次由第12位变为第11位。" in said(tmp_path, upheld)
    assert "改为7.00分，名次仍为第12位。" in said(tmp_path, replace(upheld, rank_after=12))
    text = said(tmp_path, rejected)
    assert "申诉不成立，维持该要点5.00分，名次仍为第12位。" in text and "予以更正" not in text


def test_a_tie_and_full_points_are_said(tmp_path: Path) -> None:
    full_points = sample(RectificationNotice.kind)[1]

    text = said(tmp_path, full_points)

    assert "列第11位（并列）。" in text
    assert "各要点均得满分" in text and "失分\n" not in text


def test_nobody_is_named_where_no_name_was_given(tmp_path: Path) -> None:
    notice = full(AdmonitionNotice.kind)
    assert isinstance(notice, AdmonitionNotice)

    assert f"谈话对象：某局主要负责人{'　' * 8}" in said(tmp_path, notice)
    assert "谈话对象：某局主要负责人甲某" in said(tmp_path, replace(notice, person="甲某"))


def test_values_stay_values_whatever_they_hold(tmp_path: Path) -> None:
    decision = full(ObjectionDecision.kind)
    assert isinstance(decision, ObjectionDecision)
    grounds = "<b>&甲</b>{{ 校验码 }}\x00{% if %}\x1b[31m"

    text = said(tmp_path, replace(decision, grounds=grounds))

    assert "<b>&甲</b>{{ 校验码 }} {% if %} [31m" in text


def test_a_rectification_notice_says_where_points_were_lost(tmp_path: Path) -> None:
    notice = full(RectificationNotice.kind)
    assert isinstance(notice, RectificationNotice)
    place = replace(notice.place, rank=7, ranked=9)

    text = lines(written(tmp_path, replace(notice, place=place)))

    assert any("你单位得143.50分，在经济民生部门9个单位中列第7位。" in line for line in text)
    at = text.index("二（一）1③")
    assert text[at : at + 5] == ["二（一）1③", "每月活动信息", "10.00", "4.00", "6.00"]
    assert "（一）2013年8月20日前报送整改方案，逐项写明措施、责任人、时限。" in text


def test_what_the_office_left_open_is_blank_to_be_filled_in_by_hand(tmp_path: Path) -> None:
    bare = sample(RectificationNotice.kind)[1]

    text = lines(written(tmp_path, bare))

    assert text[:2] == ["文件", "〔　　　　〕　　号"]
    assert "　　　　　　　　：" in text
    assert text[-2:] == ["　　　　年　　月　　日", "　　　年　月　日印发"]
    assert not [line for line in text if line.startswith(("附件", "抄送"))]


def test_a_paper_that_is_there_stays(tmp_path: Path) -> None:
    paper = full(RankingNotice.kind)
    path = written(tmp_path, paper)
    before = path.read_bytes()

    with pytest.raises(ExportError, match="已有这个文件"):
        write_paper(path, paper, SHIPPED / "通报.docx")
    assert path.read_bytes() == before


# templates of an office ------------------------------------------------------------------------


def test_an_office_writes_its_own_words(tmp_path: Path) -> None:
    template = a_template(tmp_path, lambda xml: xml.replace("三、其他事项", "三、联系方式"))

    assert check_template(template) == ()
    assert "三、联系方式" in lines(written(tmp_path, full(RectificationNotice.kind), template))


def test_a_placeholder_that_word_split_into_pieces_is_filled(tmp_path: Path) -> None:
    split = '{{ 成文</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">日期 }}'
    template = a_template(tmp_path, lambda xml: xml.replace("{{ 成文日期 }}", split))

    assert check_template(template) == ()
    assert "2013年8月5日" in lines(written(tmp_path, full(RectificationNotice.kind), template))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{{ 方案期限 }}",
            "{{ 方案日期 }}",
            "整改通知.docx：不认识占位符“方案日期”；是否为“方案期限”？",
        ),
        ("{{ 行.满分 }}", "{{ 行.满份 }}", "不认识占位符“满份”；是否为“满分”？"),
        ("{{ 方案期限 }}", "{{ 方案期限 }", "里的占位符不成对"),
        ("{{ 方案期限 }}", "｛｛ 方案期限 ｝｝", "用了全角括号"),
        ("{{ 方案期限 }}", "{{ 方案 期限 }}", "“{{ 方案 期限 }}”写法不对"),
        ("{{ 方案期限 }}", "{{ 方案期限|大写 }}", "“{{ 方案期限|大写 }}”写法不对"),
        ("{{ 方案期限 }}", "{% 若 并列 %}", "“{% 若 并列 %}”不认识"),
        ("{{ 方案期限 }}", "{% include 'x' %}", "“{% include 'x' %}”不认识"),
        ("{%p endif %}", "", "“{%p if 发文机关|length > 13 %}”没有结束；补上 {% endif %}"),
        ("{%p if 失分 %}", "", "“{%p endif %}”前面没有对应的 {% if … %}"),
        ("{%tr endfor %}", "{%tr endif %}", "“{%tr endif %}”前面没有对应的"),
        ("{{ 方案期限 }}", "{{ 方案期限.__class__ }}", "不认识占位符“__class__”"),
        ("{{ 方案期限 }}", "{{ cycler }}", "不认识占位符“cycler”"),
    ],
)
def test_a_faulty_template_is_told_by_its_placeholder(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    template = a_template(tmp_path, lambda xml: xml.replace(old, new, 1))

    assert message in complaint(template)
    assert message in "\n".join(map(str, check_template(template)))
    assert [path.name for path in tmp_path.iterdir()] == [template.name]


def test_every_fault_of_a_template_is_told_at_once(tmp_path: Path) -> None:
    template = a_template(tmp_path, lambda xml: xml.replace("{{ 方案期限 }}", "{{ 甲 }}{{ 乙 }}"))

    assert "“乙”" in complaint(template) and "“甲”" in complaint(template)


def test_a_fault_in_a_page_header_says_so(tmp_path: Path) -> None:
    path = tmp_path / "整改通知.docx"
    document = Document(str(SHIPPED / path.name))
    document.sections[0].header.paragraphs[0].add_run("{{ 密级 }}")
    document.save(str(path))

    assert "整改通知.docx 页眉：不认识占位符“密级”" in complaint(path)


@pytest.mark.parametrize("mark", ["版次", "未定稿", "校验码"])
def test_a_template_without_its_mark_is_refused(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "整改通知.docx"
    document = Document(str(SHIPPED / path.name))
    for header in (document.sections[0].header, document.sections[0].even_page_header):
        for run in header.paragraphs[0].runs:
            run.text = run.text.replace(mark, "活动")
    document.save(str(path))

    assert f"整改通知.docx：缺少占位符“{mark}”" in complaint(path)
    assert f"缺少占位符“{mark}”" in str(check_template(path)[0])


def test_branches_that_a_paper_does_not_take_are_tried_too(tmp_path: Path) -> None:
    template = a_template(
        tmp_path,
        lambda xml: xml.replace("，维持该要点", "，维持{{ 各类.名 }}该要点"),
        "申诉处理决定.docx",
    )
    in_loop = a_template(
        tmp_path, lambda xml: xml.replace("{{ 项.原得分 }}", "{{ 项.得 }}"), "通报.docx"
    )

    assert "不认识占位符“各类”" in "\n".join(map(str, check_template(template)))
    assert "不认识占位符“得”" in "\n".join(map(str, check_template(in_loop)))


def test_files_that_are_no_template(tmp_path: Path) -> None:
    text, old, other = tmp_path / "通报.docx", tmp_path / "old.docx", tmp_path / "别的.docx"
    text.write_text("全文", "utf-8")
    old.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    shutil.copy(SHIPPED / "通报.docx", other)

    assert "通报.docx：不是完整的 Word 文件" in complaint(text)
    assert "是旧版 DOC 或加密的文件" in complaint(old)
    assert "读不出模板：没有这个文件" in complaint(tmp_path / "none.docx")
    assert "不知道是哪种文件的模板" in str(check_template(other)[0])


def test_a_template_made_to_fill_the_memory_is_refused(tmp_path: Path) -> None:
    template = tmp_path / "整改通知.docx"
    shutil.copy(SHIPPED / template.name, template)
    with zipfile.ZipFile(template, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/media/image1.bmp", bytes(70 << 20))

    assert "不是完整的 Word 文件" in complaint(template)


def test_every_placeholder_is_documented() -> None:
    manual = (PROJECT / "docs" / "templates.md").read_text("utf-8")

    for kind, name in TEMPLATES.items():
        section = manual.split(f"## {name}")[1].split("\n## ")[0]
        general = manual.split("## 各模板都有的占位符")[1].split("\n## ")[0]
        for placeholder in names(context(full(kind))):
            documented = f"`{placeholder}`" in section or f"`{placeholder}`" in general
            assert documented, f"{name} {placeholder}"


def test_headings_count_in_chinese() -> None:
    numbers = {1: "一", 10: "十", 12: "十二", 20: "二十", 99: "九十九", 100: "100", 0: "0"}

    assert {number: chinese_number(number) for number in numbers} == numbers


# check codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", EVERY)
def test_a_paper_carries_the_code_of_its_figures(paper: Paper) -> None:
    stamped = with_code(paper, "gsjx-2013")

    assert with_code(stamped, "gsjx-2013") == stamped
    assert stamped.mark.code != with_code(paper, "gsjx-2014").mark.code
    other = replace(paper, mark=replace(paper.mark, edition=9))
    assert stamped.mark.code != with_code(other, "gsjx-2013").mark.code
    dated = replace(paper, head=replace(paper.head, dated=date(2020, 1, 1), number="另号"))
    assert with_code(dated, "gsjx-2013").mark.code == stamped.mark.code


def test_every_figure_of_a_notice_counts() -> None:
    notice = full(RankingNotice.kind)
    assert isinstance(notice, RankingNotice)
    category = notice.categories[0]
    first = category.rows[1]
    changes = [
        replace(first, points=first.points + Decimal("0.01")),
        replace(first, rank=3),
        replace(first, previous_rank=9),
        replace(first, previous_points=Decimal("1.00")),
        replace(first, gap=Decimal("2.00")),
        replace(first, unit="E99"),
        replace(first, name="别的局"),
    ]
    papers: list[RankingNotice] = [
        replace(
            notice,
            categories=(
                replace(category, rows=(category.rows[0], row, *category.rows[2:])),
                *notice.categories[1:],
            ),
        )
        for row in changes
    ]
    papers += [
        replace(notice, scope="别的范围"),
        replace(notice, replaces=2),
        replace(notice, lasts=notice.lasts[:1]),
        replace(notice, lasts=(replace(notice.lasts[0], tied=True), *notice.lasts[1:])),
        replace(notice, errata=()),
        replace(
            notice, errata=(ErratumRow("经济民生部门", "第3局", 4, Decimal(195), 3, Decimal(196)),)
        ),
    ]

    codes = {with_code(paper, "gsjx-2013").mark.code for paper in (notice, *papers)}

    assert len(codes) == len(papers) + 1


def test_figures_of_the_other_papers() -> None:
    rectification = full(RectificationNotice.kind)
    assert isinstance(rectification, RectificationNotice)

    found = figures(rectification, "gsjx-2013")

    assert (found.paper, found.edition, found.scope) == ("rectification_notice", 2, ("第一阶段",))
    assert found.rows == (
        ("经济民生部门", "12", "12", "某局", "143.50", ""),
        ("二（一）1③", "每月活动信息", "4.00", "10.00"),
        ("二（一）3②", "持续改进措施", "0.00", "10.00"),
    )


def test_result_tables_have_a_code_too() -> None:
    notice = full(RankingNotice.kind)
    assert isinstance(notice, RankingNotice)
    results = Results("活动", "范围", (), notice.categories, Mark(1, ""), date(2013, 8, 5))

    stamped = with_code(results, "gsjx-2013")

    assert len(stamped.mark.code) == 14
    assert figures(results, "gsjx-2013").paper == "result_tables"
    later = replace(results, printed=date(2013, 9, 1))
    assert with_code(later, "gsjx-2013").mark == stamped.mark


def test_ranks_by_month_are_figures_of_the_tables() -> None:
    trend = UnitTrend("E01", "第1局", (1, None))
    category = CategoryResult("经济民生部门", (), (trend,))
    months = (Month(2013, 6), Month(2013, 7))
    results = Results("活动", "范围", months, (category,), Mark(1, ""), date(2013, 8, 5))
    other = replace(category, trends=(replace(trend, ranks=(1, 2)),))

    assert figures(results, "g").rows == (("经济民生部门", "E01", "1", ""),)
    assert code(replace(results, categories=(other,))) != code(results)
    assert code(replace(results, months=months[::-1])) != code(results)


def code(paper: Paper | Results) -> str:
    return with_code(paper, "g").mark.code


_STUDY = StagePoints("第一阶段", Decimal(200), Decimal("143.50"))
_SELFCHECK = StagePoints("第二阶段", Decimal(200), Decimal("171.00"))
"""As in the sample of the letter."""


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("admonition_notice", {"role": "分管领导"}),
        ("admonition_notice", {"stage": "第二阶段"}),
        ("admonition_record", {"role": "分管领导"}),
        ("results_letter", {"scope": "别的范围"}),
        ("results_letter", {"stages": (_STUDY, replace(_SELFCHECK, points=Decimal(172)))}),
        ("results_letter", {"stages": (_STUDY, replace(_SELFCHECK, nominal=Decimal(210)))}),
        ("rectification_notice", {"losses": ()}),
        ("objection_decision", {"unit": "别的局"}),
        ("objection_decision", {"month": Month(2013, 6)}),
        ("objection_decision", {"item": "别的要点"}),
        ("objection_decision", {"upheld": False}),
        ("objection_decision", {"points_before": Decimal(4)}),
        ("objection_decision", {"points_after": Decimal(8)}),
        ("objection_decision", {"rank_before": 10}),
        ("objection_decision", {"rank_after": 10}),
    ],
)
def test_a_figure_changed_is_another_code(kind: str, change: dict[str, object]) -> None:
    paper = full(kind)

    changed = replace(paper, **change)  # type: ignore[arg-type]

    assert code(changed) != code(paper)


@pytest.mark.parametrize(
    "change",
    [
        {"rank": 11},
        {"ranked": 13},
        {"unit": "别的局"},
        {"category": "别的类别"},
        {"points": Decimal("143.51")},
        {"tied": True},
    ],
)
def test_where_a_unit_stands_is_a_figure(change: dict[str, object]) -> None:
    notice = full(AdmonitionNotice.kind)
    assert isinstance(notice, AdmonitionNotice)
    place: Place = replace(notice.place, **change)  # type: ignore[arg-type]

    assert code(replace(notice, place=place)) != code(notice)
