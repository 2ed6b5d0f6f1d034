"""The face of the library: arguments, batches, candidates, and the example of the design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import instmatch
from instmatch import Candidate, InputError, Resolution, Resolver, resolve
from instmatch.match.model import Model
from instmatch.resolver import Pair, default_resolver
from small import BANDUNG, BERKELEY, DATA, MENTIONS, small_index, small_resolver


def test_face() -> None:
    assert sorted(instmatch.__all__) == [
        "Candidate",
        "InputError",
        "Resolution",
        "Resolver",
        "resolve",
    ]
    assert all(getattr(instmatch, name).__doc__ for name in instmatch.__all__)


def test_result_format() -> None:
    assert [*Resolution._fields] == [
        "row", "mention", "status", "id", "name", "country", "score", "margin", "unit",
        "matched_name", "candidates", "successor", "reason", "institutions",
    ]  # fmt: skip
    found = small_resolver().resolve_one("バンドンエ科大学 産業技術学部", "ID")
    plain = found.as_dict()
    assert plain["id"] == BANDUNG
    assert plain["unit"] == "産業技術学部"
    assert plain["candidates"][0].keys() == {"id", "name", "country", "score"}
    assert found.candidates[0] == Candidate(found.id, found.name, "ID", found.score)  # type: ignore[arg-type]


def test_names_one_country_for_each() -> None:
    found = small_resolver().resolve(["東北大学", "東北大学", "東北大学"], ["JP", "中国", None])
    assert [(one.row, one.country) for one in found][:2] == [(1, "JP"), (2, "CN")]
    assert [one.status for one in found] == ["matched", "matched", "review"]


def test_names_one_country_for_all() -> None:
    found = small_resolver().resolve(iter(["東北大学", "東北大学"]), "Japan")
    assert [one.country for one in found] == ["JP", "JP"]


@pytest.mark.parametrize(
    ("names", "country", "told"),
    [
        ("東北大学", None, "give a list of names, as ['東北大学'], or ask resolve_one"),
        (["東北大学"], "Atlantis", "country 'Atlantis' is not known; give a country's name or ISO"),
        (["A", "B"], ["JP"], "names and country differ in length"),
        (["A"], ["JP", "JP"], "names and country differ in length"),
        (["A", None], None, "name 2 is None; give each name as a str"),
        (["A", float("nan")], [None, None], "name 2 is nan; give each name as a str"),
        ([b"A"], "JP", "name 1 is b'A'"),
    ],
)
def test_bad_arguments(names: Any, country: Any, told: str) -> None:
    with pytest.raises(InputError) as caught:
        small_resolver().resolve(names, country)
    assert told in str(caught.value)


def test_countries_that_are_not_known_or_missing_count_as_none_given() -> None:
    given: list[Any] = [None, "", "Atlantis", float("nan")]
    none, *others = (small_resolver().resolve(["東北大学"], [one])[0] for one in given)
    assert others == [none] * 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"precision": 0.0}, "precision is 0.0; give a number between 0 and 1"),
        ({"precision": 1.0}, "precision is 1.0"),
        ({"precision": float("nan")}, "precision is nan"),
        ({"top": 0}, "top is 0; give a whole number from 1"),
        ({"workers": -1}, "workers is -1; give a whole number from 1"),
        ({"gazetteer": "none.index"}, "none.index: the index cannot be read"),
        ({"gazetteer": Path(__file__)}, "this is not an instmatch index"),
        ({"model": __file__}, "this is not an instmatch model"),
    ],
)
def test_bad_options(options: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as caught:
        Resolver(**options)
    assert told in str(caught.value)


def test_stream_reads_a_batch_ahead_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instmatch.resolver.BATCH", 2)
    taken: list[int] = []

    def names() -> Iterator[str]:
        for number in range(1000):
            taken.append(number)
            yield MENTIONS[number % 5]

    stream = small_resolver().stream(names())
    assert next(stream).row == 1
    assert len(taken) == 2
    assert [next(stream).row for _ in range(4)] == [2, 3, 4, 5]


def test_top() -> None:
    few = Resolver(small_index(), top=2).resolve_one("カリフォルニア太学")
    many = Resolver(small_index(), top=30).resolve_one("カリフォルニア太学")
    assert few.candidates == many.candidates[:2]
    assert len(many.candidates) > 2
    assert few.margin == many.margin


def test_precision_sets_the_threshold() -> None:
    names = [name.value for one in small_index().institutions() for name in one.names]
    garbled = [name[:-2] + "X" + name[-1] for name in names]
    shares = []
    for precision in (0.9, 0.95, 0.99):
        found = Resolver(small_index(), precision=precision).resolve(garbled)
        shares.append(sum(one.status == "matched" for one in found))
    assert shares == sorted(shares, reverse=True)


def test_what_is_part_of_the_best_is_no_rival() -> None:
    found = small_resolver().resolve_one("University of California, Berkeley")
    assert found.id == BERKELEY
    assert found.status == "matched"
    living = small_resolver().resolve_one("Institute of Science Tokyo", "JP")
    assert living.status == "matched"
    assert living.successor is None


def test_historic_bodies_keep_their_id_and_name_the_living_one() -> None:
    found = small_resolver().resolve_one("東京工業大学", "日本")
    living = small_resolver().resolve_one("東京科学大学", "日本")
    assert found.name == "Tokyo Institute of Technology"
    assert found.id != living.id == found.successor
    assert small_resolver().successor_of(str(found.id)) == living.id
    assert small_resolver().successor_of(str(living.id)) is None


def test_equal_names_are_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    resolver = Resolver(small_index())
    whole = resolver._resolve_distinct

    def counted(pairs: Sequence[Pair]) -> list[Resolution]:
        asked.append(len(pairs))
        return whole(pairs)

    monkeypatch.setattr(resolver, "_resolve_distinct", counted)
    found = resolver.resolve(["東北大学", "清華大学"] * 50, "JP")
    assert asked == [2]
    assert [one.row for one in found] == [*range(1, 101)]


def test_paths_and_objects_are_the_same(tmp_path: Path) -> None:
    small_index().save(tmp_path / "i")
    Model.load().save(tmp_path / "m")
    paths = Resolver(tmp_path / "i", tmp_path / "m").resolve(MENTIONS)
    texts = Resolver(str(tmp_path / "i"), str(tmp_path / "m")).resolve(MENTIONS)
    assert paths == texts == small_resolver().resolve(MENTIONS)


def test_default_resolver_is_built_once() -> None:
    assert default_resolver() is default_resolver()
    assert resolve([]) == []


def test_fixture_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*.tsv")) < 100_000
