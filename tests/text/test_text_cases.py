"""Text, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from instmatch.text import clean, fold, romanize, shape, sound_key
from instmatch.text.han import fold_han
from instmatch.text.kana import romanize_kana
from instmatch.text.lookalikes import lookalikes, print_key
from instmatch.text.romanize import romanize_hangul

Case = dict[str, Any]


@pytest.mark.cases("clean")
def test_clean(case: Case) -> None:
    assert clean(case["input"]) == case["expect"]


@pytest.mark.cases("fold")
def test_fold(case: Case) -> None:
    assert fold(case["input"]) == case["expect"]
    assert fold(case["expect"]) == case["expect"]


@pytest.mark.cases("lookalikes")
def test_look_alikes_have_one_key(case: Case) -> None:
    keys = {print_key(shape(fold(text))) for text in case["input"]}
    assert (len(keys) == 1) is case["expect"]


@pytest.mark.cases("han_variants")
def test_han_variants_have_one_form(case: Case) -> None:
    assert (len({fold(text) for text in case["input"]}) == 1) is case["expect"]
    assert [len(fold_han(text)) for text in case["input"]] == list(map(len, case["input"]))


@pytest.mark.cases("kana_romanized")
def test_kana_romanized(case: Case) -> None:
    assert romanize_kana(case["input"]) == case["expect"]


@pytest.mark.cases("long_vowels")
def test_long_vowels(case: Case) -> None:
    ways = [romanize_kana(case["input"], way) for way in ("plain", "doubled", "h")]
    assert ways == case["expect"]


def test_long_vowels_in_a_way_that_is_not_known() -> None:
    with pytest.raises(KeyError):
        romanize_kana("オーツカ", "macron")


@pytest.mark.cases("hangul")
def test_hangul(case: Case) -> None:
    assert romanize_hangul(case["input"]) == case["expect"]


@pytest.mark.cases("romanize")
def test_romanize(case: Case) -> None:
    assert romanize(case["input"]) == case["expect"]


@pytest.mark.cases("romanize_japanese")
def test_romanize_japanese(case: Case) -> None:
    assert romanize(case["input"], japanese=True) == case["expect"]


@pytest.mark.cases("sounds")
def test_sounds(case: Case) -> None:
    keys = {sound_key(fold(text)) for text in case["input"]}
    assert (len(keys) == 1) is case["expect"]


def test_look_alikes_are_mutual_and_of_one_shape() -> None:
    for char in map(chr, range(0x20, 0xA000)):
        for other in lookalikes(char):
            assert char in lookalikes(other)
            if fold(char) and fold(other):
                shapes = {shape(fold_han(one)) for one in (char, other)}
                assert len(shapes) == 1, (char, other)
