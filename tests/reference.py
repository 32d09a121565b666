"""The independent scorer: SPEC 3 to 7 a second time, plain and slow.

Nothing here comes from the product. The table of items is transcribed from SPEC 6, and every
figure is worked out from scratch each time it is asked for: no caching, no shortcuts. The
end-to-end tests drive this model and the command line side by side and compare all figures.

Time in this model is a counter: each confirmation and each correction is one tick, and "as known
at" a tick is everything up to and including it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeAlias

Cell: TypeAlias = tuple[str, str, str, str, str]  # unit, month, item, field, kind
ScopeKind: TypeAlias = Literal["cumulative", "stage", "month"]

ZERO = Decimal(0)
CENT = Decimal("0.01")

CATEGORIES = ("economy", "support", "central", "township")

# ---------------------------------------------------------------------------------------------
# The calendar (SPEC 1)
# ---------------------------------------------------------------------------------------------

STAGE_MONTHS: dict[str, tuple[str, ...]] = {
    "study": ("2013-06", "2013-07"),
    "selfcheck": ("2013-08",),
    "rectify": (
        "2013-09",
        "2013-10",
        "2013-11",
        "2013-12",
        "2014-01",
        "2014-02",
        "2014-03",
    ),
    "consolidate": ("2014-04", "2014-05", "2014-06"),
}
STAGE_POINTS = {"study": 200, "selfcheck": 200, "rectify": 400, "consolidate": 200}
MONTHS = tuple(month for months in STAGE_MONTHS.values() for month in months)


def stage_of(month: str) -> str:
    """The stage a month lies in."""
    for stage, months in STAGE_MONTHS.items():
        if month in months:
            return stage
    raise ValueError(month)


def month_before(month: str) -> str | None:
    """The campaign month before, or nothing for the first."""
    position = MONTHS.index(month)
    return MONTHS[position - 1] if position > 0 else None


# ---------------------------------------------------------------------------------------------
# The items (SPEC 6)
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One scoring line. Only the parameters of its own rule mean anything."""

    id: str
    rule: Literal["graded", "monthly", "quota", "tally", "threshold", "sample"]
    maximum: Decimal = ZERO
    months: tuple[str, ...] = ()  # tied to these; empty: any month of the stage
    office: bool = False
    weights: tuple[tuple[str, Decimal], ...] = ()  # tally: field and weight
    base: Decimal = ZERO
    cap: Decimal | None = None
    floor: Decimal | None = None
    target: Decimal = ZERO
    shortfall: Decimal = ZERO
    surplus: Decimal = ZERO
    surplus_cap: Decimal = ZERO
    at_least: Decimal = ZERO
    weight: Decimal = ZERO  # sample

    @property
    def stage(self) -> str:
        """`study` of `study.b1.body`."""
        return self.id.split(".")[0]

    @property
    def indicator(self) -> str:
        """`study.b1` of `study.b1.body`."""
        return self.id.rsplit(".", 1)[0]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that are observed."""
        if self.rule in ("graded", "monthly"):
            return ("points",)
        if self.rule == "quota":
            return ("count",)
        if self.rule == "tally":
            return tuple(name for name, _ in self.weights)
        if self.rule == "threshold":
            return ("rate",)
        return ("sampled", "negative")

    @property
    def open_months(self) -> tuple[str, ...]:
        """The months that take an observation of the item."""
        return self.months or STAGE_MONTHS[self.stage]

    @property
    def most_a_month(self) -> Decimal:
        """For graded items: the most points one observation can give."""
        return self.maximum / len(self.months) if self.rule == "monthly" else self.maximum


def graded(name: str, maximum: int, *months: str, office: bool = False) -> Item:
    """Points given by judgement, the newest month's counts."""
    return Item(name, "graded", maximum=Decimal(maximum), months=months, office=office)


def monthly(name: str, maximum: int, *months: str) -> Item:
    """Points given by judgement each listed month, a slot a month."""
    return Item(name, "monthly", maximum=Decimal(maximum), months=months)


