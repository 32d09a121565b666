"""Drawing lots: the same from the same seed, fair by weight, and no unit can be missed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gsjx_tui.office.lots import Candidate, Lots, Pool, draw_items, draw_units, needed


def candidate(unit: str, weight: int = 100, due: int = 0, *, reached: bool = False) -> Candidate:
    return Candidate(unit, weight, due, reached)


def test_the_words_are_those_of_sha256_so_that_anybody_can_draw_again() -> None:
    digest = hashlib.sha256(b"text|0").digest()

    lots = Lots("text")

    words = [int.from_bytes(digest[at : at + 8], "big") for at in (0, 8, 16, 24)]
    assert [lots.below(1000) for _ in words] == [word % 1000 for word in words]


def test_after_four_words_comes_the_next_block() -> None:
    lots = Lots("text")
    for _ in range(4):
        lots.below(2)

    word = int.from_bytes(hashlib.sha256(b"text|1").digest()[:8], "big")
    assert lots.below(1 << 60) == word % (1 << 60)


def test_a_draw_never_changes() -> None:
    units = tuple(candidate(f"U{n}", 100 + n, due=3) for n in range(9))
    pool = Pool(units, ("a", "b", "c", "d"), 9)
    lots = Lots("gsjx-draw-1|gsjx-2013|2013-06|1|摇号 0451")

    assert draw_units(lots, pool, 4) == ("U1", "U8", "U4", "U6")
    assert draw_items(lots, pool.items, 2) == ("c", "d")


def test_numbers_are_equally_likely() -> None:
    lots = Lots("even")
    often = Counter(lots.below(7) for _ in range(7000))

    assert chi_square(often, dict.fromkeys(range(7), 1000.0)) < 22.46  # p = 0.001, 6 degrees


@pytest.mark.parametrize("seed", ["一", "二", "三"])
def test_a_unit_is_drawn_in_proportion_to_its_weight(seed: str) -> None:
    weights = {"A": 100, "B": 100, "C": 200, "D": 350, "E": 500}
    pool = Pool(tuple(candidate(u, w, due=9) for u, w in weights.items()), (), rate=5)
    lots = Lots(seed)

    often = Counter(draw_units(lots, pool, 1)[0] for _ in range(5000))

    expected = {unit: 5000 * weight / 1250 for unit, weight in weights.items()}
    assert chi_square(often, expected) < 18.47  # p = 0.001, 4 degrees


def chi_square(often: Counter, expected: dict) -> float:
    return sum((often[key] - count) ** 2 / count for key, count in expected.items())


def test_items_are_equally_likely_and_in_the_rubrics_order() -> None:
    lots, items = Lots("items"), ("a", "b", "c", "d", "e")
    drawn = [draw_items(lots, items, 2) for _ in range(3000)]

    often = Counter(item for pair in drawn for item in pair)
    assert all(pair == tuple(sorted(pair)) for pair in drawn)
    assert chi_square(often, dict.fromkeys(items, 1200.0)) < 18.47


def test_more_items_than_there_are_gives_all() -> None:
    assert draw_items(Lots("x"), ("a", "b"), 5) == ("a", "b")


@pytest.mark.parametrize(
    ("windows", "rate"),
    [
        ([], 0),
        ([(0, 6)], 1),
        ([(0, 6)] * 7, 1),
        ([(0, 6)] * 8, 2),
        ([(0, 0)] * 3 + [(0, 6)], 3),
        ([(0, 6)] * 5 + [(6, 6)] * 4, 4),
    ],
)
def test_how_many_a_month_reach_all(windows: list[tuple[int, int]], rate: int) -> None:
    assert needed(windows) == rate


def test_a_unit_that_leaves_now_comes_before_those_with_time() -> None:
    staying = [candidate(f"S{n}", 500, due=3) for n in range(3)]
    pool = Pool((*staying, candidate("L", 100, due=0)), (), rate=1)

    assert {draw_units(Lots(f"{n}"), pool, 1)[0] for n in range(40)} == {"L"}


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(100, 500)), max_size=30),
    st.text(max_size=5),
    st.lists(st.integers(0, 2), min_size=7, max_size=7),
)
def test_drawing_what_is_needed_each_month_reaches_every_unit(
    spans: Sequence[tuple[int, int, int]], seed: str, more: Sequence[int]
) -> None:
    """Whoever takes part from when to when, whatever is drawn besides: coverage is certain."""
    units = {f"U{n}": (min(a, b), max(a, b), weight) for n, (a, b, weight) in enumerate(spans)}
    reached: set[str] = set()
    for month in range(7):
        pool = a_pool(units, reached, month)
        there = len(pool.candidates)
        wanted = min(max(pool.rate, pool.least) + more[month], there)
        assert pool.least <= wanted
        reached |= set(draw_units(Lots(f"{seed}{month}"), pool, wanted))

    assert reached == set(units)


def a_pool(units: dict[str, tuple[int, int, int]], reached: set[str], month: int) -> Pool:
    """What may be drawn in a month of a stage of seven."""
    left = {
        unit: (max(first, month) - month, last - month)
        for unit, (first, last, _) in units.items()
        if unit not in reached and last >= month
    }
    return Pool(
        tuple(
            Candidate(unit, weight, last - month, unit in reached)
            for unit, (first, last, weight) in units.items()
            if first <= month <= last
        ),
        (),
        needed(list(left.values())),
        tuple(end for start, end in left.values() if start > 0),
    )


def test_the_rate_never_rises_while_it_is_kept() -> None:
    random = Random(5)
    units = {f"U{n}": (0, 6, random.choice([100, 300, 500])) for n in range(112)}
    reached: set[str] = set()
    rates = []
    for month in range(7):
        pool = a_pool(units, reached, month)
        rates.append(pool.rate)
        reached |= set(draw_units(Lots(f"{month}"), pool, pool.rate))

    assert rates[0] == 16
    assert rates == sorted(rates, reverse=True)


def test_a_pool_is_kept_as_text() -> None:
    pool = Pool((candidate("A", 120, 2, reached=True),), ("x.y",), 3, (4,))

    assert Pool.of(pool.text()) == pool
    assert pool.text() == '[[["A",120,2,1]],["x.y"],3,[4]]'
