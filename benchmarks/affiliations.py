"""Affiliations of papers, labelled with ROR ids: how many institutions come out, and how right.

    python benchmarks/affiliations.py --gazetteer INDEX S2AFF.jsonl SPRINGER.jsonl
        [--errors FILE.tsv] [--output benchmarks/results/registry/affiliations.json]
    python benchmarks/affiliations.py --gazetteer INDEX S2AFF.jsonl SPRINGER.jsonl
        --fit src/instmatch/data/affiliations.json

A file has a JSON object a line: ``affiliation``, ``ror_ids`` and, where it has one, ``split``.
Fitted is on rows whose split is ``train`` and on half of the rows without a split. The other half
is scored by the installed model, the fitted half by one that is fitted on the other. The halves are
by the first id of a row, but an institution may still stand in both files, and beside another one
in both halves. So figures stand also for rows none of whose institutions the scoring model had
seen.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from instmatch.affiliation import AffiliationResolver
from instmatch.evaluate import Share
from instmatch.index import Index
from instmatch.learn.affiliations import Labelled, fit
from instmatch.match.model import Model
from instmatch.match.trees import Trees
from instmatch.resolution import Resolution
from speed import shown

TOLD = "s2aff train and half of ror springer, rows whose institutions the registry index holds"


class Row(NamedTuple):
    """A labelled row: its affiliation, the file it is from, and its split."""

    labelled: Labelled
    source: str
    split: str

    @property
    def half(self) -> int:
        """Which half of its file it is in."""
        return self.labelled.fold // 7 % 2


class Outcome(NamedTuple):
    """A row, what was made of it, and whether the model was fitted on any of its institutions."""

    row: Row
    found: Resolution
    seen: bool


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of a labelled file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            cells = json.loads(line)
            labelled = Labelled(cells["affiliation"], frozenset(cells["ror_ids"]))
            yield Row(labelled, path.stem, cells.get("split", ""))


def training_rows(rows: Sequence[Row], half: int) -> list[Row]:
    """Return the training split and a half of the rows without one."""
    return [row for row in rows if row.split == "train" or (not row.split and row.half == half)]


def fitted(index: Index, rows: Sequence[Row], half: int) -> Trees:
    """Fit on the training rows of a half."""
    labelled = [row.labelled for row in training_rows(rows, half)]
    return fit(index, Model.load(), labelled, TOLD)


def resolved(
    index: Index, trees: Trees | None, rows: Sequence[Row], training: Sequence[Row]
) -> list[Outcome]:
    """Resolve rows with a model, by default the installed one, fitted on training rows."""
    resolver = AffiliationResolver(index, trees=trees)
    found = resolver.resolve([row.labelled.text for row in rows])
    known = frozenset[str]().union(*(row.labelled.ids for row in training))
    return [
        Outcome(row, one, not row.labelled.ids.isdisjoint(known))
        for row, one in zip(rows, found, strict=True)
    ]


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return what came out of some rows."""
    pairs = [
        (one.id in outcome.row.labelled.ids)
        for outcome in outcomes
        for one in outcome.found.institutions
    ]
    first = [
        bool(one.found.candidates) and _top(one.found) in one.row.labelled.ids for one in outcomes
    ]
    wanted = sum(len(outcome.row.labelled.ids) for outcome in outcomes)
    shares = {
        "first is right": Share(sum(first), len(first)),
        "precision": Share(sum(pairs), len(pairs)),
        "recall": Share(sum(pairs), wanted),
    }
    return {
        "rows": len(outcomes),
        **{
            name: {
                "value": round(share.value, 4),
                "interval": [round(bound, 4) for bound in share.interval],
                "hits": share.hits,
                "total": share.total,
            }
            for name, share in shares.items()
        },
    }


def _top(found: Resolution) -> str:
    return found.id or found.candidates[0].id


def measure(index: Index, rows: Sequence[Row]) -> tuple[dict[str, Any], list[Outcome]]:
    """Return all figures, and what was made of all rows."""
    val = [row for row in rows if row.split == "val"]
    halves = [[row for row in rows if not row.split and row.half == half] for half in (0, 1)]
    start = time.perf_counter()
    outcomes = resolved(index, None, [*val, *halves[1]], training_rows(rows, 0))
    rate = len(outcomes) / (time.perf_counter() - start)
    trees = fitted(index, rows, 1)
    outcomes += resolved(index, trees, halves[0], training_rows(rows, 1))
    held = index.number_of.keys()
    kept: dict[str, Callable[[frozenset[str]], bool]] = {
        "all ids in the index": lambda ids: bool(ids) and ids <= held,
        "any id in the index": lambda ids: not ids.isdisjoint(held),
        "all rows": lambda _: True,
    }
    results: dict[str, Any] = {"command": shown(sys.argv), "affiliations a second": round(rate)}
    for source in dict.fromkeys(outcome.row.source for outcome in outcomes):
        mine = [outcome for outcome in outcomes if outcome.row.source == source]
        results[source] = {
            name: figures([one for one in mine if chosen(one.row.labelled.ids)])
            for name, chosen in kept.items()
        }
        results[source]["all ids in the index, none seen in fitting"] = figures(
            [
                one
                for one in mine
                if not one.seen and one.row.labelled.ids <= held and one.row.labelled.ids
            ]
        )
    return results, outcomes


def write_errors(outcomes: Sequence[Outcome], index: Index, path: Path) -> None:
    """Write the rows whose matches are not the label, as TSV."""
    with path.open("w", encoding="utf-8") as file:
        file.write("affiliation\tstatus\treason\tfound\tlabelled\tcandidates\n")
        for row, found in ((one.row.labelled, one.found) for one in outcomes):
            said = {one.id for one in found.institutions}
            if said == row.ids:
                continue
            cells = (
                found.mention, found.status, found.reason or "",
                "; ".join(f"{one.name} {one.score:.2f}" for one in found.institutions),
                "; ".join(
                    index.titles[index.number_of[id]] if id in index.number_of else id
                    for id in sorted(row.ids)
                ),
                "; ".join(f"{one.name} {one.score:.2f}" for one in found.candidates[:3]),
            )  # fmt: skip
            file.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")


def main() -> None:
    """Fit, or print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled", type=Path, nargs="+", help="labelled files, JSON Lines")
    parser.add_argument("--gazetteer", type=Path, required=True, help="an index of registry size")
    parser.add_argument("--fit", type=Path, metavar="MODEL", help="fit, and write the model here")
    parser.add_argument("--errors", type=Path, help="write the rows that came out otherwise here")
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    index = Index.load(options.gazetteer)
    rows = [row for path in options.labelled for row in read(path)]
    if options.fit:
        fitted(index, rows, 0).save(options.fit)
        return
    results, outcomes = measure(index, rows)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    print(text)
    if options.errors:
        write_errors(outcomes, index, options.errors)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
