"""Type words as concepts: 大学, 대학교, university and Universität are one thing.

The words stand in ``data/types.tsv``, one row a concept and one column a language, edited by
hand. A set of concepts is an int whose bit *i* is the concept ``concepts()[i]``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from instmatch.lexicon.words import Span, WordTable, word_key
from instmatch.tables import packaged, read_table


class Concept(NamedTuple):
    """A row of the type-word table.

    Attributes:
        name: key in English, as ``applied-sciences``.
        kind: ``head`` (kind of body), ``field``, ``rank``, ``direction``, ``part`` or ``stop``.
    """

    name: str
    kind: str


@cache
def _table() -> tuple[tuple[Concept, ...], WordTable[int]]:
    concepts: list[Concept] = []
    sets: dict[str, int] = {}
    for _, row in read_table(packaged(__package__, "types.tsv"), ("concept", "kind")):
        bit = 1 << len(concepts)
        concepts.append(Concept(row.pop("concept"), row.pop("kind")))
        for cell in row.values():
            for word in filter(None, map(str.strip, cell.split("|"))):
                key = word_key(word)
                sets[key] = sets.get(key, 0) | bit
    return tuple(concepts), WordTable(sets, misspelt=True)


def concepts() -> tuple[Concept, ...]:
    """Return all concepts, in the order of their bits."""
    return _table()[0]


def concept_names(found: int) -> list[str]:
    """Return the names of a set of concepts.

    >>> concept_names(sum(span.value for span in find_concepts("ミュンヘン工科大学")))
    ['university', 'technology']
    """
    return [concept.name for bit, concept in enumerate(concepts()) if found >> bit & 1]


@cache
def concept_number(name: str) -> int:
    """Return the place in `concepts` of the concept of a name.

    >>> concepts()[concept_number("university")].name
    'university'
    """
    return [concept.name for concept in concepts()].index(name)


def concept_numbers(found: int) -> list[int]:
    """Return the places in `concepts` of a set of concepts.

    >>> concept_numbers(0b1010)
    [1, 3]
    """
    numbers: list[int] = []
    while found:
        low = found & -found
        numbers.append(low.bit_length() - 1)
        found ^= low
    return numbers


@cache
def concepts_of_kind(kind: str) -> int:
    """Return the set of all concepts of a kind."""
    return sum(1 << bit for bit, concept in enumerate(concepts()) if concept.kind == kind)


@cache
def words_of_kind(kind: str, language: str) -> tuple[str, ...]:
    """Return the type words of a kind in a language, in the table's order."""
    table = read_table(packaged(__package__, "types.tsv"), ("kind", language))
    cells = [row[language] for _, row in table if row["kind"] == kind]
    return tuple(dict.fromkeys(word.strip() for cell in cells for word in cell.split("|") if word))


_BEFORE_KANA: Final = re.compile("[东西南北](?=[ァ-ヺ]{2})")
_DIRECTIONS: Final = {"东": "east", "西": "west", "南": "south", "北": "north"}
"""A direction in one character is a word of its own before kana: 南カリフォルニア, but not 南京."""


@lru_cache(maxsize=1 << 14)
def find_concepts(folded: str) -> tuple[Span[int], ...]:
    """Find the type words of a folded string; each span's value is a set of concepts.

    >>> concept_names(sum(span.value for span in find_concepts("南カリフォルニア大学")))
    ['university', 'south']
    """
    spans = _table()[1].find(folded)
    for match in _BEFORE_KANA.finditer(folded):
        start, end = match.span()
        if not any(span.start < end and start < span.end for span in spans):
            spans.append(Span(start, end, 1 << concept_number(_DIRECTIONS[match[0]])))
            spans.sort()
    return tuple(spans)
