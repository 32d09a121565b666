"""Standing in a ranking, and what follows from it at closing (SPEC 5). Values, no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from gsjx_tui.domain import Grade, Points, Settings

KEY_RECTIFICATION = "key_rectification"
FINAL_LAST = "final_last"
SUPERIOR_LETTER = "superior_letter"
AWARD_CANDIDATE = "award_candidate"

KIND_NAMES = {
    KEY_RECTIFICATION: "重点整改单位",
    FINAL_LAST: "组织调整建议",
    SUPERIOR_LETTER: "通报上级单位",
    AWARD_CANDIDATE: "评先选优候选",
}
"""What people call each kind of consequence (method 四)."""


@dataclass(frozen=True)
class Standing:
    """One unit's place in the closed ranking of its category."""

    category: str
    rank: int
    unit: str
    name: str
    superior: str
    superior_letter: bool
    points: Points


@dataclass(frozen=True)
class Outcome:
    """One consequence for one unit; ``tied`` if it shares its place with others."""

    category: str
    unit: str
    kind: str
    tied: bool


def stage_outcomes(standings: Sequence[Standing]) -> list[Outcome]:
    """重点整改单位: the bottom of each category with two units or more (method 四（二）)."""
    return [
        outcome
        for members in _by_category(standings)
        for outcome in _bottom(members, KEY_RECTIFICATION)
    ]


def final_outcomes(standings: Sequence[Standing], settings: Settings) -> list[Outcome]:
    """The last of the final ranking, letters to superiors, candidates for awards (SPEC 5)."""
    groups = _by_category(standings)
    last_among = groups if settings.final_scope == "category" else [list(standings)]
    letters = [
        Outcome(s.category, s.unit, SUPERIOR_LETTER, tied=False)
        for s in standings
        if s.superior_letter
    ]
    return [
        *(outcome for members in last_among for outcome in _bottom(members, FINAL_LAST)),
        *letters,
        *(outcome for members in groups for outcome in _top(members, settings.award_places)),
    ]


def grade_outcomes(standings: Sequence[Standing], grades: Sequence[Grade]) -> list[Outcome]:
    """Each unit's grade, category by category: the best one whose points and share it meets.

    The kind of the outcome is the grade's name. A share is rounded down to whole units. Units
    that share the last place within it all get the grade, marked: the leading group decides.
    """
    found = []
    for members in _by_category(standings):
        given = dict.fromkeys((grade.name for grade in grades), 0)
        for _, tied in groupby(members, key=lambda s: s.rank):
            places = list(tied)
            grade = next((g for g in grades if _meets(g, places[0], given, len(members))), None)
            if grade is None:
                continue
            given[grade.name] += len(places)
            over = grade.share is not None and given[grade.name] > _places(grade, len(members))
            found += [Outcome(s.category, s.unit, grade.name, tied=over) for s in places]
    return found


def _meets(grade: Grade, standing: Standing, given: Mapping[str, int], units: int) -> bool:
    if grade.at_least is not None and standing.points < grade.at_least:
        return False
    return grade.share is None or given[grade.name] < _places(grade, units)


def _places(grade: Grade, units: int) -> int:
    """How many of so many units may have the grade."""
    return int((grade.share or 0) * units // 100)


def _by_category(standings: Iterable[Standing]) -> list[list[Standing]]:
    return [list(members) for _, members in groupby(standings, key=lambda s: s.category)]


def _bottom(members: list[Standing], kind: str) -> list[Outcome]:
    """A tie at the bottom lists all of them, marked: the leading group decides."""
    if len(members) < 2:
        return []
    lowest = min(s.points for s in members)
    last = [s for s in members if s.points == lowest]
    return [Outcome(s.category, s.unit, kind, tied=len(last) > 1) for s in last]


def _top(members: list[Standing], places: int) -> list[Outcome]:
    return [
        Outcome(
            s.category,
            s.unit,
            AWARD_CANDIDATE,
            tied=sum(other.rank == s.rank for other in members) > 1,
        )
        for s in members
        if s.rank <= places
    ]
