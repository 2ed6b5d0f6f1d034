"""Affiliations to institutions."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instmatch import InputError
from instmatch.affiliation import AffiliationResolver
from instmatch.match.affiliations import COLUMNS
from instmatch.match.trees import Trees
from small import BANDUNG, BERKELEY, MENTIONS, MUNICH, shipped_resolver, small_index, written

TEXTS = (
    "Faculty of Informatics, Technische Universität München, 85748 Garching, Germany",
    "University of California, Berkeley, CA 94720, USA; Bandung Institute of Technology, Indonesia",
    *MENTIONS,
)


@cache
def small() -> AffiliationResolver:
    return AffiliationResolver(small_index())


@cache
def shipped() -> AffiliationResolver:
    return AffiliationResolver(shipped_resolver().index)


@pytest.mark.cases("affiliations")
def test_affiliations(case: dict[str, Any]) -> None:
    found = shipped().resolve_one(case["input"])
    assert sorted(one.name for one in found.institutions) == case["expect"]


def test_the_record_of_an_affiliation() -> None:
    found = small().resolve_one(TEXTS[0])
    assert (found.status, found.id, found.country) == ("matched", MUNICH, "DE")
    assert found.unit == "Faculty of Informatics"
    assert found.institutions == found.candidates[:1]
    plain = found.as_dict()
    assert plain["institutions"][0]["id"] == MUNICH


def test_several_institutions() -> None:
    # Scores are calibrated for an index of registry size; in a tiny one they are lower.
    found = AffiliationResolver(small_index(), precision=0.9).resolve_one(TEXTS[1])
    assert {one.id for one in found.institutions} == {BERKELEY, BANDUNG}
    assert found.id == found.institutions[0].id
    scores = [one.score for one in found.candidates]
    assert scores == sorted(scores, reverse=True)


def test_a_given_country_is_used_where_none_is_printed() -> None:
    text = "Department of Materials Science, 东北大学"
    for country in ("CN", "JP"):
        found = small().resolve_one(text, country)
        assert {one.country for one in found.candidates[:1]} <= {country}


def test_batches_do_not_matter() -> None:
    together = small().resolve(TEXTS)
    assert [one.row for one in together] == [*range(1, len(TEXTS) + 1)]
    for text, found in zip(TEXTS, together, strict=True):
        assert small().resolve_one(text)._replace(row=found.row) == found


def test_workers_do_not_matter() -> None:
    texts = [f"{text} {number}" for number in range(90) for text in TEXTS]
    spread = AffiliationResolver(small_index(), workers=2)
    assert spread.resolve(texts) == small().resolve(texts)


def test_corrections_win(tmp_path: Path) -> None:
    path = written(tmp_path)(
        "corrections.tsv", f"action\tname\tid\nforce\tNowhere, Atlantis\t{MUNICH}\n"
        f"remove\tUniversity of California, Berkeley\t{BERKELEY}\n",
    )  # fmt: skip
    resolver = AffiliationResolver(small_index(), corrections=path)
    forced = resolver.resolve_one("Nowhere, Atlantis")
    assert [one.id for one in forced.institutions] == [MUNICH]
    assert forced.status == "matched"


def test_precision_that_cannot_be_kept() -> None:
    with pytest.raises(InputError, match="can show no more than the highest of"):
        AffiliationResolver(small_index(), precision=0.999)


def test_a_model_of_another_version_is_refused(tmp_path: Path) -> None:
    trees = Trees.load()
    path = tmp_path / "trees.json"
    Trees(
        [*trees.columns, "rainfall"], trees.base, trees.trees, trees.calibration,
        trees.thresholds, "",
    ).save(path)  # fmt: skip
    with pytest.raises(InputError, match="asks for rainfall"):
        AffiliationResolver(small_index(), trees=path)


PIECES = st.sampled_from(
    ("University of California", "Berkeley", "TU München", "東北大学", "; ", ", ", " and ", "(",
     ")", "Department of Law", "CA", "USA", "12345", " ", "x@y.org", "/", "&", "Inst.",
     "\ud800", "é")
)  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(
        st.text(st.characters(codec=None), max_size=30) | st.lists(PIECES, max_size=8).map("".join),
        max_size=3,
    )
)
def test_any_text_has_an_answer(texts: list[str]) -> None:
    found = small().resolve(texts)
    assert [one.mention for one in found] == texts
    for one in found:
        assert one.status in ("matched", "review", "unmatched")
        assert (one.status == "matched") == bool(one.institutions)
        assert all(0 <= candidate.score <= 0.999 for candidate in one.candidates)
        assert 0 <= one.margin <= 1


def test_each_column_of_evidence_has_a_name_of_its_own() -> None:
    assert len({*COLUMNS}) == len(COLUMNS)
