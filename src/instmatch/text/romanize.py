"""Any script in Latin letters.

The only door to pykakasi and Unidecode, which are under the GPL.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from instmatch.text.kana import romanize_kana
from instmatch.text.scripts import HAN, KANA

_KANA_OR_HAN: Final = re.compile(f"[{KANA}{HAN}]")
_ANY_KANA: Final = re.compile(f"[{KANA}]")
_HAN_RUN: Final = re.compile(f"[{HAN}]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]+")


def _letters(table: str) -> tuple[str, ...]:
    return tuple(cell.strip("_") for cell in table.split())


# Revised Romanization of Korean (Ministry of Culture and Tourism, 2000-8).
_INITIAL: Final = _letters("g kk n d tt r m b pp s ss _ j jj ch k t p h")
_MEDIAL: Final = _letters("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
_FINAL: Final = _letters("_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
# Finals that move over to a following vowel keep their own sound: 국어 gugeo; ㅎ falls silent.
_LINKED: Final = _letters("_ g kk ks n nj n d r lg lm lb ls lt lp r m b ps s ss ng j ch k t p _")
# ㄷ and ㅌ before 이 become j and ch: 해돋이 haedoji.
_PALATAL: Final = {7: "j", 13: "lch", 25: "ch"}
_PALATAL_VOWEL: Final = 20
# ㅎ in a final breathes on the next consonant: 좋고 joko. (The other way round, in nouns, h is
# written: 묵호 Mukho.)
_BREATHED: Final = {"g": "k", "d": "t", "j": "ch"}
_WITH_H: Final = {6: "n", 15: "l", 27: ""}
# What a final and the next initial become together: 백마 baengma, 신라 silla, 독립 dongnip.
_ASSIMILATED: Final = {
    ("k", "n"): "ngn", ("k", "m"): "ngm", ("k", "r"): "ngn", ("n", "r"): "ll", ("t", "n"): "nn",
    ("t", "m"): "nm", ("t", "r"): "nn", ("l", "r"): "ll", ("l", "n"): "ll", ("m", "r"): "mn",
    ("p", "n"): "mn", ("p", "m"): "mm", ("p", "r"): "mn", ("ng", "r"): "ngn",
}  # fmt: skip


def romanize_hangul(text: str) -> str:
    """Write hangul in Latin letters by the Revised Romanization, leaving the rest alone.

    Assimilation is written inside a run of hangul. What only the dictionary knows (ㄴ put in
    between, as in 학여울 Hangnyeoul) is not.

    >>> romanize_hangul("서울"), romanize_hangul("신라"), romanize_hangul("국어")
    ('seoul', 'silla', 'gugeo')
    """
    return _HANGUL.sub(lambda match: _romanize_word(match[0]), text)


def _romanize_word(word: str) -> str:
    out: list[str] = []
    final = 0
    for char in word:
        place, rest = divmod(ord(char) - 0xAC00, 588)
        initial, medial = _INITIAL[place], rest // 28
        if not initial and final:
            soft = _PALATAL.get(final) if medial == _PALATAL_VOWEL else None
            out.append(soft or _LINKED[final])
        elif final in _WITH_H and initial in _BREATHED:
            out.append(_WITH_H[final] + _BREATHED[initial])
        else:
            pair = (_FINAL[final], initial)
            out.append(_ASSIMILATED.get(pair, "".join(pair)))
        out.append(_MEDIAL[medial])
        final = rest % 28
    out.append(_FINAL[final])
    return "".join(out)


@cache
def _kakasi() -> Any:
    import pykakasi  # 0.4 s and 135 MiB to load

    make: Any = pykakasi.kakasi
    return make()


def romanize_kanji(text: str) -> str:
    """Write Japanese in Latin letters, kanji by their dictionary readings (pykakasi).

    >>> romanize_kanji("お茶の水女子")
    'ochanomizujoshi'
    """
    return "".join(part["hepburn"] for part in _kakasi().convert(text))


def romanize(text: str, japanese: bool = False) -> str:
    """Write a string of any script in lower-case Latin letters.

    Kana by `romanize_kana`, hangul by `romanize_hangul`, everything else by Unidecode, which
    reads Han characters as Mandarin.

    Args:
        text: any string; best a folded one.
        japanese: whether Han characters are read as Japanese kanji instead.

    >>> romanize("ウォータールー"), romanize("慕尼黑"), romanize("Киев")
    ('wotaru', 'munihei', 'kiev')
    >>> romanize("東北", japanese=True)
    'touhoku'
    """
    if text.isascii():
        return text.lower()
    text = _SURROGATE.sub("", text)  # Unidecode warns of them
    if japanese and _KANA_OR_HAN.search(text):
        text = _HAN_RUN.sub(lambda match: romanize_kanji(match[0]), text)
    if _ANY_KANA.search(text):
        text = romanize_kana(text)
        if text.isascii():
            return text.lower()
    from unidecode import unidecode

    text = romanize_hangul(text)
    text = _HAN_RUN.sub(lambda match: unidecode(match[0]).replace(" ", ""), text)
    return unidecode(text, errors="ignore").lower()
