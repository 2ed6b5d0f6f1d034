"""Training examples: what they are made of, and how they are kept apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.evaluate import read_gold
from instmatch.gazetteer.model import shared_names
from instmatch.learn.calibrate import NIL_EVERY, calibrate, with_absent
from instmatch.learn.examples import Example, folds, labelled, synthetic
from instmatch.learn.fit import best_rows, fit, training_pairs
from instmatch.learn.noise import add_unit, disturb, garble, make_unit, mix_forms, restyle
from instmatch.match.evidence import COLUMN, EVIDENCE
from instmatch.match.model import Calibration, Model
from instmatch.text import fold
from small import BANDUNG, GOLD, MUNICH, TOHOKU, small_gazetteer, small_index

INSTITUTIONS = small_gazetteer().institutions
NAMES = sorted({(name.value, name.lang) for one in INSTITUTIONS for name in one.names})


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.integers(1, 6))
def test_folds_keep_groups_together(groups: list[int], parts: int) -> None:
    examples = [Example("x", None, frozenset(), str(group)) for group in groups]
    found = folds(examples, parts)
    by_group: dict[int, set[int]] = {}
    for group, part in zip(groups, found, strict=True):
        by_group.setdefault(group, set()).add(part)
    assert all(len(part) == 1 for part in by_group.values())
    assert set(found) <= set(range(parts))
    sizes = Counter(found)
    largest = max(Counter(groups).values())
    assert (
        max(sizes[part] for part in range(parts)) - min(sizes[part] for part in range(parts))
        <= largest
    )


def test_folds_do_not_depend_on_the_order() -> None:
    examples = [Example("x", None, frozenset(), f"g{row % 7}") for row in range(30)]
    found = dict(zip((one.group for one in examples), folds(examples, 3), strict=True))
    again = dict(zip((one.group for one in examples[::-1]), folds(examples[::-1], 3), strict=True))
    assert found == again


def test_synthetic_examples_are_the_same_for_a_seed() -> None:
    one, two, other = (synthetic(small_index(), 80, seed) for seed in (1, 1, 2))
    assert one == two != other


def test_synthetic_examples() -> None:
    examples = synthetic(small_index(), 900, 3)
    ids = {one.id for one in INSTITUTIONS}
    shared = shared_names(INSTITUTIONS).keys()
    known = {fold(name.value) for one in INSTITUTIONS for name in one.names}
    nil = [one for one in examples if not one.answers]
    made_up = [one for one in nil if not one.absent]
    assert all(one.group in ids and one.answers <= {one.group} for one in examples)
    assert all(one.absent in ("", one.group) for one in examples)
    assert 0.03 < len(nil) / len(examples) < 0.2
    assert made_up
    assert not known & {fold(one.text) for one in made_up}
    withheld = [one for one in examples if one.withheld]
    assert 0.15 < len(withheld) / len(examples) < 0.4
    assert all(one.answers and one.withheld not in shared for one in withheld)
    hints = Counter(None if one.hint is None else len(one.hint) for one in examples)
    assert hints[1] > hints[None] > hints[9] > 0


def test_labelled_rows_come_with_and_without_hint() -> None:
    examples = labelled(read_gold(GOLD), small_index())
    bandung = [one for one in examples if one.answers == {BANDUNG}]
    assert [one.hint for one in bandung] == [frozenset({"ID"}), None]
    nil = [one for one in examples if one.text == "学術交流協定校一覧"]
    assert [(one.hint, one.answers) for one in nil] == [(None, frozenset())]


def test_every_tenth_is_tried_without_its_institution() -> None:
    examples = [Example("x", None, frozenset({"a"}), "a")] * 20 + [
        Example("y", None, frozenset(), "nil")
    ]
    absent = with_absent(examples)[len(examples) :]
    assert len(absent) == 20 // NIL_EVERY
    assert all(one.absent == "a" and not one.answers for one in absent)


def test_cjk_mentions_are_tried_without_the_names_in_their_script() -> None:
    latin = Example("Bandung", None, frozenset({"a"}), "a")
    kana = Example("バンドン", None, frozenset({"a"}), "a")
    hangul = Example("반둥", frozenset({"ID"}), frozenset(), "nil")
    already = replace(kana, unwritten=frozenset({"kana", "han"}))
    found = with_absent([latin, kana, hangul, already])
    assert found[:6] == [
        latin,
        kana,
        hangul,
        already,
        already,
        replace(hangul, unwritten=frozenset({"hangul"})),
    ]
    assert found[6:] == [replace(latin, answers=frozenset(), absent="a")]


def test_names_in_scripts_treated_as_unwritten_give_no_pairs() -> None:
    whole = Example("バンドン工科大学", None, frozenset({BANDUNG}), BANDUNG)
    unwritten = replace(whole, unwritten=frozenset({"kana", "han"}))
    pairs = training_pairs(small_index(), [whole, unwritten])
    column = {name: pairs.evidence[:, row] for name, row in COLUMN.items()}
    right = {row: pairs.right & (pairs.example == row) for row in (0, 1)}
    assert (right[0] & (column["cross_script"] == 0)).any()
    assert right[1].any()
    assert (column["across"][right[1]] == 1).all()
    # Other institutions keep their names.
    others = ~pairs.right & (pairs.example == 1)
    assert (others & (column["cross_script"] == 0)).any()


def test_what_is_hidden_gives_no_pairs() -> None:
    name = fold("バンドン工科大学")
    whole = Example("バンドン工科大学", None, frozenset({BANDUNG}), BANDUNG)
    withheld = Example("バンドン工科大学", None, frozenset({BANDUNG}), BANDUNG, withheld=name)
    absent = Example("バンドン工科大学", None, frozenset(), BANDUNG, absent=BANDUNG)
    pairs = training_pairs(small_index(), [whole, withheld, absent])
    exact = pairs.evidence[:, COLUMN["exact"]] > 0
    assert set(pairs.example[exact & pairs.right].tolist()) == {0}
    assert set(pairs.example[pairs.right].tolist()) == {0, 1}
    assert set(pairs.example.tolist()) == {0, 1, 2}
    number = small_index().number_of[BANDUNG]
    assert number not in (pairs.group[pairs.example == 2] % len(small_index().ids)).tolist()


def test_pairs_do_not_depend_on_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = synthetic(small_index(), 60, 5)
    whole = training_pairs(small_index(), examples)
    monkeypatch.setattr("instmatch.learn.fit._BATCH", 7)
    parts = training_pairs(small_index(), examples)
    for column in ("example", "group", "evidence", "right", "hinted", "unwritten"):
        assert np.array_equal(getattr(whole, column), getattr(parts, column)), column


def test_fitting_and_calibrating_is_deterministic(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatch.learn.fit._TREES", 15)
    pairs = training_pairs(small_index(), synthetic(small_index(), 300, 1))
    model = fit(pairs, "a note")
    assert model == fit(pairs, "a note")
    assert model.trained_on == "a note"
    for weights in (model.spelled, model.heard):
        assert weights.with_hint == weights.without_hint == Calibration(1.0, 0.0)
        assert weights.steps.keys() == COLUMN.keys()
        for column in EVIDENCE:
            steps = weights.steps[column.name]
            heights = np.array(steps.values)
            assert not column.direction or (np.diff(heights) * column.direction >= 0).all()
            assert steps(np.zeros(1, np.float32))[0] == pytest.approx(0, abs=1e-4)
    assert model.spelled != model.heard
    examples = labelled(read_gold(GOLD), small_index())
    calibrated = calibrate(model, small_index(), examples)
    assert calibrated == calibrate(model, small_index(), examples)
    for weights in (calibrated.spelled, calibrated.heard):
        assert min(weights.with_hint.slope, weights.without_hint.slope) > 0
    assert calibrated.thresholds
    for rising in zip(
        *(calibrated.thresholds[key] for key in sorted(calibrated.thresholds)), strict=True
    ):
        assert [*rising] == sorted(rising)
        assert all(0.5 <= one <= 1 for one in rising)


def test_calibrating_where_all_is_right() -> None:
    examples = [Example("バンドン工科大学", None, frozenset({BANDUNG}), BANDUNG)] * 3
    model = calibrate(Model.load(), small_index(), examples)
    assert model.thresholds.keys() == Model.load().thresholds.keys()


def test_best_rows_are_those_of_a_loop() -> None:
    pairs = training_pairs(small_index(), synthetic(small_index(), 40, 9))
    odds = Model.load().log_odds(pairs.evidence)
    best: dict[int, tuple[float, int]] = {}
    for row, group in enumerate(pairs.group.tolist()):
        mine = (-float(odds[row]), row)
        best[group] = min(best.get(group, mine), mine)
    assert best_rows(pairs, odds).tolist() == [best[group][1] for group in sorted(best)]


@given(st.sampled_from(NAMES), st.integers(0, 2**32 - 1))
def test_noise_is_the_same_for_a_seed_and_never_blank(name: tuple[str, str], seed: int) -> None:
    value, lang = name
    changes: tuple[Callable[[Random], str], ...] = (
        lambda rng: garble(value, rng),
        lambda rng: mix_forms(value, rng),
        lambda rng: restyle(value, rng),
        lambda rng: make_unit(lang, rng),
        lambda rng: add_unit(value, lang, rng),
        lambda rng: disturb(value, lang, "Other Name", "ON", "Bonn", rng),
    )
    for change in changes:
        once = change(Random(seed))
        assert once == change(Random(seed))
        assert once.strip()


@given(st.sampled_from([name for name, _ in NAMES if len(name) > 3]))
def test_garbling_mostly_changes_a_name_and_never_beyond_recognition(name: str) -> None:
    garbled = [garble(name, Random(seed)) for seed in range(20)]
    assert sum(one != name for one in garbled) >= 15
    assert all(len(one) >= len(name) - 1 for one in garbled)


def test_units_of_each_language() -> None:
    for lang in ("ja", "zh-Hans", "zh-Hant", "ko", "en", "fr"):
        units = {make_unit(lang, Random(seed)) for seed in range(40)}
        assert len(units) > 10
        assert not any("{" in unit for unit in units)


def test_gold_ids_are_known() -> None:
    assert {BANDUNG, MUNICH, TOHOKU} <= small_index().number_of.keys()
