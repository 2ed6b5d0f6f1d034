"""Measuring a resolver on labelled mentions: metrics with intervals, slices, errors."""

from instmatch.evaluate.gold import GoldRow, read_gold
from instmatch.evaluate.metrics import Share, calibration_error
from instmatch.evaluate.run import Outcome, evaluate

__all__ = ["GoldRow", "Outcome", "Share", "calibration_error", "evaluate", "read_gold"]
