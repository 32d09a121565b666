"""Help 帮助: what a screen is for and its keys, read from the screen itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gsjx_tui.tui.widgets.keys import shown_key
from gsjx_tui.tui.widgets.text import fit

_EVERYWHERE = (
    ("方向键 PgUp PgDn", "移动"),
    ("Enter", "打开，或交下这一格并往下"),
    ("Esc", "返回；打了一半的内容不会丢"),
    ("Tab", "换栏"),
    ("/", "查找：名称、代码、拼音首字母"),
    (":", "命令：用中文或拼音首字母到任何地方（Ctrl+P 也可）"),
    ("? F1", "帮助"),
    ("Ctrl+C", "选中文字时复制；否则连按两次退出，正在填的先交下"),
)


class HelpScreen(ModalScreen[None]):
    """What the screen below is for, and what its keys do."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,f1,question_mark,fullwidth_question_mark", "dismiss", "关闭"),
    ]

    def __init__(self, title: str, purpose: str, keys: Sequence[Binding]) -> None:
        super().__init__()
        self._title, self._purpose, self._keys = title, purpose, keys

    def compose(self) -> ComposeResult:
        """Purpose, the keys of the screen, the keys of every screen."""
        with VerticalScroll():
            yield Static(self._text())
        yield Static("上下键翻看，Esc 关闭", id="help-foot")

    def _text(self) -> Text:
        text = Text()
        text.append(f"{self._title}\n\n", style="bold")
        text.append(f"{self._purpose.strip()}\n\n")
        rows = [*_rows(self._keys)]
        if rows:
            text.append("这个界面的按键\n", style="bold")
            _append(text, rows)
        text.append("\n到处都一样的按键\n", style="bold")
        _append(text, _EVERYWHERE)
        return text


def _append(text: Text, rows: Iterable[tuple[str, str]]) -> None:
    for key, what in rows:
        width = max(18, cell_len(key) + 2)
        text.append(f"  {fit(key, width)}", style="bold")
        text.append(f"{what}\n")


def _rows(bindings: Sequence[Binding]) -> list[tuple[str, str]]:
    """One row for each description, all its keys together; ``[ ]`` says of ``]`` too."""
    keys: dict[str, list[str]] = {}
    told = {key for binding in bindings if binding.show for key in shown_key(binding).split()}
    for binding in bindings:
        if binding.description and binding.action not in _GENERAL:
            shown = shown_key(binding)
            if not binding.show and shown in told:
                continue
            known = keys.setdefault(binding.description, [])
            if shown not in known:
                known.append(shown)
    return [(" ".join(shown), description) for description, shown in keys.items()]


_GENERAL = {"back", "help", "palette"}
