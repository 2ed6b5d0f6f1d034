"""Words that mark a part of an institution: 学部, 研究科, Faculty of, 대학원.

The table, ``data/units.tsv``, says of each word whether it nearly always marks a part (``unit``)
or only beside another institution's name (``context``: 学院, Institute).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from instmatch.lexicon.words import WordTable, word_key
from instmatch.tables import packaged, read_table
from instmatch.text import fold


@cache
def _table() -> WordTable[str]:
    roles: dict[str, str] = {}
    for _, row in read_table(packaged(__package__, "units.tsv"), ("word", "role")):
        roles.setdefault(word_key(row["word"]), row["role"])
    return WordTable(roles)


@lru_cache(maxsize=1 << 14)
def _roles(text: str) -> frozenset[str]:
    """Return the roles of the unit words in a text; asked several times for each."""
    return frozenset(span.value for span in _table().find(fold(text)))


def is_unit(text: str) -> bool:
    """Tell whether a text that stands beside an institution's name names a part of it.

    >>> is_unit("産業技術学部"), is_unit("Faculty of Law"), is_unit("シアトル")
    (True, True, False)
    """
    return bool(_roles(text))


def is_surely_unit(text: str) -> bool:
    """Tell whether a text names a part of an institution wherever it stands.

    >>> is_surely_unit("Faculty of Law"), is_surely_unit("清華学院")
    (True, False)
    """
    return "unit" in _roles(text)


_CAMPUS: Final = re.compile(
    r"(?<=[^学學高])校(?![区區内內外友長长舎舍医醫])|キャンパス|校区|校區|캠퍼스|\bcampus\b",
    re.IGNORECASE,
)


def is_campus(text: str) -> bool:
    """Tell whether a text names a campus, which is often an institution of its own.

    >>> is_campus("バークレー校"), is_campus("Penang Campus"), is_campus("附屬學校")
    (True, True, False)
    """
    return _CAMPUS.search(text) is not None


def campus_ends(text: str) -> list[int]:
    """Return the positions behind words for a campus in a text.

    >>> campus_ends("カリフォルニア大学バークレー校工学部")
    [15]
    """
    return [match.end() for match in _CAMPUS.finditer(text)]
