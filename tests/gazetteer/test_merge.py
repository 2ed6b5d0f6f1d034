"""Laying curated institutions over a registry: none twice, living successors, more names."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dumps import MARS, MOON, SUN, dump, gazetteer, read, record, withdrawn
from instmatch import Resolver
from instmatch.errors import InputError
from instmatch.gazetteer import Gazetteer, Institution, Name
from instmatch.gazetteer.corrections import read_corrections
from instmatch.gazetteer.merge import (
    merge,
    with_corrections,
    with_labels,
    with_living_successors,
)
from instmatch.gazetteer.model import NameKind, own_id
from instmatch.index import Index
from small import BANDUNG, MUNICH, NORTHEASTERN, TOHOKU, small_gazetteer


def one(
    name: str,
    *more: str,
    id: str = "",
    kind: NameKind = "alias",
    country: str = "IT",
    **facts: str | int | None,
) -> Institution:
    """Return an institution of Italy; without id, with one of the gazetteer's own."""
    names = (Name(name, "en", "label", "seed"), *(Name(other, "", kind, "seed") for other in more))
    plain = Institution(id or own_id(country, name), name, country, names)
    return replace(plain, **facts)  # type: ignore[arg-type]


def merged(registry: list[Institution], *curated: Institution) -> dict[str, Institution]:
    found = merge(registry, Gazetteer(curated)).institutions
    assert len({other.id for other in found}) == len(found)
    return {other.id: other for other in found}


def values(institution: Institution) -> set[str]:
    return {name.value for name in institution.names}


# No institution twice


def test_same_id(tmp_path: Path) -> None:
    curated = small_gazetteer()
    names = [{"value": "Other name of it", "types": ["label"], "lang": "en"}]
    (registry,), _ = read(dump(tmp_path / "ror.json", record(BANDUNG, names=names)))
    found = merge([registry], curated).institutions
    assert len(found) == len(curated.institutions)
    bandung = next(other for other in found if other.id == BANDUNG)
    assert bandung.name == "Bandung Institute of Technology"
    assert "Other name of it" in values(bandung)


def test_own_id_takes_the_registry_s() -> None:
    curated = one("University of the Moon", "Luna")
    child = one("Child", parent=curated.id)
    older = one("Older", successor=curated.id)
    registry = one("Moon", "university of the moon", id=MOON)
    found = merged([registry, one("Part", id=MARS, parent=MOON)], curated, child, older)
    assert found.keys() == {MOON, MARS, child.id, older.id}
    assert found[MOON].name == "University of the Moon"
    assert values(found[MOON]) == {"University of the Moon", "Luna", "Moon"} | values(registry)
    assert found[child.id].parent == found[older.id].successor == found[MARS].parent == MOON


def test_same_canonical_name_and_country() -> None:
    # An id that the dump lacks: withdrawn without successor, or younger than the dump.
    curated = one("Moon", "Luna", id=MARS)
    child = one("Child", parent=MARS)
    found = merged([one("moon", id=MOON)], curated, child)
    assert found.keys() == {MOON, child.id}
    assert found[child.id].parent == MOON


@pytest.mark.parametrize(
    ("registry", "curated"),
    [
        (one("Moon", id=MOON, country="DE"), one("Moon")),
        (one("University", "Moon", id=MOON, kind="acronym"), one("Moon")),
        # A curated id is doubted only for the canonical name.
        (one("University", "Moon", id=MOON), one("Moon", id=MARS)),
        # Bodies that keep the names of their parts and forerunners are not these.
        (one("System", "Moon", id=MOON), one("Moon", parent=MOON)),
        (one("Merged", "Moon", id=MOON), one("Moon", successor=MOON)),
    ],
)
def test_two_that_are_not_one(registry: Institution, curated: Institution) -> None:
    assert merged([registry], curated).keys() == {MOON, curated.id}


def test_record_is_one_curated_institution_only() -> None:
    registry = one("Moon", "Luna", id=MOON)
    by_id, by_name = one("University of the Moon", id=MOON), one("Luna")
    assert merged([registry], by_id, by_name).keys() == {MOON, by_name.id}
    # The one with the canonical name comes first, whatever the order of the files.
    found = merged([registry], by_name, one("Moon"))
    assert found.keys() == {MOON, by_name.id}
    assert found[MOON].name == "Moon"


