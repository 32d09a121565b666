"""What each paper says: values only. ``paper_write`` fills the office's templates with them.

People come as the office gave them, or as blanks to fill in by hand; the program names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.results import CategoryResult
from gsjx_tui.domain import Month, Points


@dataclass(frozen=True)
class Letterhead:
    """What frames an official paper (GB/T 9704-2012, 7). Empty or None: blank, filled in by hand.

    ``issuer`` 发文机关, ``number`` 发文字号, ``addressees`` 主送机关, ``copies`` 抄送机关,
    ``dated`` 成文日期, ``printed`` 印发日期, ``attachments`` the names of 附件.
    """

    issuer: str
    number: str = ""
    addressees: str = ""
    copies: str = ""
    dated: date | None = None
    printed: date | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a unit stands: its category, its rank among ``ranked`` units, its points.

    ``tied``: others share the rank, and the leading group decides (method 四（二）).
    """

    unit: str
    category: str
    rank: int
    ranked: int
    points: Points
    tied: bool = False


@dataclass(frozen=True)
class ErratumRow:
    """A unit whose rank or points a new edition changes; None where it wasn't or isn't ranked."""

    category: str
    unit: str
    rank_before: int | None
    points_before: Points | None
    rank_after: int | None
    points_after: Points | None


@dataclass(frozen=True)
class RankingNotice:
    """通报: the ranking of a scope by category; ``lasts`` become 重点整改单位 at a stage's end.

    ``errata`` are against edition ``replaces``; none for a first edition.
    """

    kind: ClassVar[str] = "ranking_notice"
    head: Letterhead
    mark: Mark
    campaign: str
    scope: str
    categories: tuple[CategoryResult, ...]
    lasts: tuple[Place, ...] = ()
    errata: tuple[ErratumRow, ...] = ()
    replaces: int = 0


@dataclass(frozen=True)
class Loss:
    """An item where a unit got less than it could: the clause, and points got of nominal ones."""

    clause: str
    label: str
    points: Points
    nominal: Points


@dataclass(frozen=True)
class RectificationNotice:
    """整改通知 to a stage's last unit (method 四（二）): where it stands, where it lost points.

    ``plan_by`` and ``done_by`` are the deadlines for its measures and for their completion.
    """

    kind: ClassVar[str] = "rectification_notice"
    head: Letterhead
    mark: Mark
    campaign: str
    stage: str
    place: Place
    losses: tuple[Loss, ...]
    plan_by: date | None = None
    done_by: date | None = None


@dataclass(frozen=True)
class AdmonitionNotice:
    """诫勉谈话通知 for one of the two people of method 四（二）: ``role`` says which."""

    kind: ClassVar[str] = "admonition_notice"
    head: Letterhead
    mark: Mark
    campaign: str
    stage: str
    place: Place
    role: str
    person: str = ""
    when: str = ""
    where: str = ""
    talker: str = ""


@dataclass(frozen=True)
class AdmonitionRecord:
    """谈话记录: a form, mostly filled in by hand during the talk."""

    kind: ClassVar[str] = "admonition_record"
    head: Letterhead
    mark: Mark
    campaign: str
    stage: str
    place: Place
    role: str
    person: str = ""
    when: str = ""
    where: str = ""
    talker: str = ""
    recorder: str = ""


@dataclass(frozen=True)
class StagePoints:
    """What a unit got in one stage, of its nominal points."""

    stage: str
    nominal: Points
    points: Points


@dataclass(frozen=True)
class ResultsLetter:
    """结果函 to the superior body of a unit (method 四（二）)."""

    kind: ClassVar[str] = "results_letter"
    head: Letterhead
    mark: Mark
    campaign: str
    scope: str
    place: Place
    stages: tuple[StagePoints, ...]


@dataclass(frozen=True)
class AdjustmentRecommendation:
    """组织调整建议 to the leading group, of the head of the final ranking's last (method 四（二）).

    ``among_all``: how many units there are in all, if the last of all of them is meant; 0 if that
    of its category.
    """

    kind: ClassVar[str] = "adjustment_recommendation"
    head: Letterhead
    mark: Mark
    campaign: str
    scope: str
    place: Place
    among_all: int
    stages: tuple[StagePoints, ...]


@dataclass(frozen=True)
class AwardCandidates:
    """评先选优候选名单 to the leading group: the first of each category (method 四（一）)."""

    kind: ClassVar[str] = "award_candidates"
    head: Letterhead
    mark: Mark
    campaign: str
    scope: str
    candidates: tuple[Place, ...]


@dataclass(frozen=True)
class ObjectionDecision:
    """申诉处理决定: an objection to one item of a month, what was found, what follows.

    ``decision`` says in a word how it ended (成立 …); ``upheld``: points change, by a correction.
    ``points_*`` are the item's through the month, ``rank_*`` the unit's in its category.
    """

    kind: ClassVar[str] = "objection_decision"
    head: Letterhead
    mark: Mark
    campaign: str
    unit: str
    received: date
    month: Month
    clause: str
    item: str
    grounds: str
    findings: str
    decision: str
    upheld: bool
    points_before: Points
    points_after: Points
    rank_before: int
    rank_after: int


Paper = (
    RankingNotice
    | RectificationNotice
    | AdmonitionNotice
    | AdmonitionRecord
    | ResultsLetter
    | AdjustmentRecommendation
    | AwardCandidates
    | ObjectionDecision
)
