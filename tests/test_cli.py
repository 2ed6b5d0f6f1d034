"""The command line, as a user meets it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from instmatch.cli import main
from instmatch.index import Index
from instmatch.learn import train as training
from instmatch.match.model import Model
from small import BANDUNG, BERKELEY, FOLDER, GOLD, TOHOKU, small_index

EXAMPLE = Path(__file__).parents[1] / "examples" / "partner_list.txt"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("index") / "small.index"
    small_index().save(path)
    return str(path)


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)], input=stdin)


def fails(*arguments: object, told: str, stdin: str | bytes | None = None) -> None:
    """Check that a command says one thing, in one line, and exits with 2."""
    ran = run(*arguments, stdin=stdin)
    assert ran.exit_code == 2, ran.output
    assert told in ran.stderr
    assert ran.stderr.startswith("instmatch: ")
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def commands(group: click.Command, name: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [name]
    if isinstance(group, click.Group):
        for key, command in group.commands.items():
            found += commands(command, (*name, key))
    return found


@pytest.mark.parametrize("command", commands(main), ids=" ".join)
def test_help(command: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        ran = run(*command, option)
        assert ran.exit_code == 0
        assert ran.output.startswith("Usage: ")
        assert "Options:" in ran.output
    assert command == () or main.get_short_help_str()


def test_commands_of_the_design_are_there() -> None:
    there = {" ".join(command) for command in commands(main)}
    assert there >= {
        "resolve", "explain", "evaluate", "train", "gazetteer build", "gazetteer validate",
        "gazetteer show", "gazetteer stats", "gazetteer pull ror", "gazetteer coverage",
    }  # fmt: skip


# resolve


def test_list(tmp_path: Path, index: str) -> None:
    path = write(tmp_path, "l.txt", "学術交流協定校\n\n日本\n・東北大学\n中国\n東北大学 工学院\n")
    ran = run("resolve", path, "--gazetteer", index)
    assert ran.exit_code == 0
    assert [(one["row"], one["mention"], one["country"]) for one in lines(ran.stdout)] == [
        (1, "学術交流協定校", None),
        (4, "・東北大学", "JP"),
        (6, "東北大学 工学院", "CN"),
    ]
    assert ran.stderr == "3 names: 2 matched, 1 unmatched.\n"


def test_standard_input(index: str) -> None:
    ran = run("resolve", "-", "--gazetteer", index, "--country", "JP", stdin="東北大学\n")
    assert [one["id"] for one in lines(ran.stdout)] == [TOHOKU]
    assert ran.stderr == "1 name: 1 matched.\n"


def test_table_from_standard_input(index: str) -> None:
    ran = run("resolve", "-", "--layout", "table", "--gazetteer", index,
              stdin="id\tname\tcountry\n7\t東北大学\tJP\n")  # fmt: skip
    assert lines(ran.stdout)[0]["input"] == {"id": "7", "name": "東北大学", "country": "JP"}


def test_columns_and_country(tmp_path: Path, index: str) -> None:
    path = write(tmp_path, "t.csv", "who,where\n東北大学,\n東北大学,CN\n")
    ran = run("resolve", path, "--column", "who", "--country-column", "where",
              "--country", "Japan", "--gazetteer", index)  # fmt: skip
    assert [one["country"] for one in lines(ran.stdout)] == ["JP", "CN"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv"])
def test_output_keeps_the_input_s_columns_first(tmp_path: Path, index: str, form: str) -> None:
    path = write(tmp_path, "t.csv", 'id,name,note\n007,バンドン工科大学,"a ""b"", c"\n2,,\n')
    out = tmp_path / f"out.{form}"
    ran = run("resolve", path, "--output", out, "--gazetteer", index)
    assert (ran.exit_code, ran.stdout) == (0, "")
    text = out.read_text("utf-8")
    if form == "jsonl":
        records = lines(text)
        assert records[0]["input"] == {"id": "007", "name": "バンドン工科大学", "note": 'a "b", c'}
        assert (records[0]["id"], records[1]["status"]) == (BANDUNG, "unmatched")
        return
    header, first, second = csv.reader(
        io.StringIO(text), delimiter="\t" if form == "tsv" else ",",
        quoting=csv.QUOTE_NONE if form == "tsv" else csv.QUOTE_MINIMAL,
    )  # fmt: skip
    assert header[:6] == ["id", "name", "note", "inst_row", "inst_mention", "inst_status"]
    assert all(name.startswith("inst_") for name in header[3:])
    assert first[:4] == ["007", "バンドン工科大学", 'a "b", c', "1"]
    assert first[header.index("inst_id")] == BANDUNG
    assert second[:6] == ["2", "", "", "2", "", "unmatched"]


def test_options_reach_the_resolver(tmp_path: Path, index: str) -> None:
    path = write(tmp_path, "l.txt", "東北大学\nsomewhere\n")
    corrections = write(tmp_path, "c.tsv", f"action\tname\tid\nforce\tSomewhere\t{BERKELEY}\n")
    ran = run("resolve", path, "--gazetteer", index, "--top", 1, "--precision", 0.9,
              "--workers", 2, "--corrections", corrections)  # fmt: skip
    first, second = lines(ran.stdout)
    assert len(first["candidates"]) == 1
    assert (first["status"], second["id"]) == ("review", BERKELEY)


def test_bad_rows_are_records_and_exit_status_1(tmp_path: Path, index: str) -> None:
    path = write(tmp_path, "t.csv", "id,name\n1,東北大学\n2\n3,東北大学,x\n4,東北大学\n")
    out = tmp_path / "out.csv"
    ran = run("resolve", path, "--gazetteer", index, "--country", "JP", "--output", out)
    assert ran.exit_code == 1
    assert ran.stderr == "4 names: 2 matched, 2 error.\n"
    rows = [*csv.DictReader(io.StringIO(out.read_text("utf-8")))]
    assert [row["inst_status"] for row in rows] == ["matched", "error", "error", "matched"]
    assert [row["inst_reason"] for row in rows][1:3] == [
        "the row has 1 cells, the header 2",
        "the row has 3 cells, the header 2",
    ]
    assert [(row["id"], row["name"]) for row in rows][1:3] == [("2", ""), ("3", "東北大学,x")]
    assert rows[2]["inst_mention"] == "3,東北大学,x"


def test_odd_lines(tmp_path: Path, index: str) -> None:
    odd = ["\0", "a\0b", "\x1b[2J\x07", "\u202eelpmaxe", "🏫🎓", "x" * 10**6, "\u200f東北大学"]
    path = write(tmp_path, "l.txt", "\n".join([*odd, ""]).encode() + b"\xff\xfe\xfd\n")
    ran = run("resolve", path, "--gazetteer", index, "--country", "JP")
    records = lines(ran.stdout)
    assert ran.exit_code == 1
    # The line of a NUL alone is blank.
    assert [one["mention"] for one in records] == [*odd[1:], "\\xff\\xfe\\xfd"]
    assert [one["status"] for one in records][-3:] == ["error", "matched", "error"]
    assert "longer than 2,000 characters" in records[-3]["reason"]
    assert "is not UTF-8" in records[-1]["reason"]


def test_json_lines_in(tmp_path: Path, index: str) -> None:
    data = '{"name": "\\ud800東北大学", "country": "JP", "n": 1}\nnot json\n{"name": "東北大学"}\n'
    path = write(tmp_path, "t.jsonl", data)
    ran = run("resolve", path, "--gazetteer", index)
    records = lines(ran.stdout)
    assert ran.exit_code == 1
    assert [one["status"] for one in records] == ["matched", "error", "review"]
    assert records[0]["input"] == {"name": "\ud800東北大学", "country": "JP", "n": 1}
    assert (records[1]["mention"], records[1]["input"]) == ("not json", {})


def test_empty_files(tmp_path: Path, index: str) -> None:
    for name in ("l.txt", "t.jsonl"):
        ran = run("resolve", write(tmp_path, name, ""), "--gazetteer", index)
        assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "0 names.\n")
    fails("resolve", write(tmp_path, "t.csv", ""), told="the file is empty; a table needs a header")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("t.csv", "id,title\n1,A\n", "Say it with --column. The columns are: id, title."),
        ("t.csv", 'name\n"A\nB\n', "t.csv:2: this row has a quotation mark that is never closed"),
        (
            "t.txt",
            "東京\n".encode("utf-16"),
            "t.txt: this file is UTF-16. Convert it first, as: iconv",
        ),
        ("t.txt", "東京大学\n".encode("shift_jis") * 20, "t.txt: this file is not UTF-8. Convert"),
        ("t.xlsx", "", "t.xlsx: give a file with one of the endings .txt, .csv, "),
    ],
)
def test_bad_files(tmp_path: Path, index: str, name: str, data: str | bytes, told: str) -> None:
    path = write(tmp_path, name, data)
    out = tmp_path / "out.jsonl"
    fails("resolve", path, "--gazetteer", index, "--output", out, told=told)
    assert files(tmp_path) == [name]


def test_error_in_a_late_row_leaves_no_file(tmp_path: Path, index: str) -> None:
    text = "".join(f'{{"name": "東北大学 {number}"}}\n' for number in range(1100))
    path = write(tmp_path, "t.jsonl", text + '{"other": 1}\n')
    out = write(tmp_path, "out.csv", "before")
    fails(
        "resolve",
        path,
        "--gazetteer",
        index,
        "--output",
        out,
        told="row 1101 has the field 'other'",
    )
    assert out.read_text("utf-8") == "before"
    assert files(tmp_path) == ["out.csv", "t.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--country", "Atlantis"], "country 'Atlantis' is not known; give a country's name or"),
        (
            ["--output", "none/out.csv"],
            "none/out.csv: cannot be written (No such file or directory)",
        ),
        (["--output", "out.txt"], "out.txt: write a file with one of the endings .csv, "),
        (["--output", "-"], "-: write a file with one of the endings"),
        (["--gazetteer", "none"], "none: the index cannot be read (No such file or directory)"),
        (["--gazetteer", "."], ".: the index cannot be read (Is a directory)"),
        (["--gazetteer", __file__], "this is not an instmatch index. Build it again with: "),
        (["--model", __file__], "this is not an instmatch model. Make it again with: "),
        (["--corrections", "none"], "none: cannot be read (No such file or directory)"),
        (["--top", "0"], "top is 0; give a whole number from 1"),
        (["--precision", "99"], "precision is 99.0; give a number between 0 and 1, as 0.99"),
        (["--workers", "0"], "workers is 0; give a whole number from 1"),
        (["--layout", "table"], "which column holds the names? Say it with --column"),
    ],
)
def test_bad_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "l.txt", "東北大学\n清華大学\n")
    fails("resolve", "l.txt", *arguments, told=told)
    assert files(tmp_path) == ["l.txt"]


def test_truncated_index(tmp_path: Path, index: str) -> None:
    data = Path(index).read_bytes()
    for length in (0, 7, 8, 15, 16, 100, len(data) // 2, len(data) - 1):
        path = write(tmp_path, "cut.index", data[:length])
        fails("resolve", EXAMPLE, "--gazetteer", path, told="instmatch gazetteer build --output")


# The other commands


def test_explain(index: str) -> None:
    ran = run("explain", "バンドンエ科大学 産業技術学部", "--country", "ID", "--gazetteer", index)
    assert ran.exit_code == 0
    told = ran.stdout.splitlines()
    assert told[0] == "matched: Bandung Institute of Technology, ID"
    assert "  バンドンエ科大学  | unit: 産業技術学部" in told
    assert f"Bandung Institute of Technology, ID  {BANDUNG}" in ran.stdout
    sums = [line for line in told if "log-odds of" in line]
    assert len(sums) == 2
    weights = [float(line.split()[0]) for line in told if line[:8].strip().startswith(("+", "-"))]
    first = weights[: weights.index(float(sums[0].split()[0]))]
    assert sum(first) == pytest.approx(float(sums[0].split()[0]), abs=0.05)


def test_explain_other_names(index: str) -> None:
    ran = run("explain", "NUS", "--gazetteer", index)
    assert ran.stdout.startswith(
        "review: National University of Singapore, SG (an acronym alone does not decide)"
    )
    ran = run("explain", " ", "--gazetteer", index)
    assert ran.stdout.splitlines()[0] == "unmatched:   (the name is blank)"
    fails("explain", "NUS", "--country", "Atlantis", told="country 'Atlantis' is not known")


def test_build_and_validate(tmp_path: Path) -> None:
    out = tmp_path / "built.index"
    ran = run("gazetteer", "build", "--source", FOLDER, "--output", out)
    assert ran.exit_code == 0
    assert ran.stderr.startswith(f"{out}: 34 institutions, ")
    assert Index.load(out).meta == small_index().meta
    ran = run("gazetteer", "validate", "--source", FOLDER)
    assert (ran.exit_code, ran.stdout, ran.stderr) == (0, "", "The gazetteer is sound.\n")


def test_validate_tells_findings(tmp_path: Path) -> None:
    write(tmp_path, "homonyms.tsv", "name\tinstitutions\n")
    row = "A University\tlabel\t{}\tA University\tseed\n"
    header = "institution\tfield\tlang\tvalue\tsource\n"
    write(tmp_path, "DE.tsv", header + row.format("english"))
    ran = run("gazetteer", "validate", "--source", tmp_path)
    assert ran.exit_code == 1
    assert ran.stdout == (
        "DE A University: 'A University': 'english' is not a language, as ja, zh-Hans or ru-Latn.\n"
    )
    write(tmp_path, "DE.tsv", header)
    write(tmp_path, "FR.tsv", header + row.format("en").replace("seed", "rumour"))
    out = tmp_path / "out.index"
    fails(
        "gazetteer",
        "build",
        "--source",
        tmp_path,
        "--output",
        out,
        told="FR.tsv:2: source 'rumour'",
    )
    assert not out.exists()


def test_source_folder_is_missing(tmp_path: Path) -> None:
    ran = run("gazetteer", "validate", "--source", tmp_path / "none")
    assert ran.exit_code == 2
    assert "does not exist" in ran.stderr
    fails("gazetteer", "validate", "--source", tmp_path, told="no country files (CC.tsv)")


def test_show(index: str) -> None:
    ran = run("gazetteer", "show", "東北大学", "--gazetteer", index)
    heads = [line for line in ran.stdout.splitlines() if not line.startswith(" ")]
    assert [head.split(",")[0] for head in heads] == [
        "Northeastern University",
        "Tohoku University",
    ]
    ran = run("gazetteer", "show", BERKELEY, "--gazetteer", index)
    told = ran.stdout.splitlines()
    assert told[0] == f"University of California, Berkeley, US  {BERKELEY}"
    assert told[1].startswith("  parent   University of California System  https://ror.org/")
    told_so = "nothing in the gazetteer is called 'Nowhere'; see what comes near with: "
    fails("gazetteer", "show", "Nowhere", "--gazetteer", index, told=told_so)


def test_stats(index: str) -> None:
    ran = run("gazetteer", "stats", "--gazetteer", index)
    told = ran.stdout.splitlines()
    assert told[0].startswith("34 institutions, ")
    assert told[1] == "by country:"
    assert "CN 5" in told[2]
    assert "by language:" in told
    assert max(map(len, told)) <= 80


def test_evaluate(tmp_path: Path, index: str) -> None:
    errors = tmp_path / "errors.tsv"
    ran = run("evaluate", GOLD, "--gazetteer", index, "--errors", errors)
    assert ran.exit_code == 0
    assert "with country hint: 11 mentions" in ran.stdout
    assert "top candidate right     100.0%" in ran.stdout
    assert "by slice" in ran.stdout
    assert errors.read_text("utf-8").splitlines()[1:] == []
    bad = write(tmp_path, "bad.tsv", "mention\tinstitution\tcountry\n\t\t\n")
    fails("evaluate", bad, told="bad.tsv:2: no institution is given; fill in the column")
    fails("evaluate", tmp_path / "none", told="none: cannot be read (No such file or directory)")


def test_train(tmp_path: Path, index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "EXAMPLES", 300)
    monkeypatch.setattr("instmatch.learn.fit._TREES", 20)
    out = tmp_path / "model.json"
    ran = run("train", GOLD, "--gazetteer", index, "--output", out)
    assert ran.exit_code == 0, ran.output
    assert ran.stderr == f"{out}: trained, calibrated on 11 labelled mentions.\n"
    first = out.read_bytes()
    assert run("train", GOLD, "--gazetteer", index, "--output", out).exit_code == 0
    assert out.read_bytes() == first
    assert Model.load(out).trained_on
    ran = run("explain", "バンドン工科大学", "--gazetteer", index, "--model", out)
    assert ran.exit_code == 0 or "precision is" in ran.stderr
    fails(
        "train", GOLD, "--output", tmp_path / "none" / "m", "--gazetteer", index, told="cannot be"
    )


# In a process of its own


def process(
    *arguments: object, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    code = "from instmatch.cli import main; main()"
    return subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-c", code, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_example_in_a_process_of_its_own() -> None:
    ran = process("resolve", EXAMPLE)
    records = lines(ran.stdout.decode())
    assert ran.returncode == 0
    assert len(records) == 16
    assert {one["status"] for one in records} <= {"matched", "review", "unmatched"}
    by_mention = {one["mention"]: one["name"] for one in records}
    assert (
        by_mention["- * バンドンエ科大学 産業技術学部 (2018.3.1)"]
        == "Bandung Institute of Technology"
    )


def test_output_is_utf8_whatever_the_locale(index: str) -> None:
    stdin = "東北大学\n".encode()
    ran = process("resolve", "-", "--gazetteer", index, stdin=stdin, LC_ALL="C", PYTHONUTF8="0")
    assert "東北大学" in ran.stdout.decode()
    assert ran.stderr == b"1 name: 1 review.\n"


def test_reader_that_stops_early_is_no_traceback(index: str) -> None:
    code = "from instmatch.cli import main; main()"
    command = [sys.executable, "-c", code, "resolve", "-", "--gazetteer", index]
    with subprocess.Popen(  # noqa: S603  our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        running.stdout = None
        _, told = running.communicate("東北大学\n".encode() * 3000)
    assert b"Traceback" not in told


def test_error_in_a_process_of_its_own(tmp_path: Path) -> None:
    ran = process("resolve", tmp_path / "none.txt")
    assert ran.returncode == 2
    told = f"instmatch: {tmp_path / 'none.txt'}: cannot be read (No such file or directory).\n"
    assert ran.stderr.decode() == told


def test_name_that_is_not_utf8_on_the_command_line(index: str) -> None:
    code = "from instmatch.cli import main; main()"
    command = [sys.executable.encode(), b"-c", code.encode(), b"explain", b"Universit\xe9 X"]
    ran = subprocess.run(  # noqa: S603  our own command
        [*command, b"--gazetteer", index.encode()], capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_affiliations(index: str, tmp_path: Path) -> None:
    path = tmp_path / "papers.txt"
    path.write_text(
        "Faculty of Law, Technische Universität München, Germany\nsomeone@example.org\n", "utf-8"
    )
    ran = run("resolve", str(path), "--layout", "affiliation", "--gazetteer", index)
    records = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [[one["name"] for one in record["institutions"]] for record in records] == [
        ["Technical University of Munich"],
        [],
    ]
