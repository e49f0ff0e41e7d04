"""Section on what both sides do together: integration work and technical-cooperation projects."""

from __future__ import annotations

from dronedeal.report.charts.cooperating import PROJECT, efforts
from dronedeal.report.sections.section import Section, Subject, section
from dronedeal.report.wording import list_text, plain


@section(3.7)
def cooperation(subject: Subject) -> Section:
    """Which work and which projects are begun, and which are not."""
    view = subject.view
    words = [
        "A system is delivered to a branch only when the integration work between them is done; work that "
        "several branches ask for is done and paid once. Joint projects count with their chance of success."
    ]
    begun = {row["project"] for row in view.rows("projects")}
    idle = [plain(project.name) for project in view.deal.projects if project.id not in begun]
    if idle:
        words.append(f"Not begun: {list_text(idle, 6)}.")
    effects = [f"{effort.label}: {effort.purpose}." for effort in efforts(view) if effort.kind == PROJECT]
    words += effects
    return Section(
        "cooperation",
        "Integration work and joint projects",
        tuple(words),
        (subject.figures["cooperation"],),
    )
