"""The pairwise model: evidence to a calibrated probability, as plain data.

A logistic regression on piecewise-linear functions of the evidence: as good as trees here, one
matrix product to score, and additive, so that an explanation is the computation itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from instmatch.errors import InputError
from instmatch.files import atomic_write
from instmatch.match.evidence import COLUMN, EVIDENCE
from instmatch.tables import packaged

VERSION: Final = 1
KNOTS: Final[dict[str, tuple[float, ...]]] = {
    "spelling": (0.6, 0.75, 0.85, 0.93),
    "words": (0.6, 0.75, 0.85, 0.93),
    "rest": (0.4, 0.6, 0.75, 0.9),
    "rest_edits": (1.0, 2.0, 3.0),
    "sound": (0.4, 0.6, 0.75, 0.9),
    "concepts": (0.5, 0.8),
    "concepts_missing": (1.0, 3.0),
    "concepts_added": (1.0, 3.0),
    "other_left": (2.0, 4.0),
    "support": (0.6, 0.8),
}
"""Where the slope of a column may change."""

HIGHEST: Final = 6.9
"""Log-odds beyond which scores are not told apart: 0.999, more than any test set can show."""

CONTRADICTED: Final = 0.0
"""Highest log-odds where the country given contradicts: such a match is never sure."""

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


def basis(evidence: Floats) -> Floats:
    """Return the columns the weights apply to: all evidence, then each hinge of `KNOTS`."""
    hinges = [
        np.maximum(evidence[:, COLUMN[name]] - np.float32(knot), 0)
        for name, knots in KNOTS.items()
        for knot in knots
    ]
    return np.column_stack([evidence, *hinges])


BASIS_OWNER: Final = np.array(
    [*range(len(EVIDENCE)), *(COLUMN[name] for name, knots in KNOTS.items() for _ in knots)]
)
"""For each column of the basis, the column of evidence it is made of."""


@dataclass(frozen=True)
class Calibration:
    """Log-odds of the regression to log-odds that are true: slope and offset."""

    slope: float
    offset: float


@dataclass(frozen=True)
class Model:
    """A fitted model.

    Attributes:
        weights: one a column of the basis.
        intercept: log-odds of no evidence.
        with_hint: calibration where the country is given.
        without_hint: calibration where it is not.
        thresholds: for rising precisions asked for, the lowest score that keeps them.
        trained_on: what the model was fitted on, in words.
    """

    weights: tuple[float, ...]
    intercept: float
    with_hint: Calibration
    without_hint: Calibration
    thresholds: dict[str, float]
    trained_on: str

    def log_odds(self, evidence: Floats) -> Floats:
        """Return the uncalibrated log-odds of each row of evidence."""
        weights = np.array(self.weights, np.float32)
        return basis(evidence) @ weights + np.float32(self.intercept)

    def calibrate(
        self, log_odds: Floats, hinted: npt.NDArray[np.bool_], contradicted: npt.NDArray[np.bool_]
    ) -> Doubles:
        """Return true log-odds.

        Args:
            log_odds: as `log_odds` gave them.
            hinted: where a country is given.
            contradicted: where it is not the institution's.
        """
        slope = np.where(hinted, self.with_hint.slope, self.without_hint.slope)
        offset = np.where(hinted, self.with_hint.offset, self.without_hint.offset)
        ceiling = np.where(contradicted, CONTRADICTED, HIGHEST)
        return np.minimum(slope * log_odds + offset, ceiling)

    def contributions(self, evidence: Floats, hinted: bool) -> dict[str, float]:
        """Return what each column of one row of evidence adds to the true log-odds.

        With ``base`` (and ``ceiling`` where a limit cuts) they add up to them.
        """
        used = self.with_hint if hinted else self.without_hint
        parts = basis(evidence[None, :])[0] * np.array(self.weights, np.float32) * used.slope
        sums = np.bincount(BASIS_OWNER, parts, minlength=len(EVIDENCE))
        out = {column.name: float(value) for column, value in zip(EVIDENCE, sums, strict=True)}
        out["base"] = self.intercept * used.slope + used.offset
        limit = CONTRADICTED if evidence[COLUMN["country_other"]] else HIGHEST
        over = sum(out.values()) - limit
        if over > 0:
            out["ceiling"] = -over
        return out

    def threshold(self, precision: float) -> float:
        """Return the lowest score at which matches are right with at least this probability."""
        for asked in sorted(self.thresholds, key=float):
            if float(asked) >= precision:
                return self.thresholds[asked]
        return 1.0

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        data = {"version": VERSION, "evidence": [column.name for column in EVIDENCE]}
        data |= {"knots": KNOTS, **asdict(self)}
        with atomic_write(path) as file:
            file.write(json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n")

    @classmethod
    def load(cls, path: Path | None = None) -> Model:
        """Read a model; without a path, the one installed with the package.

        Raises:
            InputError: if the file is not a model of this version.
        """
        path = path or packaged("instmatch", "model.json")
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            names = [column.name for column in EVIDENCE]
            knots = {name: list(values) for name, values in KNOTS.items()}
            if (data["version"], data["evidence"], data["knots"]) != (VERSION, names, knots):
                raise InputError(
                    f"{path}: this model was made by another version of instmatch. "
                    f"Make it again with: instmatch train LABELS.tsv --output {path}"
                )
            return cls(
                tuple(data["weights"]),
                data["intercept"],
                Calibration(**data["with_hint"]),
                Calibration(**data["without_hint"]),
                data["thresholds"],
                data["trained_on"],
            )
        except (OSError, KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: this is not an instmatch model ({error}).") from error
