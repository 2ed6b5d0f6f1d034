"""What cities and countries are called in kana, Han characters and hangul, and in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from instmatch.lexicon.analysis import analyse
from instmatch.lexicon.countries import country_names
from instmatch.lexicon.places import read_places
from instmatch.text import fold, shape
from instmatch.text.lookalikes import print_key
from instmatch.text.romanize import romanize
from instmatch.text.scripts import CJK, script_of

LONGEST: Final = 12
"""Characters of the longest name of a place that is looked for inside another name."""

_HAS_CJK: Final = re.compile(f"[{CJK}]")
_KIND: Final = re.compile(
    "(?:特別市|广域市|自治区|自治州|自治县|街道|乡|镇|郡|市|県|县|区|町|村|邑|面|시|군|구|읍|면)$"
)
_NOT_LETTER: Final = re.compile("[^a-z]")


class Exonym(NamedTuple):
    """A place and its names.

    Attributes:
        geonames: GeoNames id of a city; 0 for a country.
        country: ISO code of its country.
        latin: what it is called in Latin script, in the letters a to z, the usual first.
        keys: its CJK names, as `place_key` gives them.
    """

    geonames: int
    country: str
    latin: tuple[str, ...]
    keys: tuple[str, ...]


def place_key(text: str) -> str:
    """Return the form in which CJK names of places are compared.

    >>> place_key("カールスルーエ") == place_key("カールスルエ")
    True
    """
    return print_key(shape(fold(text))).replace(" ", "")


def bare_place(folded: str) -> str:
    """Return the folded CJK name of a place without spaces and without what kind it is of.

    >>> bare_place("苏州市"), bare_place("津市")
    ('苏州', '津市')
    """
    joined = folded.replace(" ", "")
    bare = _KIND.sub("", joined)
    return bare if len(bare) > 1 else joined


@cache
def exonyms() -> tuple[Exonym, ...]:
    """Return countries, then cities by falling population, that have a CJK name."""
    cities = sorted(read_places(), key=lambda place: (-place.population, place.geonameid))
    found = [*_countries()]
    for place in cities:
        names = (place.name, *place.alternates)
        keys = _keys(name for name in names if _HAS_CJK.search(name))
        latin = _spellings(name for name in names if script_of(name) == "latin")
        if keys and latin:
            found.append(Exonym(place.geonameid, place.country, latin, keys))
    return tuple(found)


def _countries() -> Iterator[Exonym]:
    for code, by_language in country_names().items():
        named = [name for names in by_language.values() for name in names]
        keys = _keys(name for name in named if _HAS_CJK.search(name))
        # Without what kind of state it is: Republic of Korea, South Korea.
        latin = _spellings(analyse(name).rest for name in by_language.get("en", ()))
        if keys and latin:
            yield Exonym(0, code, latin, keys)


def _keys(names: Iterator[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        for text in (fold(name), bare_place(fold(name))):
            key = place_key(text)
            if 2 <= len(key) <= LONGEST and _HAS_CJK.search(key):
                found.setdefault(key)
    return tuple(found)


def _spellings(names: Iterator[str]) -> tuple[str, ...]:
    letters = (_NOT_LETTER.sub("", romanize(name)) for name in names)
    return tuple(dict.fromkeys(one for one in letters if len(one) > 2))
