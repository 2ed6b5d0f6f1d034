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
