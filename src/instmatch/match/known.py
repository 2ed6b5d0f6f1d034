"""Mentions that are names of the gazetteer as they stand.

Such a mention means a bearer of that name: nothing else is compared with it, and what would be
compared is known beforehand. So these mentions, most of a tidy list, need neither blocking nor
comparing strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from instmatch.gazetteer.model import KINDS
from instmatch.index import Index
from instmatch.match.candidates import Pairs
from instmatch.match.country import country_standing
from instmatch.match.evidence import COLUMN, EVIDENCE, LIKE, Floats, types_fit
from instmatch.match.query import Hint

_OTHER: Final = 4
_EQUAL: Final[dict[str, float]] = {
    "spelling": float(LIKE), "words": float(LIKE), "rest": 1, "latin": 1, "concepts": 1, "exact": 1,
    "exact_shape": 1,
}  # fmt: skip
"""What the evidence of a name with itself is always."""


def bearers(index: Index, folds: npt.NDArray[np.uint64], hints: Sequence[Hint]) -> Pairs:
    """Return the names that mentions are equal to, by mention.

    Args:
        index: the gazetteer.
        folds: hash (`instmatch.index.text_hash`) of each mention's fold.
        hints: for each, the countries it is said to be in.

    Returns:
        Pairs of the mention's row and the name's. There are none for a mention that is no name,
        or whose bearers are all outside its hint: then something else may be meant.
    """
    counts, names = index.rows_of_folds(folds)
    mention = np.repeat(np.arange(len(folds)), counts)
    if not len(names):
        return Pairs(mention, names, np.zeros(0, np.float32))
    standing = country_standing(index, hints, mention, index.arrays["name.inst"][names])
    open_to = np.zeros(len(folds), bool)
    open_to[mention[standing != _OTHER]] = True
    keep = open_to[mention]
    mention, names = mention[keep], names[keep]
    return Pairs(mention, names, np.ones(len(names), np.float32))


def known_evidence(index: Index, pairs: Pairs, hints: Sequence[Hint]) -> Floats:
    """Return what `evidence_matrix` gives for pairs of `bearers`, without comparing strings."""
    out = np.zeros((len(EVIDENCE), len(pairs.name)), np.float32).T
    for name, value in _EQUAL.items():
        out[:, COLUMN[name]] = value
    out[:, COLUMN["no_rest"]] = index.arrays["name.rest_length"][pairs.name] == 0
    kind = index.arrays["name.kind"][pairs.name]
    for name in ("acronym", "former", "alias"):
        out[:, COLUMN[name]] = kind == KINDS.index(name)
    inst = index.arrays["name.inst"][pairs.name]
    sets = index.arrays["concept_sets"][index.arrays["name.concepts"][pairs.name]]
    types = index.arrays["inst.type"][inst]
    out[:, COLUMN["type_other"]] = ~types_fit(index, sets)[np.arange(len(types)), types]
    out[:, COLUMN["prominence"]] = np.log2(1 + index.arrays["inst.names"][inst])
    standing = country_standing(index, hints, pairs.reading, inst)
    for value, name in enumerate(("same", "region", "related", "other"), 1):
        out[:, COLUMN[f"country_{name}"]] = standing == value
    home, anywhere = (index.arrays[f"name.{one}"] for one in ("sharers_home", "sharers"))
    sharers = np.where(standing == 1, home[pairs.name], anywhere[pairs.name])
    out[:, COLUMN["sharers"]] = np.log2(1 + sharers)
    return out
