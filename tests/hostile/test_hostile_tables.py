"""Files made to harm whoever imports them: one clear message, little memory, nothing written."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import (
    A_ROW,
    HEADINGS,
    NAMESPACE,
    SHEET,
    STRINGS,
    a_workbook,
    heading_row,
    row_of,
    sheet_of,
    text_cell,
    value_row,
    with_parts,
)

from builders import a_unit, an_office, counts
from gsjx_tui.documents import sheet_reader, tables
from gsjx_tui.documents.limits import BYTES, ROWS
from gsjx_tui.documents.tables import TableError, read_table
from gsjx_tui.errors import ObservationError, RubricError
from gsjx_tui.harmless import printable_lines
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import import_file
from gsjx_tui.office.roster import read_roster

BROKEN = "工作簿不完整或已损坏"
MIB = 1 << 20
CHINESE = {f"标题{name}": name for name in HEADINGS}


def read(path: Path) -> list[tuple[int, list[str]]]:
    return list(read_table(path, HEADINGS[:5], HEADINGS[5:], CHINESE).rows)


def refusal(path: Path) -> str:
    with pytest.raises(TableError) as error:
        read(path)
    return str(error.value)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path, a_unit("A1")) as office:
        yield office


# what takes memory and time, within bounds -------------------------------------------------------

READING = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from gsjx_tui.documents.tables import TableError, read_table
heads = ("unit", "month", "item", "field", "value")
try:
    chinese = {name: name for name in heads}
    said = f"{len(read_table(Path(sys.argv[1]), heads, ('note',), chinese).rows)} rows"
except TableError as error:
    said = str(error)
own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([said, int(own.split()[1]) // 1024, child]))
"""


def read_elsewhere(path: Path, seconds: int = 150) -> tuple[str, int, int]:
    """What is said of a file; MiB that reading took, in the program and in its child."""
    ended = subprocess.run(
        [sys.executable, "-c", READING, str(path)],
        stdout=subprocess.PIPE,
        timeout=seconds,
        check=True,
    )
    said, own, child = json.loads(ended.stdout)
    return said, own, child


def zip_bomb(path: Path) -> Path:
    """A sheet of 400 MB in 400 kB."""
    blank = b" " * MIB
    return with_parts(a_workbook(path, A_ROW), {SHEET: repeat(blank, 400)})


def bomb_that_lies(path: Path) -> Path:
    """The same, but the zip says that the part has 1,000 bytes."""
    zip_bomb(path)
    content = path.read_bytes()
    size = (400 * MIB).to_bytes(4, "little")
    path.write_bytes(content.replace(size, (1000).to_bytes(4, "little")))
    return path


def bomb_of_many_parts(path: Path) -> Path:
    parts = {f"xl/worksheets/sheet{n}.xml": repeat(b" " * MIB, 40) for n in range(2, 12)}
    return with_parts(a_workbook(path, A_ROW), parts)


def bomb_in_a_zip(path: Path) -> Path:
    inner = zip_bomb(path).read_bytes()
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("inner.xlsx", inner)
    return path


def bomb_of_strings(path: Path) -> Path:
    """Shared strings within what may be unpacked, but too much for the memory."""
    return with_strings(path, (b"<si><t>%07d</t></si>" % n for n in range(3_000_000)))


def with_strings(path: Path, strings: Iterable[bytes]) -> Path:
    a_workbook(path, A_ROW)
    types = ZipFile(path).read("[Content_Types].xml").decode()
    override = (
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    whole = b"<sst " + NAMESPACE.encode() + b">" + b"".join(strings) + b"</sst>"
    return with_parts(
        path,
        {STRINGS: whole, "[Content_Types].xml": types.replace("</Types>", override)},
    )


LAUGHS = "<!DOCTYPE worksheet [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
) + "]>"  # fmt: skip
QUADRATIC = f"<!DOCTYPE worksheet [<!ENTITY a '{'x' * 100_000}'>]>"


def billion_laughs(path: Path) -> Path:
    rows = heading_row() + row_of(2, text_cell("A2", "&a11;"))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(rows, doctype=LAUGHS)})


