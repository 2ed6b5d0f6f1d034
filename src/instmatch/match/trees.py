"""Boosted trees as plain data, for evidence whose parts speak only together.

A city in brackets behind a hospital says another thing than one behind a university, so what
stands around a span cannot be weighed column by column as the evidence of a single name is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from instmatch.errors import InputError
from instmatch.files import atomic_write
from instmatch.match.model import HIGHEST, Calibration, Doubles, Floats
from instmatch.tables import packaged

_VERSION: Final = 1
FILE: Final = "affiliations.json"


@dataclass(frozen=True)
class Tree:
    """One tree, node by node; the first is the root.

    Attributes:
        column: by node, the column that is asked for; -1 for a leaf.
        edge: the value up to which the answer goes left.
        left: the node on the left.
        right: the node on the right.
        value: what a leaf adds to the log-odds.
    """

    column: Sequence[int]
    edge: Sequence[float]
    left: Sequence[int]
    right: Sequence[int]
    value: Sequence[float]


@dataclass(frozen=True)
class Trees:
    """A fitted model.

    Attributes:
        columns: the columns it asks for, by name.
        base: log-odds before any evidence.
        trees: the trees.
        calibration: from their sum to log-odds that are true.
        thresholds: for rising precisions asked for, the lowest score that keeps them.
        trained_on: what it was fitted on, in words.
    """

    columns: Sequence[str]
    base: float
    trees: Sequence[Tree]
    calibration: Calibration
    thresholds: Mapping[str, float]
    trained_on: str

    def log_odds(self, evidence: Floats) -> Doubles:
        """Return true log-odds of rows of evidence, whose columns are `columns`.

        >>> tree = Tree([0, -1, -1], [0.5, 0, 0], [1, 1, 2], [2, 1, 2], [0, -1, 2])
        >>> trees = Trees(["x"], 1.0, [tree], Calibration(1, 0), {}, "")
        >>> trees.log_odds(np.array([[0.2], [0.7]], np.float32)).tolist()
        [0.0, 3.0]
        """
        total = np.full(len(evidence), self.base)
        cells = np.ascontiguousarray(evidence).ravel()
        rows = np.arange(len(evidence)) * evidence.shape[1]
        for column, edge, left, right, value, depth in self._arrays:
            node = np.zeros(len(evidence), np.int64)
            for _ in range(depth):
                goes_left = cells[rows + column[node]] <= edge[node]
                node = np.where(goes_left, left[node], right[node])
            total += value[node]
        return np.minimum(self.calibration.slope * total + self.calibration.offset, HIGHEST)

    @cached_property
    def _arrays(self) -> list[tuple[Any, ...]]:
        return [
            (
                np.maximum(tree.column, 0), np.array(tree.edge, np.float64), np.array(tree.left),
                np.array(tree.right), np.array(tree.value, np.float64), _depth(tree),
            )
            for tree in self.trees
        ]  # fmt: skip

    def threshold(self, precision: float) -> float:
        """Return the lowest score at which matches are right with at least this probability.

        Raises:
            InputError: if the model has no threshold for so high a precision.
        """
        for asked in sorted(self.thresholds, key=float):
            if float(asked) >= precision:
                return self.thresholds[asked]
        shown = ", ".join(sorted(self.thresholds, key=float))
        raise InputError(
            f"precision is {precision}; the labelled affiliations can show no more than the "
            f"highest of {shown}."
        )

    def save(self, path: Path) -> None:
        """Write the model as JSON, a line a tree."""
        data = asdict(self)
        trees = ",\n".join(json.dumps(tree) for tree in data.pop("trees"))
        head = json.dumps({"version": _VERSION, **data}, ensure_ascii=False)
        with atomic_write(path) as file:
            file.write(f'{head[:-1]}, "trees": [\n{trees}\n]}}\n'.encode())

    @classmethod
    def load(cls, path: Path | None = None) -> Trees:
        """Read a model; without a path, the one installed with the package.

        Raises:
            InputError: if the file is not a model of this version.
        """
        path = path or packaged("instmatch", FILE)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] == _VERSION:
                return _read(data)
        except OSError as error:
            raise InputError(f"{path}: the model cannot be read ({error.strerror}).") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}: {_NO_MODEL}") from error
        raise InputError(f"{path}: {_NO_MODEL}")


_NO_MODEL: Final = "this is not a model for affiliations of this version of instmatch."


def _read(data: dict[str, Any]) -> Trees:
    return Trees(
        data["columns"],
        float(data["base"]),
        [Tree(**tree) for tree in data["trees"]],
        Calibration(**data["calibration"]),
        data["thresholds"],
        data["trained_on"],
    )


def _depth(tree: Tree) -> int:
    """Return over how many nodes the longest way to a leaf goes."""
    depth = [0] * len(tree.column)
    for node, column in enumerate(tree.column):
        if column >= 0:
            for child in (tree.left[node], tree.right[node]):
                depth[child] = depth[node] + 1
    return max(depth)
