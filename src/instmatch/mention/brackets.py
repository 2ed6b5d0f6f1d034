"""Brackets: what stands in them is evidence of another kind than what stands outside."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "〔": "〕", "【": "】", "〈": "〉", "《": "》"}
_CLOSING: Final = frozenset(_PAIRS.values())
_FORMER: Final = re.compile(
    r"^(?:旧称|旧名|旧校名|旧|前身|前|元|原名|原|舊稱|舊|曾用名|formerly known as|formerly|former|"
    r"previously|ex-|ex\b|antes|ancien(?:nement)?|ehemals|구|옛|전)\s*[:：,]?\s*(?=\S)",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"^(?:現在の|現在|現|now known as|now part of|now|currently|heute|현)\s*[:：,]?\s*(?=\S)",
    re.IGNORECASE,
)
_ACRONYM: Final = re.compile(r"^(?=(?:.*[A-Z]){2})[A-Z][A-Za-z&.-]{1,11}$")


class Bracketed(NamedTuple):
    """A string taken apart at its brackets.

    Attributes:
        outside: the text without brackets and their contents.
        inside: the contents in order; brackets inside brackets are kept in them.
    """

    outside: str
    inside: tuple[str, ...]


def split_brackets(text: str) -> Bracketed:
    """Take a string apart at its outermost brackets; one that is never closed ends with the text.

    >>> split_brackets("UCL (University College London) 医学部")
    Bracketed(outside='UCL 医学部', inside=('University College London',))
    >>> split_brackets("NTNU (Faculty of Science")
    Bracketed(outside='NTNU', inside=('Faculty of Science',))
    """
    outside: list[str] = []
    inside: list[str] = []
    depth = 0
    for char in text:
        if char in _PAIRS:
            depth += 1
            if depth == 1:
                inside.append("")
                outside.append(" ")
                continue
        elif char in _CLOSING:
            depth = max(depth - 1, 0)
            if depth == 0:
                continue
        if depth:
            inside[-1] += char
        else:
            outside.append(char)
    contents = tuple(filter(None, (content.strip() for content in inside)))
    return Bracketed(" ".join("".join(outside).split()), contents)


def former_name(content: str) -> str | None:
    """Return the name in a bracket that gives a former or present name; None if it does not.

    >>> former_name("旧:河北理工大学"), former_name("now Sorbonne University"), former_name("UCL")
    ('河北理工大学', 'Sorbonne University', None)
    """
    for pattern in (_FORMER, _NOW):
        match = pattern.match(content)
        if match:
            return content[match.end() :]
    return None


def is_acronym(text: str) -> bool:
    """Tell whether a text looks like an acronym: one short word, two or more capitals.

    >>> is_acronym("KAIST"), is_acronym("E-JUST"), is_acronym("Kyoto"), is_acronym("UNESCO Bangkok")
    (True, True, False, False)
    """
    return _ACRONYM.match(text) is not None
