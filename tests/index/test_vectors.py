"""N-grams, counts and weights against loops that are plainly right."""

from __future__ import annotations

from math import log1p, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.index.vectors import (
    BITS,
    HEARD,
    SPELLED,
    SPELLED_CJK,
    WEIGHTS,
    WIDTH,
    count_matrix,
    grams,
    inverse_document_frequency,
    weigh,
)
from instmatch.lexicon import Form, analyse
from small import MENTIONS, small_gazetteer, small_index

MASK = (1 << 47) - 1
HEARD_BASE, CONCEPT = 1 << BITS, 2 << BITS
COUNTRY = CONCEPT + 512
SPELLED_CUTS = {*((size, False) for size in SPELLED), *((size, True) for size in SPELLED_CJK)}


def gram_hash(gram: str) -> int:
    value = 0
    for char in gram:
        value = (value * 1_000_003 + ord(char)) & MASK
    return ((value + len(gram)) * 0x9E3779B1 & MASK) >> (47 - BITS)


def plain_ngrams(texts: list[str], size: int, wide: bool | None) -> list[tuple[int, int]]:
    found = []
    for row, text in enumerate(texts):
        marked = f" {text} "
        for start in range(len(marked) - size + 1):
            gram = marked[start : start + size]
            if " " in gram[1:-1] or gram == "  ":
                continue
            if wide is None or wide == any(ord(char) >= 0x2E80 for char in gram):
                found.append((row, gram_hash(gram)))
    return found


words = st.text(st.sampled_from("abcé東京大学ーカ工가\U00020000"), max_size=9)


@given(st.lists(words, min_size=1, max_size=6))
def test_grams_are_those_of_a_loop(texts: list[str]) -> None:
    rows, hashes = grams(texts, SPELLED, SPELLED_CJK, BITS)
    expected: list[tuple[int, int]] = []
    for size, wide in SPELLED_CUTS:
        expected += plain_ngrams(texts, size, wide)
    assert sorted(zip(rows.tolist(), hashes.tolist(), strict=True)) == sorted(expected)


sizes = st.sets(st.integers(2, 5), min_size=1, max_size=3)


@given(st.lists(words, max_size=4), sizes, sizes, st.integers(8, 20))
def test_grams_of_any_sizes(texts: list[str], narrow: set[int], wide: set[int], bits: int) -> None:
    rows, hashes = grams(texts, sorted(narrow), sorted(wide), bits)
    cuts = {*((size, False) for size in narrow), *((size, True) for size in wide)}
    expected = [
        (row, gram >> (BITS - bits))
        for size, is_wide in cuts
        for row, gram in plain_ngrams(texts, size, is_wide)
    ]
    assert sorted(zip(rows.tolist(), hashes.tolist(), strict=True)) == sorted(expected)


def test_hashes_fit() -> None:
    texts = [chr(code) * 3 for code in range(0x21, 0x3000, 7)]
    for bits in (BITS, 18, 4):
        _, hashes = grams(texts, HEARD, HEARD, bits)
        assert hashes.min() >= 0
        assert hashes.max() < 1 << bits


def plain_features(form: Form, countries: list[str]) -> set[int]:
    key, rest = form.key.replace(" ", ""), form.rest_key
    found = {
        gram
        for text in (key, rest)
        for size, wide in SPELLED_CUTS
        for _, gram in plain_ngrams([text], size, wide)
    }
    found |= {
        HEARD_BASE + gram for size in HEARD for _, gram in plain_ngrams([form.sound], size, None)
    }
    found |= {CONCEPT + bit for bit in range(512) if form.concepts >> bit & 1}
    return found | {COUNTRY + (ord(code[0]) - 65) * 26 + ord(code[1]) - 65 for code in countries}


def test_counts_are_those_of_a_loop() -> None:
    forms = [analyse(mention) for mention in MENTIONS]
    countries = [["JP", "DE"][: row % 3] for row in range(len(forms))]
    counts = count_matrix(forms, countries)
    assert counts.shape == (len(forms), WIDTH)
    assert set(counts.data.tolist()) == {1.0}
    for row, (form, codes) in enumerate(zip(forms, countries, strict=True)):
        assert set(counts[[row]].indices.tolist()) == plain_features(form, codes)


def test_weights_are_those_of_a_loop() -> None:
    forms = [analyse(mention) for mention in MENTIONS]
    countries = [["JP"][: row % 2] for row in range(len(forms))]
    counts = count_matrix(forms, countries)
    idf = inverse_document_frequency(counts)
    weighed = weigh(counts, idf)
    starts = (HEARD_BASE, CONCEPT, COUNTRY)
    for row in range(len(forms)):
        columns = counts[[row]].indices.tolist()
        block_of = {column: sum(column >= start for start in starts) for column in columns}
        for column, value in zip(columns, weighed[[row]].data.tolist(), strict=True):
            block = block_of[column]
            others = [float(idf[other]) for other in columns if block_of[other] == block]
            length = float(idf[column]) if block == 3 else sqrt(sum(one**2 for one in others))
            expected = float(idf[column]) / length * sqrt(float(WEIGHTS[block]))
            assert value == pytest.approx(expected, rel=1e-5)


def test_a_product_with_itself_is_the_sum_of_the_weights() -> None:
    form = analyse("バンドン工科大学")
    vector = weigh(count_matrix([form], [["ID"]]), np.ones(WIDTH, np.float32))
    assert (vector @ vector.T).toarray()[0, 0] == pytest.approx(WEIGHTS.sum(), rel=1e-5)


def test_idf() -> None:
    forms = [analyse(name) for name in ("abc", "abc", "xyz")]
    counts = count_matrix(forms, [[], [], []])
    idf = inverse_document_frequency(counts)
    assert idf[gram_hash("abc")] == pytest.approx(log1p(3 / 2))
    assert idf[gram_hash("xyz")] == pytest.approx(log1p(3 / 1))
    assert idf[0 if counts[:, [0]].nnz == 0 else 1] == pytest.approx(log1p(3))


def test_vectors_do_not_depend_on_the_batch() -> None:
    names = [name.value for one in small_gazetteer().institutions for name in one.names]
    forms = [analyse(name) for name in names]
    together = small_index().vectors(forms, [frozenset()] * len(forms))
    for row in range(0, len(forms), 17):
        alone = small_index().vectors([forms[row]], [frozenset()])
        assert np.array_equal(alone.indices, together[[row]].indices)
        assert np.array_equal(alone.data, together[[row]].data)
