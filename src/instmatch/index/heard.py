"""Blocking by ear: names as sparse vectors that a CJK name can be compared with.

A CJK name is spelled in Latin letters first (see `instmatch.match.heard`). What is then alike are
letters, consonants, the city, and the type words in the name's country.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy import sparse

from instmatch.index.hashing import text_hash
from instmatch.index.vectors import (
    Floats,
    grams,
    inverse_document_frequency,
    rows_matrix,
)
from instmatch.lexicon import Form
from instmatch.lexicon.concepts import concept_numbers
from instmatch.lexicon.exonyms import Exonym, exonyms
from instmatch.sound import SoundTable, area_of, letters_of
from instmatch.text import sound_key

_BITS: Final = 18
_SOUND_BASE: Final = 1 << _BITS
_CITY_BASE: Final = 2 << _BITS
_HASHED: Final = 1 << 16
_TYPE_BASE: Final = _CITY_BASE + _HASHED
WIDTH: Final = _TYPE_BASE + _HASHED
"""Columns: n-grams of letters, n-grams of consonants, cities, type words by country."""

_PART: Final = 10_000
_MOST_SPELLINGS: Final = 4

SAID_SCRIPTS: Final = ("kana", "hangul", "latin", "other")
"""Scripts whose names are compared by ear; what Han characters say depends on who reads them."""

_LETTERS: Final = (3,)
_CONSONANTS: Final = (2, 3)

WEIGHTS: Final = np.array([0.5, 0.5, 0.5, 0.3], np.float32)
"""What the best agreement of each block adds to a product."""


class Said(NamedTuple):
    """What is compared by ear.

    Attributes:
        letters: the distinguishing part in the letters a to z.
        concepts: numbers of its type words.
        cities: GeoNames ids of its city, or of the cities it may name.
        countries: ISO codes of its country, or of the countries it may be in.
    """

    letters: str
    concepts: Sequence[int]
    cities: Collection[int]
    countries: Collection[str]


def said_matrix(said: Sequence[Said]) -> sparse.csr_matrix:
    """Return which features each has, as rows of ones in ``WIDTH`` columns."""
    row, column = grams([one.letters for one in said], _LETTERS, _LETTERS, _BITS)
    sounds = [_consonants(one.letters) for one in said]
    sound_row, sound_column = grams(sounds, _CONSONANTS, _CONSONANTS, _BITS)
    others = [
        row * WIDTH + column
        for row, one in enumerate(said)
        for column in (
            *(_CITY_BASE + city * 0x9E3779B1 % _HASHED for city in one.cities),
            *(
                _TYPE_BASE + _type(code, concept)
                for code in one.countries
                for concept in one.concepts
            ),
        )
    ]
    letters = row * WIDTH + column
    consonants = sound_row * WIDTH + sound_column + _SOUND_BASE
    cells = np.unique(np.concatenate([letters, consonants, np.array(others, np.int64)]))
    row, columns = np.divmod(cells, WIDTH)
    starts = np.searchsorted(row, np.arange(len(said) + 1))
    return rows_matrix(np.ones(len(cells), np.float32), columns, starts, WIDTH)


def _consonants(letters: str) -> str:
    """Return the sound key of letters, m and n as one: センメル is Semmel-."""
    return _REPEATED.sub("n", sound_key(letters).replace("m", "n"))


_REPEATED: Final = re.compile("nn+")


def _type(code: str, concept: int) -> int:
    return (ord(code[0]) * 31 + ord(code[1])) * 1009 + concept * 0x9E3779B1 & (_HASHED - 1)


def weigh_said(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Weigh rows of `said_matrix`: idf, letters and consonants to unit length, block weights.

    A name has one city and may name several: each counts alone.
    """
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    block = np.searchsorted([_SOUND_BASE, _CITY_BASE, _TYPE_BASE], counts.indices, "right")
    weights = idf[counts.indices]
    cell = rows * len(WEIGHTS) + block
    length = np.sqrt(np.bincount(cell, weights.astype(np.float64) ** 2))
    scale = np.sqrt(WEIGHTS)[block] / np.where(block == 2, weights, length[cell])
    return rows_matrix((weights * scale).astype(np.float32), counts.indices, counts.indptr, WIDTH)


