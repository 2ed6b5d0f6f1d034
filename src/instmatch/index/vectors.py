"""Names as sparse vectors for blocking: n-grams of spelling and sound, concepts, country.

Everything is hashed into one space, so that one product of two sparse matrices compares a batch
of names with every name of the index. N-grams are cut with array operations over the whole
batch, without a Python loop over characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from instmatch.lexicon import Form
from instmatch.lexicon.concepts import concept_numbers

BITS: Final = 20
_HEARD_BASE: Final = 1 << BITS
_CONCEPT_BASE: Final = 2 << BITS
_COUNTRY_BASE: Final = _CONCEPT_BASE + 512
WIDTH: Final = _COUNTRY_BASE + 26 * 26
"""Columns: 2^20 for spelled n-grams, 2^20 for heard ones, 512 for concepts, one a country code."""

SPELLED: Final = (3, 5)
SPELLED_CJK: Final = (2,)
HEARD: Final = (3,)
"""Lengths of n-grams. Five letters are rare enough to find a name among hundreds of thousands,
three still there when two letters of a short name are misread; two CJK characters say as much."""

WEIGHTS: Final = np.array([1.0, 0.2, 0.5, 0.4], np.float32)
"""What the best agreement of each block adds to a product: spelling, sound, concepts, country."""

_MARK: Final = 0x20
_MASK: Final = 0x7FFF_FFFF_FFFF
_FACTOR: Final = 1_000_003
_WIDE: Final = 0x2E80
"""Characters from here on are CJK."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


def grams(
    texts: Sequence[str], sizes: Sequence[int], cjk_sizes: Sequence[int], bits: int
) -> tuple[Ints, Ints]:
    """Return row and hash of the n-grams of some texts that hold no spaces.

    Each text is cut with a mark at both ends.

    Args:
        texts: the texts.
        sizes: lengths of the n-grams.
        cjk_sizes: lengths of those with a CJK character in them.
        bits: length of the hashes.
    """
    joined = " " + "  ".join(texts) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    mark, wide = codes == _MARK, codes >= _WIDE
    row = (np.cumsum(mark) - 1) // 2
    # What begins at each place: its hash, and whether a CJK character or an inner mark is in it.
    value, cjk, broken = codes, wide, np.zeros(len(codes), bool)
    rows: list[Ints] = []
    values: list[Ints] = []
    for size in range(2, max((*sizes, *cjk_sizes)) + 1):
        count = max(len(codes) - size + 1, 0)
        value = (value[:count] * _FACTOR + codes[size - 1 :]) & _MASK
        cjk = cjk[:count] | wide[size - 1 :]
        if size > 2:
            broken = broken[:count] | mark[size - 2 : -1]
        keep = np.where(cjk, size in cjk_sizes, size in sizes) & ~broken[:count]
        if size == 2:
            keep &= ~(mark[:-1] & mark[1:])
        rows.append(row[:count][keep])
        values.append(value[keep] + size)
    hashed = (np.concatenate(values) * 0x9E3779B1 & _MASK) >> (_MASK.bit_length() - bits)
    return np.concatenate(rows), hashed


def count_matrix(forms: Sequence[Form], countries: Sequence[Iterable[str]]) -> sparse.csr_matrix:
    """Return which features each form has, as rows of ones in ``WIDTH`` columns.

    Args:
        forms: the names.
        countries: for each, ISO codes of its country or of the hint; may be empty.
    """
    size = len(forms)
    texts = [form.key.replace(" ", "") for form in forms]
    texts += [form.rest_key for form in forms]
    text, hashed = grams(texts, SPELLED, SPELLED_CJK, BITS)
    sound, heard = grams([form.sound for form in forms], HEARD, HEARD, BITS)
    others = [
        row * WIDTH + column
        for row, (form, codes) in enumerate(zip(forms, countries, strict=True))
        for column in (
            *map(_CONCEPT_BASE.__add__, concept_numbers(form.concepts)),
            *map(_country_column, codes),
        )
    ]
    spelled = text % size * WIDTH + hashed
    heard += sound * WIDTH + _HEARD_BASE
    cells = np.unique(np.concatenate([spelled, heard, np.array(others, np.int64)]))
    row, columns = np.divmod(cells, WIDTH)
    starts = np.searchsorted(row, np.arange(size + 1))
    return rows_matrix(np.ones(len(cells), np.float32), columns, starts, WIDTH)


def rows_matrix(
    data: Floats, columns: npt.NDArray[Any], starts: npt.NDArray[Any], width: int
) -> sparse.csr_matrix:
    """Return rows as a sparse matrix, without the checks and copies of scipy's constructor.

    Args:
        data: the values, row after row.
        columns: the column of each.
        starts: where each row starts in them, and their number.
        width: number of columns.
    """
    shape = (len(starts) - 1, width)
    matrix: sparse.csr_matrix = sparse.csr_matrix(shape, dtype=data.dtype)  # type: ignore[arg-type]
    matrix.data = data
    matrix.indices = columns.astype(np.int32, copy=False)
    matrix.indptr = starts.astype(np.int32, copy=False)
    return matrix


def weigh(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Weigh rows of `count_matrix`: idf, each block to unit length, then the block's weight.

    Args:
        counts: the rows.
        idf: weight of each column.
    """
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    block = np.searchsorted([_HEARD_BASE, _CONCEPT_BASE, _COUNTRY_BASE], counts.indices, "right")
    weights = idf[counts.indices]
    cell = rows * len(WEIGHTS) + block
    length = np.sqrt(np.bincount(cell, weights.astype(np.float64) ** 2))
    # Half of a block's weight on each side; a country is not a matter of length.
    scale = np.sqrt(WEIGHTS)[block] / np.where(block == 3, weights, length[cell])
    data = (weights * scale).astype(np.float32)
    return rows_matrix(data, counts.indices, counts.indptr, WIDTH)


def inverse_document_frequency(counts: sparse.csr_matrix) -> Floats:
    """Return log(1 + names / names with the feature) for each column."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.log1p(counts.shape[0] / np.maximum(seen, 1)).astype(np.float32)


def _country_column(code: str) -> int:
    return _COUNTRY_BASE + (ord(code[0]) - 65) * 26 + ord(code[1]) - 65
