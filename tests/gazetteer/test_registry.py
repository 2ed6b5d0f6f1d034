"""The registry: dumps of both schemas, hostile files, more names by id, the overlay."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from instmatch.cli import main
from instmatch.errors import InputError
from instmatch.gazetteer.labels import read_labels
from instmatch.gazetteer.merge import merge, with_labels, with_living_successors
from instmatch.gazetteer.model import Institution, Name
from instmatch.gazetteer.ror import read_ror
from instmatch.index import Index
from small import BANDUNG, FOLDER, small_gazetteer

MOON = "https://ror.org/00moon000"


def record(id: str = MOON, **more: Any) -> dict[str, Any]:
    names = [
        {
            "value": "University of the Moon (Italy)",
            "types": ["ror_display", "label"],
            "lang": None,
        },
        {"value": "月大学", "types": ["label"], "lang": "zh"},
        {"value": "UM", "types": ["acronym"], "lang": None},
    ]
    place = {"geonames_id": 3169070, "geonames_details": {"country_code": "IT", "name": "Rome"}}
    base = {"id": id, "names": names, "locations": [place], "types": ["education"]}
    return base | {"status": "active", "relationships": []} | more


def dump(path: Path, *records: Any) -> Path:
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return path


def read(path: Path) -> tuple[list[Institution], Counter[str]]:
    skipped: Counter[str] = Counter()
    return list(read_ror(path, skipped)), skipped


def test_schema_2(tmp_path: Path) -> None:
    (one,), _ = read(dump(tmp_path / "ror.json", record()))
    assert (one.id, one.country, one.city, one.geonames) == (MOON, "IT", "Rome", 3169070)
    assert [(name.value, name.lang, name.kind) for name in one.names] == [
        ("University of the Moon (Italy)", "", "label"),
        ("University of the Moon", "", "alias"),
        ("月大学", "zh-Hans", "label"),
        ("UM", "", "acronym"),
    ]


def test_schema_1(tmp_path: Path) -> None:
    old = {
        "id": MOON,
        "name": "University of the Moon",
        "aliases": ["Moon University"],
        "acronyms": ["UM"],
        "labels": [{"label": "Università della Luna", "iso639": "it"}],
        "country": {"country_code": "IT"},
        "addresses": [{"city": "Rome", "geonames_city": {"id": 3169070, "city": "Rome"}}],
        "types": ["Education"],
        "status": "active",
        "relationships": [{"type": "Parent", "id": BANDUNG}],
    }
    (one,), _ = read(dump(tmp_path / "ror.json", old))
    assert (one.name, one.type, one.parent) == ("University of the Moon", "education", BANDUNG)
    assert {name.value for name in one.names} >= {"Moon University", "Università della Luna", "UM"}


def test_zip_prefers_schema_2(tmp_path: Path) -> None:
    path = tmp_path / "ror.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("v1-ror-data.json", "[]")
        archive.writestr("v1-ror-data_schema_v2.json", json.dumps([record()]))
    assert [one.id for one in read(path)[0]] == [MOON]


def test_bad_records_are_counted(tmp_path: Path) -> None:
    records = ["text", {"id": 3}, record(names=[]), record(), record(), record(locations=[])]
    records.append(record("https://ror.org/00gone000", status="withdrawn"))
    long = [{"value": "x" * 100_000, "types": ["label"], "lang": None}]
    records.append(record("https://ror.org/00long000", names=long))
    found, skipped = read(dump(tmp_path / "ror.json", *records))
    assert [one.id for one in found] == [MOON]
    assert skipped["id seen before"] == 1
    assert skipped["no names"] == 2
    assert skipped["names too long or empty"] == 1
    assert skipped["withdrawn without successor"] == 1


@pytest.mark.parametrize("content", ["", "{}", "[", "[1, 2", "no json", '{"a": 1}', "[]"])
def test_no_dump(content: str, tmp_path: Path) -> None:
    path = tmp_path / "ror.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"ror\.json"):
        read(path)


@pytest.mark.parametrize("name", ["../evil.json", "/etc/evil.json", "a/../../evil.json"])
def test_archive_that_climbs_out(name: str, tmp_path: Path) -> None:
    path = tmp_path / "ror.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, json.dumps([record()]))
    with pytest.raises(InputError, match="leads out of the archive"):
        read(path)


def test_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatch.gazetteer.ror.LARGEST", 1000)
    path = tmp_path / "ror.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ror.json", "[" + " " * 5000 + "]")
    with pytest.raises(InputError, match="no ROR dump"):
        read(path)


def test_overlay_never_stands_twice(tmp_path: Path) -> None:
    curated = small_gazetteer()
    names = [{"value": "Other name of it", "types": ["label"], "lang": "en"}]
    (registry,), _ = read(dump(tmp_path / "ror.json", record(BANDUNG, names=names)))
    merged = merge([registry], curated)
    assert len(merged.institutions) == len(curated.institutions)
    one = next(one for one in merged.institutions if one.id == BANDUNG)
    assert one.name == "Bandung Institute of Technology"
    assert "Other name of it" in {name.value for name in one.names}


def test_curated_without_id_takes_the_registry_s() -> None:
    name = Name("University of the Moon", "en", "label", "usage")
    curated = Institution("im:IT-university-of-the-moon", name.value, "IT", (name,))
    child = Institution("im:IT-child", "Child", "IT", (name,), parent=curated.id)
    registry = Institution(MOON, "Moon", "IT", (Name("university of the moon", "", "alias", ""),))
    overlay = small_gazetteer()
    overlay = type(overlay)((curated, child))
    merged = {one.id: one for one in merge([registry], overlay).institutions}
    assert merged.keys() == {MOON, "im:IT-child"}
    assert merged["im:IT-child"].parent == MOON


def test_successors_end_at_the_living() -> None:
    name = (Name("X", "en", "label", "usage"),)
    chain = [Institution(str(at), "X", "IT", name, successor=str(at + 1)) for at in range(3)]
    living = Institution("3", "X", "IT", name)
    circle = [Institution("a", "X", "IT", name, successor="b")]
    circle += [Institution("b", "X", "IT", name, successor="a")]
    lost = Institution("l", "X", "IT", name, successor="nowhere")
    found = {
        one.id: one.successor for one in with_living_successors([*chain, living, *circle, lost])
    }
    assert found == {"0": "3", "1": "3", "2": "3", "3": None, "a": None, "b": None, "l": None}


def test_labels_from_a_table_and_from_wikidata(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text(f"id\tlang\tname\n{MOON}\tja\t月面大学\n", encoding="utf-8")
    answer = tmp_path / "names.json"
    row = {"ror": {"value": "00moon000"}, "name": {"xml:lang": "zh-tw", "value": "月球大學"}}
    answer.write_text(json.dumps({"results": {"bindings": [row]}}), encoding="utf-8")
    one = Institution(MOON, "Moon", "IT", (Name("Moon", "en", "label", "registry"),))
    for path, lang, value in ((table, "ja", "月面大学"), (answer, "zh-Hant", "月球大學")):
        (named,) = with_labels([one], read_labels(path), Counter())
        assert (named.names[-1].lang, named.names[-1].value) == (lang, value)


@pytest.mark.parametrize("content", ["", "[]", '{"results": 1}', '{"results": {"bindings": [1]}}'])
def test_no_answer_of_wikidata(content: str, tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"names\.json"):
        read_labels(path)


def test_build_lays_the_curated_files_over_a_dump(tmp_path: Path) -> None:
    ror, output = dump(tmp_path / "ror.json", record(), "junk"), tmp_path / "x.index"
    asked = ["gazetteer", "build", "--source", str(FOLDER), "--ror", str(ror), "--output"]
    result = CliRunner().invoke(main, [*asked, str(output)])
    assert result.exit_code == 0, result.output
    assert "left out: 1 not a record" in result.output
    assert MOON in Index.load(output).number_of


def test_bad_dump_leaves_no_index(tmp_path: Path) -> None:
    ror, output = dump(tmp_path / "ror.json"), tmp_path / "x.index"
    asked = ["gazetteer", "build", "--source", str(FOLDER), "--ror", str(ror), "--output"]
    result = CliRunner().invoke(main, [*asked, str(output)])
    assert result.exit_code == 2
    assert not output.exists()
