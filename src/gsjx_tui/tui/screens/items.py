"""Entry by item 按要点录入: one item or a whole indicator of the month down all units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from gsjx_tui.domain import Kind, Month, Points
from gsjx_tui.office.check import KIND_NAMES, short
from gsjx_tui.office.item_sheet import ItemSheet, OpenItem, item_sheet, item_worth, open_items
from gsjx_tui.office.sheet import Sheet
from gsjx_tui.office.undo import UndoneCell
from gsjx_tui.rubric.model import Item
from gsjx_tui.tui.places import Here
from gsjx_tui.tui.screens.cell_screen import ACTS, CellScreen
from gsjx_tui.tui.screens.hearing import POSTED, RECORDED
from gsjx_tui.tui.screens.keyed import FILTER, MONTHS, Lit
from gsjx_tui.tui.screens.paste import PasteScreen, Target
from gsjx_tui.tui.widgets.column_grid import ColumnGrid
from gsjx_tui.tui.widgets.grid import Grid
from gsjx_tui.tui.widgets.item_list import ItemList
from gsjx_tui.tui.widgets.keys import Keys
from gsjx_tui.tui.widgets.lines import FilterLine, Note, TitleBar
from gsjx_tui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from gsjx_tui.seats.news import Changed


class ItemsScreen(CellScreen):
    """Typing in an item or an indicator for one unit after the other, or pasting columns."""

    NAME = "按要点录入"
    HELP = (
        "先选一个考核要点，再从上到下填各单位的数：打数字，Enter 保存并到下一个单位。"
        "选的是指标（没有缩进的一行），就把它的要点并排列出，一次录完。\n"
        "左右键换列，z 换自评和复核；n、p 换要点（或指标），k 换类别。"
        "并排时 Tab 到下一列，到头接下一单位；Esc 回到列表。一行放不下时，"
        "“<2”“3>”是左右还有几列。\n"
        "按 v 或直接粘贴一列或几列数，会先给出逐行预览，核对后一次录入。\n"
        "填错了：u 撤销最近一次录入（粘贴的一整列一并撤销），Delete 清空一格；b 加备注。\n"
        "同一格别人先改了，底下说出两个数：w 用您的，Esc 留对方的。"
    )
    CSS_PATH = ["cells.tcss", "items.tcss"]  # noqa: RUF012 as Textual types it
    PANE, CELLS = "items", "units"
    HEARS = RECORDED | POSTED
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "press('tab')", "选要点", key_display="Tab"),
        Binding("tab", "press('across')", "下一列", key_display="Tab"),
        Binding("n", "press('n')", "换要点", key_display="n p"),
        Binding("z", "press('z')", "自评或复核"),
        Binding("k", "press('k')", "类别"),
        Binding("v", "press('v')", "粘贴"),
        *ACTS,
        *MONTHS,
        Binding("slash", "press('slash')", "找要点", key_display="/"),
        Binding("enter", "press('enter')", "下一单位", key_display="Enter"),
    ]

    def __init__(self, month: Month, category: str = "", item: str = "") -> None:
        super().__init__(month)
        self._category = category
        self._item = item
        self.pane = self.CELLS if item else self.PANE
        self._open: tuple[OpenItem, ...] = ()
        self._found: ItemSheet | None = None
        self._pasted = ""

    def looks_at(self, changed: Changed) -> bool:
        """Whether the change may be of the month that is shown."""
        return str(self._month) in changed.months or super().looks_at(changed)

    def compose(self) -> ComposeResult:
        """The items at the left (alone where it is narrow), the units at the right."""
        yield TitleBar(self.NAME)
        with Horizontal():
            with Vertical(id="left"):
                yield FilterLine("/ 要点名称或代号", id="filter")
                yield ItemList(id="items")
            with Vertical(id="right"):
                yield Static(id="head")
                yield ColumnGrid(self.barred, self.judge, self._worth, self.save, id="column")
        yield Prompt()
        yield Note()
        yield Keys()

    @property
    def cells(self) -> ColumnGrid:
        """The units."""
        return self.query_one(ColumnGrid)

    @property
    def _items(self) -> ItemList:
        return self.query_one(ItemList)

    def here(self) -> Here:
        """The month and the category, and the unit with the cursor."""
        sheet = self.cells.sheet
        return Here(self._month, self._category, sheet.unit.code if sheet is not None else "")

    def _worth(self, sheet: Sheet, item: Item | None) -> Points:
        return item_worth(self.desk.office, sheet, item)

    @property
    def _is_across(self) -> bool:
        """Whether Tab goes across the columns of an indicator."""
        return self.pane == "units" and self._found is not None and self._found.item is None

    # keys --------------------------------------------------------------------------------------

    def panes(self) -> Mapping[str, Lit]:
        """What keys can go to."""
        return {
            **super().panes(),
            "items": self._items,
            "units": self.cells,
        }

    async def paste(self, text: str) -> None:
        """One number goes into the cell, several into a preview."""
        if len(text.split()) > 1:
            self._open_paste(text)
        else:
            await super().paste(text)

    async def press(self, key: str, letter: str) -> bool:
        """The pane with the cursor takes the key, after those that act everywhere."""
        if await self.decide(key):
            pass
        elif key == "escape":
            await self.go_back()
        elif key in ("tab", "shift+tab", "across"):
            self._tab(-1 if key == "shift+tab" else 1)
        elif key == "slash":
            self.light(FILTER)
        elif key in ("n", "p"):
            await self._next_item(1 if key == "n" else -1)
        elif key == "k":
            await self._next_category()
        elif key == "v":
            self._open_paste("")
        elif key == "z":
            self._other_kind()
        elif self.pane == "units":
            return await self.act(key) or self.cells.press(key, letter)
        elif key == "u":
            return await self.act(key)
        elif key == "enter":
            self.light("units")
        else:
            return await self._move(key)
        return True

    def after_filter(self, key: str) -> str:
        """Enter goes on to the units of the item that was found."""
        return "units" if key == "enter" and self._items.key else "items"

    async def sought(self) -> None:
        """The items that the filter finds, and the units of the first."""
        self._show_items()
        await self._open_item()

    def show_lit(self) -> None:
        """Where there is no room for both, the list hides while one types."""
        super().show_lit()
        self._lay_out()

    def _lay_out(self) -> None:
        listed = self.pane in (FILTER, "items")
        self.query_one("#left").display = self.wide or listed
        self.query_one("#right").display = self.wide or not listed

    def on_resize(self) -> None:
        """As much as there is room for."""
        self._lay_out()

    async def go_back(self) -> None:
        """From the units to the list, from the list to the screen before."""
        if self.pane != "units":
            await super().go_back()
        elif self.cells.text and self.cells.complaint:
            self.cells.drop()
        else:
            self.light("items")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab goes to the list of items, or across the columns of an indicator."""
        if action == "press" and parameters in (("tab",), ("across",)):
            return self._is_across == (parameters == ("across",))
        return super().check_action(action, parameters)

    def _tab(self, by: int) -> None:
        """To the other pane; across an indicator to the next cell, at its end to the next unit."""
        grid = self.cells
        if not self._is_across:
            self.light("items" if self.pane == "units" else "units")
        elif not grid.across(by) and grid.leave():
            grid.wrap(by)

    def _other_kind(self) -> None:
        """From claims to verifications and back."""
        grid = self.cells
        if grid.leave():
            kind: Kind = "claim" if grid.kind == "verify" else "verify"
            if not grid.show_kind(kind):
                grid.complaint = f"这里没有{KIND_NAMES[kind]}：由办公室填复核。"
            self.show_points()

    async def _next_item(self, by: int) -> None:
        if self.cells.leave():
            self._items.step(by)
            await self._open_item()

    async def _next_category(self) -> None:
        if self.cells.leave():
            ids = ["", *(c.id for c in self.desk.office.rubric.campaign.categories)]
            at = ids.index(self._category) if self._category in ids else 0
            self._category = ids[(at + 1) % len(ids)]
            await self._open_item()

    # the items ---------------------------------------------------------------------------------

    async def fetch(self) -> None:
        """Shows the items of the month, and the units of the one with the cursor."""
        self._open = await self.desk.call(open_items, self._month)
        self._show_items(self._item)
        await self._open_item()
        self.show_lit()

    def _show_items(self, key: str = "") -> None:
        self._items.show_items(self._open, self.filter.text, key)

    async def _move(self, key: str) -> bool:
        """Moves to another item; False for a key that doesn't move."""
        if not self._items.press(key):
            return False
        await self._open_item()
        return True

    async def _open_item(self) -> None:
        """Shows the units of the item with the cursor."""
        id = self._items.key
        if id and self.cells.leave():
            self._item = id
            await self.reread()
            self.show_points()

    async def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        """A click in the list opens the item; keys have opened it already."""
        if event.key not in ("", self._item) and event.key == self._items.key:
            self.light("items")
            await self._open_item()

    # the units ---------------------------------------------------------------------------------

    async def reread(self) -> None:
        """Shows the units anew."""
        self._found = await self.desk.call(item_sheet, self._item, self._month, self._category)
        self.cells.show(self._found)

    async def go_to(self, cell: UndoneCell) -> None:
        """Opens the item of a cell, over all units if its own is not among those shown."""
        shown = {sheet.unit.code for sheet in self.cells.sheets}
        if cell.unit not in shown:
            self._category = ""
        found = self._found
        if found is None or found.item is not None or cell.item not in {i.id for i in found.items}:
            self._item = cell.item
        self.pane = "units"
        self.filter.clear()
        await self.fetch()
        self.cells.point(cell.unit, cell.item, cell.field, cell.kind)

    def show_points(self) -> None:
        """What item this is and how far it is."""
        found = self._found
        if found is None:
            return
        campaign = self.desk.office.rubric.campaign
        category = campaign.category(self._category)
        self.query_one(TitleBar).show(
            f"{self.NAME}  {self._month.chinese} {found.stage.name}",
            category.name if category is not None else "全部单位",
        )
        sheets = self.cells.sheets
        claims, verified = (
            sum(any(cell[1] == found.month and cell[0] in shown for cell in s.cells[kind])
                for s in sheets)
            for shown in [{item.id for item in found.items}]
            for kind in ("claim", "verify")
        )  # fmt: skip
        office = all(item.office for item in found.items)
        claimed = "不自评" if office else f"自评 {claims}"
        confirmed = f"  已核定 {found.confirmed}" if found.confirmed else ""
        self.query_one("#head", Static).update(
            f"{self._titled(found)}\n{len(sheets)} 个单位  {claimed}  复核 {verified}{confirmed}",
            layout=False,
        )
        self.query_one(Keys).refresh()
        self.show_note()

    def _titled(self, found: ItemSheet) -> str:
        """The item under its indicator; of a whole indicator which kind is typed in."""
        name, item = found.indicator.name, found.item
        if item is not None:
            return f"{name}：{item.label}{_worth_of(item.nominal)}"
        kind = KIND_NAMES[self.cells.kind]
        return f"{name}{_worth_of(found.indicator.points)}：{kind}，{len(found.items)} 个要点并排"

    # pasting -----------------------------------------------------------------------------------

    def _open_paste(self, text: str) -> None:
        """Shows what columns would record, before they do."""
        grid = self.cells
        if grid.place is None or not grid.leave():
            return
        target = Target(self._month, grid.sheets, grid.cursor, grid.places)
        self.pane = "units"
        self.app.push_screen(PasteScreen(target, text or self._pasted, self._pasting_left))

    def _pasting_left(self, text: str, recorded: int) -> None:
        """The text is kept for the next time, unless it was taken over."""
        self._pasted = text
        self._hint = f"已录入 {recorded} 格，按 u 可一并撤销" if recorded else ""


def _worth_of(nominal: Points) -> str:
    return f"（{short(nominal)} 分）" if nominal else "（加扣分）"
