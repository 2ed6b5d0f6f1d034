"""The flow: mentions, candidates, evidence, model, decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final

import numpy as np

from instmatch.errors import InputError
from instmatch.index import Index
from instmatch.lexicon.countries import country_codes
from instmatch.match.decision import Status, decide
from instmatch.match.evidence import COLUMN
from instmatch.match.model import Model
from instmatch.match.query import Batch, make_batch
from instmatch.match.scoring import Scored, score
from instmatch.mention import read_mention

WITNESS: Final = 0.8
"""Likeness from which another part of a mention confirms an institution."""

BATCH: Final = 1000
"""Mentions scored at once: enough to keep the array operations busy, little memory."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An institution that a mention may mean."""

    id: str
    name: str
    country: str
    score: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is made of one mention; the fields are those of the result format.

    Attributes:
        row: number of the mention in its input, from 1.
        mention: the mention as given.
        status: ``matched``, ``review``, ``unmatched`` or ``error``.
        id: the institution's ROR id, or the gazetteer's own; also on ``review``.
        name: its canonical name.
        country: its ISO country code.
        score: probability that the institution is right, 0 to 0.999.
        margin: lead over the runner-up.
        unit: what was read as a part of the institution; empty if nothing was.
        matched_name: the gazetteer's name that spoke for it.
        candidates: the best institutions, best first.
        successor: id of the living body, if the institution is historic.
        reason: why the status is not ``matched``.
    """

    row: int
    mention: str
    status: Status
    id: str | None = None
    name: str | None = None
    country: str | None = None
    score: float = 0.0
    margin: float = 0.0
    unit: str = ""
    matched_name: str | None = None
    candidates: tuple[Candidate, ...] = field(default=())
    successor: str | None = None
    reason: str | None = None

    def at_row(self, row: int) -> Resolution:
        """Return the same for another row."""
        return replace(self, row=row)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, in the order of the result format."""
        return asdict(self)


