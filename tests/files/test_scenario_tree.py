"""Reading trees from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dronedeal.deal.place import Place
from dronedeal.deal.scenario_tree import ScenarioTree, Varied
from dronedeal.errors import ScenarioTreeError
from dronedeal.files.scenario_tree import faults_of, read_scenario_tree

CSV = """node,parent,probability,budget:army,buyer_need:*
# what is signed now
now,,1,,
cut,now,0.25,0.7,
kept,now,0.75,,1.2
worse,cut,1,0.5,
"""
YAML = """nodes:
  - node: now
    probability: 1
  - node: cut
    parent: now
    probability: 0.25
    "budget:army": 0.7
  - {node: kept, parent: now, probability: 0.75, "buyer_need:*": 1.2}
  - {node: worse, parent: cut, probability: 1, "budget:army": 0.5}
"""
YEARS = (2027, 2028, 2029)


def read(folder: Path, text: str, name: str = "tree.csv") -> ScenarioTree:
    (folder / name).write_text(text, encoding="utf-8")
    return read_scenario_tree(folder / name, years=YEARS)


def faults(folder: Path, text: str, name: str = "tree.csv") -> str:
    with pytest.raises(ScenarioTreeError) as caught:
        read(folder, text, name)
    return str(caught.value).replace(str(folder) + "/", "")


def test_blank_multipliers_leave_what_is_in_force_and_short_branches_go_on(tmp_path: Path) -> None:
    tree = read(tmp_path, CSV)
    assert [node.name for node in tree.nodes] == ["now", "cut", "kept", "worse", "kept>2029"]
    assert [node.probability for node in tree.nodes] == [1.0, 0.25, 0.75, 0.25, 0.75]
    army, need = Varied("budget", "army"), Varied("buyer_need", "*")
    assert [tree.multiplier(number, army) for number in range(5)] == [1.0, 0.7, 1.0, 0.5, 1.0]
    assert [tree.multiplier(number, need) for number in range(5)] == [1.0, 1.0, 1.2, 1.0, 1.2]


def test_yaml_says_the_same_as_csv(tmp_path: Path) -> None:
    assert read(tmp_path, YAML, "tree.yaml") == read(tmp_path, CSV)


def test_the_order_of_rows_does_not_matter_to_what_follows_what(tmp_path: Path) -> None:
    lines = CSV.splitlines(keepends=True)
    tree = read(tmp_path, "".join([lines[0], lines[5], lines[3], lines[4], lines[2]]))
    assert {(node.name, node.probability) for node in tree.nodes} == {
        (node.name, node.probability) for node in read(tmp_path, CSV).nodes
    }


# fmt: off
FAULTS = [
        ("0.25", "0.3", "line 4, column 3 (probability): error [scenario_tree] chance of the nodes "
         "after 'now' given the parent; found 1.05 in all; allowed: 1 within 1e-09"),
        ("0.25", "x", "line 4, column 3 (probability): error [scenario_tree] the column probability; found"),
        ("0.25", "", "line 4: error [scenario_tree] the column probability; found a blank cell"),
        ("0.7,", "-1,", "line 4, column 4 (budget:army): error [scenario_tree] the column budget:army"),
        ("cut,now", "cut,nw", "the parent; found 'nw'; allowed: a node of the file; did you mean `now`?"),
        ("worse,cut", "cut,cut", "the node stands twice; found 'cut'; allowed: one of a name; the first: "),
        ("worse,cut", "worse,", "a second node without a parent"),
        ("now,,", "now,cut,", "no node is the root"),
        ("kept,now", "kept,kept", "the node is its own ancestor"),
        ("budget:army", "budgt:army", "the column; found 'budgt:army'; allowed: node, parent, probability"),
        ("buyer_need:*", "budget:army", "the column stands twice"),
        ("worse,cut,1,0.5,", "worse,cut,1,0.5,\nlast,worse,1,,", "a level too many; found 'last'"),
        ("worse,cut,1,0.5,", "worse,cut,1,0.5,,7", "a cell without a column; found '7'"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "words"), FAULTS)
def test_faults_say_where_and_what_is_allowed(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert words in faults(tmp_path, CSV.replace(old, new, 1))


def test_a_file_without_nodes_is_refused(tmp_path: Path) -> None:
    assert "the file holds no nodes" in faults(tmp_path, "node,parent,probability\n")
    with pytest.raises(ScenarioTreeError, match="there is no such file"):
        read_scenario_tree(tmp_path / "none.csv", years=YEARS)


def test_subjects_that_the_deal_does_not_have_are_found(tmp_path: Path) -> None:
    tree = read(tmp_path, CSV)
    (found,) = faults_of(tree, {"budget": ["navy"], "buyer_need": []}, Place("tree.csv"))
    assert str(found) == (
        "tree.csv: error [scenario_tree] subject of budget; found 'army'; allowed: `*`, or one of navy; "
        "mend the column"
    )
