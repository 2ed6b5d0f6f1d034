"""Explanations: what is shown, besides that it adds up (see test_contracts)."""

from __future__ import annotations

import pytest

from instmatch import InputError
from instmatch.explain import explain
from instmatch.match.evidence import COLUMN, EVIDENCE
from small import BANDUNG, small_resolver


def test_what_is_shown() -> None:
    told = explain(small_resolver(), "バンドンエ科大学 産業技術学部", "インドネシア")
    assert told.resolution.id == BANDUNG
    assert told.readings[:2] == (
        ("バンドンエ科大学 産業技術学部", ""),
        ("バンドンエ科大学", "産業技術学部"),
    )
    assert {"university", "technology"} <= set(told.type_words)
    assert "バンドン" in told.distinguishing
    best, second = told.arguments
    assert best.candidate == told.resolution.candidates[0]
    assert second.candidate == told.resolution.candidates[1]
    assert (best.reading, best.unit) == ("バンドンエ科大学", "産業技術学部")
    assert best.matched_name == told.resolution.matched_name == "バンドン工科大学"


def test_reasons_say_what_they_mean() -> None:
    meanings = {evidence.name: evidence.meaning for evidence in EVIDENCE}
    told = explain(small_resolver(), "Tohoku Univ.", "中国")
    for argument in told.arguments:
        named = [reason.evidence for reason in argument.reasons]
        assert "base" in named
        assert len(named) == len(set(named))
        for reason in argument.reasons:
            assert reason.weight != 0
            if reason.evidence in COLUMN:
                assert reason.meaning == meanings[reason.evidence]
            else:
                assert reason.evidence in ("base", "ceiling")


def test_ceiling_is_a_reason() -> None:
    best = explain(small_resolver(), "バンドン工科大学", "BR").arguments[0]
    assert "ceiling" in {reason.evidence for reason in best.reasons}
    assert best.candidate.score == pytest.approx(0.5, abs=1e-6)


def test_nothing_to_explain() -> None:
    for name in ("", " ", "x" * 3000):
        told = explain(small_resolver(), name)
        assert not told.arguments
        assert not told.readings
    with pytest.raises(InputError, match="country 'Atlantis' is not known"):
        explain(small_resolver(), "東北大学", "Atlantis")
