"""The one analysis of a name, the same for a mention and for a gazetteer entry."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from instmatch.lexicon.concepts import concepts_of_kind, find_concepts
from instmatch.lexicon.numerals import numerals, without_initials
from instmatch.lexicon.words import Span
from instmatch.text import fold, romanize, shape, sound_key
from instmatch.text.lookalikes import print_key
from instmatch.text.scripts import script_of

_CACHED: Final = 1 << 15


class Form(NamedTuple):
    """What is compared of a name.

    Attributes:
        fold: its comparison form.
        key: its fold by look-alikes, without spaces and long-vowel marks.
        words: its fold with the words sorted, where it has several.
        rest: its fold without type words: the distinguishing name; may be empty.
        rest_key: the same by look-alikes.
        latin: the rest in Latin letters and digits only.
        sound: phonetic key of the rest.
        concepts: set of type-word concepts, function words left out.
        numerals: the numbers in it.
        script: ``kana``, ``han``, ``hangul``, ``latin`` or ``other``.
    """

    fold: str
    key: str
    words: str
    rest: str
    rest_key: str
    latin: str
    sound: str
    concepts: int
    numerals: frozenset[int]
    script: str


@lru_cache(maxsize=_CACHED)
def analyse(name: str, japanese: bool = False) -> Form:
    """Analyse a name.

    Args:
        name: a name as printed, without what belongs to a unit or note.
        japanese: the name is known to be Japanese, so its kanji are read as such.

    Returns:
        Its form. ``fold`` and ``key`` are never empty if the name has a visible character.

    >>> form = analyse("バンドンエ科大学")
    >>> form.rest, form.sound
    ('バンドン', 'bntn')
    >>> analyse("Bandung Institute of Technology").sound
    'bntn'
    """
    folded = fold(name)
    spans = find_concepts(folded)
    rest = _without(folded, spans)
    found = 0
    for span in spans:
        found |= span.value
    bare = without_initials(name)
    latin = "".join(filter(str.isalnum, romanize(rest, japanese)))
    return Form(
        fold=folded,
        key=print_key(shape(folded)) or folded,
        words=" ".join(sorted(folded.split(" "))) if " " in folded else folded,
        rest=rest,
        rest_key=print_key(shape(rest)),
        latin=latin,
        sound=sound_key(latin),
        concepts=found & ~concepts_of_kind("stop"),
        numerals=numerals(folded if bare == name else fold(bare)),
        script=script_of(folded),
    )


def _without(folded: str, spans: Sequence[Span[int]]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end, _ in spans:
        pieces.append(folded[position:start])
        position = end
    pieces.append(folded[position:])
    return " ".join(filter(None, (piece.strip() for piece in pieces)))
