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

from instmatch.text.kana import romanize_kana
from instmatch.text.lookalikes import lookalikes
from instmatch.text.scripts import HAN, KANA, script_of

_KANA_RUN: Final = re.compile(f"[{KANA}]{{3,}}")
_HAN_CHAR: Final = re.compile(f"[{HAN}]")
_COMMON: Final = {
    "kana": "アイウエオカキクケコサシスセタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
    "han": "大学工中国立科技山東西南北京海江天文理医師範業院州安民",
    "hangul": "가나다라마바사아자차카타파하고구기노누도두로루리모무미부비소수시오우이주지",
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "other": "",
}
_UNITS: Final = {
    "ja": ("工学部", "大学院工学研究科", "法学部", "医学部附属病院", "理学部物理学科", "経済学部",
           "文学部", "日本研究センター", "大学院", "国際交流センター", "教育学院", "機械工学系"),
    "zh-Hans": ("工学院", "经济学院", "物理系", "医学院", "外国语学院", "材料科学与工程学院"),
    "zh-Hant": ("工學院", "電機資訊學院", "文學院中國文學系", "醫學院", "土木工程學系"),
    "ko": ("공과대학", "컴퓨터공학과", "의과대학", "경영학과", "대학원", "화학과"),
    "en": ("Faculty of Engineering", "School of Law", "Department of Physics", "Graduate School",
           "College of Science", "Institute of Mathematics", "Faculty of Arts and Sciences"),
}  # fmt: skip
_GLUES: Final = {"ja": ("", " ", "・"), "zh-Hans": ("", " "), "zh-Hant": ("", " "), "ko": (" ",)}
_LATIN_GLUES: Final = ("{name}, {unit}", "{name} ({unit})", "{unit}, {name}", "{name} {unit}")
_CHANGES: Final = (
    ("look-alike", 45), ("drop", 12), ("replace", 12), ("insert", 6), ("long mark", 10),
    ("swap", 8), ("latin", 7),
)  # fmt: skip


def garble(name: str, rng: Random) -> str:
    """Return a name with one reading error.

    Args:
        name: a name in any script.
        rng: source of chance; the same state gives the same error.
    """
    kinds, shares = zip(*_CHANGES, strict=True)
    for _ in range(8):
        changed = _GARBLERS[rng.choices(kinds, shares)[0]](name, rng)
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


def add_unit(name: str, lang: str, rng: Random) -> str:
    """Return a name with a faculty, institute or department, in the way its language does it."""
    unit = rng.choice(_UNITS.get(lang, _UNITS["en"]))
    if lang in _GLUES:
        return name + rng.choice(_GLUES[lang]) + unit
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
    name: str, lang: str, other: str | None, acronym: str | None, rng: Random
) -> str:
    """Return a name as a list might print it; often unchanged.

    Args:
        name: a gazetteer name.
        lang: its language.
        other: the institution's name in another script, for bilingual cells.
        acronym: its acronym, for brackets.
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
    chance = rng.random()
    if chance < 0.4:
        return add_unit(name, lang, rng)
    if chance < 0.46 and other:
        return rng.choice(("{0} {1}", "{0} ({1})")).format(name, other)
    return name

