"""The corpus of numeric facts, the properties of the extractor, and its growth."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extractors.annotations import Found, NumericFact
from service.extractors.dates import build_dates
from service.extractors.models import Models
from service.extractors.numbers import build_facts, build_numerals
from service.text.document import Document, read

REFERENCE = date(2025, 5, 20)  # a Tuesday


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value and its phrasings; what is not given is not there; `rule`, `per`, `counted` are then unchecked."""

    kind: str
    phrases: tuple[str, ...]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    total: float | None = None
    unit: str | None = None
    modifier: str | None = None
    counted: str | None = None
    per: str | None = None
    rule: str | None = None
    region: str | None = None


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that hold no fact, and why."""

    why: str
    phrases: tuple[str, ...]


class Corpus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `numbers.toml`."""

    facts: tuple[Expected, ...]
    nothing: tuple[Nothing, ...]


CORPUS = msgspec.toml.decode((Path(__file__).parents[1] / "corpus" / "numbers.toml").read_bytes(), type=Corpus)
Extract = Callable[[str, str | None], tuple[Document, tuple[NumericFact, ...]]]


@pytest.fixture(scope="module")
def extract() -> Extract:
    """Numerals, dates and facts of a text, with its document."""
    steps = [build(Models()) for build in (build_numerals, build_dates, build_facts)]

    def run(text: str, region: str | None) -> tuple[Document, tuple[NumericFact, ...]]:
        doc, found = read(text, REFERENCE, region=region), Found()
        found.numerals, found.dates, found.numeric_facts = (), (), ()
        for section, step in zip(("numerals", "dates", "numeric_facts"), steps, strict=True):
            setattr(found, section, step(doc, found))
        return doc, found.numeric_facts

    return run


@pytest.mark.parametrize(
    ("expected", "phrase"), [pytest.param(case, text, id=text) for case in CORPUS.facts for text in case.phrases]
)
def test_reads_every_phrasing(extract: Extract, expected: Expected, phrase: str) -> None:
    """Each phrase of the corpus gives exactly one fact, the expected one."""
    doc, facts = extract(phrase, expected.region)
    assert 1 == len(facts), [doc.quote(fact.span) for fact in facts]
    fact = facts[0]
    fields = ("kind", "value", "low", "high", "total", "unit", "modifier")
    assert [getattr(expected, field) for field in fields] == [getattr(fact, field) for field in fields]
    if expected.counted is not None:
        assert fact.counted is not None
        assert expected.counted == doc.quote(fact.counted)
    if expected.per is not None:
        assert fact.per is not None
        assert expected.per[1:] == doc.quote(fact.per)[-len(expected.per) + 1 :]
    if expected.rule is not None:
        assert expected.rule == fact.rule


@pytest.mark.parametrize(
    ("why", "phrase"), [pytest.param(case.why, text, id=text) for case in CORPUS.nothing for text in case.phrases]
)
def test_refuses_what_only_looks_like_a_fact(extract: Extract, why: str, phrase: str) -> None:
    """Labels, names, times, scores and look-alike words give no fact."""
    doc, facts = extract(phrase, "TN")
    assert [] == [doc.quote(fact.span) for fact in facts], why


def test_corpus_is_large_enough() -> None:
    """At least 500 phrases with a fact and 200 without, none twice in a half."""
    positive = [text for case in CORPUS.facts for text in case.phrases]
    negative = [text for case in CORPUS.nothing for text in case.phrases]
    assert len(positive) >= 500
    assert len(negative) >= 200
    assert len(negative) == len(set(negative))