@pytest.mark.parametrize(
    "registry",
    [
        [one("University", "Moon", id=MOON), one("Moon", id=MARS)],
        [one("Moon", id=MOON, successor=MARS), one("Moon", id=MARS)],
        [one("Moon", id=MOON, city="Pisa"), one("Moon", id=MARS, city="Rome")],
        [one("Moon", id=MOON, city="Pisa"), one("Moon", id=MARS, city="Roma", geonames=1)],
    ],
    ids=["canonical name", "living", "city", "geonames"],
)
def test_name_of_two_records(registry: list[Institution]) -> None:
    curated = one("Moon", "Luna", city="Rome", geonames=1)
    for records in (registry, registry[::-1]):
        found = merged(records, curated)
        assert found.keys() == {MOON, MARS}
        assert "Luna" in values(found[MARS])
        assert "Luna" not in values(found[MOON])


def test_name_of_two_records_that_nothing_tells_apart() -> None:
    registry = [one("Moon", id=MOON, city="Rome"), one("Moon", id=MARS, city="Rome")]
    found = merged(registry, one("Moon", "Luna", city="Rome"))
    assert found.keys() == {MOON, MARS}
    assert values(found[MOON]) == values(found[MARS]) == {"Moon", "Luna"}


def test_name_of_two_records_in_other_cities() -> None:
    registry = [one("Moon", id=MOON, city="Pisa"), one("Moon", id=MARS, city="Bari")]
    curated = one("Moon", city="Rome")
    assert merged(registry, curated).keys() == {MOON, MARS, curated.id}


# Successors


def living(*institutions: Institution) -> dict[str, str | None]:
    return {found.id: found.successor for found in with_living_successors(institutions)}


def test_successors_end_at_the_living() -> None:
    chain = [one("X", id=str(at), successor=str(at + 1)) for at in range(3)]
    circle = [one("X", id=at, successor=to) for at, to in ("ab", "bc", "ca")]
    astray = one("X", id="d", successor="a")
    lost = one("X", id="l", successor="nowhere")
    assert living(*chain, one("X", id="3"), *circle, astray, lost) == {
        "0": "3", "1": "3", "2": "3", "3": None, "a": None, "b": None, "c": None, "d": None,
        "l": None,
    }  # fmt: skip


def test_successor_that_only_the_overlay_has(tmp_path: Path) -> None:
    records = [
        withdrawn(MOON, MARS),
        record(MARS, relationships=[{"type": "successor", "id": SUN}]),
    ]
    registry, skipped = read(dump(tmp_path / "ror.json", *records))
    assert not +skipped
    found = living(*merge(registry, Gazetteer((one("Sun", id=SUN),))).institutions)
    assert found == {MOON: SUN, MARS: SUN, SUN: None}


def test_withdrawn_records_must_lead_to_one_that_is_not(tmp_path: Path) -> None:
    ids = [f"https://ror.org/0{number:08}" for number in range(9)]
    links = {0: 1, 1: 2, 2: None, 3: 4, 4: 5, 5: 3, 6: 7, 7: 8}
    records = [withdrawn(ids[at], None if to is None else ids[to]) for at, to in links.items()]
    for order in (records, records[::-1]):
        registry, skipped = read(dump(tmp_path / "ror.json", *order, record(ids[8])))
        assert {other.id for other in registry} == {ids[6], ids[7], ids[8]}
        assert skipped["withdrawn records without successor"] == 6
        assert living(*registry) == {ids[6]: ids[8], ids[7]: ids[8], ids[8]: None}


def test_inactive_records_stay(tmp_path: Path) -> None:
    links = [{"type": "Successor", "id": MARS}]
    records = [
        record(MOON, status="inactive", relationships=links),
        record(MARS, status="inactive"),
    ]
    registry, _ = read(dump(tmp_path / "ror.json", *records))
    assert living(*registry) == {MOON: MARS, MARS: None}


# Labels


def test_labels_of_unknown_ids_are_counted() -> None:
    labels = {at: [Name("月", "ja", "alias", "usage")] * 2 for at in (MOON, MARS)}
    skipped: Counter[str] = Counter()
    (found,) = with_labels([one("Moon", id=MOON)], labels, skipped)
    assert [name.value for name in found.names] == ["Moon", "月"]
    assert skipped == {"labels of unknown ids": 1}


# Corrections put into an index


