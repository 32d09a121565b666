"""Acts that arrive together share a commit; none of them notices the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import JUNE, a_unit, an_office
from gsjx_tui.domain import Month
from gsjx_tui.errors import GsjxError, LedgerTrouble, NotPermitted, ObservationError, StateError
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import Act, all_acts
from gsjx_tui.office.home import Office
from gsjx_tui.office.record import append_observations
from gsjx_tui.office.verify import verify
from gsjx_tui.rubric.model import Observation
from gsjx_tui.seats.wire import Malformed, Wire
from gsjx_tui.seats.work import Caller, Job, Work
from serving import SLOW, serving

ME = Caller("root", owner=True)


class Desk:
    """Work on an office; ``together`` has jobs done in one group."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.told: list[Job] = []
        self.lost: list[LedgerTrouble] = []
        self.work = Work(office, Wire(office.rubric), self.told.append, self.lost.append)
        self._entered, self._gate = threading.Event(), threading.Event()

    def together(self, *jobs: Job) -> list[object]:
        """The answers, or errors, of jobs that all wait when the writer looks for the next."""
        self._entered.clear()
        self._gate.clear()
        hold = Job(Act("test.hold", self._hold, "viewer", None, True), {}, ME)
        self.work.hand_in(hold)
        assert self._entered.wait(SLOW)
        futures = [self.work.hand_in(job) for job in jobs]
        self._gate.set()
        hold.answer.exception(SLOW)
        return [future.exception(SLOW) or future.result() for future in futures]

    def notes(self) -> list[str]:
        """The notes of all observations in the ledger, in order."""
        found = self.office.ledger._connection.execute("select note from observation order by seq")
        return [note for (note,) in found.fetchall()]

    def _hold(self, office: Office) -> None:
        self._entered.set()
        assert self._gate.wait(SLOW)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with an_office(tmp_path, *(a_unit(f"A{n}") for n in range(1, 9))) as office:
        made = Desk(office)
        yield made
        made.work.close()


def seen(note: str, points: int = 8) -> Observation:
    return Observation(
        "A1", Month.parse(JUNE), "study.b1.body", "points", "verify", Decimal(points), note
    )


def saving(note: str, points: int = 8, key: str = "", caller: Caller = ME) -> Job:
    """A save whose note tells it from all others; 11 points are refused."""
    act = all_acts()["record.record"]
    return Job(act, {"observations": [seen(note, points)]}, caller, key=key or note)


def failing_halfway(note: str, error: Exception) -> Job:
    """An act that appends and then fails."""

    def do(office: Office) -> None:
        with office.ledger.act() as now:
            append_observations(office, [seen(note)], "entry", now)
            raise error

    return Job(Act("test.halfway", do, "viewer", None, True), {}, ME, key=note)


def breaking(note: str) -> Job:
    """An act whose row the ledger does not take."""

    def do(office: Office) -> None:
        with office.ledger.act() as now:
            append_observations(office, [seen(note)], "no such source", now)

    return Job(Act("test.breaking", do, "viewer", None, True), {}, ME, key=note)


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """Grows with each commit; functions put into it are called just before one."""
    done: list[Callable[[], object]] = []
    commit = Ledger._commit

    def counted(ledger: Ledger) -> None:
        for look in done:
            look()
        commit(ledger)
        done.append(lambda: None)

    monkeypatch.setattr(Ledger, "_commit", counted)
    return done


def test_saves_that_arrive_together_share_one_commit(
    desk: Desk, commits: list[Callable[[], object]]
) -> None:
    answers = desk.together(*(saving(f"n{n}") for n in range(20)))

    assert all(isinstance(answer, bytes) for answer in answers)
    assert desk.notes() == [f"n{n}" for n in range(20)]
    assert len(commits) == 2  # the one that was waited for, and the group


def test_nothing_is_acknowledged_before_the_commit(
    desk: Desk, commits: list[Callable[[], object]]
) -> None:
    jobs = [saving(f"n{n}") for n in range(3)]
    early: list[bool] = []
    commits.append(lambda: early.extend(job.answer.done() for job in jobs))

    desk.together(*jobs)

    assert early == [False] * 6
    assert desk.told == jobs


def test_one_that_is_refused_leaves_the_others_in_the_same_commit(
    desk: Desk, commits: list[Callable[[], object]]
) -> None:
    stranger = Caller("nobody", owner=False)

    answers = desk.together(
        saving("a"), saving("b", points=11), saving("c", caller=stranger), saving("d")
    )

    assert [type(answer) for answer in answers] == [bytes, ObservationError, NotPermitted, bytes]
    assert desk.notes() == ["a", "d"]
    assert len(commits) == 2


