"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from instmatch.errors import InputError


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its place only when the block ends without error.

    Args:
        path: the file; its folder must exist. If it is a link, what it points to is written.

    Yields:
        A binary file beside it.

    Raises:
        InputError: if nothing can be written there.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        raise InputError(f"{path}: cannot be written (it is not a file); give another name.")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".instmatch-")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}).") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(target)
    except BaseException:
        temporary.unlink()
        raise
