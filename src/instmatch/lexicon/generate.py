"""Write the country and place tables: ``python -m instmatch.lexicon.generate``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from instmatch.files import atomic_write

_LANGUAGES: Final = (
    "ja zh-Hans zh-Hant ko en de fr es it pt nl sv no da fi id ms tr pl cs sk hu ro ru uk vi el "
    "ar fa th mn"
).split()
_BABEL_LOCALES: Final = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "no": "nb"}
_NOT_ISO: Final = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())


def country_rows() -> list[tuple[str, str, str]]:
    from babel import Locale

    rows: set[tuple[str, str, str]] = set()
    for language in _LANGUAGES:
        territories = Locale.parse(_BABEL_LOCALES.get(language, language)).territories
        for code, name in territories.items():
            if len(code) == 2 and code not in _NOT_ISO:
                rows.add((code, language, " ".join(name.split())))
    return sorted(rows)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return "".join("\t".join(row) + "\n" for row in [header, *rows]).encode()


if __name__ == "__main__":
    with atomic_write(Path(__file__).parent / "data" / "countries.tsv") as file:
        file.write(table(("code", "lang", "name"), country_rows()))
