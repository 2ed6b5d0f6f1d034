"""Dumps of the registry: both schemas, hostile files, and what a build makes of them."""

from __future__ import annotations

import json
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dumps import MARS, MOON, dump, files, gazetteer, read, record, zipped
from instmatch.errors import InputError
from instmatch.gazetteer.names import LONGEST_NAME
from instmatch.index import Index
from small import BANDUNG


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


def test_title_that_is_no_name_gives_way(tmp_path: Path) -> None:
    names = [
        {"value": "UM", "types": ["acronym", "ror_display"], "lang": None},
        {"value": "Moon  University", "types": ["label"], "lang": "en"},
    ]
    (one,), _ = read(dump(tmp_path / "ror.json", record(names=names)))
    assert one.name == "Moon University"


def test_bad_records_are_counted(tmp_path: Path) -> None:
    records = ["text", {"id": 3}, record(names=[]), record(), record(), record(locations=[])]
    records.append(record("https://ror.org/00gone000", status="withdrawn"))
    long = [{"value": "x" * 100_000, "types": ["label"], "lang": None}]
    records.append(record("https://ror.org/00long000", names=long))
    found, skipped = read(dump(tmp_path / "ror.json", *records))
    assert [one.id for one in found] == [MOON]
    assert skipped == {
        "records of another form": 3,
        "records without a name": 2,
        "names too long, empty or damaged": 1,
        "records whose id came before": 1,
        "withdrawn records without successor": 1,
    }


def test_bad_names_are_left_out_alone(tmp_path: Path) -> None:
    bad = ["", " \n", "x" * (LONGEST_NAME + 1), "\ud800x"]
    names = [{"value": value, "types": ["label"], "lang": None} for value in [*bad, "Moon"]]
    path = tmp_path / "ror.json"
    path.write_text(json.dumps([record(names=names)]), encoding="utf-8")
    (one,), skipped = read(path)
    assert [name.value for name in one.names] == ["Moon"]
    assert skipped == {"names too long, empty or damaged": len(bad)}


PLACE = {"geonames_id": 1, "geonames_details": {"country_code": "IT", "name": "Rome"}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "im:IT-moon"},
        {"id": "https://ror.org/../x"},
        {"id": [MOON]},
        {"names": 3},
        {"names": [{"value": 3, "types": ["label"]}]},
        {"names": [{"value": "Moon", "types": 3}]},
        {"names": [{"value": "Moon"}]},
        {"names": [{"value": "Moon", "types": ["label"], "lang": ["it"]}]},
        {"locations": None},
        {"locations": ["Rome"]},
        {"locations": [PLACE | {"geonames_details": {"country_code": 3}}]},
        {"locations": [PLACE | {"geonames_details": {"country_code": None}}]},
        {"locations": [PLACE | {"geonames_details": {"country_code": "Italy"}}]},
        {"relationships": 3},
        {"relationships": ["parent"]},
        {"relationships": [{"type": "parent", "id": 3}]},
        {"relationships": [{"type": "successor"}]},
    ],
    ids=str,
)
def test_record_of_another_form_is_left_out(tmp_path: Path, wrong: dict[str, Any]) -> None:
    found, skipped = read(dump(tmp_path / "ror.json", record(MARS) | wrong, record()))
    assert [one.id for one in found] == [MOON]
    assert skipped == Counter({"records of another form": 1})


@pytest.mark.parametrize(
    "odd",
    [
        {"locations": [PLACE | {"geonames_id": 1 << 40}]},
        {"locations": [PLACE | {"geonames_id": "Rome"}]},
        {"locations": [PLACE | {"geonames_details": {"country_code": "IT", "name": 3}}]},
        {"types": [3]},
        {"types": None},
        {"relationships": None},
    ],
    ids=str,
)
def test_odd_facts_do_not_hinder_a_build(tmp_path: Path, odd: dict[str, Any]) -> None:
    ror, output = dump(tmp_path / "ror.json", record(**odd)), tmp_path / "x.index"
    ran = gazetteer("build", "--ror", ror, "--output", output)
    assert ran.exit_code == 0, ran.output
    assert MOON in Index.load(output).number_of


# Hostile files: one line is told, and no index is written


def broken_zip(path: Path, change: Callable[[bytearray], None]) -> Path:
    """Write a dump as published, then damage it."""
    data = bytearray(
        zipped(path, record(), *(record(note=str(at)) for at in range(99))).read_bytes()
    )
    change(data)
    path.write_bytes(data)
    return path


