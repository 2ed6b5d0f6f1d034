"""Fitting the pairwise model and its calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from instmatch.index import Index
from instmatch.index.index import SCRIPTS
from instmatch.learn.examples import Example
from instmatch.match.candidates import Pairs, candidates, distinct
from instmatch.match.evidence import COLUMN, EVIDENCE, Floats, evidence_matrix
from instmatch.match.heard import heard_pairs, spellings
from instmatch.match.model import Model, Steps, Weights
from instmatch.match.query import make_batch
from instmatch.mention import read_mention

_BATCH: Final = 1000
_ROUNDS: Final = 3
_TREES: Final = 400
_LEAVES: Final = 6

_RULES: Final = {"numerals_differ": -6.0}
"""What some evidence weighs at least, however rare it is in training: Paris 12 is not Paris 1."""

_RIVALS: Final = 20
"""Institutions of an example that are fitted on; those after them are easily told apart."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TrainingPairs:
    """All pairs of all examples, flat.

    Attributes:
        example: row of the example.
        group: number of the example and institution together: pairs to choose the best of.
        evidence: evidence of the pair.
        right: whether its institution is an answer.
        hinted: whether the example's country is given.
        unwritten: whether the answer is treated as having no name in the example's script.
    """

    example: Ints
    group: Ints
    evidence: Floats
    right: npt.NDArray[np.bool_]
    hinted: npt.NDArray[np.bool_]
    unwritten: npt.NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence[TrainingPairs]) -> TrainingPairs:
        """Return the pairs of several, whose examples and groups have numbers of their own."""
        return cls(
            np.concatenate([part.example for part in parts]),
            np.concatenate([part.group for part in parts]),
            np.concatenate([part.evidence for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.hinted for part in parts]),
            np.concatenate([part.unwritten for part in parts]),
        )

    def take(self, rows: npt.NDArray[np.generic]) -> TrainingPairs:
        """Return some of the pairs."""
        return TrainingPairs(
            self.example[rows], self.group[rows], self.evidence[rows], self.right[rows],
            self.hinted[rows], self.unwritten[rows],
        )  # fmt: skip


def training_pairs(index: Index, examples: Sequence[Example]) -> TrainingPairs:
    """Block the examples against an index and gather the evidence of all pairs.

    Hard negatives come of themselves: they are what blocking finds beside the answer.
    """
    return TrainingPairs.joined(
        [
            _pairs_of(index, examples[start : start + _BATCH], start)
            for start in range(0, len(examples), _BATCH)
        ]
    )


def _pairs_of(index: Index, examples: Sequence[Example], start: int) -> TrainingPairs:
    mentions = [read_mention(example.text) for example in examples]
    filled = [row for row, mention in enumerate(mentions) if mention.readings]
    hints = [examples[row].hint for row in filled]
    batch = make_batch(index, [mentions[row] for row in filled], hints)
    found, places = spellings(index, batch, range(len(batch.readings)))
    pairs = distinct(candidates(index, batch), heard_pairs(index, batch, found, places))
    inst = index.arrays["name.inst"][pairs.name].astype(np.int64)
    example = np.array(filled)[batch.mention_of[pairs.reading]]
    keep = ~_hidden(index, examples, example, inst, pairs)
    pairs = pairs.take(keep)
    inst, example = inst[keep], example[keep]
    size = len(index.ids)
    answers = [
        row * size + index.number_of[answer]
        for row, one in enumerate(examples)
        for answer in one.answers
        if answer in index.number_of
    ]
    group = example * size + inst
    hinted = np.array([bool(one.hint) for one in examples])
    return TrainingPairs(
        example + start,
        group + start * size,
        evidence_matrix(index, batch, pairs, found, places),
        np.isin(group, answers),
        hinted[example],
        np.array([bool(one.unwritten) for one in examples])[example],
    )


def _hidden(
    index: Index, examples: Sequence[Example], example: Ints, inst: Ints, pairs: Pairs
) -> npt.NDArray[np.bool_]:
    """Return which pairs an example is to be treated as not having."""
    number = index.number_of
    absent = np.array([number.get(one.absent, -1) for one in examples])[example]
    hidden: npt.NDArray[np.bool_] = inst == absent
    withheld = np.array([bool(one.withheld or one.unwritten) for one in examples])[example]
    for row in np.flatnonzero(withheld).tolist():
        one = examples[example[row]]
        if index.ids[int(inst[row])] in one.answers:
            name = int(pairs.name[row])
            script = index.arrays["name.script"][name]
            hidden[row] |= index.texts["fold"][name] == one.withheld
            hidden[row] |= bool(one.unwritten) and SCRIPTS[script] in one.unwritten
    return hidden


