"""The lexicon, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from instmatch.lexicon import analyse, concept_names, concepts, find_concepts
from instmatch.lexicon.countries import country_codes, related
from instmatch.lexicon.numerals import numerals
from instmatch.lexicon.units import campus_ends, is_campus, is_surely_unit, is_unit
from instmatch.text import fold

Case = dict[str, Any]


@pytest.mark.cases("numerals")
def test_numerals(case: Case) -> None:
    assert sorted(numerals(fold(case["input"]))) == case["expect"]


def test_kanji_numerals_up_to_99() -> None:
    digits = ["", *"一二三四五六七八九"]
    for number in range(1, 100):
        tens, ones = divmod(number, 10)
        ten = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
        assert numerals(f"第{ten}{digits[ones]}大学") == {number}


@pytest.mark.cases("countries")
def test_countries(case: Case) -> None:
    codes = country_codes(case["input"])
    if isinstance(case["expect"], dict):
        assert codes is not None
        assert codes >= set(case["expect"]["among"])
        assert len(codes) > len(case["expect"]["among"])
    else:
        assert (None if codes is None else sorted(codes)) == case["expect"]


def test_a_long_text_is_no_country() -> None:
    assert country_codes("Germany " * 20 + "x " * 20_000) is None


@pytest.mark.cases("related")
def test_related(case: Case) -> None:
    code, codes = case["input"]
    assert related(code, frozenset(codes)) is case["expect"]


@pytest.mark.cases("units")
def test_units(case: Case) -> None:
    assert is_unit(case["input"]) is case["expect"]
    assert is_unit(case["input"]) or not is_surely_unit(case["input"])


@pytest.mark.cases("campuses")
def test_campuses(case: Case) -> None:
    assert is_campus(case["input"]) is case["expect"]
    assert bool(campus_ends(case["input"])) is case["expect"]


@pytest.mark.cases("concepts")
def test_concepts(case: Case) -> None:
    found = 0
    for span in find_concepts(fold(case["input"])):
        found |= span.value
    names = set(concept_names(found))
    if case["expect"]:
        assert names >= set(case["expect"])
    else:
        assert bool(names) is (case["expect"] is None)


@pytest.mark.cases("languages")
def test_words_of_a_language(case: Case) -> None:
    for concept, word in case["expect"].items():
        folded = fold(word)
        spans = find_concepts(folded)
        assert [(span.start, span.end) for span in spans] == [(0, len(folded))], word
        assert concept in concept_names(spans[0].value), word


def test_concept_bits() -> None:
    assert concept_names((1 << len(concepts())) - 1) == [concept.name for concept in concepts()]
    assert concept_names(0) == []


def test_form_of_a_name() -> None:
    form = analyse("リヨン第2大学")
    assert form.numerals == {2}
    assert form.script == "kana"
    assert concept_names(form.concepts) == ["university"]
    misread, right = analyse("バンドンエ科大学"), analyse("バンドン工科大学")
    assert misread._replace(fold="", words="") == right._replace(fold="", words="")


@pytest.mark.parametrize("name", ["ー", "・", "?", "大学", "University", "the"])
def test_form_is_never_empty(name: str) -> None:
    form = analyse(name)
    assert form.fold
    assert form.key
