"""Labelled mentions to learn from: made of the gazetteer's own names, or given by a user."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from instmatch.evaluate.gold import GoldRow, answers
from instmatch.gazetteer.model import Institution, Name, shared_names
from instmatch.index import Index
from instmatch.learn.noise import disturb
from instmatch.lexicon.analysis import analyse
from instmatch.match.query import Hint
from instmatch.text import fold
from instmatch.text.scripts import script_of

_LANG_SHARE: Final = {"ja": 45, "en": 25, "zh-Hans": 8, "zh-Hant": 8, "ko": 6}
_NUMBER: Final = re.compile("(?<![0-9A-Za-z])[0-9]{1,2}(?![0-9A-Za-z])")
_OTHER_SHARE: Final = 8
_EVENLY: Final = 0.5
_HINTS: Final = {"right": 60, "none": 34, "region": 4, "wrong": 2}


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled mention.

    Attributes:
        text: the mention.
        hint: countries it is said to be in.
        answers: ids of the institutions that would be right; empty if none is (NIL).
        group: examples of one group stay together in cross-validation.
        withheld: folded name that the gazetteer is to be treated as not holding for the
            answer, so that evidence beyond the alias is learnt; empty if none.
        absent: id of an institution that is to be treated as not in the gazetteer.
        unwritten: scripts in which the gazetteer is to be treated as having no name of the
            answer.
    """

    text: str
    hint: Hint
    answers: frozenset[str]
    group: str
    withheld: str = ""
    absent: str = ""
    unwritten: frozenset[str] = frozenset()


def synthetic(index: Index, count: int, seed: int) -> list[Example]:
    """Make labelled mentions from the names of a gazetteer.

    Half of the institutions are drawn evenly, half by their names, then a name by language. Two
    CJK names in five are treated as the only one in their script, and not held; of the others one
    in three is treated as not held. One example in eight is of an institution treated as absent,
    made up from one institution's place and another's type words, or given another number; these
    are NIL.

    Args:
        index: the gazetteer whose names are disturbed.
        count: how many examples.
        seed: the same seed and gazetteer give the same examples.
    """
    return list(_synthetic(index, count, Random(seed)))


def _synthetic(index: Index, count: int, rng: Random) -> Iterator[Example]:
    institutions = index.institutions()
    countries = sorted({institution.country for institution in institutions})
    by_id: dict[str | None, Institution] = {one.id: one for one in institutions}
    by_names = [one for one in institutions for _ in one.names]
    shared = shared_names(institutions).keys()
    known = {fold(name.value) for one in institutions for name in one.names}
    numbered = [
        (one, name)
        for one in institutions
        for name in one.names
        if name.kind != "acronym" and _NUMBER.search(name.value)
    ]
    for _ in range(count):
        # Lists name the institutions most that have most names.
        institution = rng.choice(institutions if rng.random() < _EVENLY else by_names)
        name = _pick_name(institution.names, rng)
        hint = _pick_hint(institution.country, countries, rng)
        chance = rng.random()
        if chance < 0.02 and numbered:
            institution, name = rng.choice(numbered)
            other_number = _NUMBER.sub(str(rng.randrange(1, 16)), name.value)
            if fold(other_number) not in known:
                yield Example(other_number, hint, frozenset(), institution.id)
            continue
        if chance < 0.06:
            made_up = _cross(name, _pick_name(rng.choice(institutions).names, rng))
            if made_up and fold(made_up) not in known:
                yield Example(made_up, hint, frozenset(), institution.id)
            continue
        other = _other_script(institution.names, name, rng)
        acronym = _acronym(institution.names, rng)
        city = _city(index.cities.get(institution.geonames or 0, ()), name, rng)
        text = disturb(name.value, name.lang, other, acronym, city, rng)
        if institution.parent in by_id and rng.random() < 0.4:
            text = _with_parent(text, name.lang, by_id[institution.parent], rng)
        if fold(name.value) in shared:
            yield Example(text, hint, frozenset({institution.id}), institution.id)
            continue
        if chance < 0.12:
            yield Example(text, hint, frozenset(), institution.id, absent=institution.id)
            continue
        answer = frozenset({institution.id})
        if rng.random() < 0.4 and (scripts := _written_elsewhere(institution, name)):
            yield Example(text, hint, answer, institution.id, unwritten=scripts)
            continue
        withheld = fold(name.value) if rng.random() < 0.33 else ""
        yield Example(text, hint, answer, institution.id, withheld)


