"""The demo: plausible, repeatable, provable, and never over somebody's own ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gsjx_tui.demo import __main__ as demo
from gsjx_tui.demo.fill import fill
from gsjx_tui.domain import Month
from gsjx_tui.office.ballots import ballot_counts
from gsjx_tui.office.card import history
from gsjx_tui.office.cases import cases
from gsjx_tui.office.draw import draws
from gsjx_tui.office.events import events
from gsjx_tui.office.home import init, open_office, reading
from gsjx_tui.office.objections import objections
from gsjx_tui.office.outdated import listed
from gsjx_tui.office.publications import publication, publications
from gsjx_tui.office.rank import rank
from gsjx_tui.office.review import review
from gsjx_tui.office.verify import verify

ROSTER = "code,name,category\n" + "".join(
    f"{category[0].upper()}{number},{category}{number},{category}\n"
    for category in ("economy", "township")
    for number in range(1, 5)
)
LAST = "2014-06"

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a demo of eight units in a folder of its own."""

    def make(name: str, *arguments: str) -> Path:
        home = tmp_path / name
        home.mkdir()
        (home / "units.csv").write_text(ROSTER, "utf-8")
        assert demo.main(["--home", str(home), *arguments]) == 0
        return home

    return make


def test_same_seed_same_figures(make: Make) -> None:
    one, same, other = make("one"), make("same"), make("other", "--seed", "7")

    assert figures(one) == figures(same)
    assert figures(one) != figures(other)


def test_every_point_can_be_proved(make: Make) -> None:
    with open_office(make("demo")) as office:
        proof = verify(office)

    assert proof.months == 12 * 8 + 4


def test_the_last_month_has_units_in_every_state(make: Make) -> None:
    with reading(make("demo")) as office:
        rows = office.ledger.rows("progress", first=LAST, through=LAST)

    states = [(claims > 0, checks > 0, at is not None) for *_, claims, checks, _, at, _ in rows]
    assert len([confirmed for _, _, confirmed in states if confirmed]) == 4
    assert (False, False, False) in states
    assert (True, False, False) in states
    assert (True, True, False) in states


def test_events_are_registered_and_a_month_is_sent_back(make: Make) -> None:
    with open_office(make("demo")) as office:
        registered = [events(office, month) for month in office.rubric.months]
        last = office.rubric.months[-1]
        returned = [unit for unit in office.units if review(office, unit.code, last).returned]

    assert all(len(found) == 2 for found in registered)
    assert all(event.document for found in registered for event in found)
    assert len(returned) == 1


def test_its_first_stage_goes_from_spot_check_to_consequence(make: Make) -> None:
    with open_office(make("demo")) as office:
        first, last = office.rubric.stages[0].months
        drawn = [
            one for month in (first, last) for draw in draws(office, month) for one in draw.drawn
        ]
        (objection,) = objections(office)
        heads = listed(office)
        found = cases(office)
        counts = ballot_counts(office)

    assert {one.unit for one in drawn} == {unit.code for unit in office.units}
    assert all(one.checked for one in drawn)
    assert objection.closed is not None and objection.closed.correction
    assert [(one.head.title, one.head.edition, one.status) for one in heads] == [
        ("2013年6月累计排名", 1, "replaced"),
        ("2013年6月累计排名", 2, "current"),
        ("学习宣传阶段排名", 1, "current"),
    ]
    assert [one.status for one in found[:2]] == ["closed", "open"]
    assert [step.what for step in found[1].steps if step.what != "decided"] == [
        "notice",
        "talk",
        "talk",
    ]
    assert len(counts) == 8 and all(one.stands for one in counts)


def test_its_erratum_names_the_unit_that_objected(make: Make) -> None:
    with open_office(make("demo")) as office:
        (objection,) = objections(office)
        errata = publication(office, 2).errata

    assert objection.unit in {one.unit for one in errata}


def test_the_process_is_the_same_for_a_seed(make: Make) -> None:
    assert codes(make("one")) == codes(make("same"))


def test_corrections_say_why(make: Make) -> None:
    with open_office(make("demo")) as office:
        corrections = [
            posting
            for unit in office.units
            for item in office.rubric.items
            for posting in history(office, unit.code, item).postings
            if posting.origin == "correct"
        ]

    assert corrections
    assert all(posting.reason for posting in corrections)


def test_fewer_months_end_half_open_too(tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text(ROSTER, "utf-8")

    with init(tmp_path / "home", units=units) as office:
        fill(office, 1, (Month(2013, 6), Month(2013, 7)))

        assert verify(office).months == 8 + 4


def test_a_complete_demo_is_left_alone(make: Make, capsys: pytest.CaptureFixture[str]) -> None:
    home = make("demo")
    before = (home / "ledger.duckdb").read_bytes()

    assert demo.main(["--home", str(home)]) == 0
    assert "没有改动" in capsys.readouterr().err
    assert (home / "ledger.duckdb").read_bytes() == before


def test_a_demo_of_another_seed_is_not_taken_for_this_one(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    home = make("demo", "--seed", "1")

    assert demo.main(["--home", str(home), "--seed", "2"]) == 1
    assert "种子 1 的演示" in capsys.readouterr().err


def test_a_ledger_that_is_no_demo_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(tmp_path).close()
    before = (tmp_path / "ledger.duckdb").read_bytes()

    assert demo.main(["--home", str(tmp_path)]) == 1
    assert "不是演示" in capsys.readouterr().err
    assert (tmp_path / "ledger.duckdb").read_bytes() == before


def test_an_interrupted_demo_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "fill", interrupted)

    assert demo.main(["--home", str(tmp_path)]) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_shipped_roster_has_ties(tmp_path: Path) -> None:
    assert demo.main(["--home", str(tmp_path)]) == 0

    with reading(tmp_path) as office:
        rows = rank(office, through="2013-08")

    places = [(row.category, row.rank) for row in rows]
    assert len(rows) == 112
    assert len(set(places)) < len(places)


def codes(home: Path) -> list[str]:
    with reading(home) as office:
        return [
            *(head.code for head in publications(office)),
            *(
                f"{one.unit} {one.item}"
                for month in office.rubric.months[:2]
                for found in draws(office, month)
                for one in found.drawn
            ),
        ]


def figures(home: Path) -> list[tuple[str, int, str]]:
    with reading(home) as office:
        return [(row.unit, row.rank, str(row.points)) for row in rank(office)]
