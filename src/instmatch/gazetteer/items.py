"""The items of a JSON array, one by one, from a stream that nobody vouches for.

Own code, because decoders that stream keep the path to what they are in, so that a hundred
kilobytes of brackets take gigabytes. Here an item is decoded whole, within bounds.
"""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import IO, Any, Final

LARGEST_ITEM: Final = 16 << 20
"""Characters beyond which an item is taken for damage."""

_BLOCK: Final = 1 << 20
_INK: Final = re.compile(r"[^ \t\r\n]")
_AFTER: Final = frozenset(" \t\r\n,]")


def array_items(file: IO[bytes], block: int = _BLOCK) -> Iterator[Any]:
    """Yield the items of the array that a stream holds.

    Args:
        file: JSON in UTF-8; a byte order mark is passed over.
        block: how many bytes are read at once.

    Raises:
        ValueError: if it is no array, not whole, or an item is larger than `LARGEST_ITEM`.
        RecursionError: if an item is nested too deep.

    >>> from io import BytesIO
    >>> [*array_items(BytesIO(b'[{"id": 1}, 2]'))]
    [{'id': 1}, 2]
    """
    window = _Window(file, block)
    if window.take() != "[":
        raise ValueError("it is no array")
    between = "," if window.peek() != "]" else window.take()
    while between == ",":
        yield window.item()
        between = window.take()
    if between != "]":
        raise ValueError("the array is not closed")
    if window.peek():
        raise ValueError("something follows the array")


class _Window:
    """The piece of a text that is being read."""

    def __init__(self, file: IO[bytes], block: int) -> None:
        self._file = file
        self._block = block
        self._characters = getincrementaldecoder("utf-8-sig")()
        self._decode = json.JSONDecoder().raw_decode
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """Return the next character that is no space; none at the end."""
        while True:
            found = _INK.search(self._text, self._at)
            self._at = found.start() if found else len(self._text)
            if found or not self._grow():
                return found[0] if found else ""

    def take(self) -> str:
        """Return the next character that is no space, and pass it."""
        char = self.peek()
        self._at += len(char)
        return char

    def item(self) -> Any:
        """Return the next item, and pass it."""
        self.peek()
        while True:
            try:
                found, end = self._decode(self._text, self._at)
            except ValueError:
                if not self._grow():
                    raise
                continue
            if self._text[end : end + 1] in _AFTER:
                self._at = end
                return found
            # A number may go on behind the block.
            if not self._grow():
                raise ValueError("the array is not closed")

    def _grow(self) -> bool:
        """Read on, and forget what was passed."""
        rest = self._text[self._at :]
        if len(rest) > LARGEST_ITEM:
            raise ValueError("an item is too large, or no JSON")
        more = self._file.read(self._block)
        self._text = rest + self._characters.decode(more, final=not more)
        self._at = 0
        return bool(more)
