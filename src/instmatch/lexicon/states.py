"""States and provinces that stand for their country in addresses: MA, Ontario, NSW.

The table, ``data/states.tsv``, holds those of the countries whose addresses often end with them.
"""

from __future__ import annotations

from functools import cache

from instmatch.tables import packaged, read_table
from instmatch.text import fold


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    rows = read_table(packaged(__package__, "states.tsv"), ("name", "code", "country"))
    for _, row in rows:
        for key in (fold(row["name"]), row["code"]):
            table[key] = table.get(key, frozenset()) | {row["country"]}
    return table


def state_countries(text: str) -> frozenset[str] | None:
    """Return the countries that have a state of this name, or of this code in capitals.

    >>> sorted(state_countries("Massachusetts")), sorted(state_countries("WA"))
    (['US'], ['AU', 'US'])
    >>> state_countries("ma") is None
    True
    """
    table = _table()
    return table.get(text) or table.get(fold(text))
