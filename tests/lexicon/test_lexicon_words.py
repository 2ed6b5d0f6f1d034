"""WordTable.find against a slow, obvious way to do the same."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from instmatch.lexicon import analyse, find_concepts
from instmatch.lexicon.words import Span, WordTable, word_key
from instmatch.text import fold, shape
from small import is_cjk

LETTERS: Final = st.sampled_from("ab大学工エ院대ｶカ ")
TEXTS: Final = st.text(LETTERS, max_size=14).map(fold)
KEYS: Final = st.text(LETTERS, min_size=1, max_size=6).map(word_key).filter(str.strip)
TABLES: Final = st.dictionaries(KEYS, st.integers(), max_size=12)


def find_slowly(values: dict[str, int], folded: str) -> list[Span[int]]:
    """Try every word of the table at every place, the longest first."""
    text = shape(folded)
    spans: list[Span[int]] = []
    taken = 0
    for start in range(len(text)):
        inside_word = start > 0 and is_spaced(text[start - 1]) and is_spaced(text[start])
        if start < taken or inside_word:
            continue
        for end in range(len(text), start, -1):
            word = text[start:end]
            if word in values and may_stand(word, text[end : end + 1]):
                spans.append(Span(start, end, values[word]))
                taken = end
                break
    return spans


def is_spaced(char: str) -> bool:
    return char != " " and not is_cjk(char)


def may_stand(word: str, following: str) -> bool:
    """A word that begins unspaced may stand anywhere; others are up to four whole words."""
    if is_cjk(word[0]):
        return True
    whole = not following or not is_spaced(following)
    return whole and not any(map(is_cjk, word)) and word.count(" ") < 4


@given(TABLES, TEXTS)
def test_find_is_as_the_slow_way(values: dict[str, int], folded: str) -> None:
    assert WordTable(values).find(folded) == find_slowly(values, folded)


@given(TABLES, TEXTS)
def test_spans_are_in_order_and_apart(values: dict[str, int], folded: str) -> None:
    spans = WordTable(values).find(folded)
    assert all(0 <= span.start < span.end <= len(folded) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@given(st.text(max_size=30))
def test_any_text_can_be_analysed(text: str) -> None:
    form = analyse(text)
    assert bool(form.key) == bool(form.fold)
    assert form.words.split() == sorted(form.fold.split())
    assert analyse(form.fold) == form
    find_concepts(text)


def test_the_longest_word_wins() -> None:
    table = WordTable(
        {word_key(word): word for word in ("大学", "大学院", "institute", "institute of")}
    )
    assert [span.value for span in table.find("大学院大学")] == ["大学院", "大学"]
    assert [span.value for span in table.find("institute of x")] == ["institute of"]
    assert table.find("institutes") == []


def test_a_phrase_of_more_than_four_words_is_never_found() -> None:
    assert WordTable({"a b c d e": 1}).find("a b c d e") == []
    assert len(WordTable({"a b c d": 1}).find("a b c d e")) == 1


def test_long_words_are_found_with_one_error() -> None:
    table = WordTable({"university": 1, "college": 2, "大学": 3}, misspelt=True)
    for text in ("univesrity", "universit", "univerrsity", "unlversity"):
        assert [span.value for span in table.find(f"peking {text} of")] == [1]
    for text in ("univrsit", "colege", "universities"):
        assert table.find(f"peking {text} of") == []
    assert WordTable({"university": 1}).find("univesrity") == []
