"""Checks of what the two sides do together: integration work and projects."""

from __future__ import annotations

from collections import defaultdict

from dronedeal.deal.cooperation import Integration
from dronedeal.results.verify.books import Row, WorkKey
from dronedeal.results.verify.compare import Comparer
from dronedeal.results.verify.ledger import Ledger
from dronedeal.results.verify.registry import check
from dronedeal.results.verify.worth import saving_of
from dronedeal.results.vocabulary import subject


@check(
    "integrations",
    meaning="work begun is a work of the deal, done once, in its months and at its cost",
)
def integrations(ledger: Ledger, compare: Comparer) -> None:
    begun: dict[WorkKey, int] = {}
    for row in ledger.rows("integrations"):
        where = ("integrations", row)
        key = (row["system"], row["standard"].casefold())
        members = ledger.works.get(key)
        words = "the deal has no such work that costs money"
        compare.holds(where, members is not None, words, stated=row["standard"], computed="none")
        if members is None:
            continue
        begun[key] = begun.get(key, 0) + 1
        _work(ledger, compare, row, members)
    for (system, standard), times in begun.items():
        compare.at_most(f"integrations: {system}, {standard}", times, 1, "a work is done once")


def _work(ledger: Ledger, compare: Comparer, row: Row, members: list[Integration]) -> None:
    """Branches, payer, length and cost of one work."""
    where, first = ("integrations", row), members[0]
    branches = subject(*(member.branch for member in members))
    words = "the work is done for all branches that name it"
    compare.holds(where, row["branches"] == branches, words, stated=row["branches"], computed=branches)
    compare.holds(
        where, row["payer"] == first.payer, "the deal names another payer",
        stated=row["payer"], computed=first.payer,
    )  # fmt: skip
    start = ledger.month_number[row["start"]]
    done = ledger.calendar.label(start + first.months)
    words = "the work takes its months"
    compare.holds(where, row["done"] == done, words, stated=row["done"], computed=done)
    cost = ledger.work_cost(first, start)
    compare.equal(where, row["amount"], cost, "the amount is the cost of the work, counted once")


@check(
    "integrated", meaning="deliveries that wait for integration work come when all of it is done or needless"
)
def integrated(ledger: Ledger, compare: Comparer) -> None:
    done = {
        (row["system"], row["standard"].casefold()): ledger.month_number[row["start"]]
        + ledger.works[row["system"], row["standard"].casefold()][0].months
        for row in ledger.rows("integrations")
        if (row["system"], row["standard"].casefold()) in ledger.works
    }
    for row in ledger.rows("shipments"):
        month = ledger.month_number[row["month"]]
        branch = ledger.requirements[row["requirement"]].branch
        for key in ledger.works_for.get((row["system"], branch), ()):
            ready = done.get(key)
            shown = "never begun" if ready is None else ledger.calendar.label(ready)
            is_done = (ready is not None and ready <= month) or _is_spared(ledger, key[0], branch, month)
            words = f"the work for {ledger.works[key][0].standard} is not done"
            compare.holds(("shipments", row), is_done, words, stated=row["month"], computed=shown)


def _is_spared(ledger: Ledger, system: str, branch: str, month: int) -> bool:
    """Whether a project has made the work of a system with a branch needless."""
    return any(
        done <= month
        and ledger.projects[name].effect == "interface"
        and ledger.projects[name].effect_subject == branch
        and system in ledger.projects[name].systems
        for name, done in ledger.done.items()
    )


@check(
    "projects", meaning="projects begin in decision months, take their months, and cost each side its part"
)
def projects(ledger: Ledger, compare: Comparer) -> None:
    every = ledger.deal.settings.options.investment_months
    for row in ledger.rows("projects"):
        where, project = ("projects", row), ledger.projects[row["project"]]
        begin = ledger.month_number[row["begin"]]
        words = f"projects begin every {every} months"
        compare.holds(where, begin % every == 0, words, stated=row["begin"], computed="a decision month")
        done = ledger.calendar.label(begin + project.months)
        compare.holds(
            where, row["done"] == done, "the project takes its months", stated=row["done"], computed=done
        )
        words = "the project has another effect"
        compare.holds(
            where, row["effect"] == project.effect, words, stated=row["effect"], computed=project.effect
        )
        paid = {ledger.buyer: 0.0, ledger.seller: 0.0}
        for party, _, amount in ledger.project_payments(project, begin):
            paid[party] += amount
        for name, party in (("amount_buyer", ledger.buyer), ("amount_seller", ledger.seller)):
            compare.equal(where, row[name], paid[party], "the amount is the side's part of the yearly costs")