def corrected(folder: Path, *rows: str) -> dict[str, Institution]:
    path = folder / "corrections.tsv"
    path.write_text("action\tname\tid\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    found = with_corrections(small_gazetteer().institutions, read_corrections(path))
    return {other.id: other for other in found}


def bearers(found: dict[str, Institution], name: str) -> set[str]:
    return {other.id for other in found.values() if name in values(other)}


def test_add_is_an_alias_as_printed(tmp_path: Path) -> None:
    rows = [f"add\tTUM Garching\t{MUNICH}", f"add\t慕工大\t{MUNICH}", f"add\t仙台帝大\t{TOHOKU}"]
    found = corrected(tmp_path, *rows)
    assert found[MUNICH].names[-2:] == (
        Name("TUM Garching", "", "alias", "usage"),
        Name("慕工大", "zh-Hans", "alias", "usage"),
    )
    assert found[TOHOKU].names[-1] == Name("仙台帝大", "ja", "alias", "usage")


def test_add_of_a_name_that_is_there(tmp_path: Path) -> None:
    found = corrected(tmp_path, f"add\tバンドン工科大学\t{BANDUNG}")
    before = {other.id: other for other in small_gazetteer().institutions}
    assert found == before


def test_remove_takes_a_name_from_one(tmp_path: Path) -> None:
    found = corrected(tmp_path, f"remove\t東北大学\t{TOHOKU}", f"remove\tＴＵＭ\t{MUNICH}")
    assert bearers(found, "東北大学") == {NORTHEASTERN}
    assert "TUM" not in values(found[MUNICH])
    found = corrected(tmp_path, f"remove\tTohoku University\t{TOHOKU}")
    assert found[TOHOKU].name == "Tohoku University"
    assert "Tohoku University" not in values(found[TOHOKU])


def test_force_takes_a_name_from_all_others(tmp_path: Path) -> None:
    assert bearers(corrected(tmp_path, f"force\t- 東北大学 (1998)\t{TOHOKU}"), "東北大学") == {
        TOHOKU
    }
    assert bearers(corrected(tmp_path, f"force\t東北大学\t{MUNICH}"), "東北大学") == {MUNICH}


def test_forbid_takes_a_name_from_one_or_all(tmp_path: Path) -> None:
    found = corrected(tmp_path, f"forbid\t・東北大学\t{TOHOKU}")
    assert bearers(found, "東北大学") == {NORTHEASTERN}
    assert bearers(corrected(tmp_path, "forbid\t東北大学\t"), "東北大学") == set()
    # What is added is there, whatever is forbidden to all.
    found = corrected(tmp_path, "forbid\t東北大学\t", f"add\t東北大学\t{MUNICH}")
    assert bearers(found, "東北大学") == {MUNICH}


@pytest.mark.parametrize("action", ["force", "forbid", "add", "remove"])
def test_correction_of_an_unknown_id(tmp_path: Path, action: str) -> None:
    told = r"corrections\.tsv:3: im:DE-x is not in the gazetteer that is built; find ids with: "
    with pytest.raises(InputError, match=told):
        corrected(tmp_path, f"add\tX\t{MUNICH}", f"{action}\tsomething\tim:DE-x")


@pytest.mark.parametrize("action", ["force", "add"])
def test_correction_of_a_name_that_is_too_long(tmp_path: Path, action: str) -> None:
    told = r"corrections\.tsv:2: the name has [\d,]+ characters; give one of at most 1,000\."
    with pytest.raises(InputError, match=told):
        corrected(tmp_path, f"{action}\t{'x' * 100_000}\t{MUNICH}")


def test_corrections_inside_and_outside_agree(tmp_path: Path) -> None:
    path = tmp_path / "corrections.tsv"
    rows = [f"add\tTUM Garching\t{MUNICH}", f"remove\t東北大学\t{TOHOKU}"]
    path.write_text("\n".join(["action\tname\tid", *rows, ""]), encoding="utf-8")
    output = tmp_path / "x.index"
    ran = gazetteer("build", "--corrections", path, "--output", output)
    assert ran.exit_code == 0, ran.output
    names = ["TUM Garching, Department of Physics", "TUM Garching", "東北大学", "东北大学 (沈阳)"]
    inside = Resolver(output).resolve(names)
    both = Resolver(output, corrections=path).resolve(names)
    for found, twice in zip(inside, both, strict=True):
        assert (found.status, found.id) == (twice.status, twice.id)
    assert [found.id for found in inside] == [MUNICH, MUNICH, NORTHEASTERN, NORTHEASTERN]
    assert inside[0].unit == "Department of Physics"
    assert [one.id for one in Index.load(output).find("東北大学")] == [NORTHEASTERN]


def test_bad_corrections_leave_no_index(tmp_path: Path) -> None:
    path, output = tmp_path / "corrections.tsv", tmp_path / "x.index"
    path.write_text("action\tname\tid\nadd\tX\tim:DE-x\n", encoding="utf-8")
    ran = gazetteer("build", "--corrections", path, "--output", output)
    assert ran.exit_code == 2
    assert ran.stderr.startswith(f"instmatch: {path}:2: im:DE-x is not in the gazetteer")
    assert not output.exists()
