"""The compiled gazetteer holds the gazetteer, and the same one each time."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.gazetteer import Gazetteer, read_curated
from instmatch.index import Index, default_path
from instmatch.index.hashing import text_hash
from instmatch.index.index import checksum, concept_rows
from instmatch.lexicon import analyse
from instmatch.mention.trim import trim
from instmatch.text import fold
from small import BANDUNG, MENTIONS, SHIPPED, small_gazetteer, small_index


def test_institutions_come_back() -> None:
    given, held = small_gazetteer().institutions, small_index().institutions()
    assert [(one.id, one.name, one.country) for one in held] == [
        (one.id, one.name, one.country) for one in given
    ]
    for one, other in zip(given, held, strict=True):
        assert (one.parent, one.successor) == (other.parent, other.successor)
        # Names that fold alike are held once.
        folds = {(fold(name.value), name.kind == "acronym") for name in one.names}
        assert {(fold(name.value), name.kind == "acronym") for name in other.names} == folds
        assert len(other.names) == len(folds)
        assert {(name.value, name.lang, name.kind) for name in other.names} <= {
            (name.value, name.lang, name.kind) for name in one.names
        }


def test_building_twice_gives_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Index.build(read_curated(Path(__file__).parents[1] / "data/gazetteer")).save(
            tmp_path / name
        )
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "small.index"
    small_index().save(path)
    loaded = Index.load(path)
    assert loaded.meta == small_index().meta
    for name, array in small_index().arrays.items():
        assert np.array_equal(loaded.arrays[name], array), name


def test_checksum_tells_what_it_was_built_from() -> None:
    gazetteer = small_gazetteer()
    assert small_index().meta["built_from"] == checksum(gazetteer)
    first = gazetteer.institutions[0]
    other = (replace(first, country="UY"), *gazetteer.institutions[1:])
    assert checksum(Gazetteer(other)) != checksum(gazetteer)


def test_shipped_index_is_that_of_the_shipped_gazetteer() -> None:
    assert Index.load().meta["built_from"] == checksum(read_curated(SHIPPED))
    assert Index.load(default_path()).meta == Index.load().meta


def test_texts_are_those_of_the_analysis() -> None:
    index = small_index()
    langs = index.arrays["name.lang"]
    for row in range(len(langs)):
        japanese = index.meta["langs"][langs[row]] == "ja"
        form = analyse(index.texts["value"][row], japanese)
        for view in ("fold", "key", "words", "rest_key", "latin", "sound"):
            assert index.texts[view][row] == getattr(form, view)


def test_find() -> None:
    index = small_index()
    assert {one.country for one in index.find("東北大学")} == {"CN", "JP"}
    assert [one.id for one in index.find(BANDUNG)] == [BANDUNG]
    assert [one.name for one in index.find("bandung  INSTITUTE of technology")] == [
        "Bandung Institute of Technology"
    ]
    assert index.find("nothing of the kind") == []


def test_rows_of_folds_are_those_of_a_loop() -> None:
    index = small_index()
    folds = [index.texts["fold"][row] for row in range(len(index.arrays["name.inst"]))]
    wanted = [*folds[::5], "nothing of the kind"]
    counts, rows = index.rows_of_folds(np.array([text_hash(fold) for fold in wanted], np.uint64))
    found = np.split(rows, np.cumsum(counts)[:-1])
    for text, some in zip(wanted, found, strict=True):
        assert sorted(some.tolist()) == [row for row, known in enumerate(folds) if known == text]


def test_printed() -> None:
    index = small_index()
    values = [name.value for one in small_gazetteer().institutions for name in one.names]
    for value, row in zip(values, index.printed(values).tolist(), strict=True):
        assert (row >= 0) == (trim(value) == value)
        assert row < 0 or index.texts["fold"][row] == fold(value)
    assert index.printed(["nothing of the kind", "", "\ud800"]).tolist() == [-1, -1, -1]


def test_cities_of() -> None:
    index = small_index()
    texts = ["Bandung", "バンドン", "万隆", "nowhere"]
    hashes = np.array([text_hash(fold(text)) for text in texts], np.uint64)
    counts, cities = index.cities_of(hashes)
    assert counts.tolist()[-1] == 0
    assert {1650357} <= set(cities.tolist())


def test_known_ends_are_those_of_a_loop() -> None:
    index = small_index()
    rows = index.arrays["name.kind"] != 3
    keys = {index.texts["key"][row] for row in np.flatnonzero(rows).tolist()}
    sums = {crc32(key.encode()) for key in keys}
    for mention in (*MENTIONS, *sorted(keys)[::9]):
        key = analyse(mention).key + "工学部"
        expected = [end for end in range(len(key) + 1) if crc32(key[:end].encode()) in sums]
        assert index.known_ends(key) == expected
        assert {end for end in range(1, len(key)) if key[:end] in keys} <= set(expected)


@given(st.text(max_size=30))
def test_known_ends_of_any_text(text: str) -> None:
    key = analyse(text).key
    assert all(0 <= end <= len(key) for end in small_index().known_ends(key))


def test_concepts_and_their_weights() -> None:
    index = small_index()
    members: dict[int, int] = {}
    sets: list[int] = []
    for row, inst in enumerate(index.arrays["name.inst"].tolist()):
        japanese = index.meta["langs"][index.arrays["name.lang"][row]] == "ja"
        sets.append(analyse(index.texts["value"][row], japanese).concepts)
        members[inst] = members.get(inst, 0) | sets[-1]
    held = index.arrays["concept_sets"][index.arrays["name.concepts"]]
    assert np.array_equal(held, concept_rows(sets))
    for bit, weight in enumerate(index.arrays["concept_weight"].tolist()):
        count = sum(one >> bit & 1 for one in members.values())
        assert weight == pytest.approx(log((len(members) + 1) / (count + 1)), rel=1e-5)


def test_sharers_are_those_of_a_loop() -> None:
    index = small_index()
    size = len(index.arrays["name.inst"])
    inst = index.arrays["name.inst"].tolist()
    short = (index.arrays["name.kind"] == 3).tolist()
    folds = [index.texts["fold"][row] for row in range(size)]
    for row in range(size):
        same = [one for one in range(size) if folds[one] == folds[row] and short[one] == short[row]]
        others = {inst[one] for one in same} - {inst[row]}
        home = {one for one in others if index.country(one) == index.country(inst[row])}
        assert index.arrays["name.sharers"][row] == len(others)
        assert index.arrays["name.sharers_home"][row] == len(home)
