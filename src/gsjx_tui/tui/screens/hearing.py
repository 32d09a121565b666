"""What others do, shown without asking: news of the service on the screen in front."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

if TYPE_CHECKING:
    from gsjx_tui.seats.news import Changed, News

RECORDED = frozenset(
    {
        "record.record",
        "record.import_rows",
        "taking_in.take_in",
        "undo.undo",
        "undo.empty",
        "register.register_proved",
        "register.withdraw",
        "review.accept_all",
        "review.return_to_unit",
        "ballots.count_ballots",
    }
)
"""Acts that change what is observed of units."""

POSTED = frozenset({"confirm.confirm", "correct.correct", "objecting.decide_objection"})
"""Acts that change points and places."""

PUBLISHED = frozenset({"publish.publish"})
"""Acts that make an edition."""

TURNS = frozenset({"closing.close_campaign", "closing.reopen_campaign"})
"""Acts that end the campaign or open it again."""

AT_ONCE, LATER = 0.3, 3.0
"""Seconds until the news of others is shown: of what is looked at, and of what is around it."""


class HearingScreen(Screen[None]):
    """A screen that shows anew what others have changed, unless something is being typed."""

    HEARS: ClassVar[frozenset[str]] = frozenset()
    """The acts after which what is shown may be another."""

    def __init__(self) -> None:
        super().__init__()
        self._due = 0.0
        self._outdated = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being typed that showing anew would disturb."""
        return False

    def show_anew(self) -> None:
        """Shows what stands in the ledger now."""

    def show_company(self) -> None:
        """Somebody went to work on a unit, or left it."""

    def looks_at(self, changed: Changed) -> bool:
        """Whether the change is of what the person is looking at."""
        return changed.act in POSTED

    def hear(self, news: News) -> None:
        """A piece of news: shown at once if it is of what is looked at, else a little later."""
        if news.present is not None:
            self.show_company()
        if news.changed is not None and news.changed.act in self.HEARS:
            self.show_soon(AT_ONCE if self.looks_at(news.changed) else LATER)

    def show_soon(self, seconds: float = AT_ONCE) -> None:
        """Shows all anew after so many seconds; many pieces of news together once."""
        due = monotonic() + seconds
        if not self._due or due < self._due:
            self._due = due
            self.set_timer(seconds, self._show_now)

    def _show_now(self) -> None:
        if not self._due:
            return  # an earlier one has shown it
        self._due = 0.0
        if self.is_busy:
            self._outdated = True
        elif self.app.screen is self:  # else when it comes to the front again
            self.show_anew()

    def catch_up(self) -> None:
        """Nothing is being typed any more: shows what came meanwhile."""
        if self._outdated and not self.is_busy:
            self._outdated = False
            self.show_soon()
