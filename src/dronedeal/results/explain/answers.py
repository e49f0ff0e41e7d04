"""Why a plan is as it is, read from the plan alone: one answer a sentence, the weightiest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from dronedeal.deal import drafts
from dronedeal.errors import CommandError
from dronedeal.results.certificates import ONE_SIDED, is_one_sided
from dronedeal.results.plan import Plan
from dronedeal.results.vocabulary import SUBJECT_SEPARATOR

Row = Mapping[str, Any]
Kind = Literal["violation", "changed", "bought", "made", "not_bought", "short", "met", "binding"]
UnitValues = tuple[float | None, float | None]
KINDS: Mapping[Kind, str] = {
    "violation": "Rules broken",
    "changed": "What is changed of the earlier plan",
    "bought": "What is bought",
    "made": "What is made and sold besides",
    "not_bought": "What is not bought, and why",
    "short": "What is short, and why",
    "met": "What is met",
    "binding": "What binds, and what one more is worth",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Parameters
    ----------
    kind : what it answers; see `KINDS`
    fiscal_year : that it is about; None: the whole plan
    text : one or two sentences
    worth : what it weighs against others of its kind; currency
    """

    kind: Kind
    fiscal_year: int | None
    text: str
    worth: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What an explanation is asked about; None: everything."""

    requirement: str | None = None
    system: str | None = None
    year: int | None = None

    @property
    def words(self) -> str:
        """What was asked, in words; empty for the whole plan."""
        parts = [
            f"requirement {self.requirement}" if self.requirement else "",
            f"system {self.system}" if self.system else "",
            f"fiscal year {self.year}" if self.year else "",
        ]
        return ", ".join(part for part in parts if part)

    def fits_year(self, row: Row) -> bool:
        """Whether a row is about the year; a rule of a month counts to the calendar year of the month."""
        year = row.get("fiscal_year")
        if year is None and row.get("month"):
            year = int(row["month"][:4])
        return self.year is None or year is None or year == self.year


@dataclass(frozen=True)
class Explanation:
    """Answers about one plan, in the order of `KINDS` and of their weight, and what to know before them."""

    title: str
    asked: Asked
    answers: tuple[Answer, ...]
    note: str = ""

    def of(self, kind: Kind) -> tuple[Answer, ...]:
        """The answers of one kind."""
        return tuple(answer for answer in self.answers if answer.kind == kind)

    def spoken(self, in_words: Callable[[str], str]) -> Explanation:
        """The same with every text put in other words, such as names in place of ids."""
        answers = (replace(answer, text=in_words(answer.text)) for answer in self.answers)
        return replace(self, answers=tuple(answers))

    def __str__(self) -> str:
        lines = [self.title + (f": {self.asked.words}" if self.asked.words else "")]
        lines += ["", self.note] if self.note else []
        for kind, heading in KINDS.items():
            found = self.of(kind)
            lines += ["", heading, *(f"- {answer.text}" for answer in found)] if found else []
        return "\n".join(lines)


def explain(
    plan: Plan,
    asked: Asked | None = None,
    *,
    known_systems: Sequence[str] = (),
    reasons: Sequence[str] = (),
    values: Mapping[str, UnitValues] | None = None,
) -> Explanation:
    """Say why a plan is as it is.

    Parameters
    ----------
    plan : the plan
    asked : which requirement, system or year it shall be about; None: everything
    known_systems : systems of the deal, where it is at hand; a plan names only those that it uses
    reasons : for a system that is not bought, why, one sentence each, where the deal is at hand
    values : worth of an effective unit of each requirement, where the deal is at hand; None: what the
        plan tells

    Raises
    ------
    CommandError : where the plan has no such requirement, system or year, with those that it has
    """
    asked = asked or Asked()
    _require_known(plan, asked, known_systems)
    teller = _Teller(plan, asked, unit_values(plan) if values is None else values)
    answers: list[Answer] = []
    parts: tuple[Callable[[], Iterator[Answer]], ...] = (
        teller.violations,
        teller.changed,
        teller.bought,
        teller.made,
        lambda: teller.not_bought(reasons),
        teller.short,
        teller.met,
        teller.binding,
    )
    for part in parts:
        answers += sorted(part(), key=lambda answer: -answer.worth)
    return Explanation(plan.title, asked, tuple(answers), ONE_SIDED if is_one_sided(plan) else "")


def _require_known(plan: Plan, asked: Asked, known_systems: Sequence[str]) -> None:
    requirements = {row["requirement"] for row in plan.tables["coverage"]}
    systems = {row["system"] for name in ("shipments", "production", "stock") for row in plan.tables[name]}
    years = {row["fiscal_year"] for name in ("coverage", "home_coverage") for row in plan.tables[name]}
    _require("requirement", asked.requirement, requirements)
    if known_systems:
        _require("system", asked.system, systems | set(known_systems))
    _require("year", None if asked.year is None else str(asked.year), {str(year) for year in years})


def _require(what: str, name: str | None, known: set[str]) -> None:
    if name is None or name in known:
        return
    advice = drafts.Names(known).advice(name, otherwise="name one that the plan has")
    raise CommandError(f"{what}: found {drafts.quoted(name)}; allowed: {drafts.listed(known)}; {advice}")


class _Teller:
    """Each method gives the answers of one kind."""

    def __init__(self, plan: Plan, asked: Asked, values: Mapping[str, UnitValues]) -> None:
        self.plan = plan
        self.asked = asked
        self.values = values
        self.about = self._related()

    def _related(self) -> set[str] | None:
        """Ids that what was asked has to do with; None: everything."""
        requirement, system = self.asked.requirement, self.asked.system
        if requirement is None and system is None:
            return None
        names = {name for name in (requirement, system) if name is not None}
        for table in ("coverage", "purchases", "production"):
            for row in self.plan.tables[table]:
                if self._is_named(row):
                    names |= {row[column] for column in ("branch", "system", "line") if row.get(column)}
        return names

    def _is_named(self, row: Row) -> bool:
        """Whether a row is of the requirement and the system asked about."""
        asked = {"requirement": self.asked.requirement, "system": self.asked.system}
        wanted = {name: value for name, value in asked.items() if value is not None and name in row}
        return bool(wanted) and all(row[name] == value for name, value in wanted.items())

    def _is_related(self, row: Row) -> bool:
        is_of_year = self.asked.fits_year(row)
        ids = set(str(row["subject"]).split(SUBJECT_SEPARATOR))
        return is_of_year and (self.about is None or bool(ids & self.about))

    def _money(self, amount: float) -> str:
        return (
            f"{self.plan.currency} {amount:,.0f}"
            if abs(amount) >= 10
            else f"{self.plan.currency} {amount:,.3g}"
        )

    def violations(self) -> Iterator[Answer]:
        """The table has them worst first."""
        rows = [row for row in self.plan.tables["violations"] if self._is_related(row)]
        for place, row in enumerate(rows):
            yield Answer("violation", row["fiscal_year"], f"{row['words']}.", float(len(rows) - place))

    def changed(self) -> Iterator[Answer]:
        """What is not as in the earlier plan that this one stays near."""
        for row in self.plan.tables["changes"]:
            if self._is_related(row):
                worth = abs(row["new"] - row["old"])
                yield Answer("changed", row["fiscal_year"], f"{sentence_start(row['words'])}.", worth)

    def binding(self) -> Iterator[Answer]:
        """The table has them by their whole effect, greatest first."""
        rows = [row for row in self.plan.tables["binding"] if self._is_related(row)]
        for place, row in enumerate(rows):
            yield Answer("binding", row["fiscal_year"], f"{row['words']}.", float(len(rows) - place))

    def _coverage(self) -> list[Row]:
        asked = self.asked.requirement
        served = {
            row["requirement"] for row in self.plan.tables["purchases"] if row["system"] == self.asked.system
        }
        return [
            row
            for row in self.plan.tables["coverage"]
            if self.asked.fits_year(row)
            and (asked is None or row["requirement"] == asked)
            and (self.asked.system is None or asked is not None or row["requirement"] in served)
        ]

    def short(self) -> Iterator[Answer]:
        """Requirements short of their objective, by the value that is missed."""
        causes = {(row["requirement"], row["fiscal_year"]): row["words"] for row in self.plan.tables["unmet"]}
        for row in self._coverage():
            cause = causes.get((row["requirement"], row["fiscal_year"]))
            if cause is None:
                continue
            missed, is_known = self._missed(row)
            worth = f", {self._money(missed)} of value" if is_known else ""
            text = (
                f"{row['requirement']} in fiscal year {row['fiscal_year']} is {_short_words(row)}{worth}: "
                f"{cause}."
            )
            yield Answer("short", row["fiscal_year"], text, missed)

    def _missed(self, row: Row) -> tuple[float, bool]:
        """Value of what is short, and whether it is known; the unknown counts as much as a threshold unit."""
        below, above = self.values.get(row["requirement"], (None, None))
        beyond = row["short_of_objective"] - row["short_of_threshold"]
        is_known = (below is not None or not row["short_of_threshold"]) and (above is not None or not beyond)
        fallback = below if below is not None else 0.0
        return row["short_of_threshold"] * fallback + beyond * (
            fallback if above is None else above
        ), is_known

    def met(self) -> Iterator[Answer]:
        """Only where a requirement was asked about: the years in which nothing is short."""
        if self.asked.requirement is None:
            return
        short = {(row["requirement"], row["fiscal_year"]) for row in self.plan.tables["unmet"]}
        for row in self._coverage():
            if (row["requirement"], row["fiscal_year"]) not in short:
                text = (
                    f"{row['requirement']} in fiscal year {row['fiscal_year']} reaches its objective of "
                    f"{row['objective']:,.0f} effective units, worth {self._money(row['amount'])}."
                )
                yield Answer("met", row["fiscal_year"], text, row["amount"])

    def bought(self) -> Iterator[Answer]:
        """What is bought, by whom, at what price, from which line."""
        if self.asked.requirement is None and self.asked.system is None:
            return
        for row in self._purchases():
            source = "on the market" if row["line"] is None else f"from line {row['line']}"
            text = (
                f"{row['branch']} buys {row['quantity']:,.0f} {row['system']} {source} for "
                f"{row['requirement']} in fiscal year {row['fiscal_year']} at "
                f"{self._money(row['amount'] / row['quantity'])} each, {self._money(row['amount'])} in all."
            )
            yield Answer("bought", row["fiscal_year"], text, row["amount"])

    def _purchases(self) -> list[Row]:
        rows = self.plan.tables["purchases"]
        return [
            row for row in rows if row["quantity"] > 0 and self._is_named(row) and self.asked.fits_year(row)
        ]

    def made(self) -> Iterator[Answer]:
        """Only where a system was asked about: what is made of it, served at home and sold to others."""
        system = self.asked.system
        if system is None:
            return
        sums = (
            ("production", "line", "{quantity} {system} are made on line {name}"),
            ("home_supply", "need", "{quantity} {system} serve the seller's own need {name}"),
            ("other_sales", "customer", "{quantity} {system} are sold to {name}"),
        )
        for table, column, template in sums:
            found: dict[str, list[float]] = {}
            for row in self.plan.tables[table]:
                if row["system"] == system and self.asked.fits_year(row):
                    entry = found.setdefault(row[column], [0.0, 0.0])
                    entry[0] += row["quantity"]
                    entry[1] += row["amount"]
            for name, (quantity, amount) in found.items():
                head = template.format(quantity=f"{quantity:,.0f}", system=system, name=name)
                verb = "at a cost of" if table == "production" else "worth"
                yield Answer("made", None, f"{head}, {verb} {self._money(amount)}.", amount)

    def not_bought(self, reasons: Sequence[str]) -> Iterator[Answer]:
        """Only where a system was asked about of which nothing is bought."""
        if self.asked.system is None or self._purchases():
            return
        bounds = [f"for {self.asked.requirement}"] if self.asked.requirement else []
        bounds += [f"in fiscal year {self.asked.year}"] if self.asked.year else []
        where = " ".join(["", *bounds])
        told = self._passed_over() or tuple(reasons)
        hint = "" if told else " Name its deal with --deal to see why."
        first = f"Nothing of {self.asked.system} is bought{where}.{hint}"
        for place, text in enumerate((first, *told)):
            yield Answer("not_bought", None, text, float(-place))

    def _passed_over(self) -> tuple[str, ...]:
        """Why, as the plan itself has it: where it is eligible first, what lacks least before others."""
        rows = [
            row
            for row in self.plan.tables["passed_over"]
            if row["system"] == self.asked.system and self.asked.requirement in (None, row["requirement"])
        ]
        rows.sort(key=lambda row: (row["effectiveness"] is None, row["lacks"] is None, row["lacks"] or 0.0))
        return tuple(row["words"] for row in rows)


def _short_words(row: Row) -> str:
    """How much is missing, of the threshold too where that is not reached."""
    parts = [
        f"{_short_amount(row[f'short_of_{level}'])} short of its {level} of {row[level]:,.0f}"
        for level in ("threshold", "objective")
        if row[f"short_of_{level}"] > 0
    ]
    return " and ".join(parts)


def _short_amount(quantity: float) -> str:
    """Effective units that are missing; part of one is said as such.

    >>> _short_amount(0.3)
    'less than one'
    """
    return f"{quantity:,.0f}" if quantity >= 1.0 else "less than one"


def sentence_start(words: str) -> str:
    """Words with their first letter capital.

    >>> sentence_start("line opened, north")
    'Line opened, north'
    """
    return words[:1].upper() + words[1:]


def unit_values(plan: Plan) -> dict[str, UnitValues]:
    """Worth of one effective unit up to the threshold and beyond it, as far as the plan's own coverage tells.

    `amount = below · to_threshold + above · to_objective`: a year without units beyond the threshold gives
    the first, a year with such units then the second.
    """
    found: dict[str, UnitValues] = {}
    for row in sorted(plan.tables["coverage"], key=lambda row: bool(row["to_objective"])):
        below, above = found.get(row["requirement"], (None, None))
        if row["to_objective"] <= 0 < row["to_threshold"]:
            below = row["amount"] / row["to_threshold"]
        elif row["to_objective"] > 0 and below is not None:
            above = (row["amount"] - below * row["to_threshold"]) / row["to_objective"]
        found[row["requirement"]] = (below, above)
    return found
