"""The pairwise model: evidence to a calibrated probability, as plain data.

An additive model: log-odds are a base plus one step function of each column of evidence, fitted by
gradient boosting without interactions and monotone where the evidence has a direction. So it is
a small table, scores a batch with one look-up a column, and an explanation is the computation
itself. Pairs compared by ear have step functions of their own: there a type word that is missing
says other things than in a name spelled alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from instmatch.errors import InputError
from instmatch.files import atomic_write
from instmatch.match.evidence import COLUMN
from instmatch.tables import packaged

VERSION: Final = 2

HIGHEST: Final = 6.9
"""Log-odds beyond which scores are not told apart: 0.999, more than any test set can show."""

HIGHEST_SCORE: Final = 0.999

CONTRADICTED: Final = 0.0
"""Highest log-odds where the country given contradicts: such a match is never sure."""

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Steps:
    """A step function.

    Attributes:
        edges: rising; a value up to and including an edge is left of it.
        values: one more than edges.
    """

    edges: tuple[float, ...]
    values: tuple[float, ...]

    def __call__(self, column: Floats) -> Doubles:
        """Return the function of a column.

        >>> Steps((0.5,), (-1.0, 2.0))(np.array([0.5, 0.6], np.float32)).tolist()
        [-1.0, 2.0]
        """
        found: Doubles = np.array(self.values)[np.searchsorted(self.edges, column, "left")]
        return found


@dataclass(frozen=True)
class Calibration:
    """Log-odds of the regression to log-odds that are true: slope and offset."""

    slope: float
    offset: float


SAME: Final = Calibration(1.0, 0.0)
"""Log-odds as the regression gave them."""


@dataclass(frozen=True)
class Weights:
    """What evidence is worth.

    Attributes:
        base: log-odds before any evidence.
        steps: what each column of evidence adds, by its name.
        with_hint: calibration where the country is given.
        without_hint: calibration where it is not.
    """

    base: float
    steps: Mapping[str, Steps]
    with_hint: Calibration = SAME
    without_hint: Calibration = SAME

    def log_odds(self, evidence: Floats) -> Doubles:
        """Return the uncalibrated log-odds of each row of evidence."""
        out = np.full(len(evidence), self.base)
        for column, edges, values in self._tables:
            out += values[np.searchsorted(edges, evidence[:, column], "left")]
        return out

    @cached_property
    def _tables(self) -> list[tuple[int, Doubles, Doubles]]:
        """Column, edges and values of the steps that are not flat."""
        return [
            (COLUMN[name], np.array(steps.edges), np.array(steps.values))
            for name, steps in self.steps.items()
            if any(steps.values)
        ]

    def calibrate(self, log_odds: Doubles, hinted: npt.NDArray[np.bool_]) -> Doubles:
        """Return log-odds that are true.

        Args:
            log_odds: as `log_odds` gave them.
            hinted: where a country is given.
        """
        slope = np.where(hinted, self.with_hint.slope, self.without_hint.slope)
        offset = np.where(hinted, self.with_hint.offset, self.without_hint.offset)
        return slope * log_odds + offset


@dataclass(frozen=True)
class Model:
    """A fitted model.

    Attributes:
        spelled: what the evidence of names compared by their spelling is worth.
        heard: what that of names compared by ear is worth.
        thresholds: for rising precisions asked for, the lowest scores that keep them: of names
            compared by their spelling, and by ear.
        trained_on: what the model was fitted on, in words.
    """

    spelled: Weights
    heard: Weights
    thresholds: Mapping[str, tuple[float, float]]
    trained_on: str

    def log_odds(self, evidence: Floats) -> Doubles:
        """Return the uncalibrated log-odds of each row of evidence."""
        heard = evidence[:, COLUMN["across"]] > 0
        out = self.spelled.log_odds(evidence)
        if heard.any():
            out[heard] = self.heard.log_odds(evidence[heard])
        return out

    def calibrate(
        self, log_odds: Doubles, evidence: Floats, hinted: npt.NDArray[np.bool_]
    ) -> Doubles:
        """Return true log-odds.

        Args:
            log_odds: as `log_odds` gave them.
            evidence: the evidence they are of.
            hinted: where a country is given.
        """
        return np.where(
            evidence[:, COLUMN["across"]] > 0,
            self.heard.calibrate(log_odds, hinted),
            self.spelled.calibrate(log_odds, hinted),
        )

    @staticmethod
    def score(log_odds: Doubles, evidence: Floats) -> Doubles:
        """Return true log-odds as probabilities, no higher than a model may be sure.

        Args:
            log_odds: as `calibrate` gave them.
            evidence: the evidence they are of.
        """
        contradicted = evidence[:, COLUMN["country_other"]] > 0
        capped = np.minimum(log_odds, np.where(contradicted, CONTRADICTED, HIGHEST))
        score: Doubles = 1 / (1 + np.exp(-capped))
        return score

    def contributions(self, evidence: Floats, hinted: bool) -> dict[str, float]:
        """Return what each column of one row of evidence adds to the true log-odds.

        With ``base`` (and ``ceiling`` where a limit cuts) they add up to them.
        """
        weights = self.heard if evidence[COLUMN["across"]] else self.spelled
        used = weights.with_hint if hinted else weights.without_hint
        out = {
            name: float(steps(evidence[COLUMN[name], None])[0]) * used.slope
            for name, steps in weights.steps.items()
        }
        out["base"] = weights.base * used.slope + used.offset
        limit = CONTRADICTED if evidence[COLUMN["country_other"]] else HIGHEST
        over = sum(out.values()) - limit
        if over > 0:
            out["ceiling"] = -over
        return out

    def threshold(self, precision: float) -> tuple[float, float]:
        """Return the lowest scores at which matches are right with at least this probability.

        The first is for names compared by their spelling, the second for those compared by ear.

        Raises:
            InputError: if the model has no threshold for so high a precision.
        """
        for asked in sorted(self.thresholds, key=float):
            if float(asked) >= precision:
                return self.thresholds[asked]
        shown = ", ".join(sorted(self.thresholds, key=float))
        raise InputError(
            f"precision is {precision}; the labelled mentions this model was calibrated on can "
            f"show no more than the highest of {shown}."
        )

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        data = {"version": VERSION, **asdict(self)}
        with atomic_write(path) as file:
            file.write(json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n")

    @classmethod
    def load(cls, path: Path | None = None) -> Model:
        """Read a model; without a path, the one installed with the package.

        Raises:
            InputError: if the file is not a model of this version.
        """
        path = path or packaged("instmatch", "model.json")
        again = f"Make it again with: instmatch train LABELS.tsv --output {path}"
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            known = data["version"] == VERSION and all(
                data[part]["steps"].keys() == COLUMN.keys() for part in ("spelled", "heard")
            )
            model = _read(data) if known else None
        except OSError as error:
            raise InputError(f"{path}: the model cannot be read ({error.strerror}).") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}: this is not an instmatch model. {again}") from error
        if model is None:
            raise InputError(
                f"{path}: this model was made by another version of instmatch. {again}"
            )
        return model


def _weights(data: dict[str, Any]) -> Weights:
    def numbers(values: list[float]) -> tuple[float, ...]:
        return tuple(map(float, values))

    steps = {
        name: Steps(numbers(table["edges"]), numbers(table["values"]))
        for name, table in data["steps"].items()
    }
    for name, table in steps.items():
        if len(table.values) != len(table.edges) + 1 or list(table.edges) != sorted(table.edges):
            raise ValueError(name)
    return Weights(
        float(data["base"]),
        steps,
        Calibration(**data["with_hint"]),
        Calibration(**data["without_hint"]),
    )


def _read(data: dict[str, Any]) -> Model:
    return Model(
        _weights(data["spelled"]),
        _weights(data["heard"]),
        {asked: (float(low), float(ear)) for asked, (low, ear) in data["thresholds"].items()},
        data["trained_on"],
    )
