"""Made-up papers that exercise every placeholder and every branch of a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from gsjx_tui.documents.mark import Mark
from gsjx_tui.documents.papers import (
    AdjustmentRecommendation,
    AdmonitionNotice,
    AdmonitionRecord,
    AwardCandidates,
    ErratumRow,
    Letterhead,
    Loss,
    ObjectionDecision,
    Paper,
    Place,
    RankingNotice,
    RectificationNotice,
    ResultsLetter,
    StagePoints,
)
from gsjx_tui.documents.results import CategoryResult, ResultRow
from gsjx_tui.domain import Month

_HEAD = Letterhead(
    issuer="某县活动推进领导小组办公室",
    number="某活动办发〔2013〕5号",
    addressees="各乡镇、街道，县级各部门",
    copies="县委办公室、县政府办公室",
    dated=date(2013, 8, 5),
    printed=date(2013, 8, 6),
    attachments=("各类别排名表", "更正清单"),
)
_DRAFT, _FINAL = Mark(0, "6YP3-6FN7-K9YS"), Mark(2, "6YP3-6FN7-K9YS")
_PLACE = Place("某局", "经济民生部门", 12, 12, Decimal("143.50"))
_CAMPAIGN, _STAGE, _SCOPE = "某某活动", "第一阶段", "截至2013年7月累计"


def _categories() -> tuple[CategoryResult, ...]:
    rows = tuple(
        ResultRow(
            rank=n,
            unit=f"E{n:02}",
            name=f"第{n}局",
            points=Decimal(200 - n),
            previous_rank=n + 1 if n > 1 else None,
            previous_points=Decimal(100 - n) if n > 1 else None,
            moved=(None, 1, 0, -1)[min(n, 4) - 1],
            gap=Decimal(1) if n > 1 else None,
        )
        for n in range(1, 9)
    )
    return (CategoryResult("经济民生部门", rows, ()), CategoryResult("镇乡（街道）", rows[:3], ()))


def sample(kind: str) -> Sequence[Paper]:
    """Papers of a kind: a full one and a bare draft. Raises KeyError for an unknown kind."""
    return _SAMPLES[kind]


_SAMPLES: Mapping[str, Sequence[Paper]] = {
    RankingNotice.kind: (
        RankingNotice(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            scope=_SCOPE,
            categories=_categories(),
            lasts=(_PLACE, Place("某镇", "镇乡（街道）", 2, 3, Decimal("120.00"), tied=True)),
            errata=(
                ErratumRow("经济民生部门", "第3局", 4, Decimal("195.00"), 3, Decimal("197.00")),
            ),
            replaces=1,
        ),
        RankingNotice(Letterhead(""), _DRAFT, _CAMPAIGN, _SCOPE, _categories()),
    ),
    RectificationNotice.kind: (
        RectificationNotice(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            stage=_STAGE,
            place=_PLACE,
            losses=(
                Loss("二（一）1③", "每月活动信息", Decimal(4), Decimal(10)),
                Loss("二（一）3②", "持续改进措施", Decimal(0), Decimal(10)),
            ),
            plan_by=date(2013, 8, 20),
            done_by=date(2013, 9, 30),
        ),
        RectificationNotice(
            Letterhead(""),
            _DRAFT,
            _CAMPAIGN,
            _STAGE,
            Place("某局", "经济民生部门", 11, 12, Decimal("143.50"), tied=True),
            (),
        ),
    ),
    AdmonitionNotice.kind: (
        AdmonitionNotice(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            stage=_STAGE,
            place=_PLACE,
            role="主要负责人",
            when="2013年8月12日上午9时",
            where="县委三楼会议室",
            talker="领导小组副组长",
        ),
        AdmonitionNotice(Letterhead(""), _DRAFT, _CAMPAIGN, _STAGE, _PLACE, "分管领导"),
    ),
    AdmonitionRecord.kind: (
        AdmonitionRecord(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            stage=_STAGE,
            place=_PLACE,
            role="主要负责人",
            when="2013年8月12日上午9时",
            where="县委三楼会议室",
        ),
        AdmonitionRecord(Letterhead(""), _DRAFT, _CAMPAIGN, _STAGE, _PLACE, "分管领导"),
    ),
    ResultsLetter.kind: (
        ResultsLetter(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            scope=_SCOPE,
            place=_PLACE,
            stages=(
                StagePoints("第一阶段", Decimal(200), Decimal("143.50")),
                StagePoints("第二阶段", Decimal(200), Decimal("171.00")),
            ),
        ),
        ResultsLetter(Letterhead(""), _DRAFT, _CAMPAIGN, _SCOPE, _PLACE, ()),
    ),
    AdjustmentRecommendation.kind: (
        AdjustmentRecommendation(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            scope=_SCOPE,
            place=Place("某局", "经济民生部门", 11, 12, Decimal("143.50"), tied=True),
            among_all=112,
            stages=(
                StagePoints("第一阶段", Decimal(200), Decimal("143.50")),
                StagePoints("第二阶段", Decimal(200), Decimal("171.00")),
            ),
        ),
        AdjustmentRecommendation(Letterhead(""), _DRAFT, _CAMPAIGN, _SCOPE, _PLACE, 0, ()),
    ),
    AwardCandidates.kind: (
        AwardCandidates(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            scope=_SCOPE,
            candidates=(
                Place("某局", "经济民生部门", 1, 12, Decimal("983.50")),
                Place("某镇", "镇乡（街道）", 1, 30, Decimal("961.00"), tied=True),
                Place("某乡", "镇乡（街道）", 1, 30, Decimal("961.00"), tied=True),
            ),
        ),
        AwardCandidates(Letterhead(""), _DRAFT, _CAMPAIGN, _SCOPE, ()),
    ),
    ObjectionDecision.kind: (
        ObjectionDecision(
            head=_HEAD,
            mark=_FINAL,
            campaign=_CAMPAIGN,
            unit="某局",
            received=date(2013, 8, 8),
            month=Month(2013, 7),
            clause="二（一）1③",
            item="每月活动信息",
            grounds="七月报送四篇，只计两篇。",
            findings="查收文登记，四篇均在期限之内。",
            decision="成立",
            upheld=True,
            points_before=Decimal(5),
            points_after=Decimal(7),
            rank_before=12,
            rank_after=11,
        ),
        ObjectionDecision(
            head=Letterhead(""),
            mark=_DRAFT,
            campaign=_CAMPAIGN,
            unit="某局",
            received=date(2013, 8, 8),
            month=Month(2013, 7),
            clause="二（一）1③",
            item="每月活动信息",
            grounds="七月报送四篇，只计两篇。",
            findings="另两篇迟于期限。",
            decision="不成立",
            upheld=False,
            points_before=Decimal(5),
            points_after=Decimal(5),
            rank_before=12,
            rank_after=12,
        ),
    ),
}
