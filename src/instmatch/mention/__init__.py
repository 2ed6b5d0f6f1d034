"""What one cell or line holds: its readings as institution, unit, bracket and former name."""

from instmatch.mention.parse import Mention, Reading, read_mention

__all__ = ["Mention", "Reading", "read_mention"]
