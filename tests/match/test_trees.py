"""Boosted trees as plain data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from instmatch import InputError
from instmatch.match.affiliations import COLUMNS
from instmatch.match.model import Calibration
from instmatch.match.trees import Tree, Trees

TREE = Tree(
    [0, -1, 1, -1, -1], [0.5, 0, 2.5, 0, 0], [1, 1, 3, 3, 4], [2, 1, 4, 3, 4], [0, -1.5, 0, 0.5, 4]
)
TREES = Trees(["x", "y"], -1.0, [TREE, TREE], Calibration(2.0, 0.5), {"0.9": 0.4}, "nothing")


def walked(tree: Tree, row: list[float]) -> float:
    node = 0
    while tree.column[node] >= 0:
        left = row[tree.column[node]] <= tree.edge[node]
        node = (tree.left if left else tree.right)[node]
    return tree.value[node]


def test_scores_are_those_of_walking_the_trees() -> None:
    rows = [[x, y] for x in (0.0, 0.5, 0.6) for y in (2.5, 3.0)]
    plain = [2 * (-1 + 2 * walked(TREE, row)) + 0.5 for row in rows]
    assert TREES.log_odds(np.array(rows, np.float32)) == pytest.approx(
        np.minimum(plain, 6.9), abs=1e-9
    )


def test_written_and_read_again(tmp_path: Path) -> None:
    TREES.save(tmp_path / "trees.json")
    assert Trees.load(tmp_path / "trees.json") == TREES


def test_thresholds() -> None:
    assert TREES.threshold(0.8) == 0.4
    with pytest.raises(InputError, match="can show no more"):
        TREES.threshold(0.95)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 0}', '{"version": 1, "trees": [1]}'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "trees.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="not a model for affiliations"):
        Trees.load(path)
    with pytest.raises(InputError, match="cannot be read"):
        Trees.load(tmp_path / "none.json")


def test_the_installed_model_asks_for_columns_there_are() -> None:
    trees = Trees.load()
    assert set(trees.columns) <= set(COLUMNS)
    assert {"0.94", "0.95"} <= trees.thresholds.keys()
