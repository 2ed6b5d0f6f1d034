"""The index file: what is written is read, and no broken file gets through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.errors import InputError
from instmatch.index import Index
from instmatch.index.store import (
    MAGIC,
    Array,
    Strings,
    pack_strings,
    read_arrays,
    write_arrays,
)
from small import small_index

ARRAYS: dict[str, Array] = {
    "ints": np.arange(12, dtype=np.int32).reshape(3, 4),
    "bytes": np.array([1, 2, 3], np.uint8),
    "floats": np.array([0.5, -1.5], np.float32),
    "empty": np.zeros((0, 7), np.int64),
    "hashes": np.array([2**64 - 1], np.uint64),
}
META = {"words": ["大学", "\u2028"], "n": 3}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.index"
    write_arrays(path, ARRAYS, META)
    return path


def test_arrays_come_back(whole: Path) -> None:
    arrays, meta = read_arrays(whole)
    assert meta == META
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)


def test_arrays_are_aligned(whole: Path) -> None:
    arrays, _ = read_arrays(whole)
    assert all(array.ctypes.data % 64 == 0 for array in arrays.values() if array.size)


def test_mapped_arrays_cannot_be_written(whole: Path) -> None:
    arrays, _ = read_arrays(whole)
    with pytest.raises(ValueError, match="read-only"):
        arrays["ints"][0] = 7


def broken(path: Path, data: bytes, told: str) -> None:
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_arrays(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert told in message
    assert "instmatch gazetteer build" in message


def test_cut_short_at_any_byte(whole: Path) -> None:
    data = whole.read_bytes()
    for length in range(len(data)):
        broken(whole, data[:length], "")


def test_any_byte_changed(whole: Path) -> None:
    data = whole.read_bytes()
    header = 16 + int.from_bytes(data[8:16], "little")
    for place in [*range(16), *range(header, len(data), 7)]:
        changed = bytes([data[place] ^ 0x55])
        broken(whole, data[:place] + changed + data[place + 1 :], "")


@given(data=st.binary(max_size=200))
def test_foreign_files(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "foreign.index"
    for start in (b"", MAGIC, MAGIC + (20).to_bytes(8, "little")):
        broken(path, start + data, "")


def header_changed(whole: Path, **changes: Any) -> bytes:
    data = whole.read_bytes()
    end = 16 + int.from_bytes(data[8:16], "little")
    header = json.dumps(json.loads(data[16:end]) | changes).encode()
    return MAGIC + len(header).to_bytes(8, "little") + header + data[end:]


def test_wrong_version(whole: Path) -> None:
    broken(whole, header_changed(whole, version=1), "this is an index of format 1, not 2")


@pytest.mark.parametrize(
    "changes",
    [
        {"arrays": 3},
        {"arrays": {"x": 1}},
        {"arrays": {"x": {"dtype": "object", "shape": [1], "offset": 0}}},
        {"arrays": {"x": {"dtype": "O", "shape": [4], "offset": 0}}},
        {"arrays": {"x": {"dtype": "no such", "shape": [1], "offset": 0}}},
        {"arrays": {"x": {"dtype": "<i4", "shape": [9999], "offset": 0}}},
        {"arrays": {"x": {"dtype": "<i4", "shape": [1], "offset": 10**9}}},
        {"size": None},
        {"sha256": "0"},
        {"meta": 1},
    ],
)
def test_header_that_lies(whole: Path, changes: dict[str, Any]) -> None:
    broken(whole, header_changed(whole, **changes), "the index is damaged")


def test_empty_folder_and_missing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for name, told in [
        ("empty", "not an instmatch index"),
        (".", "Is a directory"),
        ("none", "No such file"),
    ]:
        with pytest.raises(InputError, match=told):
            read_arrays(tmp_path / name)


def test_other_word_tables(tmp_path: Path) -> None:
    path = tmp_path / "old.index"
    index = small_index()
    write_arrays(path, index.arrays, {**index.meta, "words_version": "older"})
    with pytest.raises(InputError, match="other word tables"):
        Index.load(path)
    write_arrays(path, ARRAYS, META)
    with pytest.raises(InputError, match="instmatch gazetteer build"):
        Index.load(path)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=20))
def test_strings_are_a_list(texts: list[str]) -> None:
    strings = Strings(*pack_strings(texts))
    assert len(strings) == len(texts)
    assert [strings[row] for row in range(len(texts))] == texts
    assert [strings[row] for row in range(len(texts))] == texts


@given(st.data())
def test_strings_taken_are_those_of_a_list(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.sampled_from(["", "大学", "a", "é"]), min_size=1, max_size=9))
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1)))
    strings = Strings(*pack_strings(texts))
    assert strings.take(np.array(rows, np.int64)) == [texts[row] for row in rows]
