"""Checks of the curated gazetteer; each finding names what to mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from instmatch.gazetteer.model import Gazetteer, Institution, shared_names
from instmatch.lexicon.countries import country_codes
from instmatch.text.scripts import HAN, HANGUL, KANA

_ROR: Final = re.compile(r"https://ror\.org/0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")
_ROR_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LANG: Final = re.compile("[a-z]{2,3}(?:-Han[st]|-Latn)?")

_LATIN: Final = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_SCRIPTS: Final = {
    "ja": f"[{KANA}{HAN}]", "zh-Hans": f"[{HAN}]", "zh-Hant": f"[{HAN}]",
    "ko": f"[{HANGUL}{HAN}]", "ru": "[\u0400-\u04ff]", "uk": "[\u0400-\u04ff]",
    "bg": "[\u0400-\u04ff]", "el": "[\u0370-\u03ff\u1f00-\u1fff]", "ar": "[\u0600-\u06ff]",
    "fa": "[\u0600-\u06ff]", "he": "[\u0590-\u05ff]", "th": "[\u0e00-\u0e7f]",
    **dict.fromkeys(("en", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "da", "fi", "is", "id",
                     "ms", "tr", "pl", "cs", "sk", "hu", "ro", "vi"), f"[{_LATIN}]"),
}  # fmt: skip
"""For each language, a character that any name in it must hold."""

_FOREIGN: Final = {
    "en": f"[{KANA}{HAN}{HANGUL}]",
    "zh-Hans": f"[{KANA}{HANGUL}]",
    "zh-Hant": f"[{KANA}{HANGUL}]",
    "ja": f"[{HANGUL}]",
    "ko": f"[{KANA}]",
}
"""For each language, characters that no name in it may hold."""


_NATIVE: Final = {
    "JP": ("ja",), "CN": ("zh-Hans", "zh-Hant"), "TW": ("zh-Hant", "zh-Hans"),
    "HK": ("zh-Hant", "zh-Hans"), "MO": ("zh-Hant", "zh-Hans"), "KR": ("ko",),
}  # fmt: skip
"""For each country, languages in which its institutions are known at home and in lists."""


def validate(gazetteer: Gazetteer) -> list[str]:
    """Return what is wrong with a gazetteer, a line each; nothing if it is sound.

    Checked are ids (form and check digits, ISO 7064 mod 97-10), countries, languages against
    scripts, shared names against the declared homonyms and the other way round, names given
    twice, names missing in Latin letters or at home, dangling and circular successors and parents.
    """
    return [finding for check in _CHECKS for finding in check(gazetteer)]


def is_ror_id(id: str) -> bool:
    """Tell whether a string is a ROR id whose check digits are right.

    >>> is_ror_id("https://ror.org/00apj8t60"), is_ror_id("https://ror.org/00apj8t61")
    (True, False)
    """
    if not _ROR.fullmatch(id):
        return False
    value = 0
    for char in id[-9:-2]:
        value = value * 32 + _ROR_ALPHABET.index(char)
    return 98 - value * 100 % 97 == int(id[-2:])


def _ids(gazetteer: Gazetteer) -> Iterator[str]:
    for one in gazetteer.institutions:
        if not one.id.startswith("im:") and not is_ror_id(one.id):
            yield f"{one.country} {one.name}: {one.id} is not a ROR id; look it up again."
        if country_codes(one.country) is None:
            yield f"{one.country} {one.name}: {one.country} is not a country."


def _languages(gazetteer: Gazetteer) -> Iterator[str]:
    for one in gazetteer.institutions:
        for name in one.names:
            where = f"{one.country} {one.name}: {name.value!r}"
            if name.kind == "acronym":
                if name.lang:
                    yield f"{where} is an acronym and has no language."
                continue
            if not _LANG.fullmatch(name.lang):
                yield f"{where}: {name.lang!r} is not a language, as ja, zh-Hans or ru-Latn."
            needed, foreign = _SCRIPTS.get(name.lang), _FOREIGN.get(name.lang)
            if needed and not re.search(needed, name.value):
                yield f"{where} is not written in a script of {name.lang}."
            if foreign and re.search(foreign, name.value):
                yield f"{where} holds letters that {name.lang} does not have."
            if name.value != " ".join(name.value.split()):
                yield f"{where} has stray spaces."
        wanted = _NATIVE.get(one.country, ())
        if not any(re.search(f"[{_LATIN}]", name.value) for name in one.names):
            yield f"{one.country} {one.name}: has no name in Latin letters."
        for lang in wanted:
            if not any(name.lang == lang for name in one.names):
                yield f"{one.country} {one.name}: has no name in {lang}."


def _homonyms(gazetteer: Gazetteer) -> Iterator[str]:
    shared = shared_names(gazetteer.institutions)
    for key in sorted(shared.keys() - gazetteer.homonyms):
        owners = "; ".join(f"{one.country} {one.name}" for one in shared[key])
        yield f"{key!r} is a name of {owners}: declare it in homonyms.tsv or drop one."
    for key in sorted(gazetteer.homonyms - shared.keys()):
        yield f"{key!r} is declared in homonyms.tsv but not shared: drop the row."


def _twice(gazetteer: Gazetteer) -> Iterator[str]:
    for one in gazetteer.institutions:
        seen: set[tuple[str, str, bool]] = set()
        for name in one.names:
            key = (name.value, name.lang, name.kind == "acronym")
            if key in seen:
                yield f"{one.country} {one.name}: {name.value!r} ({name.lang}) stands twice."
            seen.add(key)


def _links(gazetteer: Gazetteer) -> Iterator[str]:
    by_id = {one.id: one for one in gazetteer.institutions}

    def chain(start: Institution, link: str) -> Iterator[str]:
        seen = {start.id}
        current = getattr(start, link)
        while current is not None:
            if current in seen:
                yield f"{start.country} {start.name}: its {link} leads back to itself."
                return
            seen.add(current)
            found = by_id.get(current)
            if found is None:
                yield f"{start.country} {start.name}: {link} {current} is not in the gazetteer."
                return
            current = getattr(found, link)

    for one in gazetteer.institutions:
        yield from chain(one, "successor")
        yield from chain(one, "parent")


_CHECKS: Final[tuple[Callable[[Gazetteer], Iterator[str]], ...]] = (
    _ids, _languages, _homonyms, _twice, _links,
)  # fmt: skip
