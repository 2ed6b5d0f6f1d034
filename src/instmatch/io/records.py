"""Records out: JSON Lines, CSV, TSV, and a table for the terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from instmatch.io.answers import Answer
from instmatch.io.rows import Format
from instmatch.resolution import Resolution

_PREFIX: Final = "inst_"
_MARK: Final = {"matched": "[green]✓[/]", "review": "[yellow]?[/]", "unmatched": "[red]–[/]",
                "error": "[red]![/]"}  # fmt: skip


def write_records(answers: Iterable[Answer], form: Format, file: IO[bytes]) -> None:
    """Write one record a row.

    Args:
        answers: rows and what was made of them.
        form: ``jsonl`` for objects, else a table of the input's columns and the result's, these
            prefixed ``inst_``.
        file: binary file to write UTF-8 to.
    """
    encode = _json_lines if form == "jsonl" else _table_lines
    for line in encode(answers, form):
        file.write(line.encode("utf-8", "backslashreplace"))


def _json_lines(answers: Iterable[Answer], form: Format) -> Iterator[str]:
    for row, found in answers:
        record = rounded(found)
        if row.cells is not None:
            record["input"] = row.cells
        yield json.dumps(record, ensure_ascii=False) + "\n"


def _table_lines(answers: Iterable[Answer], form: Format) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    first = True
    for row, found in answers:
        record = rounded(found)
        record["candidates"] = json.dumps(record["candidates"], ensure_ascii=False)
        cells = row.cells or {}
        line = {**cells, **{_PREFIX + name: value for name, value in record.items()}}
        for values in ([list(line)] if first else []) + [list(line.values())]:
            texts = ["" if value is None else str(value) for value in values]
            if form == "tsv":
                yield "\t".join(" ".join(text.split("\t")) for text in texts) + "\n"
            else:
                writer.writerow(texts)
                yield buffer.getvalue()
                buffer.seek(0)
                buffer.truncate()
        first = False


def rounded(found: Resolution) -> dict[str, Any]:
    """Return a resolution as plain data with scores to four decimals."""
    record = found.as_dict()
    for part in (record, *record["candidates"]):
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
    for title in ("", "score", "mention", "institution", "", "unit"):
        table.add_column(title, overflow="fold")
    for _, found in answers:
        table.add_row(
            _MARK[found.status],
            f"{found.score:.2f}" if found.candidates else "",
            escape(found.mention.strip()[:200]),
            escape(found.name or found.reason or ""),
            found.country or "",
            escape(found.unit),
        )
    Console().print(table)
