"""Domain annotations to wire Structs: the one place where code points become the unit that the client asked for."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Protocol, TypeVar

from msgspec import structs

from service.extractors.annotations import (
    Entity,
    Evidence,
    Found,
    Mention,
    NumericFact,
    Speaker,
    Stance,
    Statement,
    TimeExpression,
)
from service.extractors.models import Models
from service.schema import (
    DateOut,
    EntityOut,
    EvidenceOut,
    Excerpt,
    Extraction,
    ExtractMeta,
    MentionOut,
    ModelVersions,
    NumericFactOut,
    OtherStance,
    Scores,
    SpeakerOut,
    StanceOut,
    StatementOut,
    TargetOut,
)
from service.terms import OffsetUnit, Section
from service.text.document import Document, Span


class Placed(Protocol):
    """Anything with a span and a confidence."""

    @property
    def span(self) -> Span:
        """Where it stands in the raw text."""
        ...

    @property
    def confidence(self) -> float:
        """How sure it is, 0 to 1."""
        ...


P = TypeVar("P", bound=Placed)


class Writer:
    """Writes one document's annotations in one offset unit, without those below a confidence."""

    def __init__(self, doc: Document, unit: OffsetUnit, min_confidence: float) -> None:
        self.doc = doc
        self.unit = unit
        self.min_confidence = min_confidence
        self.offset = _offsets(doc.raw, unit)

    def extraction(
        self, found: Found, include: frozenset[Section], version: str, models: Models, reference_date: str
    ) -> Extraction:
        """The whole answer."""
        return Extraction(
            entities=self.entities(found.entities) if "entities" in include else None,
            dates=[self.date(item) for item in self.kept(found.dates)] if "dates" in include else None,
            numeric_facts=[self.fact(item) for item in self.kept(found.numeric_facts)]
            if "numeric_facts" in include
            else None,
            stance=self.stance(found.stance) if "stance" in include else None,
            statements=[self.statement(item) for item in self.kept(found.statements, nested=True)]
            if "statements" in include
            else None,
            meta=ExtractMeta(
                version=version,
                models=ModelVersions(
                    entities=models.tagger.version if models.tagger and "entities" in include else None,
                    stance=models.stance.version if models.stance and "stance" in include else None,
                ),
                reference_date=reference_date,
                offset_unit=self.unit,
                characters=len(self.doc.raw),
                sentences=len(self.doc.sentences),
            ),
        )

    def kept(self, items: Iterable[P], nested: bool = False) -> list[P]:
        """Sure enough, in order; of two that overlap the surer, then the longer, unless they may nest."""
        sure = [item for item in items if item.confidence >= self.min_confidence]
        if not nested:
            sure = _without_overlaps(sure)
        return sorted(sure, key=lambda item: (item.span.start, -item.span.end))

    def excerpt(self, span: Span) -> Excerpt:
        """A span on the wire."""
        text, start, end = self.place(span)
        return Excerpt(text=text, start=start, end=end)

    def place(self, span: Span) -> tuple[str, int, int]:
        """A span's text, start and end in the unit asked for."""
        return self.doc.quote(span), self.offset(span.start), self.offset(span.end)

    def entities(self, entities: Sequence[Entity]) -> list[EntityOut]:
        """Entities by their first mention; one whose every mention is unsure goes, and nobody names it as holder."""
        written = []
        claimed = {id(item) for item in self.kept([m for entity in entities for m in entity.mentions])}
        for entity in entities:
            mentions = [m for m in entity.mentions if id(m) in claimed]
            if mentions:
                written.append((entity, mentions))
        ids = {entity.id for entity, _ in written}
        written.sort(key=lambda pair: pair[1][0].span)
        return [
            EntityOut(
                id=entity.id,
                type=entity.type,
                name=entity.name,
                wikidata=entity.wikidata,
                country=entity.country,
                holder=entity.holder if entity.holder in ids else None,
                confidence=round(entity.confidence, 4),
                mentions=[self.mention(m) for m in mentions],
            )
            for entity, mentions in written
        ]

    def mention(self, mention: Mention) -> MentionOut:
        """One mention."""
        text, start, end = self.place(mention.span)
        return MentionOut(text=text, start=start, end=end, confidence=round(mention.confidence, 4))

    def date(self, found: TimeExpression) -> DateOut:
        """One TIMEX3."""
        text, start, end = self.place(found.span)
        return DateOut(
            text=text,
            start=start,
            end=end,
            type=found.type,
            value=found.value,
            as_written=found.as_written,
            modifier=found.modifier,
            frequency=found.frequency,
            earliest=_iso(found.earliest),
            latest=_iso(found.latest),
            calendar=found.calendar,
            resolution=found.resolution,
            confidence=round(found.confidence, 4),
            rule=found.rule,
        )

    def fact(self, found: NumericFact) -> NumericFactOut:
        """One numeric fact."""
        text, start, end = self.place(found.span)
        return NumericFactOut(
            text=text,
            start=start,
            end=end,
            kind=found.kind,
            value=found.value,
            low=found.low,
            high=found.high,
            modifier=found.modifier,
            total=found.total,
            unit=found.unit,
            per=self.excerpt(found.per) if found.per else None,
            counted=self.excerpt(found.counted) if found.counted else None,
            number=self.excerpt(found.number),
            confidence=round(found.confidence, 4),
            rule=found.rule,
        )

    def stance(self, stances: Sequence[Stance]) -> StanceOut | None:
        """The first stance, with the rest as its `others`."""
        if not stances:
            return None
        first, *others = (self.one_stance(item) for item in stances)
        return StanceOut(**structs.asdict(first), others=others)

    def one_stance(self, found: Stance) -> OtherStance:
        """The stance towards one target."""
        return OtherStance(
            target=TargetOut(text=found.target, source=found.source, entity=found.entity),
            label=found.label,
            confidence=found.scores[found.label],
            scores=Scores(**found.scores),
            evidence=[self.evidence(item) for item in found.evidence],
        )

    def evidence(self, found: Evidence) -> EvidenceOut:
        """One sentence that decided a stance."""
        text, start, end = self.place(found.span)
        return EvidenceOut(text=text, start=start, end=end, label=found.label, score=round(found.score, 4))

    def statement(self, found: Statement) -> StatementOut:
        """One statement."""
        text, start, end = self.place(found.span)
        return StatementOut(
            text=text,
            start=start,
            end=end,
            speaker=self.speaker(found.speaker) if found.speaker else None,
            cue=self.excerpt(found.cue) if found.cue else None,
            kind=found.kind,
            act=found.act,
            confidence=round(found.confidence, 4),
        )

    def speaker(self, found: Speaker) -> SpeakerOut:
        """Who says it."""
        text, start, end = self.place(found.span)
        return SpeakerOut(text=text, start=start, end=end, entity=found.entity)


def _without_overlaps(items: Sequence[P]) -> list[P]:
    """The surest items of which no two overlap; of equals the longer, then the earlier."""
    ranked = sorted(items, key=lambda x: (-x.confidence, x.span.start - x.span.end, x.span.start))
    starts: list[int] = []
    ends: list[int] = []
    kept = []
    for item in ranked:
        at = bisect_right(starts, item.span.start)
        if (at and ends[at - 1] > item.span.start) or (at < len(starts) and starts[at] < item.span.end):
            continue
        starts.insert(at, item.span.start)
        ends.insert(at, item.span.end)
        kept.append(item)
    return kept


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _offsets(raw: str, unit: OffsetUnit) -> Callable[[int], int]:
    """From code points to the unit: the identity, or a look-up in the running width of the text."""
    if unit == "code_point" or raw.isascii():
        return lambda offset: offset
    width = _utf16_width if unit == "utf16" else _utf8_width
    return list(accumulate(map(width, raw), initial=0)).__getitem__


def _utf16_width(char: str) -> int:
    return 1 if char < "\U00010000" else 2


def _utf8_width(char: str) -> int:
    return 1 if char < "\x80" else 2 if char < "\u0800" else 3 if char < "\U00010000" else 4
