"""The corpus of numeric facts, the properties of the extractor, and its growth."""

import itertools
import sys
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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ارتفع المؤشر بنسبة 1.1 بالمائة إلى 12345 نقطة", [1.1, 12345]),
        ("صعد خام برنت 50 سنتا إلى 64.35 دولارا", [0.5, 64.35]),
        ("زادت الأرباح بـ 2% إلى 7%", [2, 7]),
        ("السعر 5 دنانير إلى 7 دنانير", [None]),
    ],
)
def test_by_how_much_and_to_what(extract: Extract, text: str, values: list[float | None]) -> None:
    """A step and the level that it reaches are two facts, where two prices are a range."""
    assert values == [fact.value for fact in extract(text, "TN")[1]]


def test_corpus_is_large_enough() -> None:
    """At least 500 phrases with a fact and 200 without, none twice in a half."""
    positive = [text for case in CORPUS.facts for text in case.phrases]
    negative = [text for case in CORPUS.nothing for text in case.phrases]
    assert len(positive) >= 500
    assert len(negative) >= 200
    assert len(negative) == len(set(negative))


PIECES = st.sampled_from(
    (
        "و أو من إلى بين في ب ل لل ال ألف ألفا ألفين مليون ملايين مئة مئات عشرات بضعة ثلاثة خمس عشر عشرون عشرين "
        "واحد واحدة اثنان الأول ثانية نصف أرباع ونصف فاصلة سالب كلم متر مربع درجة تحت الصفر دينار دولارا مليم "
        "جنيهين كويتي تونس ليبيا بالمئة % $ نحو أكثر تجاوز لا يقل عن على الأقل أصل كل شخصا رجال "
        "الشرطة طائرتين زورقي المرة رقم المادة عدد نتيجة "
        '1 23 2016 1.234 ٣٫٥ ½ - + / : . ، ( ) « » " \n'
    ).split(" ")
)


@pytest.fixture(scope="module")
def read_alone() -> Callable[[str], tuple[Document, Found]]:
    """Numerals and facts of a text, without dates."""
    numerals, facts = build_numerals(Models()), build_facts(Models())

    def run(text: str) -> tuple[Document, Found]:
        doc, found = read(text, REFERENCE, region="TN"), Found()
        found.numerals = numerals(doc, found)
        found.numeric_facts = facts(doc, found)
        return doc, found

    return run


def check_places(doc: Document, found: Found) -> None:
    """Every numeral and fact lies in the text, in order, none overlapping; a number lies inside its fact."""
    for before, after in itertools.pairwise(found.numerals):
        assert before.last <= after.first
        assert before.start < before.end <= after.start
    for fact in found.numeric_facts:
        assert 0 <= fact.span.start <= fact.number.start < fact.number.end <= fact.span.end <= len(doc.raw)
        assert (fact.value is None) != (fact.low is None)
        assert (fact.low is None) == (fact.high is None)
        for place in (fact.counted, fact.per):
            assert place is None or 0 <= place.start < place.end <= len(doc.raw)
    for left, right in itertools.pairwise(found.numeric_facts):
        assert left.span.end <= right.span.start


@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_any_words_of_numbers_give_places_in_the_text(
    read_alone: Callable[[str], tuple[Document, Found]], text: str
) -> None:
    """Whatever the order of the grammar's own words, nothing fails and every span is sound."""
    check_places(*read_alone(text))


@given(st.text(max_size=60))
def test_any_text_gives_places_in_the_text(read_alone: Callable[[str], tuple[Document, Found]], text: str) -> None:
    """Any Unicode text whatever."""
    if text:
        check_places(*read_alone(text))


@pytest.mark.parametrize(
    "unit",
    [
        "وألف ",
        "ألف مليون ",
        "مئة وخمسة وعشرون ألفا و",
        "1,",
        "1 000 ",
        "بين 10 و",
        "من 3 إلى ",
        "خمسة أشخاص و",
        "شخص كبير ",
        "الأول ",
        "المؤتمر العالمي ",
        "دينار ",
        "5 دنانير وألف مليم و",
        "طائرتين ",
        "نحو أكثر من ",
        "1/2-3:",
        "أ" * 5,
    ],
)
def test_work_grows_with_the_text(read_alone: Callable[[str], tuple[Document, Found]], unit: str) -> None:
    """Twice the text takes about twice the calls."""

    def calls(text: str) -> int:
        count = 0

        def tally(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(tally)
        try:
            read_alone(text)
        finally:
            sys.setprofile(None)
        return count

    once, twice = calls(unit * 200), calls(unit * 400)
    assert twice < 2.3 * once
