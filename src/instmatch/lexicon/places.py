"""Names of cities in every script, by GeoNames id.

The table, ``data/places.tsv.xz``, is generated (see `generate`) from GeoNames
(https://www.geonames.org, CC BY 4.0). It is read when an index is built; the index then holds the
names of its own cities.
"""

from __future__ import annotations

import lzma
from collections.abc import Collection

from instmatch.tables import packaged


def city_names(ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the names of some cities, the international one first.

    Args:
        ids: GeoNames ids; those the table does not have are left out.

    >>> "ミュンヘン" in city_names([2867714])[2867714]
    True
    """
    wanted = set(ids)
    found: dict[int, tuple[str, ...]] = {}
    with lzma.open(packaged(__package__, "places.tsv.xz"), "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            number, _, _, name, alternates = line.rstrip("\n").split("\t")
            if int(number) in wanted:
                found[int(number)] = (name, *filter(None, alternates.split("|")))
    return found
