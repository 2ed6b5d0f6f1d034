"""Abbreviated Latin and Cyrillic words written out: Univ., Inst., TU, Tec., ун-т.

The table, ``data/abbreviations.tsv``, is edited by hand. A ``dotted`` abbreviation counts only with
its period, because without it it may be a name (Kim, U).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from instmatch.tables import packaged, read_table

_WORD: Final = re.compile(r"(?<![\w-])[a-zа-яіїєґ][\w-]*(?:\.(?=(\w))?|(?!\w))")


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for _, row in read_table(packaged("instmatch.text", "abbreviations.tsv"), ("short", "long")):
        table[row["short"] + "."] = row["long"]
        if row["dotted"] == "no":
            table[row["short"]] = row["long"]
    return table


def expand_abbreviations(text: str) -> str:
    """Write out the abbreviations in a casefolded string without accents.

    A period that stood between an abbreviation and the next word becomes a space.

    >>> expand_abbreviations("univ. of tokyo, inst. of physics")
    'university of tokyo, institute of physics'
    >>> expand_abbreviations("u thant"), expand_abbreviations("inst.of physics")
    ('u thant', 'institute of physics')
    """
    table = _table()

    def written_out(match: re.Match[str]) -> str:
        word = match[0]
        long = table.get(word)
        if long is None:
            return word
        return f"{long} " if match[1] else long

    return _WORD.sub(written_out, text)
