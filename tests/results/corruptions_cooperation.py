"""Ways to spoil integration work and projects of the hand-worked plan."""

from __future__ import annotations

from tests.results.spoiling import Corruption, add_row, change_row, drop_row, set_cell

_LINK = {"system": "crow"}
_OPTICS = {"project": "optics"}
_LATE = {"begin": "2027-06", "done": "2027-09"}

OF_COOPERATION = tuple(
    Corruption(*parts)
    for parts in (
        ("project between the allowed months", "projects", change_row("projects", _LATE, project="jig")),
        ("project done too soon", "projects", set_cell("projects", "done", "2027-06", project="optics")),
        (
            "project without its second year",
            "projects",
            set_cell("projects", "amount_seller", 18_000.0, **_OPTICS),
        ),
        ("project paid by one side", "projects", set_cell("projects", "amount_buyer", 50_000.0, **_OPTICS)),
        (
            "project with another effect",
            "projects",
            set_cell("projects", "effect", "interface", project="jig"),
        ),
        ("gain taken for certain", "project_gains", set_cell("project_gains", "quantity", 0.8, **_OPTICS)),
        (
            "gain before the project is done",
            "project_gains",
            set_cell("project_gains", "fiscal_year", 2027, **_OPTICS),
        ),
        ("gain of another project", "project_gains", set_cell("project_gains", "project", "jig", **_OPTICS)),
        ("gain of a project never begun", "project_gains", drop_row("projects", **_OPTICS)),
        ("gain not counted", "coverage", drop_row("project_gains", **_OPTICS)),
        (
            "saving taken for certain",
            "project_savings",
            set_cell("project_savings", "amount", 1540.0, project="jig"),
        ),
        (
            "saving on more than is made",
            "project_savings",
            change_row("project_savings", {"quantity": 8.0, "amount": 880.0}, project="jig"),
        ),
        (
            "saving on another system",
            "project_savings",
            change_row("project_savings", {"system": "hawk", "line": "kyiv"}, project="jig"),
        ),
        ("saving without its project", "project_savings", drop_row("projects", project="jig")),
        ("successor without its project", "successors", drop_row("projects", project="den")),
        (
            "successor by a project that is not assured",
            "successors",
            change_row("projects", {"project": "burrow", "done": "2027-02"}, project="den"),
        ),
        (
            "successor before its project is done",
            "successors",
            change_row("projects", {"begin": "2027-07", "done": "2027-11"}, project="den"),
        ),
        ("work of nobody", "integrations", set_cell("integrations", "standard", "Link 22", **_LINK)),
        (
            "work that the deal has in another system",
            "integrations",
            set_cell("integrations", "system", "fox", **_LINK),
        ),
        ("work done too soon", "integrations", set_cell("integrations", "done", "2027-11", **_LINK)),
        (
            "work counted for each branch",
            "integrations",
            set_cell("integrations", "amount", 24_000.0, **_LINK),
        ),
        ("work for one branch of two", "integrations", set_cell("integrations", "branches", "navy", **_LINK)),
        ("work paid by another", "integrations", set_cell("integrations", "payer", "ua", **_LINK)),
        (
            "work done twice",
            "integrations",
            add_row("integrations", {"standard": "LINK 16", "start": "2027-01", "done": "2027-03"}, **_LINK),
        ),
        ("delivery without its work", "integrated", drop_row("integrations", **_LINK)),
        (
            "delivery before its work is done",
            "integrated",
            change_row("integrations", {"start": "2027-11", "done": "2028-01"}, **_LINK),
        ),
        (
            "work not paid by a branch",
            "payments",
            drop_row("payments", branch="navy", purpose="integration"),
        ),
        (
            "delivery paid as work",
            "payments",
            set_cell("payments", "purpose", "integration", fiscal_year=2027),
        ),
    )
)
