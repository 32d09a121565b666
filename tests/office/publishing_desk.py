"""What tests of publishing start from: a short campaign, ready to be published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builders import (
    JULY,
    JUNE,
    Number,
    a_campaign,
    a_plugin,
    a_stage,
    a_unit,
    an_office,
    confirmed,
    observed,
    recorded,
)
from gsjx_tui.domain import Month, Unit
from gsjx_tui.office.correct import correct
from gsjx_tui.office.draw import draw
from gsjx_tui.office.home import Office
from gsjx_tui.office.publications import Publication
from gsjx_tui.office.publish import publish

PLAN, PRAISE = "first.b1.plan", "first.b1.praise"
THE_JUNE, THE_JULY = Month.parse(JUNE), Month.parse(JULY)


def an_office_about_to(tmp_path: Path, units: Sequence[Unit] = (), **points: Number) -> Office:
    """Two stages of a month; so many points in June by unit, all drawn, checked and confirmed."""
    items = (
        {"id": "plan", "rule": "graded", "max": 10},
        {"id": "praise", "rule": "tally", "weights": {"count": 2}},
    )
    first = a_stage(*items, id="first", months=[JUNE])
    folder = a_plugin(tmp_path / "plugins", "first", stage=first)
    a_plugin(tmp_path / "plugins", "second", stage=a_stage(id="second", months=[JULY]))
    campaign = a_campaign(["first", "second"], points=20)
    units = units or [a_unit(code) for code in points or {"A": 0}]
    office = an_office(tmp_path, *units, campaign=campaign, folders=[folder])
    for code, number in points.items():
        recorded(office, observed(PLAN, number, unit=code))
    return office


def ready(tmp_path: Path, units: Sequence[Unit] = (), **points: Number) -> Office:
    """The same, with nothing in the way of publishing June."""
    office = an_office_about_to(tmp_path, units, **points)
    draw(office, THE_JUNE, items=2)
    recorded(office, *(observed(PRAISE, count=0, unit=code) for code in points))
    confirmed(office, JUNE)
    return office


def published(office: Office, scope: str = "month", which: str = JUNE) -> Publication:
    return publish(office, scope, which)  # type: ignore[arg-type]


def corrected(office: Office, unit: str, points: str) -> None:
    correct(office, unit, PLAN, JUNE, {"points": points}, "复核")
