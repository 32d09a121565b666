"""What the tests start from: a unit, a campaign, a stage, an office, observations. One line each.

Months and points are written as people write them ("2013-06", 5, "2.50"); the shipped stages are
the ones installed as plugins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from gsjx_tui.domain import ZERO, Kind, Month, Points, Settings, Unit
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office import home
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.facts import posted_in_stage
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import record
from gsjx_tui.plugins.manager import load
from gsjx_tui.rubric.model import Observation, Rubric, Stage
from gsjx_tui.rubric.score import ToDate, effective, newest, to_date
from gsjx_tui.rubric.shipped import RULES
from gsjx_tui.rubric.toml import parse_stage

PROJECT = Path(__file__).parents[1]
SOURCES = PROJECT / "src"

JUNE, JULY, AUGUST = "2013-06", "2013-07", "2013-08"

Number = int | str | Decimal


# units and campaigns ---------------------------------------------------------------------------


def a_unit(
    code: str = "A1",
    category: str = "economy",
    *,
    name: str = "",
    superior: str = "",
    since: str = "",
    through: str = "",
) -> Unit:
    """A unit that takes part from and through a month; empty: no bound."""
    return Unit(
        code=code,
        name=name or f"{code}局",
        category=category,
        superior=superior,
        since=Month.parse(since) if since else None,
        through=Month.parse(through) if through else None,
    )


def a_roster(*units: Unit) -> str:
    """The text of a ``units.csv``."""
    lines = ["code,name,category,superior,from,through"]
    for unit in units:
        bounds = f"{unit.since or ''},{unit.through or ''}"
        lines.append(f"{unit.code},{unit.name},{unit.category},{unit.superior},{bounds}")
    return "\n".join(lines) + "\n"


def a_campaign(
    stages: Sequence[str] = ("study", "selfcheck", "rectify", "consolidate"),
    points: int = 1000,
    **settings: str | int,
) -> str:
    """The text of a ``campaign.toml`` with the categories economy, support, central."""
    lines = ['id = "test"', 'name = "试点活动"', f"points = {points}", f"stages = {_toml(stages)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in settings.items()]
    for id in ("economy", "support", "central"):
        lines += ["[[categories]]", f'id = "{id}"', f'name = "{id}类"']
    lines.append("superior_letter = true")
    return "\n".join(lines) + "\n"


def a_stage(
    *items: Mapping[str, object],
    id: str = "trial",
    points: Number = 10,
    months: Sequence[str] = (JUNE, JULY),
) -> str:
    """The text of a ``stage.toml`` with one indicator ``b1`` of these items.

    Without items: one graded item ``plan`` worth all the points.
    """
    lines = [
        f'id = "{id}"',
        f'name = "试行{id}"',
        f"points = {points}",
        f"months = {_toml(months)}",
    ]
    lines += ["[[indicators]]", 'id = "b1"', 'kind = "basic"', 'name = "指标"']
    lines += [f"points = {points}", 'clause = "一1①"']
    for item in items or ({"id": "plan", "rule": "graded", "max": points},):
        lines.append("[[indicators.items]]")
        lines += [f"{key} = {_toml(value)}" for key, value in {"label": "要点", **item}.items()]
    return "\n".join(lines) + "\n"


def the_stage(
    *items: Mapping[str, object],
    id: str = "trial",
    points: Number = 10,
    months: Sequence[str] = (JUNE, JULY),
) -> Stage:
    """The stage that ``a_stage`` writes."""
    text = a_stage(*items, id=id, points=points, months=months)
    return parse_stage(text, "stage.toml", RULES)


@cache
def the_shipped_rubric() -> Rubric:
    """The campaign as it is shipped, by way of the plugins."""
    path = PROJECT / "data" / "campaign.toml"
    return load(path.read_text("utf-8"), path.name).rubric


def the_shipped_stage(id: str) -> Stage:
    """One of the shipped stages."""
    stage = the_shipped_rubric().stage(id)
    assert stage is not None
    return stage


def a_plugin(folder: Path, name: str, code: str = "", stage: str = "") -> Path:
    """A plugin in a folder for ``--plugins-dir``; answers the folder."""
    place = folder / name
    place.mkdir(parents=True)
    lines = [
        "from decimal import Decimal",
        "from pathlib import Path",
        "from gsjx_tui.plugins import hookimpl",
        code,
    ]
    if stage:
        (place / "stage.toml").write_text(stage, "utf-8")
        lines += [
            "@hookimpl",
            "def gsjx_stage():",
            '    return Path(__file__).with_name("stage.toml")',
        ]
    (place / "plugin.py").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(v)}" for key, v in value.items()) + " }"
    if isinstance(value, Iterable):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return str(value)


# observing and scoring -------------------------------------------------------------------------


def observed(
    item: str,
    points: Number | None = None,
    *,
    month: str = JUNE,
    unit: str = "A1",
    kind: Kind = "verify",
    **fields: Number,
) -> list[Observation]:
    """What was seen of an item in a month: its points, or its fields by name."""
    values = fields if points is None else {"points": points, **fields}
    return [
        Observation(unit, Month.parse(month), item, field, kind, Decimal(value))
        for field, value in values.items()
    ]


def worth(
    stage: Stage,
    observations: Iterable[Observation],
    through: str,
    *,
    unit: Unit | None = None,
    settings: Settings | None = None,
) -> ToDate:
    """What each item of a stage is worth through a month, by what was observed of one unit."""
    values = effective(newest(observations), settings or Settings())
    return to_date(stage, unit or a_unit(), values, Month.parse(through))


# the office ------------------------------------------------------------------------------------


def an_office(
    tmp_path: Path,
    *units: Unit,
    campaign: str = "",
    folders: Sequence[Path] = (),
) -> Office:
    """A new home in ``tmp_path`` with its ledger, opened. Without units: A1 alone."""
    place = tmp_path / "home"
    place.mkdir()
    files = (campaign or a_campaign(), a_roster(*(units or (a_unit(),))))
    for name, text in zip(("campaign.toml", "units.csv"), files, strict=True):
        (place / name).write_text(text, "utf-8")
    if folders:
        return home.init(place, folders=folders)
    if files in _NEW_LEDGERS:
        (place / "ledger.duckdb").write_bytes(_NEW_LEDGERS[files])
        return home.open_office(place)
    home.init(place).close()
    _NEW_LEDGERS[files] = (place / "ledger.duckdb").read_bytes()
    return home.open_office(place)


_NEW_LEDGERS: dict[tuple[str, str], bytes] = {}
"""The new ledger of each campaign and roster so far: a copy is quicker than making it again."""


def reopened(office: Office, *, roster: str = "", campaign: str = "") -> Office:
    """The office closed, its files changed, and opened again."""
    office.close()
    if roster:
        (office.home / "units.csv").write_text(roster, "utf-8")
    if campaign:
        (office.home / "campaign.toml").write_text(campaign, "utf-8")
    return home.open_office(office.home)


def recorded(office: Office, *observations: list[Observation]) -> None:
    """Records what was observed."""
    record(office, [seen for group in observations for seen in group])


def confirmed(office: Office, *months: str, units: Sequence[str] = ()) -> None:
    """Confirms these months one after another, for all units left or those named."""
    for month in months:
        confirm(office, Month.parse(month), units)


def confirmed_through(office: Office, last: str, units: Sequence[str] = ()) -> None:
    """Confirms every month of the campaign through the last."""
    confirmed(office, *(str(m) for m in office.rubric.months if str(m) <= last), units=units)


def posted(office: Office, unit: str = "A1") -> dict[tuple[str, str], Points]:
    """The points posted for a unit by item and month; nothing where nothing was posted."""
    found: dict[tuple[str, str], Points] = {}
    for stage in office.rubric.stages:
        for month, items in posted_in_stage(office.ledger, stage, unit).get(unit, {}).items():
            found |= {(item, str(month)): points for item, points in items.items()}
    return found


def total(office: Office, unit: str = "A1") -> Points:
    """All points posted for a unit."""
    return sum(posted(office, unit).values(), ZERO)


def counts(ledger: Ledger) -> dict[str, int]:
    """How many rows each chain has."""
    return {table: ledger.head(table).seq for table in ("observation", "posting", "confirmation")}
