"""The answer about one mention, in the fields of the result format."""

from __future__ import annotations

from typing import Any, NamedTuple

from instmatch.match.decision import Status


class Candidate(NamedTuple):
    """An institution that a mention may mean.

    Attributes:
        id: its ROR id, or the gazetteer's own.
        name: its canonical name.
        country: its ISO country code.
        score: probability that it is meant, 0 to 0.999.
    """

    id: str
    name: str
    country: str
    score: float


class Resolution(NamedTuple):
    """What is made of one mention.

    Attributes:
        row: number of the mention in its input, from 1.
        mention: the mention as given.
        status: ``matched``, ``review``, ``unmatched`` or ``error``.
        id: the institution's ROR id, or the gazetteer's own; also on ``review``.
        name: its canonical name.
        country: its ISO country code.
        score: probability that the institution is right, 0 to 0.999.
        margin: lead over the runner-up.
        unit: what was read as a part of the institution; empty if nothing was.
        matched_name: the gazetteer's name that spoke for it.
        candidates: the best institutions, best first.
        successor: id of the living body, if the institution is historic.
        reason: why the status is not ``matched``; None if it is.
        institutions: all that are matched, surest first; of a single name at most one.
    """

    row: int
    mention: str
    status: Status
    id: str | None = None
    name: str | None = None
    country: str | None = None
    score: float = 0.0
    margin: float = 0.0
    unit: str = ""
    matched_name: str | None = None
    candidates: tuple[Candidate, ...] = ()
    successor: str | None = None
    reason: str | None = None
    institutions: tuple[Candidate, ...] = ()

    def at_row(self, row: int) -> Resolution:
        """Return the same for another row."""
        return Resolution(row, *self[1:])

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain data, in the order of the result format."""
        listed = {
            field: [one._asdict() for one in getattr(self, field)]
            for field in ("candidates", "institutions")
        }
        return self._asdict() | listed