def briefs(name: str, maximum: int) -> Item:
    """Two briefs a month; −5 a missing one, +1 a further one up to 5."""
    return Item(
        name,
        "quota",
        maximum=Decimal(maximum),
        target=Decimal(2),
        shortfall=Decimal(5),
        surplus=Decimal(1),
        surplus_cap=Decimal(5),
    )


def adopted(name: str) -> Item:
    """Briefs adopted by the office or instructed on by a county leader."""
    weights = (("adopted", Decimal(2)), ("instructed", Decimal(3)))
    return Item(name, "tally", weights=weights, cap=Decimal(10))


def materials(name: str) -> Item:
    """Ten points that stand until a material is late or missing."""
    weights = (("late", Decimal(-2)), ("missing", Decimal(-10)))
    return Item(name, "tally", office=True, weights=weights, base=Decimal(10), floor=ZERO)


def rate(name: str, maximum: int, at_least: int) -> Item:
    """All or nothing, by a percentage."""
    return Item(name, "threshold", maximum=Decimal(maximum), at_least=Decimal(at_least))


def sample(name: str) -> Item:
    """Negative answers found by asking at random."""
    return Item(name, "sample", office=True, weight=Decimal(2))


def fault(name: str, weight: int) -> Item:
    """Points lost a time, without a floor; only the office knows."""
    return Item(name, "tally", office=True, weights=(("count", Decimal(weight)),))


def praise(name: str) -> Item:
    """Points gained a time, up to 10 in the stage."""
    return Item(name, "tally", weights=(("count", Decimal(2)),), cap=Decimal(10))


OCTOBER_TO_FEBRUARY = ("2013-10", "2013-11", "2013-12", "2014-01", "2014-02")

