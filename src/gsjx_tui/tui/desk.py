"""Where screens hand in what the office is to do: one thread, in order, off the message loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Desk:
    """The opened office behind a queue. Acts are done one after the other, in order."""

    def __init__(self, home: Path, folders: Sequence[Path]) -> None:
        self._home, self._folders = home, folders
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office")
        self._office: Office | None = None
        self.kept: dict[tuple[str, ...], dict[str, str]] = {}
        """What was typed into forms and not handed in, by form: there again when it is opened."""

    @property
    def office(self) -> Office:
        """The office, for what touches no ledger (rubric, settings, scoring what is typed)."""
        assert self._office is not None, "not opened yet"
        return self._office

    @property
    def is_open(self) -> bool:
        """Whether the ledger has been opened."""
        return self._office is not None

    async def open(self) -> Office:
        """Opens the home, made on first use. Raises GsjxError."""
        opened = self._executor.submit(_open, self._home, self._folders)
        self._office = await asyncio.wrap_future(opened)
        return self._office

    def hand_in(
        self, act: Callable[Concatenate[Office, _P], _T], *args: _P.args, **options: _P.kwargs
    ) -> Future[_T]:
        """Queues an act at once; it is done even if nobody waits for the answer."""
        return self._executor.submit(act, self.office, *args, **options)

    async def call(
        self, act: Callable[Concatenate[Office, _P], _T], *args: _P.args, **options: _P.kwargs
    ) -> _T:
        """Does an act of the office in turn and gives its answer, or raises its GsjxError."""
        return await asyncio.wrap_future(self.hand_in(act, *args, **options))

    async def close(self) -> None:
        """Finishes what was handed in, then closes the ledger."""
        office, self._office = self._office, None
        if office is not None:
            await asyncio.wrap_future(self._executor.submit(office.close))
        self._executor.shutdown(wait=False)


def _open(home: Path, folders: Sequence[Path]) -> Office:
    """Imports what opening needs (DuckDB above all) off the message loop, after the first paint."""
    from gsjx_tui.seats.opening import open_or_init

    return open_or_init(home, folders)
