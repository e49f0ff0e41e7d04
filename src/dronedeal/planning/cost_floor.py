"""A linear cost that no plan undercuts, where costs fall with own experience and with that of others.

Chords take others to have taught all that they ever can. This floor does better. It knows the experience
on one plan, the *reference*, and what a plan can differ from it: ranges of the units that each product, and
each learning group together, can have started by the end of each month. Inside these ranges it is a floor
under the true cost; the narrower they are, the closer it lies. With, for product `q` of group `g`,

- `X` units of `q` started so far, `G` of the group, `G⁰` on the reference, `z = G − G⁰ ∈ [−a, b]`;
- `d` months that experience takes inside the group at least (lag + 1), `σ` the share that is passed on;
- `r` the units of `q` started in the `d` months up to `s` at most, those of `s` itself by half,

unit `u` of `q`, started in month `s`, comes with an experience of at most
`P + u + σ·(G[s−d] − X[s−d])`, on average over the month `B[s] + (1−σ)·u + σ·z[s−d]` with
`B[s] = P + σ·(r[s] + G⁰[s−d])`. The marginal cost is convex, so that the cost of all months is at least

    Σ_s w[s]·∫ c(B[s] + (1−σ)·u) du − Σ_s z[s−d]·D[s],    D[s] = w[s]·∫ σ·|c'(B[s] + (1−σ)·u)| du

over the units `u` of each month.

*First sum*: `w` falls and `B` rises with time, so it is a sum of concave functions of the `X[s]`, each above
its chord between the limits of `X[s]`.

*Second sum*: with a slope `h[s]` of the group that falls with time, `D[s]` of all products is `h[s]` times
what the group starts in the month, `g⁰[s] + Δ[s]`, and a remainder that the ranges bound (McCormick). What is
left is a square, because the output of the group *is* the change of its total:
`Σ h·z[s−1]·Δ[s] ≤ ½·Σ (h[s] − h[s+1])·z[s]²`, a convex function of `z[s]` and below its chord on `[−a, b]`.
`z[s−d]` differs from `z[s−1]` by products `Δ·Δ` of single months, which the capacity of a month bounds. So
nothing is lost for when a group makes what it makes, only for how far its total can be from the reference.

Experience that is forgotten is left in, which keeps the floor a floor. Sources: McCormick 1976 (products of
bounded quantities); Tawarmalani and Sahinidis 2002 (concave envelopes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dronedeal.planning.curves import Curves
from dronedeal.planning.ranges import Ranges
from dronedeal.planning.tree import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]

# The part of own experience that is not shared is kept above 0, so that no division is by 0.
_LEAST_OWN = 1e-9
# Ranges narrower than this share of their end have no chord.
_LEAST_WIDTH = 1e-9
# A tangent is closer than a chord where it loses less by so many millions; what is less is rounding.
_CLOSER = 1e-9


@dataclass(frozen=True)
class LinearFloor:
    """`constant + Σ slope · make` is at most the true expected discounted cost of one party.

    slope : (Q, n_slots) million per unit started; constant : million
    """

    slope: FloatArray
    constant: float


@dataclass(frozen=True)
class _Own:
    """`Σ per_total · X + Σ per_unit · make + Σ constant` is at most the first sum.

    All but `above`: (Q, n_slots); above : million by which the first sum lies above that, by total so far
    """

    per_total: FloatArray
    per_unit: FloatArray
    constant: FloatArray
    above: Callable[[FloatArray], FloatArray]

    def where(self, is_other: BoolArray, other: _Own) -> _Own:
        """Another one for some products."""
        return _Own(
            np.where(is_other, other.per_total, self.per_total),
            np.where(is_other, other.per_unit, self.per_unit),
            np.where(is_other, other.constant, self.constant),
            lambda total: np.where(is_other, other.above(total), self.above(total)),
        )


@dataclass(frozen=True)
class _Slopes:
    """(Q, n_slots) `w·σ·|c'|` at most, on the reference and at least."""

    steep: FloatArray
    middle: FloatArray
    flat: FloatArray


@dataclass(frozen=True)
class _Rest:
    """`Σ unit · make + Σ in_total · z[s−d] + Σ constant` is at least the remainder; (Q, n_slots) each."""

    unit: FloatArray
    in_total: FloatArray
    constant: FloatArray

    def at(self, made: FloatArray) -> FloatArray:
        """(Q, n_slots) million given away at an output whose total is that of the reference."""
        given: FloatArray = self.unit * made + self.constant
        return given

    def where(self, is_other: BoolArray, other: _Rest) -> _Rest:
        """Another one for some products."""
        return _Rest(
            np.where(is_other, other.unit, self.unit),
            np.where(is_other, other.in_total, self.in_total),
            np.where(is_other, other.constant, self.constant),
        )


@dataclass(frozen=True)
class _Terms:
    """What a floor is made of; slope, below, over : (N, n_slots) `h`, `a` and `b` of each group."""

    own: _Own
    rest: _Rest
    slope: FloatArray
    below: FloatArray
    over: FloatArray


class CostFloor:
    """Floors under the cost of a party for ever narrower ranges, around one reference plan.

    Parameters
    ----------
    curves : of the problem; every taker of a group gains from all its other members
    made : (Q, n_slots) units started on the reference
    """

    def __init__(self, curves: Curves, made: FloatArray) -> None:
        data, self.tree = curves.data, curves.tree
        self.curves = curves
        self.made = made
        self._known: tuple[Ranges, dict[int, _Terms]] | None = None
        self.total = self.tree.so_far(made)
        self.group, self.members = _groups(data.count, data.taker, data.giver)
        self.group_made = self.by_group(made)
        self.group_total = self.tree.so_far(self.group_made)
        self.share = np.zeros(data.count)
        self.share[data.taker] = data.share
        self.months = _months_on_the_way(curves, self.members)
        self.most_a_month = curves.most - self.tree.lagged(curves.most, 1)
        # What is made in a month is ahead of its beginning by half of it on average; the cost is convex.
        self._before = (
            curves.most - self._behind(curves.most, self.months[self.group]) - self.most_a_month / 2
        )

    @cached_property
    def widest(self) -> Ranges:
        """What capacity alone allows."""
        most = self.tree.so_far(self.group_most_a_month)
        nothing = np.zeros_like(self.total)
        return Ranges(nothing, self.curves.most, np.zeros_like(most), most)

    @cached_property
    def group_most_a_month(self) -> FloatArray:
        """(N, n_slots) units that a group can start in a slot; products of one line share its capacity."""
        line, most = self.curves.data.line, np.zeros_like(self.group_made)
        for number, members in enumerate(self.members):
            for one in np.unique(line[members]).tolist():
                most[number] += self.most_a_month[members[line[members] == one]].max(axis=0)
        return np.maximum(most, self.group_made)

    def at(self, ranges: Ranges, party: int) -> LinearFloor:
        """The floor under the cost of a party, for all plans inside the ranges.

        Parameters
        ----------
        ranges : that hold the reference
        party : 0 buyer, 1 seller
        """
        slope, constant = self.at_each(ranges, party)
        return LinearFloor(slope, float(constant.sum()))

    def at_each(self, ranges: Ranges, party: int) -> tuple[FloatArray, FloatArray]:
        """(Q, n_slots) slopes and (N,) constants of the floor, group by group: each is one for itself.

        Parameters
        ----------
        ranges, party : as of `at`
        """
        terms = self._terms(ranges, party)
        learnt, learnt_constant = self._learnt(terms)
        own = terms.own
        return (
            self.tree.from_here_on(own.per_total) + own.per_unit - learnt,
            self.by_group(own.constant).sum(axis=1) - learnt_constant,
        )

    def above_chords(self, ranges: Ranges, party: int, total: FloatArray) -> FloatArray:
        """(Q, n_slots) million by which the cost of own experience lies above its floor at another output.

        Parameters
        ----------
        total : (Q, n_slots) units started so far
        """
        return self._terms(ranges, party).own.above(total)

    def hidden(self, ranges: Ranges, party: int, made: FloatArray) -> FloatArray:
        """(N, n_slots) million that the width of the ranges of each group may hide at another output.

        Parameters
        ----------
        made : (Q, n_slots) units started
        """
        terms = self._terms(ranges, party)
        away = self.tree.so_far(self.by_group(made)) - self.group_total
        away = np.clip(away, -terms.below, terms.over)
        fall = terms.slope - self.tree.of_the_next(terms.slope)
        squares = fall * (terms.over - away) * (terms.below + away) / 2
        total: FloatArray = squares + self.by_group(terms.rest.at(made))
        return total

    def _terms(self, ranges: Ranges, party: int) -> _Terms:
        """Everything that a floor is made of; each product by chords or by tangents, whichever is closer."""
        if self._known is None or self._known[0] is not ranges:
            self._known = ranges, {}
        known = self._known[1]
        if party not in known:
            known[party] = self._found_terms(ranges, party)
        return known[party]

    def _found_terms(self, ranges: Ranges, party: int) -> _Terms:
        """See `_terms`."""
        weight, base = self._weight(party), self._base(ranges)
        below = np.maximum(self.group_total - ranges.group_lower, 0.0)
        over = np.maximum(ranges.group_upper - self.group_total, 0.0)
        slope = self._slope_of_group(ranges, weight, base)
        low, high = self._behind(below, self.months)[self.group], self._behind(over, self.months)[self.group]
        ways = []
        for own, of_product in (
            self._by_chords(ranges, weight, base),
            self._by_tangents(ranges, weight, base),
        ):
            ways.append((own, self._remainder(of_product, ranges, slope, low=low, high=high)))
        lost = [own.above(self.total).sum(axis=1) + rest.at(self.made).sum(axis=1) for own, rest in ways]
        is_tangent = ((lost[1] < lost[0] - _CLOSER) & (self.curves.data.startup_cost == 0))[:, None]
        own, rest = (chords.where(is_tangent, tangents) for chords, tangents in zip(*ways, strict=True))
        return _Terms(own, rest, slope, below, over)

    def _by_chords(self, ranges: Ranges, weight: FloatArray, base: FloatArray) -> tuple[_Own, _Slopes]:
        """The cost of own experience above its chords, and the slopes that its units can have."""
        own = self._own(weight, base)
        at_lower, chord = self._chords(ranges, own)
        start = self.tree.lagged(ranges.own_lower, 1)
        steep, flat = self._slope(start, weight, base), self._slope(ranges.own_upper, weight, base)
        middle = np.clip(self._slope(self.total, weight, base), flat, steep)

        def above(total: FloatArray) -> FloatArray:
            rise = own(total) - at_lower
            over: FloatArray = rise - chord * (total - ranges.own_lower)
            return over

        constant = at_lower - chord * ranges.own_lower
        return _Own(chord, np.zeros_like(chord), constant, above), _Slopes(steep, middle, flat)

    def _by_tangents(self, ranges: Ranges, weight: FloatArray, base: FloatArray) -> tuple[_Own, _Slopes]:
        """The cost along the tangent of the marginal cost at the reference: squares of the own total.

        `c(B + (1−σ)·u + σ·z) ≥ c − |c'|·((1−σ)·(u − u⁰) + σ·z)` with `c` and `c'` at `u⁰`, the middle of the
        month on the reference. With `h° = w·(1−σ)·|c'|` the units of all months cost at least
        `Σ (w·c + h°·u⁰)·make − ½·Σ (h°[s] − h°[s+1])·X[s]²`, a square above its chord where `h°` falls and
        above its tangent where it rises. No unit has another slope than that of the reference.
        """
        data, middle = self.curves.data, self.total - self.made / 2
        experience = base + self._kept * middle
        marginal = data.marginal[:, None] * (experience / data.prior[:, None]) ** -data.exponent[:, None]
        own = weight * marginal * data.exponent[:, None] / experience * self._kept
        fall = own - self.tree.of_the_next(own)
        down, up = np.maximum(fall, 0.0), np.maximum(-fall, 0.0)
        lower, upper = ranges.own_lower, np.maximum(ranges.own_upper, ranges.own_lower)

        def above(total: FloatArray) -> FloatArray:
            chord = down * np.maximum(total - lower, 0.0) * np.maximum(upper - total, 0.0)
            over: FloatArray = (chord + up * (total - self.total) ** 2) / 2
            return over

        slope = self._slope(middle, weight, base)
        return _Own(
            per_total=up * self.total - down * (lower + upper) / 2,
            per_unit=weight * marginal + own * middle,
            constant=(down * lower * upper - up * self.total**2) / 2,
            above=above,
        ), _Slopes(slope, slope, slope)

    def _weight(self, party: int) -> FloatArray:
        weight: FloatArray = self.curves.weight * (self.curves.data.party == party)[:, None]
        return weight

    def _base(self, ranges: Ranges) -> FloatArray:
        """(Q, n_slots) `B`, made to rise with time, which only lowers the floor."""
        recent = np.minimum(self._before, ranges.own_upper)
        from_group = self._behind(self.group_total, self.months)[self.group]
        highest = self.tree.highest_so_far(recent + from_group)
        base: FloatArray = self.curves.data.prior[:, None] + self.share[:, None] * highest
        return base

    def _own(self, weight: FloatArray, base: FloatArray) -> Callable[[FloatArray], FloatArray]:
        """(Q, n_slots) `φ[s](X[s])`, concave functions whose sum over the slots is the first sum.

        `φ[s](X) = w[s]·f[s](X) − Σ w[s']·f[s'](X)` over the slots `s'` that follow `s` at once, with the cost
        `f[s]` of the first `X` units at the base of the slot, start-up premium included:
        `f[s](X) = ∫_0^X c(B[s] + (1−σ)·u) du`. What depends on the base alone is worked out once.
        """
        data, kept, before = self.curves.data, self._kept, self._before_later
        prior, power = data.prior[:, None], 1.0 - data.exponent[:, None]
        size = weight * (data.marginal[:, None] / kept * prior * (base / prior) ** power / power)
        ratio, later = kept / base, self._later
        next_size, next_ratio = size[:, later], ratio[:, later]
        startup = weight * data.startup_cost[:, None] if data.startup_cost.any() else None

        def cost(total: FloatArray) -> FloatArray:
            found = size * np.expm1(power * np.log1p(ratio * total))
            fall = next_size * np.expm1(power * np.log1p(next_ratio * total[:, before]))
            if startup is not None:
                first = np.minimum(total, data.startup_units[:, None])
                found += startup * first
                fall += startup[:, later] * first[:, before]
            if self.tree.is_path:
                found[:, :-1] -= fall
            else:
                np.subtract.at(found.T, before, fall.T)
            return found

        return cost

    @cached_property
    def _later(self) -> IntArray:
        """Slots that follow another one."""
        return np.flatnonzero(self.tree.previous_slot >= 0)

    @cached_property
    def _before_later(self) -> IntArray:
        """The slot before each of them."""
        before: IntArray = self.tree.previous_slot[self._later]
        return before

    @cached_property
    def _kept(self) -> FloatArray:
        """(Q, 1) share of its own output by which a product is ahead of its group."""
        kept: FloatArray = np.maximum(1.0 - self.share, _LEAST_OWN)[:, None]
        return kept

    def _chords(
        self, ranges: Ranges, own: Callable[[FloatArray], FloatArray]
    ) -> tuple[FloatArray, FloatArray]:
        """(Q, n_slots) each: `φ` at the lower limit of its range, and the slope of the chord from there."""
        lower, upper = ranges.own_lower, np.maximum(ranges.own_upper, ranges.own_lower)
        at_lower, width = own(lower), upper - lower
        rise = own(upper) - at_lower
        is_wide = width > _LEAST_WIDTH * np.maximum(1.0, upper)
        return at_lower, np.divide(rise, width, out=np.zeros_like(rise), where=is_wide)

    def _learnt(self, terms: _Terms) -> tuple[FloatArray, FloatArray]:
        """Ceiling of the second sum: its slope in `make`, and (N,) its constant in each group."""
        price, change, given = self._squares(terms.slope, terms.below, terms.over)
        rest = terms.rest
        price += self._ahead(self.by_group(rest.in_total), self.months)
        given += self.by_group(rest.constant).sum(axis=1)
        reward = (self.tree.from_here_on(price) + change)[self.group] + rest.unit
        at_reference = (price * self.group_total + change * self.group_made).sum(axis=1)
        return reward, given - at_reference

    def _slope(self, units: FloatArray, weight: FloatArray, base: FloatArray) -> FloatArray:
        """(Q, n_slots) `w·σ·|c'|` after so many own units."""
        data = self.curves.data
        ratio = (base + self._kept * units) / data.prior[:, None]
        slope: FloatArray = weight * self._steepness * ratio ** (-data.exponent[:, None] - 1.0)
        return slope

    @cached_property
    def _steepness(self) -> FloatArray:
        """(Q, 1) `σ·|c'|` at the experience of the first day."""
        data = self.curves.data
        steepness: FloatArray = (data.marginal * data.exponent * self.share / data.prior)[:, None]
        return steepness

    def _slope_of_group(self, ranges: Ranges, weight: FloatArray, base: FloatArray) -> FloatArray:
        """(N, n_slots) `h`: the mean over what the members start on the reference, made to fall with time."""
        made = (self.made + _LEAST_OWN) * (self.share > 0)[:, None]
        mean = self.by_group(self._slope(self.total, weight, base) * made)
        slope = mean / np.maximum(self.by_group(made), _LEAST_OWN)
        if self.tree.is_path:
            return np.minimum.accumulate(slope, axis=1)
        for slot in range(self.tree.n_slots):
            after = np.flatnonzero(self.tree.previous_slot == slot)
            if len(after):
                total = slope[:, after].sum(axis=1)
                fitted = np.minimum(1.0, slope[:, slot] / np.maximum(total, np.finfo(float).tiny))
                slope[:, after] *= fitted[:, None]
        return slope

    def _squares(
        self, slope: FloatArray, below: FloatArray, over: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Ceiling of `Σ h·z[s−d]·(g⁰ + Δ)`: prices of `z` and `Δ`, what is given away at the reference."""
        price = self._ahead(slope * self.group_made, self.months)
        fall = slope - self.tree.of_the_next(slope)
        price += fall * (over - below) / 2
        given = (fall * below * over).sum(axis=1) / 2
        change = np.zeros_like(price)
        room, made = self.group_most_a_month - self.group_made, self.group_made
        for number, months in enumerate(self.months.tolist()):
            for lag in range(1, months):
                slots, ancestors = self.tree.with_ancestor(lag)
                # −Δ·Δ' is bounded from the corner of full capacity or from that of no output at all.
                full = room[number, slots] * room[number, ancestors]
                none = made[number, slots] * made[number, ancestors]
                of, is_full = slope[number, slots], full < none
                given[number] += (of * np.where(is_full, full, none)).sum()
                for one, other in ((slots, ancestors), (ancestors, slots)):
                    corner = np.where(is_full, -room[number, other], made[number, other])
                    np.add.at(change[number], one, of * corner)
        return price, change, given

    def _remainder(
        self, of_product: _Slopes, ranges: Ranges, slope: FloatArray, *, low: FloatArray, high: FloatArray
    ) -> _Rest:
        """Ceiling of `Σ z[s−d]·(D − h·make)` of each product.

        The slope of a product lies between those at the two ends of its range of own units. One of two ways
        is taken, whichever gives away less at the reference: all of its difference to `h` at the far end of
        the range of `z`, or that of its reference slope from the corner of full capacity and the rest at the
        far end.

        Parameters
        ----------
        low, high : (Q, n_slots) how far the total of its group can be below and above the reference
        """
        steep, middle, flat = of_product.steep, of_product.middle, of_product.flat
        of_group = slope[self.group]
        whole = np.maximum(high * np.maximum(steep - of_group, 0.0), low * np.maximum(of_group - flat, 0.0))
        rest = np.maximum(high * (steep - middle), low * (middle - flat))
        apart = middle - of_group
        far = np.abs(apart) * np.where(apart > 0, low, high)
        most = np.minimum(self.most_a_month, ranges.own_upper)
        is_from_corner = rest * self.made + far * (most - self.made) < whole * self.made
        return _Rest(
            unit=np.where(is_from_corner, rest - far, whole),
            in_total=np.where(is_from_corner, apart * most, 0.0),
            constant=np.where(is_from_corner, far * most, 0.0),
        )

    def by_group(self, amount: FloatArray) -> FloatArray:
        """(N, n_slots) sum over the members of each group."""
        total = np.zeros((len(self.members), amount.shape[1]))
        np.add.at(total, self.group, amount)
        return total

    def _behind(self, amount: FloatArray, months: IntArray) -> FloatArray:
        """(n, n_slots) amount of the ancestor so many months back, each row by its own months."""
        lags = set(months.tolist())
        if len(lags) == 1:
            return self.tree.lagged(amount, lags.pop())
        behind = np.zeros_like(amount)
        for lag in lags:
            behind[months == lag] = self.tree.lagged(amount[months == lag], lag)
        return behind

    def _ahead(self, amount: FloatArray, months: IntArray) -> FloatArray:
        """(n, n_slots) sum of an amount over the slots so many months on: the transpose of `_behind`."""
        ahead = np.zeros_like(amount)
        for row, lag in enumerate(months.tolist()):
            slots, ancestors = self.tree.with_ancestor(lag)
            np.add.at(ahead[row], ancestors, amount[row, slots])
        return ahead


def _groups(count: int, taker: IntArray, giver: IntArray) -> tuple[IntArray, list[IntArray]]:
    """Number of the group of each curve, and the curves of each group; whoever shares is in one group."""
    group = np.arange(count)
    for one, other in zip(taker.tolist(), giver.tolist(), strict=True):
        first, second = sorted((int(group[one]), int(group[other])))
        group[group == second] = first
    names, number = np.unique(group, return_inverse=True)
    return number.astype(np.int64), [np.flatnonzero(group == name) for name in names]


def _months_on_the_way(curves: Curves, members: list[IntArray]) -> IntArray:
    """(N,) months that experience takes at least from one member of a group to another."""
    data = curves.data
    months = np.ones(len(members), dtype=np.int64)
    for number, chosen in enumerate(members):
        lags = data.lag[np.isin(data.taker, chosen)]
        if len(lags):
            months[number] = 1 + lags.min()
    return months
