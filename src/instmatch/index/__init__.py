"""The compiled gazetteer: build, save, memory-map."""

from instmatch.index.index import Index, default_path

__all__ = ["Index", "default_path"]
