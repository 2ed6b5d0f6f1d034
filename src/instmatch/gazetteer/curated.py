"""Reader of the curated files: one a country, one fact a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from instmatch.errors import InputError
from instmatch.gazetteer.model import KINDS, Gazetteer, Institution, Name, own_id
from instmatch.tables import read_table
from instmatch.text import fold

COLUMNS: Final = ("institution", "field", "lang", "value", "source")
FACTS: Final = ("ror", "city", "geonames", "type", "parent", "successor")
SOURCES: Final = ("seed", "registry", "official", "usage")
HOMONYMS: Final = "homonyms.tsv"


@dataclass(slots=True)
class _Entry:
    """An institution while its rows are being read."""

    name: str
    country: str
    where: str
    names: list[Name] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.facts.get("ror") or own_id(self.country, self.name)


def read_curated(folder: Path) -> Gazetteer:
    """Read the folder of curated files.

    Args:
        folder: holds ``CC.tsv`` for each country (columns in the folder's README) and
            ``homonyms.tsv``.

    Returns:
        The gazetteer, by country and then in the files' order.

    Raises:
        InputError: with file and line, if a row cannot be understood, an id stands twice, or a
            parent or successor is not in the gazetteer.
    """
    files = sorted(folder.glob("[A-Z][A-Z].tsv"))
    if not files:
        raise InputError(f"{folder}: no country files (CC.tsv) in this folder.")
    entries: list[_Entry] = []
    for path in files:
        entries.extend(_read_country(path))
    by_reference: dict[str, str] = {}
    for entry in entries:
        if entry.id in by_reference:
            raise InputError(f"{entry.where}: {entry.id} stands twice; merge the two entries.")
        by_reference[entry.id] = entry.id
    for entry in entries:
        by_reference.setdefault(entry.name, entry.id)
    homonyms = frozenset(
        fold(row["name"]) for _, row in read_table(folder / HOMONYMS, ("name", "institutions"))
    )
    return Gazetteer(tuple(_finish(entry, by_reference) for entry in entries), homonyms)


def _read_country(path: Path) -> list[_Entry]:
    entries: dict[str, _Entry] = {}
    for line, row in read_table(path, COLUMNS):
        where = f"{path}:{line}"
        title, what, value = row["institution"], row["field"], row["value"]
        if not title or not value:
            raise InputError(f"{where}: the columns institution and value must not be empty.")
        if row["source"] not in SOURCES:
            raise InputError(f"{where}: source {row['source']!r} is none of {', '.join(SOURCES)}.")
        entry = entries.setdefault(title, _Entry(title, path.stem, where))
        if what in FACTS:
            if entry.facts.setdefault(what, value) != value:
                raise InputError(f"{where}: {title} has two values for {what}; keep one.")
        elif what in KINDS:
            entry.names.append(Name(value, row["lang"], what, row["source"]))
        else:
            known = ", ".join((*KINDS, *FACTS))
            raise InputError(f"{where}: field {what!r} is none of {known}.")
    return list(entries.values())


def _finish(entry: _Entry, ids: dict[str, str]) -> Institution:
    facts = entry.facts
    for link in ("parent", "successor"):
        if link in facts and facts[link] not in ids and not facts[link].startswith("https://"):
            raise InputError(
                f"{entry.where}: the {link} of {entry.name}, {facts[link]!r}, is not in the "
                "gazetteer; give a canonical name or an id that is."
            )
    if "geonames" in facts and not facts["geonames"].isdecimal():
        raise InputError(f"{entry.where}: geonames {facts['geonames']!r} is not a number.")
    if entry.name not in {name.value for name in entry.names}:
        raise InputError(f"{entry.where}: no row gives {entry.name!r} as a name; add a label row.")
    return Institution(
        id=entry.id,
        name=entry.name,
        country=entry.country,
        names=tuple(entry.names),
        city=facts.get("city", ""),
        geonames=int(facts["geonames"]) if "geonames" in facts else None,
        type=facts.get("type", ""),
        parent=ids.get(facts["parent"], facts["parent"]) if "parent" in facts else None,
        successor=ids.get(facts["successor"]) if "successor" in facts else None,
    )
