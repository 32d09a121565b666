"""Answers to queries as they leave: where an export goes, and what it says of where it is from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.documents.export import Source
from gsjx_tui.documents.mark import DRAFT
from gsjx_tui.errors import Fault, QueryError
from gsjx_tui.office.asking import Asking
from gsjx_tui.office.check import local_second

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office


def export_path(office: Office, name: str, suffix: str, now: datetime) -> Path:
    """Where an export goes: the home's folder for them, a name from the clock if none is given."""
    name = name.strip() or default_name(now)
    folder = office.own_folder.absolute() / "导出"
    return folder / (name if name.lower().endswith(suffix) else name + suffix)


def default_name(now: datetime) -> str:
    """The name of an export without its suffix."""
    return f"查询-{now:%Y%m%d-%H%M%S}"


def source(title: str, asking: Asking, who: str, now: datetime) -> Source:
    """What an export says of where it is from."""
    return Source(
        [
            ("查询", title or "（未命名）"),
            ("参数", _values(asking) or "无"),
            *_data(asking),
            ("导出时间", f"{now:%Y-%m-%d %H:%M:%S}"),
            ("导出人", who),
            ("SQL", asking.text),
        ]
    )


def source_line(title: str, asking: Asking, who: str) -> str:
    """The same on one line, for an answer that is printed."""
    values = _values(asking)
    facts = [title or "自写的 SQL", *([values] if values else [])]
    facts += [f"{name} {value}" for name, value in _data(asking)]
    return "来源：" + "；".join([*facts, f"查询人 {who}"])


def _values(asking: Asking) -> str:
    return "，".join(f"{name} = {value}" for name, value in asking.parameters.items())


def _data(asking: Asking) -> list[tuple[str, str]]:
    if asking.state is None:
        return []
    newest = asking.state.newest
    return [
        ("数据截至", local_second(newest) if newest else "账本是空的"),
        ("设置版本", f"第 {asking.state.edition} 版"),
        ("性质", f"{DRAFT}，对外以发布的各版为准"),
    ]


def check_export(name: str) -> None:
    """Raises QueryError for a name that can't be a file in the folder of exports."""
    if (
        len(name.encode()) > 200
        or any(sign in name for sign in '/\\:*?"<>|\0')
        or (name.strip().startswith("."))
    ):
        raise QueryError(
            Fault("文件名", f"“{name}”不能作文件名", '不要用 / \\ : * ? " < > | 和开头的点')
        )
