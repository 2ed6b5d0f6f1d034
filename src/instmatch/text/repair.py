"""Undo what files, converters and scanners did to the characters themselves."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Invisible marks: zero-width and bidirectional controls, byte-order marks, variation selectors,
# soft hyphens, fillers. They carry no letter; joiners in Indic and Persian words are lost
# on purpose, on both sides of every comparison.
_INVISIBLE_CLASS: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\U000e0000-\U000e01ef"
)
_CONTROL_CLASS: Final = "\u0000-\u001f\u007f-\u009f\u2028\u2029"
_SURROGATE_CLASS: Final = "\ud800-\udfff"
_INVISIBLE: Final = re.compile(f"[{_INVISIBLE_CLASS}]+")
_CONTROL: Final = re.compile(f"[{_CONTROL_CLASS}]+")
_SURROGATE: Final = re.compile(f"[{_SURROGATE_CLASS}]")
_UNSOUND: Final = re.compile(f"[{_INVISIBLE_CLASS}{_CONTROL_CLASS}{_SURROGATE_CLASS}]")

# UTF-8 read as Latin-1 or Windows-1252 leaves a lead byte (Â-ô) followed by a continuation byte
# shown as a C1 control, a Latin-1 sign or one of Windows-1252's extra signs.
_MOJIBAKE: Final = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160"
    "\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153"
    "\u017e\u0178]"
)


def repair(text: str) -> str:
    r"""Make any Python string a sound one: no lone surrogates, controls or invisible marks.

    Mojibake (UTF-8 read in a one-byte encoding) is decoded again by ftfy, which is asked only
    when the tell-tale byte pairs are there.

    Args:
        text: any string, also one that cannot be encoded.

    Returns:
        The string, in NFC, with surrogate pairs joined, lone surrogates as U+FFFD and runs of
        control characters as one space; it can be encoded in UTF-8.

    >>> repair("UniversitÃ© de GenÃ¨ve")
    'Université de Genève'
    >>> repair("東京\u200b大学\x00")
    '東京大学 '
    """
    if text.isascii() and text.isprintable():
        return text
    unsound = _UNSOUND.search(text) is not None
    text = unicodedata.normalize("NFC", _without_surrogates(text) if unsound else text)
    if is_suspect(text):
        from ftfy import fix_encoding  # 30 ms to import, needed by few inputs

        text = _without_surrogates(fix_encoding(text))
        unsound = True
    return _CONTROL.sub(" ", _INVISIBLE.sub("", text)) if unsound else text


def is_suspect(text: str) -> bool:
    """Tell whether a text may hold UTF-8 that was read in a one-byte encoding.

    >>> is_suspect("GenÃ¨ve"), is_suspect("Genève")
    (True, False)
    """
    return _MOJIBAKE.search(text) is not None


def _without_surrogates(text: str) -> str:
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
