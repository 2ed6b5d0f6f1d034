"""Fitting the model of affiliations."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from instmatch.learn.affiliations import Labelled, exported, fit, labelled_pairs
from instmatch.match.affiliations import COLUMNS
from instmatch.match.model import Model
from small import BERKELEY, MUNICH, small_gazetteer, small_index

TEMPLATES = (
    "Department of Physics, {}, Germany", "{}", "Faculty of Law, {}", "{}, 12 Main Street",
    "School of Medicine, {}; {}",
)  # fmt: skip


def labelled() -> list[Labelled]:
    return [
        Labelled(template.format(one.name, one.name), frozenset({one.id}))
        for one in small_gazetteer().institutions
        for template in TEMPLATES
    ]


def test_pairs_are_right_where_the_label_says_so() -> None:
    rows = [
        Labelled("TU München; University of California, Berkeley", frozenset({MUNICH, BERKELEY})),
        Labelled("someone@example.org", frozenset({MUNICH})),
        Labelled("TU München", frozenset({"https://ror.org/none"})),
    ]
    pairs = labelled_pairs(small_index(), Model.load(), rows)
    number = small_index().number_of
    right = {*zip(pairs.found.affiliation[pairs.right], pairs.found.inst[pairs.right], strict=True)}
    assert right == {(0, number[MUNICH]), (0, number[BERKELEY])}
    assert pairs.found.evidence.shape == (len(pairs.right), len(COLUMNS))


def test_what_is_exported_is_the_classifier() -> None:
    pairs = labelled_pairs(small_index(), Model.load(), labelled())
    boosted = HistGradientBoostingClassifier(max_iter=20, min_samples_leaf=5, random_state=0)
    boosted.fit(pairs.found.evidence, pairs.right)
    plain = boosted.decision_function(pairs.found.evidence)
    found = exported(boosted, "").log_odds(pairs.found.evidence)
    assert found == pytest.approx(np.minimum(plain, 6.9), abs=1e-3)


def test_fitting_is_deterministic_and_prefers_what_is_right() -> None:
    one, other = (fit(small_index(), Model.load(), labelled(), "templates") for _ in range(2))
    assert one == other
    pairs = labelled_pairs(small_index(), Model.load(), labelled())
    odds = one.log_odds(pairs.found.evidence)
    assert odds[pairs.right].mean() > odds[~pairs.right].mean()