def quadratic_entities(path: Path) -> Path:
    rows = heading_row() + row_of(2, text_cell("A2", "&a;" * 100_000))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(rows, doctype=QUADRATIC)})


def laughs_in_the_workbook(path: Path) -> Path:
    """In a part that another parser reads."""
    a_workbook(path, A_ROW)
    text = ZipFile(path).read("xl/workbook.xml").decode()
    text = LAUGHS.replace("worksheet", "workbook") + text.replace('name="Sheet"', 'name="&a11;"')
    return with_parts(path, {"xl/workbook.xml": text})


def declared_dimension(path: Path) -> Path:
    head = '<dimension ref="A1:XFD1048576"/>'
    rows = heading_row() + value_row('<c r="AT"><v>8</v></c>')
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(rows, head)})


def last_cell_of_the_sheet(path: Path) -> Path:
    rows = heading_row() + row_of(1048576, text_cell("XFD1048576", "x"))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(rows)})


def rows_without_end(path: Path) -> Path:
    rows = heading_row() + row_of(99999999999, text_cell("A99999999999", "x"))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(rows)})


def columns_without_end(path: Path) -> Path:
    rows = heading_row() + row_of(2, text_cell("ZZZZZZ2", "x"))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(rows)})


def wide_rows_of_nothing(path: Path) -> Path:
    """A format in the last column of every row: room for billions of cells."""
    rows = "".join(row_of(n, f'<c r="XFD{n}" s="0"/>') for n in range(2, 3_000))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(heading_row() + rows)})


def one_text_everywhere(path: Path) -> Path:
    """A text of 30,000 letters that many cells share."""
    book = with_strings(path, [f"<si><t>{'字' * 30_000}</t></si>".encode()])
    rows = "".join(row_of(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(2, 100))
    return with_parts(book, {SHEET: sheet_of(heading_row() + rows)})


def million_rows(path: Path) -> Path:
    row = value_row('<c r="AT"><v>8</v></c>')
    rows = (row.replace('2"', f'{n}"') for n in range(2, 1_003))
    return with_parts(a_workbook(path, A_ROW), {SHEET: sheet_of(heading_row() + "".join(rows))})


def million_parts(path: Path) -> Path:
    with ZipFile(path, "w") as archive:
        for n in range(50_000):
            archive.writestr(f"{n}", b"")
    return path


HEAD = ",".join(HEADINGS).encode() + b"\n"
LINE = b"A1,2013-06,study.b1.body,points,8,\n"


def csv_of(content: Callable[[], bytes]) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path = path.with_suffix(".csv")
        path.write_bytes(content())
        return path

    return make


BOMBS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "zip bomb": (zip_bomb, "解压后大得不正常，没有读取"),
    "zip bomb that lies": (bomb_that_lies, BROKEN),
    "zip bomb of many parts": (bomb_of_many_parts, "解压后大得不正常，没有读取"),
    "zip bomb in a zip": (bomb_in_a_zip, BROKEN),
    "billion laughs": (billion_laughs, BROKEN),
    "quadratic entities": (quadratic_entities, BROKEN),
    "billion laughs in the workbook": (laughs_in_the_workbook, "f.xlsx："),
    "declared dimension": (declared_dimension, "1 rows"),
    "last cell of the sheet": (last_cell_of_the_sheet, "有一行超过 256 列"),
    "rows without end": (rows_without_end, f"超过 {ROWS} 行"),
    "columns without end": (columns_without_end, BROKEN),
    "wide rows of nothing": (wide_rows_of_nothing, "只有标题，没有内容"),
    "too many parts": (million_parts, BROKEN),
    "CSV: too many rows": (csv_of(lambda: HEAD + LINE * (ROWS + 1)), f"超过 {ROWS} 行"),
    "CSV: a million columns": (csv_of(lambda: b"unit," * 1_000_000), "第 1 行：有一行超过 256 列"),
    "CSV: a line of commas": (csv_of(lambda: HEAD + b"," * (BYTES - 100)), "只有标题"),
    "CSV: lines of nothing": (csv_of(lambda: HEAD + b"\n" * (BYTES - 100)), f"超过 {ROWS} 行"),
    "CSV: an enormous cell": (
        csv_of(lambda: HEAD + b"x" * 20_000_000),
        "第 2 行：有一格超过 32767",
    ),
    "CSV: an enormous quoted cell": (
        csv_of(lambda: HEAD + b'"' + b"x\n" * 10_000_000 + b'"'),
        "有一格超过 32767 个字",
    ),
    "CSV: too large": (csv_of(lambda: HEAD + b"x" * BYTES), "超过 32 MB；分成几个文件。"),
}


