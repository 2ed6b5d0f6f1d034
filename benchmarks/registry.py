"""A gazetteer of registry size, to measure speed and ambiguity with.

    python benchmarks/registry.py --ror DUMP [--more NAMES.tsv.xz] --output INDEX

The curated gazetteer is laid over a ROR dump; ``--more`` adds names of organisations that have no
id there (columns name, country, types), each as an institution of its own unless one of that name
is already in its country.
"""

from __future__ import annotations

import argparse
import lzma
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from instmatch.gazetteer import Gazetteer, Institution, Name, read_curated
from instmatch.gazetteer.merge import merge, with_living_successors
from instmatch.gazetteer.model import own_id
from instmatch.gazetteer.ror import read_ror
from instmatch.index import Index
from instmatch.text import fold

CURATED = Path(__file__).parents[1] / "gazetteer"


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
    options = parser.parse_args()
    start = time.perf_counter()
    index = Index.build(registry_gazetteer(options.ror, options.more))
    index.save(options.output)
    print(
        f"{index.meta['institutions']} institutions, {index.meta['names']} names, "
        f"{options.output.stat().st_size / 2**20:.0f} MiB, "
        f"{time.perf_counter() - start:.0f} s, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB"
    )


if __name__ == "__main__":
    main()