def test_one_that_fails_halfway_leaves_nothing_and_the_others_are_done_once(desk: Desk) -> None:
    error = StateError("halfway")

    answers = desk.together(saving("a"), failing_halfway("b", error), saving("c"))

    assert [type(answer) for answer in answers] == [bytes, StateError, bytes]
    assert answers[1] is error
    assert desk.notes() == ["a", "c"]
    assert [job.key for job in desk.told] == ["a", "c"]


def test_one_that_the_ledger_does_not_take_leaves_nothing_and_the_others_are_done_once(
    desk: Desk,
) -> None:
    answers = desk.together(saving("a"), breaking("b"), saving("c"))

    assert [type(answer) for answer in answers] == [bytes, LedgerTrouble, bytes]
    assert desk.notes() == ["a", "c"]


def test_a_commit_that_failed_but_came_to_the_disk_is_acknowledged_and_not_done_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = Ledger._commit
    failures = iter([True])

    def late(ledger: Ledger) -> None:
        rows = bool(ledger._waiting) or ledger.appended
        commit(ledger)
        if rows and next(failures, False):
            raise LedgerTrouble("disk_full")

    monkeypatch.setattr(Ledger, "_commit", late)

    answers = desk.together(saving("a"), saving("b"))

    assert [type(answer) for answer in answers] == [bytes, bytes]
    assert desk.notes() == ["a", "b"]


def test_each_sees_what_the_one_before_it_in_the_group_did(desk: Desk) -> None:
    confirm = all_acts()["confirm.confirm"]
    month = Month.parse(JUNE)

    answers = desk.together(
        saving("before"),
        Job(confirm, {"month": month, "codes": ["A1"]}, ME, key="confirm"),
        saving("after"),
    )

    assert [type(answer) for answer in answers] == [bytes, bytes, ObservationError]
    assert desk.notes() == ["before"]
    assert verify(desk.office).months == 1


def test_a_role_that_is_given_counts_for_the_next_in_the_group_and_for_readers(desk: Desk) -> None:
    set_staff = all_acts()["staff.set_staff"]
    clerk = Caller("nobody", owner=False)
    hello = desk.work.read(lambda office: office.person, clerk)
    assert isinstance(hello.exception(SLOW), NotPermitted)

    answers = desk.together(
        Job(set_staff, {"login": "root", "role": "admin"}, ME, key="1"),
        Job(set_staff, {"login": "nobody", "role": "reviewer"}, ME, key="2"),
        saving("allowed", caller=clerk),
    )

    assert [type(answer) for answer in answers] == [bytes, bytes, bytes]
    assert desk.work.read(lambda office: office.person, clerk).result(SLOW).role == "reviewer"


def test_the_same_request_twice_at_once_is_done_once(desk: Desk) -> None:
    answers = desk.together(saving("a"), saving("a"), saving("b"))

    assert [type(answer) for answer in answers] == [bytes] * 3
    assert answers[0] == answers[1]
    assert desk.notes() == ["a", "b"]


def test_a_repeated_request_has_the_answer_of_the_first(desk: Desk) -> None:
    first = desk.together(saving("a", key="k"))
    again = saving("other", key="k")
    again.repeated = True

    assert desk.together(again) == first
    assert desk.notes() == ["a"]


def test_the_answer_of_a_key_is_not_for_another_login_nor_another_act(desk: Desk) -> None:
    desk.together(saving("a", key="k"))
    stranger = saving("b", key="k", caller=Caller("nobody", owner=False))
    other = Job(all_acts()["staff.remove_staff"], {"login": "x"}, ME, key="k", repeated=True)
    stranger.repeated = True

    refused, malformed = desk.together(stranger, other)

    assert isinstance(refused, NotPermitted)
    assert isinstance(malformed, Malformed)
    assert desk.notes() == ["a"]


def test_a_look_is_of_one_instant_while_others_write(desk: Desk) -> None:
    looked, written = threading.Event(), threading.Event()

    def twice(office: Office) -> Sequence[int]:
        before = office.ledger.head("observation").seq
        looked.set()
        assert written.wait(SLOW)
        return [before, office.ledger.head("observation").seq]

    look = Job(Act("test.twice", twice, "viewer", None, False), {}, ME)
    answer = desk.work.hand_in(look)
    assert looked.wait(SLOW)
    desk.together(saving("meanwhile"))
    written.set()

    assert answer.result(SLOW) == b"[0,0]"


