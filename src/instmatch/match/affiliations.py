"""From affiliations to the institutions they may name, with scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from instmatch.gazetteer.corrections import Corrections
from instmatch.index import Index
from instmatch.lexicon import analyse
from instmatch.match.candidates import Pairs, candidates
from instmatch.match.evidence import COLUMN, Floats, evidence_matrix
from instmatch.match.model import Doubles, Model
from instmatch.match.query import Batch, Hint
from instmatch.match.scoring import ruled_out
from instmatch.match.spans import Cities, Span, Spans, find_cities, find_spans
from instmatch.match.surroundings import SURROUNDINGS, surroundings, title_rows
from instmatch.mention import Mention, Reading
from instmatch.mention.affiliation import Affiliation

Ints = npt.NDArray[np.int64]

_NAMES_PER_SPAN: Final = 10
"""Names like a span that are compared with it; more cost time and found no more institutions."""

COLUMNS: Final = (*COLUMN, *SURROUNDINGS, "behind_for_span", "behind_for_all", "name_alone")
"""All columns of evidence; the last is what the model of single names says, those before it how
far that is behind what it says of the best for the span and for the affiliation."""


class Sightings(NamedTuple):
    """Pairs of a span and a name of an institution.

    Attributes:
        spans: the spans.
        affiliation: row of the affiliation of each pair.
        span: row of its span.
        inst: number of its institution.
        name: row of its name.
        evidence: its evidence, one column for each of `COLUMNS`.
    """

    spans: Sequence[Span]
    affiliation: Ints
    span: Ints
    inst: Ints
    name: Ints
    evidence: Floats


_NO_ROWS: Final = np.zeros(0, np.int64)


def find_sightings(
    index: Index,
    model: Model,
    affiliations: Sequence[Affiliation],
    hints: Sequence[Hint],
    corrections: Corrections,
) -> Sightings:
    """Find what institutions affiliations may name, and the evidence for each.

    Args:
        index: the gazetteer.
        model: the model of single names.
        affiliations: a batch.
        hints: for each, the countries it is said to be in, for what prints no country itself.
        corrections: the user's decisions; what they rule out is not found.
    """
    cities = find_cities(index, affiliations)
    found = find_spans(index, affiliations, cities)
    batch = _batch(affiliations, cities, hints, found.spans)
    pairs, as_parent = _pairs(index, batch, found)
    keep = ~ruled_out(index, batch, pairs, corrections)
    pairs, as_parent = pairs.take(keep), as_parent[keep]
    if not len(pairs.name):
        none = np.zeros((0, len(COLUMNS)), np.float32)
        return Sightings(found.spans, _NO_ROWS, _NO_ROWS, _NO_ROWS, _NO_ROWS, none)
    names = evidence_matrix(index, batch, pairs)
    around = surroundings(
        index, affiliations, cities, found.spans, batch.forms, pairs, names, as_parent
    )
    alone = model.log_odds(names)
    affiliation = np.array([span.affiliation for span in found.spans], np.int64)[pairs.reading]
    compared = [alone - _best(alone, group)[group] for group in (pairs.reading, affiliation)]
    return Sightings(
        found.spans,
        affiliation,
        pairs.reading,
        index.arrays["name.inst"][pairs.name].astype(np.int64),
        pairs.name,
        np.column_stack([names, around, *compared, alone]).astype(np.float32),
    )


def _best(values: Doubles, group: Ints) -> Doubles:
    out = np.full(int(group.max()) + 1, -np.inf)
    np.maximum.at(out, group, values)
    return out


def best_sightings(found: Sightings, log_odds: Doubles) -> Ints:
    """Return for each affiliation and institution the row of its best pair, best first."""
    order = np.lexsort((found.name, found.span, -log_odds, found.affiliation))
    size = int(found.inst.max(initial=0)) + 1
    _, first = np.unique((found.affiliation * size + found.inst)[order], return_index=True)
    first.sort()
    return order[first]


def _batch(
    affiliations: Sequence[Affiliation],
    cities: Cities,
    hints: Sequence[Hint],
    spans: Sequence[Span],
) -> Batch:
    """Lay out spans as the readings of a batch whose mentions are statements."""
    rows: dict[tuple[int, int], int] = {}
    mentions: list[Mention] = []
    countries: list[Hint] = []
    mention_of: list[int] = []
    of_affiliation: dict[int, list[int]] = {}
    for row, span in enumerate(spans):
        one = affiliations[span.affiliation]
        key = (span.affiliation, one.pieces[span.first].statement)
        if key not in rows:
            rows[key] = len(mentions)
            mentions.append(Mention(one.text, (Reading(one.text),), one.acronyms))
            countries.append(one.countries(key[1]) or hints[span.affiliation])
        mention_of.append(rows[key])
        of_affiliation.setdefault(span.affiliation, []).append(row)
    longer = [
        tuple(
            other
            for other in of_affiliation[span.affiliation]
            if spans[other].start <= span.start
            and spans[other].end >= span.end
            and spans[other][1:3] != span[1:3]
        )
        for span in spans
    ]
    readings = [Reading(span.text, other=", ".join(_beside(cities, span))) for span in spans]
    return Batch(
        mentions,
        countries,
        readings,
        [analyse(span.text) for span in spans],
        np.array(mention_of, np.int64),
        np.zeros(len(spans), np.int64),
        longer,
    )


def _beside(cities: Cities, span: Span) -> list[str]:
    """Return the cities that stand outside a span."""
    known = cities[span.affiliation].items()
    return [city for number, city in known if not span.first <= number <= span.last]


def _pairs(index: Index, batch: Batch, found: Spans) -> tuple[Pairs, npt.NDArray[np.bool_]]:
    """Return what spans are to be compared with, and which of it are parents of the rest."""
    near = _near(index, batch, found.near)
    span = np.concatenate([found.known, near.reading])
    name = np.concatenate([found.names, near.name])
    parent = index.arrays["inst.parent"][index.arrays["name.inst"][name]]
    parts = np.flatnonzero(parent >= 0)
    as_parent = np.arange(len(span) + len(parts)) >= len(span)
    span = np.concatenate([span, span[parts]])
    name = np.concatenate([name, title_rows(index)[parent[parts]]])
    size = len(index.arrays["name.inst"])
    _, kept = np.unique(span * size + name, return_index=True)
    return Pairs(span[kept], name[kept], np.ones(len(kept), np.float32)), as_parent[kept]


def _near(index: Index, batch: Batch, rows: Ints) -> Pairs:
    """Return the names nearest to some spans, each blocked as a mention of its own."""
    if not len(rows):
        return Pairs(rows, rows, np.zeros(0, np.float32))
    numbers = rows.tolist()
    mention = batch.mention_of[rows].tolist()
    alone = Batch(
        [batch.mentions[one] for one in mention],
        [batch.hints[one] for one in mention],
        [batch.readings[row] for row in numbers],
        [batch.forms[row] for row in numbers],
        np.arange(len(rows)),
        np.zeros(len(rows), np.int64),
        [()] * len(rows),
    )
    pairs = candidates(index, alone)
    order = np.lexsort((pairs.name, -pairs.nearness, pairs.reading))
    pairs = pairs.take(order)
    rank = np.arange(len(order)) - np.searchsorted(pairs.reading, pairs.reading)
    pairs = pairs.take(np.flatnonzero(rank < _NAMES_PER_SPAN))
    return Pairs(rows[pairs.reading], pairs.name, pairs.nearness)
