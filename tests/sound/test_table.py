"""The table of letters: look-up, spelling and file, against plain ways to do the same."""

from __future__ import annotations

import lzma
import re
from collections.abc import Sequence
from itertools import product
from math import inf, log
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.sound import SoundTable, symbols
from instmatch.sound.table import LONGEST, Row

ROWS: Final[tuple[Row, ...]] = (
    ("X密1", "m", 0.9),
    ("X密2", "i", 0.7),
    ("X密2", "ei", 0.2),
    ("Xsi1", "s", 0.8),
    ("Xsi1", "", 0.1),
    ("Xsi2", "", 0.6),
    ("Xsi2", "i", 0.3),
    ("ガ", "ga", 0.75),
    ("ガ", "gga", 0.05),
    ("シ", "shi", 0.4),
    ("シ", "si", 0.35),
    ("シ", "schi", 0.1),
    ("シ", "ci", 0.06),
    ("シ", "s", 0.05),
    ("ミ", "mi", 0.8),
    ("ミ", "mmi", 0.1),
    ("ン", "n", 0.9),
)
TABLE: Final = SoundTable(ROWS)

shares = st.floats(0.01, 1)
chunks = st.text(st.sampled_from("abc"), max_size=LONGEST)


@st.composite
def tables(draw: st.DrawFn) -> SoundTable:
    """Make a table of a few kana that stand for a few letters."""
    rows: list[Row] = []
    for symbol in draw(
        st.lists(st.sampled_from("アカサタナ"), min_size=1, max_size=4, unique=True)
    ):
        found = draw(st.dictionaries(chunks, shares, min_size=1, max_size=4))
        rows += [(symbol, letters, share) for letters, share in found.items()]
    return SoundTable(rows)


def choices(table: SoundTable, symbol: str) -> list[tuple[str, float]]:
    return [(letters, share) for one, letters, share in table.rows if one == symbol]


def test_numbers_are_by_first_appearance() -> None:
    order = list(dict.fromkeys(symbol for symbol, _, _ in ROWS))
    assert TABLE.numbers(order) == tuple(range(len(order)))


def test_numbers_leave_out_what_is_not_known() -> None:
    assert TABLE.numbers(("ミ", "ヴ", "シ", "q")) == TABLE.numbers(("ミ", "シ"))
    assert TABLE.numbers(()) == ()


def test_a_rare_character_has_the_number_of_its_syllable() -> None:
    assert TABLE.numbers(symbols("斯", "X")) == TABLE.numbers(("Xsi1", "Xsi2"))
    assert TABLE.numbers(symbols("斯", "X")) == TABLE.numbers(symbols("司", "X"))
    # Another area has no such syllable, and a character in the table needs none.
    assert TABLE.numbers(symbols("斯", "K")) == ()
    assert TABLE.numbers(symbols("密", "X")) == TABLE.numbers(("X密1", "X密2"))


def cheapest(table: SoundTable, text: str) -> dict[str, float]:
    """Try every way to spell a text; return the cost of each spelling."""
    known = [found for symbol in text if (found := choices(table, symbol))]
    costs: dict[str, float] = {}
    for way in product(*known):
        letters = "".join(letters for letters, _ in way)
        costs[letters] = min(costs.get(letters, inf), sum(-log(share) for _, share in way))
    return costs


@given(tables(), st.text(st.sampled_from("アカサタナハ"), max_size=5), st.integers(1, 4))
def test_spellings_are_the_cheapest_of_all(table: SoundTable, text: str, most: int) -> None:
    costs = cheapest(table, text)
    found = table.spell(text, "X", most)
    assert len(found) == len(set(found)) == min(most, len(costs))
    # Spellings of equal cost are exchangeable.
    best = sorted(costs.values())[: len(found)]
    assert [costs[letters] for letters in found] == pytest.approx(best)


def test_spellings() -> None:
    assert TABLE.spell("ミシガン", "X") == ["mishigan"]
    assert TABLE.spell("ミシガン", "X", 3) == ["mishigan", "misigan", "mischigan"]
    assert TABLE.spell("密斯", "X") == ["mis"]
    assert TABLE.spell("ヴ", "X") == [""]
    assert TABLE.spell("", "X", 4) == [""]


@given(tables(), st.lists(st.text(st.sampled_from("abcd"), max_size=7), min_size=1, max_size=4))
def test_odds_of_letters_are_those_of_the_rows(table: SoundTable, texts: list[str]) -> None:
    names = list(dict.fromkeys(symbol for symbol, _, _ in table.rows))
    width = max(map(len, texts))
    odds = table.odds(np.arange(len(names)))
    columns = table.columns(texts, width)
    assert columns.shape == (LONGEST + 1, len(texts), width)
    for row, symbol in enumerate(names):
        share_of = dict(choices(table, symbol))
        for number, text in enumerate(texts):
            for start, size in product(range(len(text)), range(LONGEST + 1)):
                letters = text[start : start + size]
                if len(letters) < size:
                    continue
                found = float(odds[row, columns[size, number, start]])
                if letters in share_of:
                    assert found == pytest.approx(log(share_of[letters]), rel=1e-5, abs=1e-6)
                else:
                    assert found == pytest.approx(unseen(size))


def unseen(size: int) -> float:
    """Return the odds of letters that a symbol was never seen with."""
    return float(SoundTable([("ア", "zz", 1.0)]).odds(np.array([0]))[0, size])


def test_the_more_letters_the_less_likely_unseen() -> None:
    odds = [unseen(size) for size in range(LONGEST + 1)]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] < log(0.05)


def rows_of(path: Path) -> Sequence[str]:
    return lzma.decompress(path.read_bytes()).decode().splitlines()


def test_saved(tmp_path: Path) -> None:
    path, again = tmp_path / "sound.tsv.xz", tmp_path / "again.tsv.xz"
    TABLE.save(path)
    SoundTable(ROWS).save(again)
    assert path.read_bytes() == again.read_bytes()
    header, *lines = rows_of(path)
    assert header.split("\t") == ["symbol", "letters", "share"]
    cells = [line.split("\t") for line in lines]
    assert tuple((symbol, letters, float(share)) for symbol, letters, share in cells) == ROWS


def test_saving_replaces_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sound.tsv.xz"
    TABLE.save(path)
    SoundTable(ROWS[-1:]).save(path)
    assert rows_of(path)[1:] == ["ン\tn\t0.900"]
    assert [one.name for one in tmp_path.iterdir()] == ["sound.tsv.xz"]


def test_the_installed_table() -> None:
    table = SoundTable.load()
    assert table is SoundTable.load()
    assert all(0 < share <= 1 and len(letters) <= LONGEST for _, letters, share in table.rows)
    assert all(re.fullmatch("[a-z]*", letters) for _, letters, _ in table.rows)
    # The rows of a symbol stand together, and none comes twice.
    pairs = [(symbol, letters) for symbol, letters, _ in table.rows]
    assert pairs == sorted(set(pairs))
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert table.spell(letter, "X") == [letter]
