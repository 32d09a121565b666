"""The editor of a query: SQL in colours, words completed with Tab, a cursor that stands still."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static, TextArea
from textual.widgets.text_area import TextAreaTheme

from gsjx_tui.tui.widgets.completion import Catalog, Meanings, completions, meaning

_THEME = TextAreaTheme(
    name="gsjx",
    syntax_styles={
        "keyword": Style(color="#6cb0e8", bold=True),
        "keyword.operator": Style(color="#6cb0e8", bold=True),
        "function.call": Style(color="#c3a6f0"),
        "type": Style(color="#f0bb57"),
        "string": Style(color="#86c98a"),
        "number": Style(color="#86c98a"),
        "float": Style(color="#86c98a"),
        "boolean": Style(color="#86c98a"),
        "comment": Style(color="#8fa3b5", italic=True),
        "parameter": Style(color="#f0bb57", bold=True),
    },
)


_ACTS = {
    "cursor_up": "上移",
    "cursor_down": "下移",
    "cursor_left": "左移",
    "cursor_right": "右移",
    "cursor_word_left": "左移一词",
    "cursor_word_right": "右移一词",
    "cursor_line_start": "到行首",
    "cursor_line_end": "到行尾",
    "cursor_page_up": "上翻一页",
    "cursor_page_down": "下翻一页",
    "select_line": "选中一行",
    "select_all": "选中全部",
    "delete_left": "删左边一字",
    "delete_word_left": "删左边一词",
    "delete_right": "删右边一字",
    "delete_word_right": "删右边一词",
    "cut": "剪切",
    "copy": "复制",
    "paste": "粘贴",
    "delete_to_start_of_line": "删到行首",
    "delete_to_end_of_line_or_delete_line": "删到行尾",
    "delete_line": "删除一行",
    "undo": "撤销",
    "redo": "重做",
}
"""What the text area's own keys do, in Chinese."""


def _in_chinese(binding: BindingType) -> Binding:
    assert isinstance(binding, Binding)
    name, _, selecting = binding.action.partition("(")
    said = _ACTS.get(name, "编辑") + ("并选中" if selecting else "")
    return Binding(binding.key, binding.action, said, show=False)


_EDITING = [_in_chinese(binding) for binding in TextArea.BINDINGS]

_OF_THE_NEXT = ("enter", "up", "down", "pageup", "pagedown", "home", "end")


class SqlEditor(TextArea, inherit_bindings=False):
    """Typing text is its job, so it has the focus; Tab completes a word, else leaves it."""

    class Left(Message):
        """Tab was pressed with no word to complete."""

    class Late(Message):
        """A key typed after the one that left the editor: it was meant for the next pane."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Offered(Message):
        """Other words are offered."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "补全、换区", key_display="Tab"),
        Binding("ctrl+n", "choose(1)", "下一个补全词", show=False),
        Binding("ctrl+p", "choose(-1)", "上一个补全词", show=False),
        *_EDITING,
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(
            id=id, language="sql", soft_wrap=False, tab_behavior="focus", show_line_numbers=False
        )
        self.cursor_blink = False
        self.register_theme(_THEME)
        self.theme = _THEME.name
        self.catalog: Catalog = {}
        self.meanings: Meanings = {}
        self._chosen = 0
        self._left = False

    def offers(self) -> tuple[str, list[str]]:
        """The beginning of the word at the cursor, and the words it may become."""
        before = self.get_text_range((0, 0), self.cursor_location)
        return completions(before, self.text, self.catalog)

    def meaning(self, word: str) -> str:
        """What an offered word means, '' if that isn't known."""
        return meaning(word, self.text, self.meanings)

    @property
    def chosen(self) -> int:
        """Which of the words Tab accepts."""
        return self._chosen

    def replace_all(self, text: str) -> None:
        """Another text; Ctrl+Z brings the one before back."""
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor((0, 0))

    def on_focus(self) -> None:
        """Keys are for this editor again."""
        self._left = False

    def action_complete(self) -> None:
        """The first word that is offered; without one, the editor is left."""
        prefix, words = self.offers()
        if words:
            row, column = self.cursor_location
            word = words[min(self._chosen, len(words) - 1)]
            self._chosen = 0
            self.replace(word, (row, column - len(prefix)), (row, column))
        else:
            self._left = True
            self.post_message(self.Left())

    def action_choose(self, by: int) -> None:
        """Another of the words that are offered."""
        count = len(self.offers()[1])
        self._chosen = (self._chosen + by) % count if count else 0
        self.post_message(self.Offered())

    async def _on_key(self, event: events.Key) -> None:
        """Keys the text area itself must not have; the others it takes after."""
        if self._left and (event.is_printable or event.key in _OF_THE_NEXT):
            event.stop()
            event.prevent_default()
            self.post_message(self.Late(event.key))
        elif event.key in ("tab", "ctrl+n", "ctrl+p"):  # at once, in the order they were typed
            event.stop()
            event.prevent_default()
            if event.key == "tab":
                self.action_complete()
            else:
                self.action_choose(1 if event.key == "ctrl+n" else -1)
        else:
            self._chosen = 0


class Offers(Static):
    """The words on one line, the one that Tab accepts between brackets, with what it means."""

    def show(self, words: list[str], chosen: int, about: str = "") -> None:
        """Shows the words."""
        text = Text(no_wrap=True, overflow="ellipsis")
        if words:
            text.append("Tab 补全 ", style="dim")
            start = max(0, chosen - 3)
            for index, word in enumerate(words[start:], start):
                if index == chosen:
                    text.append(f"[{word}]", style="bold reverse")
                    if about:
                        text.append(f" {about}  ", style="dim")
                else:
                    text.append(f" {word} ")
        self.update(text, layout=False)
