"""The futures that a negotiation is about: a scenario tree, and how each side weighs what may become of it.

The terms are signed at the root, so that one value of a clause holds in all scenarios. The tree is that of
the deal as it stands: clauses change the deal in every node of it alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dronedeal.assessment.alike import is_matched_alike
from dronedeal.deal import Deal
from dronedeal.exchange import FutureChoices
from dronedeal.planning import Model, build_problem
from dronedeal.planning.scenarios.by_node import OnTree, on_tree
from dronedeal.planning.scenarios.service import service_levels, with_service_levels
from dronedeal.planning.scenarios.under import Matching
from dronedeal.solving import Tail
from dronedeal.solving.weighed import with_worst
from dronedeal.workflow.scenarios.plan import Grown, grow
from dronedeal.workflow.scenarios.tail import parts_of


@dataclass(frozen=True)
class Futures:
    """The futures of one deal.

    Parameters
    ----------
    deal : as it stands
    grown : the tree, and how it was made
    tail : which worst futures count; None: the mean of all is all that counts
    seed : of the draws
    """

    deal: Deal
    grown: Grown
    tail: Tail | None
    seed: int

    @classmethod
    def of(cls, deal: Deal, choices: FutureChoices) -> Futures:
        """Grow or read the tree.

        Raises
        ------
        ScenarioTreeError : where it cannot be used
        """
        return cls(deal, grow(deal, choices.asked, seed=choices.seed), choices.weighing, choices.seed)

    def placed(self, deal: Deal) -> OnTree:
        """The arrays of the deal, under any terms, on the tree."""
        matching = self._matching if is_matched_alike(self.deal, deal) else None
        return on_tree(deal, self.grown.tree, matching=matching)

    @cached_property
    def _matching(self) -> Matching:
        return Matching(self.deal)

    def model(self, deal: Deal, placed: OnTree) -> Model:
        """Arrays and problem of the deal with expected utilities."""
        problem = with_service_levels(build_problem(placed.data), service_levels(deal))
        return Model(placed.data, problem)

    def weighed(self, placed: OnTree, model: Model) -> Model:
        """The same with utilities as each side weighs them; its further columns stand at the end."""
        if self.tail is None:
            return model
        parts = parts_of(placed, model)
        return Model(model.data, with_worst(model.problem, parts, placed.tree.leaves, self.tail))

    def build(self, deal: Deal) -> Model:
        """The model of the deal, under any terms, that questions are asked about."""
        placed = self.placed(deal)
        return self.weighed(placed, self.model(deal, placed))

    @property
    def digest(self) -> str:
        """SHA-256 of the tree, by which a checkpoint knows it again."""
        nodes = [
            [node.name, node.parent, node.probability, sorted(map(str, node.outcomes.items()))]
            for node in self.grown.tree.nodes
        ]
        return hashlib.sha256(json.dumps(nodes, ensure_ascii=False).encode()).hexdigest()

    @property
    def options(self) -> Mapping[str, Any]:
        """What of it changes what is found, for record and checkpoint."""
        tail = self.tail
        return {
            "scenarios": len(self.grown.tree.leaves),
            "tree": self.digest,
            "seed": self.seed,
            "tail": None if tail is None else tail.share,
            "tail_of": None if tail is None else tail.of,
            "tail_weight": None if tail is None else tail.weight,
        }
