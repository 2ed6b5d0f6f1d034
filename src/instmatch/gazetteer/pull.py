"""Fetching the newest ROR data dump from its record on Zenodo.

Everything is checked: the checksum that the record gives, the size, and that the server does not
send us elsewhere. A broken transfer is taken up where it stopped, also by a later run.
"""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from urllib.parse import urlsplit

from instmatch.errors import InputError

RECORD: Final = "https://zenodo.org/api/records/6347574"
"""The concept record "ROR Data"; the server answers with its newest version."""

_TRIES: Final = 5
_BLOCK: Final = 1 << 20
_SECONDS: Final = 60


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


def pull(
    folder: Path, record: str = RECORD, progress: Callable[[int, int], None] | None = None
) -> Path:
    """Download the newest dump.

    Args:
        folder: where to put it; a dump that is there already and whole is not fetched again.
        record: address of the record.
        progress: called with the bytes there are and the bytes in all.

    Returns:
        Path of the dump. It is there whole or not at all; what a broken transfer leaves ends
        in ``.part``.

    Raises:
        InputError: if the server cannot be reached, answers with something else, or what came
            does not have the checksum of the record.
    """
    dump = newest(record)
    target = folder / dump.name
    if target.exists() and _md5(target) == dump.md5:
        return target
    part = folder / f"{dump.name}.part"
    for attempt in range(1, _TRIES + 1):
        try:
            _fetch(dump, part, progress)
            break
        except (OSError, urllib.error.URLError) as error:
            if attempt == _TRIES or isinstance(error, _Elsewhere):
                raise InputError(
                    f"{dump.url}: the transfer broke off ({error}). Run the command again to take "
                    f"it up at {part}."
                ) from error
    if _md5(part) != dump.md5:
        part.unlink()
        raise InputError(f"{dump.url}: what came has another checksum than the record says.")
    part.replace(target)
    return target


def newest(record: str = RECORD) -> Dump:
    """Return the newest dump of a record.

    Raises:
        InputError: if the record cannot be read or holds no zip.
    """
    try:
        with _open(record) as response:
            answer: Any = json.load(response)
        files = [file for file in answer["files"] if file["key"].endswith(".zip")]
        file = max(files, key=lambda file: str(file["key"]))
        url, size = str(file["links"]["self"]), int(file["size"])
        method, _, md5 = str(file["checksum"]).partition(":")
        name = str(file["key"])
    except (OSError, urllib.error.URLError) as error:
        raise InputError(f"{record}: cannot be reached ({error}).") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{record}: this is not a record with a dump ({error!r}).") from error
    if method != "md5" or Path(name).name != name:
        raise InputError(f"{record}: its file {name!r} has no MD5 checksum or no plain name.")
    if urlsplit(url).hostname != urlsplit(record).hostname:
        raise InputError(f"{record}: its file is on another site, {url}; do not trust it.")
    return Dump(name, url, size, md5)


class _Elsewhere(urllib.error.URLError):
    """The server sends us to another site."""


class _SameSite(urllib.request.HTTPRedirectHandler):
    """Follows redirects on one site only."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).hostname != urlsplit(req.full_url).hostname:
            raise _Elsewhere(f"it leads to another site, {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(url: str, start: int = 0) -> Any:
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"{url}: not an address of the web.")
    headers = {"User-Agent": "instmatch"} | ({"Range": f"bytes={start}-"} if start else {})
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  checked above
    return urllib.request.build_opener(_SameSite).open(request, timeout=_SECONDS)


def _fetch(dump: Dump, part: Path, progress: Callable[[int, int], None] | None) -> None:
    """Fetch what is missing of a dump."""
    have = part.stat().st_size if part.exists() else 0
    if have > dump.size:
        part.unlink()
        have = 0
    if have == dump.size:
        return
    with _open(dump.url, have) as response:
        resumed = have and response.status == 206
        with part.open("ab" if resumed else "wb") as file:
            have = have if resumed else 0
            while block := response.read(_BLOCK):
                have += len(block)
                if have > dump.size:
                    raise OSError(f"more than the {dump.size} bytes the record says")
                file.write(block)
                if progress:
                    progress(have, dump.size)
    if have < dump.size:
        raise OSError(f"{have} of {dump.size} bytes came")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