@pytest.mark.parametrize(("make", "says"), BOMBS.values(), ids=BOMBS)
@pytest.mark.slow
def test_a_bomb_takes_bounded_memory_and_is_explained(
    tmp_path: Path, make: Callable[[Path], Path], says: str
):
    path = make(tmp_path / "f.xlsx")

    said, own, child = read_elsewhere(path)

    assert says in said
    assert own < 800  # MiB
    assert child < sheet_reader.MEMORY


SMALLER: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "memory": (bomb_of_strings, "sheet_reader.MEMORY = 150", "读取时需要的内存太多，已停止"),
    "time": (wide_rows_of_nothing, "sheet_reader.SECONDS = 1", "读取时间太长，已停止"),
    "rows": (million_rows, "sheet_reader.ROWS = 1000", f"超过 {ROWS} 行；分成几个文件"),
    "letters": (one_text_everywhere, "sheet_reader.LETTERS = 1_000_000", "或全部文字太多"),
}


@pytest.mark.parametrize(("make", "limit", "says"), SMALLER.values(), ids=SMALLER)
@pytest.mark.slow
def test_each_limit_holds(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], Path],
    limit: str,
    says: str,
):
    """With the limit made smaller, so that the test needs less time and memory."""
    path = make(tmp_path / "f.xlsx")
    child = f"from gsjx_tui.documents import sheet_reader; {limit}; sheet_reader.main()"
    monkeypatch.setattr(tables, "READER", ["-c", child])

    assert says in refusal(path)


def test_an_external_entity_is_not_fetched(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    doctype = f'<!DOCTYPE worksheet [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    rows = heading_row() + row_of(2, text_cell("A2", "&e;"))
    path = with_parts(
        a_workbook(tmp_path / "f.xlsx", A_ROW), {SHEET: sheet_of(rows, doctype=doctype)}
    )

    said = refusal(path)

    assert BROKEN in said and "机密" not in said


def test_an_external_entity_in_the_workbook_is_not_fetched(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    path = a_workbook(tmp_path / "f.xlsx", ("A1", 1), headings=("x",))
    text = ZipFile(path).read("xl/workbook.xml").decode()
    doctype = f'<!DOCTYPE workbook [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    with_parts(path, {"xl/workbook.xml": doctype + text.replace('name="Sheet"', 'name="&e;"')})

    assert "机密" not in refusal(path)


# what a cell may be -----------------------------------------------------------------------------


VALUES: dict[str, tuple[str, str]] = {
    "formula": ('<c r="AT"><f>1+2</f></c>', "“=1+2”是公式，不是数值"),
    "formula with its value": ('<c r="AT"><f>1+2</f><v>3</v></c>', "“=1+2”是公式，不是数值"),
    "shared formula": (
        '<c r="AT"><f t="shared" si="0" ref="E2:E3">1+2</f><v>3</v></c>',
        "是公式，不是数值",
    ),
    "array formula": ('<c r="AT"><f t="array" ref="E2">SUM(1)</f><v>3</v></c>', "是公式，不是数值"),
    "formula of another file": (
        "<c r=\"AT\"><f>'[1]x'!A1</f><v>3</v></c>",
        "是公式，不是数值",
    ),
    "enormous exponent": ('<c r="AT"><v>1e999999</v></c>', "“inf”不是数值"),
    "text with an exponent": (text_cell("AT", "1e3"), "“1e3”不是数值"),
    "error": ('<c r="AT" t="e"><v>#REF!</v></c>', "“#REF!”不是数值"),
    "truth": ('<c r="AT" t="b"><v>1</v></c>', "“True”不是数值"),
    "date": ('<c r="AT" t="d"><v>2013-07-01</v></c>', "“2013-07”不是数值"),
    "a text of 32,000 letters": (text_cell("AT", "9" * 32_000), "（32000 个字）不是数值"),
    "merged": ("", "数值是空的"),
    "escape sequence": (text_cell("AT", "_x001B_[2J8"), "不是数值"),
}


@pytest.mark.parametrize(("cell", "says"), VALUES.values(), ids=VALUES)
def test_a_cell_that_is_no_value(office: Office, tmp_path: Path, cell: str, says: str):
    path = with_parts(
        a_workbook(tmp_path / "f.xlsx", A_ROW),
        {SHEET: sheet_of(heading_row() + value_row(cell))},
    )
    before = counts(office.ledger)

    with pytest.raises(ObservationError) as error:
        import_file(office, path, "claim")

    said = str(error.value)
    assert says in said and "f.xlsx 第 2 行：" in said
    assert len(said) < 300
    assert counts(office.ledger) == before


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "9" * 4000, "8,5", ""])
def test_a_number_that_no_spreadsheet_writes(tmp_path: Path, value: str):
    path = with_parts(
        a_workbook(tmp_path / "f.xlsx", A_ROW),
        {SHEET: sheet_of(heading_row() + value_row(f'<c r="AT"><v>{value}</v></c>'))},
    )

    never_fails(path)