def _distinct(
    forms: Sequence[Form], inst: npt.NDArray[np.int32], named: npt.NDArray[np.bool_]
) -> list[int]:
    """Return the rows of names that can be heard and say more than another of the institution."""
    seen: dict[tuple[int, str, int], int] = {}
    for row in np.flatnonzero(named).tolist():
        form = forms[row]
        if form.script in SAID_SCRIPTS:
            seen.setdefault((int(inst[row]), letters_of(form.latin), form.concepts), row)
    return [*seen.values()]


def heard_arrays(
    forms: Sequence[Form],
    inst: npt.NDArray[np.int32],
    named: npt.NDArray[np.bool_],
    cities: npt.NDArray[np.int32],
    countries: Sequence[str],
) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of names that are compared by ear.

    Args:
        forms: the names.
        inst: number of the institution of each.
        named: which of them are names and no acronyms.
        cities: GeoNames id of each institution's city; 0 if it is not known.
        countries: ISO code of each institution's country.
    """
    rows = _distinct(forms, inst, named)

    def said(row: int) -> Said:
        city = int(cities[inst[row]])
        numbers = concept_numbers(forms[row].concepts)
        letters = letters_of(forms[row].latin)
        return Said(letters, numbers, [city] if city else [], [countries[inst[row]]])

    parts = (rows[at : at + _PART] for at in range(0, len(rows), _PART))
    counts: sparse.csr_matrix = sparse.vstack(
        [said_matrix([]), *(said_matrix([*map(said, part)]) for part in parts)], "csr"
    )
    idf = inverse_document_frequency(counts)
    weighed = weigh_said(counts, idf)
    del counts
    matrix = weighed.T.tocsr()
    matrix.sort_indices()
    return {
        "heard.idf": idf,
        "heard.data": matrix.data,
        "heard.indices": matrix.indices.astype(np.int32),
        "heard.indptr": matrix.indptr.astype(np.int32),
        "heard.name": np.array(rows, np.int32),
    }


def exonym_arrays(sound: SoundTable) -> tuple[dict[str, npt.NDArray[Any]], list[str]]:
    """Return the arrays of what places are called in CJK scripts, and their Latin spellings.

    Cities of one CJK name stand by falling population; a country stands before them. Of the
    spellings of a place the usual one is kept and those nearest to how its CJK names sound.
    """
    places = exonyms()
    known = sorted((text_hash(key), row) for row, place in enumerate(places) for key in place.keys)
    arrays: dict[str, npt.NDArray[Any]] = {
        "exonym.hash": np.array([hashed for hashed, _ in known], np.uint64),
        "exonym.place": np.array([row for _, row in known], np.int32),
        "place.geonames": np.array([place.geonames for place in places], np.int32),
        "place.country": np.array([country_number(place.country) for place in places], np.int32),
    }
    return arrays, ["|".join(_nearest_spellings(place, sound)) for place in places]


def _nearest_spellings(place: Exonym, sound: SoundTable) -> list[str]:
    usual, *others = place.latin
    if len(others) < _MOST_SPELLINGS:
        return [usual, *others]
    heard = [sound.spell(key, area_of(place.country))[0] for key in place.keys]
    near = cdist(others, heard, scorer=Levenshtein.normalized_similarity).max(axis=1)
    order = np.argsort(-near, kind="stable")[: _MOST_SPELLINGS - 1]
    return [usual, *(others[row] for row in order.tolist())]


def country_number(code: str) -> int:
    """Return a number for an ISO code, whatever countries an index has.

    >>> country_number("AA"), country_number("ZZ")
    (0, 675)
    """
    return (ord(code[0]) - 65) * 26 + ord(code[1]) - 65
