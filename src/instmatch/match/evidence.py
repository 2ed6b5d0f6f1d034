"""Evidence for and against a pair of a reading and a name, for whole batches at once.

Each column is a number people can understand; the model weighs them (see `model`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from instmatch.gazetteer.model import KINDS
from instmatch.index import Index
from instmatch.index.hashing import text_hash
from instmatch.index.index import concept_rows, numerals_key, script_number
from instmatch.lexicon.concepts import concept_number, concepts_of_kind
from instmatch.lexicon.units import is_campus, is_surely_unit
from instmatch.match.across import across
from instmatch.match.candidates import Pairs
from instmatch.match.concepts import concept_weights
from instmatch.match.country import country_standing
from instmatch.match.heard import Place, Spelling
from instmatch.match.query import ROLES, Batch
from instmatch.text import fold

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


class Evidence(NamedTuple):
    """A column of evidence.

    Attributes:
        name: its name.
        direction: 1 if more of it can only speak for a pair, -1 if only against, 0 if either.
        meaning: what its value says.
    """

    name: str
    direction: int
    meaning: str


EVIDENCE: Final = (
    Evidence("spelling", 1, "likeness of the whole names by look-alikes, 0 to 1"),
    Evidence("words", 1, "likeness of the names with their words, if several, sorted, 0 to 1"),
    Evidence("rest", 1, "likeness of the distinguishing parts in one script, 0 to 1"),
    Evidence("rest_edits", -1, "edits between the distinguishing parts in one script, 0 to 5"),
    Evidence("sound", 1, "likeness in sound of the distinguishing parts across scripts, 0 to 1"),
    Evidence("sound_length", 1, "consonants that agree in sound across scripts, if nearly all do"),
    Evidence("latin", 1, "likeness of the distinguishing parts in Latin letters, 0 to 1"),
    Evidence("across", 0, "the names are compared by ear"),
    Evidence("accord", 1, "likeness by ear of the whole name: sound and type words, 0 to 1"),
    Evidence("heard", 1, "log-odds that the name is how the mention sounds, a letter, -2 to 3"),
    Evidence("heard_letters", 1, "the same for all letters together, 0 to 40"),
    Evidence("city_named", 1, "the mention's name holds the institution's city, across scripts"),
    Evidence("city_elsewhere", -1, "it holds another city, across scripts"),
    Evidence("country_named", 1, "it holds the institution's country, across scripts"),
    Evidence("country_elsewhere", -1, "it holds another country, across scripts"),
    Evidence("cross_script", 0, "the names are in different scripts"),
    Evidence("no_rest", 0, "neither name has a distinguishing part besides type words"),
    Evidence("concepts", 1, "weight of shared type words against all type words, 0 to 1"),
    Evidence("concepts_missing", -1, "weight of type words only the gazetteer's name has"),
    Evidence("concepts_added", -1, "weight of type words only the mention has"),
    Evidence("numerals_differ", -1, "both names hold numerals, and other ones"),
    Evidence("numerals_one_sided", -1, "only one of the names holds numerals"),
    Evidence("exact", 1, "the names are equal but for width, case, accents and variants"),
    Evidence("exact_shape", 1, "the names are equal but for look-alikes"),
    Evidence("acronym", 0, "the gazetteer's name is an acronym"),
    Evidence("former", -1, "the gazetteer's name is a former one"),
    Evidence("alias", -1, "the gazetteer's name is an alias"),
    Evidence(
        "sharers", -1, "other institutions of this name where the hint leaves them, log2(1+n)"
    ),
    Evidence("country_same", 1, "the institution is in the country of the hint"),
    Evidence("country_region", 1, "the institution is in one of several countries of the hint"),
    Evidence("country_related", 0, "the institution's country is often filed under the hint"),
    Evidence("country_other", -1, "the hint contradicts the institution's country"),
    Evidence("campus_left", -1, "a campus is left over"),
    Evidence("unit_left", -1, "part of the mention surely read as a unit, log2(1+characters)"),
    Evidence("maybe_left", -1, "part that may be a unit or an institution, log2(1+characters)"),
    Evidence("other_left", -1, "unexplained rest of the mention, log2(1+characters)"),
    Evidence("tail", -1, "the name stands behind other text"),
    Evidence("half", 0, "the name is one half of a bilingual cell"),
    Evidence("bracket", 0, "the name stands in brackets"),
    Evidence("place_agrees", 1, "a place named beside the name is the institution's city"),
    Evidence("place_differs", -1, "a place named beside the name is another city"),
    Evidence("acronym_agrees", 1, "an acronym in the mention belongs to the institution"),
    Evidence("heads_differ", -1, "both names say what kind of body it is, and other ones"),
    Evidence(
        "child_heard", -1, "likeness by ear of other text to a part of the institution, 0 to 1"
    ),
    Evidence("type_other", -1, "the type words name another kind of body than the institution is"),
    Evidence(
        "prominence", 1, "names in Latin and other scripts that the institution has, log2(1+n)"
    ),
    Evidence("exact_elsewhere", -1, "the reading is the very name of another institution there"),
    Evidence("outdone", -1, "likeness of a longer reading of the mention to any name, 0 to 1"),
    Evidence("parent_named", 1, "likeness of the mention to the body the institution is part of"),
    Evidence(
        "child_named", -1, "another part of the mention is the name of a body that is part of it"
    ),
    Evidence("support", 1, "likeness of another part of the mention to the institution, 0 to 1"),
)
COLUMN: Final = {evidence.name: row for row, evidence in enumerate(EVIDENCE)}

LIKE: Final = np.float32(0.96)
"""Likeness from which only equality says more: one edit in a long name is no better than none."""

_LONG: Final = 31
"""Characters from which a unit is no less likely one: lists print several in a row."""

_MOST_CITIES: Final = 1 << 32
"""More than the highest GeoNames id."""

WELL_HEARD: Final = 2.7
"""Log-odds a letter from which two names sound alike beyond doubt."""

_TYPE_WORDS: Final = 0.3
"""How much type words that only one name has take away, by their weight."""

_BY_RULE: Final = np.array([COLUMN[name] for name in ("sound", "sound_length", "latin")])

_HEARD: Final = 0.75
"""Likeness in sound from which the length of what agrees counts."""

_CJK: Final = np.isin(range(256), [script_number("kana"), script_number("han")])
"""By number of a script, whether names in it may share characters with names in the other."""


def evidence_matrix(
    index: Index,
    batch: Batch,
    pairs: Pairs,
    found: Sequence[Spelling] = (),
    places: Mapping[int, Sequence[Place]] = MappingProxyType({}),
) -> Floats:
    """Return the evidence of each pair, one column for each of `EVIDENCE`.

    Args:
        index: the gazetteer.
        batch: the batch.
        pairs: its pairs.
        found: spellings of the readings that are to be compared by ear.
        places: the places these readings name.
    """
    # Column by column in memory, as it is written and read.
    out = np.zeros((len(EVIDENCE), len(pairs.name)), np.float32).T

    def put(name: str, values: npt.NDArray[np.generic]) -> None:
        out[:, COLUMN[name]] = values

    _spelling(index, batch, pairs, put)
    _concepts(index, batch, pairs, put)
    _numerals(index, batch, pairs, put)
    _standing(index, batch, pairs, put)
    _country(index, batch, pairs, put)
    _surroundings(batch, pairs, put)
    _places(index, batch, pairs, put)
    across(index, batch, pairs, found, places, put)
    heard = np.clip(out[:, COLUMN["heard"]] / WELL_HEARD, 0, 1)
    heard = np.maximum(heard, out[:, COLUMN["no_rest"]])
    apart = out[:, COLUMN["concepts_missing"]] + out[:, COLUMN["concepts_added"]]
    put("accord", heard * np.exp(-_TYPE_WORDS * apart) * (out[:, COLUMN["across"]] > 0))
    # What has been listened to needs no romanising by rule.
    out[np.ix_(out[:, COLUMN["across"]] > 0, _BY_RULE)] = 0
    exact, same = out[:, COLUMN["exact"]], out[:, COLUMN["country_same"]]
    sharers = np.where(
        same > 0,
        index.arrays["name.sharers_home"][pairs.name],
        index.arrays["name.sharers"][pairs.name],
    )
    put("sharers", np.log2(1 + sharers) * (out[:, COLUMN["exact_shape"]] + exact > 0))
    inst = index.arrays["name.inst"][pairs.name]
    fit = types_fit(index, concept_rows([form.concepts for form in batch.forms]))
    put("type_other", ~fit[pairs.reading, index.arrays["inst.type"][inst]])
    put("prominence", np.log2(1 + index.arrays["inst.names"][inst]))
    if len(pairs.name):
        _together(index, batch, pairs, out, put)
    return out


Put = Callable[[str, npt.NDArray[np.generic]], None]


def _spelling(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    forms = batch.forms

    def ours(column: Sequence[Any], dtype: Any = object) -> npt.NDArray[Any]:
        return np.array(column, dtype)[pairs.reading]

    def theirs(column: str) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = index.arrays[f"name.{column}"][pairs.name]
        return found

    script = ours([script_number(form.script) for form in forms], np.uint8)
    same = script == theirs("script")
    near = same | (_CJK[script] & _CJK[theirs("script")])
    lengths = np.array([ours([len(form.rest_key) for form in forms], int), theirs("rest_length")])
    neither = (lengths == 0).all(axis=0)
    sounds = np.array([ours([len(form.sound) for form in forms], int), theirs("sound_length")])
    several = ours([" " in form.fold for form in forms], bool) | theirs("several_words")
    put("cross_script", ~same)
    put("no_rest", neither)

    # Each view is compared where it says something, all in one call.
    compared = {
        "key": near,
        "words": near & several,
        "rest_key": near & (lengths > 0).all(axis=0),
        "sound": ~same & (sounds > 0).all(axis=0),
        "latin": ~neither,
    }
    places = {view: np.flatnonzero(where) for view, where in compared.items()}
    mine: list[str] = []
    known: list[str] = []
    for view, rows in places.items():
        texts = np.array([getattr(form, view) for form in forms], object)
        mine += texts[pairs.reading[rows]].tolist()
        known += index.texts[view].take(pairs.name[rows])
    scores = cpdist(mine, known, scorer=Levenshtein.normalized_similarity, dtype=np.float32)
    likeness: dict[str, Floats] = {}
    start = 0
    for view, rows in places.items():
        likeness[view] = np.zeros(len(pairs.name), np.float32)
        likeness[view][rows] = scores[start : start + len(rows)]
        start += len(rows)

    equal = likeness["key"] == 1
    put("exact_shape", equal)
    rows = np.flatnonzero(equal)
    folds = [forms[reading].fold for reading in pairs.reading[rows].tolist()]
    known = index.texts["fold"].take(pairs.name[rows])
    equal[rows] = [fold == other for fold, other in zip(folds, known, strict=True)]
    put("exact", equal)
    put("spelling", np.minimum(likeness["key"], LIKE))
    put("words", np.minimum(np.where(several, likeness["words"], likeness["key"]), LIKE))
    rest = np.where(neither, 1, likeness["rest_key"])
    put("rest", rest * near)
    put("rest_edits", np.minimum((1 - rest) * lengths.max(axis=0), 5) * near)
    sound = np.where((sounds > 0).all(axis=0), likeness["sound"], neither)
    put("sound", sound * ~same)
    put("sound_length", sounds.min(axis=0) * ((sound >= _HEARD) & ~same))
    # Readings of one script's characters differ by language, so there its spelling counts too.
    put("latin", np.maximum(likeness["latin"], rest * near))


def _concepts(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    mine, known, shared = concept_weights(index, batch, pairs.reading, pairs.name)
    union = mine + known - shared
    put("concepts", np.where(union > 0, shared / np.maximum(union, 1e-6), 1))
    put("concepts_missing", known - shared)
    put("concepts_added", mine - shared)
    ours = _heads(concept_rows([form.concepts for form in batch.forms]))[pairs.reading]
    theirs = _heads(index.arrays["concept_sets"])[index.arrays["name.concepts"][pairs.name]]
    put("heads_differ", (ours > 0) & (theirs > 0) & (ours & theirs == 0))


def _heads(sets: npt.NDArray[np.float32]) -> Ints:
    """Return the head words of sets of concepts as the bits of a number each."""
    heads = np.flatnonzero(concept_rows([concepts_of_kind("head")])[0])
    bits: Ints = sets[:, heads].astype(np.int64) @ (1 << np.arange(len(heads)))
    return bits


_KINDS_OF_BODY: Final = {
    "university": ("education",), "college": ("education",), "school": ("education",),
    "hospital": ("healthcare", "facility"), "museum": ("archive",), "library": ("archive",),
    "company": ("company",),
}  # fmt: skip
"""Types of the registry that bodies of a type word are of; other type words may be of any."""

_BODIES: Final = frozenset(_KINDS_OF_BODY)


def types_fit(index: Index, sets: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Return for each set of concepts and each type of the index whether they go together.

    Args:
        index: the gazetteer.
        sets: sets of concepts, as `concept_rows` gives them.
    """
    types: list[str] = index.meta["types"]
    out = np.ones((len(sets), len(types)), bool)
    for column, one in enumerate(types):
        if one:
            names = _BODIES - {word for word, kinds in _KINDS_OF_BODY.items() if one in kinds}
            right = [concept_number(word) for word in sorted(_BODIES - names)]
            wrong = [concept_number(word) for word in sorted(names)]
            out[:, column] = sets[:, right].any(axis=1) | ~sets[:, wrong].any(axis=1)
    return out


