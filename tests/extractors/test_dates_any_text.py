"""Time expressions: what holds for every text, and the work that it takes."""

import sys
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.extractors.annotations import Found
from service.extractors.dates import build_dates
from service.extractors.models import Models
from service.extractors.numbers import build_numerals
from service.text.document import Document, read

extract_dates = build_dates(Models())
read_numerals = build_numerals(Models())


def numbered(doc: Document) -> Found:
    """What time expressions are found with: a document's numerals."""
    found = Found()
    found.numerals = read_numerals(doc, found)
    return found


WORDS = st.sampled_from(
    "20 ماي 2025 من إلى بين و حتى قبل بعد منذ الأسبوع الماضي المقبل كل يوم الخميس الساعة الثامنة 14 : 30 / - . ، صباحا "
    "مساء اليوم غدا أمس شهر رمضان 1446 هـ عام سنة سنوات خمس نصف ربع إلا والنصف الأول الثالث "
    "نهاية بداية أكثر على الأقل مرة في القرن الصيف ق.م الثاني والعشرين هذا".split()
)


@given(st.lists(WORDS, max_size=25).map(" ".join), st.dates())
@settings(max_examples=300, deadline=None)
def test_any_words_give_valid_spans(text: str, reference: date) -> None:
    """Whatever the words and the day: no error, spans inside the text, in order, not overlapping, ends in order."""
    check(text, reference)


@given(st.text(max_size=60), st.dates())
@settings(max_examples=150, deadline=None)
def test_any_unicode_gives_valid_spans(text: str, reference: date) -> None:
    """The same for any Unicode text."""
    check(text, reference)


def check(text: str, reference: date) -> None:
    """The promises that hold for every text."""
    doc = read(text, reference)
    found = extract_dates(doc, numbered(doc))
    for item in found:
        assert 0 <= item.span.start < item.span.end <= len(text)
        assert item.type in {"DATE", "TIME", "DURATION", "SET"}
        assert 0 < item.confidence <= 1
        if item.earliest is not None and item.latest is not None and "/" not in item.value:
            assert str(item.earliest)[:19] <= str(item.latest)[:19]
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start


ADVERSARIAL = [
    "من 20 إلى ",
    "قبل بعد منذ ",
    "5 و",
    "سنتين وشهرين و",
    "20/5/",
    "كل كل كل يوم ",
    "الخميس من الساعة ",
    "نهاية بداية مطلع منتصف ",
    "ثالث ثلاثاء من ",
    "أيار/أيار/",
    "مرة في مرة في ",
    "1 2 3 4 5 ",
    "يوم يوم يوم ",
    "السبت والأحد والاثنين و",
    "بين وبين وبين ",
    "14:30:15:",
    "خمس وعشرين ",
    "2015 و2016 و2017 و2018 و",
    "ساعة ودقيقة وثانية و",
    "القرن الأول من القرن الثاني من ",
    "س" * 50 + " ",
]


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_work_grows_with_the_length_of_the_text(piece: str) -> None:
    """Four times the text takes at most some four times the function calls: counted, not timed."""
    short, long = (read(piece * count, date(2025, 5, 14)) for count in (40, 160))
    assert calls(long) <= 5 * calls(short) + 2000


def calls(doc: Document) -> int:
    """How many function calls it takes to find a document's time expressions, its numerals already read."""
    found, count = numbered(doc), 0

    def tick(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        extract_dates(doc, found)
    finally:
        sys.setprofile(before)
    return count
