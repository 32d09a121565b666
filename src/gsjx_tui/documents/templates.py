"""Word templates of an office: opened, looked through, filled in; what is wrong said in Chinese.

Placeholders are Jinja's, in a sandbox: a template computes and repeats, and reaches nothing else.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from gsjx_tui.documents.archive import settled
from gsjx_tui.documents.paper_context import Context, names
from gsjx_tui.documents.xlsx import OLD_EXCEL, plain
from gsjx_tui.errors import Fault, GsjxError, reason_of

_LARGEST = 64 << 20
"""Bytes of a template unpacked; the shipped ones have 1 million."""
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WIDE = re.compile(r"[｛{][｛{%％]|[%％｝}][｝}]")
MARKS = ("版次", "未定稿", "校验码")
"""Placeholders that no template may leave out: papers must be provable, drafts known as such."""
_DIGITS = "零一二三四五六七八九十"
_SEE = "可用的占位符见 docs/templates.md"


class TemplateError(GsjxError):
    """A template can't be read, or something in it can't be filled in."""


def fill(template: Path, values: Context) -> bytes:
    """The DOCX that ``template`` becomes with these values: the same values, the same bytes.

    Raises TemplateError: unreadable, a placeholder that isn't known, a mistake in one, one of
    ``MARKS`` left out.
    """
    document = _open(template)
    faults = list(_mistakes(template.name, document))
    if not faults:
        faults = list(_unknown(template.name, document, values))
    if faults:
        raise TemplateError.of(faults)
    from jinja2 import TemplateError as JinjaError
    from jinja2 import UndefinedError
    from jinja2.exceptions import SecurityError

    try:
        document.render(_without_control(values), _environment())
        made = io.BytesIO()
        document.save(made)
    except (UndefinedError, SecurityError) as error:
        raise TemplateError(_of_unknown(template.name, str(error), names(values))) from error
    except JinjaError as error:
        raise TemplateError(Fault(template.name, f"占位符不能用：{error}", _SEE)) from error
    except Exception as error:  # whatever a filter, docxtpl and lxml raise on what they made
        raise TemplateError(
            Fault(
                template.name,
                "填写之后不是完整的 Word 文件",
                "多半是表格行或段落的占位符没有独占一行、一段，对照出厂模板改正",
            ),
            Fault("供管理员参考", f"{type(error).__name__} {error}".rstrip(".")),
        ) from error
    return settled(made.getvalue())


def _open(template: Path) -> Any:
    from docxtpl import DocxTemplate

    try:
        content = template.read_bytes()
    except OSError as error:
        raise TemplateError(
            Fault(str(template), f"读不出模板：{reason_of(error)}", "核对模板文件夹")
        ) from error
    if content.startswith(OLD_EXCEL):
        raise TemplateError(
            Fault(template.name, "是旧版 DOC 或加密的文件", "在 Word 中解密并另存为 .docx")
        )
    document = None
    with contextlib.suppress(Exception):  # whatever zip, XML and python-docx raise
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            fits = sum(part.file_size for part in parts.infolist()) <= _LARGEST
        if fits:
            document = DocxTemplate(io.BytesIO(content))
            document.init_docx()
    if document is None:
        raise TemplateError(
            Fault(template.name, "不是完整的 Word 文件", "在 Word 中打开并重新另存为 .docx")
        )
    return document


@cache
def _environment() -> Any:
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Unknown(StrictUndefined):
        """Says the name alone; what is wrong with it is said around it."""

        @property
        def _undefined_message(self) -> str:
            return str(self._undefined_name)

    environment = ImmutableSandboxedEnvironment(
        undefined=Unknown, autoescape=True, loader=DictLoader({})
    )
    environment.filters["中文"] = chinese_number
    environment.globals.clear()
    return environment


def chinese_number(number: int) -> str:
    """1 to 99 as headings count: 一, 十二. Other numbers stay as they are."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def _without_control(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _without_control(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_control(inner) for inner in value]
    return value


# mistakes --------------------------------------------------------------------------------------


