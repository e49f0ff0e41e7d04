"""Facts and assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from dronedeal.deal import drafts
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding
from dronedeal.deal.place import Place
from dronedeal.deal.record import Record
from dronedeal.deal.schema import TABLES
from dronedeal.deal.settings import CashAccount, Party

_FIGURES_OF_PARTY = frozenset(("fiscal_year_start", "discount_rate", "escalation_index"))


class _Sourced(Protocol):
    @property
    def source(self) -> str | None: ...
    @property
    def basis(self) -> str | None: ...
    @property
    def note(self) -> str | None: ...


class _Statement(NamedTuple):
    """A row of a table, or what stands under a key of `deal.yaml`: both say where their figures come from."""

    record: _Sourced
    table: str
    row: int
    key: str
    name: str

    @property
    def subject(self) -> str:
        return drafts.row_name(self.table, self.record) if self.table else self.name

    def place(self, deal: Deal, column: str) -> Place:
        if self.table:
            return deal.place(self.table, self.row, column)
        return deal.settings_place(f"{self.key}.{column}")


@rule("unknown_fact", severity="error")
def unknown_fact(deal: Deal) -> Iterator[Finding]:
    """A source is neither an address (with `://`) nor the id of a row of `facts`."""
    known = drafts.Names(fact.id for fact in deal.facts)
    for statement in _statements(deal):
        for source in (statement.record.source or "").split():
            if "://" not in source and source not in known:
                yield drafts.at(
                    statement.place(deal, "source"),
                    subject=f"source of {statement.subject}",
                    found=drafts.quoted(source),
                    allowed="ids of `facts`, separated by blanks, or an address with ://",
                    next_step=known.advice(
                        source, otherwise="add the fact to `facts`; words about a source belong under `note`"
                    ),
                )


@rule("fact_without_source", severity="error")
def fact_without_source(deal: Deal) -> Iterator[Finding]:
    """A row calls itself a fact and names no source."""
    for statement in _statements(deal):
        if statement.record.basis == "fact" and statement.record.source is None:
            yield drafts.at(
                statement.place(deal, "source"),
                subject=f"source of {statement.subject}",
                found="a blank cell with the basis 'fact'",
                allowed="ids of `facts`, separated by blanks, or an address with ://",
                next_step="name the source, or make the basis 'assumption' and say why under `note`",
            )


@rule("assumption_without_note", severity="warning")
def assumption_without_note(deal: Deal) -> Iterator[Finding]:
    """A row calls itself an assumption and does not say why it is reasonable."""
    for statement in _statements(deal):
        if statement.record.basis == "assumption" and statement.record.note is None:
            yield drafts.at(
                statement.place(deal, "note"),
                subject=f"note of {statement.subject}",
                found="a blank cell with the basis 'assumption'",
                allowed="a sentence that says why the assumption is reasonable",
                next_step="fill in the note",
            )


@rule("row_without_basis", severity="warning")
def row_without_basis(deal: Deal) -> Iterator[Finding]:
    """In a deal that brings its facts along, a row says neither fact nor assumption."""
    for statement in _statements(deal) if deal.facts else ():
        if statement.record.basis is None and _has_figures(statement.record):
            yield drafts.at(
                statement.place(deal, "basis"),
                subject=f"basis of {statement.subject}",
                found="a blank cell",
                allowed="fact, assumption",
                next_step="say which of the two the figures of the row are",
            )


def _statements(deal: Deal) -> Iterator[_Statement]:
    for position, party in enumerate(deal.settings.parties):
        yield _Statement(party, "", 0, f"parties.{position}", f"party '{party.id}'")
    for position, prior in enumerate(deal.settings.evidence.priors):
        yield _Statement(prior, "", 0, f"evidence.priors.{position}", f"the prior of '{prior.measure}'")
    yield _Statement(deal.settings.cash, "", 0, "cash", "the seller's cash account")
    for name, table in TABLES.items():
        if issubclass(table.record, Record):
            for row, record in enumerate(deal.table(name)):
                yield _Statement(record, name, row, "", "")


def _has_figures(record: _Sourced) -> bool:
    """Whether there is anything to source; a party may be no more than a name, and no account may be kept."""
    if isinstance(record, CashAccount):
        return record.is_kept
    return not isinstance(record, Party) or bool(record.model_fields_set & _FIGURES_OF_PARTY)
