"""Calibration: from a model's log-odds to probabilities that come true on labelled mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from instmatch.index import Index
from instmatch.learn.examples import Example, scripts_together
from instmatch.learn.fit import Ints, TrainingPairs, best_rows, training_pairs
from instmatch.match.decision import MARGIN, WORTH_A_LOOK
from instmatch.match.evidence import COLUMN
from instmatch.match.model import Calibration, Model, Weights
from instmatch.match.scoring import SETTLED

NIL_EVERY: Final = 10
"""Every how many labelled mentions one is tried again as if its institution were not in the
gazetteer: lists hold names no gazetteer has, and labelled files hardly show them."""

_TRUST: Final = 0.25
"""How far, in log-odds, offsets and slopes with and without a country are expected apart. Labelled
files show few errors, and a handful must not make a confirmed country lower a score."""

Doubles = npt.NDArray[np.float64]

_PRECISIONS: Final = (0.9, 0.95, 0.98, 0.99, 0.995)


def with_absent(examples: Sequence[Example]) -> list[Example]:
    """Return examples, those in CJK scripts also without the answer's names in their script.

    And of every tenth of all these the same with its institution absent.
    """
    unwritten = [
        replace(example, unwritten=scripts)
        for example in examples
        if (scripts := scripts_together(example.text)) and not example.unwritten
    ]
    tried = [*examples, *unwritten]
    absent = [
        replace(example, answers=frozenset(), absent=min(example.answers))
        for example in tried[::NIL_EVERY]
        if example.answers
    ]
    return [*tried, *absent]


def calibrate(model: Model, index: Index, examples: Sequence[Example]) -> Model:
    """Fit calibration and thresholds on labelled mentions.

    Platt scaling of the best candidate by spelling and of the best by ear, with a country given and
    without. Names that no gazetteer has are counted with (see `with_absent`).

    Args:
        model: a fitted model.
        index: the gazetteer it is used with.
        examples: labelled mentions, none of which the model was fitted on.

    Returns:
        The model with its calibration.
    """
    return calibrated(model, training_pairs(index, with_absent(examples)))


def calibrated(model: Model, pairs: TrainingPairs) -> Model:
    """Do as `calibrate` with the pairs of the examples, absent ones among them, at hand."""
    odds = model.log_odds(pairs.evidence)
    heard = pairs.evidence[:, COLUMN["across"]] > 0
    written = ~pairs.unwritten
    model = replace(model, spelled=_platt(model.spelled, pairs, odds, ~heard & written))
    # As when it is used: the ear is asked about what spelling does not settle.
    scores = model.score(model.calibrate(odds, pairs.evidence, pairs.hinted), pairs.evidence)
    settled = np.unique(pairs.example[~heard & (scores >= SETTLED)])
    kept = np.flatnonzero(~(heard & np.isin(pairs.example, settled)))
    pairs, odds, heard = pairs.take(kept), odds[kept], heard[kept]
    model = replace(model, heard=_platt(model.heard, pairs, odds, heard))
    odds = model.calibrate(odds, pairs.evidence, pairs.hinted)
    scores = model.score(odds, pairs.evidence)
    top, second = _leading_rows(pairs, odds)
    after = np.where(second >= 0, scores[second], 0)
    decided = (scores[top] - after >= MARGIN) | (after < WORTH_A_LOOK)
    by_spelling, by_ear = (
        _thresholds(scores[top][part], pairs.right[top][part])
        for part in (decided & ~heard[top] & ~pairs.unwritten[top], decided & heard[top])
    )
    return replace(
        model, thresholds={asked: (by_spelling[asked], by_ear[asked]) for asked in by_spelling}
    )


def _leading_rows(pairs: TrainingPairs, odds: Doubles) -> tuple[Ints, Ints]:
    """Return the best pair of each example, and of its second institution; -1 if it has none."""
    best = best_rows(pairs, odds)
    order = best[np.lexsort((-odds[best], pairs.example[best]))]
    examples, first = np.unique(pairs.example[order], return_index=True)
    after = np.minimum(first + 1, len(order) - 1)
    second = np.where(pairs.example[order[after]] == examples, order[after], -1)
    return order[first], np.where(after > first, second, -1)


def _platt(
    weights: Weights, pairs: TrainingPairs, odds: Doubles, part: npt.NDArray[np.bool_]
) -> Weights:
    """Return weights with their calibration, with a country given and without.

    Args:
        weights: the weights.
        pairs: all pairs; of each example the best of those they are for counts.
        odds: their odds.
        part: which pairs the weights are for.
    """
    rows = np.flatnonzero(part)
    if not len(rows):
        return weights
    pairs, odds = pairs.take(rows), odds[rows]
    top, _ = _leading_rows(pairs, odds)
    odds, hinted, right = odds[top], pairs.hinted[top], pairs.right[top]
    if right.all() or not right.any():
        return weights
    columns = np.column_stack([odds, hinted * _TRUST, hinted * odds * _TRUST])
    regression = LogisticRegression(C=1.0).fit(columns, right)
    slope, more, steeper = (regression.coef_[0] * (1, _TRUST, _TRUST)).tolist()
    offset = float(regression.intercept_[0])
    return replace(
        weights,
        with_hint=Calibration(round(slope + steeper, 4), round(offset + more, 4)),
        without_hint=Calibration(round(slope, 4), round(offset, 4)),
    )


def _thresholds(scores: Doubles, right: npt.NDArray[np.bool_]) -> dict[str, float]:
    """Return for each precision the lowest score above which so many were right; 1 if none is."""
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    thresholds: dict[str, float] = {}
    for wanted in _PRECISIONS:
        held = np.flatnonzero(precision >= wanted)
        lowest = float(scores[order[held[-1]]]) if len(held) else 1.0
        thresholds[str(wanted)] = round(max(lowest, 0.5), 4)
    return thresholds
