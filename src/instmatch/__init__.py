"""Says which institution a name means, whatever the script and however garbled."""

from instmatch.errors import InputError
from instmatch.resolution import Candidate, Resolution
from instmatch.resolver import Resolver, resolve

__all__ = ["Candidate", "InputError", "Resolution", "Resolver", "resolve"]
