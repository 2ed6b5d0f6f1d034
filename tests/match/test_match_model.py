"""Step functions, the additive model, its file, and the decision."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.errors import InputError
from instmatch.match.decision import MARGIN, WORTH_A_LOOK, WORTH_A_LOOK_BY_EAR, decide
from instmatch.match.evidence import COLUMN, EVIDENCE
from instmatch.match.model import (
    CONTRADICTED,
    HIGHEST,
    HIGHEST_SCORE,
    SAME,
    VERSION,
    Calibration,
    Model,
    Steps,
    Weights,
)
from instmatch.resolver import Resolver

DOUBTS = ("acronym_alone", "contradicted", "numerals_differ")
finite = st.floats(-8, 8, width=32)


@given(st.lists(finite, unique=True, max_size=6), st.data())
def test_steps_are_a_loop(edges: list[float], data: st.DataObject) -> None:
    edges.sort()
    values = data.draw(st.lists(finite, min_size=len(edges) + 1, max_size=len(edges) + 1))
    column = data.draw(st.lists(st.one_of(finite, st.sampled_from([0.0, *edges])), max_size=9))
    expected = [values[sum(edge < one for edge in edges)] for one in column]
    found = Steps(tuple(edges), tuple(values))(np.array(column, np.float32))
    assert found.tolist() == expected


def weights_of(model: Model, row: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Weights:
    """Return the weights of a row of evidence: those of the ear if names are compared by ear."""
    return model.heard if row[COLUMN["across"]] else model.spelled


@given(st.integers(0, 2**32 - 1))
def test_log_odds_are_the_sum_of_the_steps(seed: int) -> None:
    model = Model.load()
    rng = np.random.default_rng(seed)
    evidence = (rng.random((4, len(EVIDENCE))) * rng.choice([1, 5], len(EVIDENCE))).astype("f4")
    evidence[:, COLUMN["across"]] = [0, 1, 0, 1]
    for row, odds in enumerate(model.log_odds(evidence)):
        weights = weights_of(model, evidence[row])
        parts = [
            table.values[sum(edge < evidence[row, COLUMN[name]] for edge in table.edges)]
            for name, table in weights.steps.items()
        ]
        assert odds == pytest.approx(weights.base + sum(parts), abs=1e-9)
        assert odds == weights.log_odds(evidence[[row]])[0]


def test_names_heard_have_weights_of_their_own() -> None:
    flat = {name: Steps((), (0.0,)) for name in COLUMN}
    model = Model(
        Weights(1.0, flat, Calibration(2.0, 0.5), Calibration(2.0, -0.5)),
        Weights(-1.0, flat, Calibration(3.0, 0.25), Calibration(3.0, -0.25)),
        {},
        "",
    )
    evidence = np.zeros((4, len(EVIDENCE)), np.float32)
    evidence[2:, COLUMN["across"]] = 1
    odds = model.log_odds(evidence)
    assert odds.tolist() == [1.0, 1.0, -1.0, -1.0]
    hinted = np.array([True, False, True, False])
    assert model.calibrate(odds, evidence, hinted).tolist() == [2.5, 1.5, -2.75, -3.25]


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_contributions_add_up(seed: int, hinted: bool) -> None:
    model = Model.load()
    rng = np.random.default_rng(seed)
    evidence = (rng.random(len(EVIDENCE)) < 0.5).astype("f4")
    odds = model.log_odds(evidence[None])
    true = model.calibrate(odds, evidence[None], np.array([hinted]))
    found = model.contributions(evidence, hinted)
    limit = CONTRADICTED if evidence[COLUMN["country_other"]] else HIGHEST
    assert sum(found.values()) == pytest.approx(min(true[0], limit), abs=1e-9)
    assert ("ceiling" in found) == (true[0] > limit)
    score = 1 / (1 + exp(-sum(found.values())))
    assert score == pytest.approx(model.score(true, evidence[None])[0], abs=1e-9)


@pytest.mark.parametrize("across", [0, 1])
def test_ceilings(across: int) -> None:
    """Scores have them; log-odds do not, so that what is surest still stands first."""
    model = Model.load()
    odds = np.array([100.0, 50.0, 100.0, -100.0])
    hinted = np.array([True, True, True, False])
    evidence = np.zeros((4, len(EVIDENCE)), np.float32)
    evidence[:, COLUMN["across"]] = across
    evidence[2:, COLUMN["country_other"]] = 1
    true = model.calibrate(odds, evidence, hinted)
    weights = model.heard if across else model.spelled
    lines = [*[weights.with_hint] * 3, weights.without_hint]
    assert true.tolist() == pytest.approx(
        [line.slope * one + line.offset for line, one in zip(lines, odds, strict=True)]
    )
    assert true[0] == true[2] > true[1] > HIGHEST
    score = model.score(true, evidence)
    highest, contradicted = 1 / (1 + exp(-HIGHEST)), 1 / (1 + exp(-CONTRADICTED))
    assert score[:3].tolist() == pytest.approx([highest, highest, contradicted])
    assert score[3] == pytest.approx(1 / (1 + exp(-true[3])), rel=1e-9)
    assert 0 <= score[3] < 1e-10
    assert highest == pytest.approx(HIGHEST_SCORE, abs=1e-5)


@pytest.mark.parametrize("part", ["spelled", "heard"])
def test_direction_of_evidence_is_kept(part: str) -> None:
    """Where evidence has a direction, the function of it never goes the other way."""
    weights: Weights = getattr(Model.load(), part)
    for column in EVIDENCE:
        heights = np.array(weights.steps[column.name].values)
        if column.direction:
            assert (np.diff(heights) * column.direction >= 0).all(), column.name


def test_saved_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    Model.load().save(path)
    assert Model.load(path) == Model.load()
    assert json.loads(path.read_bytes())["version"] == VERSION == 2


def test_thresholds() -> None:
    low, middle, high = (0.5, 0.55), (0.6, 0.75), (0.8, 1.0)
    model = replace(Model.load(), thresholds={"0.9": low, "0.95": middle, "0.99": high})
    asked = (0.1, 0.9, 0.91, 0.95, 0.99)
    assert [model.threshold(one) for one in asked] == [low, low, middle, middle, high]
    with pytest.raises(InputError, match=r"precision is 0\.999; .*0\.9, 0\.95, 0\.99"):
        model.threshold(0.999)


def changed(**changes: Any) -> str:
    data = json.loads(json.dumps({"version": VERSION, **plain()}))
    return json.dumps(data | changes)


def weights_changed(part: str, **changes: Any) -> str:
    return changed(**{part: plain()[part] | changes})


def tables(**table: list[int]) -> dict[str, Any]:
    return dict.fromkeys(COLUMN, table)


def plain() -> dict[str, Any]:
    same = {"slope": 1.0, "offset": 0.0}
    weights = {
        "base": 0.0,
        "steps": tables(edges=[], values=[0]),
        "with_hint": same,
        "without_hint": same,
    }
    return {"spelled": weights, "heard": weights, "thresholds": {}, "trained_on": ""}


def test_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(changed(), encoding="utf-8")
    nothing = Weights(0.0, {name: Steps((), (0.0,)) for name in COLUMN}, SAME, SAME)
    assert Model.load(path) == Model(nothing, nothing, {}, "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not an instmatch model"),
        ("[]", "not an instmatch model"),
        ("{}", "not an instmatch model"),
        ('{"version": 2, "spelled": []}', "not an instmatch model"),
        ('{"version": 2, "spelled": {"steps": []}, "heard": {"steps": []}}', "not an instmatch"),
        ('{"version": 1, "steps": []}', "made by another version"),
        (changed(version=1), "made by another version"),
        (changed(version=3), "made by another version"),
        (changed(thresholds={"0.9": 0.5}), "not an instmatch model"),
        (changed(thresholds={"0.9": [0.5]}), "not an instmatch model"),
        *(
            case
            for part in ("spelled", "heard")
            for case in (
                (changed(**{part: {}}), "not an instmatch model"),
                (weights_changed(part, steps={}), "made by another version"),
                (weights_changed(part, base="high"), "not an instmatch model"),
                (weights_changed(part, with_hint={"slope": 1}), "not an instmatch model"),
                (weights_changed(part, without_hint=None), "not an instmatch model"),
                (weights_changed(part, steps=tables(edges=[1], values=[1])), "not an instmatch"),
                (weights_changed(part, steps=tables(edges=[2, 1], values=[1, 2, 3])), "not an"),
            )
        ),
    ],
    ids=lambda value: value[:30],
)
def test_bad_files(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Model.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert told in str(caught.value)
    assert "instmatch train LABELS.tsv --output" in str(caught.value)


def test_missing_and_binary_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json: the model cannot be read \(No such file"):
        Model.load(tmp_path / "none.json")
    with pytest.raises(InputError, match="cannot be read"):
        Resolver(model=tmp_path)
    (tmp_path / "binary").write_bytes(b"\x80\x04\x95")
    with pytest.raises(InputError, match="not an instmatch model"):
        Resolver(model=tmp_path / "binary")


@pytest.mark.parametrize(
    ("score", "margin", "doubts", "status"),
    [
        (0.99, 0.99, (), "matched"),
        (0.99, 0.99, ("acronym_alone",), "review"),
        (0.99, 0.99, ("contradicted",), "review"),
        (0.99, 0.99, ("numerals_differ",), "review"),
        (0.99, MARGIN - 0.01, (), "review"),
        (0.7, 0.7, (), "review"),
        (0.99, MARGIN, (), "matched"),
        (WORTH_A_LOOK, WORTH_A_LOOK, (), "review"),
        (WORTH_A_LOOK - 0.001, 0.0, DOUBTS, "unmatched"),
        (0.0, 0.0, (), "unmatched"),
        (WORTH_A_LOOK_BY_EAR, WORTH_A_LOOK_BY_EAR, ("by_ear",), "review"),
        (WORTH_A_LOOK_BY_EAR - 0.001, 0.4, (*DOUBTS, "by_ear"), "unmatched"),
        (0.99, 0.99, ("by_ear",), "matched"),
        (0.99, MARGIN - 0.01, ("by_ear",), "review"),
    ],
)
def test_decisions(score: float, margin: float, doubts: tuple[str, ...], status: str) -> None:
    decision = decide(score, margin, 0.8, **dict.fromkeys(doubts, True))
    assert decision.status == status
    assert (decision.reason is None) == (status == "matched")


def test_what_matches() -> None:
    scores, margins = (0.0, 0.05, 0.5, 0.8, 0.999), (0.0, 0.1, 0.3, 0.9)
    for score, margin, doubt in product(scores, margins, (None, *DOUBTS)):
        doubts = {doubt: True} if doubt else {}
        for by_ear in (False, True):
            decision = decide(score, min(score, margin), 0.8, by_ear=by_ear, **doubts)
            assert decision.status != "matched" or (score >= 0.8 and not doubt)
