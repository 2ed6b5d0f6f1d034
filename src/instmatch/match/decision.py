"""From scores to a decision: matched, review or unmatched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Status = Literal["matched", "review", "unmatched", "error"]

MARGIN: Final = 0.3
"""Lead over the runner-up below which two institutions count as not told apart."""

WORTH_A_LOOK: Final = 0.05
"""Score below which the best candidate is not worth showing to a reviewer."""

WORTH_A_LOOK_BY_EAR: Final = 0.5
"""The same for a candidate found by ear, as one is for nearly any text: rather right than wrong."""

UNLIKELY: Final = "no institution is likely"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is made of the best candidate.

    Attributes:
        status: ``matched``, ``review`` or ``unmatched``.
        reason: why it is not ``matched``; None if it is.
    """

    status: Status
    reason: str | None = None


def decide(
    score: float,
    margin: float,
    threshold: float,
    *,
    acronym_alone: bool = False,
    contradicted: bool = False,
    numerals_differ: bool = False,
    by_ear: bool = False,
) -> Decision:
    """Decide about the best candidate of a mention.

    Args:
        score: its probability.
        margin: its lead over the runner-up.
        threshold: lowest score of a match.
        acronym_alone: nothing but an acronym speaks for it.
        contradicted: the country given is not the institution's.
        numerals_differ: the name holds another number than the institution's.
        by_ear: the name was compared by ear.

    >>> decide(0.99, 0.9, 0.9).status
    'matched'
    >>> decide(0.99, 0.0, 0.9)
    Decision(status='review', reason='two institutions cannot be told apart')
    """
    if score < (WORTH_A_LOOK_BY_EAR if by_ear else WORTH_A_LOOK):
        return _UNMATCHED
    if margin < MARGIN and score - margin >= WORTH_A_LOOK:
        return _TIED
    if acronym_alone:
        return _ACRONYM
    if contradicted:
        return _CONTRADICTED
    if numerals_differ:
        return _OTHER_NUMBER
    return _MATCHED if score >= threshold else _BELOW


_MATCHED: Final = Decision("matched")
_UNMATCHED: Final = Decision("unmatched", UNLIKELY)
_TIED: Final = Decision("review", "two institutions cannot be told apart")
_ACRONYM: Final = Decision("review", "an acronym alone does not decide")
_CONTRADICTED: Final = Decision("review", "the country given contradicts")
_OTHER_NUMBER: Final = Decision("review", "the number in the name is another")
_BELOW: Final = Decision("review", "the score is below the threshold")
