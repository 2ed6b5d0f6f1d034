"""Speed on noisy names: instmatch against scans with rapidfuzz, in one run.

    python benchmarks/speed.py [--output benchmarks/results/speed.json]

The mentions of ``partner_lists.tsv`` are repeated to 20,000 rows, each with its own reading
errors, so that no two are equal, and resolved end to end with their country hints.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from random import Random
from typing import Any

from rapidfuzz import fuzz, process

from instmatch.evaluate import read_gold
from instmatch.learn.noise import garble
from instmatch.resolver import Resolver
from instmatch.text import fold

DATA = Path(__file__).parent / "data"
ROWS = 20_000
SCANNED = 40


def noisy_rows(count: int, seed: int = 0) -> list[tuple[str, str | None]]:
    """Return distinct disturbed mentions with their hints."""
    gold = read_gold(DATA / "partner_lists.tsv")
    rng = Random(seed)
    rows: dict[str, str | None] = {}
    while len(rows) < count:
        row = rng.choice(gold)
        rows[garble(garble(row.mention, rng), rng)] = row.hint or None
    return list(rows.items())


def per_second(resolver: Resolver, rows: list[tuple[str, str | None]]) -> float:
    """Return how many rows a resolver answers in a second."""
    start = time.perf_counter()
    resolver.resolve([name for name, _ in rows], [hint for _, hint in rows])
    return len(rows) / (time.perf_counter() - start)


def scan_per_second(scorer: Any, rows: list[tuple[str, str | None]], names: list[str]) -> float:
    """Return how many rows a scan over all names answers in a second."""
    start = time.perf_counter()
    for name, _ in rows[:SCANNED]:
        process.extractOne(fold(name), names, scorer=scorer)
    return SCANNED / (time.perf_counter() - start)


def measure() -> dict[str, Any]:
    """Return names per second of each way, and the ratio to the slowest."""
    rows = noisy_rows(ROWS)
    resolver = Resolver()
    resolver.resolve_one("東京大学")
    names = [fold(name.value) for one in resolver.index.institutions() for name in one.names]
    speeds = {
        "rapidfuzz WRatio, full scan": scan_per_second(fuzz.WRatio, rows, names),
        "rapidfuzz ratio, full scan": scan_per_second(fuzz.ratio, rows, names),
        "instmatch, 1 process": per_second(resolver, rows),
        "instmatch, 2 processes": per_second(Resolver(workers=2), rows),
    }
    slowest = min(speeds.values())
    return {
        "cores": os.cpu_count(),
        "rows": len(rows),
        "names in the index": len(names),
        "names per second": {way: round(speed, 1) for way, speed in speeds.items()},
        "ratio to the slowest": {way: round(speed / slowest, 1) for way, speed in speeds.items()},
    }


def main() -> None:
    """Print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    text = json.dumps(measure(), indent=1, ensure_ascii=False)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
