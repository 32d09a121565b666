"""The trend of ranks says of each month what the ranking of that month says."""

from __future__ import annotations

from pathlib import Path

from builders import JULY, JUNE, a_unit, an_office, confirmed, observed, recorded
from gsjx_tui.domain import Month
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office
from gsjx_tui.office.rank import campaign_facts, rank
from gsjx_tui.office.trend import Standing, trend, trend_months

BODY = "study.b1.body"


def an_office_with_comers_and_goers(tmp_path: Path) -> Office:
    """Three months; B2 joins in July, A3 leaves after June, A1 and A2 tie in June."""
    office = an_office(
        tmp_path,
        a_unit("A1"),
        a_unit("A2"),
        a_unit("A3", through=JUNE),
        a_unit("B2", since=JULY),
        a_unit("S1", "support"),
    )
    recorded(
        office,
        observed(BODY, 7, unit="A1"),
        observed(BODY, 7, unit="A2"),
        observed(BODY, 3, unit="A3"),
        observed("study.e5.graft", unit="A2", month=JULY, count=2),
        observed("study.k1.self", 15, unit="B2", month=JULY),
        observed("selfcheck.b1.plan", 20, unit="A1", month="2013-08"),
    )
    confirmed(office, JUNE, JULY, "2013-08")
    return office


def test_each_month_agrees_with_the_ranking_through_it(tmp_path: Path) -> None:
    with an_office_with_comers_and_goers(tmp_path) as office:
        correct(office, "A1", BODY, JUNE, {"points": "2"}, "查实")
        months = office.rubric.months[:4]

        found = trend(office.ledger, months)

        for month in months:
            by_rank = {row.unit: (row.rank, row.points) for row in rank(office, through=str(month))}
            by_trend = {
                unit: (standings[month].rank, standings[month].points)
                for unit, standings in found.items()
                if month in standings
            }
            assert by_trend == by_rank


def test_ties_share_a_place_and_who_has_not_joined_has_none(tmp_path: Path) -> None:
    with an_office_with_comers_and_goers(tmp_path) as office:
        found = trend(office.ledger, office.rubric.months[:3], "economy")

        june, july, august = office.rubric.months[:3]
        assert [found["A1"][june].rank, found["A2"][june].rank] == [1, 1]
        assert (found["A1"][june].ranked, found["A1"][july].ranked) == (3, 4)
        assert list(found["B2"]) == [july, august]
        assert "S1" not in found


def test_the_months_end_with_the_newest_confirmed(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        confirmed(office, JUNE, JULY)
        campaign = campaign_facts(office.ledger)

        june, july = Month(2013, 6), Month(2013, 7)
        assert trend_months(campaign, Month(2014, 6)) == (june, july)
        assert trend_months(campaign, june) == (june,)


def test_the_first_place_is_highest_the_last_lowest() -> None:
    june = Month(2013, 6)

    assert Standing(june, 1, 1, 5).height == 1  # type: ignore[arg-type]
    assert Standing(june, 1, 5, 5).height == 0  # type: ignore[arg-type]
    assert Standing(june, 1, 1, 1).height == 1  # type: ignore[arg-type]
