"""Names as other people's files give them: tidied, and with a language where they give none."""

from __future__ import annotations

import re
from typing import Final

from instmatch.text.scripts import script_of

LONGEST_NAME: Final = 1000
"""Characters beyond which a name is taken for damage; the longest in the registry has 240."""

_HALVES: Final = re.compile("[\ud800-\udfff]")
_NATIVE: Final = {"JP": "ja", "KR": "ko", "TW": "zh-Hant", "HK": "zh-Hant", "MO": "zh-Hant"}


def tidy(name: str) -> str:
    """Return a name without stray spaces; empty if it is damaged: too long, or half characters.

    >>> tidy("Keio  University "), tidy("x" * 100_000)
    ('Keio University', '')
    """
    name = " ".join(name.split())
    return "" if len(name) > LONGEST_NAME or _HALVES.search(name) else name


def language_of(name: str, lang: str | None, country: str) -> str:
    """Return the language of a name.

    Args:
        name: the name.
        lang: its language as far as it is given; ``zh`` leaves the characters open.
        country: ISO code of the institution's country.

    Returns:
        A BCP 47 code; empty if neither given nor told by the script.

    >>> language_of("慶應義塾大学", None, "JP"), language_of("Keio University", None, "JP")
    ('ja', '')
    """
    script = script_of(name)
    if script == "kana":
        return "ja"
    if script == "hangul":
        return "ko"
    if script == "han" and lang in (None, "zh"):
        return _NATIVE.get(country, "zh-Hans")
    return lang or ""
