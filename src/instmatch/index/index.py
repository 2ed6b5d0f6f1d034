"""The compiled gazetteer: all that matching needs, in arrays that are mapped from one file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import sparse

from instmatch.errors import InputError
from instmatch.gazetteer.model import KINDS, Gazetteer, Institution, Name
from instmatch.index.hashing import text_hash
from instmatch.index.heard import Said, exonym_arrays, heard_arrays, said_matrix, weigh_said
from instmatch.index.store import Strings, pack_strings, read_arrays, write_arrays
from instmatch.index.vectors import (
    Floats,
    Ints,
    count_matrix,
    inverse_document_frequency,
    rows_matrix,
    weigh,
)
from instmatch.lexicon import Form, analyse
from instmatch.lexicon.concepts import concepts
from instmatch.lexicon.places import city_names
from instmatch.lexicon.version import words_version
from instmatch.mention.trim import trim
from instmatch.sound import SoundTable
from instmatch.tables import packaged
from instmatch.text import fold

_TEXTS: Final = ("value", "fold", "key", "words", "rest_key", "latin", "sound")
_PARTS: Final = np.float32(1 << 14)
_PART: Final = 10_000
SCRIPTS: Final = ("kana", "han", "hangul", "latin", "other")


def default_path() -> Path:
    """Return the path of the index that is installed with the package."""
    return packaged("instmatch", "gazetteer.index")


def _extend(checksum: int, data: bytes) -> int:
    return crc32(data, checksum)


def numerals_key(form: Form) -> str:
    """Return the numerals of a form as a string to compare."""
    return ",".join(map(str, sorted(form.numerals)))


def script_number(script: str) -> int:
    """Return the number that stands for a script in the index."""
    return SCRIPTS.index(script)


@dataclass(frozen=True)
class Index:
    """The compiled gazetteer.

    Rows of *names* are numbered, and so are *institutions*; arrays are by these numbers.

    Attributes:
        arrays: as stored.
        meta: countries, numerals, concept names, checksum of what it was built from.
    """

    arrays: dict[str, npt.NDArray[Any]]
    meta: dict[str, Any]

    @classmethod
    def load(cls, path: Path | None = None) -> Index:
        """Map an index file; without a path, the one installed with the package.

        Raises:
            InputError: if the file is not a whole index of this version.
        """
        path = path or default_path()
        arrays, meta = read_arrays(path)
        if meta.get("words_version") != words_version():
            raise InputError(
                f"{path}: built with other word tables than this instmatch has. "
                f"Build it again with: instmatch gazetteer build --output {path}"
            )
        return cls(arrays, meta)

    def save(self, path: Path) -> None:
        """Write the index to one file, all or nothing."""
        write_arrays(path, self.arrays, self.meta)

    @classmethod
    def build(
        cls,
        gazetteer: Gazetteer,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        sound: SoundTable | None = None,
    ) -> Index:
        """Compile a gazetteer; the result depends on nothing else.

        Args:
            gazetteer: the gazetteer.
            progress: called, now and then, with the names analysed and the names in all.
            sound: what CJK names sound like; by default as installed with the package.
        """
        return _build(gazetteer, progress, sound or SoundTable.load())

    def _strings(self, name: str) -> Strings:
        return Strings(self.arrays[f"{name}.block"], self.arrays[f"{name}.offsets"])

    @cached_property
    def texts(self) -> dict[str, Strings]:
        """By view (``value``, ``fold``, ``key``, …), the strings of all names."""
        return {view: self._strings(f"name.{view}") for view in _TEXTS}

    @cached_property
    def ids(self) -> Strings:
        """Ids of the institutions."""
        return self._strings("inst.id")

    @cached_property
    def titles(self) -> Strings:
        """Canonical names of the institutions."""
        return self._strings("inst.name")

    @cached_property
    def matrix(self) -> sparse.csr_matrix:
        """Weighed features by names (see `vectors`): one row a feature, one column a name."""
        data, columns, starts = (
            self.arrays[f"matrix.{part}"] for part in ("data", "indices", "indptr")
        )
        return rows_matrix(data, columns, starts, len(self.arrays["name.inst"]))

    @cached_property
    def heard(self) -> sparse.csr_matrix:
        """Weighed features by names that are compared by ear (see `instmatch.index.heard`).

        One row a feature, one column a name; ``heard.name`` says which.
        """
        data, columns, starts = (
            self.arrays[f"heard.{part}"] for part in ("data", "indices", "indptr")
        )
        return rows_matrix(data, columns, starts, len(self.arrays["heard.name"]))

    @cached_property
    def heard_frequency(self) -> npt.NDArray[np.int32]:
        """How many names in Latin letters have each feature."""
        return np.diff(self.arrays["heard.indptr"])

    def heard_vectors(self, said: Sequence[Said]) -> sparse.csr_matrix:
        """Return the weighed vectors of what may be said, to multiply with `heard`."""
        return weigh_said(said_matrix(said), self.arrays["heard.idf"])

    @cached_property
    def sound(self) -> SoundTable:
        """What CJK names sound like."""
        columns = (self._strings(f"sound.{part}") for part in ("symbol", "letters"))
        everything = np.arange(len(self.arrays["sound.share"]))
        texts = [column.take(everything) for column in columns]
        return SoundTable(zip(*texts, self.arrays["sound.share"].tolist(), strict=True))

    @cached_property
    def place_spellings(self) -> Strings:
        """What each place is called in Latin letters, the usual first, joined by ``|``."""
        return self._strings("place.latin")

    def places_called(self, hashes: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """Return how many places have each CJK name, and their rows, name after name.

        Args:
            hashes: `text_hash` of the `place_key` of each name.
        """
        counts, rows = _equal_rows(self.arrays["exonym.hash"], hashes)
        return counts, self.arrays["exonym.place"][rows].astype(np.int64)

    @cached_property
    def frequency(self) -> npt.NDArray[np.int32]:
        """How many names have each feature."""
        return np.diff(self.arrays["matrix.indptr"])

    @cached_property
    def numerals(self) -> dict[str, int]:
        """Number of each set of numerals that occurs; the empty set is 0."""
        return {key: row for row, key in enumerate(self.meta["numerals"])}

    @cached_property
    def concept_weight(self) -> Floats:
        """How much each concept distinguishes, in whole parts of a power of two.

        So sums of them are exact and do not depend on their order or on the batch.
        """
        weight: Floats = np.round(self.arrays["concept_weight"] * _PARTS) / _PARTS
        return weight

    @cached_property
    def concept_totals(self) -> Floats:
        """Weight of all concepts of each set of concepts."""
        totals: Floats = self.arrays["concept_sets"] @ self.concept_weight
        return totals

    @cached_property
    def cities(self) -> dict[int, list[str]]:
        """Names, in every script, of the cities that institutions are in, by GeoNames id."""
        names: dict[int, list[str]] = {}
        strings = self._strings("city.name")
        for row, city in enumerate(self.arrays["city.id"].tolist()):
            names.setdefault(city, []).append(strings[row])
        return names

    def cities_of(self, hashes: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """Return how many cities have each name, and their GeoNames ids, name after name.

        Args:
            hashes: `text_hash` of the fold of each name.
        """
        counts, rows = _equal_rows(self.arrays["city.hash"], hashes)
        return counts, self.arrays["city.hashed"][rows].astype(np.int64)

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Number of each institution by its id."""
        ids = self.ids.take(np.arange(len(self.ids)))
        return {id: row for row, id in enumerate(ids)}

    def find(self, name: str) -> list[Institution]:
        """Return the institutions that bear a name, or have it as their id."""
        same = self.arrays["name.fold_hash"] == np.uint64(text_hash(fold(name)))
        numbers = {*self.arrays["name.inst"][same].tolist()}
        if name in self.number_of:
            numbers.add(self.number_of[name])
        everything = self.institutions() if numbers else []
        return [everything[number] for number in sorted(numbers)]

    def institutions(self) -> list[Institution]:
        """Return the institutions with their names, as far as the index holds them."""
        names: list[list[Name]] = [[] for _ in range(len(self.ids))]
        columns = (self.arrays[f"name.{column}"].tolist() for column in ("inst", "lang", "kind"))
        for row, (inst, lang, kind) in enumerate(zip(*columns, strict=True)):
            value = self.texts["value"][row]
            names[inst].append(Name(value, self.meta["langs"][lang], KINDS[kind], ""))
        parents = self.arrays["inst.parent"].tolist()
        return [
            Institution(
                self.ids[inst],
                self.titles[inst],
                self.country(inst),
                tuple(names[inst]),
                geonames=int(self.arrays["inst.geonames"][inst]) or None,
                type=self.meta["types"][self.arrays["inst.type"][inst]],
                parent=self.ids[parents[inst]] if parents[inst] >= 0 else None,
                successor=self.successor(inst),
            )
            for inst in range(len(self.ids))
        ]

    @cached_property
    def _hashes(self) -> dict[str, npt.NDArray[np.uint64]]:
        """Rising hashes of the keys and folds of all names."""
        return {
            view: self.arrays[f"name.{view}_hash"][self.arrays[f"{view}_order"]]
            for view in ("key", "fold")
        }

    def rows_of_keys(self, keys: Sequence[str]) -> tuple[Ints, Ints]:
        """Return how many names have each key (`Form.key`), and their rows, key after key."""
        return self._rows_of("key", np.array([text_hash(key) for key in keys], np.uint64))

    def rows_of_folds(self, hashes: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """Return how many names have each fold, by `text_hash`, and their rows, fold after fold."""
        return self._rows_of("fold", hashes)

    def _rows_of(self, view: str, wanted: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
        counts, places = _equal_rows(self._hashes[view], wanted)
        return counts, self.arrays[f"{view}_order"][places].astype(np.int64)

    def printed(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return for each text the row of a name that folds alike; -1 if none is printed so.

        Names of the gazetteer that a mention is not read as are none: what looks like a bullet or
        a date in them would be taken off.
        """
        wanted = np.array([text_hash(text) for text in texts], np.uint64)
        known = self.arrays["printed_hash"]
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        rows = self.arrays["printed_row"][place].astype(np.int64)
        return np.where(known[place] == wanted, rows, -1)

    def known_ends(self, key: str) -> list[int]:
        """Return where in a key (`Form.key`) names of the index that it begins with may end.

        Compared by 32-bit checksums, so one in some thousands is no name at all.
        """
        sums = np.array(list(accumulate(map(str.encode, key), _extend, initial=0)), np.uint32)
        known = self.arrays["key_sums"]
        place = np.minimum(np.searchsorted(known, sums), len(known) - 1)
        return np.flatnonzero(known[place] == sums).tolist()

    def country(self, inst: int) -> str:
        """Return the ISO code of an institution's country."""
        code: str = self.meta["countries"][self.arrays["inst.country"][inst]]
        return code

    def successor(self, inst: int) -> str | None:
        """Return the id of the living body of a historic institution."""
        number = int(self.arrays["inst.successor"][inst])
        return self.ids[number] if number >= 0 else None

    def vectors(self, forms: Sequence[Form], hints: Sequence[frozenset[str]]) -> sparse.csr_matrix:
        """Return the weighed vectors of some names, to multiply with `matrix`."""
        return weigh(count_matrix(forms, hints), self.arrays["idf"])


def _equal_rows(known: npt.NDArray[np.uint64], wanted: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """Return how often each wanted hash is in rising ones, and where, one after the other."""
    first = np.searchsorted(known, wanted, "left")
    counts = np.searchsorted(known, wanted, "right") - first
    starts = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return counts, starts + np.arange(counts.sum())


def _build(gazetteer: Gazetteer, progress: Callable[[int, int], None], sound: SoundTable) -> Index:
    institutions = gazetteer.institutions
    number = {institution.id: row for row, institution in enumerate(institutions)}
    # Of names that fold alike an institution keeps one; all are known as printed.
    kept: dict[tuple[int, str, bool], Name] = {}
    folds: dict[str, str] = {}
    for inst, one in enumerate(institutions):
        for name in one.names:
            folds[name.value] = folded = fold(name.value)
            kept.setdefault((inst, folded, name.kind == "acronym"), name)
    rows = [(inst, name) for (inst, _, _), name in kept.items()]
    forms: list[Form] = []
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        forms += [analyse(name.value, name.lang == "ja") for _, name in part]
        progress(len(forms), len(rows))
    codes = sorted({institution.country for institution in institutions})
    langs = sorted({name.lang for _, name in rows})
    types = sorted({one.type for one in institutions})
    numeral_sets = sorted({numerals_key(form) for form in forms} | {""})
    concept_sets = sorted({form.concepts for form in forms})
    owner = np.array([inst for inst, _ in rows], np.int32)
    acronym = np.array([name.kind == "acronym" for _, name in rows])

    counts = _counts(forms, [[institutions[inst].country] for inst, _ in rows])
    idf = inverse_document_frequency(counts)
    weighed = weigh(counts, idf)
    del counts  # each copy takes 100 MB of a large gazetteer
    matrix = weighed.T.tocsr()
    del weighed
    matrix.sort_indices()

    cities = _cities(institutions)
    named_cities = city_names(set(cities.tolist()))
    city_rows = [(city, name) for city, names in named_cities.items() for name in names]
    places = sorted({(text_hash(fold(name)), city) for city, name in city_rows})
    countries = [one.country for one in institutions]
    heard = heard_arrays(forms, owner, ~acronym, cities, countries)
    exonyms, spellings = exonym_arrays(sound)
    key_hashes = np.array([text_hash(form.key) for form in forms], np.uint64)
    fold_hashes = np.array([text_hash(form.fold) for form in forms], np.uint64)
    row_of = {form.fold: row for row, form in enumerate(forms)}
    printed = {
        text_hash(value): row_of[folded] for value, folded in folds.items() if trim(value) == value
    }
    named = [form for form, short in zip(forms, acronym, strict=True) if not short]
    bearers = list(zip(forms, acronym, strict=True))
    arrays: dict[str, npt.NDArray[Any]] = {
        **heard,
        **exonyms,
        "sound.share": np.array([share for _, _, share in sound.rows], np.float32),
        "idf": idf,
        "matrix.data": matrix.data,
        "matrix.indices": matrix.indices.astype(np.int32),
        "matrix.indptr": matrix.indptr.astype(np.int32),
        "inst.country": np.array([codes.index(one.country) for one in institutions], np.int32),
        "inst.successor": np.array(
            [number.get(one.successor or "", -1) for one in institutions], np.int32
        ),
        "inst.parent": np.array(
            [number.get(one.parent or "", -1) for one in institutions], np.int32
        ),
        "inst.type": np.array([types.index(one.type) for one in institutions], np.uint8),
        "inst.geonames": cities,
        "city.hash": np.array([hashed for hashed, _ in places], np.uint64),
        "city.hashed": np.array([city for _, city in places], np.int32),
        "city.id": np.array([city for city, _ in city_rows], np.int32),
        "name.inst": owner,
        "name.lang": np.array([langs.index(name.lang) for _, name in rows], np.uint16),
        "name.kind": np.array([KINDS.index(name.kind) for _, name in rows], np.uint8),
        "name.fold_hash": fold_hashes,
        "name.key_hash": key_hashes,
        "name.rest_length": np.array([len(form.rest_key) for form in forms], np.uint16),
        "name.sound_length": np.array([len(form.sound) for form in forms], np.uint16),
        "name.several_words": np.array([" " in form.fold for form in forms]),
        "name.script": np.array([script_number(form.script) for form in forms], np.uint8),
        "name.numerals": np.array(
            [numeral_sets.index(numerals_key(form)) for form in forms], np.int32
        ),
        "name.concepts": np.array([concept_sets.index(form.concepts) for form in forms], np.int32),
        "name.sharers": _sharers(owner, [(form.fold, bool(short), "") for form, short in bearers]),
        "name.sharers_home": _sharers(
            owner,
            [
                (form.fold, bool(short), institutions[inst].country)
                for (form, short), (inst, _) in zip(bearers, rows, strict=True)
            ],
        ),
        "inst.names": _names_at_home(owner, forms, len(institutions)),
        "key_order": np.argsort(key_hashes, kind="stable").astype(np.int32),
        "fold_order": np.argsort(fold_hashes, kind="stable").astype(np.int32),
        "printed_hash": np.array(sorted(printed), np.uint64),
        "printed_row": np.array([printed[value] for value in sorted(printed)], np.int32),
        "key_sums": np.unique(np.array([crc32(form.key.encode()) for form in named], np.uint32)),
        "concept_sets": concept_rows(concept_sets),
        "concept_weight": _concept_weights(owner, forms),
    }
    strings: dict[str, list[str]] = {
        "city.name": [name for _, name in city_rows],
        "place.latin": spellings,
        "sound.symbol": [symbol for symbol, _, _ in sound.rows],
        "sound.letters": [letters for _, letters, _ in sound.rows],
        "inst.id": [one.id for one in institutions],
        "inst.name": [one.name for one in institutions],
        "name.value": [name.value for _, name in rows],
    }
    for view in _TEXTS[1:]:
        strings[f"name.{view}"] = [getattr(form, view) for form in forms]
    for column, texts in strings.items():
        arrays[f"{column}.block"], arrays[f"{column}.offsets"] = pack_strings(texts)
    meta = {
        "countries": codes,
        "langs": langs,
        "types": types,
        "numerals": numeral_sets,
        "words_version": words_version(),
        "institutions": len(institutions),
        "names": len(rows),
        "built_from": checksum(gazetteer),
    }
    return Index(arrays, meta)


def _counts(forms: Sequence[Form], countries: Sequence[list[str]]) -> sparse.csr_matrix:
    """Return `count_matrix` of many names, in parts that need little memory."""
    parts = range(0, len(forms), _PART)
    counts = [count_matrix(forms[at : at + _PART], countries[at : at + _PART]) for at in parts]
    stacked: sparse.csr_matrix = sparse.vstack(counts, "csr")
    return stacked


def _cities(institutions: Sequence[Institution]) -> npt.NDArray[np.int32]:
    """Return the GeoNames id of each institution's city; 0 if it is not known.

    Where only the city's name is given, the id is that of the city of this name in the same
    country that another institution is in.
    """
    known = {
        (one.country, fold(one.city)): one.geonames
        for one in institutions
        if one.geonames and one.city
    }
    return np.array(
        [one.geonames or known.get((one.country, fold(one.city)), 0) or 0 for one in institutions],
        np.int32,
    )


def checksum(gazetteer: Gazetteer) -> str:
    """Return the SHA-256 of everything a gazetteer holds."""
    content = [
        (one.id, one.name, one.country, one.successor, one.parent, one.city, one.geonames,
         one.type,
         [(name.value, name.lang, name.kind) for name in one.names])
        for one in gazetteer.institutions
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def concept_rows(sets: Sequence[int]) -> npt.NDArray[np.float32]:
    """Return sets of concepts as rows of zeros and ones."""
    count = len(concepts())
    size = -(-count // 8)
    packed = b"".join(members.to_bytes(size, "little") for members in sets)
    bits = np.frombuffer(packed, np.uint8).reshape(-1, size)
    return np.unpackbits(bits, axis=1, count=count, bitorder="little").astype(np.float32)


def _sharers(
    owner: npt.NDArray[np.int32], keys: Sequence[tuple[str, bool, str]]
) -> npt.NDArray[np.int32]:
    """Return for each name how many other institutions bear one of equal key."""
    owners: dict[tuple[str, bool, str], set[int]] = {}
    for key, inst in zip(keys, owner.tolist(), strict=True):
        owners.setdefault(key, set()).add(inst)
    return np.array([len(owners[key]) - 1 for key in keys], np.int32)


def _names_at_home(
    owner: npt.NDArray[np.int32], forms: Sequence[Form], count: int
) -> npt.NDArray[np.int32]:
    """Return how many names that are in no CJK script each institution has.

    How many CJK names it has says more of who edits the gazetteer.
    """
    written = np.array([form.script in ("latin", "other") for form in forms], bool)
    return np.bincount(owner[written], minlength=count).astype(np.int32)


def _concept_weights(owner: npt.NDArray[np.int32], forms: Sequence[Form]) -> Floats:
    """Return how much each concept distinguishes: log(institutions / institutions with it)."""
    members: dict[int, int] = {}
    for inst, form in zip(owner.tolist(), forms, strict=True):
        members[inst] = members.get(inst, 0) | form.concepts
    seen = concept_rows(list(members.values())).sum(axis=0)
    weights: Floats = np.log((len(members) + 1) / (seen + 1)).astype(np.float32)
    return weights
