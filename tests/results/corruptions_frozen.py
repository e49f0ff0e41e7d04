"""Ways to spoil what the hand-worked plan says of frozen months."""

from __future__ import annotations

from typing import Any

from tests.results.spoiling import Corruption, Values

_IDS = {
    "production": ("make", ("system", "line")),
    "shipments": ("ship", ("requirement", "system", "line")),
    "home_supply": ("home", ("need", "system", "line")),
    "other_sales": ("sale", ("customer", "system", "line")),
    "substitutions": ("substitute", ("system", "line", "component", "substitute")),
}


def freeze(values: Values, until: str = "2027-04") -> list[dict[str, Any]]:
    """State that everything up to a month is frozen as it is; returns the rows."""
    tables, rows = values["tables"], []
    for table, (what, names) in _IDS.items():
        for row in tables[table]:
            ids = " / ".join(row[name] for name in names if row[name] is not None)
            rows.append((what, ids, row["month"], row["quantity"]))
    rows += [(row["kind"], row["line"], row["decided"], row["quantity"]) for row in tables["openings"]]
    rows += [
        ("integration", f"{row['system']} / {row['standard']}", row["start"], 1.0)
        for row in tables["integrations"]
    ]
    rows += [("project", row["project"], row["begin"], 1.0) for row in tables["projects"]]
    values["options"]["freeze_until"] = until
    tables["frozen"] = [
        {"what": what, "subject": ids, "month": month, "old": quantity, "new": quantity}
        for what, ids, month, quantity in rows
        if month <= until and quantity > 0
    ]
    kept: list[dict[str, Any]] = tables["frozen"]
    return kept


def _without_a_month(values: Values) -> None:
    freeze(values)
    del values["options"]["freeze_until"]


def _beyond_the_plan(values: Values) -> None:
    freeze(values, "2035-01")


def _left_out(values: Values) -> None:
    freeze(values).pop()


def _not_done(values: Values) -> None:
    freeze(values)[0].update(old=1e3, new=1e3)


def _more_than_before(values: Values) -> None:
    freeze(values)[0]["old"] *= 0.5


def _after_the_zone(values: Values) -> None:
    rows = freeze(values)
    rows.append(rows[0] | {"month": "2027-06"})


def _moved_in_silence(values: Values) -> None:
    freeze(values)[0]["old"] += 5.0


OF_FREEZING = (
    Corruption("frozen decisions without a month", "frozen", _without_a_month),
    Corruption("frozen beyond the plan", "frozen", _beyond_the_plan),
    Corruption("frozen decision left out", "frozen", _left_out),
    Corruption("frozen decision that the plan does not make", "frozen", _not_done),
    Corruption("more done than was frozen", "frozen", _more_than_before),
    Corruption("frozen decision after the zone", "frozen", _after_the_zone),
    Corruption("frozen decision moved in silence", "violations", _moved_in_silence),
)
