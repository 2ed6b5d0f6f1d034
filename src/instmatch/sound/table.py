"""The learned table: which Latin letters each symbol stands for, and how often."""

from __future__ import annotations

import lzma
import math
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from instmatch.files import atomic_write
from instmatch.sound.symbols import syllable, symbols
from instmatch.tables import packaged

LONGEST: Final = 4
"""Most letters that one symbol stands for, as ウェ in Wein- or シュ in Schu-."""

_BASE: Final = 27
_CHOICES: Final = 4
_UNSEEN: Final = (-4.0, -6.5, -8.5, -11.0, -14.0)
"""Log-probability of letters that a symbol was never seen with, by their number."""

Row = tuple[str, str, float]
"""A symbol, letters, and the probability that it stands for them."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class SoundTable:
    """What symbols stand for.

    Args:
        rows: the table; the rows of a symbol stand together.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._number: dict[str, int] = {}
        self._choices: list[list[tuple[str, float]]] = []
        for symbol, letters, share in self.rows:
            if symbol not in self._number:
                self._number[symbol] = len(self._choices)
                self._choices.append([])
            self._choices[-1].append((letters, share))

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> SoundTable:
        """Return the table installed with the package."""
        with lzma.open(packaged(__package__, "sound.tsv.xz"), "rt", encoding="utf-8") as file:
            next(file)
            cells = [line.rstrip("\n").split("\t") for line in file]
        return cls((symbol, letters, float(share)) for symbol, letters, share in cells)

    def save(self, path: Path) -> None:
        """Write the table, all or nothing."""
        lines = [f"{symbol}\t{letters}\t{share:.3f}\n" for symbol, letters, share in self.rows]
        content = "".join(["symbol\tletters\tshare\n", *lines]).encode()
        with atomic_write(path) as file:
            file.write(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))

    def numbers(self, found: Sequence[str]) -> tuple[int, ...]:
        """Return the numbers of symbols; a rare Han character has that of its syllable.

        Symbols that the table does not know are left out.
        """
        known = self._number
        rows = [known.get(one, known.get(syllable(one), -1)) for one in found]
        return tuple([row for row in rows if row >= 0])

    def spell(self, text: str, area: str, most: int = 1) -> list[str]:
        """Return the likeliest Latin spellings of a folded name, the best first.

        Args:
            text: a folded name or a part of one.
            area: one of `instmatch.sound.AREAS`.
            most: how many spellings at most.

        >>> SoundTable.load().spell("ミシガン", "X")
        ['misigan']
        """
        best: list[tuple[float, str]] = [(0.0, "")]
        for row in self.numbers(symbols(text, area)):
            tried: dict[str, float] = {}
            for cost, letters in best:
                for more, choice in self._likeliest[row][:most]:
                    known = tried.get(choice_made := letters + choice)
                    if known is None or cost + more < known:
                        tried[choice_made] = cost + more
            best = sorted((cost, letters) for letters, cost in tried.items())[:most]
        return [letters for _, letters in best]

    @cached_property
    def _likeliest(self) -> list[list[tuple[float, str]]]:
        """For each symbol the cost and letters of its likeliest choices, cheapest first."""
        return [
            sorted((-math.log(max(share, 1e-3)), letters) for letters, share in choices)[:_CHOICES]
            for choices in self._choices
        ]

    @cached_property
    def _letters(self) -> dict[str, int]:
        found = {letters for _, letters, _ in self.rows if letters}
        return {letters: number for number, letters in enumerate(sorted(found), LONGEST + 1)}

    @cached_property
    def _codes(self) -> npt.NDArray[np.int32]:
        """Column of each string of at most four letters, by its number to the base 27."""
        lengths = sum((np.arange(_BASE**LONGEST) >= _BASE**power) for power in range(LONGEST))
        columns: npt.NDArray[np.int32] = np.asarray(lengths, np.int32)
        for letters, column in self._letters.items():
            columns[_code(letters)] = column
        return columns

    def columns(self, texts: Sequence[str], width: int) -> npt.NDArray[np.int32]:
        """Return the columns of `odds` for all letters of some texts.

        Args:
            texts: texts of the letters a to z.
            width: letters that are looked at.

        Returns:
            For each number of letters up to `LONGEST`, each text and each place in it, the
            column of so many letters from there on.
        """
        padded = [text[:width].ljust(width + LONGEST, "`") for text in texts]
        digits = np.frombuffer("".join(padded).encode(), np.uint8).astype(np.int64) - 96
        digits = digits.reshape(len(texts), -1)
        code = np.zeros((len(texts), width), np.int64)
        out = [self._codes[code]]
        for size in range(LONGEST):
            code = code * _BASE + digits[:, size : size + width]
            out.append(self._codes[code])
        return np.array(out)

    def odds(self, numbers: Ints) -> Floats:
        """Return the log-probabilities of some symbols, one row each, a column for all letters."""
        out = np.tile(np.array(_UNSEEN, np.float32), (len(numbers), 1))
        by_letters = np.array(_UNSEEN, np.float32)[[*map(len, self._letters)]]
        out = np.hstack([out, np.tile(by_letters, (len(numbers), 1))])
        for row, number in enumerate(numbers.tolist()):
            columns, logs = self._logs[number]
            out[row, columns] = logs
        return out

    @cached_property
    def _logs(self) -> list[tuple[Any, Any]]:
        letters = self._letters
        return [
            (
                np.array([letters.get(one, 0) for one, _ in choices]),
                np.log([max(share, 1e-3) for _, share in choices]),
            )
            for choices in self._choices
        ]


def _code(letters: str) -> int:
    code = 0
    for letter in letters:
        code = code * _BASE + ord(letter) - 96
    return code
