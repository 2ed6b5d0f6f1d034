"""Every column of evidence against a plain reference, pair by pair."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp, log, log2
from random import Random
from typing import Final

import numpy as np

from instmatch.gazetteer import Institution, Name
from instmatch.lexicon import Form, analyse
from instmatch.lexicon.concepts import concepts, concepts_of_kind
from instmatch.lexicon.countries import country_codes, related
from instmatch.lexicon.places import city_names
from instmatch.lexicon.units import is_campus, is_surely_unit
from instmatch.match.candidates import Pairs, candidates, distinct
from instmatch.match.evidence import COLUMN, EVIDENCE, WELL_HEARD, evidence_matrix
from instmatch.match.heard import heard_pairs, spellings
from instmatch.match.query import Batch, make_batch
from instmatch.mention import Reading, read_mention
from instmatch.text import fold
from instmatch.text.scripts import script_of
from small import HINTS, MENTIONS, small_gazetteer, small_index

CJK: Final = {"kana", "han"}
BODIES: Final = {
    "university": {"education"},
    "college": {"education"},
    "school": {"education"},
    "hospital": {"healthcare", "facility"},
    "museum": {"archive"},
    "library": {"archive"},
    "company": {"company"},
}
BY_RULE: Final = ("sound", "sound_length", "latin")
BY_EAR: Final = (
    "across",
    "heard",
    "heard_letters",
    "city_named",
    "city_elsewhere",
    "country_named",
    "country_elsewhere",
)


@cache
def likeness(one: str, other: str) -> float:
    """Return 1 - Levenshtein distance / the longer length."""
    if not one and not other:
        return 1.0
    row = list(range(len(other) + 1))
    for place, char in enumerate(one, 1):
        before, row = row, [place]
        for column, char2 in enumerate(other, 1):
            row.append(min(before[column] + 1, row[-1] + 1, before[column - 1] + (char != char2)))
    return 1 - row[-1] / max(len(one), len(other))


@cache
def bit_of(concept: str) -> int:
    return [one.name for one in concepts()].index(concept)


@cache
def written(one: Institution) -> int:
    """Return how many names in no CJK script an institution has, of those that fold alike one."""
    held = {(fold(name.value), name.kind == "acronym") for name in one.names}
    return sum(script_of(text) in ("latin", "other") for text, _ in held)


@cache
def cities_called() -> dict[str, set[int]]:
    """Return the cities of the institutions by their folded names."""
    ids = {one.geonames for one in small_gazetteer().institutions if one.geonames}
    found: dict[str, set[int]] = {}
    for city, names in city_names(ids).items():
        for text in names:
            found.setdefault(fold(text), set()).add(city)
    return found


Told = tuple[tuple[int, int], dict[str, float], float]
"""A pair's reading and name, its evidence, and its likeness."""


