"""Evidence that an affiliation gives beyond the names themselves: what stands around a span."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.lexicon import Form
from instmatch.lexicon.concepts import concepts
from instmatch.lexicon.units import is_surely_unit, is_unit
from instmatch.match.candidates import Pairs
from instmatch.match.evidence import COLUMN, Floats
from instmatch.match.spans import Cities, Span
from instmatch.mention.affiliation import Affiliation, has_head
from instmatch.mention.brackets import is_acronym

Ints = npt.NDArray[np.int64]

_LEGAL: Final = frozenset(
    ("incorporated", "limited", "corporation", "company", "gmbh", "ag", "llc", "plc", "sa", "spa",
     "srl", "bv", "ltd", "co", "kg", "pty", "inc", "corp", "nv", "ab", "as", "oy")
)  # fmt: skip
_OF: Final = frozenset(("of", "de", "for", "des", "du", "di", "do", "da", "fur"))
_SCHOOL: Final = re.compile(
    r"\b(?:school|college|faculty) of\b|\b(?:medical|law|business|dental|graduate) school\b"
)
_HOSPITAL: Final = re.compile(r"hospital|medical cent|klinik|hopital|ospedal")
_MOST_LETTERS: Final = 40
_TYPES: Final = (
    "education", "healthcare", "company", "government", "facility", "nonprofit", "other",
    "funder", "archive",
)  # fmt: skip

OF_SPAN: Final = (
    "from_start", "to_end", "more_pieces", "word_count", "letters", "unit", "head", "is_acronym",
    "is_city", "in_unit", "in_address", "in_state", "heads_behind", "heads_before", "lonely",
    "share_of_piece", "of_behind", "and_beside", "of_before", "made", "hinted", "school",
)  # fmt: skip
OF_NESTING: Final = (
    "inside", "inside_unit", "inside_hospital", "inside_school", "holds", "holds_unit",
    "holds_hospital", "holds_school",
)  # fmt: skip
OF_INSTITUTION: Final = (
    "names", "city_known", "parts", "by_title", "has_parent",
    *(f"is_{type}" for type in _TYPES),
    "hospital_said", "university_said", "hospital_agrees", "hospital_differs", "hospital_unsaid",
    "university_differs",
)  # fmt: skip
OF_RIVALS: Final = ("rivals", "behind_best", "country_by_city", "country_not_by_city", "as_parent")
SURROUNDINGS: Final = (*OF_SPAN, *OF_NESTING, *OF_INSTITUTION, *OF_RIVALS)
"""The columns, in their order."""


def surroundings(
    index: Index,
    affiliations: Sequence[Affiliation],
    cities: Cities,
    spans: Sequence[Span],
    forms: Sequence[Form],
    pairs: Pairs,
    evidence: Floats,
    as_parent: npt.NDArray[np.bool_],
) -> Floats:
    """Return the columns of `SURROUNDINGS` for pairs of spans and names.

    Args:
        index: the gazetteer.
        affiliations: a batch.
        cities: their cities.
        spans: their spans.
        forms: the analysed text of each span.
        pairs: pairs of a span, as reading, and a name.
        evidence: the evidence of the names themselves.
        as_parent: pairs that are there because the institution is the parent of another.
    """
    inst = index.arrays["name.inst"][pairs.name].astype(np.int64)
    by_span = np.hstack(
        [_of_spans(affiliations, cities, spans), _of_nesting(spans, pairs, evidence)]
    )
    return np.hstack(
        [
            by_span[pairs.reading],
            _of_institutions(index, inst, forms, pairs),
            _of_rivals(spans, pairs, evidence),
            _of_cities(index, cities, spans, pairs, inst),
            as_parent[:, None],
        ]
    ).astype(np.float32)


def _of_spans(affiliations: Sequence[Affiliation], cities: Cities, spans: Sequence[Span]) -> Floats:
    heads = [
        np.cumsum([0, *(piece.kind == "name" and has_head(piece.text) for piece in one.pieces)])
        for one in affiliations
    ]
    names = [sum(piece.kind in ("name", "unit") for piece in one.pieces) for one in affiliations]
    hinted = [
        [bool(one.countries(piece.statement)) for piece in one.pieces] for one in affiliations
    ]
    out = np.zeros((len(spans), len(OF_SPAN)), np.float32)
    for row, span in enumerate(spans):
        one = affiliations[span.affiliation]
        piece, length = one.pieces[span.first], span.end - span.start
        start, end = one.starts[span.first], one.starts[span.last + 1]
        before, behind = one.words[start : span.start], one.words[span.end : end]
        begins, ends = _begins(before), _ends(behind)
        known = cities[span.affiliation]
        head = heads[span.affiliation]
        next_word, last_word = (*behind, "")[0], ("", *before)[-1]
        out[row] = (
            begins, ends, span.last - span.first, length, min(len(span.text), _MOST_LETTERS),
            is_surely_unit(span.text), has_head(span.text),
            length == 1 and _is_acronym(one, span, begins and ends),
            (begins and ends and span.first == span.last and span.first in known)
            or span.text in known.values(),
            piece.kind == "unit", piece.kind == "address", piece.kind in ("state", "country"),
            head[-1] - head[span.last + 1], head[span.first], names[span.affiliation] == 1,
            length / (end - start), next_word in _OF, "and" in (next_word, last_word),
            last_word in _OF, span.made, hinted[span.affiliation][span.first],
            _SCHOOL.search(span.text) is not None,
        )  # fmt: skip
    return out


def _begins(before: tuple[str, ...]) -> bool:
    """Tell whether a name may begin behind some words of its piece."""
    if before[-1:] == ("the",):
        before = before[:-1]
    return not before or (before[-1] == "and" and has_head(" ".join(before)))


def _ends(behind: tuple[str, ...]) -> bool:
    """Tell whether a name may end before some words of its piece."""
    if _LEGAL.issuperset(behind):
        return True
    rest = " ".join(behind[1:])
    return behind[0] == "and" and (has_head(rest) or _SCHOOL.search(rest) is not None)


def _is_acronym(one: Affiliation, span: Span, whole: bool) -> bool:
    if whole and is_acronym(one.pieces[span.first].text):
        return True
    return any(word.lower() == span.text for word in one.acronyms)


@lru_cache(maxsize=1 << 14)
def _kinds_of_rest(rest: str) -> tuple[bool, bool, bool, bool]:
    return (
        True, is_unit(rest), _HOSPITAL.search(rest) is not None, _SCHOOL.search(rest) is not None
    )  # fmt: skip


def _of_nesting(spans: Sequence[Span], pairs: Pairs, evidence: Floats) -> Floats:
    """Say of each span what is left of a known one that holds it, or beside one that it holds."""
    good = evidence[:, COLUMN["exact"]] > 0
    good &= (evidence[:, COLUMN["country_other"]] == 0) & (evidence[:, COLUMN["acronym"]] == 0)
    known = np.unique(pairs.reading[good]).tolist()
    rows: dict[int, list[int]] = {}
    for row, span in enumerate(spans):
        rows.setdefault(span.affiliation, []).append(row)
    out = np.zeros((len(spans), len(OF_NESTING)), np.float32)
    for one in known:
        for other in rows[spans[one].affiliation]:
            if _holds(spans[one], spans[other]):
                said = out[other, :4]
                np.maximum(said, _kinds_of_rest(_rest(spans[one], spans[other])), out=said)
            elif _holds(spans[other], spans[one]):
                said = out[other, 4:]
                np.maximum(said, _kinds_of_rest(_rest(spans[other], spans[one])), out=said)
    return out


def _holds(outer: Span, inner: Span) -> bool:
    return (
        outer.start <= inner.start
        and inner.end <= outer.end
        and inner.end - inner.start < outer.end - outer.start
    )


def _rest(outer: Span, inner: Span) -> str:
    words = outer.text.split(" ")
    return " ".join(words[: inner.start - outer.start] + words[inner.end - outer.start :])


def _of_institutions(index: Index, inst: Ints, forms: Sequence[Form], pairs: Pairs) -> Floats:
    owners, parents = index.arrays["name.inst"], index.arrays["inst.parent"]
    size, types = len(index.ids), index.meta["types"]
    type_of = index.arrays["inst.type"][inst]
    is_type = {
        type: type_of == types.index(type) if type in types else np.zeros(len(inst), bool)
        for type in _TYPES
    }
    hospital, university = (
        np.array([bool(form.concepts & _bits(*names)) for form in forms], bool)[pairs.reading]
        for names in (("hospital", "clinic"), ("university",))
    )
    care = is_type["healthcare"]
    columns = (
        np.log2(np.bincount(owners, minlength=size)[inst]),
        index.arrays["inst.geonames"][inst] > 0,
        np.log2(1 + np.bincount(parents[parents >= 0], minlength=size)[inst]),
        pairs.name == title_rows(index)[inst],
        parents[inst] >= 0,
        *is_type.values(),
        hospital, university, hospital & care, hospital & ~care, ~hospital & care,
        university & ~is_type["education"],
    )  # fmt: skip
    return np.array(columns, np.float32).T


@lru_cache(maxsize=4)
def _bits(*names: str) -> int:
    return sum(1 << bit for bit, concept in enumerate(concepts()) if concept.name in names)


def title_rows(index: Index) -> Ints:
    """Return for each institution the row of the first of its names, which is its title."""
    owners = index.arrays["name.inst"]
    return np.searchsorted(owners, np.arange(len(index.ids)))


def _of_rivals(spans: Sequence[Span], pairs: Pairs, evidence: Floats) -> Floats:
    """Say how many names are as like a span as the best, and how far behind it each is."""

    def column(name: str) -> Floats:
        return evidence[:, COLUMN[name]]

    like = np.maximum(column("spelling"), column("words")) + column("exact")
    like += 0.5 * column("country_same") + 0.5 * column("place_agrees")
    best = np.zeros(len(spans), np.float32)
    np.maximum.at(best, pairs.reading, like)
    behind = like - best[pairs.reading]
    equal = np.bincount(pairs.reading[behind > -0.01], minlength=len(spans))
    found: Floats = np.array([np.log2(equal[pairs.reading]), behind], np.float32).T
    return found


def _of_cities(
    index: Index, cities: Cities, spans: Sequence[Span], pairs: Pairs, inst: Ints
) -> Floats:
    """Say whether a city of the name of one printed lies in the institution's country."""
    named = [(row, city) for row, known in enumerate(cities) for city in known.values()]
    hashes = np.array([text_hash(city) for _, city in named], np.uint64)
    counts, ids = index.cities_of(hashes)
    row = np.repeat(np.array([row for row, _ in named], np.int64), counts)
    countries = len(index.meta["countries"])
    homes = np.unique(
        index.arrays["inst.geonames"].astype(np.int64) * countries + index.arrays["inst.country"]
    )
    first = np.searchsorted(homes, ids * countries)
    held = np.searchsorted(homes, (ids + 1) * countries) - first
    starts = np.repeat(first - (np.cumsum(held) - held), held)
    said = np.repeat(row, held) * countries + homes[starts + np.arange(held.sum())] % countries
    mine = np.array([span.affiliation for span in spans], np.int64)[pairs.reading]
    same = np.isin(mine * countries + index.arrays["inst.country"][inst], said)
    found: Floats = np.array([same, np.isin(mine, row) & ~same], np.float32).T
    return found
