"""The one exception users meet: something given to instmatch cannot be used."""

from __future__ import annotations


class InputError(ValueError):
    """A bad argument or a bad file.

    The message names the file and line where there is one, says what is wrong, and how to mend
    it. The command line prints it alone and exits with status 2.
    """
