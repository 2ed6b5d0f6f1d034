"""Kana: marks, spellings that vary, and Latin letters for every syllable."""

from __future__ import annotations

import re
from typing import Final

from instmatch.text.scripts import HAN, KANA

# Every stroke that scanners and typists put where the long-vowel mark ー belongs. 一 is the
# kanji "one"; the half-width mark is handled by NFKC before.
_DASHES: Final = "一―‐‑‒–—−─━-"
# 一 before another kanji is a mark too, save in 一世, 一般 and the like.
_LONG_MARK: Final = re.compile(
    f"[{_DASHES}](?<=[{KANA}].)(?=[{KANA}]|大|工|$|[\\s・(])"
    f"|一(?<=[ァ-ヺ].)(?=[{HAN}])(?![一二三四五六七八九十世般番部貫流級橋国國])"
)

_TO_KATAKANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}

# ヴ and the b row, ヂヅ and ジズ, ヰヱヲ and イエオ are two ways to write one sound, and
# foreign names are printed both ways (ヴィクトリア, ビクトリア).
_VARIANTS: Final = re.compile("ヴ[ァィェォュ]?|[ヂヅヰヱヷヸヹヺ]")
_VARIANT_OF: Final = {
    "ヴァ": "バ",
    "ヴィ": "ビ",
    "ヴェ": "ベ",
    "ヴォ": "ボ",
    "ヴュ": "ビュ",
    "ヴ": "ブ",
    "ヂ": "ジ",
    "ヅ": "ズ",
    "ヰ": "イ",
    "ヱ": "エ",
    "ヷ": "バ",
    "ヸ": "ビ",
    "ヹ": "ベ",
    "ヺ": "ボ",
}

_LATIN_TABLE: Final = """
ア a イ i ウ u エ e オ o カ ka キ ki ク ku ケ ke コ ko サ sa シ shi ス su セ se ソ so
タ ta チ chi ツ tsu テ te ト to ナ na ニ ni ヌ nu ネ ne ノ no ハ ha ヒ hi フ fu ヘ he ホ ho
マ ma ミ mi ム mu メ me モ mo ヤ ya ユ yu ヨ yo ラ ra リ ri ル ru レ re ロ ro ワ wa ヰ i ヱ e
ヲ o ン n ガ ga ギ gi グ gu ゲ ge ゴ go ザ za ジ ji ズ zu ゼ ze ゾ zo ダ da ヂ ji ヅ zu デ de
ド do バ ba ビ bi ブ bu ベ be ボ bo パ pa ピ pi プ pu ペ pe ポ po ヴ vu
キャ kya キュ kyu キョ kyo キェ kye シャ sha シュ shu ショ sho シェ she チャ cha チュ chu
チョ cho チェ che ニャ nya ニュ nyu ニョ nyo ニェ nye ヒャ hya ヒュ hyu ヒョ hyo ヒェ hye
ミャ mya ミュ myu ミョ myo リャ rya リュ ryu リョ ryo リェ rye ギャ gya ギュ gyu ギョ gyo
ジャ ja ジュ ju ジョ jo ジェ je ヂャ ja ヂュ ju ヂョ jo ビャ bya ビュ byu ビョ byo ピャ pya
ピュ pyu ピョ pyo ティ ti ディ di トゥ tu ドゥ du テュ tyu デュ dyu ツァ tsa ツィ tsi ツェ tse
ツォ tso ファ fa フィ fi フェ fe フォ fo フュ fyu フョ fyo ヴァ va ヴィ vi ヴェ ve ヴォ vo
ヴュ vyu ヴャ vya ヴョ vyo フャ fya ツュ tsyu テョ tyo デョ dyo クュ kyu グュ gyu ウュ wyu ウィ wi
ウェ we ウォ wo ウァ wa クァ kwa クィ kwi クェ kwe クォ kwo クヮ kwa グァ gwa グィ gwi グェ gwe
グォ gwo グヮ gwa イェ ye ミェ mye ギェ gye ビェ bye ピェ pye スィ si ズィ zi ヂェ je
ァ a ィ i ゥ u ェ e ォ o ャ ya ュ yu ョ yo ヮ wa ヵ ka ヶ ke ヷ va ヸ vi ヹ ve ヺ vo
"""
_LATIN: Final = dict(zip(*[iter(_LATIN_TABLE.split())] * 2, strict=True))
_SYLLABLE: Final = re.compile(f"[{''.join(k for k in _LATIN if len(k) == 1)}][ァィゥェォャュョヮ]?")
_GEMINATE: Final = re.compile("ッ+(?=(ch)?([b-df-hj-np-tvwxz])?)")
_REPEATED: Final = re.compile("([ァ-ヺ])([ヽヾ])")
_VOICED: Final = dict(
    zip(
        "カキクケコサシスセソタチツテトハヒフヘホ",
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボ",
        strict=True,
    )
)
_LONG: Final = re.compile("([aeiou])ー+")


def restore_long_marks(text: str) -> str:
    """Put ー where a dash, minus or the kanji 一 stands after kana.

    The mark must be followed by kana, the end, or something a name goes on with, so that 一 in
    第一大学 and hyphens between Latin words stay.

    >>> restore_long_marks("ルーベンカトリック大学 カ一ルスル―エ")
    'ルーベンカトリック大学 カールスルーエ'
    >>> restore_long_marks("第一大学"), restore_long_marks("キュリ一夫妻")
    ('第一大学', 'キュリー夫妻')
    """
    return _LONG_MARK.sub("ー", text)


def to_katakana(text: str) -> str:
    """Write hiragana as katakana.

    >>> to_katakana("おちゃの水")
    'オチャノ水'
    """
    return text.translate(_TO_KATAKANA)


def unify_spellings(text: str) -> str:
    """Give one spelling to sounds that katakana writes in two ways.

    >>> unify_spellings("ヴィクトリア"), unify_spellings("ヴロツワフ")
    ('ビクトリア', 'ブロツワフ')
    """
    return _VARIANTS.sub(lambda match: _VARIANT_OF[match[0]], text)


def romanize_kana(text: str, long_vowels: str = "plain") -> str:
    """Write katakana and hiragana in Latin letters (Hepburn), leaving other characters alone.

    Args:
        text: any string; Latin fragments inside kana are joined to it (ノッtingham).
        long_vowels: how ー is spelt: ``plain`` (one vowel), ``doubled`` or ``h``; these are
            the three ways found in names (Tokyo, Ohtsuka, Niigata).

    Returns:
        The string with Latin letters for kana.

    Raises:
        KeyError: if ``long_vowels`` is none of the three.

    >>> romanize_kana("ノッtingham"), romanize_kana("ミュンヘン"), romanize_kana("マッチ")
    ('nottingham', 'myunhen', 'matchi')
    >>> [romanize_kana("オーツカ", way) for way in ("plain", "doubled", "h")]
    ['otsuka', 'ootsuka', 'ohtsuka']
    """
    written = {"plain": r"\1", "doubled": r"\1\1", "h": r"\1h"}[long_vowels]
    katakana = _REPEATED.sub(_repeat, to_katakana(text))
    latin = _SYLLABLE.sub(_syllable, katakana)
    latin = _LONG.sub(written, latin).replace("ー", "")
    return _GEMINATE.sub(lambda match: "t" if match[1] else match[2] or "", latin)


def _syllable(match: re.Match[str]) -> str:
    kana = match[0]
    return _LATIN.get(kana) or "".join(_LATIN[char] for char in kana)


def _repeat(match: re.Match[str]) -> str:
    kana, mark = match[1], match[2]
    return kana + (_VOICED.get(kana, kana) if mark == "ヾ" else kana)
