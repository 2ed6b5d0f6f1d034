"""Latin letters: accents, ligatures and special letters to plain ones."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters that Unicode does not decompose; the spellings are those of the languages' own
# passports and libraries.
_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
     "ħ": "h", "ŋ": "ng", "ĸ": "k", "ſ": "s", "ə": "a", "ŀ": "l", "ŧ": "t", "ƒ": "f", "ơ": "o",
     "ư": "u"}
)
_MARKS: Final = re.compile("[\u0300-\u036f]")


def fold_latin(text: str) -> str:
    """Casefold and take accents, ligatures and special letters to plain letters.

    Marks of other scripts (dakuten, Arabic vowels) stay.

    >>> fold_latin("Universität Łódź, İstanbul, Straße")
    'universitat lodz, istanbul, strasse'
    """
    text = text.casefold()
    if text.isascii():
        return text
    decomposed = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", decomposed).translate(_LETTERS)
