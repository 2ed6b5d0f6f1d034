"""Reading the project's own tables: tab-separated, no quoting, one header row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

from instmatch.errors import InputError


def read_table(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a tab-separated file without quoting.

    Args:
        path: the file, UTF-8 (a byte order mark is passed over), with a header row.
        columns: the columns it must have; more are let through.

    Yields:
        Line number (the header is line 1) and the row's cells by column name.

    Raises:
        InputError: if the file cannot be read, a column is missing, or a row has another number
            of cells than the header.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 ({error.reason}); convert it to UTF-8.") from error
    header = lines[0].rstrip("\r").split("\t")
    missing = [name for name in columns if name not in header]
    if missing:
        raise InputError(
            f"{path}:1: no column {', '.join(missing)}; the columns there are: {', '.join(header)}."
        )
    for number, line in enumerate(lines[1:], 2):
        line = line.rstrip("\r")
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            raise InputError(
                f"{path}:{number}: {len(cells)} cells where the header has {len(header)}; "
                "cells are separated by one tab and not quoted."
            )
        yield number, dict(zip(header, cells, strict=True))


def packaged(package: str, name: str) -> Path:
    """Return the path of a data file that is installed with a package of this project."""
    return Path(str(resources.files(package).joinpath("data", name)))
