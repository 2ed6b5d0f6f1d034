"""From rows to answers: one a row, in order, whatever is in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import tee

from instmatch.io.rows import Row
from instmatch.resolution import Resolution
from instmatch.resolver import Resolver, check_country

Answer = tuple[Row, Resolution]


def answer_rows(resolver: Resolver, rows: Iterable[Row], country: str | None) -> Iterator[Answer]:
    """Resolve the rows of a file, read only as fast as they are worked off.

    Args:
        resolver: what to ask.
        rows: the rows; one with an error is answered with status ``error``.
        country: the country of rows that give none.

    Raises:
        InputError: if the country is not known.
    """
    check_country(country)
    waiting: deque[Row] = deque()

    def good() -> Iterator[Row]:
        for row in rows:
            waiting.append(row)
            if not row.error:
                yield row

    first, second = tee(good())
    found = resolver.stream((row.name for row in first), (row.country or country for row in second))
    for resolution in found:
        while waiting[0].error:
            yield _unread(waiting.popleft())
        row = waiting.popleft()
        yield row, resolution.at_row(row.number)
    yield from map(_unread, waiting)


def _unread(row: Row) -> Answer:
    return row, Resolution(row.number, row.name, "error", reason=row.error)