ITEMS: tuple[Item, ...] = (
    # study 学习宣传, June and July 2013
    graded("study.b1.body", 10),
    graded("study.b2.plan", 10),
    graded("study.b2.minutes", 10),
    graded("study.b2.study_plan", 10),
    briefs("study.b3.briefs", 10),
    adopted("study.b3.adopted"),
    materials("study.b3.materials"),
    graded("study.k1.group", 15),
    graded("study.k1.self", 15),
    graded("study.k2.board", 15),
    graded("study.k2.slogans", 15),
    graded("study.k3.discussion", 15),
    graded("study.k3.essays", 15),
    graded("study.e1.method", 5),
    rate("study.e1.rate", 10, 90),
    sample("study.e1.sample"),
    graded("study.e2.plan", 5),
    graded("study.e2.result", 5),
    graded("study.e2.analysis", 5),
    graded("study.e2.improve", 10),
    sample("study.e2.sample"),
    graded("study.e3.innovation", 10),
    fault("study.e4.complaint", -5),
    praise("study.e4.praise"),
    fault("study.e5.discipline", -5),
    fault("study.e5.attitude", -5),
    fault("study.e5.graft", -10),
    # selfcheck 剖析自查, August 2013
    graded("selfcheck.b1.plan", 20),
    briefs("selfcheck.b2.briefs", 10),
    adopted("selfcheck.b2.adopted"),
    materials("selfcheck.b2.materials"),
    graded("selfcheck.k1.minutes", 10),
    graded("selfcheck.k1.report", 15),
    graded("selfcheck.k1.summary", 15),
    graded("selfcheck.k2.sessions", 5),
    graded("selfcheck.k2.opinions", 5),
    graded("selfcheck.k2.calls", 5),
    graded("selfcheck.k2.collected", 10),
    graded("selfcheck.k2.exchange", 5),
    graded("selfcheck.k2.talks", 5),
    graded("selfcheck.k2.mutual", 10),
    graded("selfcheck.k3.reviews", 20),
    graded("selfcheck.k3.analysis", 20),
    graded("selfcheck.e1.result", 5),
    graded("selfcheck.e1.analysis", 5),
    graded("selfcheck.e1.improve", 10),
    graded("selfcheck.e1.followup", 5),
    sample("selfcheck.e1.sample"),
    graded("selfcheck.e2.innovation", 10),
    fault("selfcheck.e3.complaint", -5),
    praise("selfcheck.e3.praise"),
    fault("selfcheck.e4.discipline", -5),
    fault("selfcheck.e4.attitude", -5),
    fault("selfcheck.e4.graft", -10),
    # rectify 评议整改, September 2013 to March 2014
    graded("rectify.b1.unit_plan", 5, "2013-09"),
    graded("rectify.b1.personal_plans", 5, "2013-09"),
    graded("rectify.b1.supervision", 5, "2013-09"),
    graded("rectify.b1.accountability", 5, "2013-09"),
    briefs("rectify.b2.briefs", 70),
    adopted("rectify.b2.adopted"),
    materials("rectify.b2.materials"),
    graded("rectify.k1.responsibility", 10, "2013-09"),
    graded("rectify.k1.measures", 10, "2013-09"),
    monthly("rectify.k1.progress", 100, *OCTOBER_TO_FEBRUARY),
    monthly("rectify.k2.meetings", 10, *OCTOBER_TO_FEBRUARY),
    monthly("rectify.k2.checks", 10, *OCTOBER_TO_FEBRUARY),
    monthly("rectify.k2.supplements", 10, *OCTOBER_TO_FEBRUARY),
    graded("rectify.k3.summary", 15, "2014-03"),
    graded("rectify.e1.three_reviews", 100, office=True),
    graded("rectify.e2.result", 5, "2014-01"),
    graded("rectify.e2.analysis", 5, "2014-01"),
    graded("rectify.e2.improve", 10, "2014-01"),
    graded("rectify.e2.followup", 5, "2014-01"),
    sample("rectify.e2.sample"),
    graded("rectify.e3.innovation", 10),
    fault("rectify.e4.complaint", -5),
    praise("rectify.e4.praise"),
    fault("rectify.e5.discipline", -5),
    fault("rectify.e5.attitude", -5),
    fault("rectify.e5.graft", -10),
    # consolidate 巩固完善, April to June 2014
    graded("consolidate.b1.body", 10, "2014-04"),
    graded("consolidate.b1.mechanism", 10, "2014-04"),
    briefs("consolidate.b2.briefs", 30),
    adopted("consolidate.b2.adopted"),
    materials("consolidate.b2.materials"),
    graded("consolidate.k1.revisions", 10, "2014-05"),
    graded("consolidate.k1.compiled", 10, "2014-05"),
    graded("consolidate.k2.experience", 15, "2014-05"),
    graded("consolidate.k2.promotion", 20, "2014-05"),
    graded("consolidate.k3.archive", 10, "2014-06"),
    graded("consolidate.k3.summary", 20, "2014-06"),
    graded("consolidate.k3.commend", 20, "2014-06"),
    graded("consolidate.e1.result", 5, "2014-06"),
    graded("consolidate.e1.analysis", 5, "2014-06"),
    graded("consolidate.e1.improve", 10, "2014-06"),
    graded("consolidate.e1.followup", 5, "2014-06"),
    sample("consolidate.e1.sample"),
    graded("consolidate.e2.innovation", 10),
    fault("consolidate.e3.complaint", -5),
    praise("consolidate.e3.praise"),
    fault("consolidate.e4.discipline", -5),
    fault("consolidate.e4.attitude", -5),
    fault("consolidate.e4.graft", -10),
)
ITEM = {item.id: item for item in ITEMS}

# The nominal points of each indicator, as the method prints them.
INDICATOR_POINTS: dict[str, tuple[int, ...]] = {
    "study": (10, 30, 20, 30, 30, 30, 15, 25, 10, 0, 0),
    "selfcheck": (20, 20, 40, 45, 40, 25, 10, 0, 0),
    "rectify": (20, 80, 120, 30, 15, 100, 25, 10, 0, 0),
    "consolidate": (20, 40, 20, 35, 50, 25, 10, 0, 0),
}


