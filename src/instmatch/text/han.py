"""Han characters: one comparison form over simplified, traditional and Japanese shapes.

The table, ``data/han.tsv``, is written by ``python -m instmatch.text.generate``. It ships with the
package, so that a name folds the same with every version of OpenCC, and OpenCC, slow to load, is
not needed to read names.
"""

from __future__ import annotations

from functools import cache

from instmatch.tables import packaged, read_table


@cache
def _variant_table() -> dict[int, str]:
    rows = read_table(packaged("instmatch.text", "han.tsv"), ("char", "form"))
    return {ord(row["char"]): row["form"] for _, row in rows}


def fold_han(text: str) -> str:
    """Fold simplified, traditional and Japanese character forms into one, one for one.

    The result is a key to compare with, never something to show. Iteration marks stay.

    >>> fold_han("国立臺灣大學") == fold_han("國立台湾大学") == fold_han("国立台湾大学")
    True
    >>> fold_han("芸術") == fold_han("藝術") == fold_han("艺术")
    True
    >>> fold_han("佐々木")
    '佐々木'
    """
    return text.translate(_variant_table())
