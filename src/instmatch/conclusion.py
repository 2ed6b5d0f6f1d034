"""From scored institutions to resolutions, a batch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from instmatch.index import Index
from instmatch.match.decision import UNLIKELY, decide
from instmatch.match.evidence import COLUMN
from instmatch.match.scoring import Ints, Scored
from instmatch.mention import Reading
from instmatch.resolution import Candidate, Resolution

WITNESS: Final = 0.8
"""Likeness from which another part of a mention confirms an institution."""


def conclude(
    index: Index,
    names: Sequence[str],
    readings: Sequence[Reading],
    scored: Scored,
    thresholds: tuple[float, float],
    top: int,
) -> list[Resolution]:
    """Decide about mentions.

    Args:
        index: the gazetteer.
        names: the mentions as given, one for each mention's row.
        readings: what the rows of readings are.
        scored: institutions by mention and falling score.
        thresholds: lowest score of a match: by spelling, by ear.
        top: how many candidates to list.

    Returns:
        One resolution a mention, of row 0; ``unmatched`` where nothing was scored.
    """
    spans = np.searchsorted(scored.mention, np.arange(len(names) + 1))
    first = spans[:-1]
    some = np.flatnonzero(np.diff(spans))
    out = [Resolution(0, name, "unmatched", reason=UNLIKELY) for name in names]
    if not len(some):
        return out
    best = first[some]
    rank = np.arange(len(scored.mention)) - first[scored.mention]
    shown = np.flatnonzero(rank < top)
    listed = _candidates(index, scored.inst[shown], scored.score[shown])
    ends = np.searchsorted(shown, [first[some], spans[some + 1]]).tolist()
    margins = scored.score[best] - _runners_up(index, scored, rank, len(names))[some]
    evidence = scored.evidence[best]
    role = np.array([readings[row].role == "whole" for row in scored.reading[best].tolist()])
    alone = evidence[:, COLUMN["acronym"]] > 0
    alone &= role | (evidence[:, COLUMN["support"]] < WITNESS)
    successors = index.arrays["inst.successor"][scored.inst[best]].tolist()
    columns = zip(
        some.tolist(),
        *ends,
        scored.score[best].tolist(),
        margins.tolist(),
        alone.tolist(),
        (evidence[:, COLUMN["across"]] > 0).tolist(),
        (evidence[:, COLUMN["country_other"]] > 0).tolist(),
        (evidence[:, COLUMN["numerals_differ"]] > 0).tolist(),
        scored.reading[best].tolist(),
        index.texts["value"].take(scored.name[best]),
        successors,
        strict=True,
    )
    for (
        row,
        start,
        end,
        score,
        margin,
        acronym,
        heard,
        other,
        number,
        reading,
        known,
        successor,
    ) in columns:
        decision = decide(
            score, margin, thresholds[heard],
            acronym_alone=acronym, contradicted=other, numerals_differ=number, by_ear=heard,
        )  # fmt: skip
        found = tuple(listed[start:end])
        one = found[0]
        if decision.status == "unmatched":
            out[row] = Resolution(
                0, names[row], "unmatched", None, None, None, score, margin, "", None, found, None,
                decision.reason,
            )  # fmt: skip
        else:
            out[row] = Resolution(
                0, names[row], decision.status, one.id, one.name, one.country, score, margin,
                readings[reading].unit, known, found,
                index.ids[successor] if successor >= 0 else None, decision.reason,
                (one,) if decision.status == "matched" else (),
            )  # fmt: skip
    return out


def _candidates(index: Index, inst: Ints, score: npt.NDArray[np.float64]) -> list[Candidate]:
    countries: list[str] = index.meta["countries"]
    codes = [countries[number] for number in index.arrays["inst.country"][inst].tolist()]
    columns = (index.ids.take(inst), index.titles.take(inst), codes, score.tolist())
    return [*map(Candidate._make, zip(*columns, strict=True))]


def _evidence(scored: Scored, name: str) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = scored.evidence[:, COLUMN[name]] > 0
    return found


def _runners_up(index: Index, scored: Scored, rank: Ints, count: int) -> npt.NDArray[np.float64]:
    """Return for each mention the score of the next best that is another answer.

    What the best is a part of, follows or precedes is no other answer; nor is a homonym in a
    country that is only often filed under the one given, where the best is.
    """
    parent, successor = (index.arrays[f"inst.{link}"] for link in ("parent", "successor"))
    best = np.zeros(count, np.int64)
    leads = rank == 0
    best[scored.mention[leads]] = scored.inst[leads]
    mine = best[scored.mention]
    kin = (scored.inst == parent[mine]) | (scored.inst == successor[mine])
    kin |= successor[scored.inst] == mine
    related = _evidence(scored, "country_related") & _evidence(scored, "exact")
    at_home = _evidence(scored, "country_same") & _evidence(scored, "exact") & leads
    home = np.zeros(count, bool)
    home[scored.mention[at_home]] = True
    others = np.flatnonzero(~kin & ~leads & ~(related & home[scored.mention]))
    mentions, first = np.unique(scored.mention[others], return_index=True)
    found = np.zeros(count)
    found[mentions] = scored.score[others[first]]
    return found
