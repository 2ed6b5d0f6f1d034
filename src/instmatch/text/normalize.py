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
from instmatch.text.repair import is_suspect, repair
from instmatch.text.scripts import CJK

_APOSTROPHE: Final = re.compile("['\u2018\u2019\u02bc\u02b9\u02bb`\u00b4](?<=\\w.)(?=\\w)")
_AND: Final = re.compile(r"\s*&+\s*|(?<=\w)\s*\++\s*(?=\w)")
# ー and iteration marks are letters to Unicode, middle dots and brackets are not; the modifier
# letters that serve as apostrophes are.
_NOT_WORD: Final = re.compile(r"[^\w ]|[_\u02bc\u02b9\u02bb]")
# Voicing marks typed as characters of their own belong to the kana before them.
_OWN_MARK: Final = re.compile("[\u309b\u309c]")
_MOST_REPAIRS: Final = 4
# Voicing marks that stand apart from their kana go with it.
_UNSPACED: Final = f"[{CJK}\u3099\u309a]"
_CJK_SPACE: Final = re.compile(f" (?:(?<={_UNSPACED}.)|(?={_UNSPACED}))")
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b|(?=(\w)))?|\b[a-z]\.[a-z](?![\w.-])")


# What needs no cleaning: kana, Han, hangul and ASCII letters with single spaces; neither of the
# characters that stand for a long-vowel mark, nor those that NFKC composes.
_CLEAN: Final = re.compile(
    "[a-zA-Z\u3041-\u3096\u30a1-\u30fa\u4e01-\u9fff\uac00-\ud7a3]+"
    "(?: [a-zA-Z\u3041-\u3096\u30a1-\u30fa\u4e01-\u9fff\uac00-\ud7a3]+)*"
)


def clean(text: str) -> str:
    """Return a string made safe and tidy, still in the form people print.

    Repaired (see `repair`), in Unicode NFKC (full-width Latin, half-width katakana with their
    voicing marks, ligatures, roman-numeral signs), ー restored, spaces single. What is clean
    stays as it is: ``clean(clean(x)) == clean(x)``.

    >>> clean(" ﾊﾞﾝﾄﾞﾝ工科大学　（ＩＴＢ）")
    'バンドン工科大学 (ITB)'
    """
    if _CLEAN.fullmatch(text):
        return text
    text = repair(text)
    if not text.isascii():
        for _ in range(_MOST_REPAIRS):
            text = unicodedata.normalize("NFKC", _OWN_MARK.sub(_combining, text))
            if not is_suspect(text):
                break
            text = repair(text)
        text = restore_long_marks(text)
    return " ".join(text.split())


def _combining(mark: re.Match[str]) -> str:
    return "\u3099" if mark[0] == "\u309b" else "\u309a"


@lru_cache(maxsize=1 << 15)
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
    if "." in text:
        text = _DOTTED.sub(_undotted, text)
    if "&" in text or "+" in text:
        text = _AND.sub(" and ", text)
    text = expand_abbreviations(_APOSTROPHE.sub("", text))
    text, marks = _NOT_WORD.subn(_space_unless_mark, text)
    text = " ".join(text.split())
    if marks:
        # Punctuation may have hidden an abbreviation, as in univ-bonn.
        text = expand_abbreviations(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _CJK_SPACE.sub("", text))
        text = restore_long_marks(unify_spellings(fold_han(text)))
    return text or cleaned


def _undotted(match: re.Match[str]) -> str:
    letters = match[0].replace(".", "")
    return f"{letters} " if match[1] else letters


def _space_unless_mark(match: re.Match[str]) -> str:
    # Vowel signs of Indic and South-East Asian scripts are not letters to Unicode.
    return match[0] if unicodedata.category(match[0])[0] == "M" else " "
