"""Names as real lists print them: misread, converted, with units, in two languages.

The kinds and their shares follow a count over the hand-labelled partner lists of the benchmark
(46 % with a unit, 8 % misread, 4 % abbreviated, 2 % bilingual in one cell, 2 % in mixed character
forms), with misreadings several times as frequent as there, because they are what has to be learnt.
No mention of the benchmark itself is used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Final

from instmatch.lexicon.concepts import words_of_kind
from instmatch.text.kana import romanize_kana
from instmatch.text.lookalikes import lookalikes
from instmatch.text.scripts import HAN, KANA, script_of

_KANA_RUN: Final = re.compile(f"[{KANA}]{{3,}}")
_HAN_CHAR: Final = re.compile(f"[{HAN}]")
_COMMON: Final = {
    "kana": "アイウエオカキクケコサシスセタチツテトナニヌネノ"
    "ハヒフヘホマミムメモヤユヨラリルレロワン",
    "han": "大学工中国立科技山東西南北京海江天文理医師範業院州安民",
    "hangul": "가나다라마바사아자차카타파하고구기노누도두로루리모무미부비소수시오우이주지",
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "other": "",
}
_UNIT_PATTERNS: Final = {
    "ja": ("{0}学部", "{0}学部", "大学院{0}研究科", "{0}研究科", "{0}研究所", "{0}センター",
           "{0}・{1}学部", "{0}学部{1}学科", "{0}学院", "{0}系", "医学部附属病院", "大学院",
           "理事会"),
    "zh-Hans": ("{0}学院", "{0}系", "{0}与{1}学院", "{0}研究所", "{0}国家重点实验室", "研究生院"),
    "zh-Hant": ("{0}學院", "{0}學系", "{0}學院{1}學系", "{0}研究所", "{0}研究中心"),
    "ko": ("{0}대학", "{0}학과", "{0}대학 {1}학과", "{0}연구소", "{0}대학원", "대학원"),
    "en": ("Faculty of {0}", "School of {0}", "Department of {0}", "College of {0}",
           "Institute of {0}", "Institute for {0}", "Center for {0}", "Laboratory of {0}",
           "Faculty of {0} and {1}", "Department of {0} and {1}", "Graduate School of {0}",
           "{0} Department", "{0} Research Center", "Department of {0}, Faculty of {1}",
           "School of {0}, School of {1}, School of {2}", "Graduate School", "{0} Group",
           "College of {0}/College of {1}", "{0} and {1} Technology Services"),
}  # fmt: skip
_GLUES: Final = {
    "ja": ("", "", " ", "・", "({unit})"), "zh-Hans": ("", " "), "zh-Hant": ("", " "), "ko": (" ",),
}  # fmt: skip
_LATIN_GLUES: Final = ("{name}, {unit}", "{name} ({unit})", "{unit}, {name}", "{name} {unit}")
_CHANGES: Final = {
    "look-alike": 45, "drop": 12, "replace": 12, "insert": 6, "long mark": 10, "swap": 8,
    "latin": 7,
}  # fmt: skip


def garble(name: str, rng: Random) -> str:
    """Return a name with one reading error.

    Args:
        name: a name in any script.
        rng: source of chance; the same state gives the same error.
    """
    for _ in range(8):
        kind = rng.choices([*_CHANGES], [*_CHANGES.values()])[0]
        changed = _GARBLERS[kind](name, rng)
        if changed != name and changed.strip():
            return changed
    return name


def _look_alike(name: str, rng: Random) -> str:
    places = [place for place, char in enumerate(name) if lookalikes(char)]
    if not places:
        return name
    place = rng.choice(places)
    return name[:place] + rng.choice(lookalikes(name[place])) + name[place + 1 :]


def _drop(name: str, rng: Random) -> str:
    place = rng.randrange(len(name))
    return name[:place] + name[place + 1 :] if len(name) > 3 else name


def _replace(name: str, rng: Random) -> str:
    place = rng.randrange(len(name))
    pool = _COMMON[script_of(name[place])]
    return name[:place] + rng.choice(pool) + name[place + 1 :] if pool and len(name) > 3 else name


def _insert(name: str, rng: Random) -> str:
    place = rng.randrange(len(name))
    pool = _COMMON[script_of(name[place])]
    return name[:place] + rng.choice(pool) + name[place:] if pool else name


def _long_mark(name: str, rng: Random) -> str:
    places = [place for place, char in enumerate(name) if char == "ー"]
    if places:
        place = rng.choice(places)
        return name[:place] + rng.choice(("", "一", "-", "―")) + name[place + 1 :]
    kana = [place for place, char in enumerate(name) if script_of(char) == "kana"]
    if not kana:
        return name
    place = rng.choice(kana) + 1
    return name[:place] + "ー" + name[place:]


def _swap(name: str, rng: Random) -> str:
    if len(name) < 4 or script_of(name) != "latin":
        return name
    place = rng.randrange(1, len(name) - 2)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def _latin(name: str, rng: Random) -> str:
    match = _KANA_RUN.search(name)
    if not match:
        return name
    start = rng.randrange(match.start() + 1, match.end() - 1)
    return name[:start] + romanize_kana(name[start : match.end()]) + name[match.end() :]


_GARBLERS: Final[dict[str, Callable[[str, Random], str]]] = {
    "look-alike": _look_alike,
    "drop": _drop,
    "replace": _replace,
    "insert": _insert,
    "long mark": _long_mark,
    "swap": _swap,
    "latin": _latin,
}


@cache
def _converters() -> tuple[Callable[[str], str], ...]:
    from opencc import OpenCC

    return tuple(OpenCC(name).convert for name in ("s2t", "t2s", "t2jp", "jp2t"))


def mix_forms(name: str, rng: Random) -> str:
    """Return a name with some of its Han characters in another form (simplified, old, Japanese).

    >>> mix_forms("東京大学", Random(1)) != "東京大学"
    True
    """
    convert = rng.choice(_converters())
    converted = convert(name)
    if len(converted) != len(name):
        return converted
    return "".join(rng.choice((old, new, new)) for old, new in zip(name, converted, strict=True))


@cache
def _fields(lang: str) -> tuple[str, ...]:
    """Return the fields of study that units are named after, in a language."""
    words = words_of_kind("field", lang)
    if lang == "en":
        return tuple(word.title() for word in words if len(word) > 4)
    return tuple(word for word in words if len(word) in (2, 3, 4))


def make_unit(lang: str, rng: Random) -> str:
    """Return the name of a faculty, institute or department as lists print it.

    Args:
        lang: ``ja``, ``zh-Hans``, ``zh-Hant`` or ``ko``; English for any other.
        rng: source of chance.
    """
    lang = lang if lang in _UNIT_PATTERNS else "en"
    return rng.choice(_UNIT_PATTERNS[lang]).format(*rng.sample(_fields(lang), 3))


def add_unit(name: str, lang: str, rng: Random) -> str:
    """Return a name with a part of the institution, in the way its language does it."""
    unit = make_unit(lang, rng)
    if lang in _GLUES:
        glue = rng.choice(_GLUES[lang])
        return name + (glue.format(unit=unit) if "{" in glue else glue + unit)
    return rng.choice(_LATIN_GLUES).format(name=name, unit=unit)


def restyle(name: str, rng: Random) -> str:
    """Return a name in another typographic dress: capitals, no accents, abbreviations, spaces."""
    way = rng.randrange(5)
    if script_of(name) == "latin":
        if way == 0:
            return name.upper()
        if way == 1:
            decomposed = unicodedata.normalize("NFD", name)
            return "".join(char for char in decomposed if not unicodedata.combining(char))
        if way == 2:
            return re.sub(r"\bUniversity\b", "Univ.", re.sub(r"\bInstitute\b", "Inst.", name))
        return f"The {name}" if way == 3 else name
    if way == 0:
        return name + "*"
    if way == 1 and len(name) > 4:
        place = rng.randrange(2, len(name) - 1)
        return f"{name[:place]} {name[place:]}"
    if way == 2:
        return f"・{name}"
    if way == 3:
        return f"{name} (20{rng.randrange(10, 25)}.{rng.randrange(1, 13)}.1)"
    return re.sub("大学校$", "大学", name)


def disturb(
    name: str,
    lang: str,
    other: str | None,
    acronym: str | None,
    city: str | None,
    rng: Random,
) -> str:
    """Return a name as a list might print it; often unchanged.

    Args:
        name: a gazetteer name.
        lang: its language.
        other: the institution's name in another script, for bilingual cells.
        acronym: its acronym, for brackets.
        city: its city in the name's script, for brackets.
        rng: source of chance.
    """
    if rng.random() < 0.45:
        name = garble(name, rng)
        if rng.random() < 0.15:
            name = garble(name, rng)
    if _HAN_CHAR.search(name) and rng.random() < 0.1:
        name = mix_forms(name, rng)
    if rng.random() < 0.15:
        name = restyle(name, rng)
    if acronym and rng.random() < 0.08:
        name = rng.choice(("{0} ({1})", "{0}({1})", "{1} {0}", "{1}({0})")).format(name, acronym)
    if city and city not in name and rng.random() < 0.06:
        glues = ("{0} ({1})", "{0}({1})") if lang in _GLUES else ("{0} ({1})", "{0}, {1}")
        name = rng.choice(glues).format(name, city)
    chance = rng.random()
    if chance < 0.4:
        return add_unit(name, lang, rng)
    if chance < 0.46 and other:
        return rng.choice(("{0} {1}", "{0} ({1})")).format(name, other)
    return name
