"""A user's own decisions, which win over everything.

A tab-separated file with the columns ``action``, ``name`` and ``id``:

- ``force``: this mention, as a whole, means this institution.
- ``forbid``: this mention never means this institution; without id, no institution at all.
- ``add``: this is another name of this institution.
- ``remove``: this name of the gazetteer is not a name of this institution.

They are heeded while mentions are resolved, or put into an index when it is built
(`instmatch.gazetteer.merge.with_corrections`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from instmatch.errors import InputError
from instmatch.mention.trim import trim
from instmatch.tables import read_table
from instmatch.text import fold

_OPPOSITE: Final = {"force": "forbid", "forbid": "force", "add": "remove", "remove": "add"}
ACTIONS: Final = tuple(_OPPOSITE)


class Correction(NamedTuple):
    """One decision.

    Attributes:
        action: one of `ACTIONS`.
        name: as printed; that of a mention without bullet and date.
        id: the institution; empty for all, with ``forbid`` only.
        where: file and line.
    """

    action: str
    name: str
    id: str
    where: str


@dataclass(frozen=True)
class Corrections:
    """Decisions by folded name.

    Attributes:
        forced: id of the institution a mention means.
        added: id of the institution a name is added to.
        forbidden: mention and id that never go together; an empty id stands for all.
        removed: name and id that do not belong together.
        rows: the decisions as they stand in the file.
    """

    forced: dict[str, str]
    added: dict[str, str]
    forbidden: frozenset[tuple[str, str]]
    removed: frozenset[tuple[str, str]]
    rows: tuple[Correction, ...] = ()

    @property
    def ids(self) -> set[str]:
        """All ids that decisions are about."""
        named = {id for _, id in self.forbidden | self.removed if id}
        return named | {*self.forced.values(), *self.added.values()}


NO_CORRECTIONS: Final = Corrections({}, {}, frozenset(), frozenset())


def read_corrections(path: Path) -> Corrections:
    """Read a file of corrections.

    Raises:
        InputError: with file and line, if an action is not known, a cell is empty that must not
            be, or two rows contradict each other.
    """
    decided: dict[str, set[tuple[str, str]]] = {action: set() for action in ACTIONS}
    given: dict[str, str] = {}
    rows: list[Correction] = []
    for line, row in read_table(path, ("action", "name", "id")):
        action, target = row["action"], row["id"]
        # Mentions are compared as they are read, without bullets and dates; names as they are.
        printed = trim(row["name"]) if action in ("force", "forbid") else row["name"]
        name = fold(printed)
        if action not in ACTIONS:
            raise InputError(f"{path}:{line}: action {action!r} is none of {', '.join(ACTIONS)}.")
        if not name or (not target and action != "forbid"):
            raise InputError(f"{path}:{line}: {action} needs a name and an id.")
        if action in ("force", "add") and given.setdefault(name, target) != target:
            raise InputError(
                f"{path}:{line}: {row['name']!r} is already given to {given[name]}; keep one row."
            )
        against = _OPPOSITE[action]
        if decided[against] & {(name, target or given.get(name, "")), (name, "")}:
            raise InputError(
                f"{path}:{line}: {row['name']!r} has both {action} and {against}; keep one row."
            )
        decided[action].add((name, target))
        rows.append(Correction(action, printed, target, f"{path}:{line}"))
    return Corrections(
        dict(decided["force"]),
        dict(decided["add"]),
        frozenset(decided["forbid"]),
        frozenset(decided["remove"]),
        tuple(rows),
    )
