"""The manuals say nothing that isn't so: pictures, links, command lines, keys."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from textual.binding import Binding

from builders import PROJECT
from gsjx_tui import cli
from gsjx_tui.arguments import build
from gsjx_tui.tui import screens
from gsjx_tui.tui.places import PLACES
from gsjx_tui.tui.screens.base import OfficeScreen
from gsjx_tui.tui.screens.table import TableScreen

DOCS = PROJECT / "docs"
TEXTS = sorted([*PROJECT.glob("README*.md"), *DOCS.glob("*.md")])
FOR_PEOPLE = [text for text in TEXTS if text.name != "ledger.md"]
"""Those that show commands; the ledger's format has `gsjx anchor 1` as a text that is hashed."""
MANUALS = [DOCS / f"{name}.md" for name in ("clerk", "reviewer", "head", "admin")]

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(?:sh|console).*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ANY_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"`([!-~]|F\d+|Ctrl\+[A-Z]|Esc|Enter|Tab|Delete|空格)`")
_OPENED = re.compile(r"（首页 `(.)`）")
_CALLED = {
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "/": "slash",
    ":": "colon",
    "?": "question_mark",
    "Esc": "escape",
    "空格": "space",
}


def called(text: Path) -> str:
    return text.relative_to(PROJECT).as_posix()


def anchors(text: str) -> set[str]:
    """The headings as links name them."""
    titles = re.findall(r"^#+ (.+)$", _ANY_BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Heading and body, down to the next heading of whatever level."""
    text = _ANY_BLOCK.sub("", text)  # where # begins a comment
    for part in re.split(r"^#+ ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        yield heading, body


def screens_by_name() -> dict[str, type[OfficeScreen]]:
    for module in iter_modules(screens.__path__):
        import_module(f"{screens.__name__}.{module.name}")
    found, left = {}, [OfficeScreen]
    while left:
        screen = left.pop()
        left += screen.__subclasses__()
        if screen.NAME:
            found[screen.NAME] = screen
    return found


def bound(screen: type[OfficeScreen]) -> set[str]:
    """The keys that a screen binds or shows, by Textual's names; a base screen's count too."""
    found = {"y", "n"}  # the answers to a question
    if issubclass(screen, TableScreen):
        found.add("enter")  # its grid takes it
    for owner in screen.__mro__:
        for binding in vars(owner).get("BINDINGS", ()):
            if isinstance(binding, Binding):
                found |= {*binding.key.split(","), *(binding.key_display or "").split()}
    return found


@pytest.mark.parametrize("text", TEXTS, ids=called)
def test_every_picture_and_link_leads_somewhere(text: Path) -> None:
    for link in _LINK.findall(text.read_text("utf-8")):
        if link.startswith(("https://", "http://")):
            continue
        name, _, place = link.partition("#")
        target = (text.parent / name).resolve() if name else text
        assert target.is_file(), f"{called(text)}: {link}"
        if place:
            assert place in anchors(target.read_text("utf-8")), f"{called(text)}: {link}"


@pytest.mark.parametrize("text", TEXTS, ids=called)
def test_every_command_line_is_one(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = build(cli.app, cli.KINDS)

    for block in _BLOCK.findall(text.read_text("utf-8")):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if not words or words[0] not in ("gsjx", "gsjx-admin"):
                continue
            try:
                parser.parse_args(words[1:])
            except SystemExit as ended:
                said = capsys.readouterr().err
                assert ended.code == 0, f"{called(text)}: {line}\n{said}"


@pytest.mark.parametrize("text", FOR_PEOPLE, ids=called)
def test_every_command_that_is_named_exists(text: Path) -> None:
    parser = build(cli.app, cli.KINDS)
    prose = _ANY_BLOCK.sub("", text.read_text("utf-8"))

    for name in sorted(set(re.findall(r"`gsjx ([a-z][a-z-]*)", prose))):
        with pytest.raises(SystemExit) as ended:
            parser.parse_args([name, "--help"])
        assert ended.value.code == 0, f"{called(text)}: gsjx {name}"


@pytest.mark.parametrize("manual", MANUALS, ids=called)
def test_the_keys_of_a_screen_are_bound_on_it(manual: Path) -> None:
    known = screens_by_name()

    for heading, body in sections(manual.read_text("utf-8")):
        screen = known.get(heading.partition("（")[0])
        if screen is None:
            continue
        keys = bound(screen)
        for key in _KEY.findall(body):
            name = _CALLED.get(key, key if len(key) == 1 else key.lower())
            assert name in keys, f"{called(manual)}, {heading}: {key} is not bound"


@pytest.mark.parametrize("manual", MANUALS, ids=called)
def test_home_opens_a_screen_with_the_key_that_its_heading_names(manual: Path) -> None:
    known, opened = screens_by_name(), {place.key: place.screen for place in PLACES}

    for heading, _ in sections(manual.read_text("utf-8")):
        for key in _OPENED.findall(heading):
            screen = known[heading.partition("（")[0]]
            module = screen.__module__.rpartition(".")[2]
            assert opened[key] == f"{module}:{screen.__name__}", f"{called(manual)}: {heading}"


def test_every_place_has_its_section_in_a_manual() -> None:
    headings = [h for text in MANUALS for h, _ in sections(text.read_text("utf-8"))]
    told = {key for heading in headings for key in _OPENED.findall(heading)}

    assert told >= {place.key for place in PLACES} - {"s"}  # queries have a guide of their own
