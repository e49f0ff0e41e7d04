"""The words of composition rules that hold a plan back."""

from __future__ import annotations

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.explain.registry import Coordinates, Term, cell_address, term
from dronedeal.results.reading import Reading
from dronedeal.results.ruling import is_at_most
from dronedeal.results.vocabulary import subject


@term("rule_share")
def rule_share(reading: Reading, row: Coordinates) -> Term:
    """A work share or mix; one more unit is one that need not keep it."""
    number, data = row["rule"], reading.data
    rule, currency = reading.deal.rules[number], reading.deal.settings.currency
    year = data.buyer_years.names[int(data.tree.stage[row["node"]])]
    in_value = rule.measure == "value"
    asked = f"{'at most' if is_at_most(rule) else 'at least'} {rule.limit or 0.0:.0%}"
    beyond = "beyond" if is_at_most(rule) else "short of"
    unit = f"{currency} at base-year prices" if in_value else "units"
    return Term(
        kind="rule",
        about=rule.id,
        year=year,
        address=cell_address(reading, "rules", number, "limit"),
        says=f"rule {rule.id} asks for {asked} of the {'value' if in_value else 'units'} delivered in fiscal "
        f"year {year}",
        size=MONEY_UNIT if in_value else 1.0,
        one_more=f"one more {currency if in_value else 'unit'} {beyond} it",
        unit=unit,
        rate=(1.0 if is_at_most(rule) else -1.0) / (MONEY_UNIT if in_value else 1.0),
    )


@term("choice_delivery")
def choice_delivery(reading: Reading, row: Coordinates) -> Term:
    """A system that a choice leaves out."""
    rule, system = reading.deal.rules[row["rule"]], reading.deal.systems[row["system"]]
    year = reading.data.buyer_years.names[int(reading.data.tree.stage[row["node"]])]
    return Term(
        kind="rule",
        about=subject(rule.id, system.id),
        year=year,
        address=cell_address(reading, "rules", row["rule"], "limit"),
        says=f"rule {rule.id} leaves {system.id} out in fiscal year {year}",
        size=1.0,
        one_more=f"one unit of {system.id}",
    )


@term("made_with_substitutes")
def made_with_substitutes(reading: Reading, row: Coordinates) -> Term:
    """Deliveries that a limit on origins allows only with substitutes; one more is one without them."""
    data, deal = reading.data, reading.deal
    product = int(data.substitutes.duty_product[row["duty"]])
    part = int(data.substitutes.duty_part[row["duty"]])
    system = deal.systems[int(data.products.system[product])]
    line = deal.lines[int(data.products.line[product])]
    year = data.buyer_years.names[int(data.tree.stage[row["node"]])]
    name = deal.components[part].id
    return Term(
        kind="made_with_substitutes",
        about=subject(system.id, line.id, name),
        year=year,
        address=cell_address(reading, "components", part, "origin"),
        says=f"limits on origin allow {system.id} of {line.id} in fiscal year {year} only with a substitute "
        f"in place of {name}",
        size=1.0,
        one_more="one unit without it",
    )
