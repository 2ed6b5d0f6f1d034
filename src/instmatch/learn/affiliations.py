"""Fitting the model of affiliations on labelled ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from instmatch.affiliation import PRECISION, AffiliationResolver
from instmatch.gazetteer.corrections import NO_CORRECTIONS
from instmatch.index import Index
from instmatch.match.affiliations import (
    COLUMNS,
    Ints,
    Sightings,
    best_sightings,
    find_sightings,
)
from instmatch.match.model import Calibration, Doubles, Model
from instmatch.match.trees import Tree, Trees
from instmatch.mention.affiliation import read_affiliation

_BATCH: Final = 500
_ROUNDS: Final = 2
_FOLDS: Final = 3
_TREES: Final = 160
_LEAVES: Final = 12
_DEPTH: Final = 6
_RATE: Final = 0.05
_FEWEST: Final = 20
_SHARE: Final = 0.25
_PRECISIONS: Final = (0.9, 0.92, 0.94, 0.95, 0.97, 0.98, 0.99)
_SAME: Final = Calibration(1.0, 0.0)


class Labelled(NamedTuple):
    """A labelled affiliation.

    Attributes:
        text: the affiliation.
        ids: the institutions it names.
    """

    text: str
    ids: frozenset[str]

    @property
    def fold(self) -> int:
        """A number that is the same for all affiliations of an institution."""
        return crc32(min(self.ids, default=self.text).encode("utf-8", "surrogatepass"))


class Pairs(NamedTuple):
    """All pairs of labelled affiliations and institutions.

    Attributes:
        found: the pairs.
        right: whether the institution is one of the label.
        weight: what its affiliation counts.
    """

    found: Sightings
    right: npt.NDArray[np.bool_]
    weight: Doubles

    def take(self, rows: npt.NDArray[Any]) -> Pairs:
        """Return some of the pairs."""
        found = self.found
        parts = (part[rows] for part in found[1:])
        return Pairs(Sightings(found.spans, *parts), self.right[rows], self.weight[rows])


def labelled_pairs(index: Index, model: Model, labelled: Sequence[Labelled]) -> Pairs:
    """Find the institutions that labelled affiliations may name."""
    parts: list[tuple[npt.NDArray[Any], ...]] = []
    for start in range(0, len(labelled), _BATCH):
        texts = [one.text for one in labelled[start : start + _BATCH]]
        affiliations = [read_affiliation(text) for text in texts]
        hints = [None] * len(texts)
        found = find_sightings(index, model, affiliations, hints, NO_CORRECTIONS)
        parts.append((found.affiliation + start, *found[2:]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    size = len(index.ids)
    answers = [
        row * size + index.number_of[id]
        for row, one in enumerate(labelled)
        for id in one.ids
        if id in index.number_of
    ]
    found = Sightings((), *columns)
    right = np.isin(found.affiliation * size + found.inst, answers)
    return Pairs(found, right, _weights(labelled)[found.affiliation])


def _weights(labelled: Sequence[Labelled]) -> Doubles:
    """Return what each affiliation counts: labelled files hold dozens of some institutions."""
    often = Counter(one.fold for one in labelled)
    return np.array([often[one.fold] ** -0.5 for one in labelled])


def fit(index: Index, model: Model, labelled: Sequence[Labelled], trained_on: str) -> Trees:
    """Fit a model of affiliations, with its calibration and thresholds.

    Only affiliations all of whose institutions the index holds are fitted on: of the others the
    label says nothing about what is found. Calibration and thresholds are fitted on scores of
    affiliations whose institutions the scoring model had not seen.

    Args:
        index: the gazetteer.
        model: the model of single names.
        labelled: labelled affiliations.
        trained_on: a note for the model file.
    """
    known = [one for one in labelled if one.ids and one.ids <= index.number_of.keys()]
    pairs = labelled_pairs(index, model, known)
    fold_of = np.array([one.fold % _FOLDS for one in known])
    fold = fold_of[pairs.found.affiliation]
    log_odds = np.zeros(len(pairs.right))
    blind: list[Trees] = []
    for number in range(_FOLDS):
        blind.append(_fit(pairs.take(np.flatnonzero(fold != number)), ""))
        mine = np.flatnonzero(fold == number)
        log_odds[mine] = blind[-1].log_odds(pairs.found.evidence[mine])
    best = best_sightings(pairs.found, log_odds)
    calibration = _platt(pairs.take(best), log_odds[best])
    weight = _weights(known)
    decided: list[tuple[float, bool, float]] = []
    for number, trees in enumerate(blind):
        # With a threshold of zero, all that is chosen is matched.
        trees = replace(trees, calibration=calibration, thresholds={str(PRECISION): 0.0})
        resolver = AffiliationResolver(index, model, trees)
        rows = np.flatnonzero(fold_of == number).tolist()
        for row, found in zip(
            rows, resolver.resolve([known[row].text for row in rows]), strict=True
        ):
            decided += (
                (said.score, said.id in known[row].ids, weight[row]) for said in found.institutions
            )
    thresholds = _thresholds(*map(np.array, zip(*decided, strict=True)))
    return replace(_fit(pairs, trained_on), calibration=calibration, thresholds=thresholds)


def _fit(pairs: Pairs, trained_on: str) -> Trees:
    """Fit trees; an affiliation's pairs with one institution count as one, the best."""
    log_odds: Doubles = pairs.found.evidence[:, -1].astype(float)
    for _ in range(_ROUNDS):
        best = best_sightings(pairs.found, log_odds)
        boosted = HistGradientBoostingClassifier(
            max_iter=_TREES, max_leaf_nodes=_LEAVES, max_depth=_DEPTH, learning_rate=_RATE,
            min_samples_leaf=_FEWEST, max_features=_SHARE, early_stopping=False, random_state=0,
        )  # fmt: skip
        # One thread: the result must not depend on the machine.
        with threadpool_limits(1):
            boosted.fit(pairs.found.evidence[best], pairs.right[best], pairs.weight[best])
        trees = exported(boosted, trained_on)
        log_odds = trees.log_odds(pairs.found.evidence)
    return trees


