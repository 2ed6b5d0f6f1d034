"""Reading lists and tables: each row once, in order, whatever is in it; errors say what to do."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.errors import InputError
from instmatch.io.rows import Row, format_of, read_rows


def read(folder: Path, name: str, data: str | bytes, **options: Any) -> list[Row]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return [*read_rows(str(path), **options)]


def names(rows: list[Row]) -> list[str]:
    return [row.name for row in rows]


def test_list_with_headings(tmp_path: Path) -> None:
    rows = read(tmp_path / ".", "list.txt", "ドイツ\n\n- A\r\nUSA\nB\n\n")
    assert rows == [Row(3, "- A", "ドイツ"), Row(5, "B", "USA")]


def test_csv(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.csv", 'id,name,country\n1,"A, ""B""",DE\n2,C,\n')
    assert rows == [
        Row(1, 'A, "B"', "DE", {"id": "1", "name": 'A, "B"', "country": "DE"}),
        Row(2, "C", None, {"id": "2", "name": "C", "country": ""}),
    ]


def test_csv_with_line_breaks_in_cells(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.csv", 'name,note\r\n"A\nB","x"\r\nC,y\r\n')
    assert names(rows) == ["A\nB", "C"]
    assert not any(row.error for row in rows)


def test_tsv_is_not_quoted(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.tsv", 'name\tnote\n"A\t5" pipe\n')
    assert rows == [Row(1, '"A', None, {"name": '"A', "note": '5" pipe'})]


def test_json_lines(tmp_path: Path) -> None:
    lines = ['{"name": "A", "n": 1}', '{"name": null}', '{"other": 2}', '{"name": 7}']
    rows = read(tmp_path, "t.jsonl", "\n".join(lines))
    assert names(rows) == ["A", "", "", "7"]
    assert [row.cells for row in rows] == [json.loads(line) for line in lines]
    assert not any(row.error for row in rows)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", "the line is not JSON"),
        ('{"name": "A"', "the line is not JSON"),
        ("[" * 100_000, "the line is not JSON"),
        ("[1]", "the line is not a JSON object"),
        ('"A"', "the line is not a JSON object"),
        ('{"name": ["A"]}', "the field 'name' is not a text"),
    ],
)
def test_bad_json_lines(tmp_path: Path, line: str, told: str) -> None:
    rows = read(tmp_path, "t.jsonl", f'{{"name": "A"}}\n{line}\n{{"name": "B"}}\n')
    assert [row.number for row in rows] == [1, 2, 3]
    assert [bool(row.error) for row in rows] == [False, True, False]
    assert told in str(rows[1].error)
    # The row is kept as it stands.
    assert rows[1].name == line


