"""Whole campaigns at random, walked through the command line and scored a second time.

Each campaign has its own small roster. Month by month, files of claims and verifications are
imported, months confirmed and closed months corrected; `tests/reference.py` does the same in its
own plain way, and every figure the commands print has to be the same. GSJX_RANDOM_CAMPAIGNS says
how many campaigns are walked (4 unless set).
"""

import contextlib
import csv
import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gsjx_tui.cli import main
from reference import (
    CATEGORIES,
    INDICATOR_POINTS,
    ITEM,
    ITEMS,
    MONTHS,
    STAGE_MONTHS,
    STAGE_POINTS,
    Campaign,
    Item,
    Outcome,
    Row,
    ScopeKind,
    Unit,
    stage_of,
    written,
)

CAMPAIGNS = int(os.environ.get("GSJX_RANDOM_CAMPAIGNS", "4"))
TIMEOUT = 120  # seconds a command may take

ENGLISH = ("unit", "month", "item", "field", "value", "note")
CHINESE = ("单位代码", "月份", "考核要点", "字段", "数值", "说明")
ZONES = (UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5)))


# ---------------------------------------------------------------------------------------------
# The command
# ---------------------------------------------------------------------------------------------


@dataclass
class Gsjx:
    """The command with one home. What it was told so far is shown when something fails.

    ``apart``: each is a process of its own, as people run it; within this one it is much quicker.
    """

    home: Path
    apart: bool = True
    told: list[str] = field(default_factory=list)

    def run(self, *arguments: str, code: int = 0) -> str:
        """Standard output of a command that has to end with a code."""
        words = [*arguments, "--home", str(self.home)]
        ended, output, errors = (self._apart if self.apart else within)(words)
        self.told.append(shlex.join(("gsjx", *arguments)))
        if ended != code:
            self.fail(
                f"exit code {ended} instead of {code}",
                f"standard output:\n{output[-3000:]}",
                f"standard error:\n{errors[-3000:]}",
            )
        return output

    def _apart(self, words: list[str]) -> tuple[int, str, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "gsjx_tui.cli", *words],
            capture_output=True,
            cwd=self.home.parent,
            env={k: v for k, v in os.environ.items() if k != "GSJX_HOME"},
            timeout=TIMEOUT,
            check=False,
        )
        return (
            ended.returncode,
            ended.stdout.decode("utf-8"),
            ended.stderr.decode("utf-8", "replace"),
        )

    def json(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        output = self.run(*arguments, "--format", "json")
        try:
            return json.loads(output)
        except json.JSONDecodeError as error:
            return self.fail(f"not JSON: {error}", output[:2000])

    def expect(self, differences: list[str]) -> None:
        """Fail with the differing figures of the last command, if there are any."""
        if differences:
            more = [f"… and {len(differences) - 40} more"] if len(differences) > 40 else []
            self.fail(f"{len(differences)} figures differ", *differences[:40], *more)

    def fail(self, *lines: str) -> None:
        """Fail, saying which commands led here."""
        pytest.fail("\n".join((f"home: {self.home}", *self.told[-12:], *lines)), pytrace=False)


def within(words: list[str]) -> tuple[int, str, str]:
    """A command run within this process: exit code, standard output and error."""
    printed, said = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(said):
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
    texts = []
    for stream in (printed, said):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    return code, texts[0], texts[1]


def a_home(folder: Path, units: Iterable[Unit], *, apart: bool = True) -> Gsjx:
    """A new home with a roster of its own."""
    roster = folder / "roster.csv"
    with roster.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("code", "name", "category", "superior", "from", "through"))
        for unit in units:
            writer.writerow(
                (unit.code, unit.name, unit.category, unit.superior, unit.first, unit.last)
            )
    gsjx = Gsjx(folder / "home", apart)
    gsjx.run("init", "--units", str(roster))
    return gsjx


# ---------------------------------------------------------------------------------------------
# Comparing
# ---------------------------------------------------------------------------------------------


