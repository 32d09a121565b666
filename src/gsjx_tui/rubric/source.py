"""A TOML text whose faults can be told with file and line: typed reading, all faults at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import tomli

from gsjx_tui.domain import Month, Points, points
from gsjx_tui.errors import Fault, RubricError

_T = TypeVar("_T")

Path = tuple[str | int, ...]
"""Keys and indexes from the top of the document to a value."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.]+)\s*=(.*)$")
_INLINE_KEY = re.compile(r"[{,]\s*([A-Za-z0-9_\-]+)\s*=")
_LARGEST = Decimal(99_999_999)
_SYNTAX_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


class Source:
    """One TOML document with its faults so far. ``name`` is how people call the file."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self._lines = _line_of_each_path(text)
        self.data: Mapping[str, Any] = {}
        try:
            self.data = tomli.loads(text, parse_float=Decimal)
        except tomli.TOMLDecodeError as error:
            at = _SYNTAX_LINE.search(str(error))
            place = f"{name} 第 {at[1]} 行第 {at[2]} 列" if at else f"{name} 末尾"
            self.faults.append(
                Fault(place, "不合 TOML 语法", "对照引号、括号、等号改正，同一个键只写一次")
            )

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest table above it; the first line if unknown."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def fault(self, path: Path, what: str, remedy: str) -> None:
        """Notes a fault at a value."""
        self.faults.append(Fault(f"{self.name} 第 {self.line(path)} 行", what, remedy))

    def raise_faults(self) -> None:
        """Raises RubricError with all faults noted, if there are any."""
        if self.faults:
            raise RubricError.of(self.faults)

    def top(self) -> Table:
        """The document itself."""
        return Table(self, (), self.data)


class Table:
    """A table of a Source: each getter notes what is wrong and answers a harmless value."""

    def __init__(self, source: Source, path: Path, data: Mapping[str, Any]) -> None:
        self.source = source
        self.path = path
        self.data = data

    def fault(self, key: str, what: str, remedy: str) -> None:
        """Notes a fault at a key of this table (at the table itself if the key is empty)."""
        self.source.fault((*self.path, key) if key else self.path, what, remedy)

    def only(self, known: Iterable[str]) -> None:
        """Notes every key that is not known, with the nearest that is."""
        known = list(known)
        for key in self.data:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                remedy = f"是否应为 {near[0]}" if near else f"可用的键：{'、'.join(known)}"
                self.fault(key, f"不认识的键 {key}", remedy)

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not blank."""
        value = self._get(key, default, "一段文字")
        if not isinstance(value, str):
            return self._wrong(key, "一段文字，写在双引号内", default or "")
        if not value.strip() and default is None:
            self.fault(key, f"{key} 是空的", "填上内容")
        return value

    def name(self, key: str) -> str:
        """An id: small letters, digits and underscores, a letter first."""
        value = self.text(key)
        if value and not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            self.fault(
                key, f"{key} “{value}”不合写法", "用小写字母开头，只含小写字母、数字、下划线"
            )
        return value

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of the choices."""
        value = self._get(key, default, f"{'、'.join(choices)} 之一")
        if value is not None and value not in choices:
            self.fault(key, f"{key} 的值 {value} 不认识", f"改为 {'、'.join(choices)} 之一")
            return default or choices[0]
        return value if isinstance(value, str) else choices[0]

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        value = self._get(key, default, "true 或 false")
        return value if isinstance(value, bool) else self._wrong(key, "true 或 false", False)

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self._get(key, default, "一个整数")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self._wrong(key, "一个整数", default or 0)

    def points(self, key: str, default: Points | None = None) -> Points:
        """A number with two decimals at most."""
        return self._as_points(key, self._get(key, default, "一个数"))

    def points_by_name(self, key: str) -> Mapping[str, Points]:
        """An inline table of numbers."""
        table = self.table(key)
        return {name: table.points(name) for name in table.data}

    def texts_by_name(self, key: str) -> Mapping[str, str]:
        """An inline table of strings."""
        table = self.table(key)
        return {name: table.text(name) for name in table.data}

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings with one at least."""
        value = self._get(key, None, "一列文字")
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            return self._wrong(key, "一列写在双引号内的文字", ())
        if not value:
            self.fault(key, f"{key} 是空的", "至少写一项")
        return tuple(value)

    def months(self, key: str) -> tuple[Month, ...]:
        """A list of different months in order."""
        months: list[Month] = []
        for text in self.texts(key):
            try:
                months.append(Month.parse(text))
            except ValueError:
                self.fault(key, f"“{text}”不是月份", "写成 2013-06 这样的四位年、两位月")
        if sorted(set(months)) != months:
            self.fault(key, f"{key} 中的月份有重复或次序不对", "按先后各写一次")
        return tuple(sorted(set(months)))

    def table(self, key: str) -> Table:
        """A table by key."""
        value = self._get(key, None, "一个表")
        if not isinstance(value, dict):
            value = self._wrong(key, "一个表 { … }", {})
        return Table(self.source, (*self.path, key), value)

    def tables(self, key: str) -> list[Table]:
        """An array of tables with one at least."""
        value = self._get(key, None, f"[[{key}]] 表")
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            value = self._wrong(key, f"一组 [[{key}]] 表", [])
        return [Table(self.source, (*self.path, key, i), v) for i, v in enumerate(value)]

    def _get(self, key: str, default: Any, expected: str) -> Any:
        if key not in self.data:
            if default is None:
                self.fault("", f"缺少 {key}", f"补上 {key}：{expected}")
            return default
        return self.data[key]

    def _wrong(self, key: str, expected: str, instead: _T) -> _T:
        if key in self.data:
            value = self.data[key]
            shown = str(value) if isinstance(value, Decimal) else repr(value)
            self.fault(key, f"{key} 的值 {shown} 不对", f"应为{expected}")
        return instead

    def _as_points(self, key: str, value: Any) -> Points:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return self._wrong(key, "一个数，不加引号", Decimal(0))
        number = Decimal(value)
        if not number.is_finite() or abs(number) > _LARGEST:
            return self._wrong(key, f"不超过 {_LARGEST} 的数", Decimal(0))
        if number != points(number):
            return self._wrong(key, "至多两位小数的数", Decimal(0))
        return number


def _line_of_each_path(text: str) -> dict[Path, int]:
    """Where each table and key of a TOML text begins.

    tomli gives no positions; headers and keys at the beginning of lines are enough to lead a
    person to the right one.
    """
    lines: dict[Path, int] = {}
    last_index: dict[Path, int] = {}
    prefix: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            prefix = ()
            parts = [part.strip().strip("\"'") for part in header[2].split(".")]
            for part in parts[:-1]:
                prefix = (*prefix, part)
                if prefix in last_index:
                    prefix = (*prefix, last_index[prefix])
            prefix = (*prefix, parts[-1])
            if header[1] == "[[":
                last_index[prefix] = last_index.get(prefix, -1) + 1
                prefix = (*prefix, last_index[prefix])
            lines[prefix] = number
        elif key := _KEY.match(line):
            path: Path = (*prefix, *key[1].split("."))
            lines.setdefault(path, number)
            for inline in _INLINE_KEY.findall(key[2]):
                lines.setdefault((*path, inline), number)
    return lines
