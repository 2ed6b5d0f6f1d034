"""Errors, tables, files and workers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatch.errors import InputError
from instmatch.files import atomic_write
from instmatch.tables import packaged, read_table
from instmatch.workers import spread
from small import written

COLUMNS = ("a", "b")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fail_halfway(path: Path, error: type[BaseException]) -> None:
    with atomic_write(path) as file:
        file.write(b"half")
        raise error


def test_error_is_a_value_error() -> None:
    assert issubclass(InputError, ValueError)


def test_table(tmp_path: Path) -> None:
    path = written(tmp_path)("t.tsv", 'b\ta\tc\r\n1\t2\t"3\n\n\t\t\n')
    assert [*read_table(path, COLUMNS)] == [
        (2, {"b": "1", "a": "2", "c": '"3'}),
        (4, {"b": "", "a": "", "c": ""}),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: no column a, b; the columns there are: ."),
        ("a\tc\n", ":1: no column b; the columns there are: a, c."),
        ("a\tb\n1\t2\n1\n", ":3: 1 cells where the header has 2; cells are separated by one tab"),
        ("a\tb\n1\t2\t3\n", ":2: 3 cells where the header has 2"),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, told: str) -> None:
    path = written(tmp_path)("t.tsv", text)
    with pytest.raises(InputError) as caught:
        [*read_table(path, COLUMNS)]
    assert str(caught.value).startswith(f"{path}{told}")


def test_tables_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.tsv").write_bytes("a\tb\né\t\n".encode("latin-1"))
    for name, told in [
        ("none.tsv", "cannot be read (No such file or directory)"),
        (".", "cannot be read (Is a directory)"),
        ("latin.tsv", "not UTF-8"),
    ]:
        with pytest.raises(InputError) as caught:
            [*read_table(tmp_path / name, COLUMNS)]
        assert told in str(caught.value)


cell = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), max_size=5)


@given(rows=st.lists(st.tuples(cell, cell), max_size=5))
def test_any_table_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    text = "a\tb\n" + "".join(f"{one}\t{other}\n" for one, other in rows)
    path = written(tmp_path_factory.getbasetemp())("any.tsv", text)
    assert [(row["a"], row["b"]) for _, row in read_table(path, COLUMNS)] == rows


def test_packaged_files_are_there() -> None:
    for name in ("model.json", "gazetteer.index"):
        assert packaged("instmatch", name).is_file()


def test_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")
    with atomic_write(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert files(tmp_path) == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, InputError])
def test_nothing_is_written_after_an_error(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out"
    with pytest.raises(error):
        fail_halfway(path, error)
    assert files(tmp_path) == []
    path.write_bytes(b"before")
    with pytest.raises(error):
        fail_halfway(path, error)
    assert path.read_bytes() == b"before"
    assert files(tmp_path) == ["out"]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for path, told in [
        (tmp_path / "none" / "out", "No such file or directory"),
        (tmp_path / "file" / "out", "Not a directory"),
        (tmp_path / "folder", "it is not a file"),
        (Path("/dev/null"), "it is not a file"),
    ]:
        with (
            pytest.raises(InputError, match=rf"^{path}: cannot be written \({told}"),
            atomic_write(path),
        ):
            pass
    assert Path("/dev/null").is_char_device()


def test_mode_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_write(tmp_path / "out"):
            pass
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "out")
    with atomic_write(tmp_path / "link") as file:
        file.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "out").read_bytes() == b"x"


def slowly_square(number: int) -> int:
    if number == 13:
        raise ValueError("thirteen")
    # Later work is done sooner.
    sum(range((20 - number) * 10_000))
    return number * number


def test_work_comes_back_in_order() -> None:
    assert [*spread(slowly_square, range(12), 2)] == [number**2 for number in range(12)]
    assert [*spread(slowly_square, [], 2)] == []


def test_an_error_in_a_worker_is_raised_here() -> None:
    done = spread(slowly_square, range(20), 2)
    with pytest.raises(ValueError, match="thirteen"):
        list(done)


def test_work_is_taken_as_fast_as_it_is_done() -> None:
    taken: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(12):
            taken.append(number)
            yield number

    done = spread(slowly_square, batches(), 2)
    next(done)
    assert len(taken) <= 6
    assert [*done] == [number**2 for number in range(1, 12)]
