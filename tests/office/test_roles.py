"""Every role tries every act: the table of ``calls`` says who may, and it is complete."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from builders import a_unit, an_office, observed, recorded
from calls import (
    BODY,
    CALLS,
    CANNOT_BE_DONE,
    DONE,
    JUL,
    JUN,
    LOGINS,
    OTHER,
    OWN,
    Call,
    Outcome,
    a_draft,
    a_world,
)
from gsjx_tui.errors import GsjxError, NotPermitted
from gsjx_tui.ledger.ledger import Ledger
from gsjx_tui.office.acts import all_acts
from gsjx_tui.office.confirm import confirm
from gsjx_tui.office.correct import correct
from gsjx_tui.office.home import Office, reading
from gsjx_tui.office.people import ROLE_NAMES, ROLES
from gsjx_tui.office.progress import progress
from gsjx_tui.office.query import asking
from gsjx_tui.office.rank import campaign
from gsjx_tui.office.register import register, withdraw
from gsjx_tui.office.review import return_to_unit
from gsjx_tui.office.staff import set_staff
from gsjx_tui.office.undo import undo


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with a_world(tmp_path_factory.mktemp("world")) as office:
        yield office


def tables(ledger: Ledger) -> dict[str, int]:
    """How many rows each table has."""
    connection = ledger._connection
    names = [
        name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
    ]
    counts = " union all ".join(f"select '{name}', count(*) from {name}" for name in names)
    return dict(connection.execute(counts).fetchall())


@cache
def at_first(ledger: Ledger) -> dict[str, int]:
    """How many rows each table had when the first call was tried: all calls are taken back."""
    return tables(ledger)


class _Enough(Exception):
    pass


def tried(office: Office, label: str) -> tuple[Outcome, bool]:
    """The outcome of a call and whether it wrote anything; it is taken back afterwards."""
    before = at_first(office.ledger)
    found: tuple[Outcome, bool] = ("", False)
    with pytest.raises(_Enough), office.ledger.group():
        outcome = CALLS[label].outcome(office)
        found = outcome, tables(office.ledger) != before
        raise _Enough
    return found


def test_the_table_has_every_act_and_nothing_else() -> None:
    assert {call.act for call in CALLS.values()} == set(all_acts())


def test_the_table_has_every_role() -> None:
    assert {*ROLES, "keeper", "stranger"} == set(LOGINS)
    assert set(ROLE_NAMES) == {*LOGINS} - {"stranger"}


@pytest.mark.parametrize("label", CALLS)
@pytest.mark.parametrize("role", LOGINS)
def test_a_role_may_do_what_the_table_says(world: Office, role: str, label: str) -> None:
    office = world.acting(LOGINS[role], owner=role == "keeper")

    outcome, wrote = tried(office, label)

    if not CALLS[label].allowed(role):
        assert (outcome, wrote) == ("refused", False)
    elif label in CANNOT_BE_DONE:
        assert (outcome, wrote) == ("stopped", False)
    else:
        assert outcome == "done"


@pytest.mark.parametrize("label", CALLS)
def test_an_act_is_marked_as_one_that_writes_if_it_does(world: Office, label: str) -> None:
    _, wrote = tried(world.acting(LOGINS["admin"]), label)

    assert all_acts()[CALLS[label].act].writes or not wrote


def test_while_nobody_is_listed_the_owner_may_do_all_and_others_nothing(tmp_path: Path) -> None:
    with an_office(tmp_path, *(a_unit(code) for code in (OWN, OTHER, "A3", DONE))) as office:
        owner = office.acting("mail", owner=True)
        others = [office.acting(login, owner=False) for login in LOGINS.values()]

        assert "refused" not in {tried(owner, label)[0] for label in CALLS}
        assert {tried(other, label) for other in others for label in CALLS} == {("refused", False)}


def test_a_refusal_says_who_is_what_and_who_may(world: Office) -> None:
    with pytest.raises(NotPermitted, match="身份是“录入员”，这件事要“负责人”才能做"):
        CALLS["confirm"].made(world.acting(LOGINS["clerk"], owner=False))
    with pytest.raises(NotPermitted, match=f"本单位（{OWN}）"):
        CALLS["rank"].made(world.acting(LOGINS["reporter"], owner=False))
    with pytest.raises(NotPermitted, match="news：不在人员名单上"):
        CALLS["rank"].made(world.acting(LOGINS["stranger"], owner=False))


# a role that changed ---------------------------------------------------------------------------


def test_a_new_role_counts_at_once(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        person = office.acting("bin", owner=False)
        with pytest.raises(NotPermitted):
            recorded(person, observed("study.b1.body", 5, kind="claim"))

        set_staff(office, "bin", "clerk")

        recorded(person, observed("study.b1.body", 5, kind="claim"))


def test_a_change_of_role_that_was_rolled_back_never_counts(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "bin", "viewer")
        person = office.acting("bin", owner=False)
        with pytest.raises(_Enough), office.ledger.group():
            set_staff(office, "bin", "lead")
            assert person.person.role == "lead"
            raise _Enough

        assert person.person.role == "viewer"


def test_another_view_sees_a_change_of_role_once_it_is_committed(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "bin", "viewer")
        view = office.ledger.reader()
        beside = office.acting("bin", owner=False, ledger=view)
        with office.ledger.group():
            set_staff(office, "bin", "lead")
            assert office.acting("bin", owner=False).person.role == "lead"
            assert beside.person.role == "viewer"

        assert beside.person.role == "lead"
        view.close()


def test_nobody_undoes_what_their_role_no_longer_records(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit(OWN), a_unit(OTHER, name="别局")) as office:
        set_staff(office, "man", "admin")
        for before, after, unit, seen in (
            ("reviewer", "clerk", "", observed("study.b1.body", 5, unit=OTHER)),
            ("clerk", "reporter", OWN, observed("study.b1.body", 5, unit=OTHER, kind="claim")),
        ):
            set_staff(office, "bin", before)
            person = office.acting("bin", owner=False)
            recorded(person, seen)
            set_staff(office, "bin", after, unit=unit)

            with pytest.raises(NotPermitted) as refused:
                undo(person, JUN)

            assert OTHER not in str(refused.value) and "别局" not in str(refused.value)


def asked(home: Path) -> Sequence[Sequence[str | None]]:
    with reading(home) as office, asking(office, "select count(*) from unit") as query:
        return query.answer().rows


def test_a_query_takes_a_viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with an_office(tmp_path) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "lp", "reporter", unit="A1")
        set_staff(office, "daemon", "viewer")
    monkeypatch.setattr("gsjx_tui.office.home.owns_ledger", lambda home: False)
    monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda: "daemon")
    assert asked(office.home) == [["1"]]

    for login in ("lp", "news"):
        monkeypatch.setattr("gsjx_tui.office.home.current_user", lambda login=login: login)
        with pytest.raises(NotPermitted):
            asked(office.home)


# what a reporter sees --------------------------------------------------------------------------


def test_what_others_do_changes_no_answer_to_a_reporter(tmp_path: Path) -> None:
    quiet = _answers(tmp_path / "quiet", "平静局", busy=False)
    busy = _answers(tmp_path / "busy", "泄露局", busy=True)

    assert busy == quiet
    assert "泄露" not in repr(busy)
    assert {label for label, answer in quiet.items() if "Error" not in answer} >= {
        "sheet of own", "card of own", "explain own", "review of own", "review counts", "events",
        "progress", "named", "campaign", "record a claim", "import claims", "empty a claim",
    }  # fmt: skip


def _answers(folder: Path, other: str, *, busy: bool) -> dict[str, str]:
    """All that a reporter is answered, instants left out; ``busy``: others have done much."""
    folder.mkdir()
    units = a_unit(OWN, name="甲局"), a_unit(OTHER, name=other)
    with an_office(folder, *units) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "lp", "reporter", unit=OWN)
        set_staff(office, "sys", "reviewer", "泄露员")
        admin = office.acting("man")
        recorded(admin, observed(BODY, 8, unit=OWN, kind="claim"))
        register(admin, a_draft(OWN, "1号"))
        if busy:
            _do_much(admin)
        reporter = office.acting("lp", owner=False)
        return {
            label: _INSTANT.sub("at", repr(_answer(call, reporter)))
            for label, call in CALLS.items()
            if call.allowed("reporter")
        }


_INSTANT = re.compile(r"datetime\.datetime\([^)]*\)")


def _answer(call: Call, office: Office) -> object:
    try:
        return call.made(office)
    except GsjxError as error:
        return error


def _do_much(office: Office) -> None:
    """Everything that can be done to another unit."""
    register(office, a_draft(OTHER, "泄露〔2013〕1号"))
    reviewer = office.acting("sys", owner=False)
    recorded(reviewer, observed(BODY, 7, unit=OTHER, kind="claim"))
    return_to_unit(reviewer, OTHER, JUN, "", "泄露")
    recorded(reviewer, observed(BODY, 3, unit=OTHER))
    withdraw(office, 2, "泄露")
    for month in (JUN, JUL):
        confirm(office, month, [OTHER])
    correct(office, OTHER, BODY, str(JUN), {"points": "4"}, "泄露")


def test_to_a_reporter_a_month_is_in_hand_until_the_own_unit_is_confirmed(tmp_path: Path) -> None:
    with an_office(tmp_path, a_unit(OWN), a_unit(OTHER)) as office:
        set_staff(office, "man", "admin")
        set_staff(office, "lp", "reporter", unit=OWN)
        reporter = office.acting("lp", owner=False)
        owner = office.acting("man")
        assert (progress(reporter).month, campaign(reporter).newest_confirmed) == (JUN, None)

        confirm(owner, JUN, [OWN])

        assert progress(owner).month == JUN
        assert (progress(reporter).month, campaign(reporter).newest_confirmed) == (JUL, JUN)
        assert [unit.code for unit in progress(reporter).units] == [OWN]
        assert {step.act for step in progress(reporter).next_steps} == {"entry"}
