"""A small gazetteer of 34 institutions, so that tests do not move when the data does."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from instmatch.gazetteer import Gazetteer, read_curated
from instmatch.index import Index
from instmatch.resolver import Resolver
from instmatch.text.scripts import CJK

DATA: Final = Path(__file__).parent / "data"
FOLDER: Final = DATA / "gazetteer"
GOLD: Final = DATA / "gold.tsv"
SHIPPED: Final = Path(__file__).parents[1] / "gazetteer"

BANDUNG: Final = "https://ror.org/00apj8t60"
MUNICH: Final = "https://ror.org/02kkvpp62"
TOHOKU: Final = "https://ror.org/01dq60k83"
NORTHEASTERN: Final = "https://ror.org/03awzbc87"
BERKELEY: Final = "https://ror.org/01an7q238"
PARIS_8: Final = "https://ror.org/04wez5e68"

MENTIONS: Final = (
    "バンドンエ科大学 産業技術学部",
    "Technische Universität München, Fakultät für Informatik",
    "慕尼黑工业大学",
    "東北大学",
    "东北大学 材料科学与工程学院",
    "国立交通大学 (National Chiao Tung University)",
    "서울대학교 공과대학",
    "University of California, Berkeley (College of Engineering)",
    "カリフォルニア大学デービス校",
    "パリ第8大学",
    "Université Paris X",
    "リヨン第一大学",
    "NUS",
    "MIT",
    "コルドバ大学",
    "ノッtingham大学",
    "Tokyo Institute of Technology (now Institute of Science Tokyo)",
    "unknown college of nowhere",
    "第二军医大学",
    "清華大学理学院",
    "东北大学 (沈阳)",
    "東北大学, 仙台",
    "Washington University, Seattle",
    "York University",
    "ガジャマダ大学 (2010.5.12)",
    "???",
    "大学",
)
HINTS: Final = (None, "JP", "ドイツ", "アジア", "中国", "FR", "US", "Multi-Region")


@cache
def small_gazetteer() -> Gazetteer:
    """Read the small gazetteer."""
    return read_curated(FOLDER)


@cache
def small_index() -> Index:
    """Compile the small gazetteer."""
    return Index.build(small_gazetteer())


@cache
def small_resolver() -> Resolver:
    """Build the resolver of the small gazetteer with the installed model."""
    return Resolver(small_index())


@cache
def shipped_resolver() -> Resolver:
    """Build the resolver a user gets."""
    return Resolver()


def pairs() -> list[tuple[str, str | None]]:
    """Return mentions, each with each hint."""
    return [(mention, hint) for mention in MENTIONS for hint in HINTS]


def written(folder: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a text to a file in a folder and returns its path."""

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def is_cjk(char: str) -> bool:
    return re.match(f"[{CJK}]", char) is not None
