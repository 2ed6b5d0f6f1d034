"""More names by ROR id: a table, or the answer of Wikidata's query service."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dumps import MARS, MOON, dump, gazetteer, record
from instmatch.errors import InputError
from instmatch.gazetteer import Name
from instmatch.gazetteer.labels import SPARQL, read_labels
from instmatch.gazetteer.names import LONGEST_NAME
from instmatch.index import Index

DOCS = Path(__file__).parents[2] / "docs"


def answer(folder: Path, *rows: tuple[Any, Any, Any]) -> Path:
    """Write what the query service answers."""
    bindings = [
        {
            "ror": {"type": "literal", "value": id},
            "name": {"type": "literal", "xml:lang": lang, "value": name},
        }
        for id, lang, name in rows
    ]
    path = folder / "names.json"
    told = {"head": {"vars": ["ror", "name"]}, "results": {"bindings": bindings}}
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def table(folder: Path, *rows: tuple[str, str, str]) -> Path:
    path = folder / "names.tsv"
    lines = ["\t".join(row) for row in (("id", "lang", "name"), *rows)]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_documentation_gives_the_query() -> None:
    (told,) = re.findall(
        "```sparql\n(.*?)```", (DOCS / "registry.md").read_text("utf-8"), re.DOTALL
    )
    assert told == SPARQL


@pytest.mark.parametrize("write", [answer, table])
def test_names_by_id(tmp_path: Path, write: Any) -> None:
    bare = MOON.rpartition("/")[2]
    rows = [(bare, "zh-tw", "月球大學"), (bare, "ja", " 月面 大学 "), (MARS, "zh", "火星大学")]
    assert read_labels(write(tmp_path, *rows)) == {
        MOON: [
            Name("月球大學", "zh-Hant", "alias", "usage"),
            Name("月面 大学", "ja", "alias", "usage"),
        ],
        MARS: [Name("火星大学", "zh-Hans", "alias", "usage")],
    }


def test_damaged_names_are_passed_over(tmp_path: Path) -> None:
    rows = [(MOON, "ja", name) for name in ("", " ", "x" * (LONGEST_NAME + 1), "\ud800")]
    assert read_labels(answer(tmp_path, *rows)) == {}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "3",
        '{"results": 1}',
        '{"results": {"bindings": [1]}}',
        '{"results": {"bindings": [{"ror": {"value": "x"}, "name": {"value": "x"}}]}}',
        '[{"ror": "00moon000", "name": "月"}]',
        "[" * 100_000,
    ],
    ids=lambda text: f"{text:.20}",
)
def test_what_is_no_answer(tmp_path: Path, content: str) -> None:
    path = tmp_path / "names.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"names\.json: this is not the JSON answer") as caught:
        read_labels(path)
    assert "\n" not in str(caught.value)


def test_answer_of_odd_values_hinders_nothing(tmp_path: Path) -> None:
    names = answer(tmp_path, (3, 3, 3), (None, None, None), (MOON, "ja", ["月"]))
    ror, output = dump(tmp_path / "ror.json", record()), tmp_path / "x.index"
    ran = gazetteer("build", "--ror", ror, "--names", names, "--output", output)
    assert ran.exit_code == 0, ran.output
    assert "labels of unknown ids left out: 2" in ran.stderr


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for name in ("none.json", "none.tsv"):
        with pytest.raises(InputError, match=rf"{name}: cannot be read \(No such file"):
            read_labels(tmp_path / name)


def test_build_takes_several_files_of_names(tmp_path: Path) -> None:
    ror, output = dump(tmp_path / "ror.json", record()), tmp_path / "x.index"
    names = [table(tmp_path, (MOON, "ja", "月面大学")), answer(tmp_path, (MOON, "ko", "달대학교"))]
    options = [part for path in names for part in ("--names", path)]
    ran = gazetteer("build", "--ror", ror, *options, "--output", output)
    assert ran.exit_code == 0, ran.output
    index = Index.load(output)
    for name in ("月面大学", "달대학교"):
        assert [one.id for one in index.find(name)] == [MOON]
