"""``gsjx``: finds the command, runs it, says what went wrong. The commands are in ``commands``.

Textual and the rubric are imported by the commands that need them, so that the others start fast.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gsjx_tui.arguments import Command, build
from gsjx_tui.commands import (
    ballots,
    campaign,
    cases,
    chart,
    keep,
    look,
    objecting,
    papers,
    plugin,
    process,
    publishing,
    service,
    snapshot,
    sql,
    work,
)
from gsjx_tui.commands.opening import choose
from gsjx_tui.errors import Fault, GsjxError, reason_of
from gsjx_tui.harmless import Outlet


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. 0 on success, 1 for a fault of input or state, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    with (  # there is none if it was closed before
        contextlib.redirect_stdout(sys.stdout and Outlet(sys.stdout)),
        contextlib.redirect_stderr(sys.stderr and Outlet(sys.stderr)),
    ):
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    parser = build(app, KINDS)
    words = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(words)
    for word in (*words, str(options.home)):
        if not word.isascii() and not _is_text(word):
            parser.error(f"“{word}”不是 UTF-8 编码，请把终端设为 UTF-8")
    try:
        run: Command = options.run
        choose(options)
        run(options)
        print(end="", flush=True)
    except GsjxError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        # What is still to be printed has nowhere to go, and must not fail once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(Fault("", f"结果写不出：{reason_of(error)}", _PERHAPS_DONE), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(Fault("", "已中断", _PERHAPS_DONE), file=sys.stderr)
        return 1
    return 0


def _is_text(word: str) -> bool:
    """Whether a word can be kept and shown; a file may be called whatever it likes."""
    try:
        word.encode()
    except UnicodeEncodeError:
        with contextlib.suppress(OSError):
            return Path(word).is_file()
        return False
    return True


_PERHAPS_DONE = "若是写入的命令，先用 gsjx verify 查看是否已经写入，再决定是否重做"


def app(options: argparse.Namespace) -> None:
    """``gsjx``: the terminal application."""
    from gsjx_tui.tui import run

    run(options.home, options.plugins_dir)


KINDS = (
    campaign.add,
    plugin.add,
    work.add,
    process.add,
    ballots.add,
    objecting.add,
    publishing.add,
    cases.add,
    look.add,
    chart.add,
    papers.add,
    sql.add,
    snapshot.add,
    service.add,
    keep.add,
)
"""Each module of commands, in the order of the help."""


if __name__ == "__main__":
    sys.exit(main())
