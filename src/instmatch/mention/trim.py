"""Taking off what lists put around a name: bullets, dates, footnote marks."""

from __future__ import annotations

import re
from typing import Final

from instmatch.text import clean

# Circled and bracketed numbers must go before NFKC makes plain digits of them.
_CIRCLED: Final = re.compile("^[\\s*]*[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229]+")
_BULLET: Final = re.compile(
    r"^(?:[-‐‑‒–—−*+•◦・･·‧∙‣⁃○●◎◯◉□■◇◆△▲▽▼▪▫☆★※✓✔➢➤→⇒>|#~\uf000-\uf0ff]+|\(?\d{1,3}[.)、:](?!\d)|"
    r"\(\d{1,3}\)|[ivx]{1,4}[.)]\s)\s*"
)
_DATE: Final = re.compile(
    r"(?<!\d)\s*\(?\s*(?:(?:since|from|as of|締結|更新)\s*[:：]?\s*)?"
    r"(?:19|20)\d\d(?:\s*[./年-]\s*\d{1,2}(?:\s*[./月-]\s*\d{1,2}\s*日?|\s*月)?|\s*年)?"
    r"(?:\s*(?:現在|締結|更新|~|〜|-)\s*)*\)?\s*$"
)
_FOOTNOTE: Final = re.compile(
    r"\s*(?:[*†‡§¶※]+\s*\d{0,2}|\[\d{1,2}\]|\((?:注|註|note)\s*\d{0,2}\)|[⁰¹²³⁴-⁹]+)\s*$"
)
_EDGES: Final = " \t,;、。，；:|"
LONGEST: Final = 2_000
"""What is longer is no name; only so many characters of it are read."""


def trim(text: str) -> str:
    """Return a cleaned cell, at most `LONGEST`, without bullet, trailing date and footnote marks.

    >>> trim("- * アーヘン工科大学 (1998.5.19)")
    'アーヘン工科大学'
    >>> trim("③ National Yang Ming Chiao Tung University (NYCU)*")
    'National Yang Ming Chiao Tung University (NYCU)'
    """
    if len(text) > LONGEST:
        text = clean(text)[:LONGEST]
    whole = clean(text)
    if _ends_in_letters(whole) and _ends_in_letters(text):
        return whole
    text = clean(_FOOTNOTE.sub("", _CIRCLED.sub("", text)))
    while True:
        shorter = _BULLET.sub("", text).strip(_EDGES)
        shorter = _FOOTNOTE.sub("", _DATE.sub("", shorter)).strip(_EDGES)
        if shorter == text:
            break
        text = shorter
    return text or whole


def _ends_in_letters(text: str) -> bool:
    """Tell whether a text begins and ends with letters that nothing to be taken off has there."""
    first, last = text[:1], text[-1:]
    return first.isalpha() and last.isalpha() and first not in "ivx" and last not in "年月日在結新"
