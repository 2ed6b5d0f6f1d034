"""From rows to answers: one a row, in order, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from instmatch.io.rows import Row
from instmatch.resolution import Resolution
from instmatch.resolver import Resolver

Answer = tuple[Row, Resolution]

_CHUNK: Final = 20_000
"""Rows held at once: enough to keep all workers busy."""


def answer_rows(resolver: Resolver, rows: Iterable[Row], country: str | None) -> Iterator[Answer]:
    """Resolve the rows of a file.

    Args:
        resolver: what to ask.
        rows: the rows; one with an error is answered with status ``error``.
        country: the country of rows that give none.
    """
    rows = iter(rows)
    while chunk := list(islice(rows, _CHUNK)):
        names = [row.name for row in chunk if not row.error]
        countries = [row.country or country for row in chunk if not row.error]
        found = iter(resolver.resolve(names, countries))
        for row in chunk:
            if row.error:
                yield row, Resolution(row.number, row.name, "error", reason=row.error)
            else:
                yield row, next(found).at_row(row.number)
