"""A batch of mentions as flat arrays: one row a reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from instmatch.index import Index
from instmatch.lexicon import Form, analyse
from instmatch.lexicon.units import is_unit
from instmatch.mention import Mention, Reading
from instmatch.mention.parse import Role
from instmatch.text import fold, shape
from instmatch.text.lookalikes import print_key
from instmatch.text.scripts import CJK

_LONGEST_TEXT: Final = 80
ROLES: Final = get_args(Role)
Hint = frozenset[str] | None
"""Countries a mention is said to be in: None if unknown; empty if the hint names no place."""


@dataclass(frozen=True)
class Batch:
    """Mentions and their readings, flat.

    Attributes:
        mentions: the mentions, without blank ones.
        hints: for each mention, the countries of its hint.
        readings: all readings of all mentions.
        forms: the analysed text of each reading.
        mention_of: for each reading, the row of its mention.
        witness: for each reading, a number that is equal for readings of the same text part: the
            two halves of a bilingual cell and each bracket speak for themselves.
        longer: for each reading, the rows of the readings of its mention that contain it.
    """

    mentions: Sequence[Mention]
    hints: Sequence[Hint]
    readings: Sequence[Reading]
    forms: Sequence[Form]
    mention_of: npt.NDArray[np.int64]
    witness: npt.NDArray[np.int64]
    longer: Sequence[tuple[int, ...]]


def make_batch(index: Index, mentions: Sequence[Mention], hints: Sequence[Hint]) -> Batch:
    """Lay out mentions (each with at least one reading) as a batch.

    Names of the index that a mention begins with are read in it too (see `known_beginnings`).
    """
    mentions = [with_known_beginnings(index, mention) for mention in mentions]
    readings = [reading for mention in mentions for reading in mention.readings]
    counts = [len(mention.readings) for mention in mentions]
    forms = [analyse(reading.text) for reading in readings]
    witness = [
        (ROLES.index(reading.role) if reading.role in ("half", "former", "bracket") else 0) * 2
        + (form.script == "latin")
        for reading, form in zip(readings, forms, strict=True)
    ]
    return Batch(
        mentions,
        hints,
        readings,
        forms,
        np.repeat(np.arange(len(mentions)), counts),
        np.array(witness, np.int64),
        _longer(mentions),
    )


_CUT_SCRIPTS: Final = re.compile(f"[{CJK}]")
_SHORTEST_NAME: Final = 3


def with_known_beginnings(index: Index, mention: Mention) -> Mention:
    """Add readings that end where a name of the index ends, if the mention begins with one.

    Words are not told apart by spaces in CJK scripts, so a name may end where no type word does:
    キングスカレッジロンドン|デンタルインスティテュート.
    """
    text = mention.text
    if len(text) > _LONGEST_TEXT or not _CUT_SCRIPTS.search(text):
        return mention
    key = print_key(shape(fold(text)))
    known = {key[:end] for end in index.known_ends(key) if _SHORTEST_NAME <= end < len(key)}
    if not known:
        return mention
    have = {reading.text for reading in mention.readings}
    added: list[Reading] = []
    # Keys have at most a character more or less than letters, so few ends need to be folded.
    lengths = {len(name) + more for name in known for more in (-1, 0, 1)}
    letters = [*accumulate(char.isalnum() and char != "ー" for char in text)]
    for end in range(_SHORTEST_NAME, len(text)):
        if letters[end - 1] not in lengths:
            continue
        name, left = text[:end].strip(" ("), text[end:].strip(" )(・,、/")
        if not left or name in have or text[end - 1 : end + 1].isascii():
            continue
        if print_key(shape(fold(name))) in known:
            units = (left, "") if is_unit(left) else ("", left)
            added.append(Reading(name, *units, role="cut"))
            have.add(name)
    return replace(mention, readings=(*mention.readings, *added)) if added else mention


def _longer(mentions: Sequence[Mention]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for mention in mentions:
        start = len(found)
        texts = [reading.text for reading in mention.readings]
        if len(texts) == 1:
            found.append(())
            continue
        printed = [(start + row, text) for row, text in enumerate(texts) if text in mention.text]
        found += [
            tuple([row for row, longer in printed if text in longer and text != longer])
            for text in texts
        ]
    return found