def test_a_ledger_that_was_replaced_takes_nothing_more(desk: Desk) -> None:
    path = desk.office.home / "ledger.duckdb"
    desk.together(saving("a"))
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.rename(path)

    (answer,) = desk.together(saving("b"))

    assert isinstance(answer, LedgerTrouble)
    assert answer.kind == "replaced"
    assert desk.lost
    assert desk.notes() == ["a"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=st.lists(st.sampled_from(["good", "refused", "halfway", "breaking"]), max_size=12))
def test_whatever_comes_together_each_has_the_outcome_it_would_have_alone(
    desk: Desk, kinds: list[str]
) -> None:
    before, newest = len(desk.notes()), desk.office.ledger.row("newest_instant")[0]
    error = StateError("halfway")
    make: dict[str, Callable[[str], Job]] = {
        "good": saving,
        "refused": lambda note: saving(note, points=11),
        "halfway": lambda note: failing_halfway(note, error),
        "breaking": breaking,
    }
    names = [f"{before}-{number}" for number in range(len(kinds))]
    jobs = [make[kind](name) for kind, name in zip(kinds, names, strict=True)]
    for job, name in zip(jobs, names, strict=True):
        job.key = f"{name}-{id(jobs)}"

    answers = desk.together(*jobs)

    for kind, answer in zip(kinds, answers, strict=True):
        assert (kind == "good") == isinstance(answer, bytes)
        assert kind == "good" or isinstance(answer, GsjxError)
    good = [name for kind, name in zip(kinds, names, strict=True) if kind == "good"]
    assert desk.notes()[before:] == good
    instants = [row[0] for row in desk.office.ledger._connection.execute(
        "select recorded_at from observation order by seq").fetchall()]  # fmt: skip
    assert instants == sorted(set(instants))
    assert newest is None or not good or instants[before] > newest
    verify(desk.office)


def whole(ledger: Ledger) -> int:
    """How many observations a ledger has; none is missing in the chain."""
    count = ledger._connection.execute("select count(*) from observation").fetchone()
    assert count is not None
    assert count[0] == ledger.head("observation").seq
    return int(count[0])


@pytest.mark.slow
def test_proving_and_copying_go_on_beside_twenty_who_write(tmp_path: Path) -> None:
    with an_office(tmp_path, *(a_unit(f"A{n}") for n in range(1, 9))) as office:
        home = office.home
    with serving(home) as service, service.office() as other:
        stop = threading.Event()

        def write(number: int) -> int:
            done = 0
            with service.office() as seat:
                act = all_acts()["record.record"]
                while not stop.is_set():
                    note = [seen(f"{number}-{done}", points=done % 10)]
                    seat.carrier.carry(act, {"observations": note})  # type: ignore[union-attr]
                    done += 1
            return done

        def copy(number: int) -> int:
            path = tmp_path / f"copy{number}.duckdb"
            with service.office() as seat:
                seat.carrier.copy_ledger(path)  # type: ignore[union-attr]
            with Ledger.open(path, read_only=True) as copied:
                return whole(copied)

        with ThreadPoolExecutor(24) as people:
            writers = [people.submit(write, number) for number in range(20)]
            copies = [people.submit(copy, number) for number in range(4)]
            try:
                heads = [verify(other).heads["observation"].seq for _ in range(5)]
                copied = [each.result(SLOW) for each in copies]
            finally:
                stop.set()
            done = sum(writer.result(SLOW) for writer in writers)

        assert heads == sorted(heads)
        assert max(copied) <= done
        assert verify(other).heads["observation"].seq == done


def test_a_store_that_gave_up_is_opened_anew_for_writers_and_readers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.together(saving("a"))
    desk.work.read(lambda office: office.person, ME).result(SLOW)
    commit, failing, connection = Ledger._commit, iter([True]), desk.office.ledger._connection

    def failed(ledger: Ledger) -> None:
        if next(failing, False):
            raise LedgerTrouble("disk_full")
        commit(ledger)

    monkeypatch.setattr(Ledger, "_commit", failed)
    monkeypatch.setattr(Ledger, "works", lambda ledger: ledger._connection is not connection)
    alone = saving("b")

    trouble = desk.work.hand_in(alone).exception(SLOW)
    (answer,) = desk.together(saving("c"))

    assert isinstance(trouble, LedgerTrouble)
    assert trouble.kind == "disk_full"
    assert isinstance(answer, bytes)
    assert desk.office.ledger._connection is not connection
    assert (
        desk.work.read(lambda office: office.ledger.head("observation").seq, ME).result(SLOW) == 2
    )
    assert desk.notes() == ["a", "c"]
