"""Learning what CJK symbols sound like: ``python -m instmatch.learn.sound [GAZETTEER]``.

In: names of places (``lexicon/data/places.tsv.xz``) and of institutions in CJK scripts beside those
in Latin letters. Out: ``sound/data/sound.tsv.xz``, the same bytes for the same names.

No letter of a pair is told which symbol it belongs to. Expectation-maximisation finds that out:
every way to share out the letters among the symbols counts as much as it is likely, the counts
give new likelihoods, and so on (the many-to-many aligner of Jiampojamarn, Kondrak and Sherif,
2007, with one symbol to at most four letters). Of the several Latin names of a place or
institution each counts as much as it is a transliteration of the CJK one, in place of chance.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from instmatch.gazetteer.curated import read_curated
from instmatch.gazetteer.model import Institution
from instmatch.lexicon import analyse
from instmatch.lexicon.countries import country_names
from instmatch.lexicon.exonyms import bare_place
from instmatch.lexicon.places import Place, read_places
from instmatch.sound.symbols import area_of, letters_of, syllable, symbols
from instmatch.sound.table import LONGEST, Row, SoundTable
from instmatch.text import fold
from instmatch.text.scripts import CJK, script_of

ROUNDS: Final = 5
_MOST_SYMBOLS: Final = 20
_MOST_LETTERS: Final = 26
_MOST_NAMES: Final = 6
_PART: Final = 20_000
_BASE: Final = 27

_LENGTHS: Final = np.array([0.12, 0.33, 0.35, 0.15, 0.05])
"""How many letters a symbol stands for, to begin with."""

_SYLLABLE_WEIGHT: Final = 8.0
"""How many sightings the other characters of its syllable are worth to a Han character."""

_LEAST_SEEN: Final = 0.7
_LEAST_SHARE: Final = 0.004
_UNSEEN: Final = 1e-4

_HAS_CJK: Final = re.compile(f"[{CJK}]")
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Sample(NamedTuple):
    """A CJK name and the Latin names beside it.

    Attributes:
        text: its fold, without type words and spaces.
        area: whose reading of Han characters it has (see `instmatch.sound.symbols`).
        latin: the letters a to z of each Latin name.
    """

    text: str
    area: str
    latin: tuple[str, ...]


def place_samples(places: Iterable[Place]) -> list[Sample]:
    """Return the CJK names of places beside their Latin ones."""
    found: list[Sample] = []
    for place in places:
        names = (place.name, *place.alternates)
        latin = _letters(name for name in names if script_of(name) == "latin")
        area = area_of(place.country)
        found += [
            Sample(bare_place(fold(name)), area, latin) for name in names if _HAS_CJK.search(name)
        ]
    return found


def institution_samples(institutions: Iterable[Institution]) -> list[Sample]:
    """Return the distinguishing parts of the names of institutions."""
    found: list[Sample] = []
    for one in institutions:
        forms = [(name.value, analyse(name.value)) for name in one.names if name.kind != "acronym"]
        latin = _letters(form.rest for _, form in forms if form.script == "latin")
        if not latin:
            continue
        area = area_of(one.country)
        found += [
            Sample(form.rest.replace(" ", ""), area, latin)
            for value, form in forms
            if form.rest and _HAS_CJK.search(value) and not _names_country(form.rest)
        ]
    return found


def _names_country(rest: str) -> bool:
    """Tell whether a country is named, which is translated rather than spelled by its sound."""
    return any(rest.startswith(name) for name in _country_names())


@cache
def _country_names() -> frozenset[str]:
    names = (
        fold(name)
        for languages in country_names().values()
        for language in ("ja", "zh-Hans", "zh-Hant", "ko")
        for name in languages.get(language, ())
    )
    return frozenset(name for name in names if len(name) > 1)


def _letters(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, dict.fromkeys(map(letters_of, names))))


def fit_sound(samples: Sequence[Sample], rounds: int = ROUNDS) -> SoundTable:
    """Learn what symbols stand for.

    Args:
        samples: CJK names and the Latin names beside them.
        rounds: rounds of expectation and maximisation.
    """
    return _Fit(samples).run(rounds)


class _Fit:
    """Pairs laid out as arrays, and what is believed of them."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        pairs = [
            (number, found, latin)
            for number, one in enumerate(samples)
            for found in [symbols(one.text, one.area)]
            if 2 <= len(found) <= _MOST_SYMBOLS
            for latin in one.latin[:_MOST_NAMES]
            if _comparable(found, latin)
        ]
        if not pairs:
            pairs = [(0, ("a", "a"), "aa")]
        pairs.sort(key=lambda pair: (len(pair[1]), len(pair[2])))
        self.sample = np.unique([number for number, _, _ in pairs], return_inverse=True)[1]
        self.names = sorted({one for _, found, _ in pairs for one in found})
        number = {one: row for row, one in enumerate(self.names)}
        self.lengths = np.array([len(found) for _, found, _ in pairs])
        self.symbols = np.zeros((len(pairs), _MOST_SYMBOLS), np.int64)
        self.symbols[np.arange(_MOST_SYMBOLS) < self.lengths[:, None]] = [
            number[one] for _, found, _ in pairs for one in found
        ]
        self.letters = np.array([len(latin) for _, _, latin in pairs])
        padded = "".join(latin.ljust(_MOST_LETTERS + LONGEST, "`") for _, _, latin in pairs)
        digits = np.frombuffer(padded.encode(), np.uint8).astype(np.int64) - 96
        self.digits = digits.reshape(len(pairs), -1)
        seen = np.bincount(digits[digits > 0], minlength=_BASE)
        self.chance = np.log(np.maximum(seen, 1) / seen.sum())
        codes = np.zeros((LONGEST + 1, len(pairs), _MOST_LETTERS), np.int64)
        for size in range(1, LONGEST + 1):
            start = size - 1
            codes[size] = codes[size - 1] * _BASE + self.digits[:, start : start + _MOST_LETTERS]
        self.chunks, columns = np.unique(codes, return_inverse=True)
        self.columns = columns.reshape(codes.shape).astype(np.int32)
        self.chunk_length, self.chunk_chance = self._describe()
        group = {one: syllable(one) or one for one in self.names}
        self.groups = sorted({*group.values()})
        place = {one: row for row, one in enumerate(self.groups)}
        self.group = np.array([place[group[one]] for one in self.names])
        self.weight = 1 / np.bincount(self.sample)[self.sample]

    def _describe(self) -> tuple[Ints, Floats]:
        """Return of each chunk of letters how many there are and how likely by chance."""
        length = np.zeros(len(self.chunks), np.int64)
        chance = np.zeros(len(self.chunks))
        left = self.chunks.copy()
        for _ in range(LONGEST):
            digit = left % _BASE
            length += digit > 0
            chance += np.where(digit > 0, self.chance[digit], 0)
            left //= _BASE
        return length, chance

    def run(self, rounds: int) -> SoundTable:
        """Return what is believed after some rounds."""
        believed: _Belief | None = None
        for round_ in range(rounds):
            believed, ratio = self._round(believed)
            if round_:
                odds = np.exp(np.clip(ratio, -50, 50))
                self.weight = odds / (1 + np.bincount(self.sample, odds)[self.sample])
        assert believed is not None
        return SoundTable(believed.rows())

    def _round(self, believed: _Belief | None) -> tuple[_Belief, Floats]:
        """Return what follows from what was believed, and the log-odds of each pair to chance."""
        ratio = np.zeros(len(self.lengths))
        cells: list[Ints] = []
        counts: list[Floats] = []
        for start in range(0, len(self.lengths), _PART):
            rows = slice(start, start + _PART)
            found = self._part(rows, believed, ratio)
            # Most cells come again and again; they are added up part by part.
            distinct, inverse = np.unique(np.concatenate(found[0]), return_inverse=True)
            cells.append(distinct)
            counts.append(_counted(inverse, np.concatenate(found[1])))
        distinct, inverse = np.unique(np.concatenate(cells), return_inverse=True)
        return _Belief(self, distinct, _counted(inverse, np.concatenate(counts))), ratio

    def _part(
        self, rows: slice, believed: _Belief | None, ratio: Floats
    ) -> tuple[list[Ints], list[Floats]]:
        """Forward and backward over some pairs; return cells of the table and their counts."""
        lengths, letters = self.lengths[rows], self.letters[rows]
        width, deep = int(letters.max()), int(lengths.max())
        columns = self.columns[:, rows, :width]
        numbers = self.symbols[rows]
        count = len(lengths)
        everyone = np.arange(count)
        place = np.arange(width + 1)
        forward = np.zeros((deep + 1, count, width + 1))
        forward[0, :, 0] = 1
        scale = np.zeros(count)
        shares: list[list[Floats]] = []
        for step in range(deep):
            here = [
                self._share(
                    believed, numbers[:, step], columns[size][:, : 1 if not size else width]
                )
                for size in range(LONGEST + 1)
            ]
            for size in range(1, LONGEST + 1):
                here[size] = here[size] * (place[:width] + size <= letters[:, None])
            shares.append(here)
            after = forward[step] * here[0]
            for size in range(1, min(LONGEST, width) + 1):
                reach = width + 1 - size
                after[:, size:] += forward[step][:, :reach] * here[size][:, :reach]
            if believed is None:
                after *= _near(place, (step + 1) / lengths * letters)
            after = np.where((step < lengths)[:, None], after, forward[step])
            total = np.maximum(after.sum(1), 1e-300)
            scale += np.log(total)
            forward[step + 1] = after / total[:, None]
        end = forward[deep][everyone, letters]
        by_chance = np.where(
            place[:width] < letters[:, None], self.chance[self.digits[rows, :width]], 0
        )
        ratio[rows] = np.log(np.maximum(end, 1e-300)) + scale - by_chance.sum(1)
        backward = np.zeros((count, width + 1))
        backward[everyone, letters] = 1
        weight = self.weight[rows] * (end > 0)
        cells: list[Ints] = []
        counts: list[Floats] = []
        for step in range(deep - 1, -1, -1):
            before = backward * shares[step][0]
            posts = [forward[step] * before]
            for size in range(1, LONGEST + 1):
                post = np.zeros((count, width))
                reach = max(width + 1 - size, 0)
                post[:, :reach] = shares[step][size][:, :reach] * backward[:, size:]
                before[:, :width] += post
                posts.append(post * forward[step][:, :width])
            total = np.maximum(sum(post.sum(1) for post in posts), 1e-300)
            factor = (weight * (step < lengths) / total)[:, None]
            row = numbers[:, step] * len(self.chunks)
            cells.append(row)
            counts.append((posts[0] * factor).sum(1))
            for size in range(1, LONGEST + 1):
                post = posts[size] * factor
                kept = post > 1e-4
                cells.append((row[:, None] + columns[size])[kept])
                counts.append(post[kept])
            if believed is None:
                before *= _near(place, step / lengths * letters)
            before = np.where((step < lengths)[:, None], before, backward)
            backward = before / np.maximum(before.sum(1), 1e-300)[:, None]
        return cells, counts

    def _share(
        self, believed: _Belief | None, numbers: Ints, columns: npt.NDArray[np.int32]
    ) -> Floats:
        if believed is None:
            start: Floats = _LENGTHS[self.chunk_length[columns]]
            return start * np.exp(self.chunk_chance[columns] * 0.5)
        return believed.share(numbers, columns)


