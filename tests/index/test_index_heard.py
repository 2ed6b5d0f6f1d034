"""Names as what is heard of them: features and weights against loops that are plainly right."""

from __future__ import annotations

import re
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from instmatch.gazetteer import Gazetteer, Institution, Name
from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.index.heard import (
    SAID_SCRIPTS,
    WEIGHTS,
    WIDTH,
    Said,
    country_number,
    said_matrix,
    weigh_said,
)
from instmatch.index.index import SCRIPTS
from instmatch.lexicon import Form, analyse
from instmatch.lexicon.concepts import concept_numbers
from instmatch.lexicon.exonyms import Exonym, exonyms, place_key
from instmatch.sound import area_of, letters_of
from instmatch.text import sound_key
from small import small_index

BITS = 18
MASK = (1 << 47) - 1
SOUNDS, CITIES = 1 << BITS, 2 << BITS
HASHED = 1 << 16
TYPES = CITIES + HASHED

SAID = [
    Said("michigan", [1, 4], [5, 7], ["US"]),
    Said("missouri", [1], [], ["US", "CA"]),
    Said("waterloo", [1, 4], [6176823], ["CA"]),
    Said("", [], [], []),
    Said("", [3], [], ["DE"]),
    Said("a", [], [2761369], []),
    Said("michigan", [4, 1], [7, 5], ["US"]),
]

said_values = st.lists(
    st.builds(
        Said,
        st.text(st.sampled_from("abcmnst"), max_size=8),
        st.lists(st.integers(0, 400), max_size=3, unique=True),
        st.lists(st.integers(1, 10**7), max_size=3, unique=True),
        st.lists(st.sampled_from(["US", "CA", "DE", "JP"]), max_size=2, unique=True),
    ),
    max_size=6,
)


def plain_grams(text: str, sizes: tuple[int, ...]) -> set[int]:
    marked = f" {text} "
    found = set()
    for size in sizes:
        for start in range(len(marked) - size + 1):
            gram = marked[start : start + size]
            if " " in gram[1:-1] or gram == "  ":
                continue
            value = 0
            for char in gram:
                value = (value * 1_000_003 + ord(char)) & MASK
            found.add(((value + size) * 0x9E3779B1 & MASK) >> (47 - BITS))
    return found


def plain_features(one: Said) -> set[int]:
    consonants = re.sub("nn+", "n", sound_key(one.letters).replace("m", "n"))
    found = plain_grams(one.letters, (3,)) if one.letters else set()
    found |= {SOUNDS + gram for gram in plain_grams(consonants, (2, 3))} if consonants else set()
    found |= {CITIES + city * 0x9E3779B1 % HASHED for city in one.cities}
    for code in one.countries:
        place = (ord(code[0]) * 31 + ord(code[1])) * 1009
        found |= {TYPES + (place + concept * 0x9E3779B1) % HASHED for concept in one.concepts}
    return found


@given(said_values)
def test_features_are_those_of_a_loop(said: list[Said]) -> None:
    matrix = said_matrix(said)
    assert matrix.shape == (len(said), WIDTH)
    assert set(matrix.data.tolist()) <= {1.0}
    for row, one in enumerate(said):
        assert matrix[[row]].indices.tolist() == sorted(plain_features(one))


def block_of(column: int) -> int:
    return sum(column >= start for start in (SOUNDS, CITIES, TYPES))


IDF = np.random.default_rng(1).uniform(0.5, 9, WIDTH).astype(np.float32)


@given(said_values)
def test_weights_are_those_of_a_loop(said: list[Said]) -> None:
    idf = IDF
    counts = said_matrix(said)
    weighed = weigh_said(counts, idf)
    for row in range(len(said)):
        columns = counts[[row]].indices.tolist()
        for column, value in zip(columns, weighed[[row]].data.tolist(), strict=True):
            block = block_of(column)
            beside = [float(idf[other]) for other in columns if block_of(other) == block]
            # Each of several cities counts in full.
            length = float(idf[column]) if block == 2 else sqrt(sum(one**2 for one in beside))
            expected = float(idf[column]) / length * sqrt(float(WEIGHTS[block]))
            assert value == pytest.approx(expected, rel=1e-5)


