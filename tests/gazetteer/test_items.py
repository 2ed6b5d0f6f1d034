"""The items of a JSON array from a stream, against the decoder that has it whole."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.gazetteer import items
from instmatch.gazetteer.items import array_items

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(data: bytes, block: int = 7) -> list[Any]:
    return [*array_items(BytesIO(data), block)]


@given(array=st.lists(VALUES, max_size=6), block=st.integers(1, 40), indent=st.none() | st.just(2))
def test_any_array(array: list[Any], block: int, indent: int | None) -> None:
    for plain in (True, False):
        data = json.dumps(array, ensure_ascii=plain, indent=indent).encode("utf-8", "replace")
        assert read(data, block) == json.loads(data)


@given(
    array=st.lists(VALUES, max_size=4),
    place=st.integers(0, 99),
    char=st.sampled_from('[]{},:"\\ 01.e-xn'),
    block=st.integers(1, 40),
)
def test_any_damage(array: list[Any], place: int, char: str, block: int) -> None:
    text = json.dumps(array)
    place %= len(text)
    data = f"{text[:place]}{char}{text[place + 1 :]}".encode()
    try:
        whole = json.loads(data)
    except ValueError:
        whole = None
    if isinstance(whole, list):
        assert read(data, block) == whole
    else:
        with pytest.raises(ValueError, match=r"array|Expecting|delimiter|Unterminated|Invalid"):
            read(data, block)


def test_byte_order_mark_and_space() -> None:
    assert read(b'\xef\xbb\xbf \n[ 1 ,\t"a"\r\n] \n') == [1, "a"]


@pytest.mark.parametrize(
    "data",
    [
        "",
        " ",
        "1",
        "{}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        '["a',
        "[1]]",
        "[1}]",
        "[1][2]",
        "[x]",
    ],
)
def test_what_is_no_array(data: str) -> None:
    for block in (1, 100):
        with pytest.raises(ValueError, match=r"array|Expecting|delimiter|Unterminated"):
            read(data.encode(), block)


def test_what_is_no_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        read('["é"]'.encode("latin-1"))


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_costs_nothing(opening: str) -> None:
    with pytest.raises((RecursionError, ValueError)):
        read(f"[{opening * 100_000}".encode(), 1 << 20)


def test_items_before_the_damage_are_there() -> None:
    found = array_items(BytesIO(b'[{"id": 1}, {"id": 2'))
    assert next(found) == {"id": 1}
    with pytest.raises(ValueError, match=r"delimiter|Expecting"):
        next(found)


def test_item_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "LARGEST_ITEM", 100)
    assert read(b"[" + b"1, " * 1000 + b"1]") == [1] * 1001
    with pytest.raises(ValueError, match="an item is too large"):
        read(b'["' + b"x" * 1000)
