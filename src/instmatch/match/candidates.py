"""Blocking: the few names of the index that a reading could mean."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from instmatch.index import Index
from instmatch.index.vectors import rows_matrix
from instmatch.match.query import Batch

NAMES_PER_MENTION: Final = 50
FEWEST_PER_READING: Final = 16
"""Nearest names that go on: those of a mention are shared out evenly among its readings, but each
reading has some."""

INSTITUTIONS_PER_MENTION: Final = 50

POSTINGS: Final = 3_000
"""Names that a reading is compared with, feature by feature, rarest feature first: enough for the
recall of no bound at all, whether the index has 40,000 names or 260,000."""

FEWEST_FEATURES: Final = 2

FEW_COUNTRIES: Final = 4
"""Countries up to which a hint says anything of use here; a continent does not."""

EQUAL: Final = np.float32(3.0)
"""Nearness of equal names, more than any product."""

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
    concepts and country together. Names equal but for look-alikes are always among them.
    """
    pairs = distinct(_equal(index, batch), _near(index, batch))
    mention = batch.mention_of[pairs.reading]
    group = mention * len(index.ids) + index.arrays["name.inst"][pairs.name]
    return pairs.take(best_groups(group, mention, pairs.nearness))


def _equal(index: Index, batch: Batch) -> Pairs:
    counts, names = index.rows_of_keys([form.key for form in batch.forms])
    reading = np.repeat(np.arange(len(batch.forms)), counts)
    return Pairs(reading, names, np.full(len(names), EQUAL))


def _near(index: Index, batch: Batch) -> Pairs:
    nowhere: frozenset[str] = frozenset()
    told = [hint if hint and len(hint) <= FEW_COUNTRIES else nowhere for hint in batch.hints]
    hints = [told[mention] for mention in batch.mention_of]
    vectors = index.vectors(batch.forms, hints)
    vectors = rarest_features(vectors, index.frequency, POSTINGS)
    # The product copies all it is given, so it gets no more than the features at hand.
    used, columns = np.unique(vectors.indices, return_inverse=True)
    ours = rows_matrix(vectors.data, columns, vectors.indptr, len(used))
    near = sp_matmul_topn(
        ours, index.matrix[used], top_n=NAMES_PER_MENTION, threshold=0.05, sort=True
    )
    reading = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    share = NAMES_PER_MENTION // np.bincount(batch.mention_of)[batch.mention_of]
    rank = np.arange(len(reading)) - near.indptr[reading]
    keep = np.flatnonzero(rank < np.maximum(share, FEWEST_PER_READING)[reading])
    return Pairs(reading[keep], near.indices[keep].astype(np.int64), near.data[keep])


def distinct(first: Pairs, second: Pairs) -> Pairs:
    """Return the pairs of both, those of the first where both have one."""
    both = Pairs(
        np.concatenate([first.reading, second.reading]),
        np.concatenate([first.name, second.name]),
        np.concatenate([first.nearness, second.nearness]),
    )
    size = int(both.name.max(initial=0)) + 1
    _, kept = np.unique(both.reading * size + both.name, return_index=True)
    return both.take(kept)


def rarest_features(
    vectors: sparse.csr_matrix, frequency: npt.NDArray[np.int32], postings: int
) -> sparse.csr_matrix:
    """Leave out the features of each row that most names have and that say least.

    The rarest features stay, as many as a bounded number of names have and a few at least, so
    that the cost of a product is bounded whatever the name is.

    Args:
        vectors: weighed vectors of readings.
        frequency: how many names have each feature.
        postings: how many names the kept features may have together.
    """
    row = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    names = frequency[vectors.indices].astype(np.int64)
    order = np.lexsort((names, row))
    running = np.cumsum(names[order])
    before = np.concatenate([[0], running])[vectors.indptr[:-1]]
    rank = np.arange(len(order)) - vectors.indptr[:-1][row]
    keep = order[(running - before[row] <= postings) | (rank < FEWEST_FEATURES)]
    keep.sort()
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row[keep], minlength=vectors.shape[0]))])
    return rows_matrix(vectors.data[keep], vectors.indices[keep], indptr, vectors.shape[1])


def best_groups(group: Ints, mention: Ints, nearness: npt.NDArray[np.float32]) -> Ints:
    """Return the rows of the groups (mention and institution) nearest to their mention."""
    many = np.bincount(mention)[mention] > INSTITUTIONS_PER_MENTION
    if not many.any():
        return np.arange(len(group))
    rows = np.flatnonzero(many)
    order = rows[np.lexsort((group[rows], -nearness[rows], mention[rows]))]
    _, first = np.unique(group[order], return_index=True)
    first.sort()
    leaders = order[first]
    start = np.searchsorted(mention[leaders], mention[leaders], "left")
    rank = np.arange(len(leaders)) - start
    chosen = group[leaders[rank < INSTITUTIONS_PER_MENTION]]
    return np.flatnonzero(~many | np.isin(group, chosen))
