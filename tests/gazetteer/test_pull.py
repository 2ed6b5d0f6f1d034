"""Fetching the newest dump, against a server that plays Zenodo's API, well or ill."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPMessage as Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.request import Request

import pytest

from dumps import MOON, files, gazetteer, record, zipped
from instmatch.errors import InputError
from instmatch.gazetteer import pull as pulling
from instmatch.gazetteer.pull import PAUSES, newest, pull
from instmatch.index import Index
from small import FOLDER

NAME: Final = "v9.1-2031-02-03-ror-data.zip"
DATA: Final = bytes(range(256)) * 40
TRIES: Final = len(PAUSES) + 1


class Site(ThreadingHTTPServer):
    """A server whose concept leads to its newest record, and that record to a file."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.root = f"http://127.0.0.1:{self.server_port}"
        self.concept = f"{self.root}/concept"
        self.leads_to = "/record"
        self.data = DATA
        self.record: Any = {"files": [self.file()]}
        self.with_ranges = True
        self.statuses: list[int] = []
        """What is answered instead, one a request; 0 for the right answer."""
        self.breaks: list[int] = []
        """After how many bytes transfers of the file break off, one a transfer."""
        self.asked: list[tuple[str, str | None]] = []
        """Paths and ranges of all requests."""

    def file(self, name: str = NAME, **more: Any) -> dict[str, Any]:
        """Return what a record says of a file."""
        md5 = hashlib.md5(self.data, usedforsecurity=False).hexdigest()
        links = {"self": f"{self.root}/file"}
        told = {"key": name, "size": len(self.data), "checksum": f"md5:{md5}", "links": links}
        return told | more

    def ranges(self) -> list[str | None]:
        """Return the ranges in which the file was asked for."""
        return [range for path, range in self.asked if path == "/file"]


class Answer(BaseHTTPRequestHandler):
    """One request."""

    server: Site

    def do_GET(self) -> None:
        site, range = self.server, self.headers.get("Range")
        site.asked.append((self.path, range))
        status = site.statuses.pop(0) if site.statuses else 0
        if status:
            self.send(status, b"no")
        elif self.path == "/concept":
            self.send(302, b"", Location=site.leads_to)
        elif self.path == "/record":
            told = site.record
            self.send(200, told if isinstance(told, bytes) else json.dumps(told).encode())
        elif self.path == "/file":
            start = int(range[6:-1]) if range and site.with_ranges else 0
            self.send(206 if start else 200, site.data[start:])
        else:
            self.send(404, b"no")

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        whole = self.path != "/file" or not self.server.breaks
        self.wfile.write(body if whole else body[: self.server.breaks.pop(0)])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "*")
    with Site() as serving:
        thread = Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def fetch(folder: Path, site: Site, **more: Any) -> Path:
    return pull(folder, site.concept, **{"pause": lambda _: None} | more)


