"""Names by ear: what a CJK reading may be in Latin letters, and the names that come near to it.

A reading is spelled in several ways: by the learned sound of its characters (for Han characters as
they are read in China, Japan, Korea, or in names of places elsewhere), and with the places in it
called as they are called there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.index.heard import Said
from instmatch.index.vectors import Floats, Ints, rows_matrix
from instmatch.lexicon.concepts import concept_numbers
from instmatch.lexicon.exonyms import LONGEST, place_key
from instmatch.match.candidates import FEW_COUNTRIES, Pairs, best_groups, rarest_features
from instmatch.match.concepts import concept_weights
from instmatch.match.country import country_standing
from instmatch.match.query import Batch, Hint
from instmatch.sound import AREAS, area_of, symbols
from instmatch.text.scripts import CJK, HAN, KANA

_HAS_CJK: Final = re.compile(f"[{CJK}]")
_HAS_HAN: Final = re.compile(f"[{HAN}]")
_KANA_ONLY: Final = re.compile(f"[{KANA}]+")

_CAMPUS: Final = re.compile("(?:分?校|캠퍼스)$")
"""How names of campuses end, beside what distinguishes them."""

_MOST_PLACES: Final = 3
"""Places of one CJK name that are tried, and Latin names of a place."""

_MOST_SPELLINGS: Final = 3
"""Spellings by sound alone that are tried."""

_POSTINGS: Final = 8_000
_NEAREST: Final = 120
_NAMES: Final = 4
"""Names of an institution that go on for a reading."""

_CONCEPTS: Final = np.float32(0.5)
_COUNTRY: Final = np.float32(0.4)


class Place(NamedTuple):
    """A place that a reading may name.

    Attributes:
        start: where its name starts in the distinguishing part.
        end: and ends.
        rows: places of that name, by number in the index.
    """

    start: int
    end: int
    rows: tuple[int, ...]


class Spelling(NamedTuple):
    """A way to say the distinguishing part of a reading in Latin letters.

    Attributes:
        reading: row of the reading in its batch.
        area: area whose reading of Han characters it is; empty if it has none.
        letters: the letters a to z.
        numbers: symbols, as `instmatch.sound.SoundTable.numbers` gives them.
        place: number of the place that is called by its own name in it; -1 if none.
    """

    reading: int
    area: str
    letters: str
    numbers: tuple[int, ...]
    place: int


def spellings(
    index: Index, batch: Batch, readings: Sequence[int]
) -> tuple[list[Spelling], dict[int, list[Place]]]:
    """Return how some readings of a batch may be spelled, and the places they name.

    Args:
        index: the gazetteer.
        batch: the batch.
        readings: rows of the readings.
    """
    heard = [row for row in readings if _HAS_CJK.search(batch.forms[row].fold)]
    rests = [batch.forms[row].rest for row in heard]
    hints = [batch.hints[batch.mention_of[row]] for row in heard]
    places = _places(index, rests, hints)
    found: list[Spelling] = []
    for row, rest, hint, named in zip(heard, rests, hints, places, strict=True):
        found += _spell(index, row, rest, hint, named)
    return found, dict(zip(heard, places, strict=True))


def _spell(
    index: Index, row: int, rest: str, hint: Hint, places: Sequence[Place]
) -> list[Spelling]:
    table = index.sound
    areas = _areas(hint) if _HAS_HAN.search(rest) else ("",)
    made: dict[tuple[str, str, bool], Spelling] = {}

    def add(area: str, pieces: Sequence[str], place: int, most: int = 1) -> None:
        text = "".join(pieces)
        numbers = table.numbers(symbols(text, area or "X"))
        for letters in table.spell(text, area or "X", most):
            spelling = Spelling(row, area, letters, numbers, place)
            made.setdefault((area, letters, place >= 0), spelling)

    rest = _CAMPUS.sub("", rest)
    for area in areas:
        add(area, [rest], -1, _MOST_SPELLINGS)
    for start, end, rows in places:
        for place in rows[:_MOST_PLACES]:
            home = area_of(_country(index, place))
            names = index.place_spellings[place].split("|")
            for area in areas:
                if area in ("", home):
                    for name in names[:_MOST_PLACES]:
                        add(area, [rest[:start], name, rest[end:]], place)
    return [*made.values()]


def _areas(hint: Hint) -> Sequence[str]:
    """Return the areas whose readings of Han characters come into question."""
    if not hint or len(hint) > FEW_COUNTRIES:
        return AREAS
    return sorted({area_of(code) for code in hint})


def _country(index: Index, place: int) -> str:
    first, second = divmod(int(index.arrays["place.country"][place]), 26)
    return chr(65 + first) + chr(65 + second)


def _places(index: Index, rests: Sequence[str], hints: Sequence[Hint]) -> list[list[Place]]:
    """Return the places that are named in the distinguishing part of names, longest first."""
    spans = [(row, *span) for row, rest in enumerate(rests) for span in _spans(rest)]
    keys = [text_hash(place_key(rests[row][start:end])) for row, start, end in spans]
    counts, rows = index.places_called(np.array(keys, np.uint64))
    ends = np.cumsum(counts).tolist()
    out: list[list[Place]] = [[] for _ in rests]
    for (row, start, end), count, last in zip(spans, counts.tolist(), ends, strict=True):
        if not count or any(one.start < end and start < one.end for one in out[row]):
            continue
        called = rows[last - count : last].tolist()
        hint = hints[row]
        if hint and len(hint) <= FEW_COUNTRIES:
            called = [one for one in called if _country(index, one) in hint]
        if called:
            out[row].append(Place(start, end, tuple(sorted(called))))
    return out


def _spans(rest: str) -> list[tuple[int, int]]:
    """Return the parts of a name that may be a place, the longest first.

    A run of kana is one word; Han characters and hangul are not told apart by spaces.
    """
    found = [
        (start, end)
        for start in range(len(rest))
        for end in range(start + 2, min(len(rest), start + LONGEST) + 1)
        if " " not in rest[start:end] and not _cuts_kana(rest, start, end)
    ]
    return sorted(found, key=lambda span: (span[0] - span[1], span[0]))


def _cuts_kana(rest: str, start: int, end: int) -> bool:
    before, after = rest[max(start - 1, 0) : start + 1], rest[end - 1 : end + 1]
    return bool(
        (start and len(before) == 2 and _KANA_ONLY.fullmatch(before))
        or (len(after) == 2 and _KANA_ONLY.fullmatch(after))
    )


def heard_pairs(
    index: Index, batch: Batch, found: Sequence[Spelling], places: dict[int, list[Place]]
) -> Pairs:
    """Return the names in Latin letters that come nearest to readings by ear.

    Args:
        index: the gazetteer.
        batch: the batch.
        found: what the readings may be spelled as.
        places: the places they name.

    Returns:
        Pairs of at most 50 institutions a mention, by letters, consonants, city, type words and
        country together.
    """
    if not found:
        none = np.zeros(0, np.int64)
        return Pairs(none, none, np.zeros(0, np.float32))
    said = [_said(index, batch, one, places[one.reading]) for one in found]
    vectors = rarest_features(index.heard_vectors(said), index.heard_frequency, _POSTINGS)
    reading = np.array([one.reading for one in found])
    column, spelling, nearness = _product(index, vectors)
    name = index.arrays["heard.name"][column].astype(np.int64)
    reading = reading[spelling]
    nearness = nearness + _agreement(index, batch, reading, name)
    # Of the spellings of a reading the best one counts.
    order = np.lexsort((name, -nearness, reading))
    size = len(index.arrays["name.inst"])
    _, first = np.unique((reading * size + name)[order], return_index=True)
    pairs = Pairs(reading[order[first]], name[order[first]], nearness[order[first]])
    return pairs.take(_nearest(index, batch, pairs))


def _said(index: Index, batch: Batch, one: Spelling, places: Sequence[Place]) -> Said:
    hint = batch.hints[batch.mention_of[one.reading]] or frozenset()
    rows = [row for place in places for row in place.rows[:_MOST_PLACES]]
    named = {_country(index, row) for row in rows if not index.arrays["place.geonames"][row]}
    cities = {int(index.arrays["place.geonames"][row]) for row in rows} - {0}
    countries = hint if hint and len(hint) <= FEW_COUNTRIES else named
    concepts = concept_numbers(batch.forms[one.reading].concepts)
    return Said(one.letters, concepts, sorted(cities), sorted(countries))


def _product(index: Index, vectors: sparse.csr_matrix) -> tuple[Ints, Ints, Floats]:
    used, columns = np.unique(vectors.indices, return_inverse=True)
    ours = rows_matrix(vectors.data, columns, vectors.indptr, len(used))
    near = sp_matmul_topn(ours, index.heard[used], top_n=_NEAREST, threshold=0.05, sort=True)
    spelling = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    return near.indices.astype(np.int64), spelling, near.data


def _agreement(index: Index, batch: Batch, reading: Ints, name: Ints) -> Floats:
    """Return how well type words and country agree, which the product does not know in full."""
    mine, known, shared = concept_weights(index, batch, reading, name)
    union = mine + known - shared
    likeness = np.where(union > 0, shared / np.maximum(union, 1e-6), 1)
    inst = index.arrays["name.inst"][name]
    standing = country_standing(index, batch.hints, batch.mention_of[reading], inst)
    agreement = _CONCEPTS * likeness + _COUNTRY * ((standing > 0) & (standing < 4))
    return agreement.astype(np.float32)


def _nearest(index: Index, batch: Batch, pairs: Pairs) -> Ints:
    """Return the rows of the institutions nearest to each mention, few names of each."""
    inst = index.arrays["name.inst"][pairs.name].astype(np.int64)
    size = len(index.ids)
    bearer = pairs.reading * size + inst
    order = np.lexsort((pairs.name, -pairs.nearness, bearer))
    start = np.searchsorted(bearer[order], bearer[order], "left")
    rows = np.sort(order[np.arange(len(order)) - start < _NAMES])
    mention = batch.mention_of[pairs.reading[rows]]
    return rows[best_groups(mention * size + inst[rows], mention, pairs.nearness[rows])]
