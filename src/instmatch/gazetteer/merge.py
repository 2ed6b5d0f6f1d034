"""Putting gazetteers together, so that no institution stands twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from instmatch.errors import InputError
from instmatch.gazetteer.corrections import Corrections
from instmatch.gazetteer.model import Gazetteer, Institution, Name
from instmatch.gazetteer.names import LONGEST_NAME, language_of
from instmatch.text import fold

_ADDING: Final = ("add", "force")


def merge(registry: Iterable[Institution], overlay: Gazetteer) -> Gazetteer:
    """Lay curated institutions over those of a registry.

    Two are one if they have the same id. A curated one whose id the registry does not have is that
    of the registry in its country whose canonical name is the same; if its id is the gazetteer's
    own, also the one that has its canonical name among its names, acronyms apart. What another
    curated institution is already, and its own parent or successor, is passed over. Of several,
    the living are preferred, then those of its city; if there still are several, it may be any of
    them, and its names are given to each.

    The curated canonical name, city and links win; the names of both are kept.

    Args:
        registry: institutions of the registry.
        overlay: the curated gazetteer.
    """
    merged = {one.id: one for one in registry}
    places = _places(merged, overlay.institutions)
    for one in overlay.institutions:
        match places.get(one.id, []):
            case []:
                merged[one.id] = one
            case [id]:
                merged[id] = _united(merged[id], one)
            case several:
                for id in several:
                    merged[id] = _with_names(merged[id], one.names)
    moved = {old: new[0] for old, new in places.items() if len(new) == 1}
    institutions = [_relinked(one, moved) for one in merged.values()]
    institutions.sort(key=lambda one: (one.country, one.name, one.id))
    return Gazetteer(tuple(institutions), overlay.homonyms)


def _places(
    registry: Mapping[str, Institution], curated: Sequence[Institution]
) -> dict[str, list[str]]:
    """Return the ids in the registry that curated institutions have or may have."""
    places = {one.id: [one.id] for one in curated if one.id in registry}
    taken = set(places)
    ways = (
        ("", _bearers(registry.values(), lambda one: [one.name])),
        ("im:", _bearers(registry.values(), _names_in_full)),
    )
    for prefix, bearers in ways:
        for one in curated:
            if one.id in places or not one.id.startswith(prefix):
                continue
            passed = taken | {one.parent, one.successor}
            alike = bearers.get((one.country, fold(one.name)), {})
            found = _nearest(one, [other for id, other in alike.items() if id not in passed])
            if found:
                places[one.id] = [other.id for other in found]
                taken.update(places[one.id])
    return places


def _names_in_full(one: Institution) -> list[str]:
    return [name.value for name in one.names if name.kind != "acronym"]


def _bearers(
    institutions: Iterable[Institution], names: Callable[[Institution], Iterable[str]]
) -> dict[tuple[str, str], dict[str, Institution]]:
    """Return institutions by country and folded name, and among these by id."""
    bearers: dict[tuple[str, str], dict[str, Institution]] = {}
    for one in institutions:
        for name in names(one):
            bearers.setdefault((one.country, fold(name)), {})[one.id] = one
    return bearers


def _nearest(one: Institution, alike: list[Institution]) -> list[Institution]:
    """Return those of several namesakes that an institution may be: the living, of its city."""
    if len(alike) > 1:
        alike = [other for other in alike if not other.successor] or alike
    if len(alike) > 1:
        alike = [other for other in alike if _may_share_city(one, other)]
    return alike


def _may_share_city(one: Institution, other: Institution) -> bool:
    if one.geonames and one.geonames == other.geonames:
        return True
    return not (one.city and other.city) or fold(one.city) == fold(other.city)


def _united(registry: Institution, curated: Institution) -> Institution:
    return replace(
        curated,
        id=registry.id,
        names=_distinct((*curated.names, *registry.names)),
        city=curated.city or registry.city,
        geonames=curated.geonames or registry.geonames,
        type=curated.type or registry.type,
        parent=curated.parent or registry.parent,
        successor=curated.successor or registry.successor,
    )


def _distinct(names: Iterable[Name]) -> tuple[Name, ...]:
    """Return names without those that an earlier one of the same kind of use already gives."""
    kept: dict[tuple[str, bool], Name] = {}
    for name in names:
        kept.setdefault((name.value, name.kind == "acronym"), name)
    return tuple(kept.values())


def _with_names(one: Institution, names: Iterable[Name]) -> Institution:
    return replace(one, names=_distinct((*one.names, *names)))


def _relinked(one: Institution, renamed: Mapping[str, str]) -> Institution:
    if one.parent not in renamed and one.successor not in renamed:
        return one
    return replace(
        one,
        parent=renamed.get(one.parent or "", one.parent),
        successor=renamed.get(one.successor or "", one.successor),
    )


def with_living_successors(institutions: Iterable[Institution]) -> list[Institution]:
    """Return institutions whose successor is the living body at the end of the chain.

    A chain that leads to no institution or back to itself is cut.
    """
    by_id = {one.id: one for one in institutions}

    def living(one: Institution) -> str | None:
        seen = {one.id}
        current = one.successor
        while current in by_id and current not in seen:
            following = by_id[current].successor
            if following is None:
                return current
            seen.add(current)
            current = following
        return None

    return [replace(one, successor=living(one)) if one.successor else one
            for one in by_id.values()]  # fmt: skip


def with_labels(
    institutions: Iterable[Institution], labels: Mapping[str, Iterable[Name]], skipped: Counter[str]
) -> list[Institution]:
    """Return institutions with more names, given by id.

    Args:
        institutions: what to add to.
        labels: the names by id.
        skipped: takes the number of ids that no institution has.
    """
    found = list(institutions)
    skipped["labels of unknown ids"] += len(labels.keys() - {one.id for one in found})
    return [_with_names(one, labels[one.id]) if one.id in labels else one for one in found]


def with_corrections(
    institutions: Iterable[Institution], corrections: Corrections
) -> list[Institution]:
    """Return institutions with a user's decisions about their names.

    An index holds names, so what decisions say of mentions is put in terms of names:

    - ``add`` makes the name, as printed, an alias of the institution.
    - ``remove`` takes it away from the institution, acronyms included. The canonical name goes on
      being shown, but is no longer compared with.
    - ``force`` adds it and takes it away from all others, so that nothing else bears it.
    - ``forbid`` takes it away, without id from all. What is alike enough may still be found by its
      other names; only corrections given while resolving rule that out.

    Args:
        institutions: what to correct.
        corrections: the decisions.

    Raises:
        InputError: with file and line, if an id is not that of one of the institutions, or a name
            is longer than `LONGEST_NAME`.
    """
    found = {one.id: one for one in institutions}
    for row in corrections.rows:
        if row.id and row.id not in found:
            raise InputError(
                f"{row.where}: {row.id} is not in the gazetteer that is built; find ids with: "
                "instmatch gazetteer show NAME --gazetteer INDEX"
            )
        if row.action in _ADDING and len(row.name) > LONGEST_NAME:
            raise InputError(
                f"{row.where}: the name has {len(row.name):,} characters; give one of at most "
                f"{LONGEST_NAME:,}."
            )
    removed = corrections.removed | corrections.forbidden
    corrected = {
        one.id: replace(
            one,
            names=tuple(
                name
                for name in one.names
                if removed.isdisjoint({(key := fold(name.value), one.id), (key, "")})
                and corrections.forced.get(key, one.id) == one.id
            ),
        )
        for one in found.values()
    }
    for row in corrections.rows:
        if row.action in _ADDING:
            one = corrected[row.id]
            lang = language_of(row.name, None, one.country)
            corrected[one.id] = _with_names(one, [Name(row.name, lang, "alias", "usage")])
    return list(corrected.values())
