"""Strings: repair, width, kana, Han variants, look-alikes, Latin, romanisation.

This room knows characters and scripts and nothing about institutions. Its face:

- `clean`: a printed form made safe and tidy, still meant for people.
- `fold`: the comparison form of a string; every comparison in the project starts from it.
- `shape`: a fold with the characters that scanners confuse made equal.
- `romanize`: a string of any script in Latin letters.
- `sound_key`: what is left of a romanised string when only what is heard counts.
"""

from instmatch.text.lookalikes import shape
from instmatch.text.normalize import clean, fold
from instmatch.text.romanize import romanize
from instmatch.text.sound import sound_key

__all__ = ["clean", "fold", "romanize", "shape", "sound_key"]
