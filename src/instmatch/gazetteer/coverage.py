"""What a gazetteer covers: institutions and names by country and by language, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from instmatch.gazetteer.model import Institution, Name
from instmatch.tables import packaged, read_table

_COLUMNS: Final = ("ja", "zh-Hans", "zh-Hant", "ko", "en", "other", "acronym")
"""Languages that lists are written in; ``other`` is any other, for the most part the native one."""

_HEAD: Final = """\
# Coverage

Made by `instmatch gazetteer coverage`; not edited by hand. `other` is any other language, for the
most part that of the country; acronyms have none.
"""


def coverage(institutions: Sequence[Institution]) -> str:
    """Return the report on what a gazetteer covers.

    Args:
        institutions: in any order.

    Returns:
        Markdown: a table by language, and one by country with the names in each language.

    >>> name = Name("Keio University", "en", "label", "official")
    >>> print(coverage([Institution("im:JP-keio", name.value, "JP", (name,))]))
    ... # doctest: +ELLIPSIS +NORMALIZE_WHITESPACE
    # Coverage
    ...
    | code | country | institutions | names | ja | zh-Hans | zh-Hant | ko | en | other | acronym |
    |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
    | JP | Japan | 1 | 1 | 0 | 0 | 0 | 0 | 1 | 0 | 0 |
    | | **all** | 1 | 1 | 0 | 0 | 0 | 0 | 1 | 0 | 0 |
    """
    return "\n".join((_HEAD, *_by_language(institutions), "", *_by_country(institutions), ""))


def _by_language(institutions: Sequence[Institution]) -> Iterator[str]:
    names = _names(institutions)
    bearers = Counter(
        column for one in institutions for column in {_column(name) for name in one.names}
    )
    yield "## By language\n"
    yield _row("language", "institutions with a name in it", "share", "names")
    yield "|---|--:|--:|--:|"
    for column in _COLUMNS:
        share = f"{bearers[column] / max(len(institutions), 1):.0%}"
        yield _row(column, f"{bearers[column]:,}", share, f"{names[column]:,}")
    yield _row("**all**", f"{len(institutions):,}", "100%", f"{names.total():,}")


def _by_country(institutions: Sequence[Institution]) -> Iterator[str]:
    countries: dict[str, list[Institution]] = {}
    for one in institutions:
        countries.setdefault(one.country, []).append(one)
    yield "## By country\n"
    yield _row("code", "country", "institutions", "names", *_COLUMNS)
    yield "|---|---|" + "--:|" * (2 + len(_COLUMNS))
    for code, group in sorted(countries.items()):
        yield _row(code, _english().get(code, ""), *_counts(group))
    yield _row("", "**all**", *_counts(institutions))


def _counts(institutions: Sequence[Institution]) -> Iterator[str]:
    names = _names(institutions)
    for number in (len(institutions), names.total(), *(names[column] for column in _COLUMNS)):
        yield f"{number:,}"


def _names(institutions: Iterable[Institution]) -> Counter[str]:
    """Return how many names stand in each column."""
    return Counter(_column(name) for one in institutions for name in one.names)


def _column(name: Name) -> str:
    if name.kind == "acronym":
        return "acronym"
    return name.lang if name.lang in _COLUMNS else "other"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


@cache
def _english() -> dict[str, str]:
    """Return the English names of countries by code."""
    table = read_table(packaged("instmatch.lexicon", "countries.tsv"), ("code", "lang", "name"))
    return {row["code"]: row["name"] for _, row in table if row["lang"] == "en"}
