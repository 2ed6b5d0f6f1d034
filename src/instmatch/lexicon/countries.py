"""Country and region names, as printed in headings and columns, to ISO codes."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from instmatch.tables import packaged, read_table
from instmatch.text import clean, fold

_SEPARATORS: Final = re.compile(r"[/|,;()\[\]、，・:：]|\s[-–—]\s|\s")
_NOISE: Final = re.compile("^(the|of|and)$")

# A hint that names a state is often meant to include these territories, and the other way round.
_TOGETHER: Final = {
    "CN": frozenset({"CN", "HK", "MO", "TW"}),
    "US": frozenset({"US", "PR", "GU", "VI", "AS", "MP"}),
    "GB": frozenset({"GB", "IM", "JE", "GG", "GI"}),
    "FR": frozenset({"FR", "RE", "GP", "MQ", "GF", "NC", "PF"}),
    "DK": frozenset({"DK", "FO", "GL"}),
    "NL": frozenset({"NL", "CW", "AW", "SX"}),
}
# The longest name of a country in words; texts that are longer are not tried as a whole.
_MOST_WORDS: Final = 12


@cache
def _names() -> dict[str, frozenset[str]]:
    names: dict[str, frozenset[str]] = {}
    codes: set[str] = set()
    for _, row in read_table(packaged(__package__, "regions.tsv"), ("name", "codes")):
        names[fold(row["name"])] = frozenset(row["codes"].split())
    for _, row in read_table(packaged(__package__, "countries.tsv"), ("code", "name")):
        names.setdefault(fold(row["name"]), frozenset({row["code"]}))
        codes.add(row["code"])
    for _, row in read_table(packaged(__package__, "countries_more.tsv"), ("name", "code")):
        names[fold(row["name"])] = frozenset({row["code"]})
    names.update({fold(code): frozenset({code}) for code in codes})
    names["uk"] = frozenset({"GB"})
    return names


def country_names() -> dict[str, dict[str, list[str]]]:
    """Return by ISO code and language what each country is called."""
    found: dict[str, dict[str, list[str]]] = {}
    for table in ("countries.tsv", "countries_more.tsv"):
        for _, row in read_table(packaged(__package__, table), ("code", "name", "lang")):
            names = found.setdefault(row["code"], {}).setdefault(row["lang"], [])
            names.append(row["name"])
    return found


def country_codes(text: str) -> frozenset[str] | None:
    """Return the countries a heading or a cell of a country column means.

    Args:
        text: a country or region in any language, an ISO 3166 two-letter code, or several of
            these side by side (``アジア / 中国``, ``台湾 (TAIWAN)``): the narrowest is taken, and
            all of several as narrow (``USA / Canada``).

    Returns:
        ISO codes; empty for a heading that names no place (``Multi-Region``); None if the text
        is not known.

    >>> country_codes("ドイツ (GERMANY)"), country_codes("Republic of China")
    (frozenset({'DE'}), frozenset({'TW'}))
    >>> country_codes("München") is None
    True
    """
    names = _names()
    whole = names.get(fold(text))
    if whole is not None:
        return whole
    found: list[frozenset[str]] = []
    parts = [part for part in _SEPARATORS.split(clean(text)) if part]
    position = 0
    while position < len(parts):
        for stop in range(min(len(parts), position + _MOST_WORDS), position, -1):
            codes = names.get(fold(" ".join(parts[position:stop])))
            if codes is not None:
                found.append(codes)
                position = stop
                break
        else:
            if not _NOISE.match(parts[position].lower()):
                return None
            position += 1
    return _narrowest(found)


def _narrowest(found: list[frozenset[str]]) -> frozenset[str] | None:
    """Return the countries of the shortest sets; a territory counts rather than its state."""
    named = [codes for codes in found if codes]
    if not named:
        return found[0] if found else None
    fewest = min(map(len, named))
    narrow = frozenset().union(*(codes for codes in named if len(codes) == fewest))
    if fewest > 1:
        return narrow
    return narrow - {state for state, group in _TOGETHER.items() if len(group & narrow) > 1}


def related(code: str, codes: frozenset[str]) -> bool:
    """Tell whether a country is outside a hint but often filed under it (HK under 中国).

    >>> related("HK", frozenset({"CN"})), related("JP", frozenset({"CN"}))
    (True, False)
    """
    return code in related_to(codes)


@lru_cache(maxsize=1 << 10)
def related_to(codes: frozenset[str]) -> frozenset[str]:
    """Return the countries outside a hint that are often filed under it."""
    return frozenset().union(*(group for group in _TOGETHER.values() if group & codes)) - codes