def test_lengths_of_blocks() -> None:
    weighed = weigh_said(said_matrix(SAID), np.full(WIDTH, 2, np.float32))
    for row, one in enumerate(SAID):
        squares = [0.0] * len(WEIGHTS)
        mine = weighed[[row]]
        for column, value in zip(mine.indices.tolist(), mine.data.tolist(), strict=True):
            squares[block_of(column)] += value**2
        typed = bool(one.concepts and one.countries)
        times = [bool(one.letters), bool(sound_key(one.letters)), len(one.cities), typed]
        assert squares == pytest.approx((WEIGHTS * times).tolist(), rel=1e-5)


def test_the_order_of_parts_says_nothing() -> None:
    matrix = said_matrix(SAID)
    assert matrix[[0]].indices.tolist() == matrix[[-1]].indices.tolist()


def test_blank_names_have_no_features() -> None:
    blank = Said("", [], [], [])
    assert said_matrix([blank, blank]).nnz == 0
    assert said_matrix([]).shape == (0, WIDTH)
    # A concept says nothing without a country, as a country says nothing without a concept.
    assert said_matrix([Said("", [1, 2], [], []), Said("", [], [], ["US"])]).nnz == 0
    assert weigh_said(said_matrix([blank]), np.ones(WIDTH, np.float32)).nnz == 0


def test_m_sounds_as_n() -> None:
    one, other = said_matrix([Said("semmelweis", [], [], []), Said("senmeruvaisu", [], [], [])])
    sounds = [{c for c in row.indices.tolist() if block_of(c) == 1} for row in (one, other)]
    assert len(sounds[0] & sounds[1]) >= 3


def test_vectors_do_not_depend_on_the_batch() -> None:
    together = small_index().heard_vectors(SAID)
    for row, one in enumerate(SAID):
        alone = small_index().heard_vectors([one])
        assert np.array_equal(alone.indices, together[[row]].indices)
        assert np.array_equal(alone.data, together[[row]].data)


def test_the_index_holds_what_is_said() -> None:
    """Every name that is compared by ear, or the first of its institution that says the same."""
    index = small_index()
    held: dict[tuple[int, str, tuple[int, ...]], int] = {}
    for column, name in enumerate(index.arrays["heard.name"].tolist()):
        form = analyse_row(name)
        key = (int(index.arrays["name.inst"][name]), letters_of(form.latin), concepts(name))
        assert key not in held
        held[key] = column
        assert form.script in SAID_SCRIPTS
        assert index.arrays["name.kind"][name] != 3
    first: dict[tuple[int, str, tuple[int, ...]], int] = {}
    for name, script in enumerate(index.arrays["name.script"].tolist()):
        if SCRIPTS[script] in SAID_SCRIPTS and index.arrays["name.kind"][name] != 3:
            inst = int(index.arrays["name.inst"][name])
            assert (inst, letters_of(analyse_row(name).latin), concepts(name)) in held
            first.setdefault((inst, letters_of(analyse_row(name).latin), concepts(name)), name)
    assert [*first.values()] == index.arrays["heard.name"].tolist()
    assert index.heard.shape == (WIDTH, len(held))


def analyse_row(name: int) -> Form:
    index = small_index()
    japanese = index.meta["langs"][index.arrays["name.lang"][name]] == "ja"
    return analyse(index.texts["value"][name], japanese)


def concepts(name: int) -> tuple[int, ...]:
    return tuple(concept_numbers(analyse_row(name).concepts))


def test_a_name_is_nearest_to_itself() -> None:
    index = small_index()
    rows = index.arrays["heard.name"].tolist()
    said = []
    for name in rows:
        inst = int(index.arrays["name.inst"][name])
        city = int(index.arrays["inst.geonames"][inst])
        form = analyse_row(name)
        said.append(
            Said(
                letters_of(form.latin),
                concept_numbers(form.concepts),
                [city] if city else [],
                [index.country(inst)],
            )
        )
    product = (index.heard_vectors(said) @ index.heard).toarray()
    best = product.max(axis=1)
    assert np.allclose(product[np.arange(len(rows)), np.arange(len(rows))], best, atol=1e-5)
    assert best.max() <= WEIGHTS.sum() + 1e-4


