"""Blocking against a dense product, and what it may leave out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from instmatch.lexicon.countries import country_codes
from instmatch.match import candidates as blocking
from instmatch.match.candidates import Pairs, candidates, rarest_features
from instmatch.match.query import Batch, make_batch
from instmatch.mention import read_mention
from small import MENTIONS, small_index, small_resolver


def batch_of(mentions: tuple[str, ...], hint: str | None = None) -> Batch:
    read = [read_mention(mention) for mention in mentions]
    codes = country_codes(hint) if hint else None
    return make_batch(small_index(), read, [codes] * len(read))


def dense(batch: Batch) -> npt.NDArray[np.float64]:
    """Return the product of every reading with every name, without pruning."""
    told = [hint if hint and len(hint) <= 4 else frozenset[str]() for hint in batch.hints]
    vectors = small_index().vectors(batch.forms, [told[row] for row in batch.mention_of])
    used = np.unique(vectors.indices)
    ours = vectors[:, used].toarray().astype(np.float64)
    product: npt.NDArray[np.float64] = ours @ small_index().matrix[used].toarray()
    keys = [small_index().texts["key"][name] for name in range(product.shape[1])]
    for reading, form in enumerate(batch.forms):
        equal = [name for name, key in enumerate(keys) if key == form.key]
        product[reading, equal] = blocking.EQUAL
    return product


def by_mention(batch: Batch, pairs: Pairs) -> dict[int, dict[int, float]]:
    """Return for each mention the nearest product of each institution."""
    found: dict[int, dict[int, float]] = {}
    owner = small_index().arrays["name.inst"]
    for reading, name, near in zip(*(column.tolist() for column in pairs), strict=True):
        nearest = found.setdefault(int(batch.mention_of[reading]), {})
        nearest[int(owner[name])] = max(nearest.get(int(owner[name]), 0), near)
    return found


@pytest.mark.parametrize("hint", [None, "JP", "アジア"])
def test_unpruned_blocking_is_the_dense_product(
    monkeypatch: pytest.MonkeyPatch, hint: str | None
) -> None:
    monkeypatch.setattr(blocking, "POSTINGS", 10**9)
    batch = batch_of(MENTIONS, hint)
    pairs = candidates(small_index(), batch)
    product = dense(batch)
    for reading in range(len(batch.readings)):
        mine = pairs.reading == reading
        names = pairs.name[mine]
        near = dict(zip(names.tolist(), pairs.nearness[mine].tolist(), strict=True))
        for name, value in near.items():
            assert value == pytest.approx(product[reading, name], abs=1e-5)
        # The small gazetteer has fewer institutions than the limit: nothing near is left out but
        # what has 40 nearer names, or less than the threshold.
        ranked = np.sort(product[reading])[::-1]
        beside = int((batch.mention_of == batch.mention_of[reading]).sum())
        share = max(blocking.NAMES_PER_MENTION // beside, blocking.FEWEST_PER_READING)
        floor = max(0.05, ranked[share])
        wanted = np.flatnonzero(product[reading] > floor + 1e-5).tolist()
        assert set(wanted) <= set(near)
        equal = [value for value in near.values() if value == blocking.EQUAL]
        assert len(near) <= share + len(equal)
        assert min(near.values(), default=1) > 0.05


def test_pruned_blocking_recalls_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple(name.value for one in small_index().institutions() for name in one.names)
    batch = batch_of(names)
    unpruned = candidates(small_index(), batch)
    # As harsh on 540 names as the real limit is on 42,000.
    monkeypatch.setattr(blocking, "POSTINGS", 60)
    pruned = by_mention(batch, candidates(small_index(), batch))
    kept = 0
    for mention, nearest in by_mention(batch, unpruned).items():
        top = max(nearest.values())
        kept += any(nearest.get(inst, 0) > top - 1e-5 for inst in pruned[mention])
    assert kept == len(names)


def test_at_most_fifty_institutions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "INSTITUTIONS_PER_MENTION", 3)
    batch = batch_of(MENTIONS)
    few = by_mention(batch, candidates(small_index(), batch))
    assert max(map(len, few.values())) == 3
    monkeypatch.setattr(blocking, "INSTITUTIONS_PER_MENTION", 50)
    for mention, nearest in by_mention(batch, candidates(small_index(), batch)).items():
        best = sorted(nearest.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        assert {inst for inst, _ in best} == set(few[mention])


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(0, 5))
def test_rarest_features_are_those_of_a_loop(seed: int, postings: int, fewest: int) -> None:
    rng = np.random.default_rng(seed)
    dense_rows = (rng.random((5, 12)) < 0.6) * rng.random((5, 12))
    vectors = sparse.csr_matrix(dense_rows.astype(np.float32))
    frequency = rng.integers(0, 15, 12).astype(np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "FEWEST_FEATURES", fewest)
        kept = rarest_features(vectors, frequency, postings)
    for row in range(5):
        columns = sorted(vectors[[row]].indices.tolist(), key=lambda one: int(frequency[one]))
        wanted, total = set(), 0
        for rank, column in enumerate(columns):
            total += int(frequency[column])
            if total <= postings or rank < fewest:
                wanted.add(column)
        # Equally frequent features are exchangeable.
        got = kept[[row]].indices.tolist()
        assert sorted(frequency[got].tolist()) == sorted(frequency[[*wanted]].tolist())
        assert all(kept[row, column] == vectors[row, column] for column in got)


def test_empty_batch_has_no_mention() -> None:
    assert small_resolver().resolve([]) == []
    assert small_resolver().resolve_one("").reason == "the name is blank"