@pytest.mark.parametrize(
    "number", ["1e999999", "NaN", "Infinity", "-Infinity", "1_0", "0x8", "٨", "8e0", "9" * 5000]
)
def test_a_text_that_python_takes_for_a_number_is_none(office: Office, tmp_path: Path, number: str):
    path = tmp_path / "f.csv"
    path.write_text(f"{','.join(HEADINGS)}\nA1,2013-06,study.b1.body,points,{number},\n", "utf-8")

    with pytest.raises(ObservationError, match="不是数值"):
        import_file(office, path, "claim")


def test_digits_of_an_input_method_are_digits(office: Office, tmp_path: Path):
    path = tmp_path / "f.csv"
    path.write_text("unit,month,item,field,value\nA1,２０１３-06,study.b1.body,points,８.５\n")

    assert import_file(office, path, "claim").observations == 1


# files that are something else ------------------------------------------------------------------


def truncated(path: Path) -> Path:
    content = a_workbook(path, A_ROW).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def encrypted(path: Path) -> Path:
    """The bit of encryption set in every entry."""
    content = bytearray(a_workbook(path, A_ROW).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    path.write_bytes(content)
    return path


def another_office_file(path: Path) -> Path:
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return path


ELSE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "truncated": (truncated, BROKEN),
    "encrypted": (encrypted, "是加密的压缩包；解密后另存为 .xlsx。"),
    "ODS": (another_office_file, BROKEN),
    "NUL": (csv_of(lambda: HEAD + b"A1,\x00"), "不是文本文件"),
    "UTF-16": (csv_of(lambda: (HEAD + LINE).decode().encode("utf-16")), "是 UTF-16 编码"),
    "UTF-32": (csv_of(lambda: (HEAD + LINE).decode().encode("utf-32")), "是 UTF-16 编码"),
}


@pytest.mark.parametrize(("make", "says"), ELSE.values(), ids=ELSE)
def test_a_file_that_is_something_else(tmp_path: Path, make: Callable[[Path], Path], says: str):
    assert says in refusal(make(tmp_path / "f.xlsx"))


def test_the_name_of_a_file_says_nothing_of_what_it_is(tmp_path: Path):
    book = a_workbook(tmp_path / "book.csv", A_ROW)
    text = tmp_path / "text.xlsx"
    text.write_bytes(HEAD + LINE)

    assert read(book)[0][1][:5] == ["A1", "2013-06", "study.b1.body", "points", "8"]
    assert read(text)[0][1][:5] == ["A1", "2013-06", "study.b1.body", "points", "8"]


