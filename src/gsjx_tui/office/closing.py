"""结束活动: closing it once all that its final ranking rests on is settled; opening it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.acts import act
from gsjx_tui.office.cases import cases
from gsjx_tui.office.closed import TABLE, Turn, closing
from gsjx_tui.office.figures import editions, rows_now
from gsjx_tui.office.gate import unconfirmed, unsettled
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import campaign_facts


@dataclass(frozen=True)
class Closing:
    """What closing rests on, or would: the number of the final ranking, its edition, its code.

    ``cases``: how many cases are still open; nothing more can be done about them once it is over.
    """

    publication: int
    edition: int
    code: str
    cases: int


@act("lead", writes=True)
def close_campaign(office: Office, *, dry_run: bool = False) -> Closing:
    """Closes the campaign: from then on nothing is written. ``dry_run`` only looks.

    Raises StateError with everything that stands in the way (SPEC 5): units not confirmed through
    their last month, open objections, a final ranking that isn't published as it stands.
    """
    facts = campaign_facts(office.ledger)
    months = facts.first, facts.last
    left = [one for one in (unconfirmed(office, *months), unsettled(office, *months)) if one.faults]
    blocked = [*(one.told for one in left), *_unpublished(office)]
    if blocked:
        raise StateError.of(blocked, heading="活动还不能结束，还有这些事未了：")
    final = editions(office.ledger, "campaign", facts.last, "")[-1][0]
    open_cases = len(cases(office, only_open=True))
    if not dry_run:
        _append(office, "", "closed", final.number)
    return Closing(final.number, final.edition, final.code, open_cases)


@act("admin", writes=True, when_closed=True)
def reopen_campaign(office: Office, reason: str) -> Turn:
    """Opens a closed campaign again, for a reason that is kept; the closing that it ends.

    Raises StateError if it is open, or there is no reason.
    """
    why = " ".join(printable(reason).split())
    if not why:
        raise StateError(Fault("", "重新开放活动要写理由", "加上 --reason 理由，它会一直保存"))
    found = closing(office.ledger)
    if found is None:
        raise StateError(Fault("", "活动没有结束，不需要重新开放"))
    _append(office, why, "reopened", 0)
    return found


def _unpublished(office: Office) -> Iterator[Fault]:
    facts = campaign_facts(office.ledger)
    before = editions(office.ledger, "campaign", facts.last, "")
    if not before:
        yield Fault("最终排名", "没有发布", "gsjx publish --final")
    elif before[-1][1] != rows_now(office.ledger, "campaign", facts.last, ""):
        yield Fault(
            "最终排名", f"第 {before[-1][0].edition} 版之后有更正", "发布新版：gsjx publish --final"
        )


def _append(office: Office, *row: object) -> None:
    with office.ledger.act() as now:
        office.ledger.append(TABLE, [(*row, office.who, now)])
