"""Han characters: one comparison form over simplified, traditional and Japanese shapes."""

from __future__ import annotations

from functools import cache
from typing import Final

# Pairs that OpenCC's character tables leave apart although names are printed either way.
_MORE: Final = {"臺": "台", "檯": "台", "颱": "台", "祕": "秘", "裡": "里", "裏": "里", "髙": "高",
                "﨑": "崎", "嵜": "崎", "濵": "浜", "濱": "浜", "峯": "峰", "嶋": "岛", "羣": "群"}
_BLOCKS: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))


@cache
def _variant_table() -> dict[int, str]:
    """Map every Han character that has another form to its comparison form.

    Each character goes alone through OpenCC's jp2t and then t2s, because neither unites 芸術,
    藝術 and 艺术 by itself; alone, so that a character folds the same wherever it stands
    (OpenCC's phrase rules would make it depend on its neighbours).
    """
    from opencc import OpenCC

    chars = [chr(code) for first, last in _BLOCKS for code in range(first, last + 1)]
    lines = OpenCC("t2s").convert(OpenCC("jp2t").convert("\n".join(chars))).split("\n")
    table = {ord(old): new for old, new in zip(chars, lines, strict=True) if old != new}
    table.update({ord(old): table.get(ord(new), new) for old, new in _MORE.items()})
    return table


def fold_han(text: str) -> str:
    """Fold simplified, traditional and Japanese character forms into one.

    The result is a key to compare with, never something to show. Iteration marks stay.

    >>> fold_han("国立臺灣大學") == fold_han("國立台湾大学") == fold_han("国立台湾大学")
    True
    >>> fold_han("芸術") == fold_han("藝術") == fold_han("艺术")
    True
    """
    return text.translate(_variant_table())
