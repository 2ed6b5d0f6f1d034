"""The data model, after ROR's schema v2 as far as matching needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from instmatch.text import fold

NameKind = Literal["label", "alias", "former", "acronym"]
"""What a name is to its institution. ``former`` covers names of bodies merged into it."""

KINDS: Final = cast("tuple[NameKind, ...]", get_args(NameKind))


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an institution.

    Attributes:
        value: the name as printed.
        lang: BCP 47 language (``ja``, ``zh-Hans``, ``en``); empty for acronyms.
        kind: see `NameKind`.
        source: where the name is known from: ``seed``, ``registry``, ``official`` or ``usage``.
    """

    value: str
    lang: str
    kind: NameKind
    source: str


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution.

    Attributes:
        id: its ROR id where one is known, else ``im:CC-slug``.
        name: the canonical name, in English where it has one.
        country: ISO 3166 code, upper case.
        names: all names, the canonical one among them.
        city: the city's name; empty if unknown.
        geonames: the city's GeoNames id; None if unknown.
        type: ROR's type, as ``education``; empty if unknown.
        parent: id of the body it is part of.
        successor: id of the living body, if this one is historic.
    """

    id: str
    name: str
    country: str
    names: tuple[Name, ...]
    city: str = ""
    geonames: int | None = None
    type: str = ""
    parent: str | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All institutions, and the names that are known to belong to several of them.

    Attributes:
        institutions: in a fixed order (country, then name).
        homonyms: folded names declared to be shared.
    """

    institutions: tuple[Institution, ...]
    homonyms: frozenset[str] = frozenset()


def own_id(country: str, name: str) -> str:
    """Return the id of an institution that has no ROR id.

    >>> own_id("JP", "Muroran Institute of Technology")
    'im:JP-muroran-institute-of-technology'
    """
    return f"im:{country}-{re.sub('[^0-9a-z]+', '-', fold(name)).strip('-') or 'unnamed'}"


def shared_names(institutions: Iterable[Institution]) -> dict[str, list[Institution]]:
    """Return the folded names, acronyms apart, that two or more institutions bear."""
    owners: dict[str, dict[str, Institution]] = {}
    for institution in institutions:
        for name in institution.names:
            if name.kind != "acronym":
                owners.setdefault(fold(name.value), {})[institution.id] = institution
    return {key: list(group.values()) for key, group in owners.items() if len(group) > 1}
