"""Reader of the Research Organization Registry's data dump (https://ror.org, CC0).

Reads the zip as published or the JSON inside it, in schema v2 or v1, record by record, so that
memory stays flat; only withdrawn records are held back until it is known where they lead. Nothing
is unpacked to disk.
"""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, NamedTuple

from instmatch.errors import InputError
from instmatch.gazetteer.items import array_items
from instmatch.gazetteer.model import Institution, Name, NameKind
from instmatch.gazetteer.names import language_of, tidy

LARGEST: Final = 4 << 30
"""Bytes of JSON beyond which a file is taken for a zip bomb; the dump of 2026 has a quarter GiB."""

_DAMAGE: Final = (zipfile.BadZipFile, lzma.LZMAError, struct.error, zlib.error)

_COUNTRY_NAME: Final = re.compile(r" \([A-Z][\w .,'-]+\)$")
_ID: Final = re.compile(r"https://ror\.org/[0-9a-z]{9}")
_COUNTRY: Final = re.compile("[A-Z]{2}")
_LANG: Final = re.compile("[A-Za-z-]{2,20}")

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
    withdrawn: dict[str, Institution] = {}
    for record in _records(path):
        try:
            found = _institution(record, skipped)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            skipped["records of another form"] += 1
            continue
        if found is None:
            continue
        if found.id in seen:
            skipped["records whose id came before"] += 1
            continue
        seen.add(found.id)
        if record.get("status") == "withdrawn":
            withdrawn[found.id] = found
        else:
            yield found
    if not seen:
        raise InputError(
            f"{path}: no ROR records in it; give the data dump of https://ror.org, a .zip or .json."
        )
    for one in withdrawn.values():
        if _leads_on(one, withdrawn):
            yield one
        else:
            skipped["withdrawn records without successor"] += 1


def _leads_on(one: Institution, withdrawn: Mapping[str, Institution]) -> bool:
    """Tell whether the successors of a withdrawn record lead to one that is not withdrawn."""
    passed: set[str] = set()
    while one.successor is not None and one.id not in passed:
        if one.successor not in withdrawn:
            return True
        passed.add(one.id)
        one = withdrawn[one.successor]
    return False


def _records(path: Path) -> Iterator[Any]:
    with _open_json(path) as file:
        try:
            yield from array_items(file)
        except (EOFError, RecursionError, ValueError, *_DAMAGE) as error:
            raise InputError(f"{path}: this is not whole JSON ({error}).") from error


@contextmanager
def _open_json(path: Path) -> Iterator[IO[bytes]]:
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(path) as archive, archive.open(_member(path, archive)) as file:
            yield file
    except InputError:
        raise
    except (OSError, RuntimeError, ValueError, *_DAMAGE) as error:
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


def _institution(record: Record, skipped: Counter[str]) -> Institution | None:
    """Return the institution of a record; None if it has no name.

    Raises:
        AttributeError, IndexError, KeyError, TypeError, ValueError: if it is no record.
    """
    read: Callable[[Record], _Parts] = _parts_v2 if "locations" in record else _parts_v1
    parts = read(record)
    names = tuple(name for name in parts.names if name.value)
    skipped["names too long, empty or damaged"] += len(parts.names) - len(names)
    titles = [name.value for name in names if name.kind != "acronym"]
    if not titles:
        skipped["records without a name"] += 1
        return None
    title = tidy(parts.title)
    return Institution(
        id=_checked(_ID, record["id"]),
        name=title if title in titles else titles[0],
        country=_checked(_COUNTRY, parts.country),
        names=names,
        city=str(parts.city or ""),
        geonames=_geonames(parts.geonames),
        type=str(parts.type).lower(),
        parent=_related(record, "parent"),
        successor=_related(record, "successor"),
    )


def _checked(form: re.Pattern[str], value: str) -> str:
    """Return a value of a form; another raises ValueError."""
    if not form.fullmatch(value):
        raise ValueError(value)
    return value


def _geonames(value: object) -> int | None:
    """Return a GeoNames id; None if it is none (the index has 32 bits for it)."""
    return value if isinstance(value, int) and 0 < value < 1 << 31 else None


class _Parts(NamedTuple):
    """What both schemas say of an institution, in other places; not checked yet."""

    title: str
    country: str
    names: list[Name]
    city: Any
    geonames: Any
    type: Any


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
    return _Parts(title, country, names, details.get("name"), place.get("geonames_id"), types[0])


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
    place = city.get("city") or address.get("city")
    return _Parts(record["name"], country, names, place, city.get("id"), types[0])


_LABEL: Final[NameKind] = "label"
_KIND_V2: Final[dict[str, NameKind]] = {"label": "label", "acronym": "acronym", "alias": "alias"}
_KIND_V1: Final[dict[str, NameKind]] = {"aliases": "alias", "acronyms": "acronym"}


def _names(value: str, lang: str | None, kind: NameKind, country: str) -> list[Name]:
    """Return a name, and the same without the country that ROR adds to companies' names."""
    value = tidy(value)
    if kind == "acronym":
        return [Name(value, "", kind, "registry")]
    language = language_of(value, _checked(_LANG, lang) if lang else None, country)
    bare = _COUNTRY_NAME.sub("", value)
    names = [Name(value, language, kind, "registry")]
    if bare != value and bare:
        names.append(Name(bare, language, "alias", "registry"))
    return names


def _related(record: Record, kind: str) -> str | None:
    """Return the id of the first related record of a kind."""
    for one in record.get("relationships") or ():
        if str(one.get("type", "")).lower() == kind:
            return _checked(_ID, one["id"])
    return None
