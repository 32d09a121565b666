"""Counting ballots: by hand, by weight, and so that nobody's ballot can be told."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsjx_tui.domain import points
from gsjx_tui.rubric.ballots import FEWEST, GROUPS, Counted, Group, Line, TooFew, count

WEIGHTS: Mapping[Group, int] = {"superior": 30, "peer": 20, "subordinate": 20, "served": 30}


def ballots(**by_group: str) -> dict[Group, list[Decimal]]:
    """Ballots as people write them: superior="90 80"."""
    return {g: [Decimal(b) for b in by_group[g].split()] for g in GROUPS if g in by_group}


def lines(found: Counted) -> list[tuple[str, int, int, int, Decimal]]:
    return [
        ("+".join(line.groups), line.weight, line.ballots, line.counted, line.mean)
        for line in found.lines
    ]


ALL = ballots(
    superior="90 80 84",
    peer="70 80 90 100",
    subordinate="60 75.5 92.5 99",
    served="100 95 90 85 20",
)


# by hand ---------------------------------------------------------------------------------------


def test_worked_by_hand() -> None:
    """254/3 = 84.67, 340/4 = 85, 327/4 = 81.75, 390/5 = 78; by 30, 20, 20, 30: 82.15 (82.151)."""
    found = count(ALL, WEIGHTS)

    assert lines(found) == [
        ("superior", 30, 3, 3, Decimal("84.67")),
        ("peer", 20, 4, 4, Decimal("85.00")),
        ("subordinate", 20, 4, 4, Decimal("81.75")),
        ("served", 30, 5, 5, Decimal("78.00")),
    ]
    assert found.score == Decimal("82.15")


def test_trimmed_by_hand() -> None:
    """One highest and lowest of five: (95 + 90 + 85)/3 = 90; the others have too few to trim."""
    found = count(ALL, WEIGHTS, trim=1)

    assert lines(found)[3] == ("served", 30, 5, 3, Decimal("90.00"))
    assert [line.counted for line in found.lines[:3]] == [3, 4, 4]
    assert found.score == Decimal("85.75")  # 85.751


def test_a_small_group_shares_a_line_with_the_smallest_of_the_others() -> None:
    """90 of 30 and 85 of 20 are (2700 + 1700)/50 = 88 together, of 2 + 4 ballots."""
    found = count({**ALL, **ballots(superior="100 80", subordinate="50 60 70 80 90")}, WEIGHTS)

    assert lines(found) == [
        ("superior+peer", 50, 6, 6, Decimal("88.00")),
        ("subordinate", 20, 5, 5, Decimal("70.00")),
        ("served", 30, 5, 5, Decimal("78.00")),
    ]
    assert found.score == Decimal("81.40")


def test_small_groups_share_a_line_where_that_is_enough() -> None:
    found = count({**ALL, **ballots(superior="100 80", peer="70")}, WEIGHTS)

    assert lines(found)[0] == ("superior+peer", 50, 3, 3, Decimal("82.00"))  # (2700 + 1400)/50
    assert [line.groups for line in found.lines[1:]] == [("subordinate",), ("served",)]


def test_small_groups_that_are_too_few_together_take_in_another() -> None:
    found = count({**ALL, **ballots(superior="100", peer="70")}, WEIGHTS)

    assert [line.groups for line in found.lines] == [
        ("superior", "peer", "subordinate"),
        ("served",),
    ]


@pytest.mark.parametrize(
    ("cast", "weights"),
    [
        (ballots(superior="100 80"), {"superior": 100}),
        (ballots(superior="100", peer="70"), {"superior": 50, "peer": 50}),
    ],
)
def test_too_few_in_all_give_nothing(
    cast: dict[Group, list[Decimal]], weights: Mapping[Group, int]
) -> None:
    with pytest.raises(TooFew):
        count(cast, weights)


def test_one_group_of_three_is_enough() -> None:
    found = count(ballots(served="100 80 60"), {"served": 100})

    assert found.lines == (Line(("served",), 100, 3, 3, Decimal("80.00")),)


# at any time -----------------------------------------------------------------------------------

scores = st.decimals("0", "100", places=2)


@st.composite
def counts(draw: st.DrawFn) -> tuple[dict[Group, list[Decimal]], dict[Group, int]]:
    """Ballots of some groups, enough of them, and weights that add up to 100."""
    groups = draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=4, unique=True))
    parts = draw(
        st.lists(
            st.integers(1, 99), min_size=len(groups) - 1, max_size=len(groups) - 1, unique=True
        )
    )
    bounds = [0, *sorted(parts), 100]
    weights = {g: bounds[n + 1] - bounds[n] for n, g in enumerate(groups)}
    cast = {g: draw(st.lists(scores, min_size=1, max_size=8)) for g in groups}
    if sum(map(len, cast.values())) < FEWEST or all(len(b) < FEWEST for b in cast.values()):
        cast[groups[0]] += draw(st.lists(scores, min_size=3, max_size=3))
    return cast, weights


@given(counts(), st.integers(0, 3))
def test_nobodys_ballot_can_be_told_and_nothing_is_lost(
    counted: tuple[dict[Group, list[Decimal]], dict[Group, int]], trim: int
) -> None:
    cast, weights = counted
    found = count(cast, weights, trim)

    small = {group for group, ballots in cast.items() if len(ballots) < FEWEST}
    for line in found.lines:
        assert line.ballots >= FEWEST
        assert line.counted <= line.ballots
        assert len(line.groups) > 1 or line.groups[0] not in small
    assert sum(line.weight for line in found.lines) == 100
    assert sum(line.ballots for line in found.lines) == sum(map(len, cast.values()))
    assert {g for line in found.lines for g in line.groups} == set(weights)


@given(counts(), st.integers(0, 3))
def test_the_score_lies_among_the_ballots_and_follows_from_the_lines(
    counted: tuple[dict[Group, list[Decimal]], dict[Group, int]], trim: int
) -> None:
    cast, weights = counted
    found = count(cast, weights, trim)

    everything = [ballot for ballots in cast.values() for ballot in ballots]
    assert min(everything) <= found.score <= max(everything)
    assert found.score == points(sum(line.mean * line.weight for line in found.lines) / 100)


@given(counts(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_doesnt_matter(
    counted: tuple[dict[Group, list[Decimal]], dict[Group, int]], random: object
) -> None:
    cast, weights = counted
    shuffled = {group: sorted(ballots, reverse=True) for group, ballots in reversed(cast.items())}

    assert count(shuffled, weights) == count(cast, weights)


@given(counts(), st.data())
def test_a_higher_ballot_never_lowers_the_score(
    counted: tuple[dict[Group, list[Decimal]], dict[Group, int]], data: st.DataObject
) -> None:
    cast, weights = counted
    group = data.draw(st.sampled_from(sorted(cast)))
    higher = {**cast, group: [max(cast[group][0], data.draw(scores)), *cast[group][1:]]}

    for trim in (0, 1):
        assert count(higher, weights, trim).score >= count(cast, weights, trim).score


@given(counts())
def test_where_all_agree_that_is_the_score(
    counted: tuple[dict[Group, list[Decimal]], dict[Group, int]],
) -> None:
    cast, weights = counted
    same = {group: [Decimal("73.25")] * len(ballots) for group, ballots in cast.items()}

    assert count(same, weights, 1).score == Decimal("73.25")
