"""An opened office: what every act works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gsjx_tui.domain import Settings, Unit
from gsjx_tui.errors import Fault, StateError
from gsjx_tui.office.names import UNITS

if TYPE_CHECKING:
    from gsjx_tui.ledger.ledger import Ledger
    from gsjx_tui.office.acts import Carrier
    from gsjx_tui.office.people import Person
    from gsjx_tui.office.roll import Roll
    from gsjx_tui.office.snapshot import Publisher
    from gsjx_tui.plugins.manager import Loaded, Plugins
    from gsjx_tui.rubric.model import Rubric
    from gsjx_tui.rubric.score import Adjust

Sources = tuple["Loaded", tuple[Unit, ...]]
"""The campaign with its rubric and plugins, and the roster."""


class Office:
    """An opened home: the ledger, the rubric to score by, who is acting.

    With a ``carrier`` the ledger is open in another process, and acts are done there; rubric and
    roster are here all the same. They are read when they are first asked for.
    """

    def __init__(
        self,
        home: Path,
        who: str,
        read: Callable[[], Sources],
        *,
        ledger: Ledger | None = None,
        roll: Roll | None = None,
        owner: bool = True,
        carrier: Carrier | None = None,
        own_folder: Path | None = None,
    ) -> None:
        self.home, self.who, self.carrier = home, who, carrier
        self.own_folder = own_folder or home
        """Where files of the person who acts are kept: the home, or a folder of their own."""
        self.publisher: Publisher | None = None
        """Hears of each act that is on disk, where this process is the one that writes."""
        self._read, self._ledger, self._roll, self._owner = read, ledger, roll, owner

    @property
    def ledger(self) -> Ledger:
        """The open ledger; only acts use it, which are done where it is open."""
        assert self._ledger is not None, "the ledger is open in another process"
        return self._ledger

    @property
    def roll(self) -> Roll:
        """The staff list."""
        if self._roll is None:
            from gsjx_tui.office.roll import Roll

            self._roll = Roll()
        return self._roll

    @property
    def person(self) -> Person:
        """Who is acting, in which role. Raises NotPermitted for somebody who isn't on the list."""
        if self.carrier is not None:
            return self.carrier.person
        return self.roll.person(self.ledger, self.who, owner=self._owner)

    def acting(self, who: str, *, owner: bool = True, ledger: Ledger | None = None) -> Office:
        """The same office with somebody else acting, perhaps on another view of the ledger."""
        return Office(
            self.home,
            who,
            lambda: self._sources,
            ledger=ledger or self.ledger,
            roll=self.roll,
            owner=owner,
        )

    @cached_property
    def _sources(self) -> Sources:
        return self._read()

    @property
    def loaded(self) -> Loaded:
        """The campaign with its rubric and plugins."""
        return self._sources[0]

    @property
    def units(self) -> tuple[Unit, ...]:
        """The roster."""
        return self._sources[1]

    @property
    def rubric(self) -> Rubric:
        """The rubric in force."""
        return self.loaded.rubric

    @property
    def plugins(self) -> Plugins:
        """The plugins' say."""
        return self.loaded.plugins

    @property
    def settings(self) -> Settings:
        """What the campaign decided."""
        return self.rubric.campaign.settings

    @property
    def adjust(self) -> Adjust | None:
        """The plugins' say in scoring, None if no plugin wants one."""
        return self.plugins.adjust if self.plugins.scores else None

    @cached_property
    def unit_by_code(self) -> Mapping[str, Unit]:
        """Every unit of the roster by its code."""
        return {unit.code: unit for unit in self.units}

    def unit(self, code: str) -> Unit:
        """The unit of that code. Raises StateError if the roster has none."""
        try:
            return self.unit_by_code[code]
        except KeyError:
            raise no_such_unit(code) from None

    def seen(self, units: Sequence[Unit]) -> Sequence[Unit]:
        """Those of the units that the person may see."""
        person = self.person
        return [unit for unit in units if person.sees(unit.code)]

    def close(self) -> None:
        """Closes the ledger, or ends the connection to where it is open."""
        if self.publisher is not None:
            self.publisher.close()
        if self._ledger is not None:
            self._ledger.close()
        elif self.carrier is not None:
            self.carrier.close()

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def no_such_unit(code: str) -> StateError:
    """The error for a code that isn't in the roster."""
    return StateError(Fault("", f"没有代码为“{code}”的单位", f"对照名册 {UNITS} 改正单位代码"))