def fit(pairs: TrainingPairs, trained_on: str) -> Model:
    """Fit a model.

    A mention's pairs with one institution count as one: the best, by the model of the round
    before, as when it is used. Calibration is the identity until `calibrate`.

    Args:
        pairs: what to fit on.
        trained_on: a note for the model file.
    """
    pairs = pairs.take(_near_rows(pairs, _first_guess(pairs.evidence)))
    odds: npt.NDArray[np.floating] = _first_guess(pairs.evidence)
    for _ in range(_ROUNDS):
        best = pairs.take(best_rows(pairs, odds))
        heard = best.evidence[:, COLUMN["across"]] > 0
        spelled, by_ear = (
            _fit_weights(best.take(np.flatnonzero(part))) for part in (~heard, heard)
        )
        model = Model(spelled, by_ear, {}, trained_on)
        odds = model.log_odds(pairs.evidence)
    return model


def _fit_weights(pairs: TrainingPairs) -> Weights:
    boosted = HistGradientBoostingClassifier(
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=0.1,
        interaction_cst="no_interactions",
        monotonic_cst=[column.direction for column in EVIDENCE],
        early_stopping=False,
        random_state=0,
    )
    if pairs.right.all() or not pairs.right.any():
        return Weights(0.0, {column.name: Steps((), (0.0,)) for column in EVIDENCE})
    # One thread: the result must not depend on the machine, and small fits gain nothing.
    with threadpool_limits(1):
        boosted.fit(pairs.evidence, pairs.right)
        return _tables(boosted, pairs.evidence)


def _tables(boosted: HistGradientBoostingClassifier, evidence: Floats) -> Weights:
    """Return a model without interactions as its base and step functions.

    Each function is read off by asking the model about rows that differ in one column only, at
    every value that column has, so the tables are the model and no approximation.
    """
    zero = np.zeros((1, len(EVIDENCE)), np.float32)
    base = float(boosted.decision_function(zero)[0])
    steps: dict[str, Steps] = {}
    for row, column in enumerate(EVIDENCE):
        values = np.unique(np.append(evidence[:, row], np.float32(0)))
        probe = np.repeat(zero, len(values), axis=0)
        probe[:, row] = values
        heights = np.round(boosted.decision_function(probe) - base, 5)
        change = np.flatnonzero(np.diff(heights))
        middle = (values[change].astype(float) + values[change + 1]) / 2
        steps[column.name] = Steps(
            tuple(np.round(middle, 6).tolist()),
            tuple(heights[np.append(change, len(heights) - 1)].tolist()),
        )
    for name, most in _RULES.items():
        steps[name] = Steps((0.5,), (0.0, min(most, steps[name].values[-1])))
    return Weights(round(base, 5), steps)


def _first_guess(evidence: Floats) -> Floats:
    def column(name: str) -> Floats:
        return evidence[:, COLUMN[name]]

    return (
        3 * np.maximum(column("spelling"), column("words")) + 2 * column("rest")
        + column("heard") + column("city_named")
        + 2 * column("sound") + column("concepts") - column("other_left")
        - 0.5 * column("tail") - column("numerals_differ")
    )  # fmt: skip


def best_rows(pairs: TrainingPairs, odds: npt.NDArray[np.floating]) -> Ints:
    """Return for each example and institution the row of its best pair."""
    order = np.lexsort((-odds, pairs.group))
    _, first = np.unique(pairs.group[order], return_index=True)
    return order[first]


def _near_rows(pairs: TrainingPairs, odds: npt.NDArray[np.floating]) -> Ints:
    """Return the pairs of the institutions of each example that are hardest to tell apart."""
    best = best_rows(pairs, odds)
    order = best[np.lexsort((-odds[best], pairs.example[best]))]
    start = np.searchsorted(pairs.example[order], pairs.example[order], "left")
    near = pairs.group[order[np.arange(len(order)) - start < _RIVALS]]
    return np.flatnonzero(np.isin(pairs.group, near) | pairs.right)
