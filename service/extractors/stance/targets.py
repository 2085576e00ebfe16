"""What a stance is asked towards, and where a document speaks of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct

from service.extractors.annotations import Entity
from service.extractors.stance.stems import Stems, build_stems
from service.lexicon import read_toml
from service.text.document import Document

_DATA = Path(__file__).with_name("targets.toml")

_OTHER_TYPE = 0.8  # salience of a type that targets.toml does not know
_CLAIM = 5  # words of a target beyond which it is a claim
_PARTIAL = 0.5  # the least share of a target's words that makes a mention of it


class SalienceTable(Struct, frozen=True, forbid_unknown_fields=True):
    """targets.toml."""

    salience: dict[str, float]


class Target(Struct, frozen=True):
    """One target, and how surely each token of the document (0 to 1) speaks of it."""

    text: str
    source: Literal["request", "document"]
    entity: str | None
    strength: tuple[float, ...]
    claim: bool = False  # a statement to agree with rather than a thing to favour

    def within(self, first: int, last: int) -> float:
        """The surest mention among tokens `[first:last]`."""
        return max(self.strength[first:last], default=0.0)


def build_targets() -> Callable[[Document, Sequence[Entity]], tuple[Target, ...]]:
    """Loads targets.toml; the function gives the request's targets in its order, or else the most salient entity."""
    stems = build_stems()
    salience = read_toml(_DATA, SalienceTable).salience

    def find_targets(doc: Document, entities: Sequence[Entity]) -> tuple[Target, ...]:
        if doc.targets:
            readings = [stems.readings(token.folded) for token in doc.tokens]
            return tuple(_requested(doc, text, stems, readings, entities) for text in doc.targets)
        entity = most_salient(entities, salience, len(doc.raw))
        if entity is None:
            return ()
        return (Target(entity.name, "document", entity.id, _marked(doc, [0.0] * len(doc.tokens), [entity])),)

    return find_targets


def most_salient(entities: Sequence[Entity], by_type: Mapping[str, float], length: int) -> Entity | None:
    """The entity of a text of `length` that is named most and soonest; of equals the first, None of none."""

    def salience(entity: Entity) -> float:
        sooner = 1 - entity.mentions[0].span.start / length
        return by_type.get(entity.type, _OTHER_TYPE) * (len(entity.mentions) + 1.5 * sooner)

    return max(entities, key=salience, default=None)


def match(
    wanted: Sequence[str], readings: Sequence[frozenset[str]], sentences: Iterable[tuple[int, int]]
) -> list[float]:
    """Strength of every token for a target of stems `wanted`: the share that its sentence holds, from a half up."""
    strength = [0.0] * len(readings)
    different = set(wanted)
    for first, last in sentences:
        hits = [i for i in range(first, last) if readings[i] & different]
        share = len(set().union(*(readings[i] & different for i in hits))) / len(different) if hits else 0.0
        if share >= _PARTIAL:
            for i in hits:
                strength[i] = share
    return strength


def _requested(
    doc: Document, text: str, stems: Stems, readings: Sequence[frozenset[str]], entities: Sequence[Entity]
) -> Target:
    wanted = stems.content(text)
    if not wanted:
        return Target(text, "request", None, (0.0,) * len(doc.tokens))
    strength = match(wanted, readings, ((s.first, s.last) for s in doc.sentences))
    named = [entity for entity in entities if _is_named(doc, entity, wanted, stems)]
    entity = named[0].id if len(named) == 1 else None
    return Target(text, "request", entity, _marked(doc, strength, named), claim=len(wanted) > _CLAIM)


def _is_named(doc: Document, entity: Entity, wanted: tuple[str, ...], stems: Stems) -> bool:
    """Whether the target is the entity's name or one of its mentions."""
    forms = {entity.name, *(doc.quote(mention.span) for mention in entity.mentions)}
    return any(stems.content(form) == wanted for form in forms)


def _marked(doc: Document, strength: list[float], entities: Sequence[Entity]) -> tuple[float, ...]:
    """Strengths with every mention of the entities at 1."""
    starts = [token.start for token in doc.tokens]
    for entity in entities:
        for mention in entity.mentions:
            start, end = doc.view.from_raw(mention.span.start, mention.span.end)
            for i in _overlapping(starts, start, end):
                strength[i] = 1.0
    return tuple(strength)


def _overlapping(starts: Sequence[int], start: int, end: int) -> range:
    """Indices of the tokens that the view's `[start:end]` touches; it begins inside a token."""
    return range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end))
