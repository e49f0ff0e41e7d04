"""The answer in words, the key figures, and the banner that says how far the plan can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from dronedeal.deal.one_side import statement
from dronedeal.report.charts.covering import BELOW, coverage_state, needed_rows, own_needs_summary
from dronedeal.report.sections.section import Facts, Section, Subject, section
from dronedeal.report.view import View, total
from dronedeal.report.wording import (
    count_text,
    gap_text,
    list_text,
    money_text,
    month_text,
    number_text,
    percent_text,
    plain,
    sentence,
)
from dronedeal.results.certificates import AGREED_POINT
from dronedeal.results.vocabulary import OBJECTIVE_KINDS


@dataclass(frozen=True, slots=True)
class Banner:
    """The first thing a reader sees: `tone` is good, caution or bad; `items` are what is wrong, in words."""

    tone: str
    title: str
    text: str
    items: tuple[str, ...] = ()


def banner(view: View) -> Banner:
    """How far the plan can be trusted, from its status and its verification."""
    plan = view.plan
    if plan.verification is None or not plan.verification["is_passed"]:
        state = "has not been checked" if plan.verification is None else "did not pass the check"
        return Banner(
            "bad", "Not verified", f"This plan {state} by independent arithmetic. Do not rely on its figures."
        )
    if plan.status == "relaxed":
        words = tuple(sentence(row["words"]) for row in view.rows("violations"))
        return Banner(
            "bad",
            "Rules collide",
            f"No plan keeps every rule. This one breaks {count_text(len(words), 'rule')}, by as little as "
            "possible, "
            "and is the best of those that do:",
            words,
        )
    if plan.status == "feasible":
        return Banner("caution", _early_title(view), _early_text(view))
    return Banner(
        "good",
        "Optimal and verified",
        f"No plan under the same rules is worth more than {gap_text(plan.gap)} more, and every figure was "
        "computed a second time by arithmetic that shares nothing with the optimiser.",
    )


def _early_title(view: View) -> str:
    if view.plan.termination == AGREED_POINT:
        return "A plan for an agreed point"
    return "Good, not proven best" if _is_searched_through(view) else "Stopped early"


def _is_searched_through(view: View) -> bool:
    """Whether the search did all its work and the gap asked for was not reached all the same."""
    return bool(view.plan.termination == "iteration_limit")


def _early_text(view: View) -> str:
    plan = view.plan
    if plan.termination == AGREED_POINT:
        return (
            "The plan was made for a point of a negotiation or for an offer: it divides the gain as that "
            "point does, and need not be worth as much to both together as the joint plan. It keeps every "
            "rule and is verified; the record beside it says what is proven of the point."
        )
    text = (
        "The search did all its work and the gap that was asked for is not closed. The plan keeps every rule "
        "and is verified"
        if _is_searched_through(view)
        else f"The solver stopped before it was done ({plain(plan.termination)}). The plan keeps every rule "
        "and is verified"
    )
    if plan.bound is None:
        return f"{text}; how much better another plan could be is not known."
    return (
        f"{text}; another plan could be worth at most {view.money(plan.bound - plan.objective)} more "
        f"({gap_text(plan.gap)}, {view.utility_unit})."
    )


@section(1)
def answer(subject: Subject) -> Section:
    """The answer in one paragraph with the figures that matter."""
    view = subject.view
    words = " ".join((_bought(view), _worth(view), _met(view), _own(view), _certified(view)))
    alone = statement(view.deal)
    return Section(
        "answer",
        "The answer",
        (words, alone) if alone else (words,),
        (Facts("Key figures", _key_figures(view)),),
    )


def _bought(view: View) -> str:
    rows = [row for row in view.rows("purchases") if row["quantity"] > 0]
    period = f"From {month_text(view.plan.start)} to {month_text(view.last_month)}"
    if not rows:
        return f"{period}, the plan buys nothing for {view.buyer}."
    amount, then, units = total(rows, "amount"), total(rows, "amount_then_year"), total(rows, "quantity")
    own = sum(row["amount"] for row in rows if row["system"] in view.seller_systems)
    systems = len({row["system"] for row in rows})
    branches = [view.names.short_branch(name) for name in dict.fromkeys(row["branch"] for row in rows)]
    share = f", {percent_text(own / amount)} of it for systems of {view.seller}" if amount > 0 else ""
    return (
        f"{period}, {view.buyer} receives {number_text(units, 0)} units of {count_text(systems, 'system')} "
        "for "
        f"{list_text(branches, 8)}. It pays {view.money(amount)} at prices of {view.plan.price_base_year} "
        f"({view.money(then)} in the money of each year){share}."
    )


def _worth(view: View) -> str:
    worth = view.plan.utilities
    kind = OBJECTIVE_KINDS.get(view.plan.objective_kind, view.plan.objective_kind)
    text = (
        f"After all costs the plan {_gains(view)} (discounted, prices of {view.plan.price_base_year}); "
        f"it maximises {kind}."
    )
    if min(worth.values()) < 0 and view.plan.objective_kind == "joint":
        text += " A plan for the joint value does not ask that each side gains."
    return text


def _gains(view: View) -> str:
    """What each side has of the plan; a side that loses is said to pay for it."""
    buyer, seller = view.plan.utilities["buyer"], view.plan.utilities["seller"]
    if buyer >= 0 and seller >= 0:
        return f"is worth {view.money(buyer)} to {view.buyer} and {view.money(seller)} to {view.seller}"
    sides = ((view.buyer, buyer), (view.seller, seller))
    return list_text(
        [
            f"costs {name} {view.money(-amount)}"
            if amount < 0
            else f"is worth {view.money(amount)} to {name}"
            for name, amount in sides
        ]
    )


def _met(view: View) -> str:
    rows = needed_rows(view)
    if not rows:
        return "No requirement asks for anything inside the plan."
    met = sum(coverage_state(row) != BELOW for row in rows)
    full = sum(row["short_of_objective"] <= 1e-6 * max(1.0, row["objective"]) for row in rows)
    text = (
        f"Over {count_text(len(rows), 'requirement-year')}, the threshold is reached in {met} "
        f"({percent_text(met / len(rows))}) and the objective in {full} ({percent_text(full / len(rows))})"
    )
    short = [row for row in rows if coverage_state(row) == BELOW and row["threshold"] > 0]
    if not short:
        return f"{text}."
    worst = max(short, key=lambda row: row["short_of_threshold"] / row["threshold"])
    return (
        f"{text}; furthest below its threshold is “{view.names.requirement(worst['requirement'])}” of "
        f"{view.names.short_branch(worst['branch'])} in fiscal year {worst['fiscal_year']} with "
        f"{percent_text(worst['quantity'] / worst['threshold'])} of it."
    )


def _own(view: View) -> str:
    rows = [row for row in view.rows("home_coverage") if row["needed"] > 0]
    return own_needs_summary(view, rows) if rows else ""


def _certified(view: View) -> str:
    gap = view.plan.gap
    if gap is None:
        return "How far the plan is from the best possible one is not known."
    of_cost = view.plan.gap_of_cost
    cost = "" if of_cost is None else f", {gap_text(of_cost)} of what the plan itself costs"
    return f"No plan under the same rules can be worth more than {gap_text(gap)} more{cost}."


def _exact(view: View, amount: float) -> str:
    """An amount with a digit more, so that value and bound can be told apart."""
    return money_text(amount, view.currency, digits=4)


def _whole_units(view: View) -> tuple[tuple[str, str, str], ...]:
    """What it costs that nobody orders a part of a unit."""
    rounding = view.plan.rounding
    if rounding is None:
        return ()
    count = count_text(int(rounding["contracts"]), "contract quantity", "contract quantities")
    return (("Cost of whole units", view.money(rounding["cost"]), f"value lost by rounding; {count}"),)


def _key_figures(view: View) -> tuple[tuple[str, str, str], ...]:
    plan = view.plan
    purchases = view.rows("purchases")
    coverage = needed_rows(view)
    met = sum(coverage_state(row) != BELOW for row in coverage)
    is_passed = plan.verification is not None and plan.verification["is_passed"]
    bound = "not known" if plan.bound is None else _exact(view, plan.bound)
    return (
        ("Bought", number_text(total(purchases, "quantity"), 0), "units of all systems, whole plan"),
        ("Paid", view.money(total(purchases, "amount")), f"base-year {plan.price_base_year}"),
        ("Paid in the money of each year", view.money(total(purchases, "amount_then_year")), "then-year"),
        (
            f"Worth to {view.buyer}",
            view.money(plan.utilities["buyer"]),
            f"discounted, base-year {plan.price_base_year}",
        ),
        (
            f"Worth to {view.seller}",
            view.money(plan.utilities["seller"]),
            f"discounted, base-year {plan.price_base_year}",
        ),
        ("Thresholds reached", f"{met} of {len(coverage)}", "requirement-years"),
        (
            "Value of the plan",
            _exact(view, plan.objective),
            f"{plan.objective_kind}, discounted, base-year {plan.price_base_year}",
        ),
        ("Proven bound", bound, "no plan under the same rules is worth more"),
        ("Gap to the bound", gap_text(plan.gap), "of the value of the plan"),
        ("The same gap", gap_text(plan.gap_of_cost), "of what the plan itself costs"),
        *_whole_units(view),
        ("Verified", "yes" if is_passed else "no", "by independent arithmetic"),
    )
