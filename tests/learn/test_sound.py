"""Learning what symbols sound like, from a few dozen pairs written by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest

from instmatch.gazetteer import Institution, Name
from instmatch.learn import sound
from instmatch.learn.sound import Sample, fit_sound, institution_samples, place_samples
from instmatch.lexicon.places import Place
from instmatch.sound import AREAS, SoundTable, likelihoods, symbols
from instmatch.sound.table import LONGEST
from small import small_gazetteer

KANA: Final = """
カナダ canada|ナミビア namibia|マラウイ malawi|カタール catar|バンドン bandung|ミラノ milano
マドリード madrid|リマ lima|ボン bonn|ローマ roma|トロント toronto|ロンドン london|ベルリン berlin
ダブリン dublin|バーゼル basel|ハノイ hanoi|マニラ manila|サンパウロ saopaulo|パナマ panama
ハバナ havana|カラカス caracas|アンカラ ankara|アテネ athens|ナポリ napoli|トリノ torino
パドバ padova|モナコ monaco|サラマンカ salamanca|グラナダ granada|マラガ malaga|ビルバオ bilbao
ボゴタ bogota|カリ cali
メデリン medellin|ミシガン michigan|ミネソタ minnesota|アリゾナ arizona|ネバダ nevada
モンタナ montana|アラバマ alabama|インディアナ indiana|マイアミ miami|シカゴ chicago
"""
HANGUL: Final = """
마닐라 manila|파나마 panama|하바나 havana|나폴리 napoli|모나코 monaco|마드리드 madrid
미네소타 minnesota|네바다 nevada|몬태나 montana|앨라배마 alabama|리마 lima|로마 roma
아이오와 iowa|오하이오 ohio|오타와 ottawa|이라크 iraq|이란 iran|오만 oman
"""
HAN: Final = """
巴拿马 panama|马尼拉 manila|哈瓦那 havana|马拉维 malawi|利马 lima|巴西 brazil|马德里 madrid
拿马 nama|巴马 bama|马里 mali|利西 lisi|马拉 mala
"""


def samples_of(text: str) -> list[Sample]:
    pairs = [entry.split() for line in text.strip().splitlines() for entry in line.split("|")]
    return [Sample(name, "X", (latin,)) for name, latin in pairs]


SAMPLES: Final = [*samples_of(KANA), *samples_of(HANGUL), *samples_of(HAN)]


@cache
def learned() -> SoundTable:
    return fit_sound(SAMPLES)


def likeliest(symbol: str) -> str:
    found = [(share, letters) for one, letters, share in learned().rows if one == symbol]
    return max(found)[1]


@pytest.mark.parametrize(
    ("symbol", "letters"),
    [
        ("ナ", "na"),
        ("マ", "ma"),
        ("ラ", "la"),
        ("リ", "li"),
        ("ボ", "bo"),
        ("ン", "n"),
        ("ー", ""),
        ("ㅁ1", "m"),
        ("ㄴ1", "n"),
        ("ㅏ2", "a"),
        ("ㅇ1", ""),
        ("Xma1", "m"),
        ("Xma2", "a"),
    ],
)
def test_letters_learned(symbol: str, letters: str) -> None:
    assert likeliest(symbol) == letters


def test_what_was_learned_spells_names_never_seen() -> None:
    assert learned().spell("マナマ", "X") == ["manama"]
    assert learned().spell("나마", "X") == ["nama"]
    # 码 was never seen; its syllable was.
    assert learned().spell("码拿", "X") == learned().spell("马拿", "X") == ["mana"]


def test_names_learned_from_are_likelier_than_others() -> None:
    names = [one.latin[0] for one in SAMPLES]
    for number, one in enumerate(SAMPLES):
        numbers = learned().numbers(symbols(one.text, one.area))
        other = names[(number + 7) % len(names)]
        if names[number] != other:
            mine, theirs = likelihoods(learned(), [numbers] * 2, [names[number], other])
            assert mine > theirs, (one.text, other)


def test_the_transliteration_counts_and_the_other_names_do_not() -> None:
    """Of several Latin names, the one that has the sound is found by itself."""
    others = [one._replace(latin=("gotham", *one.latin)) for one in SAMPLES]
    table = fit_sound(others)
    for symbol in ("ナ", "マ", "ㅁ1"):
        best = max((share, letters) for one, letters, share in table.rows if one == symbol)
        assert best[1] == likeliest(symbol)


def test_rows_are_a_table() -> None:
    rows = learned().rows
    pairs = [(symbol, letters) for symbol, letters, _ in rows]
    assert pairs == sorted(set(pairs))
    assert all(0 < share < 1.001 for _, _, share in rows)
    assert all(len(letters) <= LONGEST for _, letters, _ in rows)
    totals: dict[str, float] = {}
    for symbol, _, share in rows:
        totals[symbol] = totals.get(symbol, 0) + share
    assert max(totals.values()) < 1.05
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert (letter, letter, 0.9) in rows


def test_learning_is_deterministic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fit_sound(SAMPLES).rows == learned().rows
    fit_sound(SAMPLES).save(tmp_path / "one")
    learned().save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    # In whatever parts the pairs are worked off, and in whatever order they come.
    monkeypatch.setattr(sound, "_PART", 7)
    for other in (SAMPLES, SAMPLES[::-1]):
        table = fit_sound(other)
        assert [row[:2] for row in table.rows] == [row[:2] for row in learned().rows]
        assert [row[2] for row in table.rows] == pytest.approx([row[2] for row in learned().rows])


def test_names_that_cannot_be_transliterations_are_left_out() -> None:
    odd = [
        Sample("ミ", "X", ("mi",)),
        Sample("マナ", "X", ("m",)),
        Sample("マナ", "X", ("manamanamanamana",)),
        Sample("マナマナマナマナ", "X", ("ma",)),
        Sample("マナ", "X", ()),
        Sample("", "X", ("mana",)),
    ]
    assert fit_sound([*SAMPLES, *odd]).rows == learned().rows


@pytest.mark.parametrize("samples", [[], [Sample("ミ", "X", ("mi",))], [Sample("ミナ", "X", ())]])
def test_no_samples_teach_nothing_but_letters(samples: list[Sample]) -> None:
    rows = fit_sound(samples).rows
    assert [row[:2] for row in rows] == [(one, one) for one in "abcdefghijklmnopqrstuvwxyz"]


def test_syllables_of_one_letter_are_learned() -> None:
    """阿 is a in Mandarin, and so is the rare 锕."""
    more = samples_of("阿马 ama|阿利 ali|阿拉 ala|巴阿 baa|阿巴 aba|拿阿 naa")
    assert fit_sound([*SAMPLES, *more]).numbers(symbols("锕", "X"))


def institution(*names: tuple[str, str], country: str = "CA") -> Institution:
    made = [
        Name(value, "en", "acronym" if kind == "acronym" else "label", "") for value, kind in names
    ]
    return Institution("im:x", names[0][0], country, tuple(made))


def test_samples_of_an_institution() -> None:
    one = institution(("University of Toronto", ""), ("トロント大学", ""), ("UT", "acronym"))
    assert institution_samples([one]) == [Sample("トロント", "X", ("toronto",))]
    both = institution(
        ("Yonsei University", ""), ("延世大学", ""), ("연세대학교", ""), country="KR"
    )
    assert institution_samples([both]) == [
        Sample("延世", "K", ("yonsei",)),
        Sample("연세", "K", ("yonsei",)),
    ]


def test_institutions_without_samples() -> None:
    assert institution_samples([]) == []
    for names in (
        [("トロント大学", "")],
        [("University of Toronto", "")],
        [("University", ""), ("大学", "")],
        [("Technical University", ""), ("トロント大学", "")],
        [("University of Toronto", ""), ("大学", "")],
        [("National University of Canada", ""), ("カナダ国立大学", "")],
    ):
        assert institution_samples([institution(*names)]) == []


def test_samples_of_the_small_gazetteer() -> None:
    samples = institution_samples(small_gazetteer().institutions)
    assert len(samples) > 20
    for one in samples:
        assert one.area in AREAS
        assert one.text
        assert " " not in one.text
        assert all(latin.isascii() and latin.isalpha() and latin.islower() for latin in one.latin)
        assert len(set(one.latin)) == len(one.latin) > 0


def test_samples_of_places() -> None:
    places = [
        Place(1, "CN", 5, "Suzhou", ("Soochow", "苏州市", "スーチョウ", "Сучжоу")),
        Place(2, "DE", 4, "Munich", ("München", "ミュンヘン", "뮌헨")),
        Place(3, "FR", 3, "Lyon", ("Lione",)),
        Place(4, "JP", 2, "津市", ()),
    ]
    assert place_samples(places) == [
        Sample("苏州", "C", ("suzhou", "soochow")),
        Sample("スーチョウ", "C", ("suzhou", "soochow")),
        Sample("ミュンヘン", "X", ("munich", "munchen")),
        Sample("뮌헨", "X", ("munich", "munchen")),
        Sample("津市", "J", ()),
    ]
    assert place_samples([]) == []
