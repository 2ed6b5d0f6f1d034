"""Writing records: the input's columns first, then the result's; nothing lost on the way."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch import Candidate, InputError, Resolution
from instmatch.io.answers import Answer, answer_rows
from instmatch.io.records import print_table, rounded, write_records
from instmatch.io.rows import Format, Row
from small import MENTIONS, small_resolver

FIELDS = [f"inst_{name}" for name in Resolution._fields]
FOUND = Resolution(
    1, "A\t大学", "review", "im:DE-a", "A", "DE", 0.123456, 0.1, "", "A", reason="because",
    candidates=(Candidate("im:DE-a", "A", "DE", 0.123456), Candidate("im:DE-b", "B", "DE", 0.02)),
)  # fmt: skip


def written(answers: Iterable[Answer], form: Format) -> str:
    file = io.BytesIO()
    write_records(answers, form, file)
    return file.getvalue().decode()


def answer(cells: dict[str, Any] | None, number: int = 1, error: str | None = None) -> Answer:
    return Row(number, "A", None, cells, error), FOUND


def test_json_lines() -> None:
    record = json.loads(written([answer({"x": [1, None]})], "jsonl"))
    assert [*record] == [*Resolution._fields, "input"]
    assert record["input"] == {"x": [1, None]}
    assert (record["score"], record["candidates"][0]["score"]) == (0.1235, 0.1235)
    assert record["matched_name"] == "A"
    assert "input" not in json.loads(written([answer(None)], "jsonl"))


def test_csv() -> None:
    text = written([answer({"x": 'say "hi", you', "y": "1\n2"})], "csv")
    header, row = csv.reader(io.StringIO(text))
    assert header == ["x", "y", *FIELDS]
    assert row[:4] == ['say "hi", you', "1\n2", "1", "A\t大学"]
    assert json.loads(row[header.index("inst_candidates")])[1] == {
        "id": "im:DE-b", "name": "B", "country": "DE", "score": 0.02,
    }  # fmt: skip
    assert row[header.index("inst_successor")] == ""


@pytest.mark.parametrize("text", ["\r", "a\rb", "\n", " a ", '"', "", "'"])
def test_csv_cells_are_quoted_where_readers_need_it(text: str) -> None:
    reader = csv.reader(io.StringIO(written([answer({"x": text, "y": "z"})], "csv"), newline=""))
    assert [*reader][1][:2] == [text, "z"]


def test_tsv_has_no_breaks_in_cells() -> None:
    text = written([answer({"x": "1\r\n2\t3"})], "tsv")
    header, row = [line.split("\t") for line in text.splitlines()]
    assert header == ["x", *FIELDS]
    assert row[0] == "1 2 3"
    assert row[2] == "A 大学"
    assert len(row) == len(header)


def test_cells_that_are_no_text() -> None:
    text = written([answer({"a": 1, "b": None, "c": [1, "é"], "d": True, "e": {"f": 0.5}})], "csv")
    row = [*csv.reader(io.StringIO(text))][1]
    assert row[:5] == ["1", "", '[1, "é"]', "true", '{"f": 0.5}']


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_header_without_rows(form: Format) -> None:
    text = written([], form)
    assert text.rstrip("\n").replace("\t", ",").split(",") == FIELDS


def test_fields_missing_and_new() -> None:
    first, second = answer({"a": "1", "b": "2"}), answer({"b": "3"}, 2)
    rows = [*csv.reader(io.StringIO(written([first, second], "csv")))]
    assert [row[:2] for row in rows] == [["a", "b"], ["1", "2"], ["", "3"]]
    with pytest.raises(InputError, match=r"row 2 has the field 'a', .* write to a \.jsonl file"):
        written([second, answer({"a": "1"}, 2)], "csv")


def test_rows_that_cannot_be_taken_apart_do_not_make_the_header() -> None:
    bad = answer({}, 1, "not JSON")
    rows = [*csv.reader(io.StringIO(written([bad, answer({"a": "1"}, 2), bad], "csv")))]
    assert [row[0] for row in rows] == ["a", "", "1", ""]
    assert {len(row) for row in rows} == {1 + len(FIELDS)}


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_any_cell_can_be_written(texts: list[str]) -> None:
    cells = {str(number): text for number, text in enumerate(texts)}
    forms: tuple[Format, ...] = ("jsonl", "csv", "tsv")
    for form in forms:
        text = written([answer(cells)], form)
        if form == "tsv":
            assert len(text.rstrip("\n").split("\n")[1].split("\t")) == len(texts) + len(FIELDS)
        if form == "jsonl":
            assert json.loads(text)["input"] == cells
        elif form == "csv" and "\0" not in text:
            reader = csv.reader(io.StringIO(text, newline=""))
            expected = [one.encode(errors="backslashreplace").decode() for one in texts]
            assert [*reader][1][: len(texts)] == expected


def test_rounding_leaves_the_resolution_alone() -> None:
    assert rounded(FOUND)["score"] == 0.1235
    assert FOUND.score == 0.123456


def test_table_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        (Row(1, "", None), FOUND),
        (Row(2, "", None), Resolution(2, "- [b]B[/b] (1998.5.1)", "unmatched", reason="none")),
        (Row(3, "", None), Resolution(3, "\x1b[31mred", "error", reason="bad")),
    ]
    print_table(rows)
    text = capsys.readouterr().out
    assert "0.123" in text
    assert "because" in text
    assert "[b]B[/b]" in text
    assert "1998" not in text
    assert "\x1b[31m" not in text


def test_answers_are_one_a_row_in_order() -> None:
    rows = [
        Row(number, mention, None, {"n": number}, "bad" if number % 5 in (0, 1) else None)
        for number, mention in enumerate(MENTIONS, 1)
    ]
    found = [*answer_rows(small_resolver(), rows, None)]
    assert [row for row, _ in found] == rows
    for row, resolution in found:
        assert (resolution.row, resolution.mention) == (row.number, row.name)
        assert (resolution.status == "error") == bool(row.error)
        if not row.error:
            alone = small_resolver().resolve_one(row.name)
            assert resolution == alone.at_row(row.number)


def test_only_bad_rows() -> None:
    rows = [Row(1, "x", None, None, "bad"), Row(2, "y", None, None, "worse")]
    found = [resolution for _, resolution in answer_rows(small_resolver(), rows, "JP")]
    assert [(one.status, one.reason) for one in found] == [("error", "bad"), ("error", "worse")]
    assert [*answer_rows(small_resolver(), [], None)] == []


def test_a_row_s_country_goes_before_the_one_for_all() -> None:
    rows = [Row(1, "東北大学", "CN"), Row(2, "東北大学", None)]
    found = [resolution for _, resolution in answer_rows(small_resolver(), rows, "JP")]
    assert [one.country for one in found] == ["CN", "JP"]
    with pytest.raises(InputError, match="country 'Atlantis' is not known"):
        [*answer_rows(small_resolver(), rows, "Atlantis")]


def test_rows_are_read_as_they_are_worked_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatch.resolver.BATCH", 3)
    taken: list[int] = []

    def rows() -> Iterator[Row]:
        for number in range(1, 100):
            taken.append(number)
            yield Row(number, "東北大学", None)

    answers = answer_rows(small_resolver(), rows(), None)
    assert next(answers)[0].number == 1
    assert len(taken) < 10
