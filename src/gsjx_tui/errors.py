"""The faults people can put right, and the few errors that carry them.

Every message is Chinese and says what is wrong, where, and what to do next. A face prints
``str(error)`` and exits 1; nothing else is ever shown for a fault of input or state.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its place (may be empty), what it is, and the remedy."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}：" if self.where else ""
        remedy = f"；{self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{remedy}。"


class GsjxError(Exception):
    """A fault that a person can put right. ``faults`` holds all that were found at once."""

    def __init__(self, *faults: Fault | str, heading: str = "") -> None:
        self.faults = tuple(f if isinstance(f, Fault) else Fault("", f) for f in faults)
        self.heading = heading
        super().__init__(str(self))

    @classmethod
    def of(cls, faults: Iterable[Fault], heading: str = "") -> GsjxError:
        """The error of this type for many faults."""
        return cls(*faults, heading=heading)

    def __str__(self) -> str:
        lines = [self.heading] if self.heading else []
        return "\n".join([*lines, *(str(fault) for fault in self.faults)])


class RubricError(GsjxError):
    """``campaign.toml``, ``units.csv``, a ``stage.toml`` or a plugin is at fault."""


class ObservationError(GsjxError):
    """A value, or a file of values, can't be recorded."""


class StateError(GsjxError):
    """The ledger, the home or the course of the campaign doesn't allow the act."""


class QueryError(GsjxError):
    """A SQL query can't be answered."""


_TROUBLES = {
    "missing": ("还没有账本 {path}", "先运行 gsjx init 建立"),
    "exists": ("账本 {path} 已经存在，没有改动", "要另建账本，请用 --home 指定别的文件夹"),
    "locked": ("账本正被进程 {pid} 使用", "请那边先退出再试；同一时间只能有一个程序打开账本"),
    "not_a_ledger": ("账本文件不是本程序的账本", "确认 --home 指向正确的文件夹，或从备份恢复"),
    "damaged": ("账本文件打不开，可能已损坏：{detail}", "不要改动该文件，从备份恢复"),
    "newer": (
        "账本由更新版本的程序建立（结构第 {found} 步，本程序只认识到第 {known} 步）",
        "请升级本程序",
    ),
    "disk_full": ("磁盘已满，这次操作没有写入任何内容", "腾出空间后重做一次"),
    "not_writable": ("账本或其所在文件夹不能写：{detail}", "检查文件夹权限，或用 --home 换一处"),
    "refused": ("账本拒绝了这次写入，没有写入任何内容：{detail}", "把这条信息交给管理员"),
}


class LedgerTrouble(StateError):
    """The ledger file can't be opened or written; ``kind`` says how."""

    def __init__(self, kind: str, **detail: object) -> None:
        self.kind = kind
        what, remedy = _TROUBLES[kind]
        super().__init__(Fault("", what.format(**detail), remedy))
