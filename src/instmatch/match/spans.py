"""Spans: the parts of affiliations that may be institutions' names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.mention.affiliation import Affiliation, has_head

Ints = npt.NDArray[np.int64]

_MOST_WORDS: Final = 12
_MOST_PIECES: Final = 3
"""How long a run of words may be to be looked up as a name."""

_SHORTEST_CUT: Final = 6
_CUT: Final = re.compile(
    r"\s+(?:of|at|in|dell|della|de|der|des|do|da)\s+(?:the\s+|l\s+)?|\s+and\s+"
)
"""Words at which a piece may be cut before a name: Department of Physics of the University of X."""

_JOINED: Final = re.compile(r"\b(?:branch|campus|unit|cent(?:er|re)|school|college|lab\w*)\b")
"""Words of pieces that may be one name with the next: Bushehr Branch, Islamic Azad University."""

_SCHOOL: Final = re.compile(
    r"\s(?:(?:medical|law|business|dental|graduate|divinity|management|nursing) school|"
    r"(?:graduate )?(?:school|college|faculty) of\b|medicine$|health$|engineering$|medical center)"
)
"""What follows the name of a university that does not call itself one: Yale School of Medicine."""

_UNIVERSITY: Final = re.compile(r"universit|institut|college|polytech")


class Span(NamedTuple):
    """A run of words of an affiliation.

    Attributes:
        affiliation: row of the affiliation.
        start: number of its first word.
        end: number of the word behind it.
        first: number of its first piece.
        last: number of its last piece.
        text: its words; of one that is made, the name that they are taken to stand for.
        made: the text is not printed as it stands.
    """

    affiliation: int
    start: int
    end: int
    first: int
    last: int
    text: str
    made: bool = False


class Spans(NamedTuple):
    """The spans of a batch of affiliations.

    Attributes:
        spans: the spans, each with a name of the index or one to look for.
        known: rows of spans that are names of the index, once for each.
        names: the rows of these names.
        near: rows of the spans that names like them are to be looked for.
    """

    spans: Sequence[Span]
    known: Ints
    names: Ints
    near: Ints


Cities = Sequence[Mapping[int, str]]
"""For each affiliation, the pieces that are cities, by number, and how these are called."""


def find_cities(index: Index, affiliations: Sequence[Affiliation]) -> Cities:
    """Find the pieces that are names of cities that institutions are in."""
    found: list[dict[int, str]] = [{} for _ in affiliations]
    places = [
        (row, number, " ".join(word for word in piece.words if word.isalpha()))
        for row, one in enumerate(affiliations)
        for number, piece in enumerate(one.pieces)
        if piece.kind != "country"
    ]
    counts, _ = index.cities_of(_hashes([name for _, _, name in places]))
    for (row, number, name), count in zip(places, counts.tolist(), strict=True):
        if count:
            found[row][number] = name
    return found


def find_spans(index: Index, affiliations: Sequence[Affiliation], cities: Cities) -> Spans:
    """Find the spans of affiliations that may be names.

    These are the runs of words that are names of the index as they stand, also with the city put
    behind a university or `university` behind what a school belongs to, and those that look as if
    they were names. Runs do not go beyond a statement.
    """
    runs = [span for row, one in enumerate(affiliations) for span in _runs(row, one)]
    runs = [span for span in runs if not _is_place(affiliations[span.affiliation], cities, span)]
    known, counts, names = _known(index, runs)
    made = [*_with_city(affiliations, cities, known), *_universities(affiliations)]
    more, more_counts, more_names = _known(index, made)
    spans = [*known, *more]
    place = {span[:3]: row for row, span in enumerate(known)}
    near: dict[int, None] = {}
    for row, one in enumerate(affiliations):
        for span in _name_like(row, one, cities[row]):
            if span[:3] not in place:
                place[span[:3]] = len(spans)
                spans.append(span)
            near[place[span[:3]]] = None
    bearers = np.repeat(np.arange(len(known) + len(more)), np.concatenate([counts, more_counts]))
    return Spans(spans, bearers, np.concatenate([names, more_names]), np.array([*near], np.int64))


def _is_place(one: Affiliation, cities: Cities, span: Span) -> bool:
    """Tell whether a span is a place: Providence and USA are universities as well."""
    if span.first != span.last:
        return False
    kind = one.pieces[span.first].kind
    return kind in ("state", "country") or span.first in cities[span.affiliation]


def _hashes(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    return np.array([text_hash(text) for text in texts], np.uint64)


def _known(index: Index, spans: Sequence[Span]) -> tuple[list[Span], Ints, Ints]:
    """Return the spans that are names, how many names each is, and their rows."""
    counts, names = index.rows_of_folds(_hashes([span.text for span in spans]))
    rows = np.flatnonzero(counts)
    return [spans[row] for row in rows.tolist()], counts[rows], names


def _runs(row: int, one: Affiliation) -> Iterator[Span]:
    """Yield all runs of words up to a length."""
    pieces, words = one.pieces, one.words
    piece_of = [number for number, piece in enumerate(pieces) for _ in piece.words]
    for start, first in enumerate(piece_of):
        behind = first + 1
        while (
            behind < len(pieces)
            and behind < first + _MOST_PIECES
            and pieces[behind].statement == pieces[first].statement
        ):
            behind += 1
        text = ""
        for end in range(start + 1, min(one.starts[behind], start + _MOST_WORDS) + 1):
            text = f"{text} {words[end - 1]}" if text else words[end - 1]
            yield Span(row, start, end, first, piece_of[end - 1], text)


def _name_like(row: int, one: Affiliation, cities: Mapping[int, str]) -> Iterator[Span]:
    """Yield the runs of words that look like names, known or not."""

    def span(start: int, end: int, first: int, last: int) -> Span:
        return Span(row, start, end, first, last, " ".join(one.words[start:end]))

    for number, piece in enumerate(one.pieces):
        if piece.kind != "name":
            continue
        start, end = one.starts[number : number + 2]
        if number not in cities:
            yield span(start, end, number, number)
        text = " ".join(piece.words)
        if _goes_on(one, number) and (has_head(piece.text) or _JOINED.search(text)):
            yield span(start, one.starts[number + 2], number, number + 1)
        for cut in _CUT.finditer(text):
            left, right = text[: cut.start()], text[cut.end() :]
            if len(right) >= _SHORTEST_CUT and has_head(right):
                yield span(end - right.count(" ") - 1, end, number, number)
            if cut[0].strip() == "and" and has_head(left):
                yield span(start, start + left.count(" ") + 1, number, number)


def _goes_on(one: Affiliation, number: int) -> bool:
    """Tell whether a piece of the same statement, and no country, follows another."""
    if number + 1 == len(one.pieces):
        return False
    piece, following = one.pieces[number : number + 2]
    return following.statement == piece.statement and following.kind != "country"


def _with_city(
    affiliations: Sequence[Affiliation], cities: Cities, known: Sequence[Span]
) -> Iterator[Span]:
    """Yield names with the cities of their statement: University of Y, School of X, Z."""
    for span in known:
        if span.first != span.last or not _UNIVERSITY.search(span.text):
            continue
        pieces = affiliations[span.affiliation].pieces
        for number, city in cities[span.affiliation].items():
            if pieces[number].statement == pieces[span.first].statement and city not in span.text:
                yield span._replace(text=f"{span.text} {city}", made=True)
                yield span._replace(text=f"{span.text} at {city}", made=True)


def _universities(affiliations: Sequence[Affiliation]) -> Iterator[Span]:
    """Yield the universities that schools seem to belong to."""
    for row, one in enumerate(affiliations):
        for number, piece in enumerate(one.pieces):
            text = " ".join(piece.words)
            school = _SCHOOL.search(text)
            if not school or "universit" in text:
                continue
            body = text[: school.start()].removeprefix("the ")
            start, end = one.starts[number : number + 2]
            for name in dict.fromkeys((body, body.split(" ", 1)[0])):
                yield Span(row, start, end, number, number, f"{name} university", made=True)
                yield Span(row, start, end, number, number, f"university of {name}", made=True)
