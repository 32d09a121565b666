"""Textual's driver for Linux terminals, but bytes that aren't UTF-8 don't end the application."""

from __future__ import annotations

import codecs
from functools import partial

from textual import events
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_LOST = "\N{REPLACEMENT CHARACTER}"


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """One mark for a GBK character: its second byte may be an ASCII letter, and isn't a key."""
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    whole = len(pair) == 2 and 0x81 <= pair[0] <= 0xFE and 0x40 <= pair[1] <= 0xFE
    return _LOST, error.start + 2 if whole else max(error.end, error.start + 1)


codecs.register_error("gsjx-replace", _replaced)
# The driver decodes strictly and offers no hook for it.
linux_driver.getincrementaldecoder = lambda name: partial(  # type: ignore[attr-defined]
    codecs.getincrementaldecoder(name), "gsjx-replace"
)


class NotUtf8(Message):
    """Sent to the application: the terminal sent something that isn't UTF-8."""

    bubble = False

    def can_replace(self, message: Message) -> bool:
        """One message says as much as several."""
        return isinstance(message, NotUtf8)


class TolerantDriver(LinuxDriver):
    """Drops what could not be decoded and tells the application so."""

    _line_ended = False

    def process_message(self, message: Message) -> None:
        """Lets all through but keys and pastes with characters that were lost."""
        if isinstance(message, events.Key):
            # A raw paste may end its lines with CR LF: one Enter, not two.
            ended, self._line_ended = self._line_ended, message.key == "enter"
            if ended and message.key == "ctrl+j":
                return
        match message:
            case events.Key(key=key, character=character):
                lost = character == _LOST or key.endswith("replacement_character")
            case events.Paste(text=text):
                lost = _LOST in text
            case _:
                lost = False
        super().process_message(NotUtf8() if lost else message)
