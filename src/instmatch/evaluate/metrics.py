"""Numbers that say how sure they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Final, NamedTuple

import numpy as np

_Z: Final = 1.959964
"""Normal quantile of a two-sided 95 % interval."""


class Share(NamedTuple):
    """How many of how many.

    Attributes:
        hits: how many.
        total: of how many.
    """

    hits: int
    total: int

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> Share:
        """Count outcomes.

        >>> Share.of([True, False, True])
        Share(hits=2, total=3)
        """
        values = list(outcomes)
        return cls(sum(values), len(values))

    @property
    def value(self) -> float:
        """The share, 0 to 1; 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (Wilson 1927, J. Am. Stat. Assoc. 22:209).

        >>> low, high = Share(98, 100).interval
        >>> round(low, 3), round(high, 3)
        (0.93, 0.994)
        """
        if not self.total:
            return 0.0, 1.0
        share, count = self.value, self.total
        center = share + _Z**2 / (2 * count)
        spread = _Z * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
        scale = 1 + _Z**2 / count
        low, high = max(0.0, (center - spread) / scale), min(1.0, (center + spread) / scale)
        return min(share, low), max(share, high)

    def __str__(self) -> str:
        if not self.total:
            return f"{'–':>6}"
        low, high = self.interval
        return f"{self.value:6.1%}  [{low:.1%}, {high:.1%}]  {self.hits}/{self.total}"


def calibration_error(scores: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal count.

    Args:
        scores: probabilities, 0 to 1.
        right: what came true.
        bins: how many bins.

    >>> round(calibration_error([0.9] * 10, [True] * 9 + [False], bins=1), 6)
    0.0
    """
    if not scores:
        return 0.0
    order = np.argsort(np.array(scores), kind="stable")
    parts = np.array_split(order, min(bins, len(order)))
    said, came = np.array(scores, float), np.array(right, float)
    gaps = [abs(said[part].mean() - came[part].mean()) * len(part) for part in parts]
    return float(sum(gaps) / len(order))
