"""A CJK name as the symbols that each stand for some Latin letters.

A kana with its small kana is one symbol, a hangul syllable is its two or three jamo. A Han
character is two symbols, for the beginning of its sound and for the rest, and it is read by area:
延 is yan in China, en in Japan, yeon in Korea, and in the name of a place elsewhere whatever its
Mandarin sound comes near to.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from instmatch.text import romanize

AREAS: Final = ("X", "C", "J", "K")
"""Readings of Han characters: of foreign names, Chinese, Japanese, Korean."""

_AREA_OF: Final = {"CN": "C", "TW": "C", "HK": "C", "MO": "C", "JP": "J", "KR": "K", "KP": "K"}
_SMALL_KANA: Final = frozenset("ァィゥェォャュョヮ")
_KANA: Final = range(0x30A1, 0x30FB)
_HIRAGANA: Final = range(0x3041, 0x3097)
_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_HAN: Final = (range(0x3400, 0xA000), range(0x20000, 0x31350))
_NOT_LETTER: Final = re.compile("[^a-z]")


def area_of(country: str) -> str:
    """Return the area by whose readings Han names of institutions of a country are read.

    >>> area_of("TW"), area_of("DE")
    ('C', 'X')
    """
    return _AREA_OF.get(country, "X")


@lru_cache(maxsize=1 << 15)
def symbols(text: str, area: str) -> tuple[str, ...]:
    """Take a folded name apart into symbols.

    Latin letters stand for themselves; what is neither is left out.

    Args:
        text: a folded name or a part of one.
        area: one of `AREAS`.

    >>> symbols("シャンハイ", "X"), symbols("울산", "X")
    (('シャ', 'ン', 'ハ', 'イ'), ('ㅇ1', 'ㅜ2', 'ㄹ3', 'ㅅ1', 'ㅏ2', 'ㄴ3'))
    >>> symbols("延世", "K"), symbols("mit", "X")
    (('K延1', 'K延2', 'K世1', 'K世2'), ('m', 'i', 't'))
    """
    out: list[str] = []
    for char in text:
        code = ord(char)
        if code in _HIRAGANA:
            code += 0x60
            char = chr(code)
        if char in _SMALL_KANA and out and len(out[-1]) == 1 and ord(out[-1]) in _KANA:
            out[-1] += char
        elif code in _KANA or char == "ー" or (char.isascii() and char.isalpha()):
            out.append(char)
        elif code in _SYLLABLES:
            out += _jamo(code)
        elif any(code in block for block in _HAN):
            out += [f"{area}{char}1", f"{area}{char}2"]
    return tuple(out)


_INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: Final = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def _jamo(code: int) -> list[str]:
    initial, rest = divmod(code - _SYLLABLES.start, 588)
    vowel, final = divmod(rest, 28)
    found = [f"{_INITIALS[initial]}1", f"{_VOWELS[vowel]}2"]
    return [*found, f"{_FINALS[final]}3"] if final else found


@lru_cache(maxsize=1 << 15)
def letters_of(text: str) -> str:
    """Return the letters a to z of a name of any script.

    >>> letters_of("Saint-Étienne")
    'saintetienne'
    """
    return _NOT_LETTER.sub("", romanize(text))


@lru_cache(maxsize=1 << 14)
def syllable(symbol: str) -> str:
    """Return a Han symbol with its Mandarin syllable instead, by which rare ones are read.

    >>> syllable("X斯1"), syllable("カ")
    ('Xsi1', '')
    """
    if len(symbol) != 3 or symbol[0] not in AREAS:
        return ""
    return symbol[0] + letters_of(symbol[1]) + symbol[2]
