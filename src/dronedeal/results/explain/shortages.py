"""What is short: each requirement below its objective with its cause and the cell that says it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dronedeal.assessment import Assessment
from dronedeal.planning.data import BoolArray
from dronedeal.planning.tree import IntArray
from dronedeal.results.explain.binding import bound_terms, worth_words
from dronedeal.results.explain.margins import Chain, Charge, Margins
from dronedeal.results.explain.matching_words import criterion_address, first_month_criterion, nearest
from dronedeal.results.explain.registry import cell_address, term_of
from dronedeal.results.reading import Reading

Row = dict[str, Any]


@dataclass(frozen=True)
class _Cause:
    """Why a requirement is short.

    Parameters
    ----------
    kind, words : short name, and one sentence in the words of the contract
    address : cell of the deal that says it; None where no single one does
    month : of the cause, where it is of one month
    chain : the best remaining delivery; None where there is none
    more, unit : change of the objective for one more unit of the cause, in currency
    reach : effective units of the requirement that one more unit of the cause is enough for
    """

    kind: str
    words: str
    address: str | None = None
    month: str | None = None
    chain: Chain | None = None
    more: float | None = None
    unit: str | None = None
    reach: float | None = None


def unmet(reading: Reading, assessment: Assessment, margins: Margins | None = None) -> list[Row]:
    """Requirements short of their objective, each with its cause in words.

    The cause is read off the duals: among all deliveries still possible in the year, the one that would be
    worth most is judged by what it would take of everything scarce.
    """
    finder = _Unmet(reading, assessment, Margins(reading) if margins is None else margins)
    requirements, years = reading.data.requirements, reading.data.buyer_years
    rows = []
    for number, requirement in enumerate(reading.deal.requirements):
        for node in range(reading.data.tree.n_nodes):
            at = int(reading.data.tree.stage[node])
            objective = float(requirements.objective[number, at])
            short = objective - float(reading.effective[number, node])
            if short <= 1e-9 * max(1.0, objective):
                continue
            about = {
                "requirement": requirement.id,
                "branch": requirement.branch,
                "fiscal_year": years.names[at],
                "quantity": short,
            }
            rows.append(about | finder.row(number, node))
    return rows


class _Unmet:
    """Finds the cause of one shortage."""

    def __init__(self, reading: Reading, assessment: Assessment, margins: Margins) -> None:
        self.reading = reading
        self.data = reading.data
        self.deal = reading.deal
        self.assessment = assessment
        self.margins = margins
        self.currency = reading.deal.settings.currency
        self.duals = {key: dual for key, (_, dual) in bound_terms(reading).items()}

    def row(self, requirement: int, node: int) -> Row:
        """The cause as the plan's table has it."""
        cause = self.cause(requirement, node)
        system, line = self._product_name(cause.chain)
        return {
            "cause": cause.kind,
            "address": cause.address,
            "month": cause.month,
            "system": system,
            "line": line,
            "more": cause.more,
            "more_unit": cause.unit,
            "reach": cause.reach,
            "words": cause.words,
        }

    def cause(self, requirement: int, node: int) -> _Cause:
        """What holds the requirement back in the year of a node."""
        pairs = np.flatnonzero(self.data.pairs.requirement == requirement)
        if not len(pairs):
            return self._no_match(requirement)
        slots = self._slots(requirement, node)
        at = np.ix_(pairs, slots)
        if not self.data.is_deliverable[at].any():
            return self._not_yet(requirement, node, pairs)
        frozen = self.reading.model.frozen
        if frozen is not None and self.data.tree.slot_month[slots].max() < frozen.months:
            until = self.data.calendar.label(frozen.months - 1)
            return _Cause("frozen", f"everything up to {until} stays as an earlier plan decided it")
        if not self._has_money(requirement, node):
            return self._no_money(requirement, node)
        if not np.isfinite(self.margins.worth[at]).any():
            return self._not_made(requirement, node, pairs)
        if self._is_less_than_one_unit(requirement, node, pairs):
            return _Cause("whole_units", "less than one unit is missing, and contract quantities are whole")
        worth = np.where(self._counts_at(requirement, node, slots), self.margins.worth[at], -np.inf)
        pair, slot = np.unravel_index(int(np.argmax(worth)), worth.shape)
        chain = self.margins.chain(int(pairs[pair]), int(slots[slot]))
        return self._judge(chain, float(worth[pair, slot]))

    def _is_less_than_one_unit(self, requirement: int, node: int, pairs: IntArray) -> bool:
        """Whether one more unit of any product would be more than what is short."""
        if not self.data.has_whole_units:
            return False
        at = int(self.data.tree.stage[node])
        objective = float(self.data.requirements.objective[requirement, at])
        short = objective - float(self.reading.effective[requirement, node])
        return short < float(self.data.pairs.effectiveness[pairs, at].min()) * (1 - 1e-9)

    def _slots(self, requirement: int, node: int) -> IntArray:
        """Slots whose deliveries still count at the end of the node's year."""
        tree = self.data.tree
        if not self.data.requirements.is_stock[requirement]:
            return np.flatnonzero(tree.slot_node == node)
        path = [int(tree.last_slot[node])]
        while tree.previous_slot[path[-1]] >= 0:
            path.append(int(tree.previous_slot[path[-1]]))
        return np.array(path[::-1], dtype=np.int64)

    def _counts_at(self, requirement: int, node: int, slots: IntArray) -> BoolArray:
        """(slots,) slots to choose from: of the year itself where something can be had in it, else any."""
        pairs = np.flatnonzero(self.data.pairs.requirement == requirement)
        is_own = self.data.tree.slot_node[slots] == node
        possible = np.isfinite(self.margins.worth[np.ix_(pairs, slots)]).any(axis=0)
        return is_own & possible if (is_own & possible).any() else np.ones(len(slots), dtype=bool)

    def _judge(self, chain: Chain, worth: float) -> _Cause:
        system, _ = self._product_name(chain)
        month = self.reading.slot_label(chain.slot)
        tolerance = 1e-6 * max(1.0, abs(worth))
        if worth <= tolerance:
            return self._not_worth(chain, worth)
        charges = self.margins.charges(chain)
        if not charges or charges[0].amount <= tolerance:
            return _Cause(
                "indivisible",
                f"one more {system} in {month} would add {self._amount(worth)}; only whole openings "
                "and steps, or what the search left open, stand in its way",
                chain=chain,
            )
        first = charges[0]
        own = self._own_need(chain, first) if first.term.kind == "capacity" else None
        return self._scarce(chain, first if own is None else own, worth)

    def _scarce(self, chain: Chain, charge: Charge, worth: float) -> _Cause:
        """A term that holds the requirement back, with what one more unit of it changes."""
        term, system = charge.term, self._product_name(chain)[0]
        dual = self.duals.get((term.kind, term.about, term.year), 0.0)
        reach = float(self.margins.effectiveness[chain.pair, chain.slot]) * term.rows / charge.taken
        when = f" in {term.month}" if term.month else ""
        # where the scarce thing is the system itself, both figures are the same: one sentence says it
        is_itself = math.isclose(charge.taken, 1.0) and self._amount(worth) == self._amount(dual)
        otherwise = (
            ""
            if is_itself
            else f"one more {system} would otherwise add {self._amount(worth)} to the objective; "
        )
        words = (
            f"{term.says}{when}; {otherwise}{worth_words(term.one_more, dual, self.currency)}, "
            f"{_reach_words(reach)}"
        )
        return _Cause(
            term.kind, words, term.address, term.month, chain, more=dual, unit=term.unit, reach=reach
        )

    def _own_need(self, chain: Chain, capacity: Charge) -> Charge | None:
        """An own need that takes the line's output and costs the plan no less than the full line does.

        A unit at home is worth what it is valued at there; what the line lacks for the buyer beyond that is
        charged to the rule that own needs come first.
        """
        data, reading = self.data, self.reading
        rows = reading.problem.rows.get("home_pace")
        product = int(data.pairs.product[chain.pair])
        line = data.products.line[product]
        served = np.flatnonzero(
            (data.products.line[data.home.product] == line) & (reading.home[:, chain.made] > 0)
        )
        if rows is None or chain.made < 0 or not len(served):
            return None
        load = data.products.load / np.where(data.products.yield_rate > 0, data.products.yield_rate, 1.0)
        best: tuple[float, int, float] | None = None
        for pair in served.tolist():
            need = int(data.home.need[pair])
            later = (rows.coordinates["need"] == need) & (rows.coordinates["slot"] >= chain.made)
            charge = -float(reading.row_dual[rows.slice][later].sum())
            rate = float(load[product] / load[data.home.product[pair]])
            if best is None or charge * rate > best[0]:
                best = (charge * rate, int(np.flatnonzero(later)[-1]), rate)
        if best is None or best[0] < capacity.amount * (1 - 1e-9):
            return None
        return Charge(term_of(reading, "home_pace", best[1]), best[0], best[2])

    def _not_worth(self, chain: Chain, worth: float) -> _Cause:
        system, _ = self._product_name(chain)
        month = self.reading.slot_label(chain.slot)
        words = (
            f"not worth its cost: one more {system} in {month} would change the objective by "
            f"{self._amount(worth)} even if nothing were scarce"
        )
        product = int(self.data.pairs.product[chain.pair])
        year = int(self.data.year_index(np.array([chain.slot]))[0])
        price = int(self.data.prices.row[product, year])
        address = cell_address(self.reading, "prices", price, "unit_price")
        return _Cause("not_worth_its_cost", words, address, chain=chain)

    def _product_name(self, chain: Chain | None) -> tuple[str | None, str | None]:
        if chain is None:
            return None, None
        products = self.data.products
        product = int(self.data.pairs.product[chain.pair])
        line = int(products.line[product])
        return self.deal.systems[products.system[product]].id, self.deal.lines[line].id if line >= 0 else None

    def _has_money(self, requirement: int, node: int) -> bool:
        budgets = self.data.budgets
        at = self.data.tree.stage[node]
        fits = budgets.fits[:, self.data.requirements.group[requirement]]
        return bool((fits & (budgets.first <= at) & (budgets.last >= at) & (budgets.amount > 0)).any())

    def _no_money(self, requirement: int, node: int) -> _Cause:
        row = self.deal.requirements[requirement]
        kind = f"{row.appropriation} " if row.appropriation else ""
        return _Cause("no_money", f"{row.branch} has no {kind}money valid in fiscal year {self._year(node)}")

    def _no_match(self, requirement: int) -> _Cause:
        """The pairing that comes nearest, and what stops it."""
        pairing = nearest(self.assessment, self.deal.requirements[requirement].id)
        stopped = [criterion for criterion in pairing.criteria if criterion.is_blocking]
        reason = stopped[0].reason if stopped else "there is no price for it in any year"
        words = f"no system is eligible; the nearest is {pairing.system}: {reason}"
        return _Cause("no_eligible_system", words, criterion_address(self.reading, stopped))

    def _not_yet(self, requirement: int, node: int, pairs: IntArray) -> _Cause:
        """What closes the months until the first eligible system can be delivered."""
        earliest = int(pairs[np.argmin(self.data.pairs.first[pairs])])
        first = int(self.data.pairs.first[earliest])
        if first <= self.data.tree.slot_month[self.data.tree.last_slot[node]]:
            year = self._year(node)
            words = f"no eligible system has a price and an open month in fiscal year {year}"
            return _Cause("not_on_sale", words)
        system = self.deal.systems[self.data.products.system[self.data.pairs.product[earliest]]].id
        pairing = self.assessment.pairing(self.deal.requirements[requirement].id, system)
        stopping = first_month_criterion(self.deal, pairing)
        words = (
            f"the first eligible system, {system}, can be delivered from {self.data.calendar.label(first)}"
        )
        if stopping is None:
            return _Cause("not_yet_deliverable", words)
        words += f"; {stopping.reason[:1].lower()}{stopping.reason[1:].rstrip('.')}"
        return _Cause(stopping.kind, words, criterion_address(self.reading, [stopping]))

    def _not_made(self, requirement: int, node: int, pairs: IntArray) -> _Cause:
        """The lines that make the eligible systems have not started yet."""
        data = self.data
        lines = np.unique(data.products.line[data.pairs.product[pairs]])
        lines = lines[lines >= 0]
        year = self._year(node)
        if not len(lines):
            return _Cause("not_on_sale", f"no eligible system can be had in fiscal year {year}")
        line = int(lines[np.argmin(data.lines.available_from[lines])])
        label = data.calendar.label(int(data.lines.available_from[line]))
        words = f"line {self.deal.lines[line].id}, the first to make an eligible system, starts in {label}"
        return _Cause("not_yet_made", words, cell_address(self.reading, "lines", line, "available_from"))

    def _year(self, node: int) -> int:
        return int(self.data.buyer_years.names[self.data.tree.stage[node]])

    def _amount(self, amount: float) -> str:
        return f"{self.currency} {amount:,.0f}"


def _reach_words(reach: float) -> str:
    """What one more unit of a cause is enough for; of small units, how many one effective unit takes."""
    if reach >= 0.1:
        return f"enough for {reach:,.3g} effective {'unit' if reach == 1 else 'units'} of it"
    return f"and one effective unit of it takes {1 / reach:,.0f}"
