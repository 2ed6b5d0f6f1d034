"""Figures against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.evaluate import Share, calibration_error


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z = 1.959964
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (5, 10, 0.23659, 0.76341),
        (1, 1, 0.20654, 1.0),
        (81, 263, 0.25529, 0.36621),  # Newcombe 1998, table I: 0.2553 to 0.3662
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=1e-5)


@given(st.integers(1, 400), st.data())
def test_interval_holds_its_share(total: int, data: st.DataObject) -> None:
    share = Share(data.draw(st.integers(0, total)), total)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1
    assert Share(total - share.hits, total).interval == pytest.approx((1 - high, 1 - low))


def test_share_printed() -> None:
    assert str(Share(98, 100)) == " 98.0%  [93.0%, 99.4%]  98/100"
    assert str(Share(0, 0)).strip() == "–"
    assert Share.of(value > 1 for value in (1, 2, 3)) == (2, 3)
    assert Share(0, 0).value == 0


@pytest.mark.parametrize(
    ("scores", "right", "bins", "error"),
    [
        ([], [], 10, 0.0),
        ([1.0], [True], 10, 0.0),
        ([1.0], [False], 10, 1.0),
        ([0.5, 0.5], [True, False], 1, 0.0),
        ([0.5, 0.5], [True, False], 2, 0.5),
        # Bins (0.1, 0.3) and (0.7, 0.9): |0.2 - 0.5| and |0.8 - 1|, two each of four.
        ([0.9, 0.1, 0.3, 0.7], [True, False, True, True], 2, (0.3 * 2 + 0.2 * 2) / 4),
        # Bins of three and two: |0.2 - 1/3| * 3 and |0.85 - 0.5| * 2.
        ([0.1, 0.2, 0.3, 0.8, 0.9], [False, True, False, True, False], 2, (0.4 + 0.7) / 5),
    ],
)
def test_calibration_error(scores: list[float], right: list[bool], bins: int, error: float) -> None:
    assert calibration_error(scores, right, bins) == pytest.approx(error)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_calibration_error_is_a_share(rows: list[tuple[float, bool]]) -> None:
    error = calibration_error([score for score, _ in rows], [right for _, right in rows])
    assert 0 <= error <= 1
