"""An official paper as GB/T 9704-2012 lays it out: page, type area, parts. In python-docx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from gsjx_tui.documents.archive import settled
from tools.paper_templates.measures import (
    BOTH,
    CENTER,
    FALLBACKS,
    FANGSONG,
    FIVE,
    FOUR,
    HEI,
    HEIGHT,
    INSIDE,
    LEFT,
    LETTER,
    LINE,
    LINES,
    RED,
    RIGHT,
    RIGHT_TAB,
    SMALL_FOUR,
    SONG,
    SONG_TITLE,
    THREE,
    TOP,
    TWIPS_MM,
    TWO,
    WIDTH,
)
from tools.paper_templates.word import (
    ORDER,
    add_run,
    border,
    field,
    float_to_bottom,
    heads_and_feet,
    indented,
    merged,
    middle,
    name_fonts,
    no_margins,
    off_grid,
    plain_line,
    table_border,
)

_STYLES = ("Normal", "Header", "Footer", "Default Paragraph Font", "Normal Table", "No List")
_IDLE = ("/stylesWithEffects", "/customXml", "/numbering", "/webSettings")
"""Parts of python-docx's own template that nothing here uses."""
_COPIES = "抄送：{{ 抄送 }}。"
_ON_A_LINE = 15
"""Letters of the issuer's name at 28 points on a line of 156 mm."""
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
        for root in (main.element, main._styles_part.element, *heads_and_feet(main)):
            for name, order in ORDER.items():
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
        grid.set(qn("w:linePitch"), str(int(HEIGHT * TWIPS_MM / LINES)))
        properties.append(grid)

    def _styles(self) -> None:
        for style in list(self.document.styles):
            if style.name not in _STYLES:
                style.delete()
        normal = self.document.styles["Normal"]
        normal.font.size = Pt(THREE)
        name_fonts(normal.element.get_or_add_rPr(), FANGSONG)
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
            plain_line(line, FIVE)
            line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), alignment=RIGHT_TAB)
            stamp = add_run(line, "{{ 未定稿 }}", HEI, THREE, RED)
            stamp.bold = True
            add_run(line, "\t{{ 版次 }}　校验码 {{ 校验码 }}", SONG, FIVE)

    def _page_numbers(self) -> None:
        """— 1 — in 4号: outside, one letter in from the edge."""
        section = self.document.sections[0]
        for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
            footer.is_linked_to_previous = False
            line = footer.paragraphs[0]
            line.style = self.document.styles["Normal"]
            plain_line(line, FOUR)
            line.alignment = side
            layout = line.paragraph_format
            layout.left_indent = layout.right_indent = Pt(FOUR)
            add_run(line, "— ", SONG, FOUR)
            field(line, "PAGE", SONG, FOUR)
            add_run(line, " —", SONG, FOUR)

    # the parts ---------------------------------------------------------------------------------

    def red_head(self, text: str, number: str) -> None:
        """版头: the issuer's name in red, the issue number, the red line 4 mm below it."""
        for name in self._issuer(text, _ON_A_LINE - len("文件")):
            name.paragraph_format.space_before = Mm(30)
        line = self.paragraph(number, align=CENTER)
        line.paragraph_format.space_before = LINE * 2
        rule = self.paragraph("")
        rule.paragraph_format.line_spacing = Mm(4)
        off_grid(rule)
        border(rule, "bottom", "FF0000", 12)

    def letter_head(self, text: str, number: str) -> None:
        """信函格式: the issuer's name in red over a double line, the issue number to the right."""
        self._issuer(text, _ON_A_LINE)
        rule = self.paragraph("")
        rule.paragraph_format.line_spacing = Mm(4)
        off_grid(rule)
        rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm(-7)
        border(rule, "bottom", "FF0000", 24, style="thickThinSmallGap")
        line = self.paragraph(number, align=RIGHT)
        line.paragraph_format.space_before = Pt(8)

    def _issuer(self, text: str, most: int) -> list[Any]:
        """发文机关标志 in red; of more letters than ``most`` it is smaller, to stay on a line."""
        made = []
        for steer, size in (
            ("{%p if 发文机关|length > " + str(most) + " %}", TWO),
            ("{%p else %}", 28),
        ):
            self.control(steer)
            name = self.paragraph(text, SONG_TITLE, size, align=CENTER, color=RED)
            name.paragraph_format.line_spacing = Pt(40)
            off_grid(name)
            made.append(name)
        self.control("{%p endif %}")
        return made

    def title(self, text: str, *, lines_above: float = 2) -> None:
        """标题: 2号小标宋, two lines below the red line."""
        title = self.paragraph(text, SONG_TITLE, TWO, align=CENTER)
        title.paragraph_format.space_before = Length(round(LINE * lines_above))
        title.paragraph_format.line_spacing = Pt(34)
        off_grid(title)

    def addressees(self) -> None:
        """主送机关: a line below the title, at the edge."""
        self.paragraph("{{ 主送机关 }}：").paragraph_format.space_before = LINE

    def body(self, text: str) -> Any:
        """A paragraph of the text: two letters in. ``text`` may be a heading: 一、 in 黑体."""
        font = HEI if text[:2] in ("一、", "二、", "三、", "四、", "五、") else FANGSONG
        line = indented(self.paragraph(text, font, align=BOTH))
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
        indented(first).paragraph_format.keep_with_next = True
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
            table_border(table, side, eighths)
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
        no_margins(table)
        float_to_bottom(table)
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
        off_grid(end)

    def table(self, widths: Sequence[float], *, borders: bool = True) -> Any:
        """An empty table with columns of these widths."""
        table = self.document.add_table(rows=0, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER  # its edges on those of the type area
        properties = table._tbl.tblPr
        layout = OxmlElement("w:tblW")
        for old in properties.findall(qn("w:tblW")):
            properties.remove(old)
        layout.set(qn("w:w"), str(round(sum(widths) * TWIPS_MM)))
        layout.set(qn("w:type"), "dxa")
        properties.append(layout)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        if borders:
            for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
                table_border(table, side, 4)
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
            add_run(line, text, font, size)
            line.alignment = align
            plain_line(line, size)
            middle(cell)
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
        off_grid(gap)

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
            add_run(line, text, font, size, color)
        return line
