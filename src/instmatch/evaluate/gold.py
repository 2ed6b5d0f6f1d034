"""Labelled mentions: a tab-separated file, edited by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from instmatch.errors import InputError
from instmatch.gazetteer.model import own_id
from instmatch.index import Index
from instmatch.lexicon.countries import country_codes
from instmatch.match.query import Hint
from instmatch.tables import read_table
from instmatch.text import fold

COLUMNS: Final = ("mention", "institution", "country")
"""Columns a labelled file must have. More are used where they are there: ``country_hint``,
``ror``, ``source``, ``lang``, ``unit``, ``tags``."""


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A labelled mention.

    Attributes:
        line: its line in the file.
        mention: as printed.
        hint: country heading as printed; may be empty.
        institution: canonical name of the answer.
        country: ISO code of the answer.
        ror: ROR id of the answer; may be empty.
        unit: the part that names a unit; may be empty.
        tags: kinds of difficulty; ``nil`` where no institution is right.
        slices: the row's values of the columns by which results are told apart.
    """

    line: int
    mention: str
    hint: str
    institution: str
    country: str
    ror: str
    unit: str
    tags: frozenset[str]
    slices: tuple[tuple[str, str], ...]

    @property
    def is_nil(self) -> bool:
        """Whether no single institution is right."""
        return "nil" in self.tags

    @property
    def codes(self) -> Hint:
        """The countries its hint means."""
        return country_codes(self.hint) if self.hint else None


def answers(rows: Iterable[GoldRow], index: Index) -> list[frozenset[str]]:
    """Return for each label the ids of a gazetteer that it means; none for NIL and the unknown.

    A label goes by its ROR id or by the id of the gazetteer's own that its name and country make;
    if the gazetteer has neither, by the canonical name in its country.
    """
    titled = {
        (index.country(inst), fold(index.titles[inst])): index.ids[inst]
        for inst in range(len(index.ids))
    }
    found: list[frozenset[str]] = []
    for row in rows:
        ids = {own_id(row.country, row.institution), row.ror} & index.number_of.keys()
        named = titled.get((row.country, fold(row.institution)))
        if named and not ids:
            ids = {named}
        found.append(frozenset() if row.is_nil else frozenset(ids))
    return found


def read_gold(path: Path) -> list[GoldRow]:
    """Read labelled mentions.

    Raises:
        InputError: with file and line, if a column is missing or a row names no institution and
            is not tagged ``nil``; or if there is no row.
    """
    rows: list[GoldRow] = []
    for line, cells in read_table(path, COLUMNS):
        tags = frozenset(cells.get("tags", "").split())
        if not cells["institution"] and not cells.get("ror") and "nil" not in tags:
            raise InputError(
                f"{path}:{line}: no institution is given; fill in the column institution or ror, "
                "or tag the row nil."
            )
        slices = [(str(name), cells[name]) for name in ("source", "lang") if name in cells]
        slices += [("tag", tag) for tag in sorted(tags)]
        rows.append(
            GoldRow(
                line,
                cells["mention"],
                cells.get("country_hint", ""),
                cells["institution"],
                cells["country"],
                cells.get("ror", ""),
                cells.get("unit", ""),
                tags,
                tuple(slices),
            )
        )
    if not rows:
        raise InputError(f"{path}: there is no labelled mention below the header.")
    return rows
