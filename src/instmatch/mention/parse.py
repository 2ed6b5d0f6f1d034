"""One mention to its readings.

Where a name ends and a unit begins cannot be told from the string alone: 工科大学 is a
university after 京都 and a faculty after ソウル大学校. So a mention is not cut once; every
sensible way to read it is kept, and the gazetteer decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from instmatch.lexicon.concepts import concepts_of_kind, find_concepts
from instmatch.lexicon.countries import country_codes
from instmatch.lexicon.units import campus_ends, is_surely_unit, is_unit
from instmatch.mention.brackets import former_name, is_acronym, may_be_name, split_brackets
from instmatch.mention.trim import LONGEST as LONGEST
from instmatch.mention.trim import trim
from instmatch.text.han import fold_han
from instmatch.text.scripts import CJK

Role = Literal["whole", "cut", "tail", "half", "former", "bracket"]
"""How a reading was come by: the whole text; its beginning; its end; one language of a bilingual
cell; a former or present name in brackets; other bracket contents."""

_MOST_READINGS: Final = 12
_MOST_PIECES: Final = 4
_WORD_BREAK: Final = re.compile(r"[\s,/]+")
_SPACE: Final = re.compile(r"\s+")
_PIECES: Final = re.compile(r"\s*[,;、，；/|]\s*|\s+[-–—:]\s+|\s+by its institute\s+")
_CJK_RUN: Final = re.compile(f"[{CJK}][{CJK}0-9\\s・·,、「」『』&/-]*")
_LATIN_WORDS: Final = re.compile(r"[^\W\d_]{2,}")
_LATIN_UNIT: Final = re.compile(
    r"(?<=\w)\s+(?=(?:graduate |undergraduate |international )?(?:school|college|faculty|"
    r"department|dept\.?|division|institute|center|centre|laboratory|section|office|fakultät|"
    r"faculté|facultad|facoltà|dipartimento|département|departamento|institut|fakultas)\b)",
    re.IGNORECASE,
)
_LATIN_HEAD: Final = re.compile(
    r"(?:\bof|\bat|\bin|,)\s+(?:the\s+)?(?=(?:[\w'-]+\s+){0,4}(?:university|université|universität|"
    r"universidad|universidade|università|universiteit)\b)",
    re.IGNORECASE,
)
_SHORT_UNIVERSITY: Final = {"大": "大学", "대": "대학교"}
_QUOTED: Final = re.compile(r"[「」『』\"“”«»]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a mention.

    Attributes:
        text: what is taken for the institution's name.
        unit: what is left and names a part of an institution; may be empty.
        other: what is left and cannot be explained.
        role: see `Role`.
    """

    text: str
    unit: str = ""
    other: str = ""
    role: Role = "whole"


@dataclass(frozen=True, slots=True)
class Mention:
    """A cell or line, read.

    Attributes:
        text: the cell without bullets, dates and footnote marks.
        readings: at least one, the likeliest first; each text once.
        acronyms: acronyms that stand beside the name, in brackets or as a word of their own.
        notes: other bracket contents (a city, a note).
    """

    text: str
    readings: tuple[Reading, ...]
    acronyms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_mention(cell: str) -> Mention:
    """Read one cell or line.

    Args:
        cell: the text as printed; any Unicode. Of more than `LONGEST` characters the rest is not
            read.

    Returns:
        The mention; for a blank cell its text is empty and it has no readings. The first reading
        is the whole text, the others are parts of it.

    >>> mention = read_mention("- バンドンエ科大学 産業技術学部 (1998.5.19)")
    >>> [(reading.text, reading.unit) for reading in mention.readings][:2]
    [('バンドンエ科大学 産業技術学部', ''), ('バンドンエ科大学', '産業技術学部')]
    """
    text = trim(cell)
    if not text:
        return Mention("", ())
    outside, inside = split_brackets(text)
    former = [name for name in map(former_name, inside) if name]
    contents = [content for content in inside if not former_name(content) or may_be_name(content)]
    acronyms = [content for content in contents if is_acronym(content)]
    units = [content for content in contents if content not in acronyms and is_unit(content)]
    notes = [content for content in contents if content not in acronyms and content not in units]
    readings = _distinct(_readings(text, outside, former, contents, units))
    acronyms += filter(is_acronym, _WORD_BREAK.split(outside))
    return Mention(text, readings, tuple(dict.fromkeys(acronyms)), tuple(notes))


def _readings(
    text: str, outside: str, former: list[str], contents: list[str], units: list[str]
) -> Iterator[Reading]:
    """Yield the readings of a text taken apart at its brackets, the likeliest first."""
    yield Reading(text)
    yield Reading(written_out(text))
    if outside:
        yield Reading(outside, unit=_join(units), role="cut")
        for reading in _parts(outside):
            unit = _join([reading.unit, *units])
            yield Reading(reading.text, unit, reading.other, reading.role)
    for name in former:
        yield Reading(name, _join(units), role="former")
        for part in _parts(name):
            yield Reading(part.text, part.unit, part.other, "former")
    for content in contents:
        yield Reading(content, role="bracket")
        if not is_acronym(content):
            for part in _parts(content):
                yield Reading(part.text, part.unit, part.other, "bracket")