# ---------------------------------------------------------------------------------------------
# What is kept and what is answered
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """A unit of the roster; it takes part from and through a month, both included."""

    code: str
    name: str
    category: str
    superior: str = ""
    first: str = ""  # empty: from the start
    last: str = ""  # empty: to the end

    def takes_part(self, month: str) -> bool:
        """Whether the unit takes part in a month (SPEC 7.7)."""
        return (not self.first or month >= self.first) and (not self.last or month <= self.last)


@dataclass(frozen=True)
class Posting:
    """A difference put into the ledger."""

    unit: str
    item: str
    month: str
    points: Decimal
    tick: int


@dataclass(frozen=True)
class Row:
    """A line of a ranking, with the names and formats of `gsjx rank --format json`."""

    category: str
    rank: int
    unit: str
    name: str
    points: str
    previous_rank: int | None
    previous_points: str | None
    moved: int | None
    confirmed_through: bool


@dataclass(frozen=True, order=True)
class Outcome:
    """A consequence, with the names of `gsjx outcomes --format json`."""

    category: str
    unit: str
    kind: str
    tied: bool


def to_cents(points: Decimal) -> Decimal:
    """Two decimals, rounded half up."""
    return points.quantize(CENT, rounding=ROUND_HALF_UP)


def written(points: Decimal) -> str:
    """Points as the command prints them; zero never has a sign."""
    return str(to_cents(points) + ZERO)


# ---------------------------------------------------------------------------------------------
# The campaign
# ---------------------------------------------------------------------------------------------


