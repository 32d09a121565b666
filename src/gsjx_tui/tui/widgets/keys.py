"""The line of keys at the bottom: as many as fit, help always among them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from gsjx_tui.tui.widgets.text import fit

_SHOWN = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "space": "空格",
    "delete": "Delete",
    "backspace": "退格",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "up": "上",
    "down": "下",
    "left": "左",
    "right": "右",
}


def shown_key(binding: Binding) -> str:
    """A key as people call it."""
    if binding.key_display:
        return binding.key_display
    key = binding.key.split(",")[0]
    return _SHOWN.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)


_LAST = ("back", "palette", "help")
_TEXTUALS = {"app.focus_next", "app.focus_previous", "screen.copy_text"}
"""What Textual binds on every screen; the grammar of the keys says these its own way."""


class Keys(Widget):
    """The keys of the screen in one line; what doesn't fit is in the help. Clickable."""

    DEFAULT_CSS = """
    Keys { height: 1; dock: bottom; }
    """
    COMPONENT_CLASSES = {"keys--key"}  # noqa: RUF012 as Textual types it

    def __init__(self, lines: int = 1) -> None:
        super().__init__()
        self._lines = lines
        self.styles.height = lines

    def render_line(self, y: int) -> Strip:
        """Keys and what they do, from the screen's bindings."""
        width = self.content_region.width
        plain = self.rich_style
        key_style = plain + self.get_component_rich_style("keys--key", partial=True)
        segments = []
        for binding in self._line(y, width):
            action = binding.action
            target = action if action.startswith("app.") else f"screen.{action}"
            click = Style(meta={"@click": target})
            segments.append(Segment(f" {shown_key(binding)} ", key_style + click))
            segments.append(Segment(f"{binding.description} ", plain + click))
        return Strip(segments).adjust_cell_length(width, plain)

    def _line(self, y: int, width: int) -> list[Binding]:
        """The bindings of a line: the first lines full, the last with help and the way back."""
        left = [binding for binding in bindings_of(self) if binding.show]
        for line in range(self._lines):
            last = line == self._lines - 1
            chosen = fitting(left, width) if last else leading(left, width)
            if line == y:
                return chosen
            left = [binding for binding in left if binding not in chosen]
        return []


class PlaceKeys(Widget):
    """Keys and names of the places in aligned columns; those in ``dimmed`` faint. Clickable."""

    CELL = 15
    COMPONENT_CLASSES = {"keys--key", "grid--muted"}  # noqa: RUF012 as Textual types it

    def __init__(self, places: Sequence[tuple[str, str, str]], *, id: str) -> None:
        """Of each place its id, key and name."""
        super().__init__(id=id)
        self._places = places
        self._dimmed: frozenset[str] = frozenset()

    def dim(self, places: frozenset[str]) -> None:
        """Shows these as what the person can't do there."""
        if places != self._dimmed:
            self._dimmed = places
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines that the places take in a width."""
        return -(-len(self._places) // max(1, width // self.CELL))

    def render_line(self, y: int) -> Strip:
        """The places of a line, each under the one above."""
        width = self.content_region.width
        across = max(1, width // self.CELL)
        plain, faint = self.rich_style, self.get_component_rich_style("grid--muted")
        key_style = plain + self.get_component_rich_style("keys--key", partial=True)
        segments = []
        for id, key, name in self._places[y * across : (y + 1) * across]:
            click = Style(meta={"@click": f"screen.place('{id}')"})
            dimmed = id in self._dimmed
            text = fit(f"({name})" if dimmed else name, self.CELL - 2)
            segments.append(Segment(f"{key} ", (faint if dimmed else key_style) + click))
            segments.append(Segment(text, (faint if dimmed else plain) + click))
        return Strip(segments).adjust_cell_length(width, plain)


def bindings_of(widget: Widget) -> list[Binding]:
    """The bindings of the screen a widget is on, each action once, in order."""
    found: dict[tuple[str, str], Binding] = {}
    for active in widget.screen.active_bindings.values():
        if active.node is widget.screen and active.binding.action not in _TEXTUALS:
            found.setdefault((active.binding.action, active.binding.description), active.binding)
    return sorted(found.values(), key=lambda binding: binding.action in _LAST)


def leading(bindings: Sequence[Binding], width: int) -> list[Binding]:
    """The first ones, as many as fit into so many cells."""
    chosen: list[Binding] = []
    for binding in bindings:
        if sum(map(_width, [*chosen, binding])) > width:
            break
        chosen.append(binding)
    return chosen


def fitting(bindings: Sequence[Binding], width: int) -> list[Binding]:
    """As many as fit into so many cells, the last ones (back, help, commands) kept."""
    last = [b for b in bindings if b.action in _LAST]
    rest = [b for b in bindings if b not in last]
    return [*leading(rest, width - sum(map(_width, last))), *last]


def _width(binding: Binding) -> int:
    return cell_len(f" {shown_key(binding)} {binding.description} ")
