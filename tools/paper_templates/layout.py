"""An official paper as GB/T 9704-2012 lays it out, in python-docx: page, type area, fonts, parts.

Lengths in millimetres, sizes of letters in points. 初号 and its kin: 2号 22, 3号 16, 4号 14,
小4号 12, 5号 10.5.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from gsjx_tui.documents.archive import settled

SONG_TITLE = "方正小标宋简体"
FANGSONG = "仿宋_GB2312"
HEI = "黑体"
KAI = "楷体_GB2312"
SONG = "宋体"
FALLBACKS = {
    SONG_TITLE: ("方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,宋体,Noto Serif CJK SC", "roman"),
    FANGSONG: ("仿宋,FangSong,华文仿宋,FandolFang,Noto Serif CJK SC", "modern"),
    HEI: ("SimHei,Noto Sans CJK SC,文泉驿正黑", "modern"),
    KAI: ("楷体,KaiTi,华文楷体,FandolKai,Noto Serif CJK SC", "modern"),
    SONG: ("SimSun,Noto Serif CJK SC,新宋体", "auto"),
}
"""Each font the standard names, with others that stand in for it where it isn't installed."""

TWO, THREE, FOUR, SMALL_FOUR, FIVE = 22.0, 16.0, 14.0, 12.0, 10.5
RED = RGBColor(0xFF, 0, 0)
CENTER, LEFT, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
BOTH = WD_ALIGN_PARAGRAPH.JUSTIFY
RIGHT_TAB = WD_TAB_ALIGNMENT.RIGHT

TOP, INSIDE, WIDTH, HEIGHT = 37, 28, 156, 225
"""天头, 订口, and the type area 版心."""
LINES, LETTERS = 22, 28
_TWIPS_MM = 1440 / 25.4
LINE = Pt(28.95)
"""22 of them fill the height of the type area."""
LETTER = Pt(15.75)
"""28 of them fill its width, 29 don't fit."""
_STYLES = ("Normal", "Header", "Footer", "Default Paragraph Font", "Normal Table", "No List")
_IDLE = ("/stylesWithEffects", "/customXml", "/numbering", "/webSettings")
"""Parts of python-docx's own template that nothing here uses."""
_COPIES = "抄送：{{ 抄送 }}。"
_MADE = datetime(2013, 7, 18)


