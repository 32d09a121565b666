"""The faults people can put right, and the few errors that carry them.

Every message is Chinese and says what is wrong, where, and what to do next. A face prints
``str(error)`` and exits 1; nothing else is ever shown for a fault of input or state.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


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
    """A fault that a person can put right. ``faults`` holds all that were found at once.

    ``carried`` names what a kind of error knows besides, with its types: it goes with the error
    to another process.
    """

    carried: ClassVar[Mapping[str, Any]] = {}

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


class NotPermitted(GsjxError):
    """Who acts may not do this; nothing was done."""


class QueryError(GsjxError):
    """A SQL query can't be answered."""


OS_REASONS: Mapping[int, str] = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘或文件夹是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已有同名的文件",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "是文件，不是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.EMFILE: "打开的文件太多",
    errno.EFBIG: "文件大小超过系统给的限额",
    errno.EIO: "磁盘读写出错，磁盘可能坏了",
}
"""What the operating system's errors mean, for people."""


def reason_of(error: OSError | UnicodeDecodeError) -> str:
    """Why a file can't be read or written, in Chinese; the system's own words if unknown."""
    if isinstance(error, UnicodeDecodeError):
        return "不是 UTF-8 编码"
    return OS_REASONS.get(error.errno or 0) or os.strerror(error.errno or 0)


_TROUBLES = {
    "missing": ("还没有账本 {path}", "先运行 gsjx init 建立"),
    "exists": ("账本 {path} 已经存在，没有改动", "要另建账本，请用 --home 指定别的文件夹"),
    "campaign_exists": ("账本里已有活动 {campaign}，没有改动", "换一个活动编号"),
    "no_campaign": (
        "账本里没有活动 {campaign}",
        "用 gsjx campaign list 查看有哪些；文件已写好的用 gsjx campaign add {campaign} 加入",
    ),
    "locked": (
        "账本正被{holder}使用（进程 {pid}）",
        "请那边先退出再试；要几个人同时用，由一人运行 gsjx serve，大家的 gsjx 就会自动连上它",
    ),
    "in_use": (
        "账本正被{holder}使用（进程 {pid}），没有替换任何内容",
        "请那边先退出（服务用 systemctl stop gsjx 停止），再恢复",
    ),
    "not_a_ledger": (
        "账本文件不是本程序的账本",
        "确认 --home 指向正确的文件夹，或从备份恢复：gsjx restore 备份文件夹",
    ),
    "damaged": (
        "账本文件读不出，可能已损坏",
        "不要改动该文件，从备份恢复：gsjx restore 备份文件夹（现在的文件会另存，不会删除）",
    ),
    "log_damaged": (
        "账本的日志 {log} 从第 {position} 字节起损坏，账本没有打开，也没有改动",
        "运行 gsjx restore {home} --home {home} 保留损坏处之前的全部内容"
        "（现在的文件会另存，不会删除），或从备份恢复",
    ),
    "log_foreign": (
        "日志 {log} 不是这个账本的，账本没有打开，也没有改动",
        "若账本文件被换过，先换回原来的；否则运行 gsjx restore {home} --home {home} 不用这个日志"
        "（现在的文件会另存，不会删除），或从备份恢复",
    ),
    "stopped": (
        "账本在写入时出错，已停止使用{reason}",
        "解决后退出程序，重新打开；做成的操作都在，最后一次是否做成，打开后先查看再决定是否重做",
    ),
    "newer": (
        "账本由更新版本的程序建立（结构第 {found} 步，本程序只认识到第 {known} 步）",
        "请升级本程序",
    ),
    "replaced": (
        "账本文件 {path} 在使用中被换掉或移走了，这次操作没有写入任何内容",
        "退出后重新打开；用着服务的，服务会自己重新启动，稍后重做一次",
    ),
    "disk_full": ("磁盘已满，这次操作没有写入任何内容", "腾出空间后重做一次"),
    "not_writable": ("{path} 不能读写：{reason}", "检查文件夹权限，或用 --home 换一处"),
    "service_gone": (
        "服务 {path} 没有应答，等了 {seconds} 秒；这次操作可能没有完成",
        "稍后重做一次；仍不行请管理员查看服务（systemctl status gsjx）",
    ),
    "service_silent": (
        "服务 {path} 在运行而没有回答，等了 {seconds} 秒；这次操作可能没有完成",
        "稍后重做一次；仍不行请管理员重启服务（systemctl restart gsjx）",
    ),
    "service_closed": (
        "没有权限使用服务 {path}：{reason}",
        "请管理员把您的登录名加入服务的用户组，然后重新登录",
    ),
    "home_closed": (
        "没有权限进入活动文件夹 {path}",
        "请管理员把您的登录名加入服务的用户组，然后重新登录；要用自己的账本，用 --home 指定",
    ),
    "service_away": (
        "服务没有运行，而您没有权限直接打开账本 {path}",
        "请管理员启动服务（systemctl start gsjx.socket gsjx）",
    ),
    "service_answer": ("服务的应答读不懂", "退出后重新登录；仍不行请管理员升级并重启服务"),
    "refused": ("账本没有接受这次操作，没有写入任何内容", "把这条信息交给管理员"),
}


class LedgerTrouble(StateError):
    """The ledger file can't be opened or written; ``kind`` says how.

    ``technical`` is what the store itself said, on a line of its own for the administrator.
    """

    carried: ClassVar[Mapping[str, Any]] = {"kind": str}

    def __init__(self, kind: str, technical: str = "", **details: object) -> None:
        self.kind = kind
        self.details = details
        what, remedy = _TROUBLES[kind]
        faults = [Fault("", what.format(**details), remedy.format(**details))]
        if technical:
            faults.append(Fault("供管理员参考", technical.rstrip(".")))
        super().__init__(*faults)
