"""The reader of the curated files: what it reads, and that each error says where and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from instmatch.errors import InputError
from instmatch.gazetteer import read_curated
from instmatch.text import fold
from small import FOLDER, small_gazetteer

HEADER = "institution\tfield\tlang\tvalue\tsource\n"
GOOD = HEADER + "A University\tlabel\ten\tA University\tofficial\n"
HOMONYMS = "name\tinstitutions\n"


def folder(path: Path, **files: str) -> Path:
    (path / "homonyms.tsv").write_text(HOMONYMS, encoding="utf-8")
    for name, text in files.items():
        (path / f"{name}.tsv").write_text(text, encoding="utf-8")
    return path


def test_fixture_is_read() -> None:
    gazetteer = small_gazetteer()
    assert len(gazetteer.institutions) == 34
    by_name = {one.name: one for one in gazetteer.institutions}
    bandung = by_name["Bandung Institute of Technology"]
    assert (bandung.id, bandung.country) == ("https://ror.org/00apj8t60", "ID")
    assert "バンドン工科大学" in {name.value for name in bandung.names}
    assert by_name["National Tsing Hua University"].id == "im:TW-national-tsing-hua-university"
    berkeley = by_name["University of California, Berkeley"]
    assert berkeley.parent == by_name["University of California System"].id
    historic = by_name["Tokyo Institute of Technology"]
    assert historic.successor == by_name["Institute of Science Tokyo"].id
    assert fold("東北大学") in gazetteer.homonyms


def test_order_is_by_country() -> None:
    countries = [one.country for one in small_gazetteer().institutions]
    assert countries == sorted(countries)
    assert read_curated(FOLDER) == small_gazetteer()


@pytest.mark.parametrize(
    ("rows", "place", "told"),
    [
        ("A University\tlabel\ten\tA University\trumour\n", "XX.tsv:2", "'rumour' is none of seed"),
        ("A University\tname\ten\tA University\tofficial\n", "XX.tsv:2", "'name' is none of label"),
        ("\tlabel\ten\tA University\tofficial\n", "XX.tsv:2", "must not be empty"),
        ("A University\tlabel\ten\t\tofficial\n", "XX.tsv:2", "must not be empty"),
        ("A University\tlabel\ten\tA University\n", "XX.tsv:2", "4 cells where the header has 5"),
        ("A University\tlabel\ten\tB University\tofficial\n", "XX.tsv:2", "add a label row"),
    ],
)
def test_bad_rows(tmp_path: Path, rows: str, place: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_curated(folder(tmp_path, XX=HEADER + rows))
    assert str(tmp_path / place) in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("A University\tgeonames\t\tParis\tregistry\n", "'Paris' is not a number"),
        ("A University\tparent\t\tNo Such Body\tregistry\n", "the parent of A University"),
        ("A University\tsuccessor\t\tNo Such Body\tregistry\n", "the successor of A University"),
        (
            "A University\tcity\t\tBonn\tseed\nA University\tcity\t\tKöln\tseed\n",
            "two values for city; keep one",
        ),
    ],
)
def test_bad_facts(tmp_path: Path, fact: str, told: str) -> None:
    with pytest.raises(InputError, match=r"XX\.tsv:\d+: ") as caught:
        read_curated(folder(tmp_path, XX=GOOD + fact))
    assert told in str(caught.value)


def test_same_id_twice(tmp_path: Path) -> None:
    ror = "{0}\tror\t\thttps://ror.org/00apj8t60\tregistry\n"
    other = GOOD.replace("A University", "B University")
    files = {"XX": GOOD + ror.format("A University"), "YY": other + ror.format("B University")}
    with pytest.raises(InputError, match=r"YY\.tsv:2: .*00apj8t60 stands twice; merge"):
        read_curated(folder(tmp_path, **files))


def test_missing_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"XX\.tsv:1: no column source; the columns there are: "):
        read_curated(folder(tmp_path, XX="institution\tfield\tlang\tvalue\n"))


def test_no_country_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no country files \(CC\.tsv\)"):
        read_curated(tmp_path)


def test_no_homonyms_file(tmp_path: Path) -> None:
    (tmp_path / "XX.tsv").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match=r"homonyms\.tsv: cannot be read"):
        read_curated(tmp_path)


def test_not_utf8(tmp_path: Path) -> None:
    folder(tmp_path, XX=GOOD)
    (tmp_path / "YY.tsv").write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(InputError, match=r"YY\.tsv: not UTF-8"):
        read_curated(tmp_path)
