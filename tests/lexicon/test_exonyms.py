"""What places are called in CJK scripts, case by case and as a whole."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.lexicon.exonyms import LONGEST, Exonym, bare_place, exonyms, place_key
from instmatch.lexicon.places import read_places
from instmatch.text import fold
from small import is_cjk

Case = dict[str, Any]


@cache
def called() -> dict[str, list[Exonym]]:
    found: dict[str, list[Exonym]] = {}
    for place in exonyms():
        for key in place.keys:
            found.setdefault(key, []).append(place)
    return found


@pytest.mark.cases("exonyms")
def test_exonyms(case: Case) -> None:
    """The first that is called so is the largest, and a country before all cities."""
    first = next(iter(called().get(place_key(case["input"]), [])), None)
    if case["expect"] is None:
        assert first is None
    else:
        assert first is not None
        assert case["expect"] == (first.geonames or first.country)


def test_keys() -> None:
    for place in exonyms():
        assert place.keys
        for key in place.keys:
            assert 2 <= len(key) <= LONGEST
            assert " " not in key
        assert any(is_cjk(char) for key in place.keys for char in key)
        assert len(set(place.keys)) == len(place.keys)


def test_keys_are_cjk_names() -> None:
    assert all(any(map(is_cjk, key)) for place in exonyms() for key in place.keys)


def test_latin_spellings() -> None:
    for place in exonyms():
        assert place.latin
        assert len(set(place.latin)) == len(place.latin)
        assert all(re.fullmatch("[a-z]{3,}", one) for one in place.latin)


def test_countries_come_first_then_cities_by_falling_population() -> None:
    countries = [*takewhile(lambda place: not place.geonames, exonyms())]
    cities = exonyms()[len(countries) :]
    assert len({place.country for place in countries}) == len(countries) > 200
    assert all(place.geonames for place in cities)
    assert len({place.geonames for place in cities}) == len(cities)
    population = {place.geonameid: place.population for place in read_places()}
    people = [population[place.geonames] for place in cities]
    assert people == sorted(people, reverse=True)


def test_countries_are_named_without_what_kind_of_state_they_are() -> None:
    latin = {place.country: place.latin for place in exonyms() if not place.geonames}
    assert latin["DE"][0] == "germany"
    assert "korea" in latin["KR"]


@pytest.mark.parametrize(
    ("geonames", "own"),
    [(2886242, "koln"), (2886242, "cologne"), (3176959, "firenze"), (3176959, "firence"),
     (2867714, "munchen"), (2761369, "wien")],
)  # fmt: skip
def test_spellings_of_a_city(geonames: int, own: str) -> None:
    """Those abroad, and what it is called at home."""
    assert own in next(place.latin for place in exonyms() if place.geonames == geonames)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("苏州市", "苏州"),
        ("津市", "津市"),
        ("横浜市", "横浜"),
        ("서울 특별시", "서울특별"),
        ("수원시", "수원"),
        ("내몽골 자치구", "내몽골자치"),
        ("ミュンヘン", "ミュンヘン"),
        ("", ""),
    ],
)
def test_bare_places(name: str, bare: str) -> None:
    assert bare_place(fold(name)) == fold(bare)


@given(st.text(max_size=15))
def test_bare_places_of_any_text(text: str) -> None:
    folded = fold(text)
    bare = bare_place(folded)
    assert folded.replace(" ", "").startswith(bare)
    assert bool(bare) == bool(folded.replace(" ", ""))


@given(st.text(max_size=15))
def test_place_keys_of_any_text(text: str) -> None:
    key = place_key(text)
    assert " " not in key
    assert place_key(fold(text)) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("カールスルーエ", "カールスルエ"),
        ("維也納", "维也纳"),
        ("ニース", "二ース"),
        ("ﾊﾟﾘ", "パリ"),
    ],
)
def test_ways_to_write_a_place_have_one_key(one: str, other: str) -> None:
    assert place_key(one) == place_key(other)
