"""The entity extractor with a tagger that says what a test tells it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache

from service.extractors.annotations import Entity, Found
from service.extractors.entities import build_entities
from service.extractors.models import Models
from service.text.document import Document, read

REFERENCE = date(2025, 5, 20)  # a Tuesday


class Scripted:
    """A tagger that labels the words that it was told, wherever they stand."""

    version = "scripted"
    labels: Mapping[str, str] = {}
    confidence = 0.0

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """The told label of every word, O for the others."""
        return [[(self.labels.get(word, "O"), self.confidence) for word in sentence] for sentence in sentences]


TAGGER = Scripted()


@cache
def extractor() -> Callable[[Document, Found], tuple[Entity, ...]]:
    """The extractor with `TAGGER`, built once: its tables are long."""
    return build_entities(Models(tagger=TAGGER))


def found_in(text: str, labels: Mapping[str, str], confidence: float = 0.9) -> list[tuple[str, str]]:
    """(type, text) of every mention, in order, with these labels."""
    return [(type_, text[start:end]) for start, end, type_, _ in mentions_in(text, labels, confidence)]


def mentions_in(text: str, labels: Mapping[str, str], confidence: float = 0.9) -> list[tuple[int, int, str, str]]:
    """(start, end, type, entity id) of every mention, in order."""
    return sorted(
        (mention.span.start, mention.span.end, entity.type, entity.id)
        for entity in entities_in(text, labels, confidence)
        for mention in entity.mentions
    )


def entities_in(text: str, labels: Mapping[str, str], confidence: float = 0.9) -> tuple[Entity, ...]:
    """The entities of a text, with these labels."""
    TAGGER.labels, TAGGER.confidence = labels, confidence
    return extractor()(read(text, REFERENCE), Found())
