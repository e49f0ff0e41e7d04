"""The deal of four months with more rows, so that every family of columns and rows has a case."""

from __future__ import annotations

from tests.planning.small_deal import small_deal

from dronedeal.deal import TABLES, Deal
from dronedeal.deal.cooperation import Project
from dronedeal.deal.production import ComponentSupply
from dronedeal.deal.settings import EvidencePrior, EvidenceSettings
from dronedeal.deal.systems import System
from dronedeal.deal.terms import Price


def every_family(*, whole_units: bool = False) -> Deal:
    """The deal with projects of every effect, too dear to be begun, and a successor that waits for one.

    A unit counts for three quarters, so that a project can make it count for more.
    """
    deal = _measured(small_deal(whole_units=whole_units))
    owl = System(id="owl", name="Owl", maker="O", supplier="west", domain="air", role="scout")
    price = Price(system="owl", fiscal_year=2028, unit_price=1900, maximum=120)
    motors = ComponentSupply(component="motor", fiscal_year=2029, limit=12000)
    deal = deal.with_table("systems", [*deal.systems, owl]).with_table("prices", [*deal.prices, price])
    deal = deal.with_table("component_supply", [*deal.component_supply, motors])
    return deal.with_table("projects", _projects())


def _measured(deal: Deal) -> Deal:
    prior = EvidencePrior(measure="hit", successes=3.0, failures=1.0)
    settings = deal.settings.model_copy(update={"evidence": EvidenceSettings(priors=(prior,))})
    needs = [row.model_copy(update={"effectiveness_measure": "hit"}) for row in deal.requirements]
    return Deal(settings, **{name: deal.table(name) for name in TABLES}).with_table("requirements", needs)


def _projects() -> tuple[Project, ...]:
    """One of each effect, all too dear to be begun."""
    rows = (
        ("lens", ("kite", "mule"), "effectiveness", 0.2, None, 0.5),
        ("jig", ("kite",), "unit_cost", 0.75, None, 0.5),
        ("next", ("hawk",), "successor", None, "owl", 0.9),
        ("coil", ("kite",), "compliant_part", 600.0, "motor", 0.8),
        ("plug", ("hawk",), "interface", None, "navy", 0.9),
        ("maybe", ("hawk",), "interface", None, "army", 0.7),
    )
    return tuple(
        Project(
            id=name,
            name=name.title(),
            systems=systems,
            cost_by_year=(6e6, 3e6),
            buyer_share=0.4,
            months=1 if name == "jig" else 2,
            effect=effect,
            effect_value=value,
            effect_subject=subject,
            success_probability=chance,
            result_owner="river",
        )
        for name, systems, effect, value, subject, chance in rows
    )
