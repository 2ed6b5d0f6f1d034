"""Numerals that tell institutions apart: Paris 12, リヨン第2大学, Mohammed V."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile("(?<![0-9a-z])[0-9]{1,2}(?![0-9a-z])")
_KANJI: Final = re.compile("第([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])")
# Not x, which is a letter more often than ten.
_ROMAN_VALUE: Final = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11,
    "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19,
    "xx": 20, "xxi": 21, "xxii": 22, "xxiii": 23,
}  # fmt: skip
_ROMAN: Final = re.compile("(?<![a-z0-9])[ivx]{1,5}(?![a-z0-9])")
_ANY: Final = re.compile("[0-9第]|(?<![a-z0-9])[ivx]")
_NONE: Final[frozenset[int]] = frozenset()
# Initials (V.I. Lenin) and the German registered society (e. V.).
_NO_NUMERAL: Final = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?)+(?=\s?[A-Z])|\be\.\s?V(?![a-z])\.?")
_KANJI_DIGITS: Final = "一二三四五六七八九"


def _kanji_value(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    value = _KANJI_DIGITS.index(ones) + 1 if ones else 0
    if ten:
        value += 10 * (_KANJI_DIGITS.index(tens) + 1 if tens else 1)
    return value


def numerals(folded: str) -> frozenset[int]:
    """Return the numbers below 100 that a folded name holds as words of their own.

    Arabic digits, kanji after 第 and Roman numerals. A lone Roman *i* counts only at the end,
    because it is a word in several languages; numbers inside codes (BK21) never count.

    >>> sorted(numerals("リヨン第2大学")), sorted(numerals("universite paris xii"))
    ([2], [12])
    >>> sorted(numerals("パリ第十一大学")), sorted(numerals("三重大学"))
    ([11], [])
    """
    if not _ANY.search(folded):
        return _NONE
    found = {int(match[0]) for match in _DIGITS.finditer(folded)}
    found.update(_kanji_value(match[1]) for match in _KANJI.finditer(folded))
    for match in _ROMAN.finditer(folded):
        value = _ROMAN_VALUE.get(match[0])
        lone = match[0] == "i" and match.end() < len(folded) and folded[match.end()] <= "\u3000"
        if value and not lone:
            found.add(value)
    return frozenset(found)


def without_initials(name: str) -> str:
    """Return a printed name without initials and other letters that look like Roman numerals.

    >>> without_initials("V.I. Vernadsky Institute"), without_initials("Paris V")
    (' Vernadsky Institute', 'Paris V')
    """
    return _NO_NUMERAL.sub(" ", name) if "." in name else name
