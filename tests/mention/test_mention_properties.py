"""What holds of mentions for every cell."""

from __future__ import annotations

import time
from collections import Counter
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.lexicon import find_concepts
from instmatch.mention import read_mention
from instmatch.mention.brackets import former_name, is_acronym, may_be_name, split_brackets
from instmatch.mention.layout import read_list
from instmatch.mention.parse import LONGEST, written_out
from instmatch.mention.trim import trim
from instmatch.text import clean, fold

PIECES: Final = (
    "東京大学", "大学", "学部", "大", "대학교", "校", "旧", "旧:", "전", "former ", "now ", " of ",
    "University", "Faculty of ", "Law", " at the ", "UCL", "(", ")", "（", "[", "】", "「", '"',
    "・", "/", "; ", ", ", " - ", " ", "- ", "* ", "①", "1. ", "*", "†", "2019", "(1998.5.19)",
    "¹", "\u200b", "\ud800", "😀", "e\u0301", "ﾊﾞ",
)  # fmt: skip
CELLS: Final = st.text(st.characters(codec=None), max_size=40) | st.lists(
    st.sampled_from(PIECES), max_size=10
).map("".join)
BRACKETS: Final = "()[]{}〔〕【】〈〉《》〖〗"


@given(CELLS)
def test_every_cell_is_read(cell: str) -> None:
    mention = read_mention(cell)
    assert bool(mention.readings) == bool(clean(cell)) == bool(mention.text)
    texts = [reading.text for reading in mention.readings]
    assert all(text.strip() for text in texts)
    assert len(set(texts)) == len(texts)
    assert texts[:1] == ([mention.text] if mention.text else [])
    assert read_mention(cell) == mention


@given(CELLS)
def test_trim_keeps_something(cell: str) -> None:
    trimmed = trim(cell)
    assert bool(trimmed) == bool(clean(cell))
    assert trimmed == clean(trimmed) or len(cell) > LONGEST


@given(st.text("ab (){}[]〔〕【】東京", max_size=20))
def test_brackets_lose_no_character(text: str) -> None:
    outside, inside = split_brackets(text)
    kept = Counter("".join([outside, *inside]))
    for char, count in Counter(text).items():
        if char not in BRACKETS and char != " ":
            assert kept[char] == count


@given(CELLS)
def test_helpers_never_raise(cell: str) -> None:
    name = former_name(cell)
    assert name is None or (name and cell.endswith(name))
    assert isinstance(may_be_name(cell), bool)
    assert isinstance(is_acronym(cell), bool)
    assert written_out(cell).startswith(cell[:-1])


@given(st.lists(CELLS, max_size=6))
def test_every_line_is_a_name_a_heading_or_blank(lines: list[str]) -> None:
    numbers = [line.number for line in read_list(lines)]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= len(lines) for number in numbers)


def test_long_text_is_cut() -> None:
    mention = read_mention("東京大学 " * LONGEST)
    assert len(mention.text) <= LONGEST
    assert mention.readings[1].text == "東京大学"
    assert read_mention(" " * 3 * LONGEST + "MIT").text == "MIT"


MEGABYTES: Final = (
    "バンドンエ科大学 産業技術学部 (Univ. of Bandung) ", "a", "a ", "大学", "(", "()", "a, ", "a.",
    " \t", "é", "ー一", "서울", "- * ", "*†", "Ã©", " at university of", "a'", "\u0301", "2019.1.",
)  # fmt: skip


@pytest.mark.parametrize("piece", MEGABYTES)
def test_a_megabyte_takes_no_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.perf_counter()
    find_concepts(fold(text))
    read_mention(text)
    list(read_list([text]))
    assert time.perf_counter() - start < 8
