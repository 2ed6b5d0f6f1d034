"""Words of the domain: type words, unit words, numerals, countries, places."""

from instmatch.lexicon.analysis import Form, analyse
from instmatch.lexicon.concepts import concept_names, concepts, find_concepts

__all__ = ["Form", "analyse", "concept_names", "concepts", "find_concepts"]
