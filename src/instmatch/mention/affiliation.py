"""An affiliation to its pieces: names, units, addresses, states, countries.

An affiliation, as papers print it, is what stands between commas: departments, institutions,
streets, cities, a country, and then perhaps the next one. Which piece, part of a piece or run of
pieces is an institution the string alone does not tell; here it is only taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from instmatch.lexicon.concepts import concepts, find_concepts
from instmatch.lexicon.countries import country_codes, related_to
from instmatch.lexicon.states import state_countries
from instmatch.lexicon.units import is_surely_unit
from instmatch.mention.brackets import is_acronym
from instmatch.mention.trim import LONGEST
from instmatch.text import clean, fold
from instmatch.text.abbreviations import expand_abbreviations

Kind = Literal["name", "unit", "address", "state", "country"]

_NOWHERE: Final[frozenset[str]] = frozenset()
_NOT_NAMES: Final = re.compile(
    r"\S+@\S+|\b(?:https?://|www\.)\S+|#\w{1,5}#|\b(?:e-?mails?|electronic address(?:es)?)\b\s*:?|"
    r"\b(?:tel|fax|phone|telephone)\b[\s.:]*[+\d][\d\s().+‐-―-]*",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"^\W*(?:[a-z]\)|\[\w{1,2}\]|\d{1,2}(?=[\s.)]*[^\W\d]))[\s.)]*|^from the ", re.IGNORECASE
)
# Numbers of French research units are names: UMR 8163.
_POSTCODE: Final = re.compile(
    r"(?<!\bUMR )(?<!\bUPR )(?<!\bUMS )(?<!\bFRE )(?<!\bUSR )(?<!\bEA )"
    r"(?:\b[A-Z]{1,3}[-‐–])?\b\d{4,7}(?:[-‐–]\d{3,4})?\b|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|"
    r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\bcedex(?: \d+)?\b",
    re.IGNORECASE,
)
_ELIDED: Final = re.compile(
    r"\s+(?:dell|nell|all|dall|de l|d|l)['’]"
    r"(?=(?:Universit|Istitut|Institut|Ospedal|Accadem|Azienda|H[oô]pital|[EÉ]cole|Acad))",
    re.IGNORECASE,
)
_AFTER_PLACE: Final = re.compile(
    r"(,\s*(?:[A-Z]{2,3}|[A-Z][a-z]+))\s+(?:and|&)\s+(?:the\s+)?(?=[A-Z])"
)
_PERIOD: Final = re.compile(r"([^\W\d_]{4,})\.\s+(?=[A-Z])")
_STATEMENT: Final = re.compile(r"\s*[;\n\r]\s*")
_PIECE: Final = re.compile(r"\s*[,|()\[\]{}、，。•·]\s*|\s+[-‐–—:]+\s+|\s*/\s*")
_WORD: Final = re.compile(r"[\w'’-]+")
_NUMBERED: Final = re.compile(r"\b[\w-]*\d[\w-]*\b")
_STREET: Final = re.compile(
    r"\b(?:street|road|rd|ave|avenue|avenida|av|blvd|boulevard|lane|drive|highway|square|"
    r"str|rue|via|viale|piazza|plaza|calle|rua|p\.?\s?o\.? ?box|box|postfach|bp|postbus|"
    r"floor|building|bldg|no|km|district|zip|postal)\b|straße|strasse",
    re.IGNORECASE,
)
_EDGES: Final = " \t,:;-–—*†‡§&'\"“”"
_MOST_COUNTRY_WORDS: Final = 4
_MOST_COUNTRIES: Final = 15
"""A former federation may stand for its states; a continent says nothing."""
_PART_OF_NAME: Final = frozenset(
    ("of", "de", "in", "the", "del", "du", "di", "for", "and", "der", "des", "la", "north",
     "south", "east", "west")
)  # fmt: skip
"""Words after which a country is a part of a name: University of Malaya, South China."""
_SHORT_COUNTRIES: Final = frozenset(("UK", "US"))
"""Two letters that mean a country at the end of an address; the others are states as well."""
_TERRITORIES: Final = {
    "hong kong": "HK", "kowloon": "HK", "hksar": "HK", "macau": "MO", "macao": "MO",
    "taiwan": "TW", "puerto rico": "PR",
}  # fmt: skip
"""Places that tell which of the countries filed together is meant: Hong Kong, China."""
_HEADS: Final = frozenset(
    ("university", "college", "institute", "academy", "hospital", "clinic", "museum", "ministry",
     "company", "foundation", "agency", "council", "observatory", "polytechnic", "organization",
     "society")
)  # fmt: skip


class Piece(NamedTuple):
    """What stands between two separators.

    Attributes:
        text: as printed, without what surrounds it.
        words: of its comparison form; at least one.
        kind: what it seems to be; ``unit`` is a part of an institution, and anything may be a
            ``name``.
        codes: countries that a country or a state stands for.
        statement: number of the affiliation it belongs to, where a text holds several.
    """

    text: str
    words: tuple[str, ...]
    kind: Kind
    codes: frozenset[str] = _NOWHERE
    statement: int = 0


class Affiliation(NamedTuple):
    """An affiliation taken apart.

    Attributes:
        text: the text, cleaned.
        pieces: its pieces in order.
        words: those of all pieces.
        starts: number of the word that each piece begins with, and that behind the last.
        acronyms: words that look like acronyms.
    """

    text: str
    pieces: tuple[Piece, ...]
    words: tuple[str, ...]
    starts: tuple[int, ...]
    acronyms: tuple[str, ...]

    def countries(self, statement: int) -> frozenset[str]:
        """Return the countries that a statement, else the whole text, is said to be in.

        >>> sorted(read_affiliation("Univ. of X, Hong Kong, China").countries(0))
        ['CN', 'HK']
        """
        mine = [piece for piece in self.pieces if piece.statement == statement]
        said = _codes(mine, "country") or _codes(mine, "state")
        said = said or _codes(self.pieces, "country") or _codes(self.pieces, "state")
        near = related_to(said)
        if near:
            words = " ".join(word for piece in mine for word in piece.words)
            said |= {code for name, code in _TERRITORIES.items() if code in near and name in words}
        return said


def _codes(pieces: tuple[Piece, ...] | list[Piece], kind: Kind) -> frozenset[str]:
    return _NOWHERE.union(*(piece.codes for piece in pieces if piece.kind == kind))


@lru_cache(maxsize=1 << 14)
def has_head(text: str) -> bool:
    """Tell whether a text holds a word for a kind of institution.

    >>> has_head("Univ. of Oslo"), has_head("Department of Physics")
    (True, False)
    """
    return any(span.value & _head_concepts() for span in find_concepts(fold(text)))


@lru_cache(maxsize=1)
def _head_concepts() -> int:
    return sum(1 << bit for bit, concept in enumerate(concepts()) if concept.name in _HEADS)


def read_affiliation(text: str) -> Affiliation:
    """Take an affiliation apart.

    Args:
        text: any text; of more than `LONGEST` characters the rest is not read.

    Returns:
        The affiliation. It has no pieces if nothing in the text can be a name.

    >>> read = read_affiliation("Dept. of Physics, Univ. of Oslo, 0316 Oslo, Norway; x@uio.no")
    >>> [(piece.text, piece.kind) for piece in read.pieces]
    [('Dept. of Physics', 'unit'), ('Univ. of Oslo', 'name'), ('Oslo', 'name'), ('Norway', 'country')]
    """  # noqa: E501
    whole = clean(unescape(_NOT_NAMES.sub(";", clean(text[:LONGEST]))))
    found: list[Piece] = []
    for number, statement in enumerate(_STATEMENT.split(whole)):
        found += (piece._replace(statement=number) for piece in _read_statement(statement))
    pieces = _with_statements([piece for piece in found if piece.words])
    acronyms = (word for piece in pieces for word in _WORD.findall(piece.text))
    return Affiliation(
        whole,
        tuple(pieces),
        tuple(word for piece in pieces for word in piece.words),
        tuple(accumulate((len(piece.words) for piece in pieces), initial=0)),
        tuple(dict.fromkeys(filter(is_acronym, acronyms))),
    )


def _read_statement(text: str) -> Iterator[Piece]:
    text = _POSTCODE.sub(" ", _LABEL.sub("", text))
    text = _AFTER_PLACE.sub(r"\1, ", _PERIOD.sub(_ended, _ELIDED.sub(", ", text)))
    stripped = (part.strip(_EDGES).lstrip(". ") for part in _PIECE.split(text))
    parts = [" ".join(part.split()) for part in stripped if part]
    for place, part in enumerate(parts, 1):
        yield from _read_part(part, last=place == len(parts))


def _ended(match: re.Match[str]) -> str:
    """End a piece at a period behind a word that is no abbreviation."""
    word = fold(match[1])
    known = find_concepts(word) and expand_abbreviations(f"{word}.") == f"{word}."
    return f"{match[1]}, " if known or country_codes(word) else match[0]


def _read_part(text: str, *, last: bool) -> Iterator[Piece]:
    """Yield what stands between two commas, and apart from it the country it may end with."""
    bare = " ".join(_NUMBERED.sub(" ", text).split()).strip(_EDGES + ".")
    place = _place(bare)
    if place:
        yield place
        return
    words = bare.split(" ") if last else []
    for count in range(min(_MOST_COUNTRY_WORDS, len(words) - 1), 0, -1):
        if _PART_OF_NAME.isdisjoint(map(str.lower, words[-count - 1 :][:2])):
            tail = " ".join(words[-count:])
            place = _place(tail)
            if place:
                left = text[: text.rfind(words[-count])].strip(_EDGES)
                if left:
                    yield from _read_part(left, last=True)
                yield place
                return
    yield _named(text)


def _place(text: str) -> Piece | None:
    """Return a country or state as a piece; None for any other text."""
    states = state_countries(text)
    codes = country_codes(text) if len(text) != 2 or text in _SHORT_COUNTRIES else None
    if codes and len(codes) <= _MOST_COUNTRIES:
        return _piece(text, "country", codes | (states or _NOWHERE))
    return _piece(text, "state", states) if states else None


def _named(text: str) -> Piece:
    if has_head(text):
        return _piece(text, "name")
    if is_surely_unit(text):
        return _piece(text, "unit")
    street = _STREET.search(text) or any(map(str.isdigit, text))
    return _piece(text, "address" if street else "name")


def _piece(text: str, kind: Kind, codes: frozenset[str] = _NOWHERE) -> Piece:
    folded = fold(text)
    words = folded.split(" ") if any(map(str.isalnum, folded)) else []
    return Piece(text, tuple(words), kind, codes)


def _with_statements(pieces: list[Piece]) -> list[Piece]:
    """Number statements anew: what follows an address that has ended is another one.

    A country before another one that it has nothing to do with is a city: Lebanon, NH, USA.
    """
    out: list[Piece] = []
    number = 0
    for piece in pieces:
        before = out[-1] if out else None
        if before:
            ended = before.kind in ("country", "state") and piece.kind in ("name", "unit")
            if ended or pieces[len(out) - 1].statement != piece.statement:
                number += 1
            elif before.kind == "country" and piece.codes and _apart(before, piece):
                out[-1] = before._replace(kind="name", codes=_NOWHERE)
        out.append(piece._replace(statement=number))
    return out


def _apart(one: Piece, other: Piece) -> bool:
    return one.codes.isdisjoint(other.codes | related_to(other.codes))
