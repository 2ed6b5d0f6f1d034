"""Names taken apart into symbols, case by case and against Unicode's own tables."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.sound import AREAS, area_of, letters_of, symbols
from instmatch.sound.symbols import syllable
from instmatch.text import fold

Case = dict[str, Any]
AREA = st.sampled_from(AREAS)
SMALL = "ァィゥェォャュョヮ"
KANA = st.text(st.sampled_from("アカサタナンーッヴァェョ"), max_size=8)
MIXED = st.text(st.sampled_from("カナァュンーッかなゃ大学斯울산고ab7 ・"), max_size=10)


@pytest.mark.cases("symbols")
def test_symbols(case: Case) -> None:
    text, area = case["input"]
    assert list(symbols(text, area)) == case["expect"]


@given(st.text(max_size=20), AREA)
def test_any_text_has_symbols(text: str, area: str) -> None:
    found = symbols(fold(text), area)
    assert all(found)
    assert len(found) <= 3 * len(fold(text))


@given(KANA)
def test_symbols_of_kana_are_the_kana(text: str) -> None:
    found = symbols(text, "X")
    assert "".join(found) == text
    assert all(len(one) == 1 or (len(one) == 2 and one[1] in SMALL) for one in found)


@given(MIXED, MIXED, AREA)
def test_symbols_are_those_of_the_parts(one: str, other: str, area: str) -> None:
    if other[:1] not in (*SMALL, "ゃ"):
        assert symbols(one + other, area) == symbols(one, area) + symbols(other, area)


def test_jamo_are_those_of_unicode() -> None:
    """What Unicode takes a syllable apart into, by the names of the letters."""
    places = {"CHOSEONG": "1", "JUNGSEONG": "2", "JONGSEONG": "3"}
    for code in range(0xAC00, 0xD7A4):
        expected = []
        for jamo in unicodedata.normalize("NFD", chr(code)):
            _, place, letter = unicodedata.name(jamo).split(" ")
            expected.append(unicodedata.lookup(f"HANGUL LETTER {letter}") + places[place])
        assert list(symbols(chr(code), "X")) == expected


def test_areas_of_countries() -> None:
    countries = ("CN", "TW", "HK", "MO", "JP", "KR", "KP", "SG", "DE", "US", "")
    assert [area_of(code) for code in countries] == [*"CCCCJKKXXXX"]
    assert {area_of(code) for code in countries} == set(AREAS)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Saint-Étienne", "saintetienne"),
        ("Université Paris 8", "universiteparis"),
        ("ŁÓDŹ", "lodz"),
        ("Straße", "strasse"),
        ("Берлин", "berlin"),
        ("2024", ""),
        ("", ""),
    ],
)
def test_letters_of_names(name: str, letters: str) -> None:
    assert letters_of(name) == letters


@given(st.text(max_size=20))
def test_letters_are_a_to_z(text: str) -> None:
    assert set(letters_of(text)) <= {*"abcdefghijklmnopqrstuvwxyz"}


@pytest.mark.parametrize(("one", "other"), [("斯", "司"), ("维", "維"), ("马", "码"), ("西", "希")])
def test_characters_of_one_syllable(one: str, other: str) -> None:
    for area in AREAS:
        pairs = zip(symbols(one, area), symbols(other, area), strict=True)
        assert all(syllable(first) == syllable(second) != "" for first, second in pairs)


def test_syllables_keep_area_and_place() -> None:
    assert [syllable(symbol) for symbol in symbols("斯", "X")] == ["Xsi1", "Xsi2"]
    assert syllable("K斯2") == "Ksi2"


@pytest.mark.parametrize("symbol", ["カ", "シャ", "ー", "ㅇ1", "ㅜ2", "a", "ア"])
def test_other_symbols_have_no_syllable(symbol: str) -> None:
    assert syllable(symbol) == ""
