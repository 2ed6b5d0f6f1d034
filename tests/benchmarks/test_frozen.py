"""The frozen accuracy is what the committed code, gazetteer and model give."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def program(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {k: v for key, part in value.items() for k, v in flat(part, f"{path}/{key}").items()}
    return {path: value}


def test_accuracy_is_as_frozen() -> None:
    frozen = json.loads((BENCHMARKS / "results" / "accuracy.json").read_text(encoding="utf-8"))
    frozen.pop("gazetteer names that resolve to themselves")
    now = flat(program("accuracy").measure())
    assert now.keys() == flat(frozen).keys()
    for path, value in flat(frozen).items():
        assert now[path] == pytest.approx(value, abs=1e-3), path


def test_bars_are_held() -> None:
    frozen = json.loads((BENCHMARKS / "results" / "accuracy.json").read_text(encoding="utf-8"))
    gold = frozen["partner_lists.tsv, cross-validated"]
    hinted = gold["all, country hint given"]
    assert hinted["top candidate right"]["value"] >= 0.985
    assert hinted["blocking recall@50"]["value"] >= 0.998
    assert hinted["precision of matched"]["value"] >= 0.995
    assert hinted["coverage of matched"]["value"] >= 0.92
    assert hinted["nil rows matched"]["hits"] == 0
    unhinted = gold["no hint, rows tagged ambiguous left out"]
    assert unhinted["top candidate right"]["value"] >= 0.97
    garbled = gold["tagged ocr or old-kanji, hint given"]
    assert garbled["top candidate right"]["value"] >= 0.97
    assert frozen["gazetteer names that resolve to themselves"]["misses"] == 0


def frozen(name: str) -> Any:
    path = BENCHMARKS / "results" / "registry" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


SLOW = "the ear is asked about half of the noisy CJK names and costs 3 ms each"
RATES = [
    ("exact names", "one process", 50_000, "44,500 with the longer evidence of known names"),
    ("names with two random errors", "two processes", 3_000, SLOW),
    ("CJK mentions, twice misread", "two processes", 3_000, SLOW),
]


def missed(reason: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(reason=reason)] if reason else []


@pytest.mark.parametrize(
    ("names", "processes", "least"), [pytest.param(*one, marks=missed(why)) for *one, why in RATES]
)
def test_names_a_second(names: str, processes: str, least: int) -> None:
    assert frozen("speed")["names per second"][names][processes] >= least


@pytest.mark.xfail(reason="median 9 ms, for names the ear is asked about")
def test_one_name_is_answered_at_once() -> None:
    speed = frozen("speed")["one name in a warm process, ms"]
    assert speed["median"] <= 3
    assert speed["99th percentile"] <= 15


@pytest.mark.xfail(reason="802 MB: names are held a second time, to be compared by ear")
def test_resident_memory() -> None:
    assert frozen("speed")["resident memory, MB"] <= 600


def test_bars_with_the_registry_are_held() -> None:
    build, speed = frozen("build"), frozen("speed")
    assert build["seconds"] < 180
    assert build["peak memory, MB"] < 2000
    assert speed["new process to first answer, s"] <= 1

    def right(results: Any, file: str, slice_: str) -> float:
        value: float = results[file][slice_]["top candidate right"]["value"]
        return value

    shipped = json.loads((BENCHMARKS / "results" / "accuracy.json").read_text(encoding="utf-8"))
    gold = ("partner_lists.tsv, cross-validated", "all, country hint given")
    assert right(frozen("accuracy"), *gold) > right(shipped, *gold) - 0.01
    other = ("chinese_korean.tsv, shipped model", "hint given where printed")
    assert right(frozen("accuracy"), *other) >= 0.93
    assert right(shipped, *other) >= 0.93


@pytest.mark.parametrize(
    "noisy",
    [
        "CJK mentions, twice misread",
        pytest.param(
            "names with two random errors",
            marks=pytest.mark.xfail(reason="55 of 56: too few asked, or one too many lost"),
        ),
    ],
)
def test_blocking_recalls_what_a_full_scan_finds(noisy: str) -> None:
    path = BENCHMARKS / "results" / "registry" / "recall.json"
    recall = json.loads(path.read_text(encoding="utf-8"))
    assert recall[noisy]["recall@50"]["value"] >= 0.985


WITHHELD = [
    ("ja, hint given", 0.85, "569 of 680 right, 83.7 %"),
    ("zh, hint given", 0.75, "95 of 127 right, 74.8 %"),
    ("ko, hint given", 0.75, ""),
    ("all, no hint", 0.70, ""),
]


def withheld(slice_: str, figure: str) -> float:
    path = BENCHMARKS / "results" / "registry" / "withheld.json"
    found: Any = json.loads(path.read_text(encoding="utf-8"))[slice_][figure]
    value: float = found["value"] if isinstance(found, dict) else found
    return value


@pytest.mark.parametrize(
    ("slice_", "least"),
    [pytest.param(one, least, marks=missed(why)) for one, least, why in WITHHELD],
)
def test_names_the_gazetteer_does_not_hold_are_found(slice_: str, least: float) -> None:
    assert withheld(slice_, "top candidate right") >= least


@pytest.mark.xfail(reason="20 of 25 with the country, 12 of 15 without")
@pytest.mark.parametrize("slice_", ["all, hint given", "all, no hint"])
def test_matches_of_such_names_are_right(slice_: str) -> None:
    assert withheld(slice_, "precision of matched") >= 0.98


@pytest.mark.xfail(reason="0.10 with the country, 0.09 without: scores by ear are too low")
@pytest.mark.parametrize("slice_", ["all, hint given", "all, no hint"])
def test_scores_of_such_names_come_true(slice_: str) -> None:
    assert withheld(slice_, "calibration error") < 0.03


AFFILIATIONS = [
    ("s2aff_train_val", "first is right", 0.95, "92.2 % of 472"),
    ("ror_springer", "precision", 0.95, "94.6 %"),
    ("ror_springer", "recall", 0.85, ""),
]


@pytest.mark.parametrize(
    ("file", "figure", "least"),
    [pytest.param(*one, marks=missed(why)) for *one, why in AFFILIATIONS],
)
def test_affiliations_are_resolved(file: str, figure: str, least: float) -> None:
    path = BENCHMARKS / "results" / "registry" / "affiliations.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    assert results[file]["all ids in the index"][figure]["value"] >= least
