"""The homes that are measured: the demo, synthetic rosters, and fresh copies of either."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import cycle
from pathlib import Path

from gsjx_tui.demo import __main__ as demo
from gsjx_tui.domain import Kind, Month, Unit
from gsjx_tui.office.home import Office, init
from gsjx_tui.rubric.model import Observation, Rubric


class Homes:
    """Makes homes in a folder; each is made once, ``fresh`` gives a copy to write in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.copy = folder / "copy"
        """Where ``fresh`` puts the copy."""

    def demo(self) -> Path:
        """Thirteen months of the 112 units of the shipped roster."""
        home = self._folder / "demo"
        if not home.exists():
            demo.make(home, demo.SEED, lambda done: None)
        return home

    def synthetic(
        self, units: int, name: str, then: Callable[[Office], object] = lambda office: None
    ) -> Path:
        """A roster of so many units; ``then`` fills it, ``name`` says with what."""
        home = self._folder / f"{units}-{name}"
        if not home.exists():
            roster = self._folder / f"{units}.csv"
            roster.write_text(_roster(units), "utf-8")
            with init(home, units=roster) as office:
                then(office)
        return home

    def shipped(self, name: str, then: Callable[[Office], object]) -> Path:
        """The shipped roster; ``then`` fills it, ``name`` says with what."""
        home = self._folder / name
        if not home.exists():
            with init(home) as office:
                then(office)
        return home

    def fresh(self, home: Path) -> Path:
        """A copy of a home, in the place of the copy before."""
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(home, self.copy)
        return self.copy

    def file(self, name: str) -> Path:
        """The path of a file beside the homes."""
        return self._folder / name


def every_cell(
    rubric: Rubric, units: tuple[Unit, ...], months: tuple[Month, ...], kind: Kind
) -> Iterator[Observation]:
    """An observation of every field of every item open in the months, for every unit."""
    for month in months:
        stage = rubric.stage_of(month)
        assert stage is not None
        fields = [
            (item.id, field.name, min(field.maximum, Decimal(2)))
            for item in stage.items
            if month in item.months and not (kind == "claim" and item.office)
            for field in item.fields
        ]
        for unit in units:
            for item, name, value in fields:
                yield Observation(unit.code, month, item, name, kind, value)


def _roster(units: int) -> str:
    categories = cycle(("economy", "support", "central", "township"))
    lines = [f"U{n:05d},第{n}单位,{next(categories)}" for n in range(1, units + 1)]
    return "\n".join(["code,name,category", *lines, ""])
