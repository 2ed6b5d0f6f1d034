"""Train the shipped model again and compare the two on the labelled mentions.

    python benchmarks/rebuild.py

The same versions of the libraries give the same file; others may differ in the last digits, so
what is compared is what the models say. Exits with 1 if they disagree.
"""

from __future__ import annotations

import sys
from pathlib import Path

from instmatch.evaluate import Outcome, evaluate, read_gold
from instmatch.index import Index
from instmatch.learn.train import train
from instmatch.match.model import Model
from instmatch.resolver import Resolver

LABELS = Path(__file__).parent / "data" / "partner_lists.tsv"
MOST_OTHER = 0.005
MOST_APART = 0.01


def best(outcome: Outcome) -> str | None:
    """Return the id of the best candidate."""
    found = outcome.found.candidates
    return found[0].id if found else None


def main() -> None:
    """Train, compare, report."""
    index, rows = Index.load(), read_gold(LABELS)
    shipped, rebuilt = Model.load(), train(index, rows)
    pairs = list(
        zip(
            evaluate(Resolver(index, shipped), rows),
            evaluate(Resolver(index, rebuilt), rows),
            strict=True,
        )
    )
    other = sum(best(old) != best(new) for old, new in pairs)
    apart = sum(abs(old.found.score - new.found.score) for old, new in pairs) / len(pairs)
    print(f"the same file: {shipped == rebuilt}")
    print(
        f"another best candidate: {other} of {len(pairs)}; scores apart by {apart:.5f} on average"
    )
    if other > MOST_OTHER * len(pairs) or apart > MOST_APART:
        sys.exit(1)


if __name__ == "__main__":
    main()
