"""Training from end to end: what ``instmatch train`` does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from instmatch.evaluate.gold import GoldRow
from instmatch.index import Index
from instmatch.learn.calibrate import calibrate
from instmatch.learn.examples import labelled, synthetic
from instmatch.learn.fit import fit, training_pairs
from instmatch.match.model import Model

EXAMPLES: Final = 12_000
SEED: Final = 1


def train(index: Index, labels: Sequence[GoldRow]) -> Model:
    """Train a model.

    The weights are fitted on the gazetteer's own names, disturbed as lists disturb them; the
    labelled mentions set calibration and thresholds. The result depends on nothing else.

    Args:
        index: the gazetteer the model is for.
        labels: labelled mentions of the kind it is for.
    """
    model = fit_weights(index)
    return calibrate(model, index, labelled(labels, index))


def fit_weights(index: Index) -> Model:
    """Fit the weights alone; scores are not calibrated yet."""
    examples = synthetic(index, EXAMPLES, SEED)
    note = f"{len(examples)} disturbed names of {index.meta['institutions']} institutions"
    return fit(training_pairs(index, examples), note)
