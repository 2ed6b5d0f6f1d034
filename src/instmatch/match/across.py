"""Evidence across scripts: what a CJK reading says, beside a name in Latin letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from instmatch.index import Index
from instmatch.index.heard import SAID_SCRIPTS, country_number
from instmatch.index.index import SCRIPTS, script_number
from instmatch.match.candidates import Pairs
from instmatch.match.heard import Place, Spelling
from instmatch.match.query import Batch
from instmatch.sound import area_of, letters_of, likelihoods

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Put = Callable[[str, npt.NDArray[np.generic]], None]

_SAID: Final = np.isin(SCRIPTS, SAID_SCRIPTS)
_CJK: Final = np.isin(SCRIPTS, ("kana", "han", "hangul"))
_FAMILY: Final = np.array(
    [0 if script in ("kana", "han") else row for row, script in enumerate(SCRIPTS)]
)
"""By number of a script, a number that kana and Han characters share."""

_LEAST: Final = -2.0
_MOST: Final = 3.0
_MOST_LETTERS: Final = 40.0
_SAID_SO: Final = 1.5
"""Log-odds a letter from which a name says what the reading says."""

_IDS: Final = 1 << 32


def for_the_ear(index: Index, batch: Batch, pairs: Pairs) -> npt.NDArray[np.bool_]:
    """Return which pairs are of a CJK reading and a name in another script that can be heard."""
    theirs = index.arrays["name.script"][pairs.name]
    mine = np.array([script_number(form.script) for form in batch.forms], np.uint8)[pairs.reading]
    fit: npt.NDArray[np.bool_] = _CJK[mine] & _SAID[theirs] & (_FAMILY[mine] != _FAMILY[theirs])
    return fit


def across(
    index: Index,
    batch: Batch,
    pairs: Pairs,
    found: Sequence[Spelling],
    places: Mapping[int, Sequence[Place]],
    put: Put,
) -> None:
    """Compare readings by ear with names in another script, and by the places they name.

    Args:
        index: the gazetteer.
        batch: the batch.
        pairs: its pairs.
        found: how its readings may be spelled (see `instmatch.match.heard`); readings without
            are not compared.
        places: the places they name.
        put: takes a column's name and its values.
    """
    asked = np.zeros(len(batch.readings), bool)
    asked[[*places]] = True
    rows = np.flatnonzero(asked[pairs.reading] & for_the_ear(index, batch, pairs))
    if not len(rows):
        return
    some = pairs.take(rows)

    def put_some(name: str, values: npt.NDArray[np.generic]) -> None:
        column = np.zeros(len(pairs.name), np.float32)
        column[rows] = values
        put(name, column)

    targets = [letters_of(text) for text in index.texts["latin"].take(some.name)]
    letters = np.array([*map(len, targets)])
    ratio = _heard(index, some, found, targets)
    said = np.array([bool(form.rest) for form in batch.forms])[some.reading]
    heard = np.clip(ratio / np.maximum(letters, 1), _LEAST, _MOST)
    heard = np.where((letters == 0) & said, _LEAST, heard)
    put_some("heard", heard)
    put_some("heard_letters", np.clip(ratio, 0, _MOST_LETTERS))
    put_some("across", np.ones(len(rows)))
    _named(index, some, places, heard >= _SAID_SO, put_some)


def _heard(index: Index, pairs: Pairs, found: Sequence[Spelling], targets: Sequence[str]) -> Floats:
    """Return the best likelihood ratio of each pair, over the spellings of its reading.

    Han characters are read as they are where the institution is, if that comes into question.
    """
    areas = np.array([area_of(code) for code in index.meta["countries"]])
    inst = index.arrays["name.inst"][pairs.name]
    area = areas[index.arrays["inst.country"][inst]]
    ranges = _ranges(found)
    which = [
        ranges.get((reading, home)) or ranges.get((reading, "")) or ()
        for reading, home in zip(pairs.reading.tolist(), area.tolist(), strict=True)
    ]
    counts = np.array([*map(len, which)])
    out = np.zeros(len(pairs.name), np.float32)
    if not counts.sum():
        return out
    pair = np.repeat(np.arange(len(which)), counts)
    spelling = np.array([one for group in which for one in group])
    likeness = cpdist(
        [found[one].letters for one in spelling.tolist()],
        [targets[one] for one in pair.tolist()],
        scorer=Levenshtein.normalized_similarity,
        dtype=np.float32,
    )
    # Tried are the spelling by sound alone and the likeliest with a place.
    translated = np.array([one.place >= 0 for one in found])[spelling]
    order = np.lexsort((-likeness, translated, pair))
    _, first = np.unique((pair * 2 + translated)[order], return_index=True)
    tried = order[first]
    ratio = likelihoods(
        index.sound,
        [found[one].numbers for one in spelling[tried].tolist()],
        [targets[one] for one in pair[tried].tolist()],
    )
    out[:] = -np.inf
    np.maximum.at(out, pair[tried], ratio)
    return np.where(np.isinf(out), _LEAST * np.maximum([*map(len, targets)], 1), out)


def _ranges(found: Sequence[Spelling]) -> dict[tuple[int, str], list[int]]:
    ranges: dict[tuple[int, str], list[int]] = {}
    for row, one in enumerate(found):
        ranges.setdefault((one.reading, one.area), []).append(row)
    return ranges


def _named(
    index: Index,
    pairs: Pairs,
    places: Mapping[int, Sequence[Place]],
    agreed: npt.NDArray[np.bool_],
    put: Put,
) -> None:
    """Tell whether the places that a reading names are the institution's.

    Another place does not speak against a name that says the same.
    """
    geonames = index.arrays["place.geonames"]
    countries = index.arrays["place.country"]
    inst = index.arrays["name.inst"][pairs.name]
    codes = np.array([country_number(code) for code in index.meta["countries"]])
    home = codes[index.arrays["inst.country"][inst]]
    city = index.arrays["inst.geonames"][inst].astype(np.int64)
    said = [
        (reading, int(geonames[row]), int(countries[row]))
        for reading, named in places.items()
        for place in named
        for row in place.rows
    ]
    cities = [reading * _IDS + number for reading, number, _ in said if number]
    states = [reading * _IDS + code for reading, number, code in said if not number]
    city_said = np.isin(pairs.reading, [reading for reading, number, _ in said if number])
    state_said = np.isin(pairs.reading, [reading for reading, number, _ in said if not number])
    same_city = np.isin(pairs.reading * _IDS + city, cities) & (city > 0)
    same_state = np.isin(pairs.reading * _IDS + home, states)
    put("city_named", same_city)
    put("city_elsewhere", city_said & ~same_city & (city > 0) & ~agreed)
    put("country_named", same_state)
    put("country_elsewhere", state_said & ~same_state & ~agreed)
