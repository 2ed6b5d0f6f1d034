"""Evidence for and against a pair of a reading and a name, for whole batches at once.

Each column is a number people can understand; the model weighs them (see `model`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist
from scipy import sparse

from instmatch.gazetteer.model import KINDS
from instmatch.index import Index
from instmatch.index.index import concept_rows, numerals_key, script_number, text_hash
from instmatch.lexicon.countries import related
from instmatch.lexicon.units import is_campus, is_surely_unit
from instmatch.match.candidates import Pairs
from instmatch.match.query import Batch, Hint
from instmatch.text import fold

Floats = npt.NDArray[np.float32]


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
    Evidence("words", 1, "likeness of the names with their words sorted, 0 to 1"),
    Evidence("rest", 1, "likeness of the distinguishing parts in one script, 0 to 1"),
    Evidence("rest_edits", -1, "edits between the distinguishing parts in one script, 0 to 5"),
    Evidence("sound", 1, "likeness in sound of the distinguishing parts across scripts, 0 to 1"),
    Evidence("sound_length", 1, "consonants that agree in sound across scripts, if nearly all do"),
    Evidence("latin", 1, "likeness of the distinguishing parts in Latin letters, 0 to 1"),
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
    Evidence("exact_elsewhere", -1, "the reading is the very name of another institution there"),
    Evidence("outdone", -1, "likeness of a longer reading of the mention to any name, 0 to 1"),
    Evidence("parent_named", 1, "likeness of the mention to the body the institution is part of"),
    Evidence(
        "child_named", -1, "another part of the mention is the name of a body that is part of it"
    ),
    Evidence("support", 1, "likeness of another part of the mention to the institution, 0 to 1"),
)
COLUMN: Final = {evidence.name: row for row, evidence in enumerate(EVIDENCE)}

_LIKE: Final = np.float32(0.96)
"""Likeness from which only equality says more: one edit in a long name is no better than none."""

_LONG: Final = 31
"""Characters from which a unit is no less likely one: lists print several in a row."""

_MOST_CITIES: Final = 1 << 32
"""More than the highest GeoNames id."""

_PARTS: Final = np.float32(1 << 14)

_HEARD: Final = 0.75
"""Likeness in sound from which the length of what agrees counts."""

_CJK_SCRIPTS: Final = (script_number("kana"), script_number("han"))


def evidence_matrix(index: Index, batch: Batch, pairs: Pairs) -> Floats:
    """Return the evidence of each pair, one column for each of `EVIDENCE`."""
    out = np.zeros((len(pairs.name), len(EVIDENCE)), np.float32)

    def put(name: str, values: npt.NDArray[np.generic]) -> None:
        out[:, COLUMN[name]] = values

    _spelling(index, batch, pairs, put)
    _concepts(index, batch, pairs, put)
    _numerals(index, batch, pairs, put)
    _standing(index, batch, pairs, put)
    _country(index, batch, pairs, put)
    _surroundings(batch, pairs, put)
    _places(index, batch, pairs, put)
    exact, same = out[:, COLUMN["exact"]], out[:, COLUMN["country_same"]]
    sharers = np.where(
        same > 0,
        index.arrays["name.sharers_home"][pairs.name],
        index.arrays["name.sharers"][pairs.name],
    )
    put("sharers", np.log2(1 + sharers) * (out[:, COLUMN["exact_shape"]] + exact > 0))
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

    def likeness(view: str) -> Floats:
        mine = ours([getattr(form, view) for form in forms]).tolist()
        known = index.texts[view].take(pairs.name)
        scores: Floats = cpdist(
            mine, known, scorer=Levenshtein.normalized_similarity, dtype=np.float32
        )
        return scores

    script = ours([script_number(form.script) for form in forms], np.uint8)
    same = script == theirs("script")
    near = same | (np.isin(script, _CJK_SCRIPTS) & np.isin(theirs("script"), _CJK_SCRIPTS))
    put("cross_script", ~same)
    put("exact", ours([text_hash(form.fold) for form in forms], np.uint64) == theirs("fold_hash"))
    key = ours([text_hash(form.key) for form in forms], np.uint64)
    put("exact_shape", key == theirs("key_hash"))
    put("spelling", np.minimum(likeness("key") * near, _LIKE))
    put("words", np.minimum(likeness("words") * near, _LIKE))

    lengths = np.array([ours([len(form.rest_key) for form in forms], int), theirs("rest_length")])
    neither = (lengths == 0).all(axis=0)
    rest = np.where(neither, 1, likeness("rest_key") * (lengths > 0).all(axis=0))
    put("no_rest", neither)
    put("rest", rest * near)
    put("rest_edits", np.minimum((1 - rest) * lengths.max(axis=0), 5) * near)
    sounds = np.array([ours([len(form.sound) for form in forms], int), theirs("sound_length")])
    sound = np.where((sounds > 0).all(axis=0), likeness("sound"), neither)
    put("sound", sound * ~same)
    put("sound_length", sounds.min(axis=0) * ((sound >= _HEARD) & ~same))
    # Readings of one script's characters differ by language, so there its spelling counts too.
    put("latin", np.maximum(likeness("latin") * ~neither, rest * near))


def _concepts(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    # In whole parts of a power of two, sums are exact and so do not depend on the batch.
    weight = np.round(index.arrays["concept_weight"] * _PARTS) / _PARTS
    sets = sorted({form.concepts for form in batch.forms})
    number = {members: row for row, members in enumerate(sets)}
    ours = np.array([number[form.concepts] for form in batch.forms])[pairs.reading]
    met, theirs = np.unique(index.arrays["name.concepts"][pairs.name], return_inverse=True)
    mine, known = concept_rows(sets), index.arrays["concept_sets"][met]
    # Sparse, because the threads of a dense product cost more than the product.
    weighed = sparse.csr_matrix(mine * weight)
    shared = (weighed @ known.T)[ours, theirs]
    total_mine = (mine * weight).sum(axis=1)[ours]
    total_known = (known * weight).sum(axis=1)[theirs]
    union = total_mine + total_known - shared
    put("concepts", np.where(union > 0, shared / np.maximum(union, 1e-6), 1))
    put("concepts_missing", total_known - shared)
    put("concepts_added", total_mine - shared)


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
    inst = index.arrays["name.inst"][pairs.name]
    size = len(index.ids)
    bearers = [
        mention * size + index.acronyms[key].astype(np.int64)
        for mention, one in enumerate(batch.mentions)
        for key in map(fold, one.acronyms)
        if key in index.acronyms
    ]
    if bearers:
        mine = batch.mention_of[pairs.reading] * size + inst
        put("acronym_agrees", np.isin(mine, np.concatenate(bearers)))


def _country(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    countries: list[str] = index.meta["countries"]
    hints = list(dict.fromkeys(batch.hints))
    number = {hint: row for row, hint in enumerate(hints)}
    levels = np.array([[_country_level(code, hint) for code in countries] for hint in hints])
    of_reading = np.array([number[hint] for hint in batch.hints])[batch.mention_of]
    inst = index.arrays["name.inst"][pairs.name]
    level = levels[of_reading[pairs.reading], index.arrays["inst.country"][inst]]
    for value, name in enumerate(("same", "region", "related", "other"), 1):
        put(f"country_{name}", level == value)


def _country_level(code: str, hint: Hint) -> int:
    if not hint:
        return 0
    if code in hint:
        return 1 if len(hint) == 1 else 2
    return 3 if related(code, hint) else 4


def _surroundings(batch: Batch, pairs: Pairs, put: Put) -> None:
    readings = batch.readings
    units = [(reading.unit, is_surely_unit(reading.unit)) for reading in readings]
    columns = {
        "campus_left": [is_campus(reading.unit) for reading in readings],
        "unit_left": [np.log2(1 + min(len(unit), _LONG) * sure) for unit, sure in units],
        "maybe_left": [np.log2(1 + min(len(unit), _LONG) * (not sure)) for unit, sure in units],
        **{
            role: [reading.role == role for reading in readings]
            for role in ("tail", "half", "bracket")
        },
    }
    for name, column in columns.items():
        put(name, np.array(column)[pairs.reading])


def _places(index: Index, batch: Batch, pairs: Pairs, put: Put) -> None:
    """Compare places that stand beside a name, in brackets or between commas."""
    said: list[int] = []
    unexplained = np.zeros(len(batch.readings), np.float32)
    named = np.zeros(len(batch.readings), bool)
    for row, reading in enumerate(batch.readings):
        notes = batch.mentions[batch.mention_of[row]].notes
        if not notes and not reading.other:
            continue
        beside = reading.other.split(", ") if reading.other else []
        for text in (*notes, *beside):
            cities = index.places.get(fold(text), ())
            said.extend(row * _MOST_CITIES + city for city in cities)
            named[row] |= bool(cities)
            if text in beside and not cities:
                unexplained[row] += len(text)
    city = index.arrays["inst.geonames"][index.arrays["name.inst"][pairs.name]]
    agrees = np.isin(pairs.reading * _MOST_CITIES + city, said) & (city > 0)
    put("place_agrees", agrees)
    put("place_differs", named[pairs.reading] & ~agrees & (city > 0))
    put("other_left", np.log2(1 + unexplained)[pairs.reading])


def _together(index: Index, batch: Batch, pairs: Pairs, out: Floats, put: Put) -> None:
    """Let the readings of a mention speak for and against each other."""
    spelled = np.maximum(out[:, COLUMN["spelling"]], out[:, COLUMN["words"]])
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
    put("parent_named", (best[place] * both)[group])
    equal_by = np.full(len(groups), -1)
    np.maximum.at(equal_by, group[equal], pairs.reading[equal])
    child_by = np.full(len(groups), -1)
    np.maximum.at(child_by, place[both], equal_by[both])
    child = child_by[group]
    count = len(batch.readings)
    inside = [row * count + other for row, others in enumerate(batch.longer) for other in others]
    apart = (child != pairs.reading) & ~np.isin(child * count + pairs.reading, inside)
    put("child_named", (child >= 0) & apart)

    witness = batch.witness[pairs.reading]
    if witness.any():
        by_witness = np.zeros((len(groups), int(witness.max()) + 1), np.float32)
        np.maximum.at(by_witness, (group, witness), spelled)
        others = by_witness[group]
        others[np.arange(len(group)), witness] = 0
        put("support", others.max(axis=1))
