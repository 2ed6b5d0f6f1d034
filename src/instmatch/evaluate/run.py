"""Running a resolver over labelled mentions, and the report of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from instmatch.evaluate.gold import GoldRow, answers
from instmatch.evaluate.metrics import Share, calibration_error
from instmatch.match.candidates import candidates
from instmatch.match.query import make_batch
from instmatch.mention import read_mention
from instmatch.resolution import Resolution
from instmatch.resolver import Resolver

_DEEP: Final = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """A labelled mention and what was made of it.

    Attributes:
        gold: the label.
        found: the resolution.
        right: whether the best candidate, or its successor, is the labelled institution.
        rank: place of the labelled institution among the blocked ones, from 1; 0 if it is not
            among them.
    """

    gold: GoldRow
    found: Resolution
    right: bool
    rank: int

    @property
    def matched(self) -> bool:
        """Whether the resolver was sure."""
        return self.found.status == "matched"


def evaluate(resolver: Resolver, gold: Sequence[GoldRow], use_hints: bool = True) -> list[Outcome]:
    """Resolve labelled mentions and compare.

    Args:
        resolver: what to measure.
        gold: labelled mentions.
        use_hints: whether the resolver is told the country headings.
    """
    hints = [row.hint if use_hints else None for row in gold]
    found = resolver.resolve([row.mention for row in gold], hints)
    wanted = answers(gold, resolver.index)
    ranks = _ranks(resolver, gold, wanted, use_hints)
    return [
        Outcome(row, one, _is_right(resolver, one, ids), rank)
        for row, one, ids, rank in zip(gold, found, wanted, ranks, strict=True)
    ]


def _is_right(resolver: Resolver, found: Resolution, ids: frozenset[str]) -> bool:
    if not found.candidates:
        return False
    best = found.candidates[0]
    return bool({best.id, resolver.successor_of(best.id)} & ids)


def _ranks(
    resolver: Resolver, gold: Sequence[GoldRow], wanted: Sequence[frozenset[str]], use_hints: bool
) -> list[int]:
    index = resolver.index
    mentions = [read_mention(row.mention) for row in gold]
    filled = [row for row, mention in enumerate(mentions) if mention.readings]
    hints = [gold[row].codes if use_hints else None for row in filled]
    batch = make_batch(index, [mentions[row] for row in filled], hints)
    pairs = candidates(index, batch)
    nearest: list[dict[int, float]] = [{} for _ in gold]
    columns = (pairs.reading.tolist(), pairs.name.tolist(), pairs.nearness.tolist())
    for reading, name, nearness in zip(*columns, strict=True):
        found = nearest[filled[batch.mention_of[reading]]]
        inst = int(index.arrays["name.inst"][name])
        found[inst] = max(found.get(inst, 0), nearness)
    ranks: list[int] = []
    for ids, found in zip(wanted, nearest, strict=True):
        order = sorted(found, key=lambda inst: -found[inst])
        hits = [
            place
            for place, inst in enumerate(order, 1)
            if {index.ids[inst], index.successor(inst)} & ids
        ]
        ranks.append(hits[0] if hits else 0)
    return ranks


def summarize(outcomes: Sequence[Outcome]) -> dict[str, Share | float]:
    """Return the figures of a run by name."""
    linkable = [one for one in outcomes if not one.gold.is_nil]
    matched = [one for one in outcomes if one.matched]
    return {
        "top candidate right": Share.of(one.right for one in linkable),
        "blocking recall@10": Share.of(0 < one.rank <= 10 for one in linkable),
        "blocking recall@50": Share.of(0 < one.rank <= _DEEP for one in linkable),
        "precision of matched": Share.of(one.right for one in matched),
        "coverage of matched": Share.of(one.matched for one in linkable),
        "nil rows matched": Share.of(one.matched for one in outcomes if one.gold.is_nil),
        "calibration error": calibration_error(
            [one.found.score for one in outcomes], [one.right for one in outcomes]
        ),
    }


def slices(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """Return the outcomes by source, language and tag."""
    found: dict[tuple[str, str], list[Outcome]] = {}
    for one in outcomes:
        for key in one.gold.slices:
            found.setdefault(key, []).append(one)
    return dict(sorted(found.items()))
