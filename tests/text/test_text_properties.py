"""What holds of text for every input."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from instmatch.text import clean, fold, romanize, shape, sound_key
from instmatch.text.generate import variant_forms, write_variants
from instmatch.text.han import _variant_table, fold_han
from instmatch.text.lookalikes import print_key
from instmatch.text.repair import repair
from instmatch.text.romanize import romanize_hangul
from instmatch.text.scripts import script_of
from small import is_cjk

# Names as they come, cut into pieces that meet: what goes wrong, goes wrong at the joints.
PIECES: Final = (
    "大学", "第一", "一", "ー", "―", "-", "カ", "ｶ", "ﾞ", "゛", "\u3099", "ヴ", "ァ", "が",
    "ッ", "々",
    "서울", "\u1109", "\u1165", "é", "e\u0301", "Ã", "©", "\u200b", "\u00ad", "\x85",
    "\ud83d",
    "\ude00", "\u202e", "😀", "İ", "ß", "ﬁ", "ŉ", "'", "’", "ʼ", "`", "&", "+", ".", ",",
    "(", ")",
    " ", "\u3000", "_", "Univ.", "univ", "St", "U.", "s.t.", "t.u.", "inst.", "ун-т", "ім.",
    "й",
    "१", "ि", "ั", "ـ", "²", "½", "℃", "№", "Ⅻ", "㈱", "Å", "ﷺ", "國", "国", "聯",
    "\U00020bb7",
)  # fmt: skip
ANY: Final = st.text(st.characters(codec=None), max_size=40)
JOINTS: Final = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
TEXTS: Final = ANY | JOINTS | st.text(st.characters(max_codepoint=0xFFFF), max_size=12)
INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc")


def is_visible(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LNPS" and char not in INVISIBLE for char in text)


@given(TEXTS)
def test_nothing_raises(text: str) -> None:
    folded = fold(text)
    shape(text)
    print_key(shape(folded))
    for string in (text, folded):
        assert romanize(string) == romanize(string).lower()
        sound_key(string)
        script_of(string)


@given(st.text(st.characters(min_codepoint=0x3005, max_codepoint=0x9FFF), max_size=12))
@example("々")
@example("ー々〇")
def test_japanese_readings_never_raise(text: str) -> None:
    romanize(text, japanese=True)
    sound_key(text, japanese=True)


@given(TEXTS)
def test_clean_is_sound_and_stays(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    repair(text).encode()
    assert clean(cleaned) == cleaned
    assert cleaned == " ".join(cleaned.split())


@given(TEXTS)
def test_fold_stays(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(clean(text)) == folded
    assert folded == " ".join(folded.split())


@given(TEXTS)
def test_nothing_visible_is_lost_altogether(text: str) -> None:
    if is_visible(text):
        assert fold(text)
        assert shape(fold(text))


@given(TEXTS)
def test_shape_is_one_for_one(text: str) -> None:
    folded = fold(text)
    assert len(shape(folded)) == len(folded)
    assert shape(shape(folded)) == shape(folded)
    assert len(fold_han(text)) == len(text)


@given(TEXTS)
def test_composed_and_decomposed_fold_equal(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_case_does_not_count(text: str) -> None:
    if text.isascii():
        assert fold(text.upper()) == fold(text.lower())


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=8))
def test_hangul_is_romanized_wholly(text: str) -> None:
    latin = romanize_hangul(text)
    assert latin.isascii()
    assert latin.isalpha() or not text


@given(st.characters())
def test_cjk_has_a_script(char: str) -> None:
    assert not is_cjk(char) or script_of(char) in {"kana", "han", "hangul"}


def test_surrogate_pairs_are_joined() -> None:
    assert clean("MIT \ud83d\ude00") == "MIT 😀"


def test_variants_are_as_generated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_variants(tmp_path)
    written = (tmp_path / "han.tsv").read_text("utf-8").splitlines()[1:]
    table = _variant_table()
    assert written == [f"{chr(code)}\t{form}" for code, form in table.items()]
    assert f"{len(table):,} rows" in capsys.readouterr().out


@pytest.mark.parametrize("char", ["連", "聯", "弁", "瓣"])
def test_variants_keep_different_words_apart(char: str) -> None:
    forms = variant_forms()
    assert len({forms.get(one, one) for one in "連聯弁瓣"}) == 4, char


def test_variants_are_final() -> None:
    table = _variant_table()
    assert not [chr(code) for code, form in table.items() if ord(form) in table]
