"""The one normaliser: a string as people print it, and its comparison form."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from instmatch.text.abbreviations import expand_abbreviations
from instmatch.text.han import fold_han
from instmatch.text.kana import restore_long_marks, unify_spellings
from instmatch.text.latin import fold_latin
from instmatch.text.repair import repair
from instmatch.text.scripts import CJK

_SPACES: Final = re.compile(r"\s+")
_APOSTROPHE: Final = re.compile("(?<=\\w)['\u2018\u2019\u02bc\u02b9\u02bb`\u00b4](?=\\w)")
_AND: Final = re.compile(r"\s*[&+]\s*")
# ー and iteration marks are letters to Unicode, middle dots and brackets are not.
_NOT_WORD: Final = re.compile(r"[\W_]")
_CJK_SPACE: Final = re.compile(f"(?<=[{CJK}]) | (?=[{CJK}])")
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")


def clean(text: str) -> str:
    """Return a string made safe and tidy, still in the form people print.

    Repaired (see `repair`), in Unicode NFKC (full-width Latin, half-width katakana with their
    voicing marks, ligatures, roman-numeral signs), ー restored, spaces single.

    >>> clean(" ﾊﾞﾝﾄﾞﾝ工科大学　（ＩＴＢ）")
    'バンドン工科大学 (ITB)'
    """
    text = unicodedata.normalize("NFKC", repair(text))
    return _SPACES.sub(" ", restore_long_marks(text)).strip()


def fold(text: str) -> str:
    """Return the comparison form of a string.

    On top of `clean`: case, accents and abbreviations of Latin words, one form for Han variants
    and for katakana spellings, no punctuation, no spaces beside characters of scripts that do
    without. ``fold(fold(x)) == fold(x)``.

    Args:
        text: any string.

    Returns:
        The folded string; empty only for input without a visible character. A string of
        punctuation or symbols alone folds to itself, cleaned.

    >>> fold("國立臺灣大學 "), fold("Univ. of St. Andrews"), fold("Xi'an Jiaotong")
    ('国立台湾大学', 'university of saint andrews', 'xian jiaotong')
    >>> fold("???")
    '???'
    """
    return _fold_cleaned(clean(text))


@lru_cache(maxsize=1 << 16)
def _fold_cleaned(cleaned: str) -> str:
    text = fold_latin(cleaned)
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    text = _AND.sub(" and ", _APOSTROPHE.sub("", text))
    text = expand_abbreviations(text)
    text = _SPACES.sub(" ", _NOT_WORD.sub(_space_unless_mark, text)).strip()
    if not text.isascii():
        text = unify_spellings(fold_han(_CJK_SPACE.sub("", text)))
    return text or cleaned


def _space_unless_mark(match: re.Match[str]) -> str:
    # Vowel signs of Indic and South-East Asian scripts are not letters to Unicode.
    return match[0] if unicodedata.category(match[0])[0] == "M" else " "