def _numerals(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    keys = [numerals_key(form) for form in batch.forms]
    ours = np.array([index.numerals.get(key, -1) for key in keys])[pairs.reading]
    theirs = index.arrays["name.numerals"][pairs.name]
    put("numerals_differ", (ours != theirs) & (ours != 0) & (theirs != 0))
    put("numerals_one_sided", (ours != theirs) & ((ours == 0) | (theirs == 0)))


def _standing(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    kind = index.arrays["name.kind"][pairs.name]
    put("acronym", kind == KINDS.index("acronym"))
    put("former", kind == KINDS.index("former"))
    put("alias", kind == KINDS.index("alias"))
    said = [
        (mention, text_hash(fold(acronym)))
        for mention, one in enumerate(batch.mentions)
        for acronym in one.acronyms
    ]
    if not said:
        return
    counts, names = index.rows_of_folds(np.array([hashed for _, hashed in said], np.uint64))
    mention = np.repeat([mention for mention, _ in said], counts)
    short = index.arrays["name.kind"][names] == KINDS.index("acronym")
    size = len(index.ids)
    bearers = (mention * size + index.arrays["name.inst"][names])[short]
    mine = batch.mention_of[pairs.reading] * size + index.arrays["name.inst"][pairs.name]
    put("acronym_agrees", np.isin(mine, bearers))


def _country(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    inst = index.arrays["name.inst"][pairs.name]
    level = country_standing(index, batch.hints, batch.mention_of[pairs.reading], inst)
    for value, name in enumerate(("same", "region", "related", "other"), 1):
        put(f"country_{name}", level == value)


def _surroundings(batch: Batch, pairs: Pairs, put: Put) -> None:
    campus, sure, unsure = np.zeros((3, len(batch.readings)), np.float32)
    for row, reading in enumerate(batch.readings):
        if reading.unit:
            campus[row] = is_campus(reading.unit)
            column = sure if is_surely_unit(reading.unit) else unsure
            column[row] = np.log2(1 + min(len(reading.unit), _LONG))
    put("campus_left", campus[pairs.reading])
    put("unit_left", sure[pairs.reading])
    put("maybe_left", unsure[pairs.reading])
    role = np.array([ROLES.index(reading.role) for reading in batch.readings])[pairs.reading]
    for name in ("tail", "half", "bracket"):
        put(name, role == ROLES.index(name))


def _places(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    """Compare places that stand beside a name, in brackets or between commas."""
    texts: list[tuple[int, str, bool]] = []
    for row, reading in enumerate(batch.readings):
        texts += [(row, note, False) for note in batch.mentions[batch.mention_of[row]].notes]
        if reading.other:
            texts += [(row, text, True) for text in reading.other.split(", ")]
    if not texts:
        return
    hashes = np.array([text_hash(fold(text)) for _, text, _ in texts], np.uint64)
    counts, cities = index.cities_of(hashes)
    of_text = np.array([row for row, _, _ in texts])
    said = np.repeat(of_text, counts) * _MOST_CITIES + cities
    named = np.zeros(len(batch.readings), bool)
    named[of_text[counts > 0]] = True
    left = np.array([len(text) * beside for _, text, beside in texts]) * (counts == 0)
    unexplained = np.bincount(of_text, left, len(batch.readings)).astype(np.float32)
    city = index.arrays["inst.geonames"][index.arrays["name.inst"][pairs.name]]
    agrees = np.isin(pairs.reading * _MOST_CITIES + city, said) & (city > 0)
    put("place_agrees", agrees)
    put("place_differs", named[pairs.reading] & ~agrees & (city > 0))
    put("other_left", np.log2(1 + unexplained)[pairs.reading])


def _best_of_others(
    group: Ints, reading: Ints, spelled: Floats, count: int
) -> Callable[[Ints, Ints], Floats]:
    """Return a function of groups and readings: the best likeness by another reading."""
    order = np.lexsort((-spelled, reading, group))
    _, first = np.unique(group[order] * (reading.max() + 1) + reading[order], return_index=True)
    rows = order[first]
    rows = rows[np.lexsort((-spelled[rows], group[rows]))]
    start = np.searchsorted(group[rows], np.arange(count))
    second = np.minimum(start + 1, len(rows) - 1)
    has_second = group[rows[second]] == np.arange(count)
    best, by = spelled[rows[start]], reading[rows[start]]
    next_best = np.where(has_second & (second > start), spelled[rows[second]], 0)

    def found(wanted: Ints, apart: Ints) -> Floats:
        return np.where(by[wanted] == apart, next_best[wanted], best[wanted])

    return found


def _together(index: Index, batch: Batch, pairs: Pairs, out: Floats, put: Put) -> None:
    """Let the readings of a mention speak for and against each other."""
    spelled = np.maximum(out[:, COLUMN["spelling"]], out[:, COLUMN["words"]])
    spelled = np.maximum(spelled, out[:, COLUMN["accord"]])
    size = len(index.ids)
    inst = index.arrays["name.inst"][pairs.name].astype(np.int64)
    mention = batch.mention_of[pairs.reading]
    groups, group = np.unique(mention * size + inst, return_inverse=True)

    known = np.zeros(len(batch.readings), np.float32)
    np.maximum.at(known, pairs.reading, spelled)
    open_to = out[:, COLUMN["country_other"]] == 0
    elsewhere = np.zeros(len(pairs.name), bool)
    for equality in ("exact", "exact_shape"):
        equal = out[:, COLUMN[equality]] > 0
        named = np.zeros(len(batch.readings), bool)
        named[pairs.reading[equal & open_to]] = True
        elsewhere |= named[pairs.reading] & ~equal
    put("exact_elsewhere", elsewhere)
    longer = np.array(
        [max((known[row] for row in rows), default=0.0) for rows in batch.longer], np.float32
    )
    put("outdone", longer[pairs.reading])

    best = np.zeros(len(groups), np.float32)
    np.maximum.at(best, group, spelled)
    parent = index.arrays["inst.parent"][groups % size]
    wanted = groups // size * size + parent
    place = np.minimum(np.searchsorted(groups, wanted), len(groups) - 1)
    both = (groups[place] == wanted) & (parent >= 0)
    named = (best[place] * both)[group]
    heard = out[:, COLUMN["across"]] > 0
    if heard.any():
        # By ear a name is taken for another's easily: there the parent must be named beside it.
        by_other = _best_of_others(group, pairs.reading, spelled, len(groups))
        named = np.where(heard, by_other(place[group], pairs.reading) * both[group], named)
    put("parent_named", named)
    if heard.any():
        likeness = spelled * heard
        by_ear = _best_of_others(group, pairs.reading, likeness, len(groups))
        best_heard = np.zeros(len(groups), np.float32)
        np.maximum.at(best_heard, group, likeness)
        children = np.flatnonzero(both)
        children = children[np.argsort(best_heard[children], kind="stable")]
        child_of = np.full(len(groups), -1)
        child_of[place[children]] = children
        has = child_of[group] >= 0
        put("child_heard", by_ear(child_of[group], pairs.reading) * has)
    equal_by = np.full(len(groups), -1)
    np.maximum.at(equal_by, group[equal], pairs.reading[equal])
    child_by = np.full(len(groups), -1)
    np.maximum.at(child_by, place[both], equal_by[both])
    child = child_by[group]
    count = len(batch.readings)
    inside = [row * count + other for row, others in enumerate(batch.longer) for other in others]
    apart = child != pairs.reading
    if inside:
        apart &= ~np.isin(child * count + pairs.reading, inside)
    put("child_named", (child >= 0) & apart)

    witness = batch.witness[pairs.reading]
    if witness.any():
        by_witness = np.zeros((len(groups), int(witness.max()) + 1), np.float32)
        np.maximum.at(by_witness, (group, witness), spelled)
        others = by_witness[group]
        others[np.arange(len(group)), witness] = 0
        put("support", others.max(axis=1))
