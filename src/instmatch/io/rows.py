"""Rows in: plain lists, CSV, TSV and JSON Lines, each row with its name and country."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, NamedTuple

from instmatch.errors import InputError
from instmatch.mention.layout import read_list

Format = Literal["lines", "csv", "tsv", "jsonl"]
Layout = Literal["auto", "lines", "table", "affiliation"]

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
        name: the name to resolve; of a row that cannot be read, the row as it stands.
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
    layout: Layout = "auto",
    column: str | None = None,
    country_column: str | None = None,
) -> Iterator[Row]:
    """Yield the rows of a file.

    Args:
        path: a file, or ``-`` for standard input.
        layout: ``lines`` for one name a line under country headings, ``table`` for columns (from
            a pipe: tab-separated); ``auto`` goes by the file's ending, and so does ``affiliation``,
            whose lists have no headings.
        column: the column of names; by default ``mention``, ``name`` or the like.
        country_column: the column of countries; by default ``country_hint`` or ``country``.

    Raises:
        InputError: if the file cannot be read or has no such column.
    """
    form = "lines" if layout == "lines" else format_of(path, "give a file")
    if layout == "table" and form == "lines":
        form = "tsv"
    with _open(path) as file:
        lines = _Lines(path, file)
        if form == "lines" and layout == "affiliation":
            for number, text in enumerate(lines, 1):
                if text.strip():
                    yield Row(number, text, None, error=lines.errors.get(number))
        elif form == "lines":
            for number, name, hint in read_list(lines):
                yield Row(number, name, hint or None, error=lines.errors.get(number))
        elif form == "jsonl":
            yield from _pick(path, _objects(lines), column, country_column)
        else:
            yield from _pick(path, _cells(path, lines, form), column, country_column)


@contextmanager
def _open(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115  closed below
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    with file:
        yield file


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
                if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise self.wrong_encoding("is UTF-16", "UTF-16")
                data = data.removeprefix(b"\xef\xbb\xbf")
            data = data.removesuffix(b"\n").removesuffix(b"\r")
            try:
                text = data.decode()
                self._good += not data.isascii()
            except UnicodeDecodeError as error:
                self.errors[number] = f"line {number} is not UTF-8 ({error.reason}); convert it"
                if len(self.errors) > 10 and not self._good:
                    raise self.wrong_encoding() from None
                text = data.decode(errors="backslashreplace")
            yield text

    def wrong_encoding(self, told: str = "is not UTF-8", name: str = "SHIFT_JIS") -> InputError:
        """Return the error of a file in another encoding."""
        return InputError(
            f"{self._path}: this file {told}. Convert it first, as: "
            f"iconv -f {name} -t UTF-8 {self._path} > utf8.txt"
        )


class _Cells(NamedTuple):
    """A row of a table.

    Attributes:
        cells: its cells by column; empty if it cannot be taken apart.
        error: why it cannot be read; empty if it can.
        text: the row as it stands.
    """

    cells: dict[str, Any]
    error: str
    text: str


def _cells(path: str, lines: _Lines, form: Format) -> Iterator[_Cells]:
    header: list[str] = []
    split = _split_tabs(lines) if form == "tsv" else _split_commas(path, lines)
    for cells, text, error in split:
        if not text.strip() and len(header) != 1:
            continue
        if not header:
            if lines.errors:
                raise lines.wrong_encoding()
            header = _checked_header(path, cells, error)
            continue
        if len(cells) != len(header):
            error = error or f"the row has {len(cells)} cells, the header {len(header)}"
        row = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
        if len(cells) > len(header):
            row[header[-1]] = ("\t" if form == "tsv" else ",").join(cells[len(header) - 1 :])
        yield _Cells(row, error, text)
    if not header:
        raise InputError(f"{path}: the file is empty; a table needs a header row.")


def _checked_header(path: str, header: list[str], error: str) -> list[str]:
    twice = [name for name in header if header.count(name) > 1]
    if error or twice:
        raise InputError(
            f"{path}:1: {error or f'two columns are called {twice[0]!r}; rename one'}."
        )
    return header


def _split_tabs(lines: _Lines) -> Iterator[tuple[list[str], str, str]]:
    """Yield the cells of each row, its text, and why it cannot be read."""
    for number, line in enumerate(lines, 1):
        yield line.split("\t"), line, lines.errors.get(number, "")


def _split_commas(path: str, lines: _Lines) -> Iterator[tuple[list[str], str, str]]:
    """Yield the cells of each row, its text, and why it cannot be read."""
    csv.field_size_limit(1 << 30)
    taken: list[str] = []

    def ended() -> Iterator[str]:
        # The csv module wants the line ends, to keep those inside quoted cells.
        for line in lines:
            taken.append(line + "\n")
            yield taken[-1]

    reader = csv.reader(ended())
    while True:
        taken.clear()
        first, cells, error = reader.line_num + 1, [""], ""
        try:
            cells = next(reader) or cells
        except StopIteration:
            return
        except csv.Error as problem:
            error = f"the row is not CSV ({problem})"
        text = "".join(taken)
        if text.count('"') % 2 and cells[-1].endswith("\n"):
            raise InputError(
                f"{path}:{first}: this row has a quotation mark that is never closed; "
                "close it, or double it if it belongs to the text."
            )
        told = [
            lines.errors[row] for row in range(first, reader.line_num + 1) if row in lines.errors
        ]
        yield cells, text.rstrip("\n"), error or "; ".join(told)


def _objects(lines: _Lines) -> Iterator[_Cells]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield _Cells({}, lines.errors.get(number) or f"the line is not JSON ({error})", line)
            continue
        if isinstance(value, dict):
            yield _Cells(value, lines.errors.get(number, ""), line)
        else:
            yield _Cells({}, "the line is not a JSON object", line)


def _pick(
    path: str, rows: Iterator[_Cells], column: str | None, country_column: str | None
) -> Iterator[Row]:
    chosen = False
    for number, (cells, error, text) in enumerate(rows, 1):
        if not chosen and cells:
            column, country_column = _choose(path, list(cells), column, country_column)
            chosen = True
        name, country = cells.get(column or ""), cells.get(country_column or "")
        if isinstance(name, dict | list):
            error = error or f"the field {column!r} is not a text"
        read = "" if name is None else str(name)
        yield Row(
            number,
            text if error else read,
            str(country) if country else None,
            cells,
            error or None,
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
