"""Mentions, case by case."""

from __future__ import annotations

from typing import Any

import pytest

from instmatch.mention import read_mention
from instmatch.mention.layout import read_list

Case = dict[str, Any]


@pytest.mark.cases("mentions")
def test_readings(case: Case) -> None:
    readings = read_mention(case["input"]).readings
    wanted = (case["expect"]["text"], case["expect"]["unit"])
    assert wanted in [(reading.text, reading.unit) for reading in readings]


@pytest.mark.cases("acronyms")
def test_acronyms(case: Case) -> None:
    assert list(read_mention(case["input"]).acronyms) == case["expect"]


@pytest.mark.cases("notes")
def test_notes(case: Case) -> None:
    assert list(read_mention(case["input"]).notes) == case["expect"]


@pytest.mark.cases("headings")
def test_headings(case: Case) -> None:
    lines = [[line.number, line.hint] for line in read_list(case["input"])]
    assert lines == case["expect"]


def test_lines_are_as_they_stand() -> None:
    assert [line.text for line in read_list(["Germany", "  - TUM * "])] == ["  - TUM * "]


def test_roles() -> None:
    roles = {
        reading.text: reading.role
        for reading in read_mention("A大学 B学部 (旧:C大学) (D大学) (UCL)").readings
    }
    assert roles["A大学 B学部"] == "cut"
    assert roles["A大学"] == "cut"
    assert roles["C大学"] == "former"
    assert roles["D大学"] == "bracket"
