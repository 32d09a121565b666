"""Editions that the ledger has outrun: told before the act, after it, and in every list."""

from __future__ import annotations

from pathlib import Path

import pytest
from publishing_desk import PLAN, THE_JULY, THE_JUNE, corrected, published, ready

from builders import JULY, JUNE, confirmed, observed, recorded
from gsjx_tui.office import progress as progress_of
from gsjx_tui.office.consequences import confirming_would, correcting_would
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import draw
from gsjx_tui.office.home import Office
from gsjx_tui.office.outdated import listed, outdated
from gsjx_tui.office.publish import publish
from gsjx_tui.office.staff import set_staff


def correcting(office: Office, unit: str, points: str) -> list[int]:
    found = correcting_would(office, unit, PLAN, JUNE, {"points": points}, "复核")
    return [head.number for head in found.editions]


def untrue(office: Office) -> list[int]:
    return [head.number for head in outdated(office)]


def test_a_correction_names_each_edition_it_would_make_untrue_and_then_has(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        published(office, "stage", "first")
        assert untrue(office) == []

        assert correcting(office, "B", "4") == [1, 2]
        assert untrue(office) == []
        corrected(office, "B", "4")
        assert untrue(office) == [1, 2]


def test_what_changes_no_points_leaves_every_edition_true(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)

        assert correcting(office, "B", "7") == []


def test_a_later_months_correction_leaves_earlier_editions_true(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        draw(office, THE_JULY, items=1)
        recorded(office, *(observed("second.b1.plan", 5, unit=u, month=JULY) for u in "AB"))
        would = confirming_would(office, THE_JULY)
        confirmed(office, JULY)
        publish(office, "campaign")

        correct(office, "B", "second.b1.plan", JULY, {"points": "4"}, "复核")

        assert would.editions == ()
        assert untrue(office) == [2]


def test_only_the_newest_edition_of_a_ranking_can_be_outdated(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        corrected(office, "B", "4")
        published(office)
        assert untrue(office) == []
        corrected(office, "B", "3")

        assert untrue(office) == [2]
        assert correcting(office, "A", "1") == [2]
        assert [(one.head.number, one.status) for one in listed(office)] == [
            (1, "replaced"),
            (2, "outdated"),
        ]


def test_a_change_that_is_taken_back_makes_the_edition_true_again(tmp_path: Path) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        corrected(office, "B", "4")
        assert correcting(office, "B", "7") == []
        corrected(office, "B", "7")

        assert untrue(office) == []
        assert [one.status for one in listed(office)] == ["current"]


@pytest.mark.parametrize(("role", "told"), [("lead", True), ("admin", True), ("reviewer", False)])
def test_it_waits_for_the_lead_on_the_list_of_things_to_do(
    tmp_path: Path, role: str, told: bool
) -> None:
    with ready(tmp_path, A=9, B=7) as office:
        published(office)
        assert all(s.act != "publish" for s in progress_of.progress(office, THE_JUNE).next_steps)
        corrected(office, "B", "4")
        set_staff(office, office.who, "admin")
        set_staff(office, "zhang", role)  # type: ignore[arg-type]

        steps = progress_of.progress(office.acting("zhang", owner=False), THE_JUNE).next_steps

    texts = [step.text for step in steps if step.act == "publish"]
    assert (
        texts
        == ["发布：1 版的数字已不是账本的，须发新版附更正表（2013年6月累计排名第 1 版）"] * told
    )
