"""Finding the words of a table inside a name, whatever the script and also when misread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from rapidfuzz.distance import OSA

from instmatch.text import fold, shape
from instmatch.text.scripts import CJK

Value = TypeVar("Value")

_UNSPACED_CLASS: Final = f"{CJK}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_UNSPACED: Final = re.compile(f"[{_UNSPACED_CLASS}]")
_SPACED_WORD: Final = re.compile(f"[^ {_UNSPACED_CLASS}]+")
_LONGEST_PHRASE: Final = 4
_LONG: Final = 9
"""Letters from which a word with one error is still no other: Univesrity; but Provence is no
province and Hermitage no heritage."""


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

    Args:
        values: the words, as `word_key` gives them, and what they mean.
        misspelt: whether long words of spaced scripts are also found with one error (a letter
            more, less, other, or two swapped).

    >>> table = WordTable({word_key("工科"): 1, word_key("institute"): 2})
    >>> [tuple(span) for span in table.find("バンドンエ科大学")]
    [(4, 6, 1)]
    >>> [tuple(span) for span in table.find("an institute")]
    [(3, 12, 2)]
    """

    __slots__ = ("_lengths", "_longest", "_misspelt", "_phrases", "_starts", "_values")

    def __init__(self, values: Mapping[str, Value], *, misspelt: bool = False) -> None:
        lengths: dict[str, set[int]] = {}
        phrases: dict[str, set[int]] = {}
        firsts: set[str] = set()
        for key in values:
            if _UNSPACED.match(key):
                lengths.setdefault(key[:2], set()).add(len(key))
                firsts.add(re.escape(key[0]))
            elif count := _phrase_length(key):
                phrases.setdefault(key.split(" ", 1)[0], set()).add(count)
        for start, found in lengths.items():
            found |= lengths.get(start[0], set())
        self._values = dict(values)
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        self._phrases = {first: sorted(found, reverse=True) for first, found in phrases.items()}
        # Where a word may begin: at a character that begins one, or at any word of letters.
        self._misspelt = _by_omission(values) if misspelt else {}
        self._longest = max(map(len, self._misspelt), default=0) + 2
        self._starts = re.compile(f"[{''.join(sorted(firsts)) or '∅'}]|[^ {_UNSPACED_CLASS}]+")

    def find(self, folded: str) -> list[Span[Value]]:
        """Return the words found in a folded string, in order and without overlap."""
        shaped = shape(folded)
        spans: list[Span[Value]] = []
        size, taken = len(shaped), 0
        for match in self._starts.finditer(shaped):
            start, end = match.span()
            if start < taken:
                continue
            counts = self._phrases.get(match[0])
            if counts is not None:
                ends = [end] if counts == _ONE else _phrase_ends(shaped, end, counts)
            else:
                lengths = self._lengths.get(shaped[start : start + 2])
                if lengths is None:
                    lengths = self._lengths.get(shaped[start])
                if lengths is None:
                    meant = self._misspelt and self._meant(match[0])
                    if meant:
                        spans.append(Span(start, end, self._values[meant]))
                        taken = end
                    continue
                ends = [stop for length in lengths if (stop := start + length) <= size]
            for stop in ends:
                value = self._values.get(shaped[start:stop])
                if value is not None:
                    spans.append(Span(start, stop, value))
                    taken = stop
                    break
        return spans

    def _meant(self, word: str) -> str | None:
        """Return the long word of the table that a word is one error away from."""
        if not _LONG <= len(word) + 1 <= self._longest:
            return None
        for key in (word, *_omissions(word)):
            for known in self._misspelt.get(key, ()):
                if OSA.distance(word, known, score_cutoff=1) == 1:
                    return known
        return None


_ONE: Final = [1]


def _omissions(word: str) -> list[str]:
    """Return a word with each of its letters left out."""
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _by_omission(words: Iterable[str]) -> dict[str, list[str]]:
    """Return the long words of spaced scripts by themselves and with any letter left out.

    Two words that are one error apart share such a key.
    """
    found: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= _LONG and word.isalpha() and not _UNSPACED.search(word):
            for key in dict.fromkeys((word, *_omissions(word))):
                found.setdefault(key, []).append(word)
    return found


def _phrase_ends(shaped: str, end: int, counts: list[int]) -> list[int]:
    """Return where phrases of so many words end whose first word ends at a place."""
    ends = [end]
    for _ in range(counts[0] - 1):
        following = _SPACED_WORD.match(shaped, ends[-1] + 1)
        if following is None:
            break
        ends.append(following.end())
    return [ends[count - 1] for count in counts if count <= len(ends)]


def _phrase_length(key: str) -> int:
    """Return of how many words of spaced scripts a key is; 0 if it can never be found."""
    words = key.split(" ")
    found = all(map(_SPACED_WORD.fullmatch, words)) and len(words) <= _LONGEST_PHRASE
    return len(words) if found else 0