def compare_rank(gsjx: Gsjx, expected: list[Row], *arguments: str) -> None:
    """`gsjx rank` prints exactly these rows, category by category, in this order."""
    printed = gsjx.json("rank", *arguments)
    differences = []
    unknown = sorted({row["category"] for row in printed} - set(CATEGORIES))
    if unknown:
        differences.append(f"unknown categories {unknown}")
    for category in CATEGORIES:
        theirs = [row for row in printed if row["category"] == category]
        ours = [asdict(row) for row in expected if row.category == category]
        if [row["unit"] for row in theirs] != [row["unit"] for row in ours]:
            differences.append(
                f"{category}: order {[row['unit'] for row in theirs]}, "
                f"expected {[row['unit'] for row in ours]}"
            )
        printed_rows = {row["unit"]: row for row in theirs}
        for row in ours:
            other = printed_rows.get(row["unit"], {})
            for key, value in row.items():
                got = other.get(key, "nothing")
                if got != value or type(got) is not type(value):
                    differences.append(f"{row['unit']} {key}: {got!r}, expected {value!r}")
    gsjx.expect(differences)


def compare_scope(gsjx: Gsjx, campaign: Campaign, through: str, scope: ScopeKind) -> None:
    """Compare a ranking in one scope, all categories."""
    arguments = ["--month", through] if scope == "month" else ["--through", through]
    if scope == "stage":
        arguments += ["--stage", stage_of(through)]
    compare_rank(gsjx, campaign.ranking(through, scope), *arguments)


def compare_category(gsjx: Gsjx, campaign: Campaign, through: str, category: str) -> None:
    """Compare the ranking of one category; no other category may be printed."""
    expected = campaign.ranking(through, category=category)
    compare_rank(gsjx, expected, "--through", through, "--category", category)


def compare_card(gsjx: Gsjx, campaign: Campaign, unit: str, through: str) -> None:
    """Compare a unit's points, item by item."""
    printed = card_items(gsjx, unit, through)
    differences = [f"unknown item {item}" for item in printed if item not in ITEM]
    for item, points in campaign.card(unit, through).items():
        got = printed.get(item, "0.00")
        if got != points:
            to_dates = cells_of(campaign, unit, item, through)
            differences.append(f"{unit} {item}: {got}, expected {points}; observed {to_dates}")
    gsjx.expect(differences)


def card_items(gsjx: Gsjx, unit: str, through: str) -> dict[str, str]:
    """Points by item as `gsjx card` prints them."""
    printed: dict[str, str] = {}
    for entry in walk(gsjx.json("card", unit, "--through", through)):
        if "item" in entry and "points" in entry:
            item, points = entry["item"], entry["points"]
            if printed.setdefault(item, points) != points:
                gsjx.fail(f"{item} is printed twice: {printed[item]} and {points}")
    if not printed:
        gsjx.fail("a card without items")
    return printed


