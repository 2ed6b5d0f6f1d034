"""Affiliations taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.lexicon.states import state_countries
from instmatch.mention.affiliation import read_affiliation
from instmatch.mention.trim import LONGEST


def kinds(text: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.kind) for piece in read_affiliation(text).pieces]


def test_pieces_and_their_kinds() -> None:
    assert kinds("1 Dept. of Physics, Univ. of Oslo, Sem Sælands vei 24, 0371 Oslo, Norway.") == [
        ("Dept. of Physics", "unit"),
        ("Univ. of Oslo", "name"),
        ("Sem Sælands vei 24", "address"),
        ("Oslo", "name"),
        ("Norway", "country"),
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Univ. of Oslo (UiO)", ["Univ. of Oslo", "UiO"]),
        ("Inst. Chem. Phys., CNRS/IN2P3", ["Inst. Chem. Phys.", "CNRS", "IN2P3"]),
        ("Dipartimento di Fisica dell'Università di Pisa", ["Dipartimento di Fisica", "Università di Pisa"]),  # noqa: E501
        ("Fisheries University. Kochi", ["Fisheries University", "Kochi"]),
        ("Rijksuniversiteit, 9712 CP Groningen", ["Rijksuniversiteit", "CP Groningen"]),
        ("UMR 8163, Lille", ["UMR 8163", "Lille"]),
        ("a) Keio University &amp; Co", ["Keio University & Co"]),
        ("Keio University, tel. +81 3 5427 1517", ["Keio University"]),
        ("Pune, India", ["Pune", "India"]),
        ("Uppsala Sweden", ["Uppsala", "Sweden"]),
        ("National University of Singapore", ["National University of Singapore"]),
        ("Gainesville FL USA", ["Gainesville", "FL", "USA"]),
    ],
)  # fmt: skip
def test_where_pieces_end(text: str, pieces: list[str]) -> None:
    assert [piece.text for piece in read_affiliation(text).pieces] == pieces


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("A, Japan; B, France", [{"JP"}, {"FR"}]),
        ("A University, Atlanta, GA and B University, Nanjing, China", [{"US"}, {"CN"}]),
        ("A, Hong Kong, China", [{"HK", "CN"}]),
        ("A, Lebanon, NH, USA", [{"US"}]),
        ("A, Perth, WA", [{"AU", "US"}]),
        ("A, Toronto, Ontario", [{"CA"}]),
        ("A", [set()]),
    ],
)
def test_countries_of_statements(text: str, countries: list[set[str]]) -> None:
    read = read_affiliation(text)
    statements = dict.fromkeys(piece.statement for piece in read.pieces)
    assert [set(read.countries(statement)) for statement in statements] == countries


@pytest.mark.parametrize("text", ["", "  ", "someone@example.org", "https://example.org/", "—;,"])
def test_texts_without_a_name(text: str) -> None:
    assert read_affiliation(text).pieces == ()


def test_states_of_two_countries_and_small_letters() -> None:
    assert state_countries("Victoria") == frozenset({"AU"})
    assert state_countries("SA") == frozenset({"AU"})
    assert state_countries("sa") is None


@given(st.text(st.characters(codec=None), max_size=60) | st.text("Ab ,;.()/&1@'-", max_size=40))
def test_every_text_is_read(text: str) -> None:
    read = read_affiliation(text)
    assert len(read.starts) == len(read.pieces) + 1
    assert read.starts[-1] == len(read.words)
    assert all(piece.words and all(piece.words) for piece in read.pieces)
    assert [piece.statement for piece in read.pieces] == sorted(
        piece.statement for piece in read.pieces
    )
    for piece in read.pieces:
        assert isinstance(read.countries(piece.statement), frozenset)


def test_what_is_too_long_is_cut() -> None:
    assert len(read_affiliation("a, " * LONGEST).pieces) <= LONGEST
