"""Putting gazetteers together, so that no institution stands twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from instmatch.gazetteer.model import Gazetteer, Institution, Name
from instmatch.text import fold


def merge(registry: Iterable[Institution], overlay: Gazetteer) -> Gazetteer:
    """Lay curated institutions over those of a registry.

    Two are one if they have the same id, or if the curated one has no registry id and its
    canonical name is a name, acronyms apart, of exactly one of the registry in its country. The
    curated canonical name, city and links win; the names of both are kept.

    Args:
        registry: institutions of the registry.
        overlay: the curated gazetteer.
    """
    merged = {one.id: one for one in registry}
    bearers: dict[tuple[str, str], set[str]] = {}
    for one in merged.values():
        for name in one.names:
            if name.kind != "acronym":
                bearers.setdefault((one.country, fold(name.value)), set()).add(one.id)
    renamed: dict[str, str] = {}
    for one in overlay.institutions:
        target = one.id
        if target not in merged and target.startswith("im:"):
            same = bearers.get((one.country, fold(one.name)), set())
            if len(same) == 1:
                (target,) = same
                renamed[one.id] = target
        known = merged.get(target)
        merged[target] = one if known is None else _united(known, one)
    institutions = [_relinked(one, renamed) for one in merged.values()]
    institutions.sort(key=lambda one: (one.country, one.name, one.id))
    return Gazetteer(tuple(institutions), overlay.homonyms)


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
    return [
        replace(one, names=_distinct((*one.names, *labels[one.id]))) if one.id in labels else one
        for one in found
    ]
