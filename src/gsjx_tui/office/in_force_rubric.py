"""The rubric in force 现行评分表: stored with the first confirmation, until a change is accepted.

A month that is confirmed was scored by it. A program that starts with another rubric is refused,
so that no file changed in passing moves points; an administrator may accept the change, which
posts what it does to the confirmed months, with a reason.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gsjx_tui.domain import ZERO, Points
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.harmless import printable
from gsjx_tui.office.acts import act
from gsjx_tui.office.names import current_user, ledger_of, schema_of
from gsjx_tui.office.opened import Office
from gsjx_tui.office.rescoring import Difference, as_postings, rescored

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.plugins.manager import Loaded

_MOST = 10
_ACCEPT = (
    "恢复原来的文件；若确要改，由管理员运行 gsjx rubric --accept --reason 理由"
    "（加 --dry-run 先看影响）"
)


@dataclass(frozen=True)
class InForce:
    """A rubric that was put in force: its text (JSON) and digest, by whom, when (UTC), why.

    ``effect``: by month, how many units and items it changed, by how many points in all.
    """

    digest: str
    content: str
    effect: Mapping[str, Mapping[str, int | str]]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Acceptance:
    """A change of the rubric: what differs in it, what it posts, and that by month."""

    changes: tuple[str, ...]
    differences: tuple[Difference, ...]
    effect: Mapping[str, Mapping[str, Any]]


def history(ledger: Ledger) -> Sequence[InForce]:
    """The rubrics that were in force, the newest first."""
    return [
        InForce(digest, content, json.loads(effect or "{}"), reason, by, at)
        for digest, content, effect, reason, by, at in ledger.rows("rubric_in_force")
    ]


@act("viewer")
def rubrics(office: Office) -> Sequence[InForce]:
    """The rubrics that were in force, the newest first."""
    return history(office.ledger)


def digest_of(loaded: Loaded) -> str:
    """The digest of a rubric's text."""
    return hashlib.sha256(loaded.content.encode()).hexdigest()


def check_in_force(ledger: Ledger, loaded: Loaded) -> None:
    """Raises StateError if the rubric isn't the one that confirmed months were scored by.

    While a plugin is off the rubric isn't known, and its months can't be confirmed anyway.
    """
    if loaded.plugins.off or not _differs(ledger, loaded):
        return
    changes = _changes(ledger, loaded)
    shown = [Fault("评分表", change) for change in changes[:_MOST]]
    if len(changes) > _MOST:
        shown.append(Fault("评分表", f"另有 {len(changes) - _MOST} 处改动"))
    raise StateError(
        *shown, Fault("", "已有核定的月份，改动的评分表没有启用", _ACCEPT), heading="评分表改过："
    )


def note_first(office: Office, now: datetime) -> None:
    """Stores the rubric with the first confirmation; to be called inside its transaction.

    While a plugin is off the rubric isn't known in full: the next confirmation stores it.
    """
    if not office.plugins.off and office.ledger.head("rubric_in_force").seq == 0:
        _append(office.ledger, office.loaded, {}, "", office.who, now)