def test_newest_dump_is_fetched(site: Site, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found = fetch(tmp_path, site, progress=lambda have, size: told.append((have, size)))
    assert found == tmp_path / NAME
    assert found.read_bytes() == DATA
    assert files(tmp_path) == [NAME]
    assert told[-1] == (len(DATA), len(DATA))
    assert [path for path, _ in site.asked] == ["/concept", "/record", "/file"]


def test_dump_that_is_there_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(DATA)
    assert fetch(tmp_path, site) == tmp_path / NAME
    assert site.ranges() == []


def test_dump_that_is_there_and_not_whole_is_fetched(site: Site, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(DATA[:-1])
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert files(tmp_path) == [NAME]


def test_newest_is_by_date_not_by_spelling(site: Site) -> None:
    names = ["v1.9-2022-10-20-ror-data.zip", "v1.10-2022-11-11-ror-data.zip", "v1.11.json"]
    site.record = {"files": [site.file(name) for name in (*names, "zenodo.zip")]}
    assert newest(site.concept).name == names[1]


# Transfers that break off


def test_broken_transfer_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.breaks = [1000, 3000]
    waited: list[float] = []
    assert fetch(tmp_path, site, pause=waited.append).read_bytes() == DATA
    assert site.ranges() == [None, "bytes=1000-", "bytes=4000-"]
    assert waited == [*PAUSES[:2]]
    assert files(tmp_path) == [NAME]


def test_server_without_ranges_sends_it_anew(site: Site, tmp_path: Path) -> None:
    site.breaks, site.with_ranges = [1000], False
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges() == [None, "bytes=1000-"]


def test_range_that_is_refused_is_asked_for_no_more(site: Site, tmp_path: Path) -> None:
    site.breaks, site.statuses = [1000], [0, 0, 0, 416]
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges() == [None, "bytes=1000-", None]


def test_later_run_takes_up_an_interrupted_one(site: Site, tmp_path: Path) -> None:
    site.breaks = [100] * TRIES
    with pytest.raises(InputError, match=r"only 500 of 10,240 bytes came\. Run the command again"):
        fetch(tmp_path, site)
    (left,) = files(tmp_path)
    assert re.fullmatch(rf"{re.escape(NAME)}\.[0-9a-f]{{32}}\.part", left)
    site.asked.clear()
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges() == ["bytes=500-"]
    assert files(tmp_path) == [NAME]


def test_run_stopped_by_the_user_is_taken_up(site: Site, tmp_path: Path) -> None:
    def stop(_have: int, _size: int) -> None:
        raise KeyboardInterrupt

    site.breaks = [1000]
    with pytest.raises(KeyboardInterrupt):
        fetch(tmp_path, site, progress=stop)
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges() == [None, "bytes=1000-"]


def part_of(site: Site, folder: Path) -> Path:
    return folder / f"{NAME}.{newest(site.concept).md5}.part"


@pytest.mark.parametrize("left", [b"x" * 100, b"x" * len(DATA), b"x" * (len(DATA) + 1)])
def test_part_of_something_else_is_thrown_away(site: Site, tmp_path: Path, left: bytes) -> None:
    part_of(site, tmp_path).write_bytes(left)
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges()[-1] is None
    assert files(tmp_path) == [NAME]


def test_part_of_another_dump_is_left_alone(site: Site, tmp_path: Path) -> None:
    other = tmp_path / f"{NAME}.{'0' * 32}.part"
    other.write_bytes(b"x" * 100)
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges() == [None]
    assert other.read_bytes() == b"x" * 100


def test_part_that_is_whole_is_only_checked(site: Site, tmp_path: Path) -> None:
    part_of(site, tmp_path).write_bytes(DATA)
    assert fetch(tmp_path, site).read_bytes() == DATA
    assert site.ranges() == []


# Servers that are ill or hostile


@pytest.mark.parametrize(
    "wrong",
    [DATA[:-1] + b"x", DATA + b"more", b"", DATA[:-1]],
    ids=["other", "long", "no", "short"],
)
def test_what_is_not_as_recorded_is_not_kept(site: Site, tmp_path: Path, wrong: bytes) -> None:
    site.data = wrong
    with pytest.raises(InputError, match=r"/file: (?:what came has not the checksum|only )"):
        fetch(tmp_path, site)
    assert NAME not in files(tmp_path)
    site.data = DATA
    assert fetch(tmp_path, site).read_bytes() == DATA


def test_wrong_checksum_leaves_nothing(site: Site, tmp_path: Path) -> None:
    site.data = DATA[::-1]
    with pytest.raises(InputError, match="it is thrown away"):
        fetch(tmp_path, site)
    assert files(tmp_path) == []
    assert site.ranges() == [None]


@pytest.mark.parametrize("status", [500, 503, 429])
@pytest.mark.parametrize("before", [[], [0, 0]], ids=["record", "file"])
def test_passing_error_is_tried_again(
    site: Site, tmp_path: Path, status: int, before: list[int]
) -> None:
    site.statuses = [*before, status, status]
    assert fetch(tmp_path, site).read_bytes() == DATA


def test_lasting_error_is_told(site: Site, tmp_path: Path) -> None:
    site.statuses = [500] * 99
    waited: list[float] = []
    told = r"/concept: the server answers 500 Internal Server Error\. Run the command again"
    with pytest.raises(InputError, match=told):
        fetch(tmp_path, site, pause=waited.append)
    assert len(site.asked) == TRIES
    assert waited == [*PAUSES]
    assert files(tmp_path) == []


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_is_not_there_is_asked_for_once(site: Site, tmp_path: Path, before: int) -> None:
    site.statuses = [*[0] * before, 404]
    with pytest.raises(InputError, match=r"the server answers 404 Not Found\. Is the address"):
        fetch(tmp_path, site)
    assert len(site.asked) == before + 1


def test_no_server(tmp_path: Path) -> None:
    with Site() as gone:
        pass
    with pytest.raises(InputError, match=r"/concept: cannot be reached \(.*refused"):
        fetch(tmp_path, gone)


@pytest.mark.parametrize(
    "address", ["http://localhost:{port}/record", "ftp://127.0.0.1/record", "file:///etc/passwd"]
)
def test_redirect_to_elsewhere(site: Site, tmp_path: Path, address: str) -> None:
    site.leads_to = address.format(port=site.server_port)
    with pytest.raises(InputError, match=r"do not trust it|no address on the web|answers 302"):
        fetch(tmp_path, site)
    assert len(site.asked) == 1


def test_redirect_in_a_circle(site: Site, tmp_path: Path) -> None:
    site.leads_to = "/concept"
    with pytest.raises(InputError, match="answers 302"):
        fetch(tmp_path, site)


def test_redirect_from_https_to_http() -> None:
    def follow(address: str) -> Request | None:
        asked = Request("https://zenodo.org/api/1")
        return pulling._SameSite().redirect_request(asked, BytesIO(), 302, "", Message(), address)

    assert follow("https://zenodo.org/2") is not None
    with pytest.raises(InputError, match=r"leads to http://zenodo\.org/2, on another site"):
        follow("http://zenodo.org/2")


@pytest.mark.parametrize(
    "address", ["http://localhost/file", "file:///etc/passwd", "https://evil.example/x", "x", ""]
)
def test_file_on_another_site(site: Site, tmp_path: Path, address: str) -> None:
    site.record = {"files": [site.file(links={"self": address})]}
    with pytest.raises(InputError, match=r"do not trust it|no address on the web"):
        fetch(tmp_path, site)
    assert site.ranges() == []


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"<html>",
        b"\xff",
        b"[" * 100_000,
        [],
        {},
        {"files": {}},
        {"files": []},
        {"files": [1]},
        {"files": [{"key": "x.zip"}]},
        {"files": [{"key": 1}]},
    ],
    ids=str,
)
def test_no_record(site: Site, tmp_path: Path, told: Any) -> None:
    site.record = told
    with pytest.raises(InputError, match=r"/concept: this is not the record of a dump") as caught:
        fetch(tmp_path, site)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../x.zip"},
        {"name": "/etc/x.zip"},
        {"name": "a\\x.zip"},
        {"name": ".x.zip"},
        {"name": "data.json"},
        {"size": 0},
        {"size": "much"},
        {"size": None},
        {"size": float("inf")},
        {"checksum": "sha1:00"},
        {"checksum": "md5:../../x"},
        {"checksum": None},
        {"links": {}},
    ],
    ids=str,
)
def test_record_of_something_else(site: Site, tmp_path: Path, wrong: dict[str, Any]) -> None:
    site.record = {"files": [site.file(**wrong)]}
    with pytest.raises(InputError, match="this is not the record of a dump"):
        fetch(tmp_path, site)
    assert files(tmp_path) == []


