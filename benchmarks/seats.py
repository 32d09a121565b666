"""Many people at one ledger: saves by one and by twenty, idle sessions, and a killed service."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path

import duckdb

from benchmarks.homes import Homes
from benchmarks.keystroke import CELL, ENTER, RIGHT
from benchmarks.measure import GSJX, Figure, percentile
from benchmarks.terminal import Terminal
from benchmarks.wire import memory_figures
from gsjx_tui.domain import Month
from gsjx_tui.office.record import record
from gsjx_tui.office.verify import verify
from gsjx_tui.rubric.model import Observation
from gsjx_tui.seats.opening import open_office
from gsjx_tui.seats.seat import Seat
from gsjx_tui.seats.whereabouts import SOCKET, service_at

_UNITS = 100
_WRITERS = 20
_SECONDS = 10.0
_IDLE_SESSIONS = 100
_MONTH = Month(2013, 6)
_ITEM = "study.b1.body"
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")

_PEAK = """
import sys
from gsjx_tui.cli import main
main(sys.argv[1:])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""

_processes = multiprocessing.get_context("fork")


def figures(homes: Homes, runs: int) -> Iterator[Figure]:
    """A lone writer, twenty without think time, a hundred idle sessions, kills."""
    home = homes.fresh(homes.synthetic(_UNITS, "empty"))
    with _supervised(home) as service:
        lone = _saves(home, 1)
        many = _saves(home, _WRITERS)
        yield Figure("一人保存：p50", percentile(lone.seconds, 0.5))
        yield Figure("一人保存：p99", percentile(lone.seconds, 0.99))
        yield Figure(f"{_WRITERS} 人不停保存：p50", percentile(many.seconds, 0.5))
        yield Figure(
            f"{_WRITERS} 人不停保存：p99",
            percentile(many.seconds, 0.99),
            percentile(lone.seconds, 0.99),
            goal=10,
            against="一人保存 p99",
        )
        yield Figure(
            f"{_WRITERS} 人不停保存", len(many.seconds) / _SECONDS, unit="次/秒", note=many.note
        )
        cpu, memory = _idle(home, service)
        yield Figure(f"{_IDLE_SESSIONS} 个空闲会话：服务占用", cpu, goal=10, unit="毫秒/秒")
        yield Figure("服务的内存", memory / 1e6, unit="MB")
        yield Figure("一个命令行客户端的内存", _client_memory(home) / 1e6, unit="MB")
        with Terminal([GSJX, "--home", str(home)]) as terminal:
            terminal.expect("合计")
            for keys in ("", "e", ENTER, RIGHT, *CELL):
                terminal.press(keys, 0.5)
            yield from memory_figures("一个会话", terminal, 60)
        away, kept = _kills(home, service, runs)
        yield Figure(
            "kill -9 后恢复工作",
            max(away),
            goal=2,
            note=f"{runs} 次中最长，中位 {percentile(away, 0.5):.2f} s；{kept.note}",
        )
        lost, doubled = _lost_and_doubled(home, [lone, many, kept])
        yield Figure("未完成的保存", sum(s.failed for s in (lone, many, kept)), goal=0, unit="次")
        yield Figure("丢失的保存", lost, goal=0, unit="次")
        yield Figure("重复的保存", doubled, goal=0, unit="次", note="verify 通过")


class _Saved:
    """What writers did: the notes of what was acknowledged, how long each save took."""

    def __init__(self, parts: Sequence[tuple[list[str], list[float], int]]) -> None:
        self.notes = [note for notes, *_ in parts for note in notes]
        self.seconds = [taken for _, times, _ in parts for taken in times]
        self.failed = sum(failed for *_, failed in parts)
        self.note = f"{len(self.seconds)} 次，{self.failed} 次失败"


def _saves(
    home: Path, writers: int, meanwhile: Callable[[], object] = lambda: time.sleep(_SECONDS)
) -> _Saved:
    """So many processes save one value after another until ``meanwhile`` is over."""
    begin, end = _processes.Barrier(writers + 1), _processes.Event()
    pipes, all = [], []
    name = f"{time.monotonic_ns()}"
    for number in range(writers):
        here, there = _processes.Pipe(duplex=False)
        process = _processes.Process(
            target=_write, args=(home, f"{name}-{number}", number, begin, end, there)
        )
        process.start()
        pipes.append(here)
        all.append(process)
    begin.wait()
    meanwhile()
    end.set()
    parts = [pipe.recv() for pipe in pipes]
    for process in all:
        process.join()
    return _Saved(parts)


