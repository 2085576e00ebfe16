"""Domain annotations on the wire: units, order, overlaps, confidence."""

import itertools
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from service.schema import Excerpt
from service.terms import OffsetUnit, Section
from service.text.document import Document, Span, read
from service.wire import Writer

ALL: frozenset[Section] = frozenset({"entities", "dates", "numeric_facts", "stance", "statements"})
TEXT = "أعلن 🇹🇳 بن علي في 20 ماي 2025 شراء 14 طائرة"
UNITS: tuple[OffsetUnit, ...] = ("code_point", "utf16", "utf8")
ENCODINGS = {"code_point": ("utf-32-le", 4), "utf16": ("utf-16-le", 2), "utf8": ("utf-8", 1)}


def _doc(text: str = TEXT) -> Document:
    return read(text, date(2025, 5, 27))


def _span(doc: Document, word: str) -> Span:
    start = doc.raw.index(word)
    return Span(start, start + len(word))


def _date(doc: Document, word: str, confidence: float = 1.0) -> TimeExpression:
    return TimeExpression(span=_span(doc, word), type="DATE", value="2025", confidence=confidence)


def _slice(text: str, start: int, end: int, unit: OffsetUnit) -> str:
    encoding, width = ENCODINGS[unit]
    return text.encode(encoding)[start * width : end * width].decode(encoding)


@pytest.mark.parametrize("unit", UNITS)
@given(
    text=st.text(alphabet=st.one_of(st.sampled_from("اب 🇹é"), st.characters(exclude_categories=["Cs"])), min_size=1),
    data=st.data(),
)
def test_offsets_slice_in_every_unit(unit: OffsetUnit, text: str, data: st.DataObject) -> None:
    """A client that counts in its own unit gets the text back."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    excerpt = Writer(_doc(text), unit, 0).excerpt(Span(start, end))
    assert text[start:end] == excerpt.text == _slice(text, excerpt.start, excerpt.end, unit)


def test_sections_not_asked_for_are_null_and_empty_ones_empty() -> None:
    """The difference between «nothing found» and «not looked for»."""
    answer = Writer(_doc(), "code_point", 0).extraction(Found(), frozenset({"dates"}), "1", Models(), "2025-05-27")
    assert ([], None, None, None, None) == (
        answer.dates,
        answer.entities,
        answer.numeric_facts,
        answer.stance,
        answer.statements,
    )
    assert (len(TEXT), 1) == (answer.meta.characters, answer.meta.sentences)


def test_lists_are_ordered_and_do_not_overlap() -> None:
    """Of two that overlap the surer stays, of equals the longer; the rest is ordered by start."""
    doc = _doc()
    kept = Writer(doc, "code_point", 0).kept(
        [
            _date(doc, "2025"),
            _date(doc, "20 ماي 2025"),
            _date(doc, "14 طائرة", 0.5),
            _date(doc, "14", 0.9),
            _date(doc, "أعلن"),
        ]
    )
    assert ["أعلن", "20 ماي 2025", "14"] == [doc.quote(item.span) for item in kept]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from([0.2, 0.5, 1.0]))))
def test_nothing_kept_overlaps_and_everything_left_out_has_a_reason(parts: list[tuple[int, int, float]]) -> None:
    """A greedy choice by confidence, then length, then place."""
    doc = _doc("ا" * 60)
    items = [
        TimeExpression(span=Span(start, start + length), type="DATE", value="2025", confidence=confidence)
        for start, length, confidence in parts
    ]
    kept = Writer(doc, "code_point", 0.3).kept(items)
    assert all(one.span.end <= two.span.start for one, two in itertools.pairwise(kept))
    for item in items:
        rivals = [one for one in kept if one.span.start < item.span.end and item.span.start < one.span.end]
        assert item.confidence < 0.3 or any(one.confidence >= item.confidence for one in rivals)


def test_statements_may_nest() -> None:
    """A report inside a report stays, the outer first."""
    doc = _doc()
    outer, inner = _span(doc, "بن علي في 20 ماي"), _span(doc, "20 ماي")
    statements = [Statement(span=span, kind="indirect", act="asserts") for span in (inner, outer)]
    kept = Writer(doc, "code_point", 0).kept(statements, nested=True)
    assert [outer, inner] == [item.span for item in kept]


def test_an_unsure_mention_goes_and_its_entity_with_the_last() -> None:
    """`min_confidence` drops mentions; an entity without any is gone, also as a holder."""
    doc = _doc()
    person = Entity(id="e1", type="PERSON", name="بن علي", mentions=(Mention(_span(doc, "بن علي"), 0.4),))
    office = Entity(id="e2", type="POSITION", name="أعلن", mentions=(Mention(_span(doc, "أعلن"), 0.9),), holder="e1")
    (written,) = Writer(doc, "code_point", 0.5).entities([person, office])
    assert ("e2", None) == (written.id, written.holder)
    assert ["e1", "e2"] == sorted(one.id for one in Writer(doc, "code_point", 0.0).entities([person, office]))


def test_every_field_arrives() -> None:
    """A fact, a time with its offset, a stance with others, and a statement, field by field."""
    doc = _doc()
    moment = datetime(2025, 5, 20, 14, 30, tzinfo=timezone(timedelta(hours=1)))
    found = Found(
        dates=(
            TimeExpression(
                span=_span(doc, "20 ماي 2025"), type="TIME", value="2025-05-20T14:30", earliest=moment, latest=moment
            ),
        ),
        numeric_facts=(
            NumericFact(
                span=_span(doc, "14 طائرة"),
                kind="count",
                number=_span(doc, "14"),
                value=14,
                counted=_span(doc, "طائرة"),
                per=_span(doc, "شراء"),
            ),
        ),
        stance=tuple(
            Stance(
                target=target,
                source="request",
                label="favor",
                scores={"favor": 0.8, "against": 0.1, "neutral": 0.1},
                evidence=(Evidence(_span(doc, "أعلن"), "favor", 0.9),),
            )
            for target in ("تونس", "الجيش")
        ),
        statements=(
            Statement(
                span=_span(doc, "شراء 14 طائرة"),
                kind="indirect",
                act="asserts",
                speaker=Speaker(_span(doc, "بن علي"), "e1"),
                cue=_span(doc, "أعلن"),
            ),
        ),
    )
    answer = Writer(doc, "code_point", 0).extraction(found, ALL, "1", Models(), "2025-05-27")
    assert answer.dates is not None
    assert answer.numeric_facts is not None
    assert answer.stance is not None
    assert answer.statements is not None
    assert "2025-05-20T14:30:00+01:00" == answer.dates[0].earliest
    fact = answer.numeric_facts[0]
    start = TEXT.index("طائرة")
    assert Excerpt(text="طائرة", start=start, end=start + 5) == fact.counted
    assert (14, "14", "شراء") == (fact.value, fact.number.text, fact.per.text if fact.per else None)
    assert ("تونس", ["الجيش"]) == (answer.stance.target.text, [one.target.text for one in answer.stance.others])
    assert ("favor", 0.8, "أعلن") == (
        answer.stance.label,
        answer.stance.confidence,
        answer.stance.evidence[0].text,
    )
    statement = answer.statements[0]
    assert statement.speaker is not None
    assert statement.cue is not None
    assert ("بن علي", "e1", "أعلن") == (statement.speaker.text, statement.speaker.entity, statement.cue.text)
