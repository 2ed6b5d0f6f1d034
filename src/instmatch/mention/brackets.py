"""Brackets: what stands in them is evidence of another kind than what stands outside."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PAIRS: Final = {
    "(": ")",
    "[": "]",
    "{": "}",
    "〔": "〕",
    "【": "】",
    "〈": "〉",
    "《": "》",
    "〖": "〗",
}
_CLOSING: Final = frozenset(_PAIRS.values())
_ANY: Final = re.compile(f"[{re.escape(''.join(_PAIRS) + ''.join(_CLOSING))}]")
_FORMER: Final = re.compile(
    r"(?:旧称|旧名|旧校名|旧|前称|前身|前|元|原名|原|舊稱|舊名|舊|曾用名|구|옛|전|"
    r"(?:formerly known as|formerly|former|previously known as|previously|f\.?k\.?a\b\.?|ex|antes|"
    r"ancien(?:ne(?:ment)?)?|ehemals|vormals|früher)\b)[\s:,-]*(?=\w)",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"(?:現在の|現在|现在|現称|現|现为|现|현재|현|"
    r"(?:now known as|now part of|now called|now|currently|heute|jetzt)\b)[\s:,-]*(?=\w)",
    re.IGNORECASE,
)
# One character that may also begin a name of its own: 元智大学, 전남대학교.
_MARKS_IN_NAMES: Final = re.compile("[旧前元原舊구옛전現现현](?=\\w)")
# Not names with a capital inside: McGill, DePaul, Egypt-Japan.
_ACRONYM: Final = re.compile(
    r"(?=(?:.*[A-ZÀ-ÖØ-Þ]){2})(?![A-Z][a-z]{1,2}[A-Z][a-z]+$)(?!\w[a-zß-ÿ]+(?:-\w[a-zß-ÿ]+)+$)"
    r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ&.-]+"
)
_LONGEST_ACRONYM: Final = 12


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
    if not _ANY.search(text):
        return Bracketed(" ".join(text.split()), ())
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


def may_be_name(content: str) -> bool:
    """Tell whether a bracket that gives a former name may as well be a name as it stands.

    >>> may_be_name("전남대학교"), may_be_name("旧:河北理工大学"), may_be_name("former X")
    (True, False, False)
    """
    return _MARKS_IN_NAMES.match(content) is not None


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

    >>> is_acronym("KAIST"), is_acronym("E-JUST"), is_acronym("ÉTS")
    (True, True, True)
    >>> is_acronym("Kyoto"), is_acronym("McGill"), is_acronym("UNESCO Bangkok")
    (False, False, False)
    """
    return len(text) <= _LONGEST_ACRONYM and _ACRONYM.fullmatch(text) is not None
