"""Each finding of the validator, triggered by the least that is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.gazetteer import Gazetteer, Institution, Name, read_curated
from instmatch.gazetteer.model import own_id, shared_names
from instmatch.gazetteer.validate import is_ror_id, validate
from small import SHIPPED, small_gazetteer

SOUND = Institution(
    "https://ror.org/00apj8t60",
    "A University",
    "DE",
    (Name("A University", "en", "label", "official"),),
)


def findings(*institutions: Institution, homonyms: frozenset[str] = frozenset()) -> list[str]:
    return validate(Gazetteer(institutions, homonyms))


def named(*names: tuple[str, str, str], country: str = "DE") -> Institution:
    known = tuple(Name(value, lang, kind, "seed") for value, lang, kind in names)  # type: ignore[arg-type]
    return replace(SOUND, names=(*SOUND.names, *known), country=country)


def test_sound() -> None:
    assert findings(SOUND) == []
    assert validate(small_gazetteer()) == []


def test_shipped_gazetteer_is_sound() -> None:
    assert validate(read_curated(SHIPPED)) == []


@pytest.mark.parametrize(
    ("institution", "told"),
    [
        (replace(SOUND, id="https://ror.org/00apj8t61"), "is not a ROR id; look it up"),
        (replace(SOUND, id="ror.org/00apj8t60"), "is not a ROR id"),
        (replace(SOUND, country="XX"), "XX is not a country"),
        (named(("AU", "en", "acronym")), "is an acronym and has no language"),
        (named(("Uni", "english", "alias")), "'english' is not a language"),
        (named(("Uni", "", "alias")), "'' is not a language"),
        (named(("Uni", "ja", "alias")), "is not written in a script of ja"),
        (named(("Uni", "ru", "alias")), "is not written in a script of ru"),
        (named(("A大学", "en", "alias")), "holds letters that en does not have"),
        (named(("大学の家", "zh-Hans", "alias")), "holds letters that zh-Hans does not have"),
        (named(("A  Uni", "en", "alias")), "has stray spaces"),
        (named(("A University", "en", "alias")), "'A University' (en) stands twice"),
        (named(country="JP"), "has no name in ja"),
        (named(("甲大学", "zh-Hans", "label"), country="CN"), "has no name in zh-Hant"),
        (
            replace(SOUND, names=(Name("甲大学", "ja", "label", "seed"),)),
            "no name in Latin letters",
        ),
        (replace(SOUND, successor="im:DE-nothing"), "successor im:DE-nothing is not in"),
        (replace(SOUND, parent="im:DE-nothing"), "parent im:DE-nothing is not in"),
        (replace(SOUND, parent=SOUND.id), "its parent leads back to itself"),
    ],
)
def test_findings(institution: Institution, told: str) -> None:
    found = findings(institution)
    assert len(found) == 1
    assert told in found[0]


def test_successors_in_a_circle() -> None:
    one = replace(SOUND, successor="im:DE-b")
    other = replace(
        SOUND,
        id="im:DE-b",
        name="B University",
        names=(Name("B University", "en", "label", "seed"),),
        successor=SOUND.id,
    )
    found = findings(one, other)
    assert len(found) == 2
    assert all("successor leads back to itself" in finding for finding in found)


def test_homonyms_go_both_ways() -> None:
    other = replace(SOUND, id="im:US-a", country="US")
    named = "'a university' is a name of DE A University; US A University"
    assert findings(SOUND, other) == [f"{named}: declare it in homonyms.tsv or drop one."]
    assert findings(SOUND, other, homonyms=frozenset({"a university"})) == []
    assert findings(SOUND, homonyms=frozenset({"a university"})) == [
        "'a university' is declared in homonyms.tsv but not shared: drop the row."
    ]


def test_acronyms_may_be_shared() -> None:
    other = replace(
        SOUND,
        id="im:DE-b",
        name="B University",
        names=(Name("B University", "en", "label", "seed"), Name("XU", "", "acronym", "seed")),
    )
    assert findings(named(("XU", "", "acronym")), other) == []


def test_shared_names_are_by_fold() -> None:
    other = replace(SOUND, id="im:US-a", names=(Name("A UNIVERSITY", "en", "label", "seed"),))
    assert [*shared_names([SOUND, other])] == ["a university"]


@pytest.mark.parametrize(
    "id",
    ["https://ror.org/00apj8t60", "https://ror.org/02kkvpp62", "https://ror.org/01dq60k83"],
)
def test_ror_ids(id: str) -> None:
    assert is_ror_id(id)
    for place in range(-9, 0):
        for char in "0123456789abcdefghjkmnpqrstvwxyz":
            other = id[: len(id) + place] + char + id[len(id) + place + 1 :]
            assert other == id or not is_ror_id(other), other


@given(st.text(max_size=40))
def test_other_texts_are_no_ror_ids(text: str) -> None:
    assert not is_ror_id(text)


@given(st.text(max_size=40))
def test_own_ids_are_plain(name: str) -> None:
    id = own_id("JP", name)
    assert id.isascii()
    assert id.startswith("im:JP-")
    assert len(id) > 6
    assert id == id.strip("-")
