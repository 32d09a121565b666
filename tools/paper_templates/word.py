"""What python-docx doesn't reach: properties of Word set in its XML."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from tools.paper_templates.measures import INSIDE, LETTER, TWIPS_MM


def merged(first: Any, last: Any) -> None:
    """One cell out of several, without the empty paragraphs that the others leave."""
    for line in first.merge(last).paragraphs[1:]:
        line._p.getparent().remove(line._p)


def named(run: Any, font: str) -> None:
    """Sets a run in a font, all its scripts."""
    name_fonts(run._r.get_or_add_rPr(), font)


def add_run(line: Any, text: str, font: str, size: float, color: RGBColor | None = None) -> Any:
    """Adds text to a paragraph in a font and size."""
    run = line.add_run(text)
    run.font.size = Pt(size)
    name_fonts(run._r.get_or_add_rPr(), font)
    if color is not None:
        run.font.color.rgb = color
    return run


def name_fonts(properties: Any, font: str) -> None:
    """Names the font for all scripts of some properties."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def field(line: Any, code: str, font: str, size: float) -> None:
    """Adds a field (PAGE) to a paragraph."""
    for kind in ("begin", None, "separate", "1", "end"):
        run = add_run(line, kind if kind == "1" else "", font, size)
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


def plain_line(line: Any, size: float) -> None:
    """Line spacing of its own size, off the grid."""
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    off_grid(line)


def off_grid(line: Any) -> None:
    """Leaves the grid of lines."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    line._p.get_or_add_pPr().append(snap)


def indented(line: Any) -> Any:
    """The first line two letters in, whatever their size."""
    indent = line._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(round(2 * LETTER.pt * 20)))
    return line


def border(line: Any, side: str, color: str, eighths: int, style: str = "single") -> None:
    """Draws one edge of a paragraph; ``eighths`` of a point thick."""
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", style), ("sz", str(eighths)), ("space", "1"), ("color", color)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    line._p.get_or_add_pPr().append(borders)


def table_border(table: Any, side: str, eighths: int) -> None:
    """Draws one kind of edge of a table."""
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


def float_to_bottom(table: Any) -> None:
    """Puts a table at the foot of the type area."""
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("leftFromText", "0"),
        ("rightFromText", "0"),
        ("vertAnchor", "margin"),
        ("horzAnchor", "page"),  # LibreOffice floats no table as wide as the text otherwise
        ("tblpX", str(round(INSIDE * TWIPS_MM))),
        ("tblpYSpec", "bottom"),
    ):
        place.set(qn(f"w:{name}"), value)
    properties = table._tbl.tblPr
    properties.append(place)


def no_margins(table: Any) -> None:
    """Text of cells begins at their edges."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def middle(cell: Any) -> None:
    """Centres the text of a cell from top to bottom."""
    align = OxmlElement("w:vAlign")
    align.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(align)


def heads_and_feet(part: Any) -> list[Any]:
    """The roots of all page headers and footers."""
    kinds = ("/header", "/footer")
    return [r.target_part.element for r in part.rels.values() if r.reltype.endswith(kinds)]


ORDER = {
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
