"""How likely it is that Latin letters are what CJK symbols stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from instmatch.sound.table import LONGEST, Floats, SoundTable

MOST_SYMBOLS: Final = 28
MOST_LETTERS: Final = 32
Ints = npt.NDArray[np.integer]

_BLOCK: Final = 2_000
_NEVER: Final = np.float32(-1e4)

LETTER: Final = np.float32(-2.85)
"""Log-probability of a letter by chance. Set by hand; over the Latin names of places the mean is
-2.97, so a ratio is about a tenth a letter too low."""


def likelihoods(
    table: SoundTable, sources: Sequence[tuple[int, ...]], targets: Sequence[str]
) -> Floats:
    """Return for pairs how much likelier than chance the target is, given the source.

    The best way to share out the target's letters, in order, among the source's symbols (Viterbi).

    Args:
        table: what symbols stand for.
        sources: for each pair, the `SoundTable.numbers` of a name's symbols.
        targets: for each, the letters a to z of a Latin name.

    Returns:
        Natural logarithms of likelihood ratios; far below zero if they have nothing in common.

    >>> table = SoundTable.load()
    >>> name = table.numbers(("ミ", "シ", "ガ", "ン"))
    >>> found = likelihoods(table, [name, name], ["michigan", "missouri"])
    >>> bool(found[0] > 8), bool(found[1] < found[0] - 8)
    (True, True)
    """
    used, rows = np.unique(
        [row for one in sources for row in one[:MOST_SYMBOLS]], return_inverse=True
    )
    odds = table.odds(used.astype(np.int64))
    lengths = np.array([min(len(one), MOST_SYMBOLS) for one in sources])
    padded = np.zeros((len(sources), MOST_SYMBOLS), np.int64)
    padded[np.arange(MOST_SYMBOLS) < lengths[:, None]] = rows
    letters = np.array([min(len(one), MOST_LETTERS) for one in targets])
    out = np.zeros(len(sources), np.float32)
    # Pairs of like length together, so that little is computed for nothing.
    order = np.lexsort((letters, lengths))
    for start in range(0, len(order), _BLOCK):
        pairs = order[start : start + _BLOCK]
        columns = table.columns(
            [targets[pair] for pair in pairs], max(int(letters[pairs].max()), 1)
        )
        out[pairs] = _viterbi(odds, padded[pairs], lengths[pairs], columns, letters[pairs])
    return out - LETTER * letters.astype(np.float32)


def _viterbi(odds: Floats, rows: Ints, lengths: Ints, columns: Ints, letters: Ints) -> Floats:
    count, width = columns.shape[1:]
    best = np.full((count, width + 1), _NEVER, np.float32)
    best[:, 0] = 0
    for place in range(int(lengths.max(initial=0))):
        row = rows[:, place, None]
        after = best + odds[row, columns[0, :, :1]]
        for size in range(1, min(LONGEST, width) + 1):
            reach = width + 1 - size
            step = best[:, :reach] + odds[row, columns[size, :, :reach]]
            np.maximum(after[:, size:], step, out=after[:, size:])
        best = np.where((place < lengths)[:, None], after, best)
    found: Floats = best[np.arange(count), letters]
    return found
