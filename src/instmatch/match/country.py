"""How institutions stand to the country that a mention is said to be in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from instmatch.index import Index
from instmatch.lexicon.countries import related_to
from instmatch.match.query import Hint

Ints = npt.NDArray[np.int64]


def country_standing(
    index: Index, hints: Sequence[Hint], mention: Ints, inst: npt.NDArray[np.int32]
) -> Ints:
    """Return how institutions stand to the hints of mentions, as `country_levels` says."""
    countries = tuple(index.meta["countries"])
    number = {hint: row for row, hint in enumerate(dict.fromkeys(hints))}
    levels = np.array([country_levels(countries, hint) for hint in number], np.int64)
    of_mention = np.array([number[hint] for hint in hints], np.int64)
    found: Ints = levels[of_mention[mention], index.arrays["inst.country"][inst]]
    return found


@lru_cache(maxsize=1 << 12)
def country_levels(codes: tuple[str, ...], hint: Hint) -> tuple[int, ...]:
    """Return how each country stands to a hint.

    Returns:
        0 for no hint, 1 for the country itself, 2 for one of several of the hint, 3 for one often
        filed under it, 4 for another.

    >>> country_levels(("ID", "JP"), frozenset({"ID"}))
    (1, 4)
    """
    if not hint:
        return (0,) * len(codes)
    told = dict.fromkeys(related_to(hint), 3) | dict.fromkeys(hint, 1 if len(hint) == 1 else 2)
    return tuple([told.get(code, 4) for code in codes])
