"""Write the table of Han variants: ``python -m instmatch.text.generate``.

In: the package OpenCC, with its tables inside, and the pairs below. Out, in the ``data`` folder
beside this file, the same bytes for the same version of OpenCC: ``han.tsv`` (``char form``).
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Final

from instmatch.files import atomic_write

_DATA: Final = Path(__file__).parent / "data"

# Forms that OpenCC's character tables leave apart although names are printed either way.
_MORE: Final = (
    "台臺 台檯 台颱 秘祕 里裡 里裏 高髙 崎﨑 崎嵜 浜濵 浜濱 峰峯 岛嶋 岛嶌 群羣 国囯 青靑 清淸 铁"
    "铁鐡 富冨 笼篭 驒騨 尔尓 涩澁 举擧 德徳 吉𠮷 边邉 斋齋 泽沢 藤籐 桧檜 薮藪 渊渕 曾曽 穗穂 矿鉱"
)
# Different words that Japanese came to write with one character.
_APART: Final = (("連", "聯"), ("弁", "瓣"))
_BLOCKS: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
_SIMPLIFY: Final = "t2s"
_CONVERSIONS: Final = (_SIMPLIFY, "jp2t", "t2jp")


def variant_forms() -> dict[str, str]:
    """Return, from OpenCC, the comparison form of every Han character that has another form.

    Each character goes alone through OpenCC's conversions, because its phrase rules would make a
    character depend on its neighbours. Characters that any conversion joins are one class,
    directly or by way of others (滬 and 沪; 衛, 衞 and 卫). Its form is the everyday simplified
    character, where it has one.
    """
    from opencc import OpenCC

    chars = [chr(code) for first, last in _BLOCKS for code in range(first, last + 1)]
    pairs = [(pair[0], pair[1]) for pair in _MORE.split()]
    simplified: Counter[str] = Counter()
    for name in _CONVERSIONS:
        converted = OpenCC(name).convert("\n".join(chars)).split("\n")
        changes = [(new, old) for old, new in zip(chars, converted, strict=True) if old != new]
        pairs += [pair for pair in changes if len(pair[0]) == 1 and pair not in _APART]
        if name == _SIMPLIFY:
            simplified.update(new for new, _ in changes)
    classes: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = classes.get(one, {one}) | classes.get(other, {other})
        classes.update(dict.fromkeys(joined, joined))
    forms: dict[str, str] = {}
    for char, members in classes.items():
        form = min(members, key=lambda one: (not _is_everyday(one), -simplified[one], one))
        if form != char:
            forms[char] = form
    return dict(sorted(forms.items()))


def _is_everyday(char: str) -> bool:
    """Tell whether a character is one of the 6,763 of the simplified standard, GB 2312."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def write_variants(folder: Path = _DATA) -> None:
    """Write ``han.tsv`` into a folder and print its size."""
    path = folder / "han.tsv"
    rows = [("char", "form"), *variant_forms().items()]
    content = "".join(f"{char}\t{form}\n" for char, form in rows).encode()
    with atomic_write(path) as file:
        file.write(content)
    sys.stdout.write(f"{path}: {len(rows) - 1:,} rows, {len(content):,} bytes\n")


if __name__ == "__main__":
    write_variants()
