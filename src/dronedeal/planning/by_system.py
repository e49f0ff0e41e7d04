"""What the seller delivers under a plan, system by system: columns, units and what they are paid with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dronedeal.planning.data import BUYER, SELLER
from dronedeal.planning.model import Model
from dronedeal.planning.tree import FloatArray, IntArray

# Units are counted to so many decimals: what months add up to is not whole to the last digit.
_DECIMALS = 6


@dataclass(frozen=True)
class SystemDeliveries:
    """The deliveries of one system of the seller.

    Parameters
    ----------
    system : its id
    columns : (k,) of all deliveries of it, whatever the plan has of them
    quantity : units in the whole plan, on a scenario tree expected
    discounted_quantity : units, each counted by the buyer's discount factor in its month
    payment : (2,) million that the buyer pays the seller for them at delivery: the price of what the seller
        makes, the royalty on what others make; discounted at the rate of the buyer and at that of the seller
    """

    system: str
    columns: IntArray
    quantity: float
    discounted_quantity: float
    payment: FloatArray


def deliveries_by_system(model: Model, values: FloatArray) -> tuple[SystemDeliveries, ...]:
    """What each system of the seller that a plan delivers is paid with.

    `payment_i = Σ_t δ_i(t) · Σ_k share_k · price[k,t] · delivered[k,t]`, the share being 1 for what the
    seller makes and the royalty for what others make.

    Parameters
    ----------
    model : of the deal under its terms
    values : (n,) columns of the plan

    Returns
    -------
    systems with deliveries, in the order of the deal
    """
    data, tree = model.data, model.data.tree
    column, product, slot = _deliveries(model)
    owned = data.products.is_owned_by_seller[product]
    column, product, slot = column[owned], product[owned], slot[owned]
    year = data.year_index(slot)
    price, royalty = data.prices.price[product, year], data.prices.royalty[product, year]
    paid = price * np.where(data.products.operator[product] == SELLER, 1.0, royalty)
    factor = np.array([tree.expected_discount(data.discount[party], slot) for party in (BUYER, SELLER)])
    units, system = values[column], data.products.system[product]
    # Of a unit in a node that may not come there is as much as its chance.
    chance = tree.probability[tree.slot_node[slot]]
    closed = _all_columns(model)
    found = []
    for number in np.unique(system).tolist():
        mine = system == number
        quantity = float((chance * units)[mine].sum())
        if quantity > 0.0:
            found.append(
                SystemDeliveries(
                    data.labels["system"][number],
                    closed[number],
                    quantity,
                    float((factor[BUYER] * units)[mine].sum()),
                    (factor * paid * units)[:, mine].sum(axis=1),
                )
            )
    return tuple(found)


def _deliveries(model: Model) -> tuple[IntArray, IntArray, IntArray]:
    """Column, product and slot of everything delivered: by month where it must be, else from a pool."""
    ship, pool = model.problem.columns["ship"], model.problem.columns["pool"]
    return (
        np.concatenate([ship.numbers, pool.numbers]),
        np.concatenate([model.data.pairs.product[ship.coordinates["pair"]], pool.coordinates["product"]]),
        np.concatenate([ship.coordinates["slot"], pool.coordinates["slot"]]),
    )


def _all_columns(model: Model) -> dict[int, IntArray]:
    """All columns of the deliveries of each system of the seller, contract quantities included."""
    data = model.data
    numbers, systems = [], []
    for name, axis in (("ship", "pair"), ("assign", "pair"), ("contract", "pair"), ("pool", "product")):
        family = model.problem.columns[name]
        product = family.coordinates[axis]
        numbers.append(family.numbers)
        systems.append(data.products.system[data.pairs.product[product] if axis == "pair" else product])
    number, system = np.concatenate(numbers), np.concatenate(systems)
    return {each: number[system == each] for each in np.unique(system).tolist()}
