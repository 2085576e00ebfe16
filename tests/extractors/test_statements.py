"""The statements corpus: speaker, content and act of every passage, measured on both of its halves."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from service.extractors.annotations import Found, Speaker, Statement
from service.extractors.entities import build_entities
from service.extractors.models import Models
from service.extractors.statements import build_statements
from service.text.document import Document, Span, read

CORPUS = Path(__file__).parent.parent / "corpus" / "statements.toml"
REFERENCE = date(2025, 5, 27)  # a Tuesday
PASSAGES = tomllib.loads(CORPUS.read_text(encoding="utf-8"))["passage"]
FIELDS = {"speaker", "cue", "content", "act", "kind"}
ACTS = {"asserts", "asks", "demands", "denies", "supports", "condemns", "accuses", "warns", "promises", "expects"}

ENTITIES = build_entities(Models())
STATEMENTS = build_statements(Models())


class Scores(Struct):
    """Counts over passages; spans must be equal for speakers, contents are compared character by character."""

    statements: int = 0
    found: int = 0
    aligned: int = 0
    speakers_gold: int = 0
    speakers_found: int = 0
    speakers_right: int = 0
    content_gold: int = 0
    content_found: int = 0
    content_shared: int = 0
    acts_right: int = 0
    kinds_right: int = 0

    def speaker_f1(self) -> float:
        """F1 of speaker spans; a statement too many or too few counts against it."""
        return 2 * self.speakers_right / (self.speakers_gold + self.speakers_found)

    def content_f1(self) -> float:
        """F1 of the characters of contents."""
        return 2 * self.content_shared / (self.content_gold + self.content_found)

    def statement_f1(self) -> float:
        """F1 of statements as such, by their cues."""
        return 2 * self.aligned / (self.statements + self.found)

    def act_accuracy(self) -> float:
        """Of all marked statements, those found with their act."""
        return self.acts_right / self.statements


def extract(text: str) -> tuple[Document, tuple[Statement, ...]]:
    """A text with its statements, entities found first as the pipeline does."""
    doc = read(text, REFERENCE)
    found = Found()
    found.entities = ENTITIES(doc, found)
    return doc, STATEMENTS(doc, found)


def located(text: str, gold: list[dict[str, str]]) -> Iterator[Statement]:
    """The marked statements with their spans, by the rules in the corpus's head."""
    at = 0
    for item in gold:
        cue = None
        if "cue" in item:
            at = text.index(item["cue"], at)
            cue = Span(at, at + len(item["cue"]))
            at = cue.end
        head, _, tail = item["content"].partition(" … ")
        start = text.find(head, at)
        start = start if start >= 0 else text.rindex(head, 0, at)
        end = text.index(tail, start) + len(tail) if tail else start + len(head)
        yield Statement(
            span=Span(start, end),
            kind=item.get("kind", "indirect"),
            act=item.get("act", "asserts"),
            speaker=nearest(text, item.get("speaker"), cue),
            cue=cue,
        )


def nearest(text: str, speaker: str | None, cue: Span | None) -> Speaker | None:
    """The occurrence of a speaker that is nearest to its cue."""
    if speaker is None:
        return None
    places = [at for at in range(len(text)) if text.startswith(speaker, at)]
    at = min(places, key=lambda place: abs(place - (cue.start if cue else 0)))
    return Speaker(Span(at, at + len(speaker)))


def overlap(one: Span | None, other: Span | None) -> int:
    """Characters that two spans share."""
    if one is None or other is None:
        return 0
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def align(gold: list[Statement], found: list[Statement]) -> list[tuple[Statement, Statement]]:
    """Pairs with overlapping cues, or without cues and with overlapping contents."""
    pairs = []
    free = list(found)
    for item in gold:
        for one in free:
            if overlap(item.cue, one.cue) or (item.cue is None and one.cue is None and overlap(item.span, one.span)):
                pairs.append((item, one))
                free.remove(one)
                break
    return pairs


def measure(held: bool) -> Scores:
    """The scores of one half of the corpus."""
    total = Scores()
    for passage in PASSAGES:
        if passage.get("held", False) == held:
            add(total, passage)
    return total


def add(total: Scores, passage: dict[str, Any]) -> None:
    """Count one passage."""
    gold = list(located(passage["text"], passage["statements"]))
    _, found = extract(passage["text"])
    pairs = align(gold, list(found))
    total.statements += len(gold)
    total.found += len(found)
    total.aligned += len(pairs)
    total.speakers_gold += sum(item.speaker is not None for item in gold)
    total.speakers_found += sum(item.speaker is not None for item in found)
    total.content_gold += sum(item.span.end - item.span.start for item in gold)
    total.content_found += sum(item.span.end - item.span.start for item in found)
    for item, one in pairs:
        total.speakers_right += (
            item.speaker is not None
            and one.speaker is not None
            and item.speaker is not None
            and item.speaker.span == one.speaker.span
        )
        total.content_shared += overlap(item.span, one.span)
        total.acts_right += item.act == one.act
        total.kinds_right += item.kind == one.kind


@pytest.mark.parametrize("held", [False, True], ids=["tuning", "held"])
def test_corpus_reaches_its_marks(held: bool) -> None:
    """Speakers, contents and acts are found as a reader marks them, also on passages unseen while rules were made."""
    scores = measure(held)

    assert scores.speaker_f1() >= 0.88
    assert scores.content_f1() >= 0.85
    assert scores.act_accuracy() >= 0.9