def accept_rubric(
    home: Path, folders: Sequence[Path] = (), reason: str = "", *, dry_run: bool = False
) -> Acceptance:
    """Puts the rubric of the home's files and plugins in force instead of the one that is.

    In one transaction: the rubric with the reason and what it does, a new edition, and for every
    confirmed month the postings by which it stands as the rubric has it (SPEC 4). With ``dry_run``
    nothing is written. Raises StateError if there is nothing to accept, months would be lost, or
    the reason is empty; RubricError; NotPermitted for others than administrators.
    """
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.office.editions import adopt, check_still_fits
    from gsjx_tui.office.home import check_may_adopt, check_none_off, files_digest, sources

    why = " ".join(printable(reason).split())
    if not why and not dry_run:
        raise StateError(Fault("", "接受评分表的改动要写理由", "加上 --reason 理由，它会一直保存"))
    loaded, roster = sources(home, folders)
    check_none_off(loaded)
    with Ledger.open(ledger_of(home), schema=schema_of(home)) as ledger:
        check_may_adopt(home, ledger)
        if not _differs(ledger, loaded):
            raise StateError(
                Fault("", "没有要接受的改动", "评分表与现行的一致，或还没有核定过：改动会自动启用")
            )
        check_still_fits(ledger, roster)
        differences = rescored(ledger, loaded, roster)
        effect = effect_of(differences)
        found = Acceptance(tuple(_changes(ledger, loaded)), tuple(differences), effect)
        if not dry_run:
            who = current_user()
            with ledger.group():
                adopt(ledger, loaded, roster, files_digest(home))
                with ledger.act() as now:
                    _append(ledger, loaded, effect, why, who, now)
                    text = f"评分表改动：{why}"
                    ledger.append("posting", as_postings(differences, text, who, now))
    return found


def effect_of(differences: Sequence[Difference]) -> Mapping[str, Mapping[str, Any]]:
    """By month: how many units and items change, and by how many points in all."""
    by_month: dict[str, list[Difference]] = defaultdict(list)
    for found in differences:
        by_month[str(found.month)].append(found)
    return {
        month: {
            "units": len({each.unit for each in changed}),
            "items": len(changed),
            "points": str(_sum(changed)),
        }
        for month, changed in sorted(by_month.items())
    }


def _sum(differences: Sequence[Difference]) -> Points:
    return sum((each.points for each in differences), ZERO)


def _append(
    ledger: Ledger,
    loaded: Loaded,
    effect: Mapping[str, Mapping[str, Any]],
    reason: str,
    who: str,
    now: datetime,
) -> None:
    told = json.dumps(effect, sort_keys=True) if effect else ""
    ledger.append("rubric_in_force", [(digest_of(loaded), loaded.content, told, reason, who, now)])


def _differs(ledger: Ledger, loaded: Loaded) -> bool:
    known = history(ledger)
    if known:
        return known[0].digest != digest_of(loaded)
    # confirmed by an earlier program, which kept the digest of the stage files alone
    if ledger.head("confirmation").seq == 0:
        return False
    edition = ledger.rows("editions")
    return bool(edition) and edition[0][2] != loaded.digest


def _changes(ledger: Ledger, loaded: Loaded) -> list[str]:
    known = history(ledger)
    if not known:
        return ["与核定时的阶段文件不同"]
    before, after = json.loads(known[0].content), json.loads(loaded.content)
    return list(_compared(before, after))


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    old, new = _by_id(before), _by_id(after)
    for name in [*old, *(name for name in new if name not in old)]:
        if name not in new:
            yield f"没有了 {name}"
        elif name not in old:
            yield f"新加了 {name}"
        else:
            for key in sorted(old[name].keys() | new[name].keys()):
                was, now = old[name].get(key), new[name].get(key)
                if was != now:
                    yield f"{name} 的 {key} 由 {_short(was)} 改为 {_short(now)}"


def _by_id(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each part of a rubric by what people call it, without the parts below it."""
    found = {"活动": {k: v for k, v in told.items() if k not in ("stages", "code")}}
    found |= {f"插件 {name} 的程序": {"内容": code[:12]} for name, code in told["code"].items()}
    for stage in told["stages"]:
        found[f"阶段 {stage['id']}"] = {k: v for k, v in stage.items() if k != "indicators"}
        for indicator in stage["indicators"]:
            flat = {k: v for k, v in indicator.items() if k != "items"}
            found[f"指标 {indicator['id']}"] = flat
            for item in indicator["items"]:
                rest = {k: v for k, v in item.items() if k != "params"}
                found[f"要点 {item['id']}"] = {**rest, **item["params"]}
    return found


def _short(value: Any) -> str:
    if value is None:
        return "（没有写）"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
