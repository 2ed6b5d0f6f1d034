"""Names of cities in every script, by GeoNames id.

The table, ``data/places.tsv.xz``, is generated (see `generate`) from GeoNames
(https://www.geonames.org, CC BY 4.0). It is read when an index is built; the index then holds the
names of its own cities.
"""

from __future__ import annotations

import lzma
from collections.abc import Collection, Iterator
from typing import NamedTuple

from instmatch.tables import packaged


class Place(NamedTuple):
    """A row of the table.

    Attributes:
        geonameid: its GeoNames id.
        country: ISO code of its country.
        population: how many live there; 0 if it is not known.
        name: its international name.
        alternates: other names, in Latin, Cyrillic and CJK scripts.
    """

    geonameid: int
    country: str
    population: int
    name: str
    alternates: tuple[str, ...]


def read_places() -> Iterator[Place]:
    """Yield the places of the table."""
    with lzma.open(packaged(__package__, "places.tsv.xz"), "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            number, country, population, name, alternates = line.rstrip("\n").split("\t")
            others = tuple(filter(None, alternates.split("|")))
            yield Place(int(number), country, int(population), name, others)


def city_names(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of some cities, the international one first.

    Args:
        ids: GeoNames ids; those the table does not have are left out.

    >>> "ミュンヘン" in city_names([2867714])[2867714]
    True
    """
    wanted = set(ids)
    return {
        place.geonameid: (place.name, *place.alternates)
        for place in read_places()
        if place.geonameid in wanted
    }