_TOGETHER: Final = (frozenset({"kana", "han"}), frozenset({"hangul"}))


def scripts_together(text: str) -> frozenset[str]:
    """Return the scripts of a CJK language that a text is written in; none for other texts.

    >>> sorted(scripts_together("東京大学")), sorted(scripts_together("Tokyo"))
    (['han', 'kana'], [])
    """
    script = script_of(text)
    return next((family for family in _TOGETHER if script in family), frozenset())


def _written_elsewhere(institution: Institution, name: Name) -> frozenset[str]:
    """Return the scripts that a CJK name shares, if the institution has names in others."""
    scripts = scripts_together(name.value)
    others = (script_of(one.value) for one in institution.names if one.kind != "acronym")
    return scripts if any(one == "latin" for one in others) else frozenset()


def _pick_name(names: Sequence[Name], rng: Random) -> Name:
    named = [name for name in names if name.kind != "acronym"]
    shares = [_LANG_SHARE.get(name.lang, _OTHER_SHARE) for name in named]
    return rng.choices(named, shares)[0]


def _other_script(names: Sequence[Name], name: Name, rng: Random) -> str | None:
    script = script_of(name.value)
    others = [one.value for one in names if one.lang == "en" and script_of(one.value) != script]
    return rng.choice(others) if others else None


def _acronym(names: Sequence[Name], rng: Random) -> str | None:
    acronyms = [name.value for name in names if name.kind == "acronym"]
    return rng.choice(acronyms) if acronyms else None


def _city(names: Sequence[str], name: Name, rng: Random) -> str | None:
    """Return a name of a city in the script that an institution's name is in."""
    script = script_of(name.value)
    fitting = [one for one in names if script_of(one) == script]
    return rng.choice(fitting) if fitting else None


def _with_parent(text: str, lang: str, parent: Institution, rng: Random) -> str:
    """Return a mention with the name of the body its institution is part of, if it has one."""
    names = [name.value for name in parent.names if name.lang == lang and name.kind == "label"]
    if not names or names[0] in text:
        return text
    glues = ("{1}, {0}", "{0}, {1}", "{0} ({1})", "{1} ({0})")
    if lang in ("ja", "zh-Hans", "zh-Hant"):
        glues = ("{1}{0}", "{1}・{0}", "{1} {0}", "{1}({0})")
    return rng.choice(glues).format(text, names[0])


def _cross(name: Name, other: Name) -> str:
    """Return the distinguishing part of one name with the type words of another."""
    mine, theirs = analyse(name.value).rest, analyse(other.value).rest
    folded = fold(other.value)
    if not mine or not theirs or name.lang != other.lang or folded.count(theirs) != 1:
        return ""
    return folded.replace(theirs, mine)


def _pick_hint(country: str, countries: Sequence[str], rng: Random) -> Hint:
    kind = rng.choices([*_HINTS], [*_HINTS.values()])[0]
    if kind == "none":
        return None
    if kind == "right":
        return frozenset({country})
    if kind == "wrong":
        return frozenset({rng.choice(countries)})
    return frozenset({country, *rng.sample(countries, 8)})


def labelled(rows: Sequence[GoldRow], index: Index) -> list[Example]:
    """Return labelled mentions as examples, each with its hint and without.

    Args:
        rows: labelled mentions; those whose institution the index does not hold count as NIL.
        index: says which ids there are.
    """
    examples: list[Example] = []
    for row, ids in zip(rows, answers(rows, index), strict=True):
        group = min(ids, default=f"nil {row.institution}")
        examples += [
            Example(row.mention, hint, ids, group)
            for hint in dict.fromkeys((row.codes or None, None))
        ]
    return examples


def folds(examples: Sequence[Example], parts: int) -> list[int]:
    """Return the fold of each example, all of one group in one fold, of about equal size."""
    sizes = [0] * parts
    members: dict[str, int] = {}
    for example in examples:
        members[example.group] = members.get(example.group, 0) + 1
    fold_of: dict[str, int] = {}
    for group, size in sorted(members.items(), key=lambda item: (-item[1], item[0])):
        fold_of[group] = sizes.index(min(sizes))
        sizes[fold_of[group]] += size
    return [fold_of[example.group] for example in examples]