def truncated(data: bytearray) -> None:
    del data[len(data) // 2 :]


def encrypted(data: bytearray) -> None:
    """Set the flag in the header of the file and in the directory."""
    for signature, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(signature) + place] |= 1


def garbled(data: bytearray) -> None:
    data[60:90] = bytes(30)


def understated(data: bytearray) -> None:
    """Say in the directory that it unpacks to 10 bytes."""
    place = data.index(b"PK\1\2") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")


def of_unknown_kind(data: bytearray) -> None:
    for signature, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        data[data.index(signature) + place] = 99


@pytest.fixture
def fails(tmp_path: Path) -> Callable[[Path, str], None]:
    """Return a check that a dump is refused in one line, and nothing is written or replaced."""

    def check(path: Path, told: str) -> None:
        output = tmp_path / "x.index"
        before = files(tmp_path)
        for there in (False, True):
            if there:
                output.write_bytes(b"before")
            ran = gazetteer("build", "--ror", path, "--output", output)
            assert ran.exit_code == 2, ran.output
            assert ran.stderr.startswith(f"instmatch: {path}: ")
            assert told in ran.stderr
            assert ran.stderr.count("\n") == 1
            assert (output.read_bytes() if there else b"before") == b"before"
            assert files(tmp_path) == sorted([*before, *["x.index"] * there])

    return check


Fails = Callable[[Path, str], None]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "not whole JSON"),
        ("{}", "not whole JSON (it is no array)"),
        ("[", "not whole JSON"),
        ("[1, 2", "not whole JSON"),
        ("no json", "not whole JSON"),
        ('{"a": 1}', "not whole JSON"),
        ("[]", "no ROR records in it"),
        ("[1, 2]", "no ROR records in it"),
        (json.dumps([record()])[:-1], "not whole JSON"),
        ("[" * 100_000, "not whole JSON"),
        ('[{"a":' * 100_000, "not whole JSON"),
        ("[" * 100_000 + "]" * 100_000, "not whole JSON"),
        ("\ud800", "not whole JSON"),
    ],
    ids=lambda text: f"{text:.20}",
)
def test_no_dump(tmp_path: Path, fails: Fails, content: str, told: str) -> None:
    path = tmp_path / "ror.json"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    fails(path, told)


@pytest.mark.parametrize(
    "name", ["../evil.json", "/etc/evil.json", "a/../../evil.json", "..\\x.json"]
)
def test_archive_that_climbs_out(tmp_path: Path, fails: Fails, name: str) -> None:
    path = tmp_path / "ror.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, json.dumps([record()]))
    fails(path, "leads out of the archive")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (truncated, "not whole JSON"),
        (encrypted, "encrypted"),
        (garbled, "not whole JSON"),
        (understated, "not whole JSON"),
        (of_unknown_kind, "cannot be read"),
    ],
)
def test_damaged_zip(
    tmp_path: Path, fails: Fails, change: Callable[[bytearray], None], told: str
) -> None:
    fails(broken_zip(tmp_path / "ror.zip", change), told)


def test_zip_bomb(tmp_path: Path, fails: Fails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatch.gazetteer.ror.LARGEST", 1000)
    path = tmp_path / "ror.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ror.json", "[" + " " * 5000 + "]")
    fails(path, "no ROR dump")


def test_zip_without_json(tmp_path: Path, fails: Fails) -> None:
    path = tmp_path / "ror.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ror.csv", "id")
    fails(path, "the archive holds no JSON file")


@pytest.mark.parametrize("name", ["none.zip", "."])
def test_dump_that_is_no_file(tmp_path: Path, fails: Fails, name: str) -> None:
    fails(tmp_path / name, "cannot be read")


def test_zips_with_any_damage(tmp_path: Path) -> None:
    """Whatever byte is changed, a zip is read or refused."""
    chance = random.Random(1)

    def change(data: bytearray) -> None:
        for _ in range(chance.choice((1, 3))):
            # The directory at the end is small, and where most depends on.
            data[-chance.randrange(1, chance.choice((120, len(data))))] = chance.randrange(256)

    for _ in range(300):
        path = broken_zip(tmp_path / "ror.zip", change)
        with suppress(InputError):
            read(path)


# Builds


def test_build_lays_the_curated_files_over_a_dump(tmp_path: Path) -> None:
    ror, output = dump(tmp_path / "ror.json", record(), "junk"), tmp_path / "x.index"
    ran = gazetteer("build", "--ror", ror, "--output", output)
    assert ran.exit_code == 0, ran.output
    assert ran.stderr.splitlines()[1:] == ["records of another form left out: 1"]
    assert {MOON, BANDUNG} <= Index.load(output).number_of.keys()
