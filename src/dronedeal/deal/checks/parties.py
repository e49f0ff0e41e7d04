"""Parties."""

from __future__ import annotations

from collections.abc import Iterator

from dronedeal.deal import drafts
from dronedeal.deal.checks import lookup
from dronedeal.deal.checks.registry import rule
from dronedeal.deal.deal import Deal
from dronedeal.deal.finding import Finding


@rule("one_buyer_one_seller", severity="error")
def one_buyer_one_seller(deal: Deal) -> Iterator[Finding]:
    """A deal has exactly one party with the role `buyer` and one with the role `seller`."""
    for role in ("buyer", "seller"):
        names = [party.id for party in deal.settings.parties if party.role == role]
        if len(names) != 1:
            yield drafts.at(
                deal.settings_place("parties"),
                subject=f"parties with the role {role}",
                found=", ".join(drafts.quoted(name) for name in names) or "none",
                allowed=f"exactly one {role}",
                next_step=f"give one party `role: {role}` and every further one `role: third`",
            )


@rule("duplicate_party", severity="error")
def duplicate_party(deal: Deal) -> Iterator[Finding]:
    """Two parties have the same id."""
    parties = deal.settings.parties
    for position, first in lookup.repeats([(party.id,) for party in parties]):
        yield drafts.at(
            deal.settings_place(f"parties.{position}.id"),
            subject=f"id of the party {drafts.quoted(parties[position].name)}",
            found=f"{drafts.quoted(parties[position].id)}, the id of {drafts.quoted(parties[first].name)}",
            allowed="an id of its own for each party",
            next_step="rename one of the two parties, and the cells that mean it",
        )


@rule("branch_of_another_party", severity="error")
def branch_of_another_party(deal: Deal) -> Iterator[Finding]:
    """A branch belongs to a party that is not the buyer."""
    buyer = lookup.party_of(deal, "buyer")
    known = {party.id for party in deal.settings.parties}
    for row, branch in enumerate(deal.branches):
        if buyer is not None and branch.party in known and branch.party != buyer.id:
            yield drafts.cell(
                deal,
                ("branches", row, "party"),
                subject=f"party of branch '{branch.id}'",
                found=drafts.quoted(branch.party),
                allowed=f"the buyer, {drafts.quoted(buyer.id)}",
                next_step="name the buyer, or take the branch out; needs of the seller stand in `home_needs`",
            )
