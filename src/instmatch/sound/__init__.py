"""What CJK names sound like in Latin letters, learned from names of places and institutions."""

from instmatch.sound.align import likelihoods as likelihoods
from instmatch.sound.symbols import AREAS as AREAS
from instmatch.sound.symbols import area_of as area_of
from instmatch.sound.symbols import letters_of as letters_of
from instmatch.sound.symbols import symbols as symbols
from instmatch.sound.table import SoundTable as SoundTable
