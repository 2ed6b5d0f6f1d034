"""Cases as data: a test marked ``cases("name")`` runs once for each entry of cases/name.json.

An entry has ``kind`` (``in-the-wild``, ``synthetic``, ``negative``: something tempting that must
not be done, or ``known-failure``), ``input``, ``expect`` and ``note``. The test takes the entry as
``case``. Known failures are strict: one that passes fails the run, so that its kind is mended.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

CASES: Final = Path(__file__).parent / "cases"
KINDS: Final = frozenset({"in-the-wild", "synthetic", "negative", "known-failure"})
FIELDS: Final = frozenset({"kind", "input", "expect", "note"})

settings.register_profile(
    "instmatch", max_examples=60, deadline=None, derandomize=True, database=None
)
settings.load_profile("instmatch")


def load_cases(name: str) -> list[dict[str, Any]]:
    """Return the entries of a case file, checked.

    Raises:
        ValueError: if an entry has other fields or another kind than it should, or comes twice.
    """
    entries: list[dict[str, Any]] = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    seen: set[str] = set()
    for number, entry in enumerate(entries, 1):
        if entry.keys() != FIELDS or entry["kind"] not in KINDS:
            raise ValueError(f"cases/{name}.json, entry {number}: wrong fields or kind: {entry}")
        text = json.dumps(entry["input"])
        if text in seen:
            raise ValueError(f"cases/{name}.json, entry {number}: this input came before: {text}")
        seen.add(text)
    return entries


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and let Hypothesis report failures: its reporter's imports warn."""
    config.addinivalue_line("filterwarnings", "ignore:mypy_extensions:DeprecationWarning")
    config.addinivalue_line("markers", "cases(name): run once for each entry of cases/name.json")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that is marked with a case file its entries."""
    marker = metafunc.definition.get_closest_marker("cases")
    if marker is None:
        return
    params = []
    for entry in load_cases(marker.args[0]):
        marks = []
        if entry["kind"] == "known-failure":
            marks.append(pytest.mark.xfail(strict=True, reason=entry["note"]))
        params.append(
            pytest.param(entry, id=f"{entry['kind']}-{entry['input']!r:.60}", marks=marks)
        )
    metafunc.parametrize("case", params)
