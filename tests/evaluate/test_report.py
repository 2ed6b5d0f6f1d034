"""Gold files, the figures of a run, their print, and the file of disagreements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from instmatch import Candidate, InputError, Resolution
from instmatch.evaluate import GoldRow, Outcome, Share, evaluate, read_gold
from instmatch.evaluate.gold import answers
from instmatch.evaluate.report import report, write_errors
from instmatch.evaluate.run import slices, summarize
from instmatch.match.decision import Status
from small import GOLD, NORTHEASTERN, TOHOKU, small_index, small_resolver


def outcome(status: Status, right: bool, rank: int, score: float = 0.9, *tags: str) -> Outcome:
    gold = GoldRow(
        2, "mention", "日本", "" if "nil" in tags else "A University", "JP", "", "",
        frozenset(tags), (("lang", "ja"), *(("tag", tag) for tag in tags)),
    )  # fmt: skip
    best = Candidate("im:JP-b-university", "B University", "JP", score)
    found = Resolution(1, "mention", status, score=score, candidates=(best,), reason="because")
    return Outcome(gold, found, right, rank)


OUTCOMES = [
    outcome("matched", True, 1, 1.0),
    outcome("matched", False, 12, 0.75, "ocr"),
    outcome("review", True, 2, 0.5, "ambiguous"),
    outcome("unmatched", False, 0, 0.0),
    outcome("matched", False, 0, 0.75, "nil"),
    outcome("unmatched", False, 0, 0.0, "nil"),
]


def test_figures() -> None:
    assert summarize(OUTCOMES) == {
        "top candidate right": Share(2, 4),
        "blocking recall@10": Share(2, 4),
        "blocking recall@50": Share(3, 4),
        "precision of matched": Share(1, 3),
        "coverage of matched": Share(2, 4),
        "nil rows matched": Share(1, 2),
        # Six rows in ten bins of one: 0, 0.75, 0.5, 0, 0.75 and 0 apart.
        "calibration error": pytest.approx(2 / 6),
    }


def test_figures_of_nothing() -> None:
    assert all(figure in (0, Share(0, 0)) for figure in summarize([]).values())
    assert "0 mentions" in report([], [])


def test_slices() -> None:
    found = slices(OUTCOMES)
    assert [*found] == [("lang", "ja"), ("tag", "ambiguous"), ("tag", "nil"), ("tag", "ocr")]
    assert found["lang", "ja"] == OUTCOMES
    assert found["tag", "ocr"] == OUTCOMES[1:2]


def test_report() -> None:
    text = report(OUTCOMES, OUTCOMES)
    lines = text.splitlines()
    assert lines[0] == "with country hint: 6 mentions"
    assert "  top candidate right      50.0%  [15.0%, 85.0%]  2/4" in lines
    assert "  calibration error        0.333" in lines
    assert "without country hint, rows tagged ambiguous left out: 5 mentions" in lines
    nil = next(line for line in lines if line.startswith("  tag     nil"))
    assert nil.split()[2:] == ["–", "0.0%", "–"]
    ocr = next(line for line in lines if line.startswith("  tag     ocr"))
    assert ocr.split()[-2:] == ["0.0%", "100.0%"]
    assert not any(line != line.rstrip() for line in lines)


def test_errors_file(tmp_path: Path) -> None:
    path = tmp_path / "errors.tsv"
    write_errors(OUTCOMES, path)
    header, *rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    assert header[:3] == ["line", "mention", "country_hint"]
    assert header[-1] == "rank_in_blocking"
    # Not the right ones, and not the NIL row that was left unmatched.
    assert [(row[6], row[-1]) for row in rows] == [
        ("matched", "12"),
        ("unmatched", "0"),
        ("matched", "0"),
    ]
    assert rows[0][:6] == ["2", "mention", "日本", "A University", "JP", "ocr"]
    assert rows[0][7:10] == ["B University", "JP", "0.7500"]


def test_gold_is_read() -> None:
    rows = read_gold(GOLD)
    assert len(rows) == 11
    first = rows[0]
    assert (first.line, first.codes, first.is_nil) == (2, frozenset({"ID"}), False)
    assert first.slices == (("source", "one"), ("lang", "ja"), ("tag", "ocr"), ("tag", "unit"))
    assert rows[-1].is_nil
    assert rows[6].codes is None


def test_a_label_goes_by_id_or_by_name() -> None:
    rows = read_gold(GOLD)
    found = dict(zip((row.mention for row in rows), answers(rows, small_index()), strict=True))
    assert found["東北大學"] == {TOHOKU}
    # These have no ROR id in the file, but one in the gazetteer.
    assert found["ヨーク大学"] == {"https://ror.org/04m01e293"}
    assert found["Seoul National University"] == {"https://ror.org/04h9pn542"}
    assert found["学術交流協定校一覧"] == set()
    own = replace(rows[0], ror="", institution="National Tsing Hua University", country="TW")
    unknown = replace(own, country="CN")
    assert answers([own, unknown], small_index()) == [
        {"im:TW-national-tsing-hua-university"},
        set(),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: no column mention, institution, country; the columns there are: "),
        ("mention\tinstitution\n", ":1: no column country; the columns there are: mention, inst"),
        ("mention\tinstitution\tcountry\n", ": there is no labelled mention"),
        ("mention\tinstitution\tcountry\nx\t\tJP\n", ":2: no institution is given; fill in"),
        ("mention\tinstitution\tcountry\nx\tJP\n", ":2: 2 cells where the header has 3"),
    ],
)
def test_bad_gold(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "gold.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_gold(path)
    assert str(caught.value).startswith(f"{path}{told}")


def test_run() -> None:
    gold = read_gold(GOLD)
    outcomes = evaluate(small_resolver(), gold)
    assert [one.gold for one in outcomes] == gold
    assert [one.found.row for one in outcomes] == [*range(1, 12)]
    assert all(one.right and 1 <= one.rank <= 3 for one in outcomes if not one.gold.is_nil)
    assert not any(one.right or one.rank for one in outcomes if one.gold.is_nil)
    assert not any(one.matched for one in outcomes if one.gold.is_nil)
    # The rows that need the country are not told apart without.
    unhinted = {one.gold.mention: one for one in evaluate(small_resolver(), gold, use_hints=False)}
    assert unhinted["ヨーク大学"].found.status == "review"


def test_ranks_are_by_institution() -> None:
    gold = read_gold(GOLD)
    row = next(one for one in gold if one.mention == "東北大學")
    other = replace(row, ror=NORTHEASTERN, institution="Northeastern University", country="CN")
    ranks = [one.rank for one in evaluate(small_resolver(), [row, other])]
    assert sorted(ranks) == [1, 2]
    absent = replace(row, ror="", institution="University of the Moon")
    assert evaluate(small_resolver(), [absent])[0].rank == 0


def test_a_successor_is_right_too() -> None:
    living = next(one for one in small_index().institutions() if one.name.endswith("Tokyo"))
    row = replace(
        read_gold(GOLD)[0],
        mention="Tokyo Institute of Technology",
        hint="JP",
        ror=living.id,
        institution=living.name,
        country="JP",
    )
    found = evaluate(small_resolver(), [row])[0]
    assert found.right
    assert found.found.successor == living.id
    assert TOHOKU in small_index().number_of
