"""The report on what the gazetteer covers; the committed one must be up to date."""

from __future__ import annotations

import re
from pathlib import Path

from dumps import gazetteer
from instmatch.gazetteer import read_curated
from instmatch.gazetteer.coverage import coverage
from small import SHIPPED, small_gazetteer

REGENERATE = "instmatch gazetteer coverage --output gazetteer/COVERAGE.md"


def table(report: str, title: str) -> dict[str, list[str]]:
    """Return the rows of a table by their first cell."""
    _, _, rest = report.partition(f"## {title}\n\n")
    rows = re.findall(r"^\| (.*?) \|$", rest.partition("\n\n")[0], re.MULTILINE)
    return {cells[0]: cells[1:] for cells in (row.split(" | ") for row in rows)}


def test_committed_report_is_up_to_date() -> None:
    there = (SHIPPED / "COVERAGE.md").read_text("utf-8")
    assert there == coverage(read_curated(SHIPPED).institutions), f"run: {REGENERATE}"


def test_readme_says_how_it_is_made() -> None:
    assert REGENERATE in (SHIPPED / "README.md").read_text("utf-8")


def test_sums() -> None:
    institutions = small_gazetteer().institutions
    names = sum(len(one.names) for one in institutions)
    countries = table(coverage(institutions), "By country")
    assert countries.keys() == {"code", "", *(one.country for one in institutions)}
    head, total = countries.pop("code"), countries.pop("")
    assert total[:3] == ["**all**", str(len(institutions)), str(names)]
    for column in range(1, len(head)):
        assert int(total[column]) == sum(int(row[column]) for row in countries.values())
    assert all(int(row[2]) == sum(map(int, row[3:])) for row in countries.values())
    assert countries["ID"][0] == "Indonesia"


def test_languages() -> None:
    institutions = small_gazetteer().institutions
    languages = table(coverage(institutions), "By language")
    total = languages["**all**"]
    assert total == [str(len(institutions)), "100%", str(sum(len(o.names) for o in institutions))]
    bearers = sum(any(name.lang == "ja" for name in one.names) for one in institutions)
    assert languages["ja"][0] == str(bearers)
    shown = table(coverage(institutions), "By country")
    assert languages["ko"][2] == shown[""][shown["code"].index("ko")]


def test_empty_gazetteer() -> None:
    assert table(coverage([]), "By country")[""][:3] == ["**all**", "0", "0"]


def test_command(tmp_path: Path) -> None:
    path = tmp_path / "COVERAGE.md"
    ran = gazetteer("coverage", "--output", path)
    assert (ran.exit_code, ran.output) == (0, "")
    assert path.read_text("utf-8") == coverage(small_gazetteer().institutions)
    ran = gazetteer("coverage", "--output", tmp_path / "none" / "x.md")
    assert ran.exit_code == 2
    assert "cannot be written" in ran.stderr
