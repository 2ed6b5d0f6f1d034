"""Latin letters: accents, ligatures and special letters to plain ones."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from instmatch.text.scripts import CJK

# Letters that Unicode does not decompose; the spellings are those of the languages' own
# passports and libraries.
_LETTERS: Final = str.maketrans(
    dict(zip("øđðłıħĸəŧƒŀɛɔɓɗƙƴ", "oddlihkatfleobdky", strict=True))
    | {"æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng"}
)
_MARKS: Final = re.compile("[\u0300-\u036f]")
# Whatever is not ASCII, kana, Han, hangul or CJK punctuation: only there such marks can be.
_OTHER: Final = re.compile(f"[^\\x00-\\x7f\u3000-\u303f・{CJK}]")


def fold_latin(text: str) -> str:
    """Casefold and take accents, ligatures and special letters to plain letters.

    Marks of other scripts (dakuten, Arabic vowels) stay.

    >>> fold_latin("Universität Łódź, İstanbul, Straße")
    'universitat lodz, istanbul, strasse'
    """
    text = text.casefold()
    if text.isascii() or not _OTHER.search(text):
        return text
    decomposed = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", decomposed).translate(_LETTERS)
