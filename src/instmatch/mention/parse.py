"""One mention to its readings.

Where a name ends and a unit begins cannot be told from the string alone: 工科大学 is a
university after 京都 and a faculty after ソウル大学校. So a mention is not cut once; every
sensible way to read it is kept, and the gazetteer decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from instmatch.lexicon.concepts import concepts_of_kind, find_concepts
from instmatch.lexicon.units import campus_ends, is_surely_unit, is_unit
from instmatch.mention.brackets import former_name, is_acronym, split_brackets
from instmatch.mention.trim import trim
from instmatch.text.han import fold_han
from instmatch.text.scripts import CJK

Role = Literal["whole", "cut", "tail", "half", "former", "bracket"]
"""How a reading was come by: the whole text; its beginning; its end; one language of a bilingual
cell; a former or present name in brackets; other bracket contents."""

_MOST_READINGS: Final = 12
_MOST_PIECES: Final = 4
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
_QUOTED: Final = re.compile(r"[「『\"“”«»]")


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
        cell: the text as printed; any Unicode.

    Returns:
        The mention; for a blank cell its text is empty and it has no readings.

    >>> mention = read_mention("- バンドンエ科大学 産業技術学部 (1998.5.19)")
    >>> [(reading.text, reading.unit) for reading in mention.readings][:2]
    [('バンドンエ科大学 産業技術学部', ''), ('バンドンエ科大学', '産業技術学部')]
    """
    text = trim(cell)
    if not text:
        return Mention("", ())
    bracketed = split_brackets(text)
    former = [name for name in map(former_name, bracketed.inside) if name]
    contents = [content for content in bracketed.inside if not former_name(content)]
    acronyms = [content for content in contents if is_acronym(content)]
    units = [content for content in contents if content not in acronyms and is_unit(content)]
    notes = [content for content in contents if content not in acronyms and content not in units]

    readings = [Reading(text)]
    if written_out(text) != text:
        readings.append(Reading(written_out(text)))
    outside = bracketed.outside
    if outside and outside != text:
        readings.append(Reading(outside, unit=_join(units), role="cut"))
    for reading in _parts(outside):
        unit = _join([reading.unit, *units])
        readings.append(Reading(reading.text, unit, reading.other, reading.role))
    for name in former:
        readings.append(Reading(name, _join(units), role="former"))
        readings.extend(Reading(r.text, r.unit, r.other, "former") for r in _parts(name))
    for content in contents:
        readings.append(Reading(content, role="bracket"))
        if content not in acronyms:
            readings.extend(Reading(r.text, r.unit, r.other, "bracket") for r in _parts(content))
    acronyms += [word for word in re.split(r"[\s,/]+", outside) if is_acronym(word)]
    return Mention(text, _distinct(readings), tuple(dict.fromkeys(acronyms)), tuple(notes))


def written_out(text: str) -> str:
    """Return a name with the last character of 東北大 or 서울대 written out as 大学, 대학교.

    >>> written_out("東北大"), written_out("서울대"), written_out("東北大学")
    ('東北大学', '서울대학교', '東北大学')
    """
    if len(text) > 2 and text[-1] in _SHORT_UNIVERSITY and _CJK_CHAR.match(text[-2]):
        return text[:-1] + _SHORT_UNIVERSITY[text[-1]]
    return text


def _parts(text: str) -> list[Reading]:
    """Return the readings of a text without brackets that take part of it for the name."""
    readings: list[Reading] = []
    for half in _halves(text):
        if half != text:
            readings.append(Reading(half, role="half"))
        readings.extend(_cuts(half, "half" if half != text else "cut"))
    if _QUOTED.search(text):
        readings.extend(
            Reading(part.strip(), role="half") for part in _QUOTED.split(text) if part.strip()
        )
    return readings


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


def _cuts(text: str, role: Role) -> list[Reading]:
    """Return the ways to take the beginning or the end of a text for the name."""
    readings: list[Reading] = []
    pieces = [piece for piece in _PIECES.split(text) if piece]
    if len(pieces) > 1:
        for count in range(1, min(len(pieces), _MOST_PIECES)):
            readings.append(_reading(", ".join(pieces[:count]), pieces[count:], role))
        for count, piece in enumerate(pieces[1:_MOST_PIECES], 1):
            readings.append(_reading(piece, pieces[:count] + pieces[count + 1 :], "tail"))
        readings.sort(key=lambda reading: is_surely_unit(reading.text))
    for start, end in _boundaries(pieces[0] if pieces else text):
        left, right = text[:start].strip(" ・"), text[end:].strip(" ・,、/")
        if left and right:
            readings.append(_reading(left, [right], role))
            if find_concepts(fold_han(right)) and not is_surely_unit(right):
                readings.append(Reading(right, other=left, role="tail"))
    for match in _LATIN_HEAD.finditer(text):
        left, right = text[: match.start()].strip(" ,"), text[match.end() :].strip()
        if is_unit(left):
            readings.append(_reading(right, [left], "tail"))
    return readings


def _boundaries(text: str) -> list[tuple[int, int]]:
    """Return where a name may end and a unit begin: after a head word, at a space, before a
    Latin unit word."""
    found = {(match.start(), match.end()) for match in _LATIN_UNIT.finditer(text)}
    heads = concepts_of_kind("head")
    lowered = fold_han(text.lower()) if len(text.lower()) == len(text) else fold_han(text)
    for span in find_concepts(lowered):
        if span.value & heads and span.end < len(text) and _CJK_CHAR.match(text[span.end - 1]):
            found.add((span.end, span.end))
    found.update((end, end) for end in campus_ends(text) if _CJK_CHAR.match(text[end - 1]))
    found.update(
        (match.start(), match.end())
        for match in re.finditer(r"\s+", text)
        if _CJK_CHAR.match(text[match.start() - 1])
    )
    return sorted(found)


def _reading(text: str, left_over: list[str], role: Role) -> Reading:
    units = [part for part in left_over if is_unit(part)]
    others = [part for part in left_over if part not in units]
    return Reading(text, _join(units), _join(others), role)


def _join(parts: list[str]) -> str:
    return ", ".join(filter(None, parts))


def _distinct(readings: list[Reading]) -> tuple[Reading, ...]:
    seen: dict[str, Reading] = {}
    for reading in readings:
        seen.setdefault(reading.text, reading)
    return tuple(seen.values())[:_MOST_READINGS]


_CJK_CHAR: Final = re.compile(f"[{CJK}]")
