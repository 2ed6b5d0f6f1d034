"""Rows in: plain lists, CSV, TSV and JSON Lines, each row with its name and country."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from instmatch.errors import InputError
from instmatch.mention.layout import read_list

Format = Literal["lines", "csv", "tsv", "jsonl"]

_FORMATS: Final[dict[str, Format]] = {
    ".txt": "lines",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_NAME_COLUMNS: Final = ("mention", "name", "institution", "affiliation", "organization")
_COUNTRY_COLUMNS: Final = ("country_hint", "country")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the input.

    Attributes:
        number: line or row number in the input, from 1.
        name: the name to resolve.
        country: its country; None if none is given.
        cells: the row's own columns; None for a plain list.
        error: why the row cannot be read; None if it can.
    """

    number: int
    name: str
    country: str | None
    cells: dict[str, Any] | None = None
    error: str | None = None


def format_of(path: str, what: str, lists: bool = True) -> Format:
    """Return the format that a file's ending stands for; a pipe holds a list.

    Args:
        path: the file, or ``-``.
        what: what the user is to do, for the message.
        lists: whether a plain list will do, besides tables.

    Raises:
        InputError: if the ending is not one of them.
    """
    if path == "-" and lists:
        return "lines"
    found = _FORMATS.get(Path(path).suffix.lower())
    if found is None or (found == "lines" and not lists):
        endings = (ending for ending, form in _FORMATS.items() if lists or form != "lines")
        raise InputError(f"{path}: {what} with one of the endings {', '.join(endings)}.")
    return found


def read_rows(
    path: str,
    layout: Literal["auto", "lines", "table"] = "auto",
    column: str | None = None,
    country_column: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of a file.

    Args:
        path: a file, or ``-`` for standard input.
        layout: ``lines`` for one name a line under country headings, ``table`` for columns (from
            a pipe: tab-separated); ``auto`` goes by the file's ending.
        column: the column of names; by default ``mention``, ``name`` or the like.
        country_column: the column of countries; by default ``country_hint`` or ``country``.

    Raises:
        InputError: if the file cannot be read or has no such column.
    """
    form = format_of(path, "give a file")
    if layout == "lines":
        form = "lines"
    elif layout == "table" and form == "lines":
        form = "tsv"
    with _open(path) as file:
        lines = _Lines(path, file)
        if form == "lines":
            for number, name, hint in read_list(lines):
                yield Row(number, name, hint or None, error=lines.errors.get(number))
            return
        rows = _objects(lines) if form == "jsonl" else _cells(path, lines, form)
        yield from _pick(path, rows, lines, column, country_column)


def _open(path: str) -> BinaryIO:
    if path == "-":
        return sys.stdin.buffer
    try:
        return open(path, "rb")  # noqa: SIM115  closed by the caller
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error


class _Lines:
    """The lines of a UTF-8 file; those that are not UTF-8 are kept readable and remembered."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self.errors: dict[int, str] = {}
        self._path = path
        self._file = file
        self._good = 0

    def __iter__(self) -> Iterator[str]:
        for number, data in enumerate(self._file, 1):
            if number == 1:
                self._check_start(data)
                data = data.removeprefix(b"\xef\xbb\xbf")
            data = data.rstrip(b"\r\n")
            try:
                yield data.decode()
                self._good += not data.isascii()
            except UnicodeDecodeError as error:
                self.errors[number] = f"line {number} is not UTF-8 ({error.reason})"
                if len(self.errors) > 10 and not self._good:
                    raise InputError(
                        f"{self._path}:{number}: this file is not UTF-8. Convert it first, as: "
                        f"iconv -f SHIFT_JIS -t UTF-8 {self._path} > utf8.txt"
                    ) from None
                yield data.decode(errors="backslashreplace")

    def _check_start(self, data: bytes) -> None:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(
                f"{self._path}: this file is UTF-16. Convert it first, as: "
                f"iconv -f UTF-16 -t UTF-8 {self._path} > utf8.txt"
            )


def _cells(path: str, lines: _Lines, form: Format) -> Iterator[tuple[int, dict[str, Any], str]]:
    csv.field_size_limit(1 << 30)
    quoting = csv.QUOTE_NONE if form == "tsv" else csv.QUOTE_MINIMAL
    delimiter = "\t" if form == "tsv" else ","
    # The csv module wants the line ends, to keep those inside quoted cells.
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, quoting=quoting)
    header = next(reader, None)
    if header is None:
        raise InputError(f"{path}: the file is empty; a table needs a header row.")
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(f"{path}:{reader.line_num}: {error}.") from error
        problem = ""
        if len(cells) != len(header):
            problem = f"the row has {len(cells)} cells, the header {len(header)}"
        padded = cells + [""] * (len(header) - len(cells))
        row = dict(zip(header, padded, strict=False))
        if len(cells) > len(header):
            row[header[-1]] = delimiter.join(cells[len(header) - 1 :])
        yield reader.line_num, row, problem


def _objects(lines: _Lines) -> Iterator[tuple[int, dict[str, Any], str]]:
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
        except ValueError as error:
            yield number, {"line": line}, f"the line is not JSON ({error})"
            continue
        if isinstance(value, dict):
            yield number, value, ""
        else:
            yield number, {"line": line}, "the line is not a JSON object"


def _pick(
    path: str,
    rows: Iterable[tuple[int, dict[str, Any], str]],
    lines: _Lines,
    column: str | None,
    country_column: str | None,
) -> Iterator[Row]:
    chosen = False
    for number, (line, cells, problem) in enumerate(rows, 1):
        problem = problem or lines.errors.get(line, "")
        if not chosen and not problem:
            column, country_column = _choose(path, list(cells), column, country_column)
            chosen = True
        name, country = cells.get(column or ""), cells.get(country_column or "")
        yield Row(
            number,
            "" if name is None else str(name),
            str(country) if country else None,
            cells,
            problem or None,
        )


def _choose(
    path: str, there: list[str], column: str | None, country_column: str | None
) -> tuple[str, str | None]:
    """Return the columns of names and countries: those asked for, or those usually so called."""
    listed = f"The columns are: {', '.join(there)}."
    for asked in (column, country_column):
        if asked is not None and asked not in there:
            raise InputError(f"{path}: there is no column {asked!r}. {listed}")
    column = column or next((name for name in _NAME_COLUMNS if name in there), None)
    if column is None:
        raise InputError(f"{path}: which column holds the names? Say it with --column. {listed}")
    usual = (name for name in _COUNTRY_COLUMNS if name in there)
    return column, country_column or next(usual, None)