def test_line_ends_may_be_mixed(tmp_path: Path):
    path = tmp_path / "f.csv"
    line = LINE.strip()
    path.write_bytes(b"\xef\xbb\xbf" + HEAD + b"\r\n".join([line, line]) + b"\r" + line + b"\n")

    assert [number for number, _ in read(path)] == [2, 3, 4]


def test_a_roster_is_read_as_carefully(tmp_path: Path, office: Office):
    path = bomb_of_many_parts(tmp_path / "units.csv")

    with pytest.raises(RubricError, match="解压后大得不正常"):
        read_roster(path, office.rubric.campaign, office.rubric.months)


def test_what_a_file_says_of_itself_steers_no_terminal(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["\u202eunit", "[red]x[/red]", "a\u0301\u0301\u0301\u0301\u0301\u0301"])
    book.active.append(["x"])
    book.create_sheet("甲\u202e乙").append(["x"])
    book.save(tmp_path / "f.xlsx")
    text = tmp_path / "f.csv"
    text.write_text("\x1b]0;x\x07unit,\x9bmonth\nx,y\n", "utf-8")

    for path in (tmp_path / "f.xlsx", text):
        said = refusal(path)
        assert said == printable_lines(said)


# whatever ---------------------------------------------------------------------------------------

SLOWLY = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["A1", "2013-06", "study.b1.body", "points", "8", "=1+1", '"', ",", "\n", "１"]
    ),
)


def never_fails(path: Path) -> None:
    """Rows, or a message of whole sentences that steers no terminal."""
    try:
        for _, cells in read(path):
            assert all(cell == printable_lines(cell) for cell in cells)
    except TableError as error:
        said = str(error)
        assert said.endswith("。") and said == printable_lines(said)


@settings(max_examples=150, derandomize=True, suppress_health_check=SLOWLY)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_table_or_a_message(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    if not data.startswith(b"PK"):
        path.write_bytes(data)
        never_fails(path)
        path.write_bytes(HEAD + data)
        never_fails(path)


@settings(max_examples=150, derandomize=True, suppress_health_check=SLOWLY)
@given(st.lists(st.lists(CELLS, max_size=8), max_size=6), st.sampled_from(["utf-8", "gb18030"]))
def test_any_rows_are_a_table_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], encoding: str
):
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    text = "\n".join(",".join(row) for row in [list(HEADINGS), *rows])
    path.write_bytes(text.encode(encoding, "ignore"))

    never_fails(path)


@pytest.mark.slow
@settings(max_examples=5000, deadline=None, suppress_health_check=SLOWLY)
@given(st.binary(max_size=5000), st.sampled_from([b"", HEAD, b"\xef\xbb\xbf" + HEAD, HEAD + LINE]))
def test_many_bytes_are_a_table_or_a_message(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, head: bytes
):
    path = tmp_path_factory.getbasetemp() / "many.csv"
    if not (head + data).startswith(b"PK"):
        path.write_bytes(head + data)
        never_fails(path)


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 60))]
)
def test_a_workbook_with_bytes_changed_is_a_table_or_a_message(tmp_path: Path, seed: int):
    """Bytes changed in the zip, or inside one of its parts so that the zip is whole."""
    chance = random.Random(seed)
    path = a_workbook(tmp_path / "f.xlsx", A_ROW, A_ROW)
    if chance.random() < 0.5:
        path.write_bytes(changed(path.read_bytes(), chance))
    else:
        archive = ZipFile(path)
        name = chance.choice(archive.namelist())
        with_parts(path, {name: changed(archive.read(name), chance)})

    never_fails(path)


def changed(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data))
        match chance.randrange(3):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randint(1, 40)]
            case _:
                data[at:at] = data[max(0, at - 40) : at]
        if not data:
            return b"x"
    return bytes(data)
