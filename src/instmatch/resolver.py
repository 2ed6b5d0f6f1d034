"""The flow: mentions, candidates, evidence, model, decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, pairwise, zip_longest
from pathlib import Path
from typing import Final

import numpy as np

from instmatch.errors import InputError
from instmatch.gazetteer.corrections import NO_CORRECTIONS, read_corrections
from instmatch.index import Index
from instmatch.lexicon.countries import country_codes
from instmatch.match.decision import UNLIKELY, decide
from instmatch.match.evidence import COLUMN
from instmatch.match.model import HIGHEST_SCORE, Model
from instmatch.match.query import Batch, make_batch
from instmatch.match.scoring import Scored, score
from instmatch.mention import Mention, Reading, read_mention
from instmatch.mention.parse import LONGEST
from instmatch.resolution import Candidate, Resolution
from instmatch.text import fold
from instmatch.workers import spread

WITNESS: Final = 0.8
"""Likeness from which another part of a mention confirms an institution."""

BATCH: Final = 2000
"""Mentions scored at once: enough to keep the array operations busy, little memory."""

Pair = tuple[str, str | None]
"""A name and its country."""

_TOO_LONG: Final = f"the text is longer than {LONGEST:,} characters; give one name a row"


class Resolver:
    """Says which institutions names mean. Build it once and use it for all names.

    Args:
        gazetteer: a compiled index or its path; by default the one installed with the package.
        model: a model or its path; by default the one installed with the package.
        corrections: path of a file of the user's own decisions (see
            `instmatch.gazetteer.corrections`).
        precision: lowest probability, on average, that a ``matched`` is right, 0 to 1.
        top: how many candidates a resolution lists.
        workers: over how many processes batches are spread.

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
        corrections: Path | str | None = None,
        precision: float = 0.99,
        top: int = 5,
        workers: int = 1,
    ) -> None:
        if not 0 < precision < 1:
            raise InputError(f"precision is {precision}; give a number between 0 and 1, as 0.99.")
        for name, number in (("top", top), ("workers", workers)):
            if number < 1:
                raise InputError(f"{name} is {number}; give a whole number from 1.")
        self.index = gazetteer if isinstance(gazetteer, Index) else Index.load(_path(gazetteer))
        self.model = model if isinstance(model, Model) else Model.load(_path(model))
        self.corrections = read_corrections(Path(corrections)) if corrections else NO_CORRECTIONS
        self._check_corrections(corrections)
        self._threshold = self.model.threshold(precision)
        self._top = top
        self._workers = workers

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
            InputError: if a name is no str, there are not as many countries as names, or the one
                country for all is not known.
        """
        return list(self.stream(names, country))

    def resolve_one(self, name: str, country: str | None = None) -> Resolution:
        """Resolve one name."""
        return self.resolve([name], country)[0]

    def stream(
        self, names: Iterable[str], country: Iterable[str | None] | str | None = None
    ) -> Iterator[Resolution]:
        """Resolve names one batch after the other; arguments as for `resolve`."""
        pairs = _with_countries(names, country)
        batches = iter(lambda: list(islice(pairs, BATCH)), [])
        work = self.resolve_batch
        answers = map(work, batches) if self._workers == 1 else spread(work, batches, self._workers)
        row = 0
        for batch in answers:
            for answer in batch:
                row += 1
                yield answer.at_row(row)

    def resolve_batch(self, pairs: Sequence[Pair]) -> list[Resolution]:
        """Resolve one batch of names with their countries; equal ones are resolved once."""
        distinct = list(dict.fromkeys(pairs))
        answers = dict(zip(distinct, self._resolve_distinct(distinct), strict=True))
        return [answers[pair] for pair in pairs]

    def successor_of(self, id: str) -> str | None:
        """Return the id of the living body of a historic institution; None for a living one."""
        return self.index.successor(self.index.number_of[id])

    def _resolve_distinct(self, pairs: Sequence[Pair]) -> list[Resolution]:
        answers: dict[int, Resolution] = {}
        mentions: dict[int, Mention] = {}
        for row, (name, _) in enumerate(pairs):
            if len(name.strip()) > LONGEST:
                answers[row] = Resolution(0, name, "error", reason=_TOO_LONG)
                continue
            mention = read_mention(name)
            given = self._given(name, mention)
            if given is not None:
                answers[row] = given
            elif mention.readings:
                mentions[row] = mention
            else:
                answers[row] = Resolution(0, name, "unmatched", reason="the name is blank")
        if mentions:
            hints = [pairs[row][1] for row in mentions]
            codes = [country_codes(hint) if hint else None for hint in hints]
            batch = make_batch(self.index, list(mentions.values()), codes)
            scored = score(self.index, self.model, batch, self.corrections)
            spans = pairwise(np.searchsorted(scored.mention, np.arange(len(mentions) + 1)).tolist())
            for row, (first, last) in zip(mentions, spans, strict=True):
                answers[row] = self._resolution(pairs[row][0], batch, scored, first, last)
        return [answers[row] for row in range(len(pairs))]

    def _resolution(
        self, name: str, batch: Batch, scored: Scored, first: int, last: int
    ) -> Resolution:
        if first == last:
            return Resolution(0, name, "unmatched", reason=UNLIKELY)
        index = self.index
        best = float(scored.score[first])
        evidence = scored.evidence[first]
        reading = batch.readings[int(scored.reading[first])]
        margin = best - self._runner_up(scored, first, last)
        decision = decide(
            best,
            margin,
            self._threshold,
            acronym_alone=evidence[COLUMN["acronym"]] > 0
            and (reading.role == "whole" or evidence[COLUMN["support"]] < WITNESS),
            contradicted=evidence[COLUMN["country_other"]] > 0,
            numerals_differ=evidence[COLUMN["numerals_differ"]] > 0,
        )
        shown = slice(first, min(last, first + self._top))
        found = tuple(
            self.candidate(inst, points)
            for inst, points in zip(
                scored.inst[shown].tolist(), scored.score[shown].tolist(), strict=True
            )
        )
        if decision.status == "unmatched":
            return Resolution(
                0, name, "unmatched", None, None, None, best, margin, candidates=found,
                reason=decision.reason,
            )  # fmt: skip
        return Resolution(
            row=0,
            mention=name,
            status=decision.status,
            id=found[0].id,
            name=found[0].name,
            country=found[0].country,
            score=best,
            margin=margin,
            unit=reading.unit,
            matched_name=index.texts["value"][int(scored.name[first])],
            candidates=found,
            successor=index.successor(int(scored.inst[first])),
            reason=decision.reason,
        )

    def candidate(self, inst: int, points: float) -> Candidate:
        """Return an institution of the index, by its number, as a candidate."""
        index = self.index
        return Candidate(index.ids[inst], index.titles[inst], index.country(inst), points)

    def _runner_up(self, scored: Scored, first: int, last: int) -> float:
        """Return the score of the next best that is another answer.

        What the best is a part of, follows or precedes is no other answer.
        """
        parent, successor = (self.index.arrays[f"inst.{link}"] for link in ("parent", "successor"))
        best = int(scored.inst[first])
        kin = {int(parent[best]), int(successor[best])}
        for row in range(first + 1, last):
            other = int(scored.inst[row])
            if other not in kin and successor[other] != best:
                return float(scored.score[row])
        return 0.0

    def _given(self, name: str, mention: Mention) -> Resolution | None:
        """Return the resolution of a mention that the user's corrections decide; None if none."""
        forced, added = self.corrections.forced, self.corrections.added
        reading, id = Reading(mention.text), None
        if forced:
            id = forced.get(fold(mention.text))
        if added and id is None:
            known = ((one, added.get(fold(one.text))) for one in mention.readings)
            reading, id = next((pair for pair in known if pair[1]), (reading, None))
        if id is None:
            return None
        found = self.candidate(self.index.number_of[id], HIGHEST_SCORE)
        return Resolution(
            0, name, "matched", found.id, found.name, found.country, found.score, found.score,
            reading.unit, reading.text, (found,), self.successor_of(id),
        )  # fmt: skip

    def _check_corrections(self, path: Path | str | None) -> None:
        unknown = sorted(self.corrections.ids - self.index.number_of.keys())
        if unknown:
            raise InputError(
                f"{path}: {', '.join(unknown)} not in the gazetteer; find ids with: "
                "instmatch gazetteer show NAME"
            )


def _path(given: Path | str | None) -> Path | None:
    return None if given is None else Path(given)


def _with_countries(
    names: Iterable[str], country: Iterable[str | None] | str | None
) -> Iterator[Pair]:
    if isinstance(names, str):
        raise InputError(f"give a list of names, as [{names!r}], or ask resolve_one.")
    if country is None or isinstance(country, str):
        check_country(country)
        pairs: Iterable[tuple[object, object]] = ((name, country) for name in names)
    else:
        pairs = zip_longest(names, country, fillvalue=_MISSING)
    for number, (name, code) in enumerate(pairs, 1):
        if name is _MISSING or code is _MISSING:
            raise InputError("names and country differ in length; give each name one, or None.")
        if not isinstance(name, str):
            raise InputError(f"name {number} is {name!r}; give each name as a str.")
        yield name, code if isinstance(code, str) else None


_MISSING: Final = object()


def check_country(country: str | None) -> None:
    """Raise `InputError` if a country given for all names is not known."""
    if country and country_codes(country) is None:
        raise InputError(
            f"country {country!r} is not known; give a country's name or ISO code, as JP."
        )


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
