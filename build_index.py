"""Build hook: compiles the curated gazetteer into the package whenever the package is built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileGazetteer(BuildHookInterface):  # type: ignore[misc]
    """Writes ``src/instmatch/data/gazetteer.index`` from ``gazetteer/``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the index with the project's own code, which is not installed yet."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from instmatch.gazetteer import read_curated
        from instmatch.index import Index

        target = root / "src" / "instmatch" / "data" / "gazetteer.index"
        target.parent.mkdir(exist_ok=True)
        Index.build(read_curated(root / "gazetteer")).save(target)
