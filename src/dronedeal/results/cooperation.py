"""Tables of what the two sides do together: integration work."""

from __future__ import annotations

from typing import Any

import numpy as np

from dronedeal.planning.data import MONEY_UNIT
from dronedeal.results.reading import Reading
from dronedeal.results.vocabulary import subject

Row = dict[str, Any]


def integrations(reading: Reading) -> list[Row]:
    """Integration work that is begun, in the order of the months."""
    data, deal = reading.data, reading.deal
    rows = []
    for slot, work in zip(*np.nonzero(reading.integrated.T), strict=True):
        month = int(data.tree.slot_month[slot])
        members = [deal.integrations[number] for number in data.works.rows[work]]
        rows.append(
            {
                "system": members[0].system,
                "standard": members[0].standard,
                "branches": subject(*(member.branch for member in members)),
                "start": data.calendar.label(month),
                "done": data.calendar.label(month + int(data.works.months[work])),
                "payer": members[0].payer,
                "amount": float(data.works.cost[work, month]) * MONEY_UNIT,
            }
        )
    return rows
