"""Likelihoods against every way to share out the letters, and alone as in company."""

from __future__ import annotations

from functools import cache
from math import log
from random import Random
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.sound import SoundTable, align, likelihoods, symbols
from instmatch.sound.align import LETTER, MOST_LETTERS, MOST_SYMBOLS
from instmatch.sound.table import LONGEST, Row

ROWS: Final[tuple[Row, ...]] = (
    ("ア", "a", 0.8),
    ("ア", "", 0.05),
    ("カ", "ca", 0.4),
    ("カ", "ka", 0.4),
    ("カ", "c", 0.1),
    ("ク", "cka", 0.01),
    ("ク", "ck", 0.3),
    ("ク", "k", 0.5),
    ("シ", "schi", 0.2),
    ("シ", "ci", 0.2),
    ("ン", "n", 0.7),
    ("ン", "", 0.1),
)
TABLE: Final = SoundTable(ROWS)
COUNT: Final = 5
SHARE: Final = {(symbol, letters): share for symbol, letters, share in ROWS}
NAMES: Final = tuple(dict.fromkeys(symbol for symbol, _, _ in ROWS))
UNSEEN: Final = (-4.0, -6.5, -8.5, -11.0, -14.0)

source = st.lists(st.integers(0, COUNT - 1), max_size=6).map(tuple)
target = st.text(st.sampled_from("ackinsh"), max_size=9)


def plain(numbers: tuple[int, ...], letters: str) -> float:
    """Try every way to share out all letters, in order, among the symbols."""

    @cache
    def best(place: int, start: int) -> float:
        if place == len(numbers):
            return 0.0 if start == len(letters) else -1e4
        ways = []
        for size in range(min(LONGEST, len(letters) - start) + 1):
            share = SHARE.get((NAMES[numbers[place]], letters[start : start + size]))
            odds = UNSEEN[size] if share is None else log(share)
            ways.append(odds + best(place + 1, start + size))
        return max(ways)

    return best(0, 0) - float(LETTER) * len(letters)


def reachable(numbers: tuple[int, ...], letters: str) -> bool:
    return len(letters) <= LONGEST * len(numbers)


@given(st.lists(st.tuples(source, target), max_size=8))
def test_likelihoods_are_those_of_every_way(pairs: list[tuple[tuple[int, ...], str]]) -> None:
    pairs.append(((0,), "a"))
    found = likelihoods(TABLE, [one for one, _ in pairs], [two for _, two in pairs])
    for (numbers, letters), value in zip(pairs, found.tolist(), strict=True):
        if reachable(numbers, letters):
            assert value == pytest.approx(plain(numbers, letters), abs=1e-3)
        else:
            assert value < -5_000


def some_pairs(count: int, seed: int) -> tuple[list[tuple[int, ...]], list[str]]:
    rng = Random(seed)
    sources = [tuple(rng.choices(range(COUNT), k=rng.randint(1, 40))) for _ in range(count)]
    targets = ["".join(rng.choices("ackinsh", k=rng.randint(1, 40))) for _ in range(count)]
    return sources, targets


def test_a_pair_alone_is_as_in_any_company(monkeypatch: pytest.MonkeyPatch) -> None:
    sources, targets = some_pairs(60, 1)
    together = likelihoods(TABLE, sources, targets)
    alone = [
        float(likelihoods(TABLE, [one], [two])[0])
        for one, two in zip(sources, targets, strict=True)
    ]
    assert together.tolist() == alone
    rows = Random(2).choices(range(60), k=90)
    mixed = likelihoods(TABLE, [sources[row] for row in rows], [targets[row] for row in rows])
    assert mixed.tolist() == [alone[row] for row in rows]
    for block in (1, 7, 59):
        monkeypatch.setattr(align, "_BLOCK", block)
        assert likelihoods(TABLE, sources, targets).tolist() == alone


def test_what_is_too_long_is_cut() -> None:
    numbers = tuple(range(COUNT)) * 9
    letters = "acknis" * 9
    found = likelihoods(TABLE, [numbers, numbers[:MOST_SYMBOLS]], [letters] * 2)
    assert found[0] == found[1]
    found = likelihoods(TABLE, [numbers] * 2, [letters, letters[:MOST_LETTERS]])
    assert found[0] == found[1]
    assert found[0] == pytest.approx(
        plain(numbers[:MOST_SYMBOLS], letters[:MOST_LETTERS]), abs=1e-3
    )


def test_nothing_to_compare() -> None:
    assert likelihoods(TABLE, [], []).tolist() == []
    assert likelihoods(TABLE, [()], [""]).tolist() == [0]
    assert likelihoods(TABLE, [()], ["a"])[0] < -5_000


def test_no_letters_beside_letters() -> None:
    found = likelihoods(TABLE, [(0, 1), (0, 1)], ["", "aka"])
    assert found[0] == pytest.approx(plain((0, 1), ""), abs=1e-4)


def test_no_letters_alone() -> None:
    assert likelihoods(TABLE, [(0, 1)], [""])[0] == pytest.approx(plain((0, 1), ""), abs=1e-4)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("ミシガン", "michigan", "missouri"),
        ("ワーテルロー", "waterloo", "waterford"),
        ("ライデン", "leiden", "london"),
        ("ストラスブール", "strasbourg", "salzburg"),
        ("미시간", "michigan", "minnesota"),
        ("하이델베르크", "heidelberg", "hildesheim"),
        ("密歇根", "michigan", "missouri"),
        ("海德堡", "heidelberg", "hertford"),
        ("布里斯托", "bristol", "brunel"),
        ("mit", "mit", "mid"),
    ],
)
def test_the_installed_table_tells_names_apart(name: str, right: str, wrong: str) -> None:
    table = SoundTable.load()
    numbers = table.numbers(symbols(name, "X"))
    for_right, for_wrong = likelihoods(table, [numbers] * 2, [right, wrong]).tolist()
    assert for_right > max(for_wrong + 2, 0)


@pytest.mark.parametrize(
    ("area", "letters"), [("C", "shankou"), ("J", "yamaguchi"), ("K", "sangu")]
)
def test_readings_of_han_characters_are_by_area(area: str, letters: str) -> None:
    table = SoundTable.load()
    areas = ("C", "J", "K")
    numbers = [table.numbers(symbols("山口", one)) for one in areas]
    found = likelihoods(table, numbers, [letters] * len(areas))
    assert areas[int(np.argmax(found))] == area
