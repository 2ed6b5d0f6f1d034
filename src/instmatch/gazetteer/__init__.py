"""What institutions there are: the data model, the curated files, their checks."""

from instmatch.gazetteer.curated import read_curated
from instmatch.gazetteer.model import Gazetteer, Institution, Name

__all__ = ["Gazetteer", "Institution", "Name", "read_curated"]
