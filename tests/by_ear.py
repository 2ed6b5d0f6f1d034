"""A gazetteer of institutions that have names in Latin letters only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from instmatch.gazetteer import Gazetteer, Institution, Name
from instmatch.index import Index
from instmatch.lexicon.countries import country_codes
from instmatch.match.query import Batch, make_batch
from instmatch.mention import Mention, Reading
from instmatch.resolver import Resolver

MICHIGAN: Final = "im:US-university-of-michigan"
WATERLOO: Final = "im:CA-university-of-waterloo"
WROCLAW: Final = "im:PL-wroclaw-university-of-science-and-technology"
WIEN: Final = "im:AT-technische-universitat-wien"
YONSEI: Final = "im:KR-yonsei-university"
DAVIS: Final = "im:US-university-of-california-davis"
KOLN: Final = "im:DE-university-of-cologne"

ROWS: Final = (
    (MICHIGAN, "US", 4984247, "University of Michigan"),
    ("im:US-michigan-state-university", "US", 4991640, "Michigan State University"),
    ("im:US-university-of-missouri", "US", 4381982, "University of Missouri"),
    ("im:US-university-of-minnesota", "US", 5037649, "University of Minnesota"),
    (DAVIS, "US", 5341704, "University of California, Davis"),
    (WATERLOO, "CA", 6176823, "University of Waterloo"),
    ("im:CA-wilfrid-laurier-university", "CA", 6176823, "Wilfrid Laurier University"),
    ("im:CA-university-of-toronto", "CA", 6167865, "University of Toronto"),
    (WROCLAW, "PL", 3081368, "Wrocław University of Science and Technology"),
    ("im:PL-university-of-wroclaw", "PL", 3081368, "University of Wrocław"),
    ("im:PL-warsaw-university-of-technology", "PL", 756135, "Warsaw University of Technology"),
    ("im:PL-gdansk-university-of-technology", "PL", 3099434, "Gdańsk University of Technology"),
    (WIEN, "AT", 2761369, "Technische Universität Wien"),
    ("im:AT-universitat-wien", "AT", 2761369, "Universität Wien"),
    (KOLN, "DE", 2886242, "University of Cologne"),
    ("im:DE-heidelberg-university", "DE", 2907911, "Heidelberg University"),
    (YONSEI, "KR", 1835848, "Yonsei University"),
    ("im:KR-hanyang-university", "KR", 1835848, "Hanyang University"),
    ("im:DE-university-of-technology", "DE", 0, "University of Technology"),
)


@cache
def latin_index() -> Index:
    """Compile the institutions."""
    made = (
        Institution(
            id,
            name,
            country,
            (Name(name, "en", "label", ""),),
            f"city {city}" if city else "",
            city or None,
            "education",
        )
        for id, country, city, name in ROWS
    )
    return Index.build(Gazetteer(tuple(made)))


@cache
def latin_resolver() -> Resolver:
    """Build their resolver with the installed model."""
    return Resolver(latin_index())


def batch_of(texts: Sequence[str], hints: Sequence[str | None] | None = None) -> Batch:
    """Lay out mentions of one reading each, with the countries they are said to be in."""
    codes = [country_codes(hint) if hint else None for hint in hints or [None] * len(texts)]
    return make_batch(latin_index(), [Mention(text, (Reading(text),)) for text in texts], codes)


def ids_of(names: npt.NDArray[np.int64]) -> list[str]:
    """Return the ids of the institutions of names, by their rows."""
    inst = latin_index().arrays["name.inst"][names]
    return [latin_index().ids[number] for number in inst.tolist()]
