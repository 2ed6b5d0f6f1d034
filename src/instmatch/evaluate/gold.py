"""Labelled mentions: a tab-separated file, edited by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from instmatch.errors import InputError
from instmatch.gazetteer.model import own_id
from instmatch.lexicon.countries import country_codes
from instmatch.match.query import Hint
from instmatch.tables import read_table

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

    def answers(self) -> set[str]:
        """Return the ids under which the answer may stand in a gazetteer; none for NIL."""
        if self.is_nil:
            return set()
        return {own_id(self.country, self.institution)} | ({self.ror} if self.ror else set())


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
