"""The learned sound of characters against romanising and comparing, on places held out.

    python benchmarks/sound.py [--output benchmarks/results/sound.json]

The table is fitted without every twentieth place. Of these a CJK name is asked for, and all their
Latin names, one a place, are ranked: by the likeness of the letters after romanising (kana and
hangul by rule, Han characters by their Mandarin reading), by the likeness to the learned spelling,
and by the learned likelihood.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from accuracy import CURATED, share
from instmatch.gazetteer import read_curated
from instmatch.learn.sound import fit_sound, institution_samples, place_samples
from instmatch.lexicon.exonyms import bare_place
from instmatch.lexicon.places import Place, read_places
from instmatch.sound import SoundTable, area_of, letters_of, likelihoods, symbols
from instmatch.text import fold, romanize
from instmatch.text.scripts import CJK, script_of
from speed import shown

EVERY = 20
ASKED = 300
_HAS_CJK = re.compile(f"[{CJK}]")


def held_out(place: Place) -> bool:
    """Tell whether a place takes no part in fitting."""
    return place.geonameid % EVERY == 0


def questions(places: list[Place]) -> dict[str, list[tuple[str, Place]]]:
    """Return CJK names of places by their script and where the places are."""
    found: dict[str, list[tuple[str, Place]]] = {}
    for place in places:
        for name in filter(_HAS_CJK.search, place.alternates):
            text = bare_place(fold(name))
            script, area = script_of(text), area_of(place.country)
            kind = script if script != "han" else f"han, {_WHERE[area]}"
            if len(text) > 1:
                found.setdefault(kind, []).append((text, place))
    rng = Random(1)
    return {kind: rng.sample(rows, min(ASKED, len(rows))) for kind, rows in sorted(found.items())}


_WHERE = {"X": "of places elsewhere", "C": "of China", "J": "of Japan", "K": "of Korea"}


def first(scores: Any, right: list[int]) -> list[bool]:
    """Return for each row of scores whether the right column is the best."""
    table = np.asarray(scores)
    return [bool(row[place] >= row.max()) for row, place in zip(table, right, strict=True)]


def ranked(table: SoundTable, places: list[Place], asked: list[tuple[str, Place]]) -> Any:
    """Return how often each way ranks the right place first."""
    letters = [letters_of(place.name) for place in places]
    right = [places.index(place) for _, place in asked]
    areas = [area_of(place.country) for _, place in asked]
    texts = [text for text, _ in asked]
    romanized = [re.sub("[^a-z]", "", romanize(text)) for text in texts]
    spelled = [table.spell(text, area)[0] for text, area in zip(texts, areas, strict=True)]
    sources = [table.numbers(symbols(text, area)) for text, area in zip(texts, areas, strict=True)]
    heard = [likelihoods(table, [source] * len(letters), letters) for source in sources]
    scorer = Levenshtein.normalized_similarity
    return {
        "romanised and compared": share(first(cdist(romanized, letters, scorer=scorer), right)),
        "learned spelling compared": share(first(cdist(spelled, letters, scorer=scorer), right)),
        "learned likelihood": share(first(heard, right)),
    }


def main() -> None:
    """Print and, if asked, freeze the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    places = [place for place in read_places() if len(letters_of(place.name)) > 1]
    samples = place_samples(place for place in places if not held_out(place))
    table = fit_sound([*samples, *institution_samples(read_curated(CURATED).institutions)])
    tested = [place for place in places if held_out(place)]
    told = {"command": shown(sys.argv), "places to choose from": len(tested)}
    told |= {kind: ranked(table, tested, asked) for kind, asked in questions(tested).items()}
    text = json.dumps(told, indent=1, ensure_ascii=False)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
