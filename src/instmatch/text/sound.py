"""A phonetic key: what a name sounds like, roughly, whoever wrote it down.

Made for comparing a foreign name in kana, Han or hangul with its Latin original, where
consonants survive and vowels, voicing and doubled letters do not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from instmatch.text.romanize import romanize

# Spellings of one consonant in Latin-script languages and in the romanisations of this package,
# to one class letter each, longest first.
_SPELLINGS: Final = {
    "sch": "s", "tsch": "s", "tch": "s", "cz": "s", "sz": "s", "ch": "s", "sh": "s", "ts": "s",
    "tz": "s", "zh": "s", "ph": "h", "th": "t", "gh": "k", "ck": "k", "qu": "k", "ng": "n",
    "ce": "s", "ci": "s", "cy": "s", "ge": "s", "gi": "s", "x": "ks", "b": "b", "v": "b",
    "w": "b", "p": "b", "f": "h", "h": "h", "c": "k", "k": "k", "q": "k", "g": "k", "s": "s",
    "z": "s", "j": "s", "d": "t", "t": "t", "l": "r", "r": "r", "m": "n", "n": "n",
}  # fmt: skip
_SEVERAL: Final = {spelt: to for spelt, to in _SPELLINGS.items() if len(spelt) > 1}
_SEVERAL_LETTERS: Final = re.compile("|".join(sorted(_SEVERAL, key=len, reverse=True)))
# In capitals what stands for several letters, so that it is not taken for a letter itself.
_ONE_LETTER: Final = str.maketrans(
    {spelt: to for spelt, to in _SPELLINGS.items() if len(spelt) == 1}
    | {to.upper(): to for to in _SEVERAL.values()}
)
_REPEATED: Final = re.compile(r"(.)\1+")
_NOT_LETTER: Final = re.compile("[^a-z0-9]")
_INNER_VOWEL: Final = re.compile("(?<=.)[aeiouy]+")


@lru_cache(maxsize=1 << 16)
def sound_key(folded: str, japanese: bool = False) -> str:
    """Return the consonants of a name as classes of like sound, with a leading vowel as ``a``.

    Args:
        folded: a folded name, best without its generic words.
        japanese: read Han characters as Japanese kanji instead of Mandarin.

    >>> sound_key("バンドン"), sound_key("bandung")
    ('bntn', 'bntn')
    >>> sound_key("ノッtingham"), sound_key("nottingham")
    ('ntnhn', 'ntnhn')
    """
    latin = _NOT_LETTER.sub("", romanize(folded, japanese))
    classes = _SEVERAL_LETTERS.sub(lambda match: _SEVERAL[match[0]].upper(), latin)
    classes = classes.translate(_ONE_LETTER)
    if classes[:1] in tuple("aeiouy"):
        classes = "a" + classes[1:]
    return _REPEATED.sub(r"\1", _INNER_VOWEL.sub("", classes))
