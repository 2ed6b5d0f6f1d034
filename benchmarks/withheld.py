"""The withheld track: names whose script the gazetteer does not hold for their institution.

    python benchmarks/withheld.py --ror DUMP [--more NAMES.tsv.xz] [--errors]
        [--output benchmarks/results/registry/withheld.json]

For every labelled mention in Japanese, Chinese or Korean whose institution lies outside the
countries of that language, all names in that script family (kana and Han, or hangul) are withheld
from the institution, everywhere: from the gazetteer of registry size that is searched, from the
curated one whose names the weights are fitted on, and from the names the sound of characters is
learned from. Other institutions keep theirs. Calibration is cross-validated by institution.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from accuracy import CURATED, DATA, FOLDS, figures
from instmatch.evaluate import GoldRow, Outcome, evaluate, read_gold
from instmatch.evaluate.gold import answers
from instmatch.gazetteer import Gazetteer, read_curated
from instmatch.index import Index
from instmatch.learn.calibrate import calibrated, with_absent
from instmatch.learn.examples import folds, labelled
from instmatch.learn.fit import TrainingPairs, training_pairs
from instmatch.learn.sound import fit_sound, institution_samples, place_samples
from instmatch.learn.train import fit_weights
from instmatch.lexicon.places import read_places
from instmatch.match.model import Model
from instmatch.resolver import Resolver
from instmatch.text.scripts import script_of
from registry import registry_gazetteer
from speed import shown

HOME = {"ja": {"JP"}, "zh": {"CN", "TW", "HK", "MO", "SG"}, "ko": {"KR", "KP"}}
FAMILY = {"ja": {"kana", "han"}, "zh": {"kana", "han"}, "ko": {"hangul"}}


def language(row: GoldRow) -> str:
    """Return the language of a mention, without its script."""
    return dict(row.slices).get("lang", "").split("-")[0]


def foreign(rows: Sequence[GoldRow]) -> list[GoldRow]:
    """Return the mentions of the track."""
    return [
        row
        for row in rows
        if not row.is_nil and row.country not in HOME.get(language(row), {row.country})
    ]


def withheld(gazetteer: Gazetteer, families: Mapping[str, set[str]]) -> Gazetteer:
    """Return a gazetteer whose institutions have no names in some scripts.

    Args:
        gazetteer: the gazetteer.
        families: the scripts by id of the institution.
    """
    return replace(
        gazetteer,
        institutions=tuple(
            replace(
                one,
                names=tuple(
                    name
                    for name in one.names
                    if script_of(name.value) not in families.get(one.id, ())
                ),
            )
            for one in gazetteer.institutions
        ),
    )


def families_of(rows: Sequence[GoldRow], index: Index) -> dict[str, set[str]]:
    """Return by institution the scripts that are withheld."""
    found: dict[str, set[str]] = {}
    for row, ids in zip(rows, answers(rows, index), strict=True):
        for id in ids:
            found.setdefault(id, set()).update(FAMILY[language(row)])
    return found


def cross_validated(
    index: Index, whole: Index, model: Model, rows: Sequence[GoldRow], labels: Sequence[GoldRow]
) -> dict[bool, list[Outcome]]:
    """Return the outcome of every row, each scored by a model calibrated without its fold.

    Calibration has to hold for names the gazetteer has as well, so it is fitted on both: on the
    track, and on all labelled mentions with a gazetteer that withholds nothing.

    Returns:
        Outcomes with the country hint (True) and without (False).
    """
    examples = labelled(rows, index)
    others = labelled(labels, whole)
    tried = [with_absent(examples), with_absent(others)]
    parts = np.array(folds([*tried[0], *tried[1]], FOLDS))
    first, second = training_pairs(index, tried[0]), training_pairs(whole, tried[1])
    pairs = TrainingPairs.joined(
        [
            first,
            replace(
                second,
                example=second.example + len(tried[0]),
                group=second.group + first.group.max() + 1,
            ),
        ]
    )
    part_of = {one.text: part for one, part in zip(examples, parts.tolist(), strict=False)}
    outcomes: dict[bool, list[Outcome]] = {True: [], False: []}
    for part in range(FOLDS):
        seen = np.flatnonzero(parts[pairs.example] != part)
        resolver = Resolver(index, calibrated(model, pairs.take(seen)))
        mine = [row for row in rows if part_of[row.mention] == part]
        for use_hints, found in outcomes.items():
            found += evaluate(resolver, mine, use_hints)
    return outcomes


def measure(
    index: Index, whole: Index, model: Model, rows: Sequence[GoldRow], labels: Sequence[GoldRow]
) -> tuple[Any, list[Outcome]]:
    """Return the figures by language and hint, and the outcomes with the hint."""
    results: dict[str, Any] = {}
    by_hint = cross_validated(index, whole, model, rows, labels)
    for use, outcomes in by_hint.items():
        title = "hint given" if use else "no hint"
        results[f"all, {title}"] = figures(outcomes)
        for code in HOME:
            mine = [one for one in outcomes if language(one.gold) == code]
            results[f"{code}, {title}"] = figures(mine)
    return results, by_hint[True]


def main() -> None:
    """Print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ror", type=Path, required=True, help="a ROR dump, zip or JSON")
    parser.add_argument("--more", type=Path, help="further names, TSV in xz")
    parser.add_argument("--errors", action="store_true", help="list the errors, hint given")
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    files = ("partner_lists.tsv", "chinese_korean.tsv")
    labels = [row for name in files for row in read_gold(DATA / name)]
    rows = foreign(labels)
    curated = read_curated(CURATED)
    whole = Index.build(curated)
    families = families_of(rows, whole)
    curated = withheld(curated, families)
    sound = fit_sound([*place_samples(read_places()), *institution_samples(curated.institutions)])
    model = fit_weights(Index.build(curated, sound=sound))
    registry = withheld(registry_gazetteer(options.ror, options.more), families)
    index = Index.build(registry, sound=sound)
    results, outcomes = measure(index, whole, model, rows, labels)
    told = {"command": shown(sys.argv), "mentions": len(rows), **results}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    print(text)
    if options.errors:
        for one in outcomes:
            if not one.right:
                print(
                    language(one.gold), one.gold.mention, one.gold.institution, one.rank, sep="\t"
                )
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
