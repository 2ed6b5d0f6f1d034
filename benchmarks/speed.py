"""Speed and memory: exact names, names with two random errors, misread CJK mentions.

    python benchmarks/speed.py [--gazetteer INDEX] [--output benchmarks/results/speed.json]

Each list has 20,000 distinct rows, resolved end to end, in one process and in two. In the same
run the same rows go through plain ways, so that the ratios do not depend on the machine: scans
over all names with rapidfuzz, and a product of character trigrams with sparse_dot_topn, which
ends at candidates.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from instmatch.evaluate import read_gold
from instmatch.index import Index
from instmatch.learn.noise import garble
from instmatch.resolver import Resolver
from instmatch.text import fold
from instmatch.text.scripts import script_of

DATA = Path(__file__).parent / "data"
ROWS = 20_000
SCANNED = 40
SINGLE = 1_000
ACRONYM = 3

Rows = list[tuple[str, str | None]]


def exact_rows(index: Index, count: int, seed: int = 0) -> Rows:
    """Return distinct names of the index, acronyms apart, half of them with their country."""
    rng = Random(seed)
    rows: dict[str, str | None] = {}
    named = np.flatnonzero(index.arrays["name.kind"] != ACRONYM).tolist()
    for row in rng.sample(named, len(named)):
        country = index.country(int(index.arrays["name.inst"][row]))
        rows.setdefault(index.texts["value"][row], country if len(rows) % 2 else None)
        if len(rows) == count:
            break
    return [*rows.items()]


def two_errors(index: Index, count: int, seed: int = 1) -> Rows:
    """Return names of the index, each with two random errors of single characters."""
    return [*{wrong: country for _, wrong, country in misprinted(index, count, seed)}.items()]


def misprinted(index: Index, count: int, seed: int) -> list[tuple[str, str, str | None]]:
    """Return names of the index, the same with two random errors, and their countries."""
    rng = Random(seed)
    rows = exact_rows(index, count, seed)
    letters: dict[str, list[str]] = {}
    for name, _ in rows:
        letters.setdefault(script_of(name), []).extend(name.replace(" ", ""))
    found: list[tuple[str, str, str | None]] = []
    for name, country in rows:
        chars = [*name]
        for _ in range(2):
            place = rng.randrange(len(chars))
            other = rng.choice(letters[script_of(name)])
            change = rng.randrange(4)
            if change == 0:
                chars[place] = other
            elif change == 1:
                chars.insert(place, other)
            elif change == 2 and len(chars) > 2:
                del chars[place]
            else:
                chars[place - 1], chars[place] = chars[place], chars[place - 1]
        found.append((name, "".join(chars), country))
    return found


def noisy_rows(count: int, seed: int = 0) -> Rows:
    """Return distinct mentions in CJK scripts, twice misread, with their hints."""
    rows_of_file = read_gold(DATA / "partner_lists.tsv")
    gold = [row for row in rows_of_file if script_of(row.mention) != "latin"]
    rng = Random(seed)
    rows: dict[str, str | None] = {}
    while len(rows) < count:
        row = rng.choice(gold)
        rows[garble(garble(row.mention, rng), rng)] = row.hint or None
    return [*rows.items()]


def per_second(resolver: Resolver, rows: Rows) -> float:
    """Return how many rows a resolver answers in a second."""
    start = time.perf_counter()
    resolver.resolve([name for name, _ in rows], [hint for _, hint in rows])
    return len(rows) / (time.perf_counter() - start)


def each(work: Callable[[str], object], names: Iterable[str]) -> float:
    """Return how many names are worked off in a second, one after the other."""
    start = time.perf_counter()
    count = sum(1 for _ in map(work, names))
    return count / (time.perf_counter() - start)


def plain_ways(index: Index, rows: Rows) -> dict[str, float]:
    """Return names per second of what needs no more than a library."""
    names = [fold(name.value) for one in index.institutions() for name in one.names]
    asked = [fold(name) for name, _ in rows]
    some = asked[:SCANNED]
    known = trigrams(names)
    start = time.perf_counter()
    sp_matmul_topn(trigrams(asked), known.T.tocsr(), top_n=10, threshold=0.1)
    product = len(asked) / (time.perf_counter() - start)
    return {
        "rapidfuzz WRatio, full scan": each(
            lambda name: process.extractOne(name, names, scorer=fuzz.WRatio), some
        ),
        "rapidfuzz ratio, full scan": each(
            lambda name: process.extractOne(name, names, scorer=fuzz.ratio), some
        ),
        "trigrams and sparse_dot_topn, candidates only": product,
    }


def trigrams(texts: list[str]) -> sparse.csr_matrix:
    """Return texts as unit vectors of hashed trigrams."""
    from sklearn.feature_extraction.text import HashingVectorizer

    made: sparse.csr_matrix = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), n_features=1 << 18, dtype=np.float32
    ).transform(texts)
    return made


def one_by_one(resolver: Resolver, rows: Rows) -> dict[str, float]:
    """Return milliseconds for one name in a warm process."""
    for name, hint in rows[:SINGLE]:
        resolver.resolve_one(name, hint)
    taken: list[float] = []
    for name, hint in rows[SINGLE : 2 * SINGLE]:
        start = time.perf_counter()
        resolver.resolve_one(name, hint)
        taken.append(1000 * (time.perf_counter() - start))
    return {
        "median": round(float(np.median(taken)), 2),
        "99th percentile": round(float(np.percentile(taken, 99)), 2),
    }


def first_answer(gazetteer: Path | None) -> float:
    """Return the seconds a new process takes from its start to the first answer, at best."""
    given = repr(str(gazetteer)) if gazetteer else "None"
    code = f"from instmatch import Resolver; Resolver({given}).resolve_one('バンドンエ科大学')"
    taken: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own code
        taken.append(time.perf_counter() - start)
    return round(min(taken), 2)


def resident() -> float:
    """Return the resident memory of this process in MB; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000)


