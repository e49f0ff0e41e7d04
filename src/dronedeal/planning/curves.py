"""Costs that fall with experience: the true cost of a plan, its slopes, and chords that no plan undercuts.

The experience of a product at the start of a slot is what is kept of the experience of the month before and
of the units made in it, and a share of what the other products `j` of its learning group made so long ago
as experience takes to travel:

    E[k,s] = κ_k · (E[k,s−1] + make[k,s−1]) + Σ_j σ_k · make[j, s − 1 − lag_k],      E[k,0] = P_k

What it makes in a slot costs the integral of its marginal cost from `E` to `E + make`, and a start-up premium
for the first units made inside the plan. Own experience makes the cost concave, experience of others makes it
fall; it is neither convex nor concave in all together, which is why a plan is improved along its tangents and
bounded by chords.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dronedeal.planning.tree import FloatArray, IntArray, Tree


@dataclass(frozen=True)
class CurveData:
    """Products whose cost depends on what was made before; curve `q` belongs to product `product[q]`.

    product, line : (Q,) index of the product and of its line; party : (Q,) role of the operator;
    prior : (Q,) units already made; marginal : (Q,) million per unit at that experience; exponent : (Q,)
    `b` of the slope, 0 for a product that only teaches or only pays a premium; keep : (Q,) share of the
    experience kept from month to month; startup_cost : (Q,) million a unit for each of the first
    startup_units : (Q,) units made inside the plan; taker, giver : (G,) curve that gains and curve whose
    output it gains from; share : (G,); lag : (G,) months; most : (Q, T) units that can have been started by
    the end of a month
    """

    product: IntArray
    line: IntArray
    party: IntArray
    prior: FloatArray
    marginal: FloatArray
    exponent: FloatArray
    keep: FloatArray
    startup_cost: FloatArray
    startup_units: FloatArray
    taker: IntArray
    giver: IntArray
    share: FloatArray
    lag: IntArray
    most: FloatArray

    @property
    def count(self) -> int:
        """Number of curves."""
        return len(self.product)

    def only(self, members: IntArray) -> CurveData:
        """The same of some curves, which gain from one another alone.

        Parameters
        ----------
        members : numbers of the curves in rising order
        """
        is_pair = np.isin(self.taker, members) & np.isin(self.giver, members)
        return CurveData(
            product=self.product[members],
            line=self.line[members],
            party=self.party[members],
            prior=self.prior[members],
            marginal=self.marginal[members],
            exponent=self.exponent[members],
            keep=self.keep[members],
            startup_cost=self.startup_cost[members],
            startup_units=self.startup_units[members],
            taker=np.searchsorted(members, self.taker[is_pair]),
            giver=np.searchsorted(members, self.giver[is_pair]),
            share=self.share[is_pair],
            lag=self.lag[is_pair],
            most=self.most[members],
        )

    @cached_property
    def greatest_unit_cost(self) -> FloatArray:
        """(Q, T) million a unit that no unit started in a month exceeds: nothing made or learnt before it."""
        months = np.arange(self.most.shape[1])
        left = self.keep[:, None] ** months
        greatest: FloatArray = (
            self.marginal[:, None] * left ** -self.exponent[:, None] + self.startup_cost[:, None]
        )
        return greatest


@dataclass(frozen=True)
class Curves:
    """The curves of a problem on its tree, with the columns that they read.

    data : the curves; make : (Q, n_slots) number of the column `make`, -1 where there is none; weight :
    (Q, n_slots) probability × discount factor of the operator, 0 for third parties; most : (Q, n_slots) units
    that can have been started by the end of a slot
    """

    data: CurveData
    tree: Tree
    make: IntArray
    weight: FloatArray
    most: FloatArray

    def only(self, members: IntArray, place: IntArray) -> Curves:
        """The same of some curves in a problem of some columns.

        Parameters
        ----------
        members : numbers of the curves in rising order, those of whole learning groups
        place : (n,) number of each column there, -1 where it is left out
        """
        make = self.make[members]
        return Curves(
            self.data.only(members),
            self.tree,
            np.where(make >= 0, place[make], -1),
            self.weight[members],
            self.most[members],
        )

    def made(self, values: FloatArray) -> FloatArray:
        """(Q, n_slots) units started, from column values."""
        return np.where(self.make >= 0, values[self.make], 0.0)

    def experience(self, made: FloatArray) -> FloatArray:
        """(Q, n_slots) experience at the start of each slot."""
        received, previous = self.received(made), self.tree.previous_slot
        start = np.empty_like(made)
        for slot, before in enumerate(previous.tolist()):
            if before < 0:
                start[:, slot] = self.data.prior
            else:
                start[:, slot] = self.data.keep * (start[:, before] + made[:, before]) + received[:, slot]
        return start

    def received(self, made: FloatArray) -> FloatArray:
        """(Q, n_slots) experience that arrives from others at the start of each slot."""
        received = np.zeros_like(made)
        for lag, share in self._shares.items():
            slots, ancestors = self._with_ancestor(lag + 1)
            received[:, slots] += share @ made[:, ancestors]
        return received

    def cost(self, made: FloatArray) -> FloatArray:
        """(Q, n_slots) million, undiscounted, on the true curves.

        Parameters
        ----------
        made : (Q, n_slots) units started
        """
        total = self._so_far(made)
        return (
            self._run_cost(self.experience(made), made) + self._startup(total) - self._startup(total - made)
        )

    def worth(self, values: FloatArray) -> FloatArray:
        """(2,) million that the true cost adds to the utility of buyer and seller, never above 0."""
        spent = (self.weight * self.cost(self.made(values))).sum(axis=1)
        return -np.array([spent[self.data.party == party].sum() for party in (0, 1)])

    def slopes(self, values: FloatArray) -> FloatArray:
        """(2, n) change of each utility for one more unit in each column, at a plan."""
        return self.slopes_at(self.made(values), len(values))

    def slopes_at(self, made: FloatArray, n_columns: int) -> FloatArray:
        """(2, n) change of each utility for one more unit in each column, at an output.

        One more unit costs its marginal cost now and makes all later units of its product cheaper, as far as
        it is not forgotten, and after the lag those of the other products of its group. One pass backwards
        over the slots adds that up.

        Parameters
        ----------
        made : (Q, n_slots) units started; n_columns : of the problem
        """
        start, total = self.experience(made), self._so_far(made)
        now, before = self._marginal(start + made), self._marginal(start)
        premium_now, premium_before = self._premium(total), self._premium(total - made)
        utility = np.zeros((2, n_columns))
        for party in (0, 1):
            weight = self.weight * (self.data.party == party)[:, None]
            learnt = self._backwards(weight * (now - before), self.data.keep)
            premium = self._backwards(weight * (premium_now - premium_before), np.ones(self.data.count))
            slope = weight * (now + premium_before)
            slope += premium
            slope += self._after(learnt, self.data.keep)
            slope += self._for_others(learnt)
            exists = self.make >= 0
            np.add.at(utility[party], self.make[exists], -slope[exists])
        return utility

    def chords(self, n_columns: int) -> FloatArray:
        """(2, n) slopes of a cost that no plan undercuts: chords from nothing to the most that can be made.

        Others are taken to have taught all that they can by each slot, `base[k,s]`, and nothing to be
        forgotten. Then the cost depends on the product's own output only, `Σ_s φ_s(X_s)`, where

            φ_s(X) = ∫_0^X (δ_s · c(base_s + u) − Σ_{s' after s} δ_s' · c(base_s' + u)) du

        over the slots `s'` that follow `s` at once. Weights fall and bases rise with time, so the integrand
        falls with `u`: each `φ_s` is concave and lies above its chord on `[0, most_s]`. The start-up premium
        is concave in the own output as well and enters with its own chord.
        """
        base = self.data.prior[:, None] + self.taught
        can_make = self.most > 0
        rise = self.weight * (self._run_cost(base, self.most) + self._startup(self.most))
        later = np.flatnonzero(self.tree.previous_slot >= 0)
        before = self.tree.previous_slot[later]
        same = self.most[:, before]
        fall = self.weight[:, later] * (self._run_cost(base[:, later], same) + self._startup(same))
        np.subtract.at(rise.T, before, fall.T)
        chord = np.divide(rise, self.most, out=np.zeros_like(rise), where=can_make)
        slope = self._backwards(chord, np.ones(self.data.count))
        utility = np.zeros((2, n_columns))
        exists = self.make >= 0
        for party in (0, 1):
            chosen = exists & (self.data.party == party)[:, None]
            np.add.at(utility[party], self.make[chosen], -slope[chosen])
        return utility

    @property
    def taught(self) -> FloatArray:
        """(Q, n_slots) the most experience that others can have passed on by the start of a slot.

        Products of one line share its capacity, so that a line teaches no more than its most plentiful one.
        """
        data = self.data
        by_line: dict[tuple[int, int], FloatArray] = {}
        for taker, giver, share, lag in zip(data.taker, data.giver, data.share, data.lag, strict=True):
            slots, ancestors = self._with_ancestor(int(lag) + 1)
            taught = np.zeros(self.tree.n_slots)
            taught[slots] = share * self.most[giver, ancestors]
            key = int(taker), int(data.line[giver])
            by_line[key] = np.maximum(by_line.get(key, taught), taught)
        total = np.zeros_like(self.most)
        for (taker, _), taught in by_line.items():
            total[taker] += taught
        return total

    def _so_far(self, made: FloatArray) -> FloatArray:
        """(Q, n_slots) units started up to the end of each slot on its path."""
        total = made.copy()
        for slot, previous in enumerate(self.tree.previous_slot.tolist()):
            if previous >= 0:
                total[:, slot] += total[:, previous]
        return total

    def _backwards(self, amount: FloatArray, keep: FloatArray) -> FloatArray:
        """(Q, n_slots) an amount of each slot and what is kept of those of all slots that follow it."""
        total = amount.copy()
        previous = self.tree.previous_slot
        for slot in range(self.tree.n_slots - 1, -1, -1):
            if previous[slot] >= 0:
                total[:, previous[slot]] += keep * total[:, slot]
        return total

    def _after(self, total: FloatArray, keep: FloatArray) -> FloatArray:
        """(Q, n_slots) what is kept of the totals of the slots that follow each slot at once."""
        after = np.zeros_like(total)
        later = np.flatnonzero(self.tree.previous_slot >= 0)
        np.add.at(after.T, self.tree.previous_slot[later], (keep[:, None] * total[:, later]).T)
        return after

    def _for_others(self, learnt: FloatArray) -> FloatArray:
        """(Q, n_slots) what one more unit changes for the other products of its group."""
        gained = np.zeros_like(learnt)
        for lag, share in self._shares.items():
            slots, ancestors = self._with_ancestor(lag + 1)
            np.add.at(gained.T, ancestors, (share.T @ learnt[:, slots]).T)
        return gained

    @cached_property
    def _shares(self) -> dict[int, FloatArray]:
        """For each lag in use the (Q, Q) share of the output of each column that each row gains."""
        data = self.data
        shares: dict[int, FloatArray] = {}
        for lag in np.unique(data.lag).tolist():
            chosen = data.lag == lag
            shares[lag] = np.zeros((data.count, data.count))
            shares[lag][data.taker[chosen], data.giver[chosen]] = data.share[chosen]
        return shares

    def _with_ancestor(self, lag: int) -> tuple[IntArray, IntArray]:
        """Slots that have an ancestor so many months back, and that ancestor."""
        none = np.array([], dtype=np.int64)
        return self._ancestors[lag] if lag < len(self._ancestors) else (none, none)

    @cached_property
    def _ancestors(self) -> list[tuple[IntArray, IntArray]]:
        return [(slots, ancestors) for _, slots, ancestors in self.tree.lags()]

    def _marginal(self, experience: FloatArray) -> FloatArray:
        """Million for one more unit at an experience, `c·(E/P)^-b`."""
        data = self.data
        ratio = experience / data.prior[:, None]
        marginal: FloatArray = data.marginal[:, None] * ratio ** -data.exponent[:, None]
        return marginal

    def _run_cost(self, start: FloatArray, units: FloatArray) -> FloatArray:
        """`∫ c·(E/P)^-b dE` from a start over so many units, exact for few units on much experience."""
        data = self.data
        power = 1.0 - data.exponent[:, None]
        before = data.prior[:, None] * (start / data.prior[:, None]) ** power / power
        cost: FloatArray = data.marginal[:, None] * before * np.expm1(power * np.log1p(units / start))
        return cost

    def _startup(self, total: FloatArray) -> FloatArray:
        """Start-up premium of the first so many units made inside the plan."""
        premium: FloatArray = self.data.startup_cost[:, None] * np.minimum(
            total, self.data.startup_units[:, None]
        )
        return premium

    def _premium(self, total: FloatArray) -> FloatArray:
        """Start-up premium of one more unit after so many."""
        return np.where(total < self.data.startup_units[:, None], self.data.startup_cost[:, None], 0.0)