def _mistakes(name: str, document: Any) -> Iterator[Fault]:
    """What is written wrongly, each with the paragraph or the placeholder it is in."""
    for place, paragraphs in _paragraphs(document):
        where = f"{name}{place}"
        opened: list[str] = []
        for text in paragraphs:
            tags = _TAG.findall(text)
            rest = _TAG.sub("", text)
            if any(mark in rest for mark in ("{{", "}}", "{%", "%}")):
                yield Fault(
                    where, f"“{_short(text)}”里的占位符不成对", "补上另一半括号，占位符不能跨段落"
                )
                continue
            if _WIDE.search(rest):
                yield Fault(where, f"“{_short(text)}”用了全角括号", "改成半角的 {{ 和 }}")
                continue
            for tag in tags:
                yield from (Fault(where, *found) for found in _mistakes_of(tag, opened))
        for tag in opened:
            yield Fault(
                where, f"“{tag}”没有结束", f"补上 {{% end{_word(tag)} %}}；正文、页眉、页脚分别成对"
            )


def _mistakes_of(tag: str, opened: list[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one tag; keeps book of blocks in ``opened``."""
    from jinja2 import TemplateSyntaxError

    bare = re.sub(r"^(\{[{%])(tr|tc|p|r) ", r"\1 ", tag)
    for quote in "“”":
        bare = bare.replace(quote, '"')
    word = _word(bare)
    complete = bare
    if bare.startswith("{%"):
        if word in ("for", "if"):
            opened.append(tag)
            complete = bare + "{% end" + word + " %}"
        elif word in ("endfor", "endif"):
            if not opened or f"end{_word(opened[-1])}" != word:
                yield f"“{tag}”前面没有对应的 {{% {word[3:]} … %}}", "补上，或删去这一个"
            else:
                opened.pop()
            return
        elif word in ("elif", "else"):
            if not opened:
                yield f"“{tag}”不在 {{% if … %}} 之中", "补上 if，或删去这一个"
            complete = "{% if 1 %}" + bare + "{% endif %}"
        elif word not in ("set", "vm", "hm", "colspan", "cellbg"):
            yield f"“{tag}”不认识", "只用 for、if、elif、else、endfor、endif"
            return
    if word in ("vm", "hm", "colspan", "cellbg"):
        return
    try:
        _environment().from_string(complete)  # compiles: unknown filters are noticed too
    except TemplateSyntaxError:
        yield f"“{tag}”写法不对", f"对照出厂模板改正，{_SEE}"


def _word(tag: str) -> str:
    """The first word of a block: for, if …"""
    found = re.match(r"\{%(?:(?:tr|tc|p|r) )?[-\s]*(\w+)", tag)
    return found[1] if found else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _unknown(name: str, document: Any, values: Context) -> Iterator[Fault]:
    """Placeholders that no paper of the kind has, and those it needs."""
    from jinja2 import TemplateSyntaxError, meta

    known = names(values)
    environment = _environment()
    used: set[str] = set()
    for place, xml in _parts(document):
        try:
            tree = environment.parse(document.patch_xml(xml))
        except TemplateSyntaxError as error:
            yield Fault(f"{name}{place}", f"占位符的次序不对：{error}", "对照出厂模板改正")
            continue
        found = meta.find_undeclared_variables(tree)
        used |= found
        for unknown in sorted(found - {*values}):
            yield _of_unknown(f"{name}{place}", unknown, known)
    for mark in MARKS:
        if mark not in used:
            yield Fault(name, f"缺少占位符“{mark}”", "补在页眉里；没有它，文件无从核对")


def _of_unknown(where: str, unknown: str, known: set[str]) -> Fault:
    words = {part for name in known for part in name.split(".")}
    close = difflib.get_close_matches(unknown, sorted(words), n=1, cutoff=0.5)
    remedy = f"是否为“{close[0]}”？{_SEE}" if close else _SEE
    return Fault(where, f"不认识占位符“{unknown}”", remedy)


def _parts(document: Any) -> Iterator[tuple[str, str]]:
    """The body and every header and footer as XML, each with its name for people."""
    yield "", document.get_xml()
    for place, uri in ((" 页眉", document.HEADER_URI), (" 页脚", document.FOOTER_URI)):
        for _, part in document.get_headers_footers(uri):
            yield place, document.xml_to_string(part._element)


def _paragraphs(document: Any) -> Iterator[tuple[str, Sequence[str]]]:
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    for place, xml in _parts(document):
        root = parse_xml(xml)
        yield (
            place,
            [
                "".join(text.text or "" for text in line.iter(qn("w:t")))
                for line in root.iter(qn("w:p"))
            ],
        )
