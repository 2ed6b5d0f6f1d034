"""Accuracy on the labelled files, with everything fitted on labels cross-validated.

    python benchmarks/accuracy.py [--self] [--gazetteer INDEX]
        [--output benchmarks/results/accuracy.json]

The weights of the shipped model are fitted on disturbed gazetteer names and on no labelled
mention. Calibration and thresholds are fitted on labels, so here they are fitted anew for each of
five folds, all mentions of one institution in one fold, and every mention is scored by the model
that has not seen its institution. ``chinese_korean.tsv`` takes no part in fitting.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from instmatch.evaluate import GoldRow, Outcome, Share, evaluate, read_gold
from instmatch.evaluate.run import summarize
from instmatch.index import Index
from instmatch.learn.calibrate import calibrated, with_absent
from instmatch.learn.examples import folds, labelled
from instmatch.learn.fit import training_pairs
from instmatch.match.model import Model
from instmatch.resolver import Resolver
from instmatch.text import fold

DATA = Path(__file__).parent / "data"
CURATED = Path(__file__).parents[1] / "gazetteer"
FOLDS = 5

Slice = tuple[str, bool, Callable[[GoldRow], bool]]

SLICES: Sequence[Slice] = (
    ("all, country hint given", True, lambda _: True),
    ("no hint, rows tagged ambiguous left out", False, lambda row: "ambiguous" not in row.tags),
    (
        "tagged ocr or old-kanji, hint given",
        True,
        lambda row: bool(row.tags & {"ocr", "old-kanji"}),
    ),
)


def cross_validated(index: Index, rows: Sequence[GoldRow]) -> dict[bool, list[Outcome]]:
    """Return the outcome of every row, each scored by a model calibrated without its fold.

    Returns:
        Outcomes with the country hint (True) and without (False).
    """
    model = Model.load()
    examples = with_absent(labelled(rows, index))
    parts = folds(examples, FOLDS)
    part_of = {one.text: part for one, part in zip(examples, parts, strict=True)}
    pairs = training_pairs(index, examples)
    fold_of_pair = np.array(parts)[pairs.example]
    outcomes: dict[bool, dict[int, Outcome]] = {True: {}, False: {}}
    for part in range(FOLDS):
        seen = np.flatnonzero(fold_of_pair != part)
        resolver = Resolver(index, calibrated(model, pairs.take(seen)))
        mine = [row for row in rows if part_of[row.mention] == part]
        for use_hints, found in outcomes.items():
            answers = evaluate(resolver, mine, use_hints)
            found |= {row.line: one for row, one in zip(mine, answers, strict=True)}
    return {use: [found[row.line] for row in rows] for use, found in outcomes.items()}


def share(held: Sequence[bool]) -> dict[str, Any]:
    """Return a share as plain data."""
    return _plain(Share.of(held))


def _plain(figure: Share) -> dict[str, Any]:
    return {
        "value": round(figure.value, 5),
        "interval": [round(bound, 4) for bound in figure.interval],
        "hits": figure.hits,
        "total": figure.total,
    }


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the figures of a run as plain data."""
    return {
        name: _plain(figure) if isinstance(figure, Share) else round(figure, 4)
        for name, figure in summarize(outcomes).items()
    }


def measure(gazetteer: Path | None = None) -> dict[str, Any]:
    """Return all figures but self-resolution."""
    index = Index.load(gazetteer)
    rows = read_gold(DATA / "partner_lists.tsv")
    by_hint = cross_validated(index, rows)
    results: dict[str, Any] = {
        "partner_lists.tsv, cross-validated": {
            title: figures([one for one in by_hint[use] if chosen(one.gold)])
            for title, use, chosen in SLICES
        }
    }
    other = read_gold(DATA / "chinese_korean.tsv")
    resolver = Resolver(index)
    results["chinese_korean.tsv, shipped model"] = {
        "hint given where printed": figures(evaluate(resolver, other)),
        "no hint": figures(evaluate(resolver, other, use_hints=False)),
    }
    return results


def self_resolution(gazetteer: Path | None = None) -> dict[str, Any]:
    """Resolve every name of the gazetteer, acronyms apart, with its institution's country.

    A name counts if the best candidate bears it too: its institution or a homonym.
    """
    resolver = Resolver(gazetteer, workers=2)
    bearers: dict[str, set[str]] = {}
    asked: list[tuple[str, str]] = []
    for institution in resolver.index.institutions():
        for name in institution.names:
            if name.kind != "acronym":
                bearers.setdefault(fold(name.value), set()).add(institution.id)
                asked.append((name.value, institution.country))
    found = resolver.resolve([name for name, _ in asked], [country for _, country in asked])
    misses = [
        f"{name} ({country}) -> {one.candidates[0].name if one.candidates else None}"
        for (name, country), one in zip(asked, found, strict=True)
        if not one.candidates or one.candidates[0].id not in bearers[fold(name)]
    ]
    return {"names": len(asked), "misses": len(misses), "examples": misses[:50]}


def main() -> None:
    """Print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--self", action="store_true", help="also resolve every gazetteer name")
    parser.add_argument("--gazetteer", type=Path, help="index; by default the installed one")
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    results = measure(options.gazetteer)
    if options.self:
        results["gazetteer names that resolve to themselves"] = self_resolution(options.gazetteer)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
