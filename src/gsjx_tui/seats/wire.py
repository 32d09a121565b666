"""What goes over the socket: the values of acts and their answers as JSON, by their types.

Points and months are text, as are instants; what belongs to the rubric (stage, item) goes as its
id, since both sides have the rubric; a mapping is a list of pairs, for its keys may be anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_origin

from cattrs import Converter
from cattrs.errors import CattrsError, StructureHandlerNotFoundError

from gsjx_tui.domain import Month
from gsjx_tui.errors import Fault, GsjxError
from gsjx_tui.ledger.chain import Head
from gsjx_tui.office.acts import Act, Arguments
from gsjx_tui.office.history import Acts, Done
from gsjx_tui.rubric.model import Item, Rubric, Stage

PROTOCOL = 2
"""The version of what is said over the socket; each side tells the other."""


class Malformed(ValueError):
    """What came over the socket isn't what its type says."""


class Wire:
    """Turns values into JSON and back, for one rubric."""

    def __init__(self, rubric: Rubric) -> None:
        self._converter = _converter(rubric)

    def arguments(self, act: Act, arguments: Arguments) -> dict[str, Any]:
        """The arguments of an act as plain JSON values."""
        types = act.types
        return {name: self._plain(value, types[name]) for name, value in arguments.items()
                if name in types}  # fmt: skip

    def read_arguments(self, act: Act, plain: object) -> dict[str, Any]:
        """The arguments of an act from plain JSON values. Raises Malformed."""
        if not isinstance(plain, dict):
            raise Malformed("arguments are not an object")
        types = act.types
        unknown = plain.keys() - types.keys() | ({"return"} & plain.keys())
        if unknown:
            raise Malformed(f"unknown arguments {sorted(unknown)}")
        return {name: self._value(value, types[name]) for name, value in plain.items()}

    def answer(self, act: Act, value: object) -> Any:
        """The answer of an act as plain JSON values."""
        return self._plain(value, act.types["return"])

    def read_answer(self, act: Act, plain: object) -> Any:
        """The answer of an act from plain JSON values. Raises Malformed."""
        return self._value(plain, act.types["return"])

    def error(self, error: GsjxError) -> dict[str, Any]:
        """An error of the office as plain JSON values."""
        known = {name: self._plain(getattr(error, name), kind)
                 for name, kind in error.carried.items()}  # fmt: skip
        return {
            "type": type(error).__name__,
            "heading": error.heading,
            "faults": [[fault.where, fault.what, fault.remedy] for fault in error.faults],
            "known": known,
        }

    def read_error(self, plain: Any) -> GsjxError:
        """The error of the office from plain JSON values."""
        kinds = {kind.__name__: kind for kind in _kinds_of(GsjxError)}
        kind = kinds.get(plain["type"], GsjxError)
        error = kind.__new__(kind)
        faults = (Fault(*fault) for fault in plain["faults"])
        GsjxError.__init__(error, *faults, heading=plain["heading"])
        for name, value in plain["known"].items():
            setattr(error, name, self._value(value, kind.carried[name]))
        return error

    def _plain(self, value: object, kind: Any) -> Any:
        return self._converter.unstructure(value, unstructure_as=kind)

    def _value(self, plain: object, kind: Any) -> Any:
        try:
            return self._converter.structure(plain, kind)
        except StructureHandlerNotFoundError:
            raise
        except _OTHER_SHAPE as error:
            raise Malformed(f"not a {kind}: {type(error).__name__}") from error


