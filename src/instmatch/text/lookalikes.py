"""Characters that scanners take for one another, as classes.

Each class is one shape: `shape` writes every member as the first one. The classes are those of
Japanese, Chinese and Latin print: kana against kanji, kana against kana, voicing marks lost or
swapped, small kana set large, digits against letters.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from instmatch.text.han import fold_han
from instmatch.text.kana import to_katakana

_ACROSS_SCRIPTS: Final = (
    "エ工ェ", "カ力", "ロ口囗", "ニ二", "ハ八", "タ夕", "ト卜", "チ千干于", "オ才ォ", "ミ三",
    "ヒ匕", "ム厶", "セ七", "メ乂", "ホ木", "イ亻",
)  # fmt: skip
_AMONG_KANA: Final = ("ソン", "シツ", "クワ", "ユコ", "アマ", "スヌ")
_AMONG_KANJI: Final = (
    "土士", "末未", "人入", "己已巳", "日曰", "大太犬", "天夫", "学字", "東束", "石右", "烏鳥",
    "王玉", "治冶", "運達", "間問", "官宮", "侍待", "微徴", "技枝", "材村", "科料", "北此",
)  # fmt: skip
_AMONG_LATIN: Final = ("o0〇○", "i1l|!")

_PLAIN: Final = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポァィゥェォッャュョヮヵヶ",
        "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホアイウエオツヤユヨワカケ",
        strict=True,
    )
)
"""Kana without voicing mark and in full size."""

_HIRAGANA: Final = "".join(map(chr, range(0x3041, 0x3097)))


@cache
def _shape_table() -> dict[int, str]:
    table: dict[str, str] = {}
    for members in _ACROSS_SCRIPTS + _AMONG_KANA + _AMONG_KANJI + _AMONG_LATIN:
        folded = fold_han(members)
        first = table.get(folded[0], folded[0])
        table.update(dict.fromkeys(folded, first))
    for kana, plain in _PLAIN.items():
        table[kana] = table.get(plain, plain)
    for hiragana, katakana in zip(_HIRAGANA, to_katakana(_HIRAGANA), strict=True):
        table[hiragana] = table.get(katakana, katakana)
    return {ord(char): first for char, first in table.items() if char != first}


@cache
def _members() -> dict[str, tuple[str, ...]]:
    """Return for each character the others that it is misread as."""
    classes = _ACROSS_SCRIPTS + _AMONG_KANA + _AMONG_KANJI + _AMONG_LATIN
    members: dict[str, set[str]] = {}
    pairs = [(a, b) for group in classes for a in group for b in group if a != b]
    pairs += [pair for kana, plain in _PLAIN.items() for pair in ((kana, plain), (plain, kana))]
    for char, other in pairs:
        members.setdefault(char, set()).add(other)
    return {char: tuple(sorted(others)) for char, others in members.items()}


def lookalikes(char: str) -> tuple[str, ...]:
    """Return the characters that scanners take a character for, in code order.

    >>> lookalikes("工"), lookalikes("パ")
    (('ェ', 'エ'), ('ハ',))
    """
    return _members().get(char, ())


def shape(folded: str) -> str:
    """Write every character of a folded string as its class of look-alikes, one for one.

    Two strings of equal shape may be one name read twice by a scanner. The length does not
    change, so positions in the shape are positions in the fold.

    Args:
        folded: a string that `fold` returned.

    >>> shape("バンドンエ科大学") == shape("バンドン工科大学")
    True
    >>> shape("東京大学") == shape("京都大学")
    False
    """
    return folded.translate(_shape_table())


def print_key(shaped: str) -> str:
    """Return a shape without what readers add or drop most: long-vowel marks and spaces, rn for m.

    >>> print_key("カルスルエ") == print_key("カールスルーエ")
    True
    """
    return shaped.replace("ー", "").replace(" ", "").replace("rn", "m").replace("vv", "w")