class Resolver:
    """Says which institutions names mean. Build it once and use it for all names.

    Args:
        gazetteer: a compiled index or its path; by default the one installed with the package.
        model: a model or its path; by default the one installed with the package.
        precision: lowest probability, on average, that a ``matched`` is right, 0 to 1.
        top: how many candidates a resolution lists.

    Raises:
        InputError: if a file is not what it should be, or a number is out of range.

    >>> resolver = Resolver()
    >>> resolver.resolve_one("バンドンエ科大学", country="ID").name
    'Bandung Institute of Technology'
    """

    def __init__(
        self,
        gazetteer: Index | Path | str | None = None,
        model: Model | Path | str | None = None,
        *,
        precision: float = 0.99,
        top: int = 5,
    ) -> None:
        if not 0 < precision < 1:
            raise InputError(f"precision is {precision}; give a number between 0 and 1, as 0.99.")
        if top < 1:
            raise InputError(f"top is {top}; give the number of candidates to list, 1 or more.")
        self.index = gazetteer if isinstance(gazetteer, Index) else Index.load(_path(gazetteer))
        self.model = model if isinstance(model, Model) else Model.load(_path(model))
        self.top = top
        self._threshold = self.model.threshold(precision)

    def resolve(
        self, names: Iterable[str], country: Iterable[str | None] | str | None = None
    ) -> list[Resolution]:
        """Resolve names.

        Args:
            names: the names, each as printed in a cell or line.
            country: for each name a country or region in any language or ISO code, or None;
                or one for all.

        Returns:
            One resolution a name, in order.

        Raises:
            InputError: if there are not as many countries as names.
        """
        return list(self.stream(names, country))

    def resolve_one(self, name: str, country: str | None = None) -> Resolution:
        """Resolve one name."""
        return self.resolve([name], country)[0]

    def stream(
        self, names: Iterable[str], country: Iterable[str | None] | str | None = None
    ) -> Iterator[Resolution]:
        """Resolve names one batch after the other; arguments as for `resolve`."""
        rows = enumerate(_with_countries(names, country), 1)
        while batch := list(islice(rows, BATCH)):
            yield from self._resolve_batch(batch)

    def successor_of(self, id: str) -> str | None:
        """Return the id of the living body of a historic institution; None for a living one."""
        return self.index.successor(self.index.number_of[id])

    def _resolve_batch(
        self, rows: Sequence[tuple[int, tuple[str, str | None]]]
    ) -> Iterator[Resolution]:
        distinct = list(dict.fromkeys(pair for _, pair in rows))
        answers = dict(zip(distinct, self._resolve_distinct(distinct), strict=True))
        for row, pair in rows:
            yield answers[pair].at_row(row)

    def _resolve_distinct(
        self, pairs: Sequence[tuple[str, str | None]]
    ) -> Iterator[Resolution]:
        mentions = [read_mention(name) for name, _ in pairs]
        hints = [country_codes(hint) if hint else None for _, hint in pairs]
        filled = [row for row, mention in enumerate(mentions) if mention.readings]
        batch = make_batch(self.index, [mentions[row] for row in filled], [hints[row] for row in filled])
        scored = score(self.index, self.model, batch)
        starts = np.searchsorted(scored.mention, np.arange(len(filled) + 1))
        spans = dict(zip(filled, zip(starts[:-1], starts[1:], strict=True), strict=True))
        for row, (name, _) in enumerate(pairs):
            first, last = spans.get(row, (0, 0))
            if first == last:
                reason = "no institution is likely" if row in spans else "the name is blank"
                yield Resolution(0, name, "unmatched", reason=reason)
            else:
                yield self._resolution(name, batch, scored, int(first), int(last))

    def _resolution(
        self, name: str, batch: Batch, scored: Scored, first: int, last: int
    ) -> Resolution:
        index = self.index
        inst, best = int(scored.inst[first]), float(scored.score[first])
        evidence = scored.evidence[first]
        margin = best - self._runner_up(scored, first, last)
        decision = decide(
            best,
            margin,
            self._threshold,
            acronym_alone=bool(evidence[COLUMN["acronym"]])
            and evidence[COLUMN["support"]] < WITNESS,
            contradicted=bool(evidence[COLUMN["country_other"]]),
        )
        found = tuple(
            Candidate(index.ids[row], index.titles[row], index.country(row), float(points))
            for row, points in zip(
                scored.inst[first : min(last, first + self.top)].tolist(),
                scored.score[first:last],
                strict=False,
            )
        )
        chosen = decision.status != "unmatched"
        return Resolution(
            row=0,
            mention=name,
            status=decision.status,
            id=found[0].id if chosen else None,
            name=found[0].name if chosen else None,
            country=found[0].country if chosen else None,
            score=best,
            margin=margin,
            unit=batch.readings[int(scored.reading[first])].unit if chosen else "",
            matched_name=index.texts["value"][int(scored.name[first])] if chosen else None,
            candidates=found,
            successor=index.successor(inst) if chosen else None,
            reason=decision.reason,
        )

    def _runner_up(self, scored: Scored, first: int, last: int) -> float:
        """Return the score of the next best, a body's own successor or predecessor left out."""
        successor = self.index.arrays["inst.successor"]
        best = int(scored.inst[first])
        for row in range(first + 1, last):
            other = int(scored.inst[row])
            if successor[best] != other and successor[other] != best:
                return float(scored.score[row])
        return 0.0


def _path(given: Path | str | None) -> Path | None:
    return None if given is None else Path(given)


def _with_countries(
    names: Iterable[str], country: Iterable[str | None] | str | None
) -> Iterator[tuple[str, str | None]]:
    if country is None or isinstance(country, str):
        if country and country_codes(country) is None:
            raise InputError(
                f"country {country!r} is not known; give a country's name or ISO code, as JP."
            )
        yield from ((name, country) for name in names)
        return
    for pair in zip_longest(names, country, fillvalue=_MISSING):
        if _MISSING in pair:
            raise InputError("names and country are not of the same length; give one a name.")
        yield pair  # type: ignore[misc]


_MISSING: Final = object()


@cache
def default_resolver() -> Resolver:
    """Return the resolver with the installed gazetteer and model, built on first use."""
    return Resolver()


def resolve(
    names: Iterable[str], country: Iterable[str | None] | str | None = None
) -> list[Resolution]:
    """Resolve names with the installed gazetteer and model; see `Resolver.resolve`.

    >>> [found.name for found in resolve(["バンドンエ科大学", "ノッtingham大学"], ["ID", "GB"])]
    ['Bandung Institute of Technology', 'University of Nottingham']
    """
    return default_resolver().resolve(names, country)
