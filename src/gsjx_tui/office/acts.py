"""The acts of the office: what each needs of who does it, checked here and nowhere else.

A function of ``office`` that faces call is an act: ``@act(role)`` checks the role before it runs.
Where the office is at another process's desk (``Office.carrier``), the act is carried there with
its arguments, is checked and done there, and its answer comes back: callers see no difference.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, get_type_hints

from gsjx_tui.domain import Kind
from gsjx_tui.errors import Fault, NotPermitted
from gsjx_tui.office.people import ROLE_NAMES, Person, Role

if TYPE_CHECKING:
    from gsjx_tui.office.home import Office

_P = ParamSpec("_P")
_T = TypeVar("_T")

Arguments = Mapping[str, Any]
"""The arguments of an act by name, without the office."""

Need = Role | Callable[[Arguments], Role]
"""The least role an act takes; it may depend on the arguments."""

OfOwn = Callable[[Person, Arguments], bool]
"""Whether an act with these arguments concerns a reporter's own unit alone."""

PROGRESS = "progress"
"""The parameter of an act that tells how far it is: a function of how many are done of how many."""


class Carrier(Protocol):
    """Takes acts to the process that has the ledger open."""

    @property
    def person(self) -> Person:
        """Who is acting, as that process sees it."""

    def carry(self, act: Act, arguments: Arguments) -> Any:
        """Has the act done there; its answer, or its GsjxError."""

    def copy_ledger(self, path: Path) -> None:
        """Copies the ledger from there to a path here."""

    def close(self) -> None:
        """Ends the connection."""


@dataclass(frozen=True)
class Act:
    """One act: its name (module and function), what it takes, whether it writes to the ledger.

    Those that write are refused once the campaign is over, except the one ``when_closed``.
    """

    name: str
    do: Callable[..., Any]
    need: Need
    own: OfOwn | None
    writes: bool
    when_closed: bool = False

    @cached_property
    def signature(self) -> inspect.Signature:
        """The parameters, the office first."""
        return inspect.signature(self.do)

    @cached_property
    def types(self) -> Mapping[str, Any]:
        """The types of the parameters by name, without the office and ``progress``; ``return``."""
        from gsjx_tui.office.home import Office

        hints = get_type_hints(self.do, localns={"Office": Office, "Ledger": object})
        office = next(iter(self.signature.parameters))
        return {name: kind for name, kind in hints.items() if name not in (office, PROGRESS)}

    @cached_property
    def tells_progress(self) -> bool:
        """Whether it tells how far it is."""
        return PROGRESS in self.signature.parameters

    def bound(self, office: Office, args: Sequence[Any], options: Mapping[str, Any]) -> Arguments:
        """The arguments by name."""
        found = dict(self.signature.bind(office, *args, **options).arguments)
        found.pop(next(iter(self.signature.parameters)))
        return found

    def role(self, arguments: Arguments) -> Role:
        """The least role that these arguments take."""
        return self.need(arguments) if callable(self.need) else self.need

    def done_by(self, office: Office, arguments: Arguments) -> Any:
        """Does the act for who is acting, if they may. Raises NotPermitted and its own errors."""
        self.check(office.person, arguments)
        self.check_open(office)
        return self.do(office, **arguments)

    def check_open(self, office: Office) -> None:
        """Raises StateError if it would write and the campaign is over."""
        if self.writes and not self.when_closed:
            from gsjx_tui.office.closed import check_open

            check_open(office.ledger)

    def check(self, person: Person, arguments: Arguments) -> None:
        """Raises NotPermitted if the person may not do it."""
        if person.role == "reporter":
            if self.own is None or not self.own(person, arguments):
                raise NotPermitted(
                    Fault(
                        person.called,
                        f"填报人只能查看和填报本单位（{person.unit}）的自评",
                        "其他事项请找活动办",
                    )
                )
            return
        role = self.role(arguments)
        if not person.has(role):
            raise NotPermitted(
                Fault(
                    person.called,
                    f"身份是“{ROLE_NAMES[person.role]}”，这件事要“{ROLE_NAMES[role]}”才能做",
                    "请有此身份的人来做，或请管理员用 gsjx staff 调整",
                )
            )


ACTS: dict[str, Act] = {}
"""The acts known so far, by name; ``all_acts`` has them all."""


def act(
    need: Need, *, writes: bool = False, own: OfOwn | None = None, when_closed: bool = False
) -> Callable[[Callable[Concatenate[Office, _P], _T]], Callable[Concatenate[Office, _P], _T]]:
    """Makes a function of the office an act that takes a role; ``own``: what reporters may do.

    One that ``writes`` is refused on a closed campaign, unless it is meant for that.
    """

    def made(
        do: Callable[Concatenate[Office, _P], _T],
    ) -> Callable[Concatenate[Office, _P], _T]:
        name = f"{do.__module__.removeprefix('gsjx_tui.office.')}.{do.__name__}"
        known = Act(name, do, need, own, writes, when_closed)

        @wraps(do)
        def checked(office: Office, /, *args: _P.args, **options: _P.kwargs) -> _T:
            person = office.person
            if office.carrier is not None:
                found: _T = office.carrier.carry(known, known.bound(office, args, options))
                return found
            if person.role != "admin":
                known.check(person, known.bound(office, args, options))
            known.check_open(office)
            answer = do(office, *args, **options)
            if office.publisher is not None:
                office.publisher.done(known.name)
            return answer

        ACTS[name] = known
        return checked

    return made


def writes(do: Callable[..., Any]) -> bool:
    """Whether a function is an act that writes to the ledger."""
    name = f"{do.__module__.removeprefix('gsjx_tui.office.')}.{do.__name__}"
    return name in ACTS and ACTS[name].writes


@cache
def all_acts() -> Mapping[str, Act]:
    """Every act of the office by name."""
    import gsjx_tui.office as package

    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return ACTS


def check_allowed(person: Person, do: Callable[..., Any], **arguments: Any) -> None:
    """Raises NotPermitted if a person may not do an act: for faces that ask something before it.

    ``arguments`` are those that are known by then, as far as the need depends on them.
    """
    _act_of(do).check(person, arguments)


def _act_of(do: Callable[..., Any]) -> Act:
    return ACTS[f"{do.__module__.removeprefix('gsjx_tui.office.')}.{do.__name__}"]


# what acts often need ----------------------------------------------------------------------------


def by_kind(arguments: Arguments) -> Role:
    """Claims are recorded by clerks, verifications by reviewers (a single ``kind``)."""
    kind: Kind = arguments["kind"]
    return "clerk" if kind == "claim" else "reviewer"


def own_unit(person: Person, arguments: Arguments) -> bool:
    """Whether the act is about the reporter's unit (its parameter ``unit`` or ``code``)."""
    return bool((arguments.get("unit") or arguments.get("code")) == person.unit)


def own_claim(person: Person, arguments: Arguments) -> bool:
    """Whether the act is about a claim of the reporter's unit."""
    return own_unit(person, arguments) and arguments["kind"] == "claim"


def narrowed(person: Person, arguments: Arguments) -> bool:
    """For acts that by themselves show a reporter the own unit alone."""
    return True
