"""Reader of the Research Organization Registry's data dump (https://ror.org, CC0).

Reads the zip as published or the JSON inside it, in schema v2 or v1, record by record, so that
memory stays flat. Nothing is unpacked to disk.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, NamedTuple

import ijson

from instmatch.errors import InputError
from instmatch.gazetteer.model import Institution, Name, NameKind
from instmatch.text.scripts import script_of

LARGEST: Final = 4 << 30
"""Bytes of JSON beyond which a file is taken for a zip bomb; the dump of 2026 has a quarter GiB."""

LONGEST_NAME: Final = 1000
"""Characters beyond which a name is taken for damage; the longest in the registry has 240."""

_COUNTRY_NAME: Final = re.compile(r" \([A-Z][\w .,'-]+\)$")
_NATIVE: Final = {"JP": "ja", "KR": "ko", "TW": "zh-Hant", "HK": "zh-Hant", "MO": "zh-Hant"}

Record = Mapping[str, Any]


def read_ror(path: Path, skipped: Counter[str]) -> Iterator[Institution]:
    """Yield the institutions of a dump.

    Args:
        path: the zip or the JSON file.
        skipped: takes the number of records left out, by reason.

    Raises:
        InputError: if the file is not a dump.
    """
    seen: set[str] = set()
    with _open_json(path) as file:
        try:
            for record in ijson.items(file, "item", use_float=True):
                found = _institution(record, skipped)
                if found is None:
                    continue
                if found.id in seen:
                    skipped["id seen before"] += 1
                    continue
                seen.add(found.id)
                yield found
        except (ijson.JSONError, UnicodeDecodeError, zipfile.BadZipFile, EOFError) as error:
            raise InputError(f"{path}: this is not whole JSON ({error}).") from error
    if not seen:
        raise InputError(
            f"{path}: no ROR records in it; give the data dump of https://ror.org, a .zip or .json."
        )


@contextmanager
def _open_json(path: Path) -> Iterator[IO[bytes]]:
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(path) as archive, archive.open(_member(path, archive)) as file:
            yield file
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise InputError(f"{path}: cannot be read ({error}).") from error


def _member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the member that holds the newest schema."""
    found = [info for info in archive.infolist() if info.filename.endswith(".json")]
    for info in archive.infolist():
        parts = PurePosixPath(info.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise InputError(
                f"{path}: {info.filename!r} leads out of the archive; do not trust it."
            )
    if not found:
        raise InputError(f"{path}: the archive holds no JSON file; give the dump as published.")
    chosen = max(found, key=lambda info: ("schema_v2" in info.filename, info.filename))
    if chosen.file_size > LARGEST:
        raise InputError(
            f"{path}: {chosen.filename} would unpack to {chosen.file_size >> 20} MiB; "
            f"more than {LARGEST >> 20} MiB is no ROR dump."
        )
    return chosen


def _institution(record: object, skipped: Counter[str]) -> Institution | None:
    if not isinstance(record, Mapping) or not isinstance(record.get("id"), str):
        skipped["not a record"] += 1
        return None
    read: Callable[[Record], _Parts] = _parts_v2 if "locations" in record else _parts_v1
    try:
        parts = read(record)
    except (KeyError, TypeError, IndexError, AttributeError):
        skipped["fields missing"] += 1
        return None
    names = tuple(name for name in parts.names if name.value and len(name.value) <= LONGEST_NAME)
    skipped["names too long or empty"] += len(parts.names) - len(names)
    if not any(name.kind != "acronym" for name in names):
        skipped["no names"] += 1
        return None
    successor = _related(record, "successor")
    if record.get("status") == "withdrawn" and successor is None:
        skipped["withdrawn without successor"] += 1
        return None
    title = parts.title if any(name.value == parts.title for name in names) else names[0].value
    return Institution(
        id=record["id"],
        name=title,
        country=parts.country,
        names=names,
        city=parts.city,
        geonames=parts.geonames,
        type=parts.type,
        parent=_related(record, "parent"),
        successor=successor,
    )


class _Parts(NamedTuple):
    """What both schemas say of an institution, in other places."""

    title: str
    country: str
    names: list[Name]
    city: str
    geonames: int | None
    type: str


def _parts_v2(record: Record) -> _Parts:
    place = record["locations"][0]
    details = place.get("geonames_details") or {}
    country = details["country_code"]
    title = ""
    names: list[Name] = []
    for entry in record["names"]:
        kinds, value = entry["types"], entry["value"]
        if "ror_display" in kinds:
            title = value
        kind = next((kind for word, kind in _KIND_V2.items() if word in kinds), _LABEL)
        names += _names(value, entry.get("lang"), kind, country)
    types = record.get("types") or [""]
    return _Parts(title, country, names, details.get("name") or "", place.get("geonames_id"),
                  types[0])  # fmt: skip


def _parts_v1(record: Record) -> _Parts:
    country = record["country"]["country_code"]
    names = _names(record["name"], None, "label", country)
    for label in record.get("labels") or []:
        names += _names(label["label"], label.get("iso639"), "label", country)
    for field, kind in _KIND_V1.items():
        for value in record.get(field) or []:
            names += _names(value, None, kind, country)
    address = (record.get("addresses") or [{}])[0]
    city = address.get("geonames_city") or {}
    types = record.get("types") or [""]
    return _Parts(record["name"], country, names, city.get("city") or address.get("city") or "",
                  city.get("id"), types[0].lower())  # fmt: skip


_LABEL: Final[NameKind] = "label"
_KIND_V2: Final[dict[str, NameKind]] = {"label": "label", "acronym": "acronym", "alias": "alias"}
_KIND_V1: Final[dict[str, NameKind]] = {"aliases": "alias", "acronyms": "acronym"}


def _names(value: str, lang: str | None, kind: NameKind, country: str) -> list[Name]:
    """Return a name, and the same without the country that ROR adds to companies' names."""
    value = " ".join(value.split())
    if kind == "acronym":
        return [Name(value, "", kind, "registry")]
    language = _language(value, lang, country)
    bare = _COUNTRY_NAME.sub("", value)
    names = [Name(value, language, kind, "registry")]
    if bare != value and bare:
        names.append(Name(bare, language, "alias", "registry"))
    return names


def _language(value: str, lang: str | None, country: str) -> str:
    """Return the language of a name; where the registry gives none, as far as its script tells."""
    script = script_of(value)
    if script == "kana":
        return "ja"
    if script == "hangul":
        return "ko"
    if script == "han" and lang in (None, "zh"):
        return _NATIVE.get(country, "zh-Hans")
    return lang or ""


def _related(record: Record, kind: str) -> str | None:
    """Return the id of the first related record of a kind."""
    for one in record.get("relationships") or ():
        if str(one.get("type", "")).lower() == kind:
            return str(one["id"])
    return None
