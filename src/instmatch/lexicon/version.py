"""The version of the words that every analysed name depends on."""

from __future__ import annotations

import hashlib
from functools import cache

from instmatch.tables import packaged


@cache
def words_version() -> str:
    """Return a checksum of the tables that decide how a name is analysed.

    An index holds analysed names, so it can only be used with the tables it was built with.
    """
    tables = (
        ("instmatch.lexicon", "types.tsv"),
        ("instmatch.text", "abbreviations.tsv"),
        ("instmatch.text", "han.tsv"),
    )
    data = b"".join(packaged(package, name).read_bytes() for package, name in tables)
    return hashlib.sha256(data).hexdigest()
