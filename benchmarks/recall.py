"""Recall of blocking against a full scan.

    python benchmarks/recall.py [--gazetteer INDEX] [--output benchmarks/results/recall.json]

Every name of the index is compared with every reading of a noisy mention, evidence and model as
ever; the institution this scan puts first is what blocking must not lose. A scan takes seconds a
mention, so a sample is asked. Mentions of which the scan makes nothing (a score below 0.5) are
counted apart: there is no right institution to lose.

For names with two random errors it is also told how often a bearer of the name that they were made
of is among the candidates, though of a short name little may be left.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from accuracy import share
from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.lexicon.countries import country_codes
from instmatch.match.candidates import Pairs, candidates
from instmatch.match.evidence import evidence_matrix
from instmatch.match.model import Model
from instmatch.match.query import Hint, make_batch
from instmatch.mention import read_mention
from instmatch.text import fold
from speed import Rows, misprinted, noisy_rows, shown, two_errors

ROWS = 150
MISPRINTED = 2_000
LIKELY = 0.5


def scanned(index: Index, model: Model, name: str, hint: Hint) -> tuple[float, set[int], set[int]]:
    """Return the best score of a full scan, the institutions that have it, and the candidates."""
    batch = make_batch(index, [read_mention(name)], [hint])
    count, names = len(batch.readings), len(index.arrays["name.inst"])
    everything = Pairs(
        np.repeat(np.arange(count), names),
        np.tile(np.arange(names), count),
        np.zeros(count * names, np.float32),
    )
    evidence = evidence_matrix(index, batch, everything)
    odds = model.log_odds(evidence)
    best = odds >= odds.max() - 1e-9
    top = int(odds.argmax())
    told = np.array([bool(hint)])
    calibrated = model.calibrate(odds[top : top + 1], evidence[top : top + 1], told)
    owner = index.arrays["name.inst"]
    found = candidates(index, batch)
    return (
        float(model.score(calibrated, evidence[top : top + 1])[0]),
        set(owner[everything.name[best]].tolist()),
        set(owner[found.name].tolist()),
    )


def recall(index: Index, model: Model, rows: Rows) -> dict[str, Any]:
    """Return how often the best of the scan, or an equal of it, is among the candidates."""
    held: list[bool] = []
    for name, country in rows:
        hint = country_codes(country) if country else None
        score, best, found = scanned(index, model, name, hint)
        if score >= LIKELY:
            held.append(bool(best & found))
    return {"recall@50": share(held), "left aside": len(rows) - len(held)}


def bearer_found(index: Index) -> dict[str, Any]:
    """Return how often a bearer of the name that a misprint was made of is a candidate."""
    rows = misprinted(index, MISPRINTED, seed=3)
    hashes = [text_hash(fold(name)) for name, _, _ in rows]
    counts, names = index.rows_of_folds(np.array(hashes, np.uint64))
    owner = index.arrays["name.inst"]
    asked = np.repeat(np.arange(len(rows)), counts)
    right = {*zip(asked.tolist(), owner[names].tolist(), strict=True)}
    hints = [country_codes(country) if country else None for _, _, country in rows]
    batch = make_batch(index, [read_mention(wrong) for _, wrong, _ in rows], hints)
    pairs = candidates(index, batch)
    mention = batch.mention_of[pairs.reading]
    found = {*zip(mention.tolist(), owner[pairs.name].tolist(), strict=True)}
    hits = {row for row, _ in right & found}
    return share([row in hits for row in range(len(rows))])


def main() -> None:
    """Print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gazetteer", type=Path, help="index; by default the installed one")
    parser.add_argument("--rows", type=int, default=ROWS, help="mentions of each kind")
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    index, model = Index.load(options.gazetteer), Model.load()
    kinds = {
        "names with two random errors": two_errors(index, options.rows),
        "CJK mentions, twice misread": noisy_rows(options.rows, seed=2),
    }
    told: dict[str, Any] = {"command": shown(sys.argv), "names": index.meta["names"]}
    told["bearers of the name a misprint was made of, recall@50"] = bearer_found(index)
    told |= {kind: recall(index, model, rows) for kind, rows in kinds.items()}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
