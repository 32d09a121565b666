"""Published editions 发布: printed again exactly, and held against the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from gsjx_tui.documents.check_code import CheckCodeError, parse_check_code
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.acts import act
from gsjx_tui.office.figures import (
    Erratum,
    Published,
    PublishedRow,
    changed,
    edition_now,
    editions,
    read,
    rows_now,
    rows_of,
)
from gsjx_tui.office.home import Office


@dataclass(frozen=True)
class Publication:
    """An edition with its rows, and what it corrects of the edition before."""

    head: Published
    rows: tuple[PublishedRow, ...]
    errata: tuple[Erratum, ...]


@dataclass(frozen=True)
class PaperCheck:
    """What a check code says: the edition; whether its text is whole; what the ledger says now.

    ``changed``: units whose figures are others now; ``newer``: the number of the newest edition, 0
    if this is the one.
    """

    head: Published
    whole: bool
    changed: tuple[Erratum, ...]
    newer: int

    @property
    def current(self) -> bool:
        """Every figure is still that of the ledger."""
        return self.whole and not self.changed


@act("viewer")
def publications(office: Office) -> tuple[Published, ...]:
    """Every edition that was published, oldest first."""
    return tuple(head for head, _ in read(office.ledger))


@act("viewer")
def publication(office: Office, number: int) -> Publication:
    """An edition by its number in the ledger, exactly as published. Raises StateError."""
    found = read(office.ledger, number=number) if number > 0 else []
    if not found:
        raise StateError(Fault("", f"没有发布第 {number} 号", "用 gsjx publish --list 查看编号"))
    head, rows = found[0]
    errata: tuple[Erratum, ...] = ()
    if head.edition > 1:
        all_of_it = editions(office.ledger, head.scope, head.month, head.stage)
        errata = changed(all_of_it[head.edition - 2][1], rows)
    return Publication(head, rows, errata)


@act("viewer")
def published_now(office: Office, through: str, stage: str = "") -> Published | None:
    """The newest edition of a ranking if its figures are still the ledger's, else None (未定稿).

    ``through``: a ranking to date through that month; with ``stage`` that stage's.
    """
    return edition_now(office.ledger, through, stage)


@act("viewer")
def check_paper(office: Office, code: str) -> PaperCheck:
    """Which edition a printed code is of, and whether its figures are still those of the ledger.

    Raises StateError for a code that is mistyped or unknown.
    """
    try:
        written = parse_check_code(code)
    except CheckCodeError as error:
        raise StateError(*error.faults) from None
    found = read(office.ledger, code=written)
    if not found:
        raise StateError(
            Fault(
                f"校验码 {written}",
                "账本里没有这样一版",
                "核对是否本活动的文件；未定稿的在账本变动之后查不到，其余的可能是伪造",
            )
        )
    head, rows = found[0]
    (row,) = rows_of(office.ledger, number=head.number)
    newest = editions(office.ledger, head.scope, head.month, head.stage)[-1][0]
    now = rows_now(office.ledger, head.scope, head.month, head.stage)
    return PaperCheck(
        head=head,
        whole=sha256(row[7].encode()).hexdigest() == head.sha256,
        changed=changed(rows, now),
        newer=newest.number if newest.number != head.number else 0,
    )
