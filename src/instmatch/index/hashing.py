"""Hashes by which many texts are compared at once."""

from __future__ import annotations

import hashlib


def text_hash(text: str) -> int:
    """Return 64 bits of a text's BLAKE2 hash, to compare many texts at once."""
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
