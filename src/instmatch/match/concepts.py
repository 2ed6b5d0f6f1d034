"""How much of their type words two names share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from instmatch.index import Index
from instmatch.index.index import concept_rows
from instmatch.match.query import Batch

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def concept_weights(
    index: Index, batch: Batch, reading: Ints, name: Ints
) -> tuple[Floats, Floats, Floats]:
    """Return the weight of the type words of readings, of names, and of those in both.

    Args:
        index: the gazetteer, which says what each type word weighs.
        batch: the batch.
        reading: rows of readings.
        name: for each, the row of a name.
    """
    weight = index.concept_weight
    mine = concept_rows([form.concepts for form in batch.forms])
    known = index.arrays["concept_sets"]
    theirs = index.arrays["name.concepts"][name]
    row, concept = np.nonzero(mine)
    starts = np.searchsorted(row, np.arange(len(mine) + 1))
    counts = np.diff(starts)
    shared = np.zeros(len(theirs), np.float32)
    # One step for each concept that a reading has: few have more than four.
    for place in range(counts.max(initial=0)):
        rows = np.flatnonzero(counts[reading] > place)
        number = concept[starts[reading[rows]] + place]
        shared[rows] += known[theirs[rows], number] * weight[number]
    return (mine @ weight)[reading], index.concept_totals[theirs], shared
