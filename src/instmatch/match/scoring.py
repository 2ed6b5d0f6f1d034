"""From pairs to one scored list of institutions a mention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from instmatch.gazetteer.corrections import Corrections
from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.match.across import for_the_ear
from instmatch.match.candidates import Pairs, candidates, distinct
from instmatch.match.evidence import COLUMN, Floats, evidence_matrix
from instmatch.match.heard import heard_pairs, spellings
from instmatch.match.known import bearers, known_evidence
from instmatch.match.model import Model
from instmatch.match.query import Batch, Hint
from instmatch.text import fold

Ints = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]


class Scored(NamedTuple):
    """Institutions of all mentions of a batch, by mention and falling score.

    Attributes:
        mention: row of the mention in the batch.
        inst: number of the institution in the index.
        score: calibrated probability.
        reading: row of the reading that speaks best for it.
        name: row of the name that speaks best for it.
        evidence: the evidence of that pair.
    """

    mention: Ints
    inst: Ints
    score: npt.NDArray[np.float64]
    reading: Ints
    name: Ints
    evidence: Floats


SETTLED: Final = 0.9
"""Score from which a mention is not compared by ear as well."""

_NO_ROWS: Final = np.zeros(0, np.int64)
_NOTHING: Final = Scored(
    _NO_ROWS, _NO_ROWS, np.zeros(0), _NO_ROWS, _NO_ROWS, np.zeros((0, len(COLUMN)), np.float32)
)


def best_pairs(index: Index, mention: Ints, pairs: Pairs, log_odds: Doubles) -> Ints:
    """Return for each mention and institution the row of its best pair, best first.

    Equal odds are ordered by reading and name, so that the result does not depend on the batch.

    Args:
        index: the gazetteer.
        mention: row of the mention of each pair.
        pairs: the pairs.
        log_odds: their odds.
    """
    inst = index.arrays["name.inst"][pairs.name].astype(np.int64)
    order = np.lexsort((pairs.name, pairs.reading, -log_odds, mention))
    _, first = np.unique((mention * len(index.ids) + inst)[order], return_index=True)
    first.sort()
    return order[first]


def score(index: Index, model: Model, batch: Batch, corrections: Corrections) -> Scored:
    """Score the candidates of a batch, without what the user's corrections rule out."""
    pairs = candidates(index, batch)
    pairs = pairs.take(~ruled_out(index, batch, pairs, corrections))
    read = pairs.take(~for_the_ear(index, batch, pairs))
    evidence = evidence_matrix(index, batch, read)
    ranked = _ranked(index, model, batch.mention_of[read.reading], read, evidence, batch.hints)
    open_ = _unsettled(batch, ranked)
    readings = np.flatnonzero(open_[batch.mention_of]).tolist()
    found, places = spellings(index, batch, readings)
    if not places:
        return ranked
    open_[:] = False
    open_[batch.mention_of[[*places]]] = True
    heard = heard_pairs(index, batch, found, places)
    heard = heard.take(~ruled_out(index, batch, heard, corrections))
    pairs = distinct(pairs.take(open_[batch.mention_of[pairs.reading]]), heard)
    evidence = evidence_matrix(index, batch, pairs, found, places)
    mention = batch.mention_of[pairs.reading]
    again = _ranked(index, model, mention, pairs, evidence, batch.hints)
    return _joined(ranked, again, open_)


def _unsettled(batch: Batch, ranked: Scored) -> npt.NDArray[np.bool_]:
    """Return which mentions the spelling alone does not settle."""
    best = np.zeros(len(batch.mentions))
    np.maximum.at(best, ranked.mention, ranked.score)
    unsettled: npt.NDArray[np.bool_] = best < SETTLED
    return unsettled


def _joined(first: Scored, again: Scored, open_: npt.NDArray[np.bool_]) -> Scored:
    """Return the first results of the settled mentions and the new ones of the others."""
    kept = ~open_[first.mention]
    order = np.argsort(np.concatenate([first.mention[kept], again.mention]), kind="stable")

    columns: Iterable[tuple[Any, Any]] = zip(first, again, strict=True)
    return Scored(*(np.concatenate([old[kept], new])[order] for old, new in columns))


def score_known(
    index: Index, model: Model, folds: npt.NDArray[np.uint64], hints: Sequence[Hint]
) -> Scored:
    """Score the bearers of names that mentions are, as they stand.

    Args:
        index: the gazetteer.
        model: the model.
        folds: hash of each mention's fold.
        hints: for each, the countries it is said to be in.

    Returns:
        The institutions, with the mention's row as reading. A mention that is no name of an
        institution in the countries of its hint has none.
    """
    pairs = bearers(index, folds, hints)
    if not len(pairs.name):
        return _NOTHING
    evidence = known_evidence(index, pairs, hints)
    return _ranked(index, model, pairs.reading, pairs, evidence, hints)


def _ranked(
    index: Index, model: Model, mention: Ints, pairs: Pairs, evidence: Floats,
    hints: Sequence[Hint],
) -> Scored:  # fmt: skip
    hinted = np.array([bool(hint) for hint in hints], bool)[mention]
    log_odds = model.calibrate(model.log_odds(evidence), evidence, hinted)
    best = best_pairs(index, mention, pairs, log_odds)
    score = model.score(log_odds[best], evidence[best])
    order = np.lexsort((-log_odds[best], -score, mention[best]))
    best = best[order]
    return Scored(
        mention[best],
        index.arrays["name.inst"][pairs.name[best]].astype(np.int64),
        score[order],
        pairs.reading[best],
        pairs.name[best],
        evidence[best],
    )


def ruled_out(
    index: Index, batch: Batch, pairs: Pairs, corrections: Corrections
) -> npt.NDArray[np.bool_]:
    """Return which pairs the user's corrections rule out."""
    out = np.zeros(len(pairs.name), bool)
    ids = index.arrays["name.inst"][pairs.name]
    if corrections.removed:
        removed = np.array([text_hash(name) for name, _ in corrections.removed], np.uint64)
        known = np.isin(index.arrays["name.fold_hash"][pairs.name], removed)
        for row in np.flatnonzero(known).tolist():
            name, id = index.texts["fold"][int(pairs.name[row])], index.ids[int(ids[row])]
            out[row] = (name, id) in corrections.removed
    if corrections.forbidden:
        texts = [fold(mention.text) for mention in batch.mentions]
        names = {name for name, _ in corrections.forbidden}
        mention = batch.mention_of[pairs.reading]
        said = np.array([text in names for text in texts])[mention]
        for row in np.flatnonzero(said).tolist():
            name, id = texts[mention[row]], index.ids[int(ids[row])]
            out[row] |= not corrections.forbidden.isdisjoint({(name, ""), (name, id)})
    return out
