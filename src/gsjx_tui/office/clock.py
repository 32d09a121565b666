"""The computer's clock against the ledger: one set back is said, and work goes on.

Acts keep rising instants whatever the clock shows, so nothing is lost or out of order. Refusing
would lock the office out for years after a clock once ran ahead; but whoever records should know
that the times on their acts aren't true.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gsjx_tui.errors import Fault
from gsjx_tui.office.acts import act, narrowed
from gsjx_tui.office.check import local_second
from gsjx_tui.office.home import Office

SLACK = timedelta(days=1)
"""How far behind the newest act a clock may be without a word: zones and summer time."""


@act("viewer", own=narrowed)
def clock_fault(office: Office) -> str:
    """What is wrong with the clock, for people; empty if it isn't far behind the newest act."""
    newest: datetime | None = office.ledger.row("newest_instant")[0]
    now = datetime.now(UTC).replace(tzinfo=None)
    if newest is None or newest - now <= SLACK:
        return ""
    return str(
        Fault(
            "系统时钟",
            f"显示 {local_second(now)}，比账本最新的内容（{local_second(newest)}）"
            f"早 {(newest - now).days} 天，其间录入的时间都不准",
            "操作照常有效、先后不乱；请管理员校准时钟",
        )
    )