@dataclass
class Campaign:
    """A campaign under way: cells observed, months confirmed, points posted."""

    units: tuple[Unit, ...]
    cells: dict[Cell, Decimal] = field(default_factory=dict)
    confirmed: dict[tuple[str, str], int] = field(default_factory=dict)  # unit, month -> tick
    postings: list[Posting] = field(default_factory=list)
    tick: int = 0

    # Observing ------------------------------------------------------------------------------

    def observe(
        self, unit: str, month: str, item: str, name: str, value: Decimal, kind: str
    ) -> None:
        """Add a claim or a verification of one field; the newest of a kind counts."""
        assert (unit, month) not in self.confirmed, f"{unit} {month} is closed"
        self._put(unit, month, item, name, value, kind)

    def _put(self, unit: str, month: str, item: str, name: str, value: Decimal, kind: str) -> None:
        assert kind in ("claim", "verify")
        assert name in ITEM[item].fields
        assert month in ITEM[item].open_months
        assert not (ITEM[item].office and kind == "claim")
        assert self.unit(unit).takes_part(month)
        self.cells[unit, month, item, name, kind] = value

    def effective(self, unit: str, month: str, item: str, name: str) -> Decimal | None:
        """The verification where there is one, else the claim, else nothing."""
        verified = self.cells.get((unit, month, item, name, "verify"))
        if verified is not None:
            return verified
        return self.cells.get((unit, month, item, name, "claim"))

    # Scoring --------------------------------------------------------------------------------

    def to_date(self, unit: str, item: Item, through: str) -> Decimal:
        """What an item is worth from the start of its stage through a month of it."""
        assert through in STAGE_MONTHS[item.stage]
        months = [
            month
            for month in STAGE_MONTHS[item.stage]
            if month <= through and self.unit(unit).takes_part(month)
        ]
        if not months:
            return to_cents(ZERO)
        if item.rule == "graded":
            points = self._newest(unit, item, "points", months) or ZERO
        elif item.rule == "monthly":
            points = self._sum(unit, item, "points", months)
        elif item.rule == "quota":
            points = self._quota(unit, item, months)
        elif item.rule == "tally":
            points = self._tally(unit, item, months)
        elif item.rule == "threshold":
            newest = self._newest(unit, item, "rate", months)
            points = item.maximum if newest is not None and newest >= item.at_least else ZERO
        else:
            points = self._sample(unit, item, months, through)
        return to_cents(points)

    def _newest(self, unit: str, item: Item, name: str, months: list[str]) -> Decimal | None:
        newest = None
        for month in months:
            value = self.effective(unit, month, item.id, name)
            if value is not None:
                newest = value
        return newest

    def _sum(self, unit: str, item: Item, name: str, months: list[str]) -> Decimal:
        total = ZERO
        for month in months:
            total += self.effective(unit, month, item.id, name) or ZERO
        return total

    def _quota(self, unit: str, item: Item, months: list[str]) -> Decimal:
        accrued = item.maximum * len(months) / len(STAGE_MONTHS[item.stage])
        missing = ZERO
        extra = ZERO
        for month in months:
            count = self.effective(unit, month, item.id, "count") or ZERO
            if count < item.target:
                missing += item.target - count
            else:
                extra += count - item.target
        kept = max(ZERO, accrued - item.shortfall * missing)
        return kept + min(item.surplus_cap, item.surplus * extra)

    def _tally(self, unit: str, item: Item, months: list[str]) -> Decimal:
        points = item.base
        for name, weight in item.weights:
            points += weight * self._sum(unit, item, name, months)
        if item.cap is not None:
            points = min(points, item.cap)
        if item.floor is not None:
            points = max(points, item.floor)
        return points

    def _sample(self, unit: str, item: Item, months: list[str], through: str) -> Decimal:
        siblings = ZERO
        for other in ITEMS:
            if other.indicator == item.indicator and other.id != item.id:
                siblings += self.to_date(unit, other, through)
        lost = item.weight * self._sum(unit, item, "negative", months)
        return ZERO - min(lost, siblings)

    # Posting --------------------------------------------------------------------------------

    def posted(self, unit: str, item: str, through: str, as_of: int | None = None) -> Decimal:
        """The sum of an item's postings through a month."""
        return sum(
            (
                posting.points
                for posting in self._known(as_of)
                if posting.unit == unit and posting.item == item and posting.month <= through
            ),
            ZERO,
        )

    def _known(self, as_of: int | None) -> Iterator[Posting]:
        for posting in self.postings:
            if as_of is None or posting.tick <= as_of:
                yield posting

    def _post_differences(self, unit: str, month: str) -> None:
        for item in ITEMS:
            if item.stage != stage_of(month):
                continue
            owed = self.to_date(unit, item, month) - self.posted(unit, item.id, month)
            if owed != 0:
                self.postings.append(Posting(unit, item.id, month, owed, self.tick))

    def confirm(self, month: str, codes: list[str] | None = None) -> None:
        """Confirm a month for the named units, else for all that are left."""
        left = self.unconfirmed(month)
        chosen = left if codes is None else codes
        assert chosen, f"nothing left to confirm in {month}"
        self.tick += 1
        for code in chosen:
            assert code in left
            for earlier in MONTHS:
                if earlier < month and self.unit(code).takes_part(earlier):
                    assert (code, earlier) in self.confirmed, f"{code}: {earlier} comes first"
            self._post_differences(code, month)
            self.confirmed[code, month] = self.tick

    def correct(self, unit: str, month: str, item: str, values: Mapping[str, Decimal]) -> None:
        """Verify a closed month anew and post what follows, here and in later closed months."""
        assert (unit, month) in self.confirmed
        self.tick += 1
        for name, value in values.items():
            self._put(unit, month, item, name, value, "verify")
        for later in STAGE_MONTHS[stage_of(month)]:
            if later >= month and (unit, later) in self.confirmed:
                self._post_differences(unit, later)

    def proven(self) -> bool:
        """Whether postings and observations agree for each unit, item and confirmed month."""
        return all(
            self.posted(unit, item.id, month) == self.to_date(unit, item, month)
            for unit, month in self.confirmed
            for item in ITEMS
            if item.stage == stage_of(month)
        )

    # Asking ---------------------------------------------------------------------------------

    def unit(self, code: str) -> Unit:
        """A unit by its code."""
        return next(unit for unit in self.units if unit.code == code)

    def active(self, month: str) -> list[str]:
        """The codes of the units that take part in a month, in roster order."""
        return [unit.code for unit in self.units if unit.takes_part(month)]

    def unconfirmed(self, month: str) -> list[str]:
        """The codes of the active units whose month is still open."""
        return [code for code in self.active(month) if (code, month) not in self.confirmed]

    def confirmed_through(self, unit: Unit, through: str, as_of: int | None = None) -> bool:
        """Whether each month the unit takes part in, through this one, is confirmed."""
        for month in MONTHS:
            if month <= through and unit.takes_part(month):
                tick = self.confirmed.get((unit.code, month))
                if tick is None or (as_of is not None and tick > as_of):
                    return False
        return True

    def card(self, unit: str, through: str) -> dict[str, str]:
        """Points by item through a month; items without postings stand at 0.00."""
        return {item.id: written(self.posted(unit, item.id, through)) for item in ITEMS}

    def standings(
        self, category: str, months: tuple[str, ...], as_of: int | None = None
    ) -> list[tuple[int, Unit, Decimal]]:
        """Rank, unit and points for the units that take part in one of the months."""
        points: dict[str, Decimal] = {}
        for unit in self.units:
            if unit.category == category and any(unit.takes_part(month) for month in months):
                points[unit.code] = ZERO
        for posting in self._known(as_of):
            if posting.unit in points and posting.month in months:
                points[posting.unit] += posting.points
        placed = []
        for code, own in points.items():
            rank = 1 + sum(1 for other in points.values() if other > own)
            placed.append((rank, self.unit(code), own))
        return sorted(placed, key=lambda place: place[0])  # stable: roster order inside a tie

    def ranking(
        self,
        through: str,
        scope: ScopeKind = "cumulative",
        category: str | None = None,
        as_of: int | None = None,
    ) -> list[Row]:
        """The ranking of a scope through a month; stage and month are the ones of `through`."""
        rows = []
        before = month_before(through)
        for each in CATEGORIES if category is None else (category,):
            earlier = {}
            # The scope one month earlier: the same stage without its last month so far, or the
            # month before. Empty at the start, and then nobody has a previous rank.
            if before is not None:
                months = scope_months(scope, before, stage_of(through))
                for rank, unit, points in self.standings(each, months, as_of):
                    earlier[unit.code] = (rank, points)
            months = scope_months(scope, through, stage_of(through))
            for rank, unit, points in self.standings(each, months, as_of):
                previous = earlier.get(unit.code)
                rows.append(
                    Row(
                        category=each,
                        rank=rank,
                        unit=unit.code,
                        name=unit.name,
                        points=written(points),
                        previous_rank=previous[0] if previous else None,
                        previous_points=written(previous[1]) if previous else None,
                        moved=previous[0] - rank if previous else None,
                        confirmed_through=self.confirmed_through(unit, through, as_of),
                    )
                )
        return rows

    def bottom(self, kind: str, months: tuple[str, ...]) -> set[Outcome]:
        """The last of each category with two ranked units or more; all of them in a tie."""
        outcomes = set()
        for category in CATEGORIES:
            places = self.standings(category, months)
            if len(places) < 2:
                continue
            lowest = min(points for _, _, points in places)
            last = [unit for _, unit, points in places if points == lowest]
            for unit in last:
                outcomes.add(Outcome(category, unit.code, kind, len(last) > 1))
        return outcomes

    def key_rectification(self, stage: str) -> set[Outcome]:
        """Closing a stage: the bottom of each category in that stage."""
        return self.bottom("key_rectification", STAGE_MONTHS[stage])

    def final_last(self) -> set[Outcome]:
        """Closing the campaign: the bottom of each category over all months."""
        return self.bottom("final_last", MONTHS)

    def firsts(self) -> set[str]:
        """The codes of the units that lead their category at the end, ties included."""
        return {
            unit.code
            for category in CATEGORIES
            for rank, unit, _ in self.standings(category, MONTHS)
            if rank == 1
        }


def scope_months(scope: ScopeKind, through: str, stage: str) -> tuple[str, ...]:
    """The months whose postings a ranking adds up."""
    if scope == "month":
        return (through,)
    if scope == "stage":
        return tuple(month for month in STAGE_MONTHS[stage] if month <= through)
    return tuple(month for month in MONTHS if month <= through)