def _is_in_time(ledger: Ledger, compare: Comparer, table: str, row: Row, effect: str) -> bool:
    """Whether the project of a row has this effect and is done as the fiscal year begins."""
    project, done = ledger.projects[row["project"]], ledger.done.get(row["project"])
    first = ledger.buyer_years.months_in(row["fiscal_year"])[0]
    is_in_time = project.effect == effect and done is not None and done <= first
    words = f"only a project for {effect} that is done as the year begins counts"
    shown = "never" if done is None else ledger.calendar.label(done)
    compare.holds((table, row), is_in_time, words, stated=row["fiscal_year"], computed=f"done {shown}")
    return is_in_time


@check("project_gains", meaning="projects add at most chance times added effectiveness to what is delivered")
def project_gains(ledger: Ledger, compare: Comparer) -> None:
    delivered: dict[tuple[str, int, str], float] = defaultdict(float)
    for row in ledger.rows("shipments"):
        year = ledger.buyer_year[ledger.month_number[row["month"]]]
        delivered[row["requirement"], year, row["system"]] += row["quantity"]
    for row in ledger.rows("project_gains"):
        if not _is_in_time(ledger, compare, "project_gains", row, "effectiveness"):
            continue
        project = ledger.projects[row["project"]]
        most = sum(
            project.success_probability
            * min(project.effect_value or 0.0, _room(ledger, row, system))
            * delivered[row["requirement"], row["fiscal_year"], system]
            for system in dict.fromkeys(project.systems)
        )
        words = "no more than chance times added effectiveness, up to 1, times deliveries of its systems"
        compare.at_most(("project_gains", row), row["quantity"], most, words, unit="units")


def _room(ledger: Ledger, row: Row, system: str) -> float:
    """What is left to an effectiveness of 1 in the year of a row; 0 of a system that is not eligible."""
    pairing = ledger.pairings.get((row["requirement"], system))
    if pairing is None:
        return 0.0
    return max(0.0, 1.0 - pairing.effectiveness_in(row["fiscal_year"] - ledger.buyer_years.names[0]))


@check("project_savings", meaning="projects save their part of the unit cost on units that are made")
def project_savings(ledger: Ledger, compare: Comparer) -> None:
    for row in ledger.rows("project_savings"):
        where = ("project_savings", row)
        if not _is_in_time(ledger, compare, "project_savings", row, "unit_cost"):
            continue
        product = (row["line"], row["system"])
        is_its_system = row["system"] in ledger.projects[row["project"]].systems
        words = "the project does not change the system"
        compare.holds(where, is_its_system, words, stated=row["system"], computed="none of its systems")
        months = ledger.buyer_years.months_in(row["fiscal_year"])
        made = sum(ledger.made[product][month] for month in months) if product in ledger.made else 0.0
        words = "no more units than are started in the year"
        compare.at_most(where, row["quantity"], made, words, unit="units")
        saving = saving_of(ledger, row)
        compare.equal(where, row["amount"], saving, "the amount is the saving expected on the units")


@check("successors", meaning="a successor is delivered when a project that leads to it is done")
def successors(ledger: Ledger, compare: Comparer) -> None:
    leads_to: dict[str, list[str]] = defaultdict(list)
    for project in ledger.deal.projects:
        if project.effect == "successor" and project.effect_subject is not None:
            leads_to[project.effect_subject].append(project.id)
    for row in ledger.rows("shipments"):
        names = leads_to.get(row["system"])
        if names:
            ready = [ledger.done[name] for name in names if name in ledger.done]
            is_done = bool(ready) and min(ready) <= ledger.month_number[row["month"]]
            shown = ledger.calendar.label(min(ready)) if ready else "never"
            words = f"no project that leads to it is done: {', '.join(names)}"
            compare.holds(("shipments", row), is_done, words, stated=row["month"], computed=shown)