def walk(value: Any) -> Iterator[dict[str, Any]]:
    """All dictionaries inside a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def cells_of(campaign: Campaign, unit: str, item: str, through: str) -> str:
    """The observations of an item, for the message of a failure."""
    cells = sorted(campaign.cells.items())
    return ", ".join(
        f"{cell[1]} {cell[3]}={value} {cell[4]}"
        for cell, value in cells
        if cell[0] == unit and cell[2] == item and cell[1] <= through
    )


def compare_outcomes(gsjx: Gsjx, campaign: Campaign, stage: str | None) -> None:
    """Compare the consequences of closing a stage, or the campaign."""
    kind = "key_rectification" if stage else "final_last"
    expected = campaign.key_rectification(stage) if stage else campaign.final_last()
    printed = gsjx.json("outcomes", *(("--stage", stage) if stage else ()))

    found = [
        Outcome(entry["category"], entry["unit"], entry["kind"], entry["tied"])
        for entry in printed
        if entry["kind"] == kind
    ]
    differences = [f"listed twice: {each}" for each in set(found) if found.count(each) > 1]
    differences += [f"not expected: {each}" for each in sorted(set(found) - expected)]
    differences += [f"missing: {each}" for each in sorted(expected - set(found))]

    central = {unit.code for unit in campaign.units if unit.category == "central"}
    letters = {entry["unit"] for entry in printed if entry["kind"] == "superior_letter"}
    if letters - central or (stage is None and letters != central):
        differences.append(f"letters for {sorted(letters)}, central are {sorted(central)}")

    if stage is None:
        candidates = {entry["unit"] for entry in printed if entry["kind"] == "award_candidate"}
        overlooked = sorted(campaign.firsts() - candidates)
        if overlooked:
            differences.append(f"first of their category but no candidates: {overlooked}")
    gsjx.expect(differences)


# ---------------------------------------------------------------------------------------------
# Inventing a campaign
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Observed:
    """A line of a file to import, with the value as it is written there."""

    unit: str
    month: str
    item: str
    name: str
    value: str


@dataclass(frozen=True)
class Batch:
    """A file to import."""

    kind: str
    lines: tuple[Observed, ...]


# How many of the possible observations a unit hands in.
HABITS = {"idle": 0.0, "lazy": 0.25, "usual": 0.6, "eager": 0.9}


def random_roster(rng: Random, size: int) -> tuple[Unit, ...]:
    """Units over all categories; some join late, some leave early, a few do both.

    The first two stay all the time, so that each month has somebody to confirm; the third joins
    late and the fourth leaves. Codes are drawn, so that the roster isn't in their order.
    """
    codes = [f"U{number:03d}" for number in rng.sample(range(1000), size)]
    categories = [*CATEGORIES, *rng.choices(CATEGORIES, k=size - len(CATEGORIES))]
    rng.shuffle(categories)
    units = []
    for position, (code, category) in enumerate(zip(codes, categories, strict=True)):
        first, last = "", ""
        if position == 2 or (position > 2 and rng.random() < 0.25):
            first = rng.choice(("2013-07", "2013-08", "2013-11", "2014-02", "2014-05"))
        if position == 3 or (position > 3 and rng.random() < 0.25):
            last = rng.choice(("2013-06", "2013-07", "2013-12", "2014-03", "2014-05"))
        if first and last and first > last:
            first, last = "2013-10", "2014-01"
        superior = f"上级{code}" if category == "central" else ""
        units.append(Unit(code, f"单位{code}", category, superior, first, last))
    return tuple(units)


def random_habits(rng: Random, units: tuple[Unit, ...]) -> dict[str, str]:
    """A habit for each unit. Often the units of a category are idle together, and tie."""
    habits = {unit.code: rng.choice(("lazy", "usual", "usual", "eager")) for unit in units}
    for category in CATEGORIES:
        members = [unit.code for unit in units if unit.category == category]
        if len(members) > 1 and rng.random() < 0.6:
            for code in rng.sample(members, 2):
                habits[code] = "idle"
    return habits


def random_value(rng: Random, item: Item, name: str) -> str:
    """A value of a field, often just at a bound."""
    if name == "points":
        most = item.most_a_month
        between = Decimal(rng.randint(0, int(most * 100))) / 100
        return str(rng.choice((Decimal(0), most, most, most / 2, most - Decimal("0.01"), between)))
    if name == "rate":
        return rng.choice(("0", "89.99", "89.99", "90", "90", "90.00", "95.5", "100"))
    if item.rule == "quota":
        return str(rng.choice((0, 1, 1, 2, 2, 2, 3, 4, 7, 9, 12)))
    return str(rng.choice((0, 0, 1, 1, 2, 3, 6)))


def random_fields(rng: Random, item: Item) -> dict[str, str]:
    """Values for fields of an item: all of a sample, one or more of a tally."""
    if item.rule == "sample":
        sampled = rng.choice((1, 5, 5, 5, 8, 20))
        negative = rng.choice((0, 1, sampled, rng.randint(0, sampled)))
        return {"sampled": str(sampled), "negative": str(negative)}
    names = rng.sample(item.fields, rng.randint(1, len(item.fields)))
    return {name: random_value(rng, item, name) for name in names}


def random_batches(
    rng: Random, campaign: Campaign, habits: dict[str, str], units: list[str], month: str
) -> list[Batch]:
    """What the units claim about a month and what the office finds, as files to import."""
    claims: list[Observed] = []
    verified: list[Observed] = []
    for unit in units:
        habit = HABITS[habits[unit]]
        for item in ITEMS:
            if item.stage != stage_of(month) or month not in item.open_months:
                continue
            if not item.office and rng.random() < habit:
                claims += lines(unit, month, item, random_fields(rng, item))
            checked = {"threshold": 0.7, "sample": 0.4}.get(item.rule, 0.3 if item.office else 0.2)
            if habit and rng.random() < checked:
                verified += lines(unit, month, item, random_fields(rng, item))
    batches = [Batch("claim", tuple(claims)), Batch("verify", tuple(verified))]

    # Sometimes the same cells come again with other values: a later file overrides an earlier
    # one of its kind, and a claim never overrides a verification.
    if rng.random() < 0.35:
        kind, known = rng.choice((("claim", claims), ("verify", verified)))
        again = {(line.unit, line.item) for line in rng.sample(known, min(8, len(known)))}
        batches.append(
            Batch(
                kind,
                tuple(
                    line
                    for code, item in sorted(again)
                    for line in lines(code, month, ITEM[item], random_fields(rng, ITEM[item]))
                ),
            )
        )
    return [batch for batch in batches if batch.lines]


def at_the_bounds(one: str, other: str) -> Batch:
    """What each campaign starts with: a rate at its bound and one just below, and the rest over.

    The sample takes more than its indicator has, briefs and praise go over their caps, and the
    materials below their floor.
    """
    month = MONTHS[0]
    extremes = {
        "study.e1.sample": {"sampled": "5", "negative": "1"},
        "study.e2.plan": {"points": "5"},
        "study.e2.sample": {"sampled": "5", "negative": "5"},
        "study.b3.briefs": {"count": "9"},
        "study.b3.materials": {"late": "1", "missing": "1"},
        "study.e4.praise": {"count": "6"},
    }
    verified = lines(one, month, ITEM["study.e1.rate"], {"rate": "90"})
    verified += lines(other, month, ITEM["study.e1.rate"], {"rate": "89.99"})
    for item, values in extremes.items():
        verified += lines(one, month, ITEM[item], values)
    return Batch("verify", tuple(verified))


def lines(unit: str, month: str, item: Item, values: dict[str, str]) -> list[Observed]:
    """The lines that observe fields of an item."""
    return [Observed(unit, month, item.id, name, value) for name, value in values.items()]


# ---------------------------------------------------------------------------------------------
# Walking through it
# ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """A ranking remembered, with the instant it was known."""

    instant: str
    through: str
    rows: list[Row]


@dataclass
class Walk:
    """The command and the reference, told the same things."""

    rng: Random
    gsjx: Gsjx
    campaign: Campaign
    habits: dict[str, str]
    folder: Path
    imported: set[str] = field(default_factory=set)  # months whose files are in already
    moments: list[Moment] = field(default_factory=list)
    files: int = 0

    def import_(self, batch: Batch, code: int = 0) -> None:
        """Import a file; with code 1 it has to be refused."""
        self.files += 1
        path = self.folder / f"{self.files:03d}-{batch.kind}.csv"
        width = self.rng.choice((5, 6))
        shuffled = self.rng.sample(batch.lines, len(batch.lines))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(self.rng.choice((ENGLISH, CHINESE))[:width])
            for line in shuffled:
                row = (line.unit, line.month, line.item, line.name, line.value, "随机")
                writer.writerow(row[:width])
        self.gsjx.run("import", str(path), "--kind", batch.kind, code=code)
        if code == 0:
            for line in batch.lines:
                self.campaign.observe(
                    line.unit, line.month, line.item, line.name, Decimal(line.value), batch.kind
                )

    def observe_month(self, month: str) -> None:
        """Import the files of a month, and now and then those of the next one ahead of time."""
        months = [month] if month not in self.imported else []
        position = MONTHS.index(month) + 1
        if position < len(MONTHS) and self.rng.random() < 0.15:
            months.append(MONTHS[position])
        for each in months:
            if each in self.imported:
                continue
            self.imported.add(each)
            units = self.campaign.active(each)
            for batch in random_batches(self.rng, self.campaign, self.habits, units, each):
                self.import_(batch)
        if month == MONTHS[0]:
            self.import_(at_the_bounds(*self.campaign.active(month)[:2]))

    def confirm_month(self, month: str) -> None:
        """Confirm a month; sometimes some units first, with more news of the others between."""
        left = self.campaign.unconfirmed(month)
        if len(left) > 1 and self.rng.random() < 0.4:
            some = self.rng.sample(left, self.rng.randint(1, len(left) - 1))
            self.gsjx.run("confirm", month, *(part for code in some for part in ("--unit", code)))
            self.campaign.confirm(month, some)
            compare_scope(self.gsjx, self.campaign, month, "cumulative")
            self.remember(month)

            left = self.campaign.unconfirmed(month)
            one = self.rng.choice(left)
            for batch in random_batches(self.rng, self.campaign, self.habits, [one], month)[:1]:
                self.import_(batch)
        self.gsjx.run("confirm", month)
        self.campaign.confirm(month)

    def remember(self, through: str) -> None:
        """Keep the ranking as it is known now, to ask for it again later."""
        instant = datetime.now(self.rng.choice(ZONES)).isoformat()
        self.moments.append(Moment(instant, through, self.campaign.ranking(through)))

    def recall(self, moment: Moment) -> None:
        """The ranking as of a moment is still the one that was computed then."""
        arguments = ("--through", moment.through, "--as-of", moment.instant)
        compare_rank(self.gsjx, moment.rows, *arguments)

    def correct(self) -> None:
        """Correct an item of a closed month so that at least one field changes.

        Idle units are left alone, so that their ties last.
        """
        closed = [key for key in sorted(self.campaign.confirmed) if self.habits[key[0]] != "idle"]
        if not closed:
            return
        unit, month = self.rng.choice(closed)
        items = [
            item for item in ITEMS if item.stage == stage_of(month) and month in item.open_months
        ]
        telling = [item for item in items if item.rule in ("quota", "tally", "sample", "threshold")]
        item = self.rng.choice(self.rng.choice((items, telling)))
        values: dict[str, str] = {}
        while all(
            self.campaign.effective(unit, month, item.id, name) == Decimal(value)
            for name, value in values.items()
        ):
            values = random_fields(self.rng, item)

        sets = (part for name, value in values.items() for part in ("--set", f"{name}={value}"))
        named = ("--unit", unit, "--item", item.id, "--month", month)
        self.gsjx.run("correct", *named, *sets, "--reason", "复查更正")
        self.campaign.correct(
            unit, month, item.id, {name: Decimal(value) for name, value in values.items()}
        )

        last = max(each for code, each in self.campaign.confirmed if code == unit)
        compare_card(self.gsjx, self.campaign, unit, last)

    def refuse(self, month: str) -> None:
        """A closed month takes neither new observations nor a second confirmation."""
        unit = self.rng.choice(self.campaign.active(month))
        item = next(
            item for item in ITEMS if item.stage == stage_of(month) and item.rule == "quota"
        )
        self.import_(Batch("verify", tuple(lines(unit, month, item, {"count": "5"}))), code=1)
        self.gsjx.run("confirm", month, code=1)

    def month(self, month: str) -> None:
        """One month: observe, confirm, compare, now and then correct and compare again."""
        self.observe_month(month)
        self.confirm_month(month)
        compare_scope(self.gsjx, self.campaign, month, "cumulative")
        for scope in self.rng.sample(SCOPES, 1):
            compare_scope(self.gsjx, self.campaign, month, scope)
        compare_card(self.gsjx, self.campaign, self.rng.choice(self.campaign.active(month)), month)

        if self.rng.random() < 0.5:
            self.remember(month)
            for _ in range(self.rng.randint(1, 2)):
                self.correct()
            compare_scope(self.gsjx, self.campaign, month, "cumulative")
            self.recall(self.moments[-1])

    def close_stage(self, stage: str) -> None:
        """The end of a stage: its ranking, also without a month named, and its consequences."""
        last = STAGE_MONTHS[stage][-1]
        compare_scope(self.gsjx, self.campaign, last, "stage")
        compare_rank(self.gsjx, self.campaign.ranking(last, "stage"), "--stage", stage)
        compare_outcomes(self.gsjx, self.campaign, stage)
        self.gsjx.run("verify")

    def look_back(self, through: str) -> None:
        """After all is done: rankings of earlier months, all cards, remembered rankings."""
        past = [month for month in MONTHS if month <= through]
        for month in self.rng.sample(past, min(5, len(past))):
            compare_scope(self.gsjx, self.campaign, month, "cumulative")
        for month in self.rng.sample(past, min(4, len(past))):
            compare_scope(self.gsjx, self.campaign, month, "month")
        for month in self.rng.sample(past, min(4, len(past))):
            compare_scope(self.gsjx, self.campaign, month, "stage")
        category = self.rng.choice(CATEGORIES)
        compare_category(self.gsjx, self.campaign, self.rng.choice(past), category)
        for unit in self.campaign.units:
            compare_card(self.gsjx, self.campaign, unit.code, through)
        for moment in self.rng.sample(self.moments, min(3, len(self.moments))):
            self.recall(moment)
        self.gsjx.run("verify")
        assert self.campaign.proven()


SCOPES: tuple[ScopeKind, ...] = ("stage", "month")


def a_walk(seed: int, folder: Path, size: int) -> Walk:
    """A campaign about to begin."""
    rng = Random(seed)
    units = random_roster(rng, size)
    habits = random_habits(rng, units)
    apart = seed == 0  # one campaign as people run it; the others for their figures
    return Walk(rng, a_home(folder, units, apart=apart), Campaign(units), habits, folder)


# ---------------------------------------------------------------------------------------------
# The tests
# ---------------------------------------------------------------------------------------------


def test_a_small_campaign_through_its_first_stage(tmp_path: Path) -> None:
    """Six units, two months: quick enough for every run."""
    walk = a_walk(2013, tmp_path, size=6)
    first, last = STAGE_MONTHS["study"]

    walk.month(first)
    walk.gsjx.run("outcomes", "--stage", "study", code=1)  # July isn't confirmed yet
    walk.month(last)

    walk.refuse(last)
    walk.close_stage("study")
    for unit in walk.campaign.units:
        compare_card(walk.gsjx, walk.campaign, unit.code, last)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CAMPAIGNS))
def test_a_random_campaign(seed: int, tmp_path: Path) -> None:
    """All thirteen months, every figure compared along the way and again at the end."""
    walk = a_walk(seed, tmp_path, size=6 + Random(seed).randint(0, 8))

    for stage, months in STAGE_MONTHS.items():
        for month in months:
            walk.month(month)
        walk.refuse(walk.rng.choice(months))
        walk.close_stage(stage)
        compare_category(walk.gsjx, walk.campaign, months[-1], walk.rng.choice(CATEGORIES))

    compare_rank(walk.gsjx, walk.campaign.ranking(MONTHS[-1]))
    compare_outcomes(walk.gsjx, walk.campaign, None)
    walk.look_back(MONTHS[-1])


@pytest.mark.slow
def test_the_examples_worked_by_hand(tmp_path: Path) -> None:
    """The table of SPEC 3: each month's postings, as differences between cards."""
    study = Unit("S1", "学习单位", "economy", last="2013-07")
    rectify = Unit("R1", "整改单位", "support", first="2013-09", last="2014-03")
    units = (study, rectify)
    campaign = Campaign(units)
    walk = Walk(Random(0), a_home(tmp_path, units), campaign, {}, tmp_path)
    gsjx = walk.gsjx

    autumn = STAGE_MONTHS["rectify"]
    counts = ("2", "2", "3", "1", "0", "9", "2")
    claims = [
        Observed("S1", "2013-06", "study.b3.briefs", "count", "1"),
        Observed("S1", "2013-07", "study.b3.briefs", "count", "4"),
        Observed("S1", "2013-06", "study.e2.plan", "points", "5"),
        Observed("S1", "2013-07", "study.e2.result", "points", "5"),
        Observed("S1", "2013-07", "study.e2.analysis", "points", "5"),
        Observed("S1", "2013-07", "study.e2.improve", "points", "10"),
        Observed("R1", "2013-09", "rectify.b2.adopted", "adopted", "3"),
        Observed("R1", "2013-10", "rectify.b2.adopted", "instructed", "2"),
    ]
    claims += [
        Observed("R1", month, "rectify.b2.briefs", "count", count)
        for month, count in zip(autumn, counts, strict=True)
    ]
    verified = [
        Observed("S1", "2013-06", "study.e2.sample", "sampled", "5"),
        Observed("S1", "2013-06", "study.e2.sample", "negative", "4"),
        Observed("R1", "2013-09", "rectify.b2.materials", "late", "2"),
        Observed("R1", "2013-10", "rectify.b2.materials", "missing", "1"),
    ]
    walk.import_(Batch("claim", tuple(claims)))
    walk.import_(Batch("verify", tuple(verified)))

    for month in ("2013-06", "2013-07", *autumn):
        gsjx.run("confirm", month)
        campaign.confirm(month)

    june, july = posted_by_month(gsjx, "S1", STAGE_MONTHS["study"])
    items = ("study.b3.briefs", *(item.id for item in ITEMS if item.indicator == "study.e2"))
    assert [june[item] for item in items] == ["0.00", "5.00", "0.00", "0.00", "0.00", "-5.00"]
    assert [july[item] for item in items] == ["7.00", "0.00", "5.00", "5.00", "10.00", "-3.00"]

    months = posted_by_month(gsjx, "R1", autumn)
    assert [posted["rectify.b2.briefs"] for posted in months] == [
        "10.00",
        "10.00",
        "11.00",
        "5.00",
        "0.00",
        "14.00",
        "10.00",
    ]
    assert [posted["rectify.b2.adopted"] for posted in months[:3]] == ["6.00", "4.00", "0.00"]
    assert [posted["rectify.b2.materials"] for posted in months[:3]] == ["6.00", "-6.00", "0.00"]

    before = datetime.now(UTC).isoformat()
    known = campaign.ranking("2013-10")
    named = ("--unit", "R1", "--item", "rectify.b2.adopted", "--month", "2013-09")
    gsjx.run("correct", *named, "--set", "adopted=1", "--reason", "重复计入")
    campaign.correct("R1", "2013-09", "rectify.b2.adopted", {"adopted": Decimal(1)})

    months = posted_by_month(gsjx, "R1", autumn)  # −4 in September, +2 in October
    assert [posted["rectify.b2.adopted"] for posted in months[:3]] == ["2.00", "6.00", "0.00"]
    compare_rank(gsjx, known, "--through", "2013-10", "--as-of", before)
    compare_scope(gsjx, campaign, "2013-10", "cumulative")
    gsjx.run("verify")


