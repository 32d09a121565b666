"""What goes over the socket comes back as it was, for every act and error.

Its shape is recorded in ``wire.txt``. A change of it needs a new ``PROTOCOL``: raise that, then
write the file anew with ``GSJX_UPDATE_WIRE=1``.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as some

from builders import the_shipped_rubric
from calls import CALLS, CANNOT_BE_DONE, LOGINS, a_world
from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, GsjxError, LedgerTrouble
from gsjx_tui.office.acts import PROGRESS, Act, all_acts
from gsjx_tui.office.clash import Clash, Clashed
from gsjx_tui.office.event_draft import EventError
from gsjx_tui.office.history import Acts, Filter
from gsjx_tui.office.home import Office
from gsjx_tui.office.people import Person
from gsjx_tui.office.progress import UnitProgress
from gsjx_tui.office.register import CountDiffers
from gsjx_tui.rubric.model import Item, Observation, Stage
from gsjx_tui.seats.wire import PROTOCOL, Malformed, Wire, dumps, loads

AT = datetime(2013, 8, 5)

RECORDED = Path(__file__).with_name("wire.txt")


def over(plain: Any) -> Any:
    """Plain values as they arrive."""
    return loads(dumps(plain))


def comparable(value: Any) -> Any:
    """The value with every sequence as a list: the wire keeps what is in it, not its kind."""
    if isinstance(value, Acts):
        return [tuple(row) for row in value]
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return [comparable(one) for one in value]
    if isinstance(value, Mapping):
        return {key: comparable(one) for key, one in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, Item | Stage | type):
        fields = dataclasses.fields(value)
        return type(value), {f.name: comparable(getattr(value, f.name)) for f in fields}
    return type(value), value


# every act -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with a_world(tmp_path_factory.mktemp("wire")) as office:
        yield office.acting(LOGINS["admin"])


@pytest.fixture(scope="module")
def wire(world: Office) -> Wire:
    return Wire(world.rubric)


class _Enough(Exception):
    pass


@pytest.mark.parametrize("label", CALLS)
def test_an_answer_comes_back_as_it_was(world: Office, wire: Wire, label: str) -> None:
    call = CALLS[label]
    act = all_acts()[call.act]
    with pytest.raises(_Enough), world.ledger.group():
        try:
            answer = call.made(world)
        except GsjxError as error:
            assert label in CANNOT_BE_DONE, error
        else:
            came = wire.read_answer(act, over(wire.answer(act, answer)))
            assert comparable(came) == comparable(answer)
        raise _Enough


@pytest.mark.parametrize("label", CALLS)
def test_arguments_come_as_they_were(world: Office, wire: Wire, label: str) -> None:
    call = CALLS[label]
    act = all_acts()[call.act]
    bound = act.bound(world, call.words, call.options)

    came = wire.read_arguments(act, over(wire.arguments(act, bound)))

    assert comparable(came) == comparable(bound)


def test_how_far_an_act_is_does_not_go_over(world: Office, wire: Wire) -> None:
    act = all_acts()["confirm.confirm"]
    told = {"month": Month(2013, 6), PROGRESS: lambda done, total: None}

    assert wire.arguments(act, told) == {"month": "2013-06"}
    with pytest.raises(Malformed):
        wire.read_arguments(act, {"month": "2013-06", PROGRESS: None})


@pytest.mark.parametrize(
    "plain",
    [
        None,
        [],
        "x",
        {"unit": "A1"},
        {"observations": None},
        {"observations": {}},
        {"observations": [None]},
        {"observations": [{"unit": "A1"}]},
        {"observations": [], "office": None},
        {"observations": [], "return": None},
        {"observations": [], "who": "man"},
    ],
)
def test_arguments_of_another_shape_are_malformed(wire: Wire, plain: object) -> None:
    with pytest.raises(Malformed):
        wire.read_arguments(all_acts()["record.record"], plain)


# every error -----------------------------------------------------------------------------------


def _kinds(kind: type[GsjxError] = GsjxError) -> Iterator[type[GsjxError]]:
    """The errors of the office: files and documents have some of their own."""
    if kind.__module__ == "gsjx_tui.errors" or kind.__module__.startswith("gsjx_tui.office."):
        yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


SAMPLES: dict[str, GsjxError] = {
    "Clashed": Clashed(
        [Fault("", "写成了 8", "")],
        (
            Clash(
                "A1",
                Month(2013, 6),
                "x",
                "points",
                "claim",
                Decimal(8),
                "li",
                datetime(2013, 8, 5),
                "附",
            ),
        ),
    ),
    "CountDiffers": CountDiffers("claim", Decimal("-0.50"), 3),
    "EventError": EventError({"unit": Fault("", "没有写单位", "写单位"), "": Fault("", "x")}),
    "LedgerTrouble": LedgerTrouble("locked", technical="IO Error: x", pid=12, holder="li"),
}
"""Errors that are made in a way of their own."""


all_acts()  # and with them all errors


def _sample(kind: type[GsjxError]) -> GsjxError:
    faults = Fault("表 第 2 行", '“"\\\n”', ""), Fault("", "错", "改")
    return SAMPLES.get(kind.__name__) or kind(*faults, heading="有 2 处错误：")


def test_each_error_with_more_to_know_has_a_sample() -> None:
    assert {kind.__name__ for kind in _kinds() if "carried" in vars(kind)} - {"GsjxError"} <= set(
        SAMPLES
    )


@pytest.mark.parametrize("kind", [*_kinds()], ids=lambda kind: kind.__name__)
def test_an_error_comes_back_with_all_it_knows(wire: Wire, kind: type[GsjxError]) -> None:
    error = _sample(kind)

    came = wire.read_error(over(wire.error(error)))

    assert type(came) is kind
    assert str(came) == str(error)
    assert (came.faults, came.heading) == (error.faults, error.heading)
    assert {name: getattr(came, name) for name in kind.carried} == {
        name: getattr(error, name) for name in kind.carried
    }
    assert came.args == error.args


def test_an_error_of_a_kind_not_known_here_is_an_error_all_the_same(wire: Wire) -> None:
    plain = wire.error(GsjxError(Fault("", "新的一种", "升级"))) | {"type": "Newer"}

    came = wire.read_error(over(plain))

    assert (type(came), str(came)) == (GsjxError, "新的一种；升级。")


# odd values ------------------------------------------------------------------------------------

_texts = some.text() | some.text(some.characters(codec="utf-8"), min_size=50)
_numbers = some.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**10) | (
    some.sampled_from([Decimal("-0.00"), Decimal("0"), Decimal("1E+3"), Decimal("9999999999.99")])
)
_months = some.builds(Month, some.integers(0, 9999), some.integers(1, 12))
_instants = some.datetimes()


def _back(wire: Wire, value: Any, kind: Any) -> Any:
    return wire._value(over(wire._plain(value, kind)), kind)


_WIRE = Wire(the_shipped_rubric())


@given(some.dictionaries(some.tuples(_texts, _months, _texts), _numbers))
def test_mappings_keep_keys_of_any_kind(value: dict[tuple[str, Month, str], Decimal]) -> None:
    kind = Mapping[tuple[str, Month, str], Decimal]

    assert _back(_WIRE, value, kind) == {
        (_sent(unit), month, _sent(item)): number for (unit, month, item), number in value.items()
    }


@given(_numbers)
def test_a_number_keeps_sign_and_places(value: Decimal) -> None:
    assert str(_back(_WIRE, value, Decimal)) == str(value)


@given(_months | some.none())
def test_a_month_or_none(value: Month | None) -> None:
    assert _back(_WIRE, value, Month | None) == value


@given(_instants)
def test_an_instant_to_the_microsecond(value: datetime) -> None:
    assert _back(_WIRE, value, datetime) == value


@given(some.dates())
def test_a_day(value: date) -> None:
    assert _back(_WIRE, value, date) == value


@given(some.text(some.characters()) | some.just("\ud800x\udfff"))
def test_a_text_with_half_a_letter_arrives_without_it(value: str) -> None:
    assert _back(_WIRE, value, str) == _sent(value)


def _sent(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def test_a_huge_text_comes_back() -> None:
    text = '字\x00\x1b\u2028"\\' * 500_000

    assert _back(_WIRE, text, str) == text


@given(
    some.builds(
        Observation, _texts, _months, _texts, _texts, some.sampled_from(["claim", "verify"]),
        _numbers, _texts,
    )
)  # fmt: skip
def test_any_observation(value: Observation) -> None:
    texts = {f: _sent(getattr(value, f)) for f in ("unit", "item", "field", "note")}

    assert _back(_WIRE, value, Observation) == dataclasses.replace(value, **texts)


@given(some.builds(Filter, month=some.none() | _months, words=some.tuples(_texts, _texts)))
def test_any_filter(value: Filter) -> None:
    came = _back(_WIRE, value, Filter | None)

    assert (came.month, came.words) == (value.month, tuple(map(_sent, value.words)))


@pytest.mark.parametrize(
    ("kind", "plain"),
    [
        (Decimal, 1),
        (Decimal, "NaN"),
        (Decimal, "Infinity"),
        (Decimal, "x"),
        (Decimal, ""),
        (Decimal, "1E+999999999"),
        (Decimal, "1E-999999999"),
        (Decimal, "1" * 100),
        (Month, "2013-13"),
        (Month, 201306),
        (Month, None),
        (str, 1),
        (str, None),
        (str, "\ud800"),
        (int, True),
        (int, 1.0),
        (int, "1"),
        (bool, 1),
        (bool, "true"),
        (date, "x"),
        (datetime, 0),
        (Item, "no.such.item"),
        (Item, []),
        (Stage, "nostage"),
        (Mapping[str, str], {"a": "b"}),
        (Mapping[str, str], [["a"]]),
        (Mapping[str, str], [["a", "b", "c"]]),
        (tuple[str, ...], "ab"),
        (Sequence[str], "ab"),
        (Sequence[str], {"a": 1}),
        (Person, {"login": "x", "name": "", "role": "boss", "unit": ""}),
        (Person, {"login": "x", "name": "", "role": "admin", "unit": "", "more": 1}),
        (Person, {"login": "x"}),
        (Person, None),
        (UnitProgress, []),
    ],
)
def test_what_is_not_of_its_type_is_malformed(kind: Any, plain: object) -> None:
    with pytest.raises(Malformed):
        _WIRE._value(plain, kind)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"NaN", b"[Infinity]", b"\xff\xfe\x00", b"[" * 100_000, b"\x80", b"1 2"],
)
def test_what_is_not_json_is_malformed(text: bytes) -> None:
    with pytest.raises(Malformed):
        loads(text)


# the shape -------------------------------------------------------------------------------------


def shape() -> str:
    """All that the two ends of the wire must agree on, for people to read."""
    acts = [_signature(act) for _, act in sorted(all_acts().items())]
    found: dict[type, str] = {}
    for act in all_acts().values():
        for kind in act.types.values():
            _describe(kind, found)
    errors: list[str] = []
    for error in sorted(_kinds(), key=lambda error: error.__name__):
        for kind in error.carried.values():
            _describe(kind, found)
        carried = "".join(f"\n  {name}: {_named(kind)}" for name, kind in error.carried.items())
        errors.append(f"error {error.__name__}{carried}")
    # where a class lives doesn't go over the wire: two may have one name
    described = sorted(f"{kind.__name__}{fields}" for kind, fields in found.items()) + errors
    return "\n".join([f"protocol {PROTOCOL}", "", *acts, "", *described, ""])


def _signature(act: Act) -> str:
    parameters = [
        f"\n  {name}: {_named(kind)}" + ("" if _must(act, name) else ", may be left out")
        for name, kind in act.types.items()
        if name != "return"
    ]
    writes = " writes" if act.writes else ""
    return f"act {act.name}{writes}{''.join(parameters)}\n  -> {_named(act.types['return'])}"


def _must(act: Act, name: str) -> bool:
    parameter = act.signature.parameters[name]
    return parameter.default is parameter.empty


def _named(kind: Any) -> str:
    text = kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text)


_BY_ID = (Item, Stage)
"""What belongs to the rubric goes as its id: what is in it doesn't matter."""


def _describe(kind: Any, found: dict[type, str]) -> None:
    for inner in get_args(kind):
        _describe(inner, found)
    if kind in _BY_ID or not isinstance(kind, type) or get_args(kind):
        return
    named = dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")
    if named and kind not in found and kind is not Month:
        hints = get_type_hints(kind)
        names = (
            [field.name for field in dataclasses.fields(kind)]
            if dataclasses.is_dataclass(kind)
            else kind._fields  # type: ignore[attr-defined]
        )
        found[kind] = "".join(f"\n  {name}: {_named(hints[name])}" for name in names)
        for name in names:
            _describe(hints[name], found)


def test_the_wire_has_the_shape_that_its_version_says() -> None:
    recorded = RECORDED.read_text("utf-8") if RECORDED.exists() else ""
    if os.environ.get("GSJX_UPDATE_WIRE") and shape() != recorded:
        assert not recorded.startswith(f"protocol {PROTOCOL}\n"), "raise PROTOCOL first"
        RECORDED.write_text(shape(), "utf-8")
        recorded = shape()

    assert shape() == recorded, (
        "what goes over the socket has changed: raise PROTOCOL (seats/wire.py)"
    )