_OTHER_SHAPE = (CattrsError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What structuring raises for values that aren't of the type."""


def dumps(value: object) -> bytes:
    """Plain JSON values as UTF-8 text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def loads(text: bytes) -> Any:
    """Plain JSON values from UTF-8 text. Raises Malformed."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def _no_constant(name: str) -> object:
    raise Malformed(name)


def _kinds_of(kind: type[GsjxError]) -> Iterable[type[GsjxError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds_of(below)


def _converter(rubric: Rubric) -> Converter:
    made = Converter(detailed_validation=False, forbid_extra_keys=True)
    for kind, plain, value in (
        (Decimal, str, _decimal),
        (Month, str, Month.parse),
        (datetime, datetime.isoformat, datetime.fromisoformat),
        (date, date.isoformat, date.fromisoformat),
        (Path, str, Path),
        (Item, lambda item: item.id, rubric.items.__getitem__),
        (Stage, lambda stage: _of_stage(rubric, stage), _stages(rubric)),
        (Head, list, _head),
        (Acts, lambda acts: [_row(row) for row in acts], _acts),
    ):
        made.register_unstructure_hook(kind, plain)
        made.register_structure_hook(kind, _structuring(value))
    for primitive in (int, float, bool, type(None)):
        made.register_structure_hook(primitive, _exactly(primitive))
    made.register_structure_hook(str, lambda plain, _: _letters(plain))
    made.register_unstructure_hook_factory(_is_many, lambda kind: _listed(made, kind))
    made.register_structure_hook_factory(_is_many, lambda kind: _many(made, kind))
    made.register_unstructure_hook_factory(_is_mapping, lambda kind: _pairs(made, kind))
    made.register_structure_hook_factory(_is_mapping, lambda kind: _mapping(made, kind))
    return made


def _structuring(value: Any) -> Any:
    return lambda plain, _: value(plain)


def _head(plain: Sequence[Any]) -> Head:
    seq, hash = plain
    return Head(int(seq), str(hash))


def _decimal(plain: object) -> Decimal:
    if not isinstance(plain, str):
        raise Malformed("a number that isn't text")
    if len(plain) > _LONGEST_NUMBER:
        raise Malformed("a number too long")
    found = Decimal(plain)
    if not found.is_finite() or abs(found.adjusted()) > _LONGEST_NUMBER:
        raise Malformed(plain)
    return found


_LONGEST_NUMBER = 40
"""Digits; written out, a number can't become longer than some times this."""


def _letters(plain: object) -> str:
    if type(plain) is not str:
        raise Malformed("not a text")
    plain.encode()  # half a letter isn't one
    return plain


def _of_stage(rubric: Rubric, stage: Stage) -> object:
    """The id; with those of its indicators if it holds some of them alone."""
    whole = rubric.stage(stage.id)
    if whole is not None and len(stage.indicators) == len(whole.indicators):
        return stage.id
    return [stage.id, [indicator.id for indicator in stage.indicators]]


def _stages(rubric: Rubric) -> Callable[[Any], Stage]:
    """Reads stages; those cut down alike are one, since many sheets share it."""

    @lru_cache(maxsize=1000)  # what comes is of anybody
    def cut(id: str, only: tuple[str, ...]) -> Stage:
        kept = tuple(i for i in _whole(rubric, id).indicators if i.id in only)
        return replace(_whole(rubric, id), indicators=kept)

    def read(plain: Any) -> Stage:
        if isinstance(plain, str):
            return _whole(rubric, plain)
        id, only = plain
        return cut(id, tuple(only))

    return read


def _whole(rubric: Rubric, id: str) -> Stage:
    stage = rubric.stage(id)
    if stage is None:
        raise Malformed(f"no stage {id!r}")
    return stage


def _exactly(kind: type) -> Any:
    def structured(plain: object, _: Any) -> object:
        if type(plain) is not kind:
            raise Malformed(f"not a {kind.__name__}")
        return plain

    return structured


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind) or kind
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_many(kind: Any) -> bool:
    """A list, a set, or a tuple of any length."""
    origin, of = get_origin(kind), get_args(kind)
    return origin in (list, Sequence, frozenset) or (origin is tuple and of[1:] == (...,))


def _listed(made: Converter, kind: Any) -> Any:
    of = get_args(kind)[0]
    plain = made.unstructure
    return lambda many: [plain(one, unstructure_as=of) for one in many]


def _many(made: Converter, kind: Any) -> Any:
    of, origin = get_args(kind)[0], get_origin(kind)
    collected = origin if origin in (list, frozenset) else tuple
    structure = made.structure

    def structured(plain: object, _: Any) -> object:
        if not isinstance(plain, list):
            raise Malformed("not a list")
        return collected([structure(one, of) for one in plain])

    return structured


def _pairs(made: Converter, kind: Any) -> Any:
    key, value = get_args(kind)
    plain = made.unstructure
    return lambda mapping: [
        [plain(k, unstructure_as=key), plain(v, unstructure_as=value)] for k, v in mapping.items()
    ]


def _mapping(made: Converter, kind: Any) -> Any:
    key, value = get_args(kind)
    structure = made.structure
    return lambda pairs, _: {structure(k, key): structure(v, value) for k, v in pairs}


def _row(done: Done) -> Sequence[object]:
    value = None if done.value is None else str(done.value)
    return [done.at.isoformat(), *done[1:10], value, *done[11:]]


def _acts(rows: Sequence[Sequence[Any]]) -> Acts:
    return Acts(
        [
            (
                datetime.fromisoformat(row[0]),
                *row[1:10],
                None if row[10] is None else Decimal(row[10]),
                *row[11:],
            )
            for row in rows
        ]
    )
