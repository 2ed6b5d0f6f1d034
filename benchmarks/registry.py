"""A gazetteer of registry size, to measure speed and ambiguity with.

    python benchmarks/registry.py --ror DUMP [--more NAMES.tsv.xz] --output INDEX
        [--results benchmarks/results/registry/build.json]

The curated gazetteer is laid over a ROR dump; ``--more`` adds names of organisations that have no
id there (columns name, country, types), each as an institution of its own unless one of that name
is already in its country.
"""

from __future__ import annotations

import argparse
import json
import lzma
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from accuracy import CURATED
from instmatch.gazetteer import Gazetteer, Institution, Name, read_curated
from instmatch.gazetteer.merge import merge, with_living_successors
from instmatch.gazetteer.model import own_id
from instmatch.gazetteer.ror import read_ror
from instmatch.index import Index
from instmatch.text import fold
from speed import shown


def more_names(path: Path, known: set[tuple[str, str]]) -> Iterator[Institution]:
    """Yield an institution for each name that is not known in its country yet."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            name, country, types = line.rstrip("\n").split("\t")
            key = (country, fold(name))
            if key not in known and country:
                known.add(key)
                label = Name(name, "", "label", "registry")
                yield Institution(own_id(country, name), name, country, (label,), type=types)


def registry_gazetteer(ror: Path, more: Path | None) -> Gazetteer:
    """Return the curated gazetteer laid over a dump and further names."""
    skipped: Counter[str] = Counter()
    gazetteer = merge(read_ror(ror, skipped), read_curated(CURATED))
    institutions = {one.id: one for one in with_living_successors(gazetteer.institutions)}
    if more:
        known = {
            (one.country, fold(name.value)) for one in institutions.values() for name in one.names
        }
        for one in more_names(more, known):
            institutions.setdefault(one.id, one)
    return replace(gazetteer, institutions=tuple(institutions.values()))


def main() -> None:
    """Build the index and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ror", type=Path, required=True, help="a ROR dump, zip or JSON")
    parser.add_argument("--more", type=Path, help="further names, TSV in xz")
    parser.add_argument("--output", type=Path, required=True, help="where to write the index")
    parser.add_argument("--results", type=Path, help="write what it took here as JSON")
    options = parser.parse_args()
    start = time.perf_counter()
    index = Index.build(registry_gazetteer(options.ror, options.more))
    index.save(options.output)
    told = {
        "command": shown(sys.argv),
        "institutions": index.meta["institutions"],
        "names": index.meta["names"],
        "seconds": round(time.perf_counter() - start),
        "peak memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        "index, MB": round(options.output.stat().st_size / 1e6),
    }
    text = json.dumps(told, indent=1)
    print(text)
    if options.results:
        options.results.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
