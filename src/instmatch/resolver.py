"""The flow: mentions, candidates, evidence, model, decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Final

import numpy as np

from instmatch.conclusion import conclude
from instmatch.errors import InputError
from instmatch.gazetteer.corrections import NO_CORRECTIONS, read_corrections
from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.lexicon.countries import country_codes
from instmatch.match.model import HIGHEST_SCORE, Model
from instmatch.match.query import Hint, make_batch
from instmatch.match.scoring import Scored, score, score_known
from instmatch.mention import Mention, Reading, read_mention
from instmatch.mention.parse import LONGEST
from instmatch.resolution import Candidate, Resolution
from instmatch.text import fold
from instmatch.workers import spread

BATCH: Final = 2_000
"""Names worked off at once: enough to keep the array operations busy, little memory."""

SCORED: Final = 500
"""Of them, those compared at once: what they need stays in the processor's cache."""

Pair = tuple[str, str | None]
"""A name and its country."""

_WHOLE: Final = Reading("")
"""Stands for the reading of a mention that is a name as it stands: no unit, nothing left over."""

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
        decisions = self.corrections.forbidden | self.corrections.removed
        self._corrected = frozenset(name for name, _ in decisions)
        self._thresholds = self.model.threshold(precision)
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
        row = 0
        for batch in map(work, batches) if self._workers == 1 else self._spread(batches):
            for answer in batch:
                row += 1
                yield answer.at_row(row)

    def _spread(self, batches: Iterator[list[Pair]]) -> Iterator[list[Resolution]]:
        """Resolve batches in several processes, unless there is one only."""
        first = [*islice(batches, 2)]
        if len(first) < 2:
            return map(self.resolve_batch, first)
        return spread(self.resolve_batch, chain(first, batches), self._workers)

    def resolve_batch(self, pairs: Sequence[Pair]) -> list[Resolution]:
        """Resolve one batch of names with their countries; equal ones are resolved once."""
        distinct = list(dict.fromkeys(pairs))
        answers = dict(zip(distinct, self._resolve_distinct(distinct), strict=True))
        return [answers[pair] for pair in pairs]

    def successor_of(self, id: str) -> str | None:
        """Return the id of the living body of a historic institution; None for a living one."""
        return self.index.successor(self.index.number_of[id])

    def _resolve_distinct(self, pairs: Sequence[Pair]) -> list[Resolution]:
        names = [name for name, _ in pairs]
        codes = {hint: country_codes(hint) if hint else None for hint in {two for _, two in pairs}}
        hints = [codes[hint] for _, hint in pairs]
        answers = self._printed(names, hints)
        mentions: dict[int, Mention] = {}
        for row, name in enumerate(names):
            if row in answers:
                continue
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
        folds = {row: self._fold_hash(mention) for row, mention in mentions.items()}
        answers |= self._known(names, folds, hints)
        left = [row for row in mentions if row not in answers]
        for start in range(0, len(left), SCORED):
            rows = left[start : start + SCORED]
            batch = make_batch(
                self.index, [mentions[row] for row in rows], [hints[row] for row in rows]
            )
            scored = score(self.index, self.model, batch, self.corrections)
            found = self._conclude([names[row] for row in rows], batch.readings, scored)
            answers |= zip(rows, found, strict=True)
        return [answers[row] for row in range(len(pairs))]

    def _printed(self, names: Sequence[str], hints: Sequence[Hint]) -> dict[int, Resolution]:
        """Resolve what is printed just as in the gazetteer: `_known` without reading it."""
        if self.corrections != NO_CORRECTIONS:
            return {}
        known = self.index.printed(names)
        rows = np.flatnonzero(known >= 0)
        folds = self.index.arrays["name.fold_hash"][known[rows]]
        return self._known(names, dict(zip(rows.tolist(), folds.tolist(), strict=True)), hints)

    def _known(
        self, names: Sequence[str], folds: Mapping[int, int], hints: Sequence[Hint]
    ) -> dict[int, Resolution]:
        """Resolve the mentions that are names of the gazetteer as they stand.

        Args:
            names: the mentions as given.
            folds: for some of them, by row, the hash of the fold.
            hints: for each of `names`, the countries it is said to be in.
        """
        if not folds:
            return {}
        rows = [*folds]
        hashes = np.array([*folds.values()], np.uint64)
        scored = score_known(self.index, self.model, hashes, [hints[row] for row in rows])
        if not len(scored.mention):
            return {}
        found = self._conclude([names[row] for row in rows], [_WHOLE] * len(rows), scored)
        return {rows[one]: found[one] for one in np.unique(scored.mention).tolist()}

    def _conclude(
        self, names: Sequence[str], readings: Sequence[Reading], scored: Scored
    ) -> list[Resolution]:
        return conclude(self.index, names, readings, scored, self._thresholds, self._top)

    def _fold_hash(self, mention: Mention) -> int:
        """Return the hash of a mention's fold; none that names have if a correction is about it."""
        folded = fold(mention.text)
        return 0 if folded in self._corrected else text_hash(folded)

    def scored(self, mention: Mention, hint: Hint) -> tuple[Sequence[Reading], Scored]:
        """Return the readings of one mention and its scored institutions.

        Args:
            mention: the mention; not blank.
            hint: the countries it is said to be in.
        """
        folds = np.array([self._fold_hash(mention)], np.uint64)
        scored = score_known(self.index, self.model, folds, [hint])
        if len(scored.mention):
            return [Reading(mention.text)], scored
        batch = make_batch(self.index, [mention], [hint])
        return batch.readings, score(self.index, self.model, batch, self.corrections)

    def candidate(self, inst: int, points: float) -> Candidate:
        """Return an institution of the index, by its number, as a candidate."""
        index = self.index
        return Candidate(index.ids[inst], index.titles[inst], index.country(inst), points)

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
            reading.unit, reading.text, (found,), self.successor_of(id), None, (found,),
        )  # fmt: skip

    def _check_corrections(self, path: Path | str | None) -> None:
        ids = self.corrections.ids
        unknown = sorted(ids - self.index.number_of.keys()) if ids else []
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