class Plain:
    """The evidence of one pair as its meanings say, from the gazetteer and the mention."""

    def __init__(self, batch: Batch, pairs: Pairs) -> None:
        index = small_index()
        self.batch, self.pairs = batch, pairs
        self.by_ear = [dict.fromkeys(BY_EAR, 0.0)] * len(pairs.name)
        self.institutions: Sequence[Institution] = small_gazetteer().institutions
        held = index.institutions()
        self.names: list[tuple[Institution, Name, Form]] = []
        order = index.arrays["name.inst"].tolist()
        places = [iter(one.names) for one in held]
        for inst in order:
            name = next(places[inst])
            form = analyse(name.value, name.lang == "ja")
            self.names.append((self.institutions[inst], name, form))
        members: dict[str, int] = {}
        for one, _, form in self.names:
            members[one.id] = members.get(one.id, 0) | form.concepts
        self.places = cities_called()
        self.weights: dict[int, float] = {}
        self.weight = [
            log((len(members) + 1) / (sum(m >> bit & 1 for m in members.values()) + 1))
            for bit in range(len(concepts()))
        ]

    def concept_weight(self, members: int) -> float:
        if members not in self.weights:
            bits = enumerate(self.weight)
            self.weights[members] = sum(weight for bit, weight in bits if members >> bit & 1)
        return self.weights[members]

    def alone(self, reading: int, name: int) -> dict[str, float]:
        """Return what a pair says by itself."""
        mention = int(self.batch.mention_of[reading])
        read: Reading = self.batch.readings[reading]
        mine = self.batch.forms[reading]
        one, known, theirs = self.names[name]
        hint = self.batch.hints[mention]
        out = dict.fromkeys(COLUMN, 0.0)
        same = mine.script == theirs.script
        near = same or {mine.script, theirs.script} <= CJK
        out["cross_script"] = not same
        out["exact"] = near and mine.fold == theirs.fold
        out["exact_shape"] = near and mine.key == theirs.key
        out["spelling"] = min(likeness(mine.key, theirs.key) * near, 0.96)
        several = " " in mine.fold or " " in theirs.fold
        words = likeness(mine.words, theirs.words) if several else likeness(mine.key, theirs.key)
        out["words"] = min(words * near, 0.96)
        neither = not mine.rest_key and not theirs.rest_key
        both = bool(mine.rest_key and theirs.rest_key)
        rest = 1.0 if neither else likeness(mine.rest_key, theirs.rest_key) * both
        longest = max(len(mine.rest_key), len(theirs.rest_key))
        out["no_rest"] = neither
        out["rest"] = rest * near
        out["rest_edits"] = min((1 - rest) * longest, 5) * near
        heard = likeness(mine.sound, theirs.sound) if mine.sound and theirs.sound else neither
        out["sound"] = heard * (not same)
        if heard >= 0.75 and not same:
            out["sound_length"] = min(len(mine.sound), len(theirs.sound))
        latin = 0.0 if neither else likeness(mine.latin, theirs.latin)
        out["latin"] = max(latin, rest * near)
        shared = self.concept_weight(mine.concepts & theirs.concepts)
        union = self.concept_weight(mine.concepts | theirs.concepts)
        out["concepts"] = shared / union if union else 1
        out["concepts_missing"] = self.concept_weight(theirs.concepts) - shared
        out["concepts_added"] = self.concept_weight(mine.concepts) - shared
        if mine.numerals != theirs.numerals:
            which = "differ" if mine.numerals and theirs.numerals else "one_sided"
            out[f"numerals_{which}"] = 1
        for kind in ("acronym", "former", "alias"):
            out[kind] = known.kind == kind
        acronyms = {fold(text) for text in self.batch.mentions[mention].acronyms}
        out["acronym_agrees"] = any(
            other.kind == "acronym" and fold(other.value) in acronyms for other in one.names
        )
        if hint:
            if one.country in hint:
                out["country_same" if len(hint) == 1 else "country_region"] = 1
            else:
                out["country_related" if related(one.country, hint) else "country_other"] = 1
        if out["exact"] or out["exact_shape"]:
            out["sharers"] = log2(1 + self.sharers(one, known, bool(out["country_same"])))
        sure = is_surely_unit(read.unit)
        out["campus_left"] = is_campus(read.unit)
        out["unit_left" if sure else "maybe_left"] = log2(1 + min(len(read.unit), 31))
        beside = read.other.split(", ") if read.other else []
        texts = (*self.batch.mentions[mention].notes, *beside)
        cities = {text: self.places.get(fold(text), set()) for text in texts}
        out["other_left"] = log2(1 + sum(len(text) for text in beside if not cities[text]))
        if one.geonames and any(cities.values()):
            agrees = any(one.geonames in said for said in cities.values())
            out["place_agrees" if agrees else "place_differs"] = 1
        if read.role in ("tail", "half", "bracket"):
            out[read.role] = 1
        asked = [kinds for word, kinds in BODIES.items() if mine.concepts >> bit_of(word) & 1]
        kinds = set(one.type.split(";"))
        out["type_other"] = bool(asked) and all(kinds.isdisjoint(some) for some in asked)
        heads = concepts_of_kind("head")
        ours, known_heads = mine.concepts & heads, theirs.concepts & heads
        out["heads_differ"] = bool(ours and known_heads) and not ours & known_heads
        out["prominence"] = log2(1 + written(one))
        return {key: float(value) for key, value in out.items()}

    def sharers(self, one: Institution, name: Name, home: bool) -> int:
        others = {
            other.id
            for other in self.institutions
            for known in other.names
            if fold(known.value) == fold(name.value)
            and (known.kind == "acronym") == (name.kind == "acronym")
            and (not home or other.country == one.country)
        }
        return len(others - {one.id})

    def rows(self) -> list[dict[str, float]]:
        """Return the evidence of all pairs."""
        places = [*zip(self.pairs.reading.tolist(), self.pairs.name.tolist(), strict=True)]
        out = [self.alone(*place) | heard for place, heard in zip(places, self.by_ear, strict=True)]
        out = [row | {"accord": accord(row)} for row in out]
        spelled = [max(row["spelling"], row["words"], row["accord"]) for row in out]
        # Names compared by ear are not compared by rule as well.
        out = [row | dict.fromkeys(BY_RULE, 0.0) if row["across"] else row for row in out]
        told = [*zip(places, out, spelled, strict=True)]
        of_mention: dict[int, list[Told]] = {}
        for entry in told:
            of_mention.setdefault(int(self.batch.mention_of[entry[0][0]]), []).append(entry)
        for (reading, name), row, _ in told:
            beside = of_mention[int(self.batch.mention_of[reading])]
            one = self.names[name][0]
            row["exact_elsewhere"] = float(any(
                not row[kind] and entry[0][0] == reading and entry[1][kind]
                and not entry[1]["country_other"]
                for kind in ("exact", "exact_shape") for entry in beside
            ))  # fmt: skip
            row["outdone"] = max(
                (e[2] for e in beside if e[0][0] in self.batch.longer[reading]), default=0.0
            )
            # By ear, another reading must name the parent.
            row["parent_named"] = max(
                (e[2] for e in beside
                 if one.parent and self.names[e[0][1]][0].id == one.parent
                 and not (row["across"] and e[0][0] == reading)),
                default=0.0,
            )  # fmt: skip
            row["child_heard"] = self.child_heard(one, reading, beside)
            children = [
                e[0][0]
                for e in beside
                if e[1]["exact_shape"] and self.names[e[0][1]][0].parent == one.id
            ]
            child = max(children, default=-1)
            apart = child != reading and reading not in self.batch.longer[child]
            row["child_named"] = float(child >= 0 and apart)
            row["support"] = max(
                (e[2] for e in beside
                 if self.names[e[0][1]][0].id == one.id
                 and self.batch.witness[e[0][0]] != self.batch.witness[reading]),
                default=0.0,
            )  # fmt: skip
        return out

    def child_heard(self, one: Institution, reading: int, beside: Sequence[Told]) -> float:
        """Return the likeness by ear of another reading to the part that is likest by ear."""
        parts: dict[str, list[tuple[float, int]]] = {}
        for (other, name), row, likest in beside:
            bearer = self.names[name][0]
            if bearer.parent == one.id:
                parts.setdefault(bearer.id, []).append((likest * row["across"], other))
        if not parts:
            return 0.0
        best = max(max(part)[0] for part in parts.values())
        last = [id for id in parts if max(parts[id])[0] == best]
        order = [institution.id for institution in self.institutions]
        part = parts[max(last, key=order.index)]
        return max((value for value, other in part if other != reading), default=0.0)


