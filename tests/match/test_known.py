"""Mentions that are names as they stand: the short way against the long one."""

from __future__ import annotations

import numpy as np
import pytest

from instmatch.gazetteer import Gazetteer, Institution, Name
from instmatch.gazetteer.corrections import NO_CORRECTIONS
from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.lexicon.countries import country_codes
from instmatch.match.evidence import evidence_matrix
from instmatch.match.known import bearers, known_evidence
from instmatch.match.query import Hint, make_batch
from instmatch.match.scoring import score, score_known
from instmatch.mention import Mention, Reading, read_mention
from instmatch.mention.trim import trim
from instmatch.text import fold
from small import HINTS, MENTIONS, small_gazetteer, small_index, small_resolver

NAMES = [
    name.value
    for one in small_gazetteer().institutions
    for name in one.names
    if trim(name.value) == name.value
]


def hashes(names: list[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    folds = [small_index().texts["fold"][row] for row in small_index().printed(names).tolist()]
    return np.array([text_hash(fold) for fold in folds], np.uint64)


@pytest.mark.parametrize("hint", HINTS)
def test_evidence_is_that_of_the_long_way(hint: str | None) -> None:
    codes: list[Hint] = [country_codes(hint) if hint else None] * len(NAMES)
    pairs = bearers(small_index(), hashes(NAMES), codes)
    batch = make_batch(small_index(), [Mention(name, (Reading(name),)) for name in NAMES], codes)
    # Only the reading of the whole, which stands first; beginnings are read behind it.
    first = np.searchsorted(batch.mention_of, np.arange(len(NAMES)))
    long = pairs._replace(reading=first[pairs.reading])
    assert (known_evidence(small_index(), pairs, codes) == evidence_matrix(
        small_index(), batch, long
    )).all()  # fmt: skip


@pytest.mark.parametrize("type", ["facility", "education", "other", "archive;facility"])
def test_evidence_is_that_of_the_long_way_whatever_the_type(type: str) -> None:
    names = ("National Museum of Gotham", "Gotham University", "Gotham Hospital")
    made = tuple(
        Institution(f"im:{name}", name, "US", (Name(name, "en", "label", ""),), type=type)
        for name in names
    )
    index = Index.build(Gazetteer(made))
    hints: list[Hint] = [None] * len(names)
    folds = np.array([text_hash(fold(name)) for name in names], np.uint64)
    pairs = bearers(index, folds, hints)
    batch = make_batch(index, [Mention(name, (Reading(name),)) for name in names], hints)
    assert np.array_equal(known_evidence(index, pairs, hints), evidence_matrix(index, batch, pairs))


def test_bearers_are_those_of_a_loop() -> None:
    codes: list[Hint] = [country_codes(HINTS[row % 3] or "") for row in range(len(NAMES))]
    pairs = bearers(small_index(), hashes(NAMES), codes)
    folds = [small_index().texts["fold"][row] for row in range(len(small_index().texts["fold"]))]
    owner = small_index().arrays["name.inst"].tolist()
    for mention, (name, hint) in enumerate(zip(NAMES, codes, strict=True)):
        mine = folds[int(small_index().printed([name])[0])]
        same = [row for row, fold in enumerate(folds) if fold == mine]
        countries = {small_index().country(owner[row]) for row in same}
        contradicted = bool(hint) and countries.isdisjoint(hint or ())
        found = pairs.name[pairs.reading == mention].tolist()
        assert sorted(found) in ([], same) if contradicted else sorted(found) == same


def test_the_best_is_that_of_the_long_way() -> None:
    model = small_resolver().model
    short = score_known(small_index(), model, hashes(NAMES), [None] * len(NAMES))
    batch = make_batch(small_index(), [read_mention(name) for name in NAMES], [None] * len(NAMES))
    long = score(small_index(), model, batch, NO_CORRECTIONS)
    for mention in range(len(NAMES)):
        mine, theirs = (one.mention == mention for one in (short, long))
        top = short.score[mine] == short.score[mine].max()
        best = set(short.inst[mine][top].tolist())
        assert int(long.inst[theirs][0]) in best


def test_one_way_through_every_door() -> None:
    """What is printed as in the gazetteer, and what only folds to it, gets the same answer."""
    resolver = small_resolver()
    for name in (*NAMES[::7], *MENTIONS):
        plain = resolver.resolve_one(name)
        spaced = resolver.resolve_one(f" {name} ")
        assert plain._replace(mention="") == spaced._replace(mention="")
