"""Which script a character belongs to, by code block."""

from __future__ import annotations

import re
from typing import Final

KANA: Final = "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
HAN: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
CJK: Final = KANA + HAN + HANGUL
"""Character classes to put inside the brackets of a regular expression: scripts whose words are
written without, or with freely placed, spaces."""

_BLOCKS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("kana", re.compile(f"[{KANA}]")),
    ("han", re.compile(f"[{HAN}]")),
    ("hangul", re.compile(f"[{HANGUL}]")),
    ("latin", re.compile("[a-z\u00c0-\u024f]", re.IGNORECASE)),
)


def script_of(text: str) -> str:
    """Return the script a name is written in.

    Japanese is recognised by its kana, so a name in kanji alone is ``han``.

    Args:
        text: any string.

    Returns:
        ``kana``, ``han``, ``hangul`` or ``latin``: the first of these that occurs; else ``other``.

    >>> script_of("ウォータールー大学"), script_of("清华大学"), script_of("МГУ")
    ('kana', 'han', 'other')
    """
    for name, pattern in _BLOCKS:
        if pattern.search(text):
            return name
    return "other"
