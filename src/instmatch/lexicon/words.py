"""Finding the words of a table inside a name, whatever the script and also when misread."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from instmatch.text import fold, shape
from instmatch.text.scripts import CJK

Value = TypeVar("Value")

_UNSPACED_CLASS: Final = f"{CJK}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED: Final = re.compile(f"[{_UNSPACED_CLASS}]")
_SPACED_WORD: Final = re.compile(f"[^ {_UNSPACED_CLASS}]+")
_LONGEST_PHRASE: Final = 4


def word_key(word: str) -> str:
    """Return the form in which words of a table are compared with those of a name."""
    return shape(fold(word))


class Span(NamedTuple, Generic[Value]):
    """A word found: its place in the folded string and what the table says of it."""

    start: int
    end: int
    value: Value


class WordTable(Generic[Value]):
    """Words with a value each, to be found in folded strings.

    Words of spaced scripts must be whole words (or up to four of them); those of unspaced
    scripts may stand anywhere. The longest word wins. Look-alikes count as equal.

    >>> table = WordTable({word_key("工科"): 1, word_key("institute"): 2})
    >>> [tuple(span) for span in table.find("バンドンエ科大学")]
    [(4, 6, 1)]
    >>> [tuple(span) for span in table.find("an institute")]
    [(3, 12, 2)]
    """

    __slots__ = ("_lengths", "_values")

    def __init__(self, values: Mapping[str, Value]) -> None:
        lengths: dict[str, set[int]] = {}
        for key in values:
            if _UNSPACED.match(key):
                lengths.setdefault(key[0], set()).add(len(key))
        self._values = dict(values)
        self._lengths = {
            first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()
        }

    def find(self, folded: str) -> list[Span[Value]]:
        """Return the words found in a folded string, in order and without overlap."""
        shaped = shape(folded)
        spans: list[Span[Value]] = []
        position, end = 0, len(shaped)
        while position < end:
            if shaped[position] == " ":
                position += 1
                continue
            if _UNSPACED.match(shaped[position]):
                ends = [position + length for length in self._lengths.get(shaped[position], ())]
                skip = position + 1
            else:
                ends = _word_ends(shaped, position)
                skip = ends[-1]
            for stop in ends:
                value = self._values.get(shaped[position:stop])
                if value is not None:
                    spans.append(Span(position, stop, value))
                    skip = stop
                    break
            position = skip
        return spans


def _word_ends(text: str, start: int) -> list[int]:
    """Return where phrases of spaced words from a position end, the longest first."""
    ends: list[int] = []
    for match in _SPACED_WORD.finditer(text, start):
        if ends and match.start() != ends[0] + 1:
            break
        ends.insert(0, match.end())
        if len(ends) == _LONGEST_PHRASE:
            break
    return ends
