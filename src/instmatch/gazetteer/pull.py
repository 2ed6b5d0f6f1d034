"""Fetching the newest ROR data dump from its record on Zenodo.

The transfer is one file from one site, so the standard library's urllib serves: it knows proxies
and certificates, and redirects can be refused. What it lacks, another try and going on where a
transfer broke off, any other client would leave to us as well.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from instmatch.errors import InputError

RECORD: Final = "https://zenodo.org/api/records/6347574"
"""The concept record "ROR Data"; the server answers with its newest version."""

PAUSES: Final = (1, 2, 4, 8)
"""Seconds to wait before another try."""

_PASSING: Final = frozenset({408, 425, 429})
"""Refusals that pass, as do all from 500."""

_BLOCK: Final = 1 << 20
_LARGEST_RECORD: Final = 16 << 20
_SECONDS: Final = 60
_NAME: Final = re.compile(r"[0-9A-Za-z][\w.-]*\.zip", re.ASCII)
_MD5: Final = re.compile("md5:([0-9a-f]{32})")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")

_T = TypeVar("_T")


class Dump(NamedTuple):
    """A published dump.

    Attributes:
        name: its file name.
        url: where it is.
        size: bytes.
        md5: its checksum.
    """

    name: str
    url: str
    size: int
    md5: str


class _BrokenOffError(Exception):
    """What another try may mend."""


def pull(
    folder: Path,
    record: str = RECORD,
    progress: Callable[[int, int], None] = lambda _have, _size: None,
    pause: Callable[[float], object] = time.sleep,
) -> Path:
    """Download the newest dump, unless it is there already.

    Args:
        folder: where to put it. A transfer that breaks off leaves a file there whose name ends in
            the dump's checksum and ``.part``; the next run goes on from it.
        record: address of the record.
        progress: called with the bytes there are and the bytes in all.
        pause: called with the seconds to wait before another try.

    Returns:
        Path of the dump, which has the size and checksum of the record.

    Raises:
        InputError: if the server cannot be reached, answers with something else or leads to
            another site, what came is not what the record says, or it cannot be written.
    """
    try:
        dump = _patiently(lambda: newest(record), pause)
        target = folder / dump.name
        if not target.exists() or _md5(target) != dump.md5:
            part = folder / f"{dump.name}.{dump.md5}.part"
            _patiently(lambda: _fetch(dump, part, progress), pause)
            part.replace(target)
    except _BrokenOffError as error:
        raise InputError(f"{error}. Run the command again: it goes on where it stopped.") from error
    except OSError as error:
        raise InputError(f"{folder}: the dump cannot be kept there ({error}).") from error
    return target


def newest(record: str = RECORD) -> Dump:
    """Return the newest dump of a record, by the date in its name.

    Raises:
        InputError: if this is not a record that holds a dump.
    """
    with _open(record) as response:
        data = _read(response, _LARGEST_RECORD)
    try:
        files = json.loads(data)["files"]
        dump = max(
            (_dump(file) for file in files if file["key"].endswith(".zip")),
            key=lambda dump: (_DATE.findall(dump.name), dump.name),
        )
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise InputError(
            f"{record}: this is not the record of a dump: a zip with a plain name, an address, a "
            f"size and an MD5 ({' '.join(repr(error).split()):.200})."
        ) from error
    _check_site(record, dump.url)
    return dump


def _dump(file: Any) -> Dump:
    """Return what a record says of a file.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: if it says something else.
    """
    name, md5, size = file["key"], _MD5.fullmatch(file["checksum"]), file["size"]
    if not (_NAME.fullmatch(name) and md5 and isinstance(size, int) and size > 0):
        raise ValueError(file)
    return Dump(name, str(file["links"]["self"]), size, md5[1])


def _patiently(work: Callable[[], _T], pause: Callable[[float], object]) -> _T:
    """Do something that may break off, with some more tries."""
    for seconds in PAUSES:
        try:
            return work()
        except _BrokenOffError:
            pause(seconds)
    return work()


def _fetch(dump: Dump, part: Path, progress: Callable[[int, int], None]) -> None:
    """Fetch what is missing of a dump, and check it."""
    start = part.stat().st_size if part.exists() else 0
    if start < dump.size:
        start = _receive(dump, part, start, progress)
    if _md5(part) != dump.md5:
        part.unlink()
        if start:
            raise _BrokenOffError(f"{dump.url}: what was there of it did not belong to it")
        raise InputError(
            f"{dump.url}: what came has not the checksum that the record says; it is thrown away. "
            "Try again later."
        )


def _receive(dump: Dump, part: Path, start: int, progress: Callable[[int, int], None]) -> int:
    """Append what the server sends; return where it began, which may be at 0 after all."""
    with _open(dump.url, start) as response:
        have = start = start if response.status == 206 else 0
        with part.open("ab" if start else "wb") as file:
            while have <= dump.size and (block := _read(response, _BLOCK)):
                file.write(block)
                have += len(block)
                progress(have, dump.size)
    if have < dump.size:
        raise _BrokenOffError(f"{dump.url}: only {have:,} of {dump.size:,} bytes came")
    return start


def _open(url: str, start: int = 0) -> Any:
    """Open an address, from a byte on if the server can."""
    _site(url)
    headers = {"User-Agent": "instmatch"} | ({"Range": f"bytes={start}-"} if start else {})
    request = Request(url, headers=headers)  # noqa: S310  _site has checked the scheme
    try:
        return build_opener(_SameSite).open(request, timeout=_SECONDS)
    except HTTPError as error:
        if error.code == 416 and start:
            return _open(url)
        told = f"{url}: the server answers {error.code} {error.reason}"
        if error.code in _PASSING or error.code >= 500:
            raise _BrokenOffError(told) from error
        raise InputError(f"{told}. Is the address right?") from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise _BrokenOffError(f"{url}: cannot be reached ({reason})") from error


def _read(response: Any, size: int) -> bytes:
    try:
        data: bytes = response.read(size)
    except (OSError, HTTPException) as error:
        raise _BrokenOffError(f"{response.url}: the transfer broke off ({error!r})") from error
    return data


class _SameSite(HTTPRedirectHandler):
    """Follows redirects on one site only."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        _check_site(req.full_url, newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check_site(url: str, following: str) -> None:
    """Refuse an address on another site than the one it comes from, or on one less safe."""
    (scheme, host), (next_scheme, next_host) = _site(url), _site(following)
    if next_host != host or next_scheme not in ("https", scheme):
        raise InputError(f"{url}: it leads to {following}, on another site; do not trust it.")


def _site(url: str) -> tuple[str, str]:
    """Return scheme and host of a web address.

    >>> _site("https://zenodo.org/api/records/6347574")
    ('https', 'zenodo.org')
    """
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        scheme, host = "", None
    if scheme not in ("http", "https") or not host:
        raise InputError(f"{url}: this is no address on the web, as {RECORD}.")
    return scheme, host


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