def written_out(text: str) -> str:
    """Return a name with the last character of 東北大 or 서울대 written out as 大学, 대학교.

    >>> written_out("東北大"), written_out("서울대"), written_out("東北大学")
    ('東北大学', '서울대학교', '東北大学')
    """
    if len(text) > 2 and text[-1] in _SHORT_UNIVERSITY and _CJK_CHAR.match(text[-2]):
        return text[:-1] + _SHORT_UNIVERSITY[text[-1]]
    return text


def _parts(text: str) -> Iterator[Reading]:
    """Yield the readings of a text without brackets that take part of it for the name."""
    yield from _former(text)
    abroad = _without_country(text)
    if abroad:
        yield Reading(abroad, role="cut")
        yield from _cuts(abroad, "cut")
    for half in _halves(text):
        if half != text:
            yield Reading(half, role="half")
        yield from _cuts(half, "half" if half != text else "cut")
    if _QUOTED.search(text):
        for part in _QUOTED.split(text):
            if part.strip():
                yield Reading(part.strip(), role="half")


def _without_country(text: str) -> str:
    """Return a text without the country it begins with as a word of its own; else nothing.

    >>> _without_country("베트남 응웬짜이대학"), _without_country("日本大学")
    ('응웬짜이대학', '')
    """
    first, _, rest = text.partition(" ")
    if rest and _CJK_CHAR.match(first) and _CJK_CHAR.match(rest) and country_codes(first):
        return rest
    return ""


def _former(text: str) -> Iterator[Reading]:
    """Yield the name in a text that says it is a former one: formerly X."""
    name = former_name(text)
    if name and not may_be_name(text):
        yield Reading(name, role="former")


def _halves(text: str) -> list[str]:
    """Return the two languages of a bilingual text; the text alone if it is not one."""
    runs = [match for match in _CJK_RUN.finditer(text) if len(match[0].strip()) > 1]
    if len(runs) != 1:
        return [text]
    run = runs[0]
    before, after = text[: run.start()].strip(" -・:"), text[run.end() :].strip(" -・:")
    latin = before or after
    if (before and after) or len("".join(_LATIN_WORDS.findall(latin))) < 4:
        return [text]
    return [run[0].strip(" -・:"), latin]


def _cuts(text: str, role: Role) -> Iterator[Reading]:
    """Yield the ways to take the beginning or the end of a text for the name."""
    pieces = [piece for piece in _PIECES.split(text) if piece]
    if len(pieces) > 1:
        first = range(1, min(len(pieces), _MOST_PIECES))
        cuts = [_reading(", ".join(pieces[:end]), pieces[end:], role) for end in first]
        cuts += [_reading(pieces[at], pieces[:at] + pieces[at + 1 :], "tail") for at in first]
        yield from sorted(cuts, key=lambda reading: is_surely_unit(reading.text))
        for piece in pieces[1:_MOST_PIECES]:
            yield from _former(piece)
    for start, end in _boundaries(pieces[0] if pieces else text):
        left, right = text[:start].strip(" ・"), text[end:].strip(" ・,、/")
        if not left or len(right) < 2:  # 工科大学|院 is no cut
            continue
        words = find_concepts(fold_han(right))
        unit = is_unit(right)
        if not unit and words and words[0][:2] == (0, len(right)):
            continue  # 河北聯合|大学: type words that belong together
        yield Reading(left, right if unit else "", "" if unit else right, role)
        if words and not is_surely_unit(right):
            yield Reading(right, other=left, role="tail")
    for match in _LATIN_HEAD.finditer(text):
        left, right = text[: match.start()].strip(" ,"), text[match.end() :].strip()
        if right and is_unit(left):
            yield Reading(right, left, role="tail")


def _boundaries(text: str) -> list[tuple[int, int]]:
    """Return where a name may end and a unit begin.

    That is after a head word or a campus, at a space, and before a Latin unit word.
    """
    found = {match.span() for match in _LATIN_UNIT.finditer(text)}
    if _CJK_CHAR.search(text):
        heads = concepts_of_kind("head")
        lowered = text.lower()
        for span in find_concepts(fold_han(lowered if len(lowered) == len(text) else text)):
            if span.value & heads and span.end < len(text) and _CJK_CHAR.match(text[span.end - 1]):
                found.add((span.end, span.end))
        found.update((end, end) for end in campus_ends(text) if _CJK_CHAR.match(text[end - 1]))
        spaces = (match.span() for match in _SPACE.finditer(text))
        found.update(place for place in spaces if _CJK_CHAR.match(text[place[0] - 1]))
    return sorted(found)


def _reading(text: str, left_over: list[str], role: Role) -> Reading:
    units = [part for part in left_over if is_unit(part)]
    others = [part for part in left_over if part not in units and not country_codes(part)]
    return Reading(text, _join(units), _join(others), role)


def _join(parts: list[str]) -> str:
    return ", ".join(filter(None, parts))


def _distinct(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    seen: dict[str, Reading] = {}
    for reading in readings:
        seen.setdefault(reading.text, reading)
        if len(seen) == _MOST_READINGS:
            break
    return tuple(seen.values())


_CJK_CHAR: Final = re.compile(f"[{CJK}]")