def posted_by_month(gsjx: Gsjx, unit: str, months: tuple[str, ...]) -> list[dict[str, str]]:
    """What each month of a stage, the unit's only one, added to the card, item by item."""
    posted = []
    earlier: dict[str, str] = {}
    for month in months:
        card = card_items(gsjx, unit, month)
        posted.append(
            {
                item: written(Decimal(card.get(item, "0")) - Decimal(earlier.get(item, "0")))
                for item in ITEM
            }
        )
        earlier = card
    return posted


def test_the_rubric_is_the_one_of_the_reference(tmp_path: Path) -> None:
    """All items with their rule, months and office mark; points of indicators and stages."""
    gsjx = a_home(tmp_path, (Unit("A1", "甲", "economy"),))
    printed = gsjx.json("rubric")

    differences = []
    found = {}
    for stage in printed["stages"]:
        name = stage["id"]
        indicators = stage["indicators"]
        points = [Decimal(str(indicator["points"])) for indicator in indicators]
        if points != [Decimal(each) for each in INDICATOR_POINTS[name]]:
            differences.append(f"{name}: indicators of {points}")
        if Decimal(str(stage["points"])) != STAGE_POINTS[name]:
            differences.append(f"{name}: {stage['points']} points")
        if tuple(stage["months"]) != STAGE_MONTHS[name]:
            differences.append(f"{name}: months {stage['months']}")
        for indicator in indicators:
            found.update({item["id"]: item for item in indicator["items"]})
    if list(found) != [item.id for item in ITEMS]:
        differences.append(f"ids differ: {sorted(set(found) ^ set(ITEM))} or their order")
    for item in ITEMS:
        theirs = found.get(item.id)
        if theirs is None:
            continue
        rule = "graded" if item.rule == "monthly" else item.rule
        if theirs["rule"] != rule:
            differences.append(f"{item.id}: rule {theirs['rule']}, expected {rule}")
        if bool(theirs["office"]) != item.office:
            differences.append(f"{item.id}: office {theirs['office']}, expected {item.office}")
        if tuple(theirs["months"] or STAGE_MONTHS[item.stage]) != item.open_months:
            differences.append(f"{item.id}: months {theirs['months']}")
    gsjx.expect(differences)


def test_the_office_alone_observes_what_only_the_office_can_know(tmp_path: Path) -> None:
    """A file of claims for office items is refused whole, the good line with them."""
    unit = Unit("A1", "甲", "economy")
    campaign = Campaign((unit,))
    walk = Walk(Random(0), a_home(tmp_path, campaign.units), campaign, {}, tmp_path)
    good = Observed("A1", "2013-06", "study.b1.body", "points", "10")
    for item in ("study.b3.materials", "study.e4.complaint", "study.e5.discipline"):
        name = ITEM[item].fields[0]
        walk.import_(Batch("claim", (good, Observed("A1", "2013-06", item, name, "0"))), code=1)

    walk.gsjx.run("confirm", "2013-06")
    campaign.confirm("2013-06")

    compare_card(walk.gsjx, campaign, "A1", "2013-06")
    compare_scope(walk.gsjx, campaign, "2013-06", "cumulative")