def _write(home: Path, name: str, number: int, begin: object, end: object, answer: object) -> None:
    notes: list[str] = []
    times: list[float] = []
    failed = done = 0
    with open_office(home) as office:
        unit = f"U{number % _UNITS + 1:05d}"
        begin.wait()  # type: ignore[attr-defined]
        while not end.is_set():  # type: ignore[attr-defined]
            done += 1
            note = f"{name}-{done}"
            value = Decimal(done % 10)
            seen = Observation(unit, _MONTH, _ITEM, "points", "verify", value, note)
            start = time.perf_counter()
            try:
                record(office, [seen])
            except Exception as error:
                print(error, file=sys.stderr)
                failed += 1
            else:
                times.append(time.perf_counter() - start)
                notes.append(note)
    answer.send((notes, times, failed))  # type: ignore[attr-defined]


def _idle(home: Path, service: _Supervisor) -> tuple[float, float]:
    """Milliseconds of CPU a second, and bytes of memory, with idle sessions that hear the news."""
    seats = []
    for _ in range(_IDLE_SESSIONS):
        office = open_office(home)
        seat = office.carrier
        assert isinstance(seat, Seat)
        threading.Thread(target=_listen, args=(seat,), daemon=True).start()
        seats.append(office)
    time.sleep(1)
    before = _cpu(service.pid)
    time.sleep(_SECONDS)
    taken = (_cpu(service.pid) - before) / _SECONDS
    memory = _memory(service.pid)
    for office in seats:
        office.close()
    return taken * 1000, memory


def _client_memory(home: Path) -> int:
    """Bytes of memory that a command took at most which worked through the service."""
    command = [sys.executable, "-c", _PEAK, "rank", "--home", str(home)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(said.rsplit(maxsplit=1)[-1]) * 1024


def _listen(seat: Seat) -> None:
    with suppress(Exception):
        for _ in seat.news():
            pass


def _kills(home: Path, service: _Supervisor, runs: int) -> tuple[list[float], _Saved]:
    """Seconds from each kill under load until a save that began afterwards is acknowledged."""
    away: list[float] = []

    def killing() -> None:
        with open_office(home) as office:
            for run in range(runs):
                time.sleep(0.5)
                start = time.perf_counter()
                os.kill(service.pid, signal.SIGKILL)
                seen = Observation(
                    "U00100", _MONTH, _ITEM, "points", "verify", Decimal(run % 10), "kill"
                )
                record(office, [seen])
                away.append(time.perf_counter() - start)

    return away, _saves(home, _WRITERS, killing)


def _lost_and_doubled(home: Path, saved: Sequence[_Saved]) -> tuple[int, int]:
    """How many acknowledged saves are not in the ledger, how many are twice; proves it too."""
    with open_office(home) as office:
        verify(office)
        carrier = office.carrier
        assert isinstance(carrier, Seat)
        copy = home / "copy.duckdb"
        carrier.copy_ledger(copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        found = Counter(
            note for (note,) in connection.execute("select note from observation").fetchall()
        )
    lost = sum(note not in found for saves in saved for note in saves.notes)
    doubled = sum(count > 1 for note, count in found.items() if note != "kill")
    return lost, doubled


class _Supervisor:
    """Starts the service at a home again whenever it ends."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._stopped = False
        self._process = self._start()
        self._watch = threading.Thread(target=self._keep)
        self._watch.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        self._stopped = True
        self._process.terminate()
        self._watch.join()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "gsjx_tui.cli", "serve", "--home", str(self._home)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopped:
                return
            self._process = self._start()


@contextmanager
def _supervised(home: Path) -> Iterator[_Supervisor]:
    service = _Supervisor(home)
    try:
        until = time.monotonic() + 30
        while service_at(home) is None:
            if time.monotonic() > until:
                raise TimeoutError(f"没有 {SOCKET}")
            time.sleep(0.01)
        yield service
    finally:
        service.stop()


def _cpu(pid: int) -> float:
    """Seconds of CPU a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int) -> int:
    """Bytes of memory a process has in use."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