def accord(row: dict[str, float]) -> float:
    """Return how well a name that is compared by ear agrees: its sound and its type words."""
    if not row["across"]:
        return 0.0
    said = 1.0 if row["no_rest"] else min(max(row["heard"] / WELL_HEARD, 0), 1)
    return said * exp(-0.3 * (row["concepts_missing"] + row["concepts_added"]))


def check(mentions: Sequence[str], hints: Sequence[str | None], ear: bool = False) -> None:
    codes = [country_codes(hint) if hint else None for hint in hints]
    batch = make_batch(small_index(), [read_mention(mention) for mention in mentions], codes)
    pairs = candidates(small_index(), batch)
    if ear:
        found, places = spellings(small_index(), batch, range(len(batch.readings)))
        pairs = distinct(pairs, heard_pairs(small_index(), batch, found, places))
        matrix = evidence_matrix(small_index(), batch, pairs, found, places)
        # What the ear says of a pair alone is tested in test_across.
        plain_way = Plain(batch, pairs)
        plain_way.by_ear = [{name: float(row[COLUMN[name]]) for name in BY_EAR} for row in matrix]
        assert matrix[:, COLUMN["across"]].any()
    else:
        plain_way = Plain(batch, pairs)
        matrix = evidence_matrix(small_index(), batch, pairs)
    assert matrix.shape == (len(pairs.name), len(EVIDENCE))
    assert matrix.dtype == np.float32
    for row, plain in enumerate(plain_way.rows()):
        where = (batch.readings[pairs.reading[row]].text, int(pairs.name[row]))
        for name, value in plain.items():
            assert abs(matrix[row, COLUMN[name]] - value) <= 2e-4, (name, where)


def test_mentions() -> None:
    for hint in HINTS:
        check(
            MENTIONS[::2] if hint else MENTIONS, [hint] * len(MENTIONS[::2] if hint else MENTIONS)
        )


def test_names_put_together() -> None:
    rng = Random(7)
    names = [name.value for one in small_gazetteer().institutions for name in one.names]
    glues = ("{0}{1}", "{0} {1}", "{0} ({1})", "{0}, {1}", "{1}・{0}", "旧{0}", "{0} [{1}] 工学部")
    mentions = [rng.choice(glues).format(*rng.sample(names, 2)) for _ in range(40)]
    check(mentions, [rng.choice(HINTS) for _ in mentions])


def test_mentions_compared_by_ear() -> None:
    hints = [HINTS[row % len(HINTS)] for row in range(len(MENTIONS))]
    check(MENTIONS, hints, ear=True)


def test_parts_are_compared_by_ear_beside_their_whole() -> None:
    """A medical school beside its university, in a script that neither has names in."""
    mentions = [
        "반둥 공과대학교",
        "뮌헨 공과대학교 (慕尼黑工业大学)",
        "パリ大学第8",
        "도호쿠 대학교 의학부",
    ]
    check(mentions, [None, "DE", "FR", "JP"], ear=True)


def test_meanings_are_told() -> None:
    assert len(COLUMN) == len(EVIDENCE)
    assert all(one.meaning and one.direction in (-1, 0, 1) for one in EVIDENCE)