class _Belief:
    """What symbols are believed to stand for."""

    def __init__(self, fit: _Fit, cells: Ints, counts: Floats) -> None:
        kept = counts > 0.02
        self.fit, self.cells, self.counts = fit, cells[kept], counts[kept]
        symbol, chunk = np.divmod(self.cells, len(fit.chunks))
        self.total = np.bincount(symbol, self.counts, minlength=len(fit.names))
        by_group = fit.group[symbol] * len(fit.chunks) + chunk
        self.group_cells, inverse = np.unique(by_group, return_inverse=True)
        counted = np.bincount(inverse, self.counts)
        group = self.group_cells // len(fit.chunks)
        self.group_total = np.bincount(group, counted, minlength=len(fit.groups))
        self.group_share = counted / self.group_total[group]

    def share(self, numbers: Ints, columns: npt.NDArray[np.integer]) -> Floats:
        """Return the probability that symbols stand for chunks of letters."""
        fit = self.fit
        size = len(fit.chunks)
        seen = _found(self.cells, self.counts, numbers[:, None] * size + columns)
        alike = _found(
            self.group_cells, self.group_share, fit.group[numbers][:, None] * size + columns
        )
        length = fit.chunk_length[columns]
        floor = _UNSEEN * np.exp(fit.chunk_chance[columns]) * 0.1 ** np.abs(length - 1.5)
        total = self.total[numbers][:, None] + _SYLLABLE_WEIGHT
        shares: Floats = (seen + _SYLLABLE_WEIGHT * alike) / total + floor
        return shares

    def rows(self) -> list[Row]:
        """Return the table: symbols seen, and syllables for the Han characters that were not."""
        fit = self.fit
        symbol, chunk = np.divmod(self.cells, len(fit.chunks))
        share = self.share(symbol, chunk[:, None])[:, 0]
        # A letter stands for itself; it needs no learning.
        latin = np.array([name.isascii() for name in fit.names])
        kept = (self.counts >= _LEAST_SEEN) & (share >= _LEAST_SHARE) & ~latin[symbol]
        found = [
            (fit.names[one], _text(int(fit.chunks[two])), float(three))
            for one, two, three in zip(symbol[kept], chunk[kept], share[kept], strict=True)
        ]
        group, chunk = np.divmod(self.group_cells, len(fit.chunks))
        kept = (self.group_share >= 4 * _LEAST_SHARE) & (self.group_total[group] >= _LEAST_SEEN)
        found += [
            (fit.groups[one], _text(int(fit.chunks[two])), float(three))
            for one, two, three in zip(
                group[kept], chunk[kept], self.group_share[kept], strict=True
            )
            if len(fit.groups[one]) > 2 and fit.groups[one] not in fit.names
        ]
        found += [(letter, letter, 0.9) for letter in "abcdefghijklmnopqrstuvwxyz"]
        return sorted(found)


