"""Records out: JSON Lines, CSV, TSV, and a table for the terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any, Final

from instmatch.errors import InputError
from instmatch.io.answers import Answer
from instmatch.io.rows import Format
from instmatch.mention.trim import trim
from instmatch.resolution import Resolution

_PREFIX: Final = "inst_"
_MARK: Final = {"matched": "[green]✓[/]", "review": "[yellow]?[/]", "unmatched": "[red]–[/]",
                "error": "[red]![/]"}  # fmt: skip
_BREAKS: Final = re.compile("[\t\r\n]+")


def write_records(answers: Iterable[Answer], form: Format, file: IO[bytes]) -> None:
    """Write one record a row.

    Args:
        answers: rows and what was made of them.
        form: ``jsonl`` for objects, else a table of the input's columns and the result's, these
            prefixed ``inst_``.
        file: binary file to write UTF-8 to.

    Raises:
        InputError: if a table is wanted and a row has columns that the first does not have.
    """
    for line in _json_lines(answers) if form == "jsonl" else _table_lines(answers, form):
        file.write(line.encode("utf-8", "backslashreplace"))


def _json_lines(answers: Iterable[Answer]) -> Iterator[str]:
    for row, found in answers:
        record = rounded(found)
        if row.cells is not None:
            record["input"] = row.cells
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _table_lines(answers: Iterable[Answer], form: Format) -> Iterator[str]:
    answers = iter(answers)
    # Rows that could not be taken apart do not tell the columns.
    first: list[Answer] = []
    for answer in answers:
        first.append(answer)
        if answer[0].cells != {}:
            break
    columns = list(first[-1][0].cells or ()) if first else []
    line = _tabs if form == "tsv" else _commas
    yield line([*columns, *(_PREFIX + name for name in Resolution._fields)])
    for row, found in chain(first, answers):
        cells = row.cells or {}
        other = [name for name in cells if name not in columns]
        if other:
            raise InputError(
                f"row {row.number} has the field {other[0]!r}, which the first row has not; "
                "write to a .jsonl file, where each row keeps its own fields."
            )
        yield line([*map(cells.get, columns), *rounded(found).values()])


def _tabs(values: Iterable[Any]) -> str:
    return "\t".join(_BREAKS.sub(" ", _text(value)) for value in values) + "\n"


def _commas(values: Iterable[Any]) -> str:
    buffer = io.StringIO()
    # Before Python 3.13 only characters of the line end are quoted, so it is cut afterwards.
    csv.writer(buffer, lineterminator="\r\n").writerow(map(_text, values))
    return buffer.getvalue().removesuffix("\r\n") + "\n"


def _text(value: Any) -> str:
    """Return a cell: a text as it is, nothing for None, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def rounded(found: Resolution) -> dict[str, Any]:
    """Return a resolution as plain data with scores to four decimals."""
    record = found.as_dict()
    for part in (record, *record["candidates"], *record["institutions"]):
        for name in ("score", "margin"):
            if name in part:
                part[name] = round(part[name], 4)
    return record


def print_table(answers: Iterable[Answer]) -> None:
    """Print the answers as a table on the terminal."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("", "score", "mention", "institution", "country", "unit"):
        table.add_column(title, overflow="fold")
    for _, found in answers:
        institution = [escape(found.name)] if found.name else []
        if found.reason:
            institution.append(f"[dim]{escape(found.reason)}[/]")
        table.add_row(
            _MARK[found.status],
            f"{found.score:.3f}" if found.candidates else "",
            escape(trim(found.mention)[:200]),
            "\n".join(institution),
            found.country or "",
            escape(found.unit),
        )
    Console().print(table)
