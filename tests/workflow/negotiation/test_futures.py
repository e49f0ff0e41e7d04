"""The futures that a negotiation is over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import dronedeal
from dronedeal.deal.term_sheet import deal_at
from dronedeal.exchange import FutureChoices, future_choices
from dronedeal.planning.scenarios.by_node import on_tree
from dronedeal.solving.weighed import WeighedProblem
from dronedeal.workflow.negotiation.choices import Bargaining
from dronedeal.workflow.negotiation.futures import Futures

TREE = Path("deals/first-deal/futures.yaml")


def test_nothing_asked_is_the_deal_as_stated() -> None:
    assert future_choices(None, None, 0, tail=None, tail_of=None, tail_weight=0.5) is None
    asked = future_choices(None, TREE, 0, tail=0.2, tail_of=None, tail_weight=0.5)
    assert asked is not None
    assert asked.weighing is not None
    assert asked.weighing.of == "each"


def test_the_model_under_terms_has_the_utilities_asked_for() -> None:
    deal = dronedeal.read("deals/first-deal")
    plain, weighed = (Futures.of(deal, FutureChoices(tree=TREE, tail=tail)) for tail in (None, 0.5))
    expected, asked = (each.build(deal_at(deal, {"price": 1000.0})).problem for each in (plain, weighed))
    assert not isinstance(expected, WeighedProblem)
    assert isinstance(asked, WeighedProblem)
    assert list(asked.columns)[: len(expected.columns)] == list(expected.columns)
    assert asked.utility[:, : expected.n_columns] == pytest.approx(0.5 * expected.utility)


def test_what_was_matched_once_serves_all_terms() -> None:
    deal = dronedeal.read("deals/first-deal")
    futures, under = Futures.of(deal, FutureChoices(tree=TREE)), deal_at(deal, {"price": 1000.0})
    known, anew = futures.placed(under).data, on_tree(under, futures.grown.tree).data
    assert np.array_equal(known.pairs.effectiveness, anew.pairs.effectiveness)
    assert np.array_equal(known.prices.price, anew.prices.price)
    assert futures.placed(under).matching == on_tree(under, futures.grown.tree).matching


def test_a_checkpoint_serves_no_other_tree_and_no_other_tail() -> None:
    deal = dronedeal.read("deals/first-deal")
    heads = [
        Bargaining().head(deal, Futures.of(deal, choices).options)
        for choices in (
            FutureChoices(tree=TREE),
            FutureChoices(tree=TREE, tail=0.3),
            FutureChoices(tree=TREE, tail=0.3, tail_of="buyer"),
            FutureChoices(2, tree=TREE),
        )
    ]
    heads.append(Bargaining().head(deal))
    for place, head in enumerate(heads):
        for other in heads[place + 1 :]:
            assert head.difference(other.to_data()) is not None
    again = Bargaining().head(deal, Futures.of(deal, FutureChoices(tree=TREE)).options)
    assert heads[0].difference(again.to_data()) is None
