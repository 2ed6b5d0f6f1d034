"""Records and dumps of a registry, made up."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

from click.testing import CliRunner, Result

from instmatch.cli import main
from instmatch.gazetteer.model import Institution
from instmatch.gazetteer.ror import read_ror
from small import FOLDER

MOON: Final = "https://ror.org/00moon000"
MARS: Final = "https://ror.org/00mars000"
SUN: Final = "https://ror.org/00sun0000"


def record(id: str = MOON, **more: Any) -> dict[str, Any]:
    """Return a record of schema 2."""
    names = [
        {
            "value": "University of the Moon (Italy)",
            "types": ["ror_display", "label"],
            "lang": None,
        },
        {"value": "月大学", "types": ["label"], "lang": "zh"},
        {"value": "UM", "types": ["acronym"], "lang": None},
    ]
    place = {"geonames_id": 3169070, "geonames_details": {"country_code": "IT", "name": "Rome"}}
    base = {"id": id, "names": names, "locations": [place], "types": ["education"]}
    return base | {"status": "active", "relationships": []} | more


def withdrawn(id: str, successor: str | None) -> dict[str, Any]:
    """Return a withdrawn record."""
    links = [{"type": "successor", "id": successor}] if successor else []
    return record(id, status="withdrawn", relationships=links)


def dump(path: Path, *records: Any) -> Path:
    """Write a dump as JSON."""
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def zipped(path: Path, *records: Any) -> Path:
    """Write a dump as it is published."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{path.stem}.json", json.dumps(records))
    return path


def read(path: Path) -> tuple[list[Institution], Counter[str]]:
    """Read a dump; return the institutions and what was left out."""
    skipped: Counter[str] = Counter()
    return list(read_ror(path, skipped)), skipped


def gazetteer(*arguments: object, source: Path = FOLDER) -> Result:
    """Run a command of the group that reads the small gazetteer."""
    given = ("gazetteer", *arguments, "--source", source)
    return CliRunner().invoke(main, [*map(str, given)])


def files(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return sorted(path.name for path in folder.iterdir())