def _counted(numbers: npt.NDArray[np.integer], weights: Floats) -> Floats:
    """Return the sum of the weights of each number."""
    return np.bincount(numbers, weights).astype(np.float64)


def _comparable(found: Sequence[str], latin: str) -> bool:
    return 2 <= len(latin) <= min(_MOST_LETTERS, 4 * len(found)) and len(latin) * 3 >= len(found)


def _near(place: Ints, expected: Floats) -> Floats:
    """Return a weight for places near the diagonal, which helps the first round along."""
    weight: Floats = np.exp(-((place - expected[:, None]) ** 2) / 4)
    return weight


def _found(cells: Ints, values: Floats, wanted: Ints) -> Floats:
    place = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    return np.where(cells[place] == wanted, values[place], 0)


def _text(code: int) -> str:
    letters = ""
    while code:
        code, digit = divmod(code, _BASE)
        letters = chr(96 + digit) + letters
    return letters


def main() -> None:
    """Write the table of the package."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("gazetteer")
    samples = [
        *place_samples(read_places()),
        *institution_samples(read_curated(folder).institutions),
    ]
    table = fit_sound(samples)
    path = Path(__file__).parents[1] / "sound" / "data" / "sound.tsv.xz"
    table.save(path)
    sys.stdout.write(f"{path}: {len(table.rows):,} rows from {len(samples):,} names\n")


if __name__ == "__main__":
    main()
