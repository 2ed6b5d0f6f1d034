"""From pairs to one list a mention; the layout of a batch."""

from __future__ import annotations

import numpy as np

from instmatch.gazetteer.corrections import NO_CORRECTIONS
from instmatch.lexicon.countries import country_codes
from instmatch.match.candidates import candidates
from instmatch.match.evidence import evidence_matrix
from instmatch.match.query import Batch, make_batch
from instmatch.match.scoring import best_pairs, score
from instmatch.mention import read_mention
from small import HINTS, MENTIONS, small_index, small_resolver


def whole_batch() -> Batch:
    read = [read_mention(mention) for mention in MENTIONS]
    hints = [HINTS[row % len(HINTS)] for row in range(len(read))]
    codes = [country_codes(hint) if hint else None for hint in hints]
    return make_batch(small_index(), read, codes)


def test_best_pairs_are_those_of_a_loop() -> None:
    batch = whole_batch()
    pairs = candidates(small_index(), batch)
    model = small_resolver().model
    odds = model.log_odds(evidence_matrix(small_index(), batch, pairs))
    owner = small_index().arrays["name.inst"]
    best: dict[tuple[int, int], tuple[float, int, int, int]] = {}
    for row, (reading, name, _) in enumerate(zip(*(c.tolist() for c in pairs), strict=True)):
        key = (int(batch.mention_of[reading]), int(owner[name]))
        mine = (-float(odds[row]), reading, name, row)
        best[key] = min(best.get(key, mine), mine)
    expected = sorted((mention, *one) for (mention, _), one in best.items())
    mention = batch.mention_of[pairs.reading]
    best_rows = best_pairs(small_index(), mention, pairs, odds).tolist()
    assert best_rows == [one[-1] for one in expected]


def test_scores_fall() -> None:
    batch = whole_batch()
    scored = score(small_index(), small_resolver().model, batch, NO_CORRECTIONS)
    for mention in range(len(batch.mentions)):
        mine = scored.score[scored.mention == mention]
        assert (np.diff(mine) <= 0).all()
    assert len(set(zip(scored.mention.tolist(), scored.inst.tolist(), strict=True))) == len(
        scored.mention
    )
    assert (np.diff(scored.mention) >= 0).all()
    assert scored.score.max() <= 0.9991
    assert scored.score.min() >= 0


def test_known_beginnings_are_read() -> None:
    batch = make_batch(small_index(), [read_mention("東京科学大学附属病院入口")], [None])
    cuts = {(reading.text, reading.unit or reading.other) for reading in batch.readings}
    assert ("東京科学大学", "附属病院入口") in cuts


def test_longer_readings_contain_the_shorter() -> None:
    batch = whole_batch()
    for row, longer in enumerate(batch.longer):
        text = batch.readings[row].text
        mention = batch.mention_of[row]
        assert set(longer) == {
            other
            for other, reading in enumerate(batch.readings)
            if batch.mention_of[other] == mention
            and text in reading.text != text
            and reading.text in batch.mentions[mention].text
        }
