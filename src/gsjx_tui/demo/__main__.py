"""``python -m gsjx_tui.demo --home demo``: makes a home full of made-up observations, once."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gsjx_tui.demo.fill import MonthDone, fill
from gsjx_tui.errors import Fault, GsjxError, StateError
from gsjx_tui.office.home import init
from gsjx_tui.office.names import CAMPAIGN, LEDGER, UNITS
from gsjx_tui.usage import Parser

SEED = 20130718
"""The day of the method."""

_MARK = "demo.txt"
_BAR = 26


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the demo, or says that it is there. 0 on success, 1 for a fault, 2 for wrong usage."""
    parser = Parser(prog="python -m gsjx_tui.demo", description="建立演示：一个活动的虚构记录。")
    parser.add_argument(
        "--home", type=Path, default=Path("demo"), metavar="DIR", help="演示文件夹，默认 demo"
    )
    parser.add_argument("--seed", type=int, metavar="N", help=f"种子，相同则数据相同，默认 {SEED}")
    options = parser.parse_args(arguments)
    try:
        known = _seed_of(options.home)
        if known is not None:
            _check_same(options.home, known, options.seed)
            print(f"演示已在 {options.home}（种子 {known}），没有改动。", file=sys.stderr)
            return 0
        seed = SEED if options.seed is None else options.seed
        make(options.home, seed, _bar if sys.stderr.isatty() else _line)
    except GsjxError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断，没有建立演示。", file=sys.stderr)
        return 1
    print(f"演示已建立在 {options.home}（种子 {seed}），内容全是虚构的。", file=sys.stderr)
    return 0


def make(home: Path, seed: int, progress: Callable[[MonthDone], None]) -> None:
    """Makes a demo in a home without a ledger; it appears when it is complete, or not at all."""
    with _draft(home) as draft:
        campaign, units = (
            path if path.exists() else None for path in (home / CAMPAIGN, home / UNITS)
        )
        with init(draft, campaign, units) as office:
            fill(office, seed, progress=progress, whole_process=True)
        (draft / _MARK).write_text(f"演示数据，全是虚构的。种子 {seed}\n", "utf-8")
        for name in (CAMPAIGN, UNITS, _MARK):
            (draft / name).replace(home / name)
        os.link(draft / LEDGER, home / LEDGER)  # last, and never over another


def _seed_of(home: Path) -> int | None:
    """The seed of the demo in a home; None without a ledger. Raises StateError for another one."""
    if not (home / LEDGER).exists():
        return None
    try:
        return int((home / _MARK).read_text("utf-8").split()[-1])
    except (OSError, ValueError, IndexError):
        raise StateError(
            Fault(str(home), "已有一个账本，不是演示，没有改动", "用 --home 指定别的文件夹")
        ) from None


def _check_same(home: Path, known: int, asked: int | None) -> None:
    if asked is not None and asked != known:
        raise StateError(
            Fault(str(home), f"已有种子 {known} 的演示，没有改动", "删去它，或用 --home 另建一个")
        )


@contextlib.contextmanager
def _draft(home: Path) -> Iterator[Path]:
    """A folder inside the home to work in, gone afterwards."""
    draft = home / f".demo.{os.getpid()}"
    try:
        draft.mkdir(parents=True)
        yield draft
    except OSError as error:
        raise StateError(
            Fault(str(home), f"不能建立演示（{error.strerror}）", "检查文件夹权限与磁盘空间")
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _bar(done: MonthDone) -> None:
    """A bar that grows on a terminal."""
    filled = _BAR * done.number // done.total
    bar = "#" * filled + "." * (_BAR - filled)
    text = f"\r正在编造 [{bar}] {done.number}/{done.total} {done.month}"
    print(text, end="\n" if done.number == done.total else "", file=sys.stderr, flush=True)


def _line(done: MonthDone) -> None:
    """A line a month, for logs."""
    print(
        f"{done.number}/{done.total} {done.month}：记录 {done.observations} 条，"
        f"核定 {done.confirmed} 个单位，记账 {done.postings} 条",
        file=sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(main())
