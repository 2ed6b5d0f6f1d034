"""Why a mention was resolved as it was; the reasons are the computation itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from instmatch.lexicon import analyse, concept_names
from instmatch.lexicon.countries import country_codes
from instmatch.match.evidence import COLUMN, EVIDENCE
from instmatch.mention import read_mention
from instmatch.resolution import Candidate, Resolution
from instmatch.resolver import Resolver


@dataclass(frozen=True, slots=True)
class Reason:
    """A piece of evidence about a candidate.

    Attributes:
        evidence: its name; ``base`` and ``ceiling`` stand for the model's own terms.
        meaning: what its value says.
        value: the value.
        weight: what it adds to the log-odds of the score.
    """

    evidence: str
    meaning: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Argument:
    """All that speaks for and against one candidate.

    Attributes:
        candidate: the institution.
        reading: the part of the mention that was compared.
        unit: the part that was read as a unit.
        matched_name: the gazetteer's name it was compared with.
        reasons: heaviest first; their weights add up to the log-odds of the score.
    """

    candidate: Candidate
    reading: str
    unit: str
    matched_name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one mention was understood.

    Attributes:
        resolution: what is made of it.
        readings: the ways it was read, as institution and unit.
        type_words: concepts of its type words.
        distinguishing: what is left without them.
        arguments: for the best candidate and the runner-up.
    """

    resolution: Resolution
    readings: tuple[tuple[str, str], ...]
    type_words: tuple[str, ...]
    distinguishing: str
    arguments: tuple[Argument, ...]


_MEANING: Final = {evidence.name: evidence.meaning for evidence in EVIDENCE} | {
    "base": "how likely any candidate is before evidence",
    "ceiling": "the highest score that is told apart, or that a contradicted country allows",
}


def explain(resolver: Resolver, name: str, country: str | None = None) -> Explanation:
    """Explain what a resolver makes of one name.

    Args:
        resolver: the resolver asked.
        name: the name as printed.
        country: a country or region in any language, or an ISO code.

    >>> explanation = explain(Resolver(), "バンドンエ科大学", "ID")
    >>> explanation.arguments[0].matched_name
    'バンドン工科大学'
    """
    resolution = resolver.resolve_one(name, country)
    mention = read_mention(name)
    hint = country_codes(country) if country else None
    if resolution.status == "error" or not mention.readings:
        return Explanation(resolution, (), (), "", ())
    readings, scored = resolver.scored(mention, hint)
    form = analyse(mention.readings[0].text)
    arguments: list[Argument] = []
    for row in range(min(2, len(scored.inst))):
        evidence = scored.evidence[row]
        values = dict(zip(COLUMN, evidence.tolist(), strict=True))
        weights = resolver.model.contributions(evidence, hinted=bool(hint))
        reasons = [
            Reason(key, _MEANING[key], values.get(key, 1.0), weight)
            for key, weight in weights.items()
            if weight
        ]
        reading = readings[int(scored.reading[row])]
        arguments.append(
            Argument(
                resolver.candidate(int(scored.inst[row]), float(scored.score[row])),
                reading.text,
                reading.unit,
                resolver.index.texts["value"][int(scored.name[row])],
                tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))),
            )
        )
    return Explanation(
        resolution,
        tuple((reading.text, reading.unit) for reading in readings),
        tuple(concept_names(form.concepts)),
        form.rest,
        tuple(arguments),
    )
