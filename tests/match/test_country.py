"""How institutions stand to a hint, against a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.lexicon.countries import country_codes, related
from instmatch.match.country import country_levels, country_standing
from instmatch.match.query import Hint
from small import HINTS, small_index

CODES = ("CN", "DE", "FR", "HK", "ID", "JP", "KR", "TW", "US")
hints = st.one_of(st.none(), st.frozensets(st.sampled_from([*CODES, "MO", "XX"]), max_size=4))


def plain_level(code: str, hint: Hint) -> int:
    if not hint:
        return 0
    if code in hint:
        return 1 if len(hint) == 1 else 2
    return 3 if related(code, hint) else 4


@given(hints)
def test_levels_are_those_of_a_loop(hint: Hint) -> None:
    assert country_levels(CODES, hint) == tuple(plain_level(code, hint) for code in CODES)


@pytest.mark.parametrize(
    ("hint", "code", "level"),
    [
        (None, "JP", 0),
        ("Multi-Region", "JP", 0),
        ("JP", "JP", 1),
        ("アジア", "JP", 2),
        ("中国", "TW", 3),
        ("JP", "DE", 4),
        ("アジア", "DE", 4),
    ],
)
def test_levels_of_hints(hint: str | None, code: str, level: int) -> None:
    codes = country_codes(hint) if hint else None
    assert country_levels((code,), codes) == (level,)


def test_no_countries() -> None:
    assert country_levels((), frozenset({"JP"})) == ()
    assert country_levels((), None) == ()


@given(st.data())
def test_standing_is_that_of_a_loop(data: st.DataObject) -> None:
    index = small_index()
    told: list[Hint] = [country_codes(hint) if hint else None for hint in HINTS]
    asked = data.draw(st.lists(st.sampled_from(told), min_size=1, max_size=5))
    pairs = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(asked) - 1), st.integers(0, len(index.ids) - 1)),
            max_size=9,
        )
    )
    mention = np.array([one for one, _ in pairs], np.int64)
    inst = np.array([two for _, two in pairs], np.int32)
    found = country_standing(index, asked, mention, inst)
    assert found.tolist() == [plain_level(index.country(two), asked[one]) for one, two in pairs]