def test_first_json_line_is_bad(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.jsonl", 'oops\n{"name": "A"}\n')
    assert [(row.name, bool(row.error)) for row in rows] == [("oops", True), ("A", False)]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_ragged_rows(tmp_path: Path, form: str) -> None:
    text = "id,name\n1,A\n2\n3,B,C,D\n4,E\n".replace(",", "\t" if form == "tsv" else ",")
    rows = read(tmp_path, f"t.{form}", text)
    comma = "\t" if form == "tsv" else ","
    assert [row.error for row in rows] == [
        None,
        "the row has 1 cells, the header 2",
        "the row has 4 cells, the header 2",
        None,
    ]
    assert rows[1].cells == {"id": "2", "name": ""}
    assert rows[2].cells == {"id": "3", "name": comma.join("BCD")}
    assert rows[2].name == comma.join("3BCD")


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    for name, text in [("t.csv", "\nid,name\n\n1,A\n\n"), ("t.jsonl", '\n{"name": "A"}\n\n')]:
        rows = read(tmp_path, name, text)
        assert [(row.number, row.name, row.error) for row in rows] == [(1, "A", None)]


def test_blank_line_of_a_single_column_is_a_blank_name(tmp_path: Path) -> None:
    for name in ("t.csv", "t.tsv"):
        assert names(read(tmp_path, name, "name\nA\n\nB\n")) == ["A", "", "B"]


def test_unclosed_quotation_mark(tmp_path: Path) -> None:
    text = 'id,name\n1,A\n2,"B\n3,C\n4,D\n'
    with pytest.raises(InputError, match=r"t\.csv:3: this row has a quotation mark that is never"):
        read(tmp_path, "t.csv", text)
    assert names(read(tmp_path, "t.csv", 'id,name\n1,5" pipe\n2,"B"\n')) == ['5" pipe', "B"]


def test_carriage_return_inside_a_row(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.csv", "id,name\n1,A\rB\n2,C\n")
    assert rows[0].error is not None
    assert rows[0].error.startswith("the row is not CSV (")
    assert rows[0].name == "1,A\rB"
    assert rows[1] == Row(2, "C", None, {"id": "2", "name": "C"})


def test_old_mac_line_ends(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"t\.csv:1: the row is not CSV"):
        read(tmp_path, "t.csv", "id,name\r1,A\r2,B\r")


@pytest.mark.parametrize("name", ["t.csv", "t.tsv"])
def test_empty_table(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="the file is empty; a table needs a header row"):
        read(tmp_path, name, "")
    assert read(tmp_path, name, "name\n") == []


def test_empty_list(tmp_path: Path) -> None:
    assert read(tmp_path, "t.txt", "") == read(tmp_path, "t.jsonl", "") == []


def test_columns_are_chosen(tmp_path: Path) -> None:
    text = "country,affiliation,land,other\nDE,A,FR,B\n"
    row = read(tmp_path, "t.csv", text)[0]
    assert (row.name, row.country) == ("A", "DE")
    row = read(tmp_path, "t.csv", text, column="other", country_column="land")[0]
    assert (row.name, row.country) == ("B", "FR")


def test_missing_columns_are_told(tmp_path: Path) -> None:
    there = r"The columns are: id, title\."
    for options, told in [
        ({}, "which column holds the names? Say it with --column."),
        ({"column": "name"}, "there is no column 'name'."),
        ({"column": "title", "country_column": "land"}, "there is no column 'land'."),
    ]:
        with pytest.raises(InputError, match=there) as caught:
            read(tmp_path, "t.csv", "id,title\n1,A\n", **options)
        assert told in str(caught.value)


def test_two_columns_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"t\.csv:1: two columns are called 'name'; rename one"):
        read(tmp_path, "t.csv", "name,name\nA,B\n")


def test_byte_order_mark(tmp_path: Path) -> None:
    for name, text in [("t.csv", "name\nA\n"), ("t.jsonl", '{"name": "A"}\n'), ("t.txt", "A\n")]:
        assert names(read(tmp_path, name, text.encode("utf-8-sig"))) == ["A"]


def test_line_that_is_not_utf8(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.txt", "東京大学\n".encode() + b"Universit\xe9\n" + b"B\n")
    assert names(rows) == ["東京大学", "Universit\\xe9", "B"]
    assert [bool(row.error) for row in rows] == [False, True, False]
    assert rows[1].error == "line 2 is not UTF-8 (unexpected end of data); convert it"


def test_bad_line_inside_a_quoted_cell(tmp_path: Path) -> None:
    rows = read(tmp_path, "t.csv", b'name,x\n"A\xff\nB",1\nC,2\n')
    assert [bool(row.error) for row in rows] == [True, False]
    assert "line 2 is not UTF-8" in str(rows[0].error)


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "euc-kr"])
@pytest.mark.parametrize("name", ["t.txt", "t.csv"])
def test_other_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    line = {"euc-kr": "서울대학교"}.get(encoding, "東京大学")
    with pytest.raises(InputError, match=r"not UTF-8\. Convert it first, as: iconv -f") as caught:
        read(tmp_path, name, f"name,{line}\n{f'{line},x' + chr(10)}".encode(encoding) * 12)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16(tmp_path: Path, encoding: str) -> None:
    data = (
        "\ufeffname\n東京大学\n".encode(encoding)
        if encoding != "utf-16"
        else "A\n".encode(encoding)
    )
    for name in ("t.txt", "t.csv", "t.jsonl"):
        with pytest.raises(InputError, match="this file is UTF-16"):
            read(tmp_path, name, data)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt: cannot be read \(No such file"):
        [*read_rows(str(tmp_path / "none.txt"))]
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(InputError, match=r"folder\.txt: cannot be read \(Is a directory\)"):
        [*read_rows(str(tmp_path / "folder.txt"))]


def test_formats() -> None:
    assert format_of("-", "give a file") == "lines"
    assert format_of("A.CSV", "give a file") == "csv"
    assert format_of("a.ndjson", "give a file") == "jsonl"
    with pytest.raises(InputError, match=r"x\.xlsx: give a file with one of the endings \.txt, "):
        format_of("x.xlsx", "give a file")
    for path in ("x.txt", "-", "x"):
        with pytest.raises(InputError, match=r"write a file with one of the endings \.csv, "):
            format_of(path, "write a file", lists=False)


def test_layout_wins_over_the_ending(tmp_path: Path) -> None:
    assert names(read(tmp_path, "t.md", "A\nB\n", layout="lines")) == ["A", "B"]
    assert names(read(tmp_path, "t.csv", "name\nA,B\n", layout="lines")) == ["name", "A,B"]
    assert names(read(tmp_path, "t.txt", "name\tx\nA\t1\n", layout="table")) == ["A"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO("日本\nA\n".encode())

    monkeypatch.setattr("sys.stdin", Stdin())
    assert [*read_rows("-")] == [Row(2, "A", "日本")]
    assert not Stdin.buffer.closed


cells = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=8)


@given(rows=st.lists(st.tuples(cells, cells), max_size=8))
def test_any_csv_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    text = "name,x\n" + "".join(",".join(row) + "\n" for row in quoted)
    found = read(tmp_path_factory.getbasetemp(), "any.csv", text)
    assert [(row.cells or {}).get("name") for row in found] == [name for name, _ in rows]
    assert [row.number for row in found] == [*range(1, len(rows) + 1)]


@given(data=st.binary(max_size=300))
@pytest.mark.parametrize("name", ["any.txt", "any.csv", "any.tsv", "any.jsonl"])
def test_any_bytes_are_read_or_told_to_be_unreadable(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    try:
        rows = read(tmp_path_factory.getbasetemp(), name, data)
    except InputError:
        return
    assert all(row.number > 0 for row in rows)


def test_a_list_of_affiliations_has_no_headings(tmp_path: Path) -> None:
    assert names(read(tmp_path, "t.txt", "Japan\n\nA, Japan\n", layout="affiliation")) == [
        "Japan",
        "A, Japan",
    ]
    assert names(read(tmp_path, "t.csv", "name\nA\n", layout="affiliation")) == ["A"]
