"""How far a design has moved on by each year: a new version every so many months."""

from __future__ import annotations

from dronedeal.deal.systems import System
from dronedeal.quantities.calendar import FiscalYears


class DesignSteps:
    """Design versions that come out during the plan.

    Parameters
    ----------
    years : fiscal years of the buyer
    """

    def __init__(self, years: FiscalYears) -> None:
        self._years = years

    def by_year(self, system: System) -> tuple[int, ...]:
        """Versions since the present one in the first month of each fiscal year inside the plan.

        `⌊(t − a) / design_refresh_months⌋` in month `t`, with `a` the first month of the plan, or that in
        which the system becomes available if it is later; 0 before it and where no refresh is stated.

        Examples
        --------
        >>> from dronedeal.quantities.calendar import Calendar
        >>> steps = DesignSteps(FiscalYears(Calendar("2027-01", 36), 1))
        >>> kite = System(id="kite", name="Kite", maker="K", supplier="ua", domain="air", role="scout",
        ...               design_refresh_months=9)
        >>> steps.by_year(kite)
        (0, 1, 2)
        """
        every = system.design_refresh_months
        starts = [self._years.months_in(year)[0] for year in self._years.names]
        if not every:
            return (0,) * len(starts)
        calendar = self._years.calendar
        first = 0 if system.available_from is None else max(0, calendar.index(system.available_from))
        return tuple(max(0, start - first) // every for start in starts)