@pytest.mark.parametrize("address", ["", "zenodo", "ftp://x/y", "file:///etc/passwd", "http://[x"])
def test_no_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match=r"this is no address on the web, as https://zenodo\.org"):
        pull(tmp_path, address)


def test_folder_that_cannot_be_written(site: Site, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none: the dump cannot be kept there \(.*No such file"):
        fetch(tmp_path / "none", site)
    assert site.ranges() == [None]


# The command


@pytest.fixture
def published(site: Site, tmp_path: Path) -> Path:
    """Let the site hold a dump; return it as a file."""
    path = zipped(tmp_path / "local.zip", record(), "junk")
    site.data = path.read_bytes()
    site.record = {"files": [site.file()]}
    return path


def test_command_builds_as_build_does(site: Site, published: Path, tmp_path: Path) -> None:
    corrections = tmp_path / "corrections.tsv"
    corrections.write_text(f"action\tname\tid\nadd\tLuna U\t{MOON}\n", encoding="utf-8")
    names = tmp_path / "names.tsv"
    names.write_text(f"id\tlang\tname\n{MOON}\tja\t月面大学\n", encoding="utf-8")
    more = ("--corrections", corrections, "--names", names, "--output")
    output, same = tmp_path / "pulled" / "x.index", tmp_path / "same.index"
    output.parent.mkdir()
    site.breaks = [100]
    ran = gazetteer("pull", "ror", "--record", site.concept, *more, output)
    assert ran.exit_code == 0, ran.output
    assert ran.stderr.splitlines()[0] == f"{output.parent / NAME}: the newest dump."
    assert "records of another form left out: 1" in ran.stderr
    assert files(output.parent) == [NAME, "x.index"]
    assert site.ranges() == [None, "bytes=100-"]
    assert gazetteer("build", "--ror", published, *more, same).exit_code == 0
    assert output.read_bytes() == same.read_bytes()
    values = {name.value for one in Index.load(output).find(MOON) for name in one.names}
    assert values >= {"Luna U", "月面大学"}


@pytest.mark.usefixtures("published")
def test_command_leaves_an_index_as_it_was(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "PAUSES", (0, 0, 0, 0))
    folder = tmp_path / "pulled"
    folder.mkdir()
    output = folder / "x.index"
    output.write_bytes(b"before")
    site.statuses = [500] * TRIES
    ran = gazetteer("pull", "ror", "--record", site.concept, "--output", output)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"instmatch: {site.concept}: the server answers 500")
    assert ran.stderr.count("\n") == 1
    site.data = b"no zip"
    site.record = {"files": [site.file(checksum="md5:" + "0" * 32)]}
    assert gazetteer("pull", "ror", "--record", site.concept, "--output", output).exit_code == 2
    assert output.read_bytes() == b"before"
    assert files(folder) == ["x.index"]


@pytest.mark.usefixtures("published")
def test_progress_goes_to_a_terminal_only(site: Site, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    given = ["--record", site.concept, "--source", FOLDER, "--output", tmp_path / "x.index"]
    code = "from instmatch.cli import main; main()"
    command = [sys.executable, "-c", code, "gazetteer", "pull", "ror", *map(str, given)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    terminal, stderr = pty.openpty()
    with open(terminal, "rb", closefd=True) as seen:  # noqa: PTH123  a descriptor
        with subprocess.Popen(  # noqa: S603  our own command
            command, stdout=subprocess.PIPE, stderr=stderr, env=environment
        ) as running:
            os.close(stderr)
            told = b"".join(_until_closed(seen.fileno()))
            assert running.stdout is not None
            assert running.stdout.read() == b""
        assert running.returncode == 0, told
    for stage in (b"bytes", b"reading", b"merging", b"analysing names", b"writing"):
        assert stage in told
    ran = subprocess.run(command, capture_output=True, check=True, env=environment)  # noqa: S603
    assert ran.stdout == b""
    assert [line.partition(b": ")[0] for line in ran.stderr.splitlines()] == [
        str(tmp_path / NAME).encode(),
        str(tmp_path / "x.index").encode(),
        b"records of another form left out",
    ]


def _until_closed(terminal: int) -> Iterator[bytes]:
    """Yield what a terminal gets; at the end, reading it fails."""
    with suppress(OSError):
        while data := os.read(terminal, 4096):
            yield data
