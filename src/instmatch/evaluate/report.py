"""The printed report of a run, and the list of its disagreements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from instmatch.evaluate.metrics import Share
from instmatch.evaluate.run import Outcome, slices, summarize
from instmatch.files import atomic_write

_ERROR_COLUMNS: Final = (
    "line", "mention", "country_hint", "institution", "country", "tags", "status", "found",
    "found_country", "score", "matched_name", "reason", "rank_in_blocking",
)  # fmt: skip


def report(hinted: Sequence[Outcome], unhinted: Sequence[Outcome]) -> str:
    """Return the figures of a run with the country hints and one without, as text.

    Without hints, rows tagged ``ambiguous``, which need the country, are left out.
    """
    clear = [one for one in unhinted if "ambiguous" not in one.gold.tags]
    parts = [
        _table("with country hint", hinted),
        _table("without country hint, rows tagged ambiguous left out", clear),
        _slices(hinted),
    ]
    return "\n\n".join(parts)


def _table(title: str, outcomes: Sequence[Outcome]) -> str:
    lines = [f"{title}: {len(outcomes)} mentions"]
    for name, figure in summarize(outcomes).items():
        told = str(figure) if isinstance(figure, Share) else f"{figure:6.3f}"
        lines.append(f"  {name:24}{told}")
    return "\n".join(lines)


def _slices(outcomes: Sequence[Outcome]) -> str:
    lines = [
        "with country hint, by slice",
        f"  {'':26}{'top candidate right':38}{'precision':>9}{'coverage':>10}",
    ]
    for (kind, value), part in slices(outcomes).items():
        linkable = [one for one in part if not one.gold.is_nil]
        right = Share.of(one.right for one in linkable)
        precise = Share.of(one.right for one in part if one.matched)
        covered = Share.of(one.matched for one in linkable)
        lines.append(
            f"  {kind:8}{value:18}{right!s:38}{_percent(precise):>9}{_percent(covered):>10}"
        )
    return "\n".join(lines)


def _percent(share: Share) -> str:
    return f"{share.value:.1%}" if share.total else "–"


def write_errors(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write every outcome that disagrees with its label, as tab-separated rows.

    These are the linkable mentions whose best candidate is not the labelled institution, and the
    NIL mentions that were matched.
    """
    lines = ["\t".join(_ERROR_COLUMNS)]
    for one in outcomes:
        if one.right or (one.gold.is_nil and not one.matched):
            continue
        gold, found = one.gold, one.found
        best = found.candidates[0] if found.candidates else None
        cells = (
            gold.line, gold.mention, gold.hint, gold.institution, gold.country,
            " ".join(sorted(gold.tags)), found.status, best.name if best else "",
            best.country if best else "", f"{found.score:.4f}", found.matched_name or "",
            found.reason or "", one.rank,
        )  # fmt: skip
        lines.append("\t".join(map(str, cells)))
    with atomic_write(path) as file:
        file.write(("\n".join(lines) + "\n").encode())
