"""Affiliations to the institutions they name: departments, addresses, several in one string."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from instmatch.errors import InputError
from instmatch.index import Index
from instmatch.lexicon.countries import country_codes
from instmatch.match.affiliations import COLUMNS, Sightings, best_sightings, find_sightings
from instmatch.match.decision import UNLIKELY, WORTH_A_LOOK, Decision, decide
from instmatch.match.model import Doubles, Model
from instmatch.match.spans import Span
from instmatch.match.trees import Trees
from instmatch.mention import Mention
from instmatch.mention.affiliation import Affiliation, read_affiliation
from instmatch.resolution import Resolution
from instmatch.resolver import Pair, Resolver

PRECISION: Final = 0.94
"""How often a match is right, on average, if nothing else is asked for.

Chosen on affiliations that mostly name one institution: of these about 95 in 100 are right then."""

_BATCH: Final = 500
_COLUMN: Final = {name: number for number, name in enumerate(COLUMNS)}


class Choice(NamedTuple):
    """An institution chosen for a part of an affiliation.

    Attributes:
        row: row of its pair in the sightings.
        rival: highest score of another institution for the same words, that is no kin of it.
    """

    row: int
    rival: float


class AffiliationResolver(Resolver):
    """Says which institutions affiliations name. Used as `Resolver` is.

    A resolution's own fields are of the institution that is surest; ``institutions`` has all that
    are matched, so that a paper's two employers both come out. A body that is part of another is
    given without it, unless both are printed.

    Args:
        gazetteer: a compiled index or its path; by default the one installed with the package.
        model: the model of single names or its path; by default the installed one.
        trees: the model of affiliations or its path; by default the installed one.
        corrections: path of a file of the user's own decisions.
        precision: lowest probability, on average, that an institution matched is right, 0 to 1.
        top: how many candidates a resolution lists.
        workers: over how many processes batches are spread.

    Raises:
        InputError: if a file is not what it should be, or a number is out of range.

    >>> found = AffiliationResolver().resolve_one(
    ...     "Dept. of Physics, Kyoto Univ., Kyoto 606-8501, Japan; CERN, Geneva, Switzerland"
    ... )
    >>> sorted(one.name for one in found.institutions)
    ['European Organization for Nuclear Research', 'Kyoto University']
    """

    def __init__(
        self,
        gazetteer: Index | Path | str | None = None,
        model: Model | Path | str | None = None,
        trees: Trees | Path | str | None = None,
        *,
        corrections: Path | str | None = None,
        precision: float = PRECISION,
        top: int = 5,
        workers: int = 1,
    ) -> None:
        super().__init__(gazetteer, model, corrections=corrections, top=top, workers=workers)
        if not isinstance(trees, Trees):
            trees = Trees.load(None if trees is None else Path(trees))
        unknown = sorted(set(trees.columns) - _COLUMN.keys())
        if unknown:
            raise InputError(
                f"the model for affiliations asks for {', '.join(unknown)}, which this version of "
                "instmatch does not have; fit it anew with benchmarks/affiliations.py."
            )
        self.trees = trees
        self._columns = [_COLUMN[name] for name in trees.columns]
        self._threshold = trees.threshold(precision)

    def _resolve_distinct(self, pairs: Sequence[Pair]) -> list[Resolution]:
        return [
            found
            for start in range(0, len(pairs), _BATCH)
            for found in self._resolve_part(pairs[start : start + _BATCH])
        ]

    def _resolve_part(self, pairs: Sequence[Pair]) -> list[Resolution]:
        texts = [text for text, _ in pairs]
        affiliations = [read_affiliation(text) for text in texts]
        hints = [country_codes(hint) if hint else None for _, hint in pairs]
        found = find_sightings(self.index, self.model, affiliations, hints, self.corrections)
        log_odds = self.trees.log_odds(found.evidence[:, self._columns])
        contradicted = found.evidence[:, _COLUMN["country_other"]] > 0
        scores = 1 / (1 + np.exp(-np.where(contradicted, np.minimum(log_odds, 0), log_odds)))
        best = best_sightings(found, scores)
        bounds = np.searchsorted(found.affiliation[best], np.arange(len(pairs) + 1)).tolist()
        return [
            self._given(text, Mention(text, ()))
            or self._concluded(text, one, found, scores, best[start:end].tolist())
            for text, one, start, end in zip(
                texts, affiliations, bounds[:-1], bounds[1:], strict=True
            )
        ]

    def _concluded(
        self, text: str, one: Affiliation, found: Sightings, scores: Doubles, rows: list[int]
    ) -> Resolution:
        """Decide about an affiliation whose candidates are rows of the sightings, best first."""
        if not one.pieces:
            return Resolution(0, text, "unmatched", reason="the text holds no name")
        chosen = self._choose(one, found, scores, rows)
        shown = [self.candidate(int(found.inst[row]), float(scores[row])) for row in rows]
        listed = tuple(shown[: self._top])
        if not chosen:
            return Resolution(0, text, "unmatched", reason=UNLIKELY, candidates=listed)
        decided = [(choice, self._decided(found, scores, choice)) for choice in chosen]
        matched = [choice for choice, decision in decided if decision.status == "matched"]
        (first, rival), decision = next(
            (pair for pair in decided if pair[1].status == "matched"), decided[0]
        )
        by_row = dict(zip(rows, shown, strict=True))
        best, inst = by_row[first], int(found.inst[first])
        units = (piece.text for piece in one.pieces if piece.kind == "unit")
        return Resolution(
            0, text, decision.status, best.id, best.name, best.country, best.score,
            max(best.score - rival, 0.0), ", ".join(units),
            self.index.texts["value"][int(found.name[first])], listed,
            self.index.successor(inst), decision.reason,
            tuple(by_row[choice.row] for choice in matched),
        )  # fmt: skip

    def _choose(
        self, one: Affiliation, found: Sightings, scores: Doubles, rows: list[int]
    ) -> list[Choice]:
        """Choose the institutions of the parts of an affiliation, surest first."""
        chosen: list[int] = []
        rivals: dict[int, float] = {}
        for row in rows:
            if scores[row] < WORTH_A_LOOK:
                break
            span = found.spans[found.span[row]]
            over = [other for other in chosen if _overlap(one, found, other, row)]
            for other in over:
                same = span[:3] == found.spans[found.span[other]][:3]
                if same and not self._kin(int(found.inst[row]), int(found.inst[other])):
                    rivals.setdefault(other, float(scores[row]))
            if not over:
                chosen.append(row)
        return [Choice(row, rivals.get(row, 0.0)) for row in chosen]

    def _decided(self, found: Sightings, scores: Doubles, choice: Choice) -> Decision:
        def said(column: str) -> bool:
            return bool(found.evidence[choice.row, _COLUMN[column]] > 0)

        score = float(scores[choice.row])
        return decide(
            score, score - choice.rival, self._threshold,
            acronym_alone=said("acronym") and not (said("place_agrees") or said("country_same")),
            contradicted=said("country_other"), numerals_differ=said("numerals_differ"),
        )  # fmt: skip

    def _kin(self, one: int, other: int) -> bool:
        """Tell whether an institution is a part, the whole, or the successor of another."""
        links = (self.index.arrays[f"inst.{link}"] for link in ("parent", "successor"))
        return any(link[one] == other or link[other] == one for link in links)


def _overlap(one: Affiliation, found: Sightings, taken: int, row: int) -> bool:
    """Tell whether the spans of two pairs cannot both be names.

    A piece of its own may be one beside the very name that it and the piece before it make
    together: Yukawa Institute, Kyoto University. A name merely like both is no such name.
    """
    outer, inner = sorted((taken, row), key=lambda pair: _length(found, pair), reverse=True)
    longer, shorter = found.spans[found.span[outer]], found.spans[found.span[inner]]
    if longer.end <= shorter.start or shorter.end <= longer.start:
        return False
    own = shorter.start == one.starts[shorter.first] and shorter.end == one.starts[shorter.last + 1]
    beside = own and longer.first < shorter.first == shorter.last == longer.last
    return not (beside and found.evidence[outer, _COLUMN["exact"]] > 0)


def _length(found: Sightings, pair: int) -> int:
    span: Span = found.spans[found.span[pair]]
    return span.end - span.start