def exported(boosted: HistGradientBoostingClassifier, trained_on: str) -> Trees:
    """Return a fitted classifier as plain data."""
    trees: list[Tree] = []
    for (predictor,) in boosted._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(len(nodes))
        trees.append(
            Tree(
                np.where(leaf, -1, nodes["feature_idx"]).tolist(),
                np.where(leaf, 0, nodes["num_threshold"]).tolist(),
                np.where(leaf, own, nodes["left"]).tolist(),
                np.where(leaf, own, nodes["right"]).tolist(),
                np.where(leaf, nodes["value"], 0).round(6).tolist(),
            )
        )
    base = float(boosted._baseline_prediction.item())
    return Trees(COLUMNS, round(base, 6), trees, _SAME, {}, trained_on)


def _platt(pairs: Pairs, log_odds: Doubles) -> Calibration:
    fitted = LogisticRegression(C=1e6).fit(log_odds[:, None], pairs.right, pairs.weight)
    slope, offset = float(fitted.coef_.item()), float(fitted.intercept_.item())
    return Calibration(round(slope, 5), round(offset, 5))


def _thresholds(scores: Doubles, right: Doubles, weight: Doubles) -> dict[str, float]:
    """Return the lowest scores that keep precisions among what scores higher."""
    order: Ints = np.argsort(-scores, kind="stable")
    precision = np.cumsum((right * weight)[order]) / np.cumsum(weight[order])
    out: dict[str, float] = {}
    for asked in _PRECISIONS:
        kept = np.flatnonzero(precision >= asked)
        if len(kept):
            out[str(asked)] = round(float(scores[order[kept[-1]]]), 4)
    return out