class Paper:
    """A template under construction; parts come one below the other."""

    def __init__(self, title: str) -> None:
        self.document = Document()
        for element in list(self.document.element.body):
            if element.tag != qn("w:sectPr"):
                self.document.element.body.remove(element)
        main = self.document.part
        rels = main.package.rels
        for name in [name for name, rel in rels.items() if rel.reltype.endswith("/thumbnail")]:
            del rels[name]  # a picture of python-docx's own template
        for name in [name for name, rel in main.rels.items() if rel.reltype.endswith(_IDLE)]:
            del main.rels[name]
        self._page()
        self._styles()
        self._fonts()
        self._mark()
        self._page_numbers()
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""
        properties.created = properties.modified = _MADE
        properties.last_modified_by = ""
        self.document.settings.odd_and_even_pages_header_footer = True

    def save(self, path: Path) -> None:
        """Writes the template; the same every time."""
        main = self.document.part
        for root in (main.element, main._styles_part.element, *_heads_and_feet(main)):
            for name, order in _ORDER.items():
                for element in root.iter(qn(f"w:{name}")):
                    known = [qn(f"w:{child}") for child in order]
                    element[:] = sorted(element, key=lambda child: known.index(child.tag))
        draft = io.BytesIO()
        self.document.save(draft)
        path.write_bytes(settled(draft.getvalue()))

    # the page ----------------------------------------------------------------------------------

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(297 - TOP - HEIGHT)
        section.left_margin, section.right_margin = Mm(INSIDE), Mm(210 - INSIDE - WIDTH)
        section.header_distance = Mm(20)
        section.footer_distance = Mm(297 - TOP - HEIGHT - 7 - 5)  # 一字线 7 mm below the type area
        properties = section._sectPr
        for grid in properties.findall(qn("w:docGrid")):
            properties.remove(grid)
        grid = OxmlElement("w:docGrid")
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(int(HEIGHT * _TWIPS_MM / LINES)))
        properties.append(grid)

    def _styles(self) -> None:
        for style in list(self.document.styles):
            if style.name not in _STYLES:
                style.delete()
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(THREE)
        _name_fonts(normal.element.get_or_add_rPr(), FANGSONG)
        layout = normal.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        layout.widow_control = False
        # 28 letters a line by drawing them together: LibreOffice doubles a grid of letters.
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(-round((THREE - LETTER.pt) * 20)))
        normal.element.get_or_add_rPr().append(closer)
        for name in ("autoSpaceDE", "autoSpaceDN"):
            off = OxmlElement(f"w:{name}")
            off.set(qn("w:val"), "0")
            normal.element.get_or_add_pPr().append(off)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
        normal.element.get_or_add_rPr().append(language)

    def _fonts(self) -> None:
        """Names the stand-ins in the font table, where Word and LibreOffice look for them."""
        part = next(
            part
            for part in self.document.part.package.iter_parts()
            if str(part.partname) == "/word/fontTable.xml"
        )
        fonts = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/>'
            f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="default"/>'
            "</w:font>"
            for name, (others, family) in FALLBACKS.items()
        )
        spaces = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?><w:fonts xmlns:w="{spaces}">{fonts}</w:fonts>'
        )
        part._blob = text.encode()

    def _mark(self) -> None:
        """未定稿, edition and check code at the head of every page."""
        section = self.document.sections[0]
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            line = header.paragraphs[0]
            line.style = self.document.styles["Normal"]
            _plain_line(line, FIVE)
            line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=RIGHT_TAB)
            stamp = _run(line, "{{ 未定稿 }}", HEI, THREE, RED)
            stamp.bold = True
            _run(line, "\t{{ 版次 }}　校验码 {{ 校验码 }}", SONG, FIVE)

    def _page_numbers(self) -> None:
        """— 1 — in 4号: outside, one letter in from the edge."""
        section = self.document.sections[0]
        for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
            footer.is_linked_to_previous = False
            line = footer.paragraphs[0]
            line.style = self.document.styles["Normal"]
            _plain_line(line, FOUR)
            line.alignment = side
            layout = line.paragraph_format
            layout.left_indent = layout.right_indent = Pt(FOUR)
            _run(line, "— ", SONG, FOUR)
            _field(line, "PAGE", SONG, FOUR)
            _run(line, " —", SONG, FOUR)

    # the parts ---------------------------------------------------------------------------------

    def red_head(self, text: str, number: str) -> None:
        """版头: the issuer's name in red, the issue number, the red line 4 mm below it."""
        name = self.paragraph(text, SONG_TITLE, 28, align=CENTER, color=RED)
        name.paragraph_format.space_before = Mm(30)
        name.paragraph_format.line_spacing = Pt(40)
        _off_grid(name)
        line = self.paragraph(number, align=CENTER)
        line.paragraph_format.space_before = LINE * 2
        rule = self.paragraph("")
        rule.paragraph_format.line_spacing = Mm(4)
        _off_grid(rule)
        _border(rule, "bottom", "FF0000", 12)

    def letter_head(self, text: str, number: str) -> None:
        """信函格式: the issuer's name in red over a double line, the issue number to the right."""
        name = self.paragraph(text, SONG_TITLE, 28, align=CENTER, color=RED)
        name.paragraph_format.line_spacing = Pt(40)
        _off_grid(name)
        rule = self.paragraph("")
        rule.paragraph_format.line_spacing = Mm(4)
        _off_grid(rule)
        rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm(-7)
        _border(rule, "bottom", "FF0000", 24, style="thickThinSmallGap")
        line = self.paragraph(number, align=RIGHT)
        line.paragraph_format.space_before = Pt(8)

    def title(self, text: str, *, lines_above: float = 2) -> None:
        """标题: 2号小标宋, two lines below the red line."""
        title = self.paragraph(text, SONG_TITLE, TWO, align=CENTER)
        title.paragraph_format.space_before = Length(round(LINE * lines_above))
        title.paragraph_format.line_spacing = Pt(34)
        _off_grid(title)

    def addressees(self) -> None:
        """主送机关: a line below the title, at the edge."""
        self.paragraph("{{ 主送机关 }}：").paragraph_format.space_before = LINE

    def body(self, text: str) -> Any:
        """A paragraph of the text: two letters in. ``text`` may be a heading: 一、 in 黑体."""
        font = HEI if text[:2] in ("一、", "二、", "三、", "四、", "五、") else FANGSONG
        line = _indented(self.paragraph(text, font, align=BOTH))
        line.paragraph_format.keep_with_next = font == HEI
        return line

    def control(self, text: str) -> None:
        """A paragraph that only steers (``{%p if … %}``) and is gone in the paper."""
        self.paragraph(text)

    def attachments(self) -> None:
        """附件说明: below the text, two letters in, numbered where there are several.

        Keeps what was written last on the page of the signature.
        """
        last = self.document.paragraphs[-1]
        if not last.text.startswith("{%p"):
            last.paragraph_format.keep_with_next = True
        self.control("{%p for 件 in 附件 %}")
        first = self.paragraph(
            "{% if loop.first %}附件：{% else %}　　　{% endif %}"
            "{% if loop.length > 1 %}{{ 件.序号 }}．{% endif %}{{ 件.名称 }}"
        )
        _indented(first).paragraph_format.keep_with_next = True
        self.control("{%p endfor %}")

    def signature(self) -> None:
        """署名 and 成文日期 to the right, room for the seal above."""
        name = self.paragraph("{{ 发文机关 }}", align=RIGHT)
        name.paragraph_format.space_before = LINE * 2
        name.paragraph_format.right_indent = LETTER * 2
        name.paragraph_format.keep_with_next = True
        day = self.paragraph("{{ 成文日期 }}", align=RIGHT)
        day.paragraph_format.right_indent = LETTER * 4

    def imprint(self) -> None:
        """版记 at the foot of the last page: 抄送, 印发机关, 印发日期 between lines, in 4号."""
        table = self._at_the_foot()
        for side, eighths in (("top", 10), ("bottom", 10), ("insideH", 6)):
            _table_border(table, side, eighths)
        self.row(table, ["{%tr if 抄送 %}", ""])
        cells = self.row(table, [_COPIES, ""], size=FOUR)
        merged(cells[0], cells[1])
        self.row(table, ["{%tr endif %}", ""])
        cells = self.row(table, ["{{ 发文机关 }}", "{{ 印发日期 }}印发"], size=FOUR)
        cells[1].paragraphs[0].alignment = RIGHT
        self._set_in(table)

    def letter_imprint(self) -> None:
        """版记 of a letter: 抄送 alone, without lines."""
        self.control("{%p if 抄送 %}")  # Word takes no table without rows
        table = self._at_the_foot()
        cells = self.row(table, [_COPIES, ""], size=FOUR)
        merged(cells[0], cells[1])
        self._set_in(table)
        self.control("{%p endif %}")

    def _at_the_foot(self) -> Any:
        table = self.table([WIDTH * 0.6, WIDTH * 0.4], borders=False)
        table.alignment = None
        _no_margins(table)
        _float_to_bottom(table)
        return table

    def _set_in(self, table: Any) -> None:
        for row in table.rows:
            for cell in row.cells:
                layout = cell.paragraphs[0].paragraph_format
                layout.line_spacing = Pt(22)
                if layout.alignment == RIGHT:
                    layout.right_indent = Pt(FOUR)
                else:
                    layout.left_indent = Pt(FOUR)
        end = self.paragraph("")  # a document can't end with a table
        end.paragraph_format.line_spacing = Pt(1)
        _off_grid(end)

    def table(self, widths: Sequence[float], *, borders: bool = True) -> Any:
        """An empty table with columns of these widths."""
        table = self.document.add_table(rows=0, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER  # its edges on those of the type area
        properties = table._tbl.tblPr
        layout = OxmlElement("w:tblW")
        for old in properties.findall(qn("w:tblW")):
            properties.remove(old)
        layout.set(qn("w:w"), str(round(sum(widths) * _TWIPS_MM)))
        layout.set(qn("w:type"), "dxa")
        properties.append(layout)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        if borders:
            for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
                _table_border(table, side, 4)
        return table

    def row(
        self,
        table: Any,
        texts: Sequence[str],
        *,
        font: str = FANGSONG,
        size: float = SMALL_FOUR,
        align: Any = LEFT,
        heading: bool = False,
        height: float = 0,
    ) -> Any:
        """A row of texts; ``heading`` repeats on every page, ``height`` is at least so many mm."""
        row = table.add_row()
        for cell, column, text in zip(row.cells, table.columns, texts, strict=True):
            cell.width = column.width
            line = cell.paragraphs[0]
            _run(line, text, font, size)
            line.alignment = align
            _plain_line(line, size)
            _middle(cell)
        properties = row._tr.get_or_add_trPr()
        whole = OxmlElement("w:cantSplit")
        properties.append(whole)
        if heading:
            properties.append(OxmlElement("w:tblHeader"))
        if height:
            row.height = Mm(height)
        return row.cells

    def listing(
        self, widths: Sequence[float], headings: Sequence[str], loop: str, texts: Sequence[str]
    ) -> None:
        """A table with a row for each value of a loop: ``行 in 失分``."""
        table = self.table(widths)
        blank = [""] * (len(widths) - 1)
        self.row(table, headings, font=HEI, align=CENTER, heading=True, height=8)
        self.row(table, ["{%tr for " + loop + " %}", *blank])
        self.row(table, texts, align=CENTER, height=7.5)
        self.row(table, ["{%tr endfor %}", *blank])
        gap = self.paragraph("")
        gap.paragraph_format.line_spacing = Pt(8)
        _off_grid(gap)

    def paragraph(
        self,
        text: str,
        font: str = FANGSONG,
        size: float = THREE,
        *,
        align: Any = LEFT,
        color: RGBColor | None = None,
    ) -> Any:
        """A paragraph of one run."""
        line = self.document.add_paragraph()
        line.alignment = align
        if text:
            _run(line, text, font, size, color)
        return line


def merged(first: Any, last: Any) -> None:
    """One cell out of several, without the empty paragraphs that the others leave."""
    for line in first.merge(last).paragraphs[1:]:
        line._p.getparent().remove(line._p)


def named(run: Any, font: str) -> None:
    """Sets a run in a font, all its scripts."""
    _name_fonts(run._r.get_or_add_rPr(), font)


def _run(line: Any, text: str, font: str, size: float, color: RGBColor | None = None) -> Any:
    run = line.add_run(text)
    run.font.size = Pt(size)
    _name_fonts(run._r.get_or_add_rPr(), font)
    if color is not None:
        run.font.color.rgb = color
    return run


def _name_fonts(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _field(line: Any, code: str, font: str, size: float) -> None:
    for kind in ("begin", None, "separate", "1", "end"):
        run = _run(line, kind if kind == "1" else "", font, size)
        if kind == "1":
            continue
        if kind is None:
            text = OxmlElement("w:instrText")
            text.set(qn("xml:space"), "preserve")
            text.text = f" {code} "
            run._r.append(text)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _plain_line(line: Any, size: float) -> None:
    """Line spacing of its own size, off the grid."""
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _off_grid(line)


def _off_grid(line: Any) -> None:
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    line._p.get_or_add_pPr().append(snap)


def _indented(line: Any) -> Any:
    """The first line two letters in, whatever their size."""
    indent = line._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(round(2 * LETTER.pt * 20)))
    return line


def _border(line: Any, side: str, color: str, eighths: int, style: str = "single") -> None:
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", style), ("sz", str(eighths)), ("space", "1"), ("color", color)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    line._p.get_or_add_pPr().append(borders)


def _table_border(table: Any, side: str, eighths: int) -> None:
    properties = table._tbl.tblPr
    borders = properties.find(qn("w:tblBorders"))
    if borders is None:
        borders = OxmlElement("w:tblBorders")
        properties.append(borders)
    edge = OxmlElement(f"w:{side}")
    for name, value in (
        ("val", "single"),
        ("sz", str(eighths)),
        ("space", "0"),
        ("color", "000000"),
    ):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)