def test_places_called() -> None:
    index = small_index()
    names = ["ウィーン", "nowhere", "カールスルエ", "ドイツ"]
    hashes = np.array([text_hash(place_key(name)) for name in names], np.uint64)
    counts, rows = index.places_called(hashes)
    found = np.split(rows, np.cumsum(counts)[:-1])
    for name, some in zip(names, found, strict=True):
        key = place_key(name)
        expected = [row for row, place in enumerate(exonyms()) if key in place.keys]
        assert some.tolist() == expected
    for row in rows.tolist():
        place = exonyms()[row]
        assert index.arrays["place.geonames"][row] == place.geonames
        assert index.arrays["place.country"][row] == country_number(place.country)
        assert index.place_spellings[row].split("|") == nearest_spellings(place)


def nearest_spellings(place: Exonym) -> list[str]:
    """Return the usual spelling of a place and the three nearest to how its CJK names sound."""
    usual, *others = place.latin
    sound, area = small_index().sound, area_of(place.country)
    heard = [sound.spell(key, area)[0] for key in place.keys]

    def likeness(spelling: str) -> float:
        return max(Levenshtein.normalized_similarity(spelling, one) for one in heard)

    kept = others if len(others) < 4 else sorted(others, key=likeness, reverse=True)[:3]
    return [usual, *kept]


def test_spellings_of_all_places() -> None:
    """At most four, the usual one first, all of them the place's."""
    for row, place in enumerate(exonyms()):
        kept = small_index().place_spellings[row].split("|")
        assert kept[0] == place.latin[0]
        assert set(kept) <= set(place.latin)
        assert len(kept) == len(set(kept)) == min(len(place.latin), 4)


@pytest.mark.parametrize(
    ("geonames", "own"),
    [
        (2988507, "paris"),
        (3176959, "florence"),
        (3172394, "napoli"),
        (3067696, "praha"),
        *(
            pytest.param(
                geonames,
                own,
                marks=pytest.mark.xfail(
                    strict=True, reason="spellings in no institution's name sound nearer"
                ),
            )
            for geonames, own in (
                (2761369, "wien"),
                (2867714, "munchen"),
                (2886242, "cologne"),
                (2800866, "bruxelles"),
                (756135, "warszawa"),
                (524901, "moskva"),
            )
        ),
    ],
)
def test_what_institutions_call_their_city_is_kept(geonames: int, own: str) -> None:
    row = small_index().arrays["place.geonames"].tolist().index(geonames)
    assert own in small_index().place_spellings[row].split("|")


def test_numbers_of_countries_are_distinct() -> None:
    codes = {place.country for place in exonyms()}
    assert len({country_number(code) for code in codes}) == len(codes)
    assert all(0 <= country_number(code) < 26 * 26 for code in codes)


def test_the_index_holds_the_sound_it_was_built_with() -> None:
    table = small_index().sound
    assert table.spell("ミシガン", "X") == ["misigan"]
    assert len(table.rows) == len(small_index().arrays["sound.share"])


def test_a_gazetteer_of_han_names_alone() -> None:
    gazetteer = Gazetteer((made("北京大学", "CN"), made("清华大学", "CN")))
    assert Index.build(gazetteer).heard.shape == (WIDTH, 0)


def made(name: str, country: str) -> Institution:
    return Institution(f"im:{name}", name, country, (Name(name, "", "label", ""),))


def test_acronyms_are_not_heard() -> None:
    names = (Name("Waterloo University", "en", "label", ""), Name("UW", "", "acronym", ""))
    index = Index.build(Gazetteer((Institution("im:x", names[0].value, "CA", names),)))
    assert index.arrays["heard.name"].tolist() == [0]
