"""One file of named arrays that can be memory-mapped, and nothing in it that could run.

Layout: 8 bytes of magic, the header's length (little-endian, 8 bytes), the header (JSON: format
version, metadata, and name, dtype, shape and offset of each array), then the arrays, each
aligned to 64 bytes. The header holds the SHA-256 of everything behind it. Own code because numpy's
``.npz`` cannot be mapped and Arrow would be a far larger dependency than this page.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from instmatch.errors import InputError
from instmatch.files import atomic_write

MAGIC: Final = b"instmat\n"
VERSION: Final = 2
_ALIGN: Final = 64

Array = npt.NDArray[Any]


def write_arrays(path: Path, arrays: Mapping[str, Array], meta: Mapping[str, Any]) -> None:
    """Write arrays and metadata to one file, all or nothing.

    Args:
        path: where to; replaced if it is there.
        arrays: any arrays of plain dtype (no objects).
        meta: anything JSON can hold.

    Raises:
        InputError: if the file cannot be written.
    """
    # Nothing is copied: the arrays may take a good part of the memory.
    blocks: list[memoryview | bytes] = []
    entries: dict[str, dict[str, Any]] = {}
    offset = 0
    digest = hashlib.sha256()
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        entries[name] = {"dtype": array.dtype.str, "shape": array.shape, "offset": offset}
        blocks += [data, bytes(-len(data) % _ALIGN)]
        offset += len(data) + len(blocks[-1])
    for block in blocks:
        digest.update(block)
    header = json.dumps(
        {
            "version": VERSION,
            "sha256": digest.hexdigest(),
            "size": offset,
            "meta": meta,
            "arrays": entries,
        },
        ensure_ascii=False,
    ).encode()
    header += b" " * (-(len(header) + 16) % _ALIGN)
    with atomic_write(path) as file:
        file.write(MAGIC + len(header).to_bytes(8, "little") + header)
        for block in blocks:
            file.write(block)


def read_arrays(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Map the arrays of a file that `write_arrays` wrote.

    Returns:
        The arrays, mapped, and the metadata.

    Raises:
        InputError: if the file is not there, is not such a file, is of another version, is cut
            short or damaged.
    """
    try:
        with path.open("rb") as file:
            start = file.read(16)
            if start[:8] != MAGIC:
                raise _unusable(path, "this is not an instmatch index")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise InputError(
            f"{path}: the index cannot be read ({error.strerror}); "
            "give a file that instmatch gazetteer build has written."
        ) from error
    begin = 16 + int.from_bytes(start[8:], "little")
    if len(start) < 16 or begin > len(mapped):
        raise _unusable(path, "the index is cut short")
    try:
        header = json.loads(mapped[16:begin])
        if header["version"] != VERSION:
            told = f"this is an index of format {header['version']!r}, not {VERSION}"
            raise _unusable(path, told)
        if len(mapped) < begin + header["size"]:
            raise _unusable(path, "the index is cut short")
        body = np.frombuffer(mapped, np.uint8)[begin:]
        if hashlib.sha256(body.data).hexdigest() != header["sha256"]:
            raise _unusable(path, "the index is damaged")
        arrays = {name: _array(body, **entry) for name, entry in header["arrays"].items()}
        return arrays, dict(header["meta"])
    except InputError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unusable(path, "the index is damaged") from error


def _unusable(path: Path, problem: str) -> InputError:
    return InputError(
        f"{path}: {problem}. Build it again with: instmatch gazetteer build --output {path}"
    )


def _array(body: Array, dtype: str, shape: list[int], offset: int) -> Array:
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    return body[offset : offset + size].view(dtype).reshape(shape)


def pack_strings(strings: list[str]) -> tuple[Array, Array]:
    """Return strings as one UTF-8 block and the offsets (n + 1) of each in it."""
    encoded = [text.encode() for text in strings]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(data) for data in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), offsets


class Strings:
    """A column of strings that are decoded when asked for.

    >>> Strings(*pack_strings(["大学", "college"]))[1]
    'college'
    """

    __slots__ = ("_block", "_decoded", "_offsets", "_seen")

    def __init__(self, block: Array, offsets: Array) -> None:
        self._block = block
        self._offsets = offsets
        self._decoded = np.empty(len(offsets) - 1, object)
        self._seen = np.zeros(len(offsets) - 1, bool)

    def __len__(self) -> int:
        return len(self._decoded)

    def __getitem__(self, row: int) -> str:
        if row < 0:
            raise IndexError(row)
        return self.take(np.array([row]))[0]

    def take(self, rows: Array) -> list[str]:
        """Return the strings of some rows, in their order."""
        missing = rows[~self._seen[rows]]
        if len(missing):
            block = self._block.data
            ends = (self._offsets[missing + shift].tolist() for shift in (0, 1))
            for row, start, end in zip(missing.tolist(), *ends, strict=True):
                self._decoded[row] = str(block[start:end], "utf-8")
            self._seen[missing] = True
        texts: list[str] = self._decoded[rows].tolist()
        return texts
