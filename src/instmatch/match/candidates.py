"""Blocking: the few names of the index that a reading could mean."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from instmatch.index import Index
from instmatch.match.query import Batch

NAMES_PER_READING: Final = 40
INSTITUTIONS_PER_MENTION: Final = 50
POSTINGS: Final = 5_000
"""Names that a reading is compared with feature by feature; see benchmarks/blocking.md."""
FEWEST: Final = 6

Ints = npt.NDArray[np.int64]


class Pairs(NamedTuple):
    """Pairs of a reading and a name of the index.

    Attributes:
        reading: row of the reading in its batch.
        name: row of the name in the index.
        nearness: product of their vectors.
    """

    reading: Ints
    name: Ints
    nearness: npt.NDArray[np.float32]

    def take(self, rows: npt.NDArray[np.generic]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.reading[rows], self.name[rows], self.nearness[rows])


def candidates(index: Index, batch: Batch) -> Pairs:
    """Return for each reading the names nearest to it, at most 50 institutions a mention.

    Nearness is the product of the vectors of `instmatch.index.vectors`: spelling, sound,
    concepts and country together.
    """
    hints = [batch.hints[row] or frozenset() for row in batch.mention_of]
    vectors = rarest_features(index.vectors(batch.forms, hints), index.frequency)
    near = sp_matmul_topn(vectors, index.matrix, top_n=NAMES_PER_READING, threshold=0.05)
    reading = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    name = near.indices.astype(np.int64)
    mention = batch.mention_of[reading]
    group = mention * len(index.ids) + index.arrays["name.inst"][name]
    pairs = Pairs(reading, name, near.data)
    return pairs.take(_best_groups(group, mention, near.data))


def rarest_features(
    vectors: sparse.csr_matrix, frequency: npt.NDArray[np.int32]
) -> sparse.csr_matrix:
    """Leave out the features of each row that most names have and that say least.

    The rarest features stay, as many as reach ``POSTINGS`` names together and at least
    ``FEWEST``: the cost of a product is bounded whatever the name is.

    Args:
        vectors: weighed vectors of readings.
        frequency: how many names have each feature.
    """
    row = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    names = frequency[vectors.indices].astype(np.int64)
    order = np.lexsort((names, row))
    running = np.cumsum(names[order])
    before = np.concatenate([[0], running])[vectors.indptr[:-1]]
    rank = np.arange(len(order)) - vectors.indptr[:-1][row]
    keep = order[(running - before[row] <= POSTINGS) | (rank < FEWEST)]
    keep.sort()
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row[keep], minlength=vectors.shape[0]))])
    parts = (vectors.data[keep], vectors.indices[keep], indptr.astype(vectors.indptr.dtype))
    return sparse.csr_matrix(parts, shape=vectors.shape)


def _best_groups(group: Ints, mention: Ints, nearness: npt.NDArray[np.float32]) -> Ints:
    """Return the rows of the groups (mention and institution) nearest to their mention."""
    order = np.lexsort((group, -nearness, mention))
    _, first = np.unique(group[order], return_index=True)
    first.sort()
    leaders = order[first]
    start = np.searchsorted(mention[leaders], mention[leaders], "left")
    rank = np.arange(len(leaders)) - start
    chosen = group[leaders[rank < INSTITUTIONS_PER_MENTION]]
    return np.flatnonzero(np.isin(group, chosen))
