"""存证码: a short code of the ledger's state, printed on paper and held against it later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.ledger.anchor import Anchor, Mistyped, anchor_at, newest_anchor
from gsjx_tui.ledger.chain import Head
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.ledger.proof import has_act, heads, instants
from gsjx_tui.office.check import local_second

_REMEDY = "停止使用，查明账本文件被谁动过，再决定从哪个备份恢复"


@dataclass(frozen=True)
class Anchored:
    """A state of the ledger: its code, the instant (UTC) of its newest act, its rows by chain."""

    code: str
    instant: datetime
    rows: int


@dataclass(frozen=True)
class Held:
    """What a code was held against: that state, and how many rows came since."""

    anchored: Anchored
    since: int


def anchored(ledger: Ledger) -> Anchored | None:
    """The code of the ledger as it is; None while nothing was recorded."""
    found = newest_anchor(ledger)
    if found is None:
        return None
    return Anchored(found.code, found.instant, _rows(heads(ledger, found.instant)))


def nothing_to_anchor() -> StateError:
    """The error where a code is wanted while nothing was recorded."""
    return StateError(Fault("", "账本里还没有内容，没有可存证的", "有了考核记录再存证"))


def read_code(code: str) -> Anchor:
    """The anchor that was copied from paper. Raises StateError if it was copied wrongly."""
    try:
        return Anchor.read(code)
    except Mistyped:
        raise StateError(
            Fault(
                "存证码",
                f"“{code}”抄错了（应是 28 个字母和数字，校验不符）",
                "对照纸上的逐个核对后再输入；这不说明账本有问题",
            )
        ) from None


def hold(ledger: Ledger, code: str) -> Held:
    """Holds a code against the ledger, whose chains must have been proved.

    Raises StateError if the code was copied wrongly, or if the ledger doesn't contain that state
    any more: rows gone, history replaced, an older backup in its place.
    """
    known = read_code(code)
    newest = max(instants(ledger).values(), default=None)
    when = local_second(known.instant)
    if newest is None or newest < known.instant:
        until = f"最新的内容是 {local_second(newest)} 的" if newest else "是空的"
        raise _not_held(
            f"存证时账本记到 {when}，现在的账本{until}：末尾的内容被删去，或账本换成了较早的备份"
        )
    if not has_act(ledger, known.instant):
        raise _not_held(f"账本里没有 {when} 的那次操作：内容被删改过，或这是另一个账本的存证码")
    if anchor_at(ledger, known.instant) != known:
        raise _not_held(f"账本到 {when} 为止的内容与存证时不同：历史被改动、删去、插入或替换")
    then = _rows(heads(ledger, known.instant))
    since = _rows(heads(ledger, newest)) - then
    return Held(Anchored(known.code, known.instant, then), since)


def _not_held(what: str) -> StateError:
    return StateError(Fault("存证码不符", what, _REMEDY))


def _rows(found: dict[str, Head]) -> int:
    return sum(head.seq for head in found.values())
