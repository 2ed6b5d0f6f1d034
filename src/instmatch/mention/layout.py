"""Which lines of a plain list are names, and which are headings that give their country."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from instmatch.lexicon.countries import country_codes
from instmatch.mention.trim import trim

_MARKUP: Final = re.compile(r"[*_#=\[\]【】〈〉<>＊＿＃＝［］＜＞■●◆]+")
_COUNT: Final = re.compile(r"\s*[(:]?\s*\d+\s*(?:校|機関|大学|universities|institutions)?\s*\)?$")


class Line(NamedTuple):
    """A line of a list that holds a name.

    Attributes:
        number: its number in the list, from 1.
        text: the line as it stands.
        hint: the heading above it; empty if there is none.
    """

    number: int
    text: str
    hint: str


def read_list(lines: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of a plain list that hold names, each under its heading.

    A line that is only a country or a region, however decorated, is a heading. Blank lines are
    passed over.

    >>> [line.hint for line in read_list(["ドイツ", "- ベルリン工科大学", "**USA**", "MIT"])]
    ['ドイツ', 'USA']
    """
    hint = ""
    for number, text in enumerate(lines, 1):
        plain = trim(_MARKUP.sub(" ", text))
        if not plain:
            continue
        for heading in (plain, _COUNT.sub("", plain)):
            if heading and country_codes(heading) is not None:
                hint = heading
                break
        else:
            yield Line(number, text, hint)