def measure(gazetteer: Path | None) -> dict[str, Any]:
    """Return all figures."""
    resolver = Resolver(gazetteer)
    index = resolver.index
    lists = {
        "exact names": exact_rows(index, ROWS),
        "names with two random errors": two_errors(index, ROWS),
        "CJK mentions, twice misread": noisy_rows(ROWS),
    }
    start = first_answer(gazetteer)
    for rows in lists.values():
        per_second(resolver, rows[:50])
    single = one_by_one(resolver, lists["CJK mentions, twice misread"])
    speeds: dict[str, dict[str, float]] = {}
    for title, rows in lists.items():
        # Two processes first, so that nothing is warm that would not be.
        two = per_second(Resolver(index, resolver.model, workers=2), rows)
        speeds[title] = {"two processes": two, "one process": per_second(resolver, rows)}
    memory = resident()
    plain = plain_ways(index, lists["names with two random errors"])
    slowest = min(plain.values())
    return {
        "cores": os.cpu_count(),
        "rows": ROWS,
        "institutions": index.meta["institutions"],
        "names": index.meta["names"],
        "names per second": {
            **{title: _rounded(found) for title, found in speeds.items()},
            "plain ways, on names with two random errors": _rounded(plain),
        },
        "times the slowest plain way": {
            title: {way: round(speed / slowest) for way, speed in found.items()}
            for title, found in (*speeds.items(), ("plain ways", plain))
        },
        "one name in a warm process, ms": single,
        "new process to first answer, s": start,
        "resident memory, MB": memory,
    }


def shown(arguments: list[str]) -> str:
    """Return a command as it is frozen: files outside the project by their names alone."""
    inside = ("benchmarks/",)
    names = [one if one.startswith(("-", *inside)) else Path(one).name for one in arguments[1:]]
    return " ".join(["python", f"benchmarks/{Path(arguments[0]).name}", *names])


def _rounded(speeds: dict[str, float]) -> dict[str, float]:
    return {way: round(speed, 1) for way, speed in speeds.items()}


def main() -> None:
    """Print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gazetteer", type=Path, help="index; by default the installed one")
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    text = json.dumps(
        {"command": shown(sys.argv)} | measure(options.gazetteer), indent=1, ensure_ascii=False
    )
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
