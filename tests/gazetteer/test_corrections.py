"""A user's own decisions: what they do, and what is wrong with a file of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from instmatch import InputError, Resolver
from small import BANDUNG, MUNICH, NORTHEASTERN, TOHOKU, small_index, small_resolver

HEADER = "action\tname\tid\n"


def resolver(folder: Path, *rows: str) -> Resolver:
    path = folder / "corrections.tsv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return Resolver(small_index(), corrections=path)


def test_force_gives_a_mention_its_institution(tmp_path: Path) -> None:
    with_force = resolver(tmp_path, f"force\tthe place in Bandung\t{BANDUNG}")
    found = with_force.resolve_one("・ The  Place in Bandung (2001.4.1)", "DE")
    assert (found.status, found.id, found.score) == ("matched", BANDUNG, 0.999)
    assert found.candidates[0].id == BANDUNG
    assert small_resolver().resolve_one("the place in Bandung").status != "matched"


def test_force_is_about_the_whole_mention(tmp_path: Path) -> None:
    with_force = resolver(tmp_path, f"force\t東北大学\t{TOHOKU}")
    assert with_force.resolve_one("東北大学").status == "matched"
    name = "东北大学 材料科学与工程学院"
    assert with_force.resolve_one(name) == small_resolver().resolve_one(name)


def test_force_takes_a_name_as_lists_print_it(tmp_path: Path) -> None:
    with_force = resolver(tmp_path, f"force\t- バンドン (1998.5.19)\t{BANDUNG}")
    assert with_force.resolve_one("バンドン").id == BANDUNG


def test_forbid_rules_out_one(tmp_path: Path) -> None:
    found = resolver(tmp_path, f"forbid\t東北大学\t{TOHOKU}").resolve_one("東北大学", "JP")
    assert TOHOKU not in {one.id for one in found.candidates}
    assert NORTHEASTERN in {one.id for one in found.candidates}


def test_forbid_without_id_rules_out_all(tmp_path: Path) -> None:
    found = resolver(tmp_path, "forbid\t東北大学\t").resolve_one("東北大学", "JP")
    assert (found.status, found.id, found.candidates) == ("unmatched", None, ())


def test_forbid_leaves_other_mentions_alone(tmp_path: Path) -> None:
    with_forbid = resolver(tmp_path, f"forbid\t東北大学\t{TOHOKU}", "forbid\t大学\t")
    name = "Tohoku University"
    assert with_forbid.resolve_one(name) == small_resolver().resolve_one(name)


def test_add_works_in_parts_of_a_mention(tmp_path: Path) -> None:
    with_name = resolver(tmp_path, f"add\tTUM Garching\t{MUNICH}")
    found = with_name.resolve_one("TUM Garching, Department of Physics")
    assert (found.status, found.id, found.unit) == ("matched", MUNICH, "Department of Physics")
    assert found.matched_name == "TUM Garching"
    assert small_resolver().resolve_one("TUM Garching").status != "matched"


def test_remove_takes_a_name_away(tmp_path: Path) -> None:
    without = resolver(tmp_path, f"remove\t東北大学\t{TOHOKU}")
    assert without.resolve_one("東北大学", "JP").matched_name != "東北大学"
    assert small_resolver().resolve_one("東北大学", "JP").matched_name == "東北大学"
    # Another institution keeps a name of the same form.
    found = without.resolve_one("東北大学", "CN")
    assert found.id == NORTHEASTERN


def test_successor_is_told_of_a_forced_one(tmp_path: Path) -> None:
    titech = next(
        one for one in small_index().institutions() if one.name == "Tokyo Institute of Technology"
    )
    found = resolver(tmp_path, f"force\tOokayama\t{titech.id}").resolve_one("Ookayama")
    assert found.successor == titech.successor is not None


@pytest.mark.parametrize(
    ("rows", "line", "told"),
    [
        (("frobnicate\tx\ty",), 2, "'frobnicate' is none of force, forbid, add, remove"),
        (("force\tx\t",), 2, "force needs a name and an id"),
        (("add\t\tim:DE-x",), 2, "add needs a name and an id"),
        (("remove\tx\t",), 2, "remove needs a name and an id"),
        (("forbid\t\t",), 2, "forbid needs a name"),
        (("force\tx",), 2, "2 cells where the header has 3"),
        ((f"force\tX\t{BANDUNG}", f"force\tx\t{MUNICH}"), 3, f"already given to {BANDUNG}"),
        ((f"force\tX\t{BANDUNG}", f"add\tx\t{MUNICH}"), 3, f"already given to {BANDUNG}"),
        ((f"force\tX\t{BANDUNG}", f"forbid\tx\t{BANDUNG}"), 3, "has both forbid and force"),
        ((f"force\tX\t{BANDUNG}", "forbid\tx\t"), 3, "has both forbid and force"),
        (("forbid\tX\t", f"force\tx\t{BANDUNG}"), 3, "has both force and forbid"),
        ((f"add\tX\t{BANDUNG}", f"remove\tx\t{BANDUNG}"), 3, "has both remove and add"),
    ],
)
def test_bad_rows(tmp_path: Path, rows: tuple[str, ...], line: int, told: str) -> None:
    with pytest.raises(InputError) as caught:
        resolver(tmp_path, *rows)
    assert f"corrections.tsv:{line}: " in str(caught.value)
    assert told in str(caught.value)


def test_same_row_twice_is_no_contradiction(tmp_path: Path) -> None:
    resolver(tmp_path, f"force\tX\t{BANDUNG}", f"force\tx\t{BANDUNG}", f"forbid\tx\t{MUNICH}")


@pytest.mark.parametrize("action", ["force", "forbid", "add", "remove"])
def test_unknown_id(tmp_path: Path, action: str) -> None:
    with pytest.raises(InputError, match=r"im:DE-x not in the gazetteer; find ids with: "):
        resolver(tmp_path, f"{action}\tsomething\tim:DE-x")


def test_missing_file_and_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tsv: cannot be read"):
        Resolver(small_index(), corrections=tmp_path / "none.tsv")
    (tmp_path / "bad.tsv").write_text("action\tname\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.tsv:1: no column id; the columns there are: "):
        Resolver(small_index(), corrections=tmp_path / "bad.tsv")


def test_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "excel.tsv"
    path.write_text(f"{HEADER}force\tx\t{BANDUNG}\r\n", encoding="utf-8-sig")
    assert Resolver(small_index(), corrections=path).resolve_one("X").id == BANDUNG
