"""More names by ROR id: a table of labels, or what Wikidata's query service answers.

ROR holds few names in Chinese, Japanese and Korean; Wikidata holds many, and the ROR id (P6782)
joins the two. `SPARQL` asks for them; the JSON that the service answers is read as it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from instmatch.errors import InputError
from instmatch.gazetteer.model import Name
from instmatch.gazetteer.names import tidy
from instmatch.tables import read_table

SPARQL: Final = """\
SELECT ?ror ?name WHERE {
  ?item wdt:P6782 ?ror .
  { ?item rdfs:label ?name } UNION { ?item skos:altLabel ?name }
  FILTER(LANG(?name) IN ("ja", "zh", "zh-hans", "zh-cn", "zh-hant", "zh-tw", "zh-hk", "ko"))
}
"""
"""The query, for https://query.wikidata.org; save the answer as JSON."""

_LANG: Final = {
    "zh": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
}

Labels = dict[str, list[Name]]


def read_labels(path: Path) -> Labels:
    """Read names by id.

    Args:
        path: a tab-separated file with the columns ``id``, ``lang`` and ``name``, or the JSON
            result of `SPARQL`.

    Returns:
        The names by ROR id, as aliases.

    Raises:
        InputError: if the file is neither.
    """
    rows = _json_rows(path) if path.suffix.lower() == ".json" else _table_rows(path)
    labels: Labels = {}
    for id, lang, name in rows:
        if value := tidy(name):
            language = _LANG.get(lang.lower(), lang)
            labels.setdefault(_full_id(id), []).append(Name(value, language, "alias", "usage"))
    return labels


def _table_rows(path: Path) -> list[tuple[str, str, str]]:
    columns = ("id", "lang", "name")
    return [(row["id"], row["lang"], row["name"]) for _, row in read_table(path, columns)]


def _json_rows(path: Path) -> list[tuple[str, str, str]]:
    try:
        answer: Any = json.loads(path.read_text(encoding="utf-8"))
        return [
            (str(row["ror"]["value"]), str(row["name"]["xml:lang"]), str(row["name"]["value"]))
            for row in answer["results"]["bindings"]
        ]
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}).") from error
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: this is not the JSON answer of Wikidata's query service to the query in "
            f"docs/registry.md ({error!r:.200})."
        ) from error


def _full_id(id: str) -> str:
    """Return a ROR id as an address; Wikidata gives its last part only.

    >>> _full_id("00apj8t60")
    'https://ror.org/00apj8t60'
    """
    return f"https://ror.org/{id.removeprefix('https://ror.org/')}"