def _float_to_bottom(table: Any) -> None:
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("leftFromText", "0"),
        ("rightFromText", "0"),
        ("vertAnchor", "margin"),
        ("horzAnchor", "page"),  # LibreOffice floats no table as wide as the text otherwise
        ("tblpX", str(round(INSIDE * _TWIPS_MM))),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    properties.append(place)


def _no_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _middle(cell: Any) -> None:
    align = OxmlElement("w:vAlign")
    align.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(align)


def _heads_and_feet(part: Any) -> list[Any]:
    kinds = ("/header", "/footer")
    return [r.target_part.element for r in part.rels.values() if r.reltype.endswith(kinds)]


_ORDER = {
    "pPr": (
        *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr"),
        *("shd", "tabs", "autoSpaceDE", "autoSpaceDN", "snapToGrid", "spacing", "ind"),
        *("contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr"),
    ),
    "tblPr": (
        *(
            "tblStyle",
            "tblpPr",
            "tblStyleRowBandSize",
            "tblStyleColBandSize",
            "tblW",
            "jc",
            "tblInd",
            "tblBorders",
            "tblLayout",
        ),
        *("tblCellMar", "tblLook"),
    ),
    "rPr": (
        *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "color"),
        *("spacing", "kern", "sz", "szCs", "u", "vertAlign", "lang"),
    ),
    "tcPr": ("tcW", "gridSpan", "vMerge", "tcBorders", "shd", "vAlign"),
}
"""The order of properties that the schema of Word demands."""
