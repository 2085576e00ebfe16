"""One text to one answer, whatever the text."""

import itertools
from datetime import UTC, date, datetime
from functools import cache

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.extractors.models import Models
from service.pipeline import build_pipeline
from service.query import Pipeline, Query
from service.schema import Excerpt, Extraction
from service.terms import OffsetUnit, Section

ALL: frozenset[Section] = frozenset({"entities", "dates", "numeric_facts", "stance", "statements"})
ARTICLE = (
    "أعلن الرئيس التونسي قيس سعيّد، الخميس، أنّ بلاده ترفض «أي تدخل» في شؤونها.\n"
    "وأضاف أن 766 من أصل 788 طائرة أُسقطت منذ 20 ماي، بحسب وزارة الدفاع، مقابل 1.5 مليون دينار."
)
# Pieces that the extractors know, and everything that may stand between them.
NEWS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "قال الرئيس",
                "أنّ",
                "«",
                "»",
                '"',
                ":",
                "،",
                ".",
                "؟",
                "\n",
                "20",
                "ماي",
                "٢٠٢٥",
                "/",
                "-",
                "من",
                "إلى",
                "بين",
                "و",
                "مئات",
                "عشرين",
                "دينار",
                "٪",
                "%",
                "في المائة",
                "كلم",
                "الخميس",
                "المقبل",
                "منذ",
                "تونس",
                "لفرنسا",
                "للأمم المتحدة",
                "وزير الخارجية",
                "ساعة",
                "أكثر",
                "رمضان",
                "1446هـ",
                "ق.م",
                "القرن",
                "الساعة",
                "14:30",
                "ـ",
                "ً",
                "\u200f",
                "\u202b",
                "🇹🇳",
                "ﷲ",
                "ﻻ",
                "\xa0",
                "99999999999999999999",
                "0",
                "٫",
                "٬",
                ",",
                "+",
                "طالب",
                "بـ",
                "رحّب",
                "ندد",
            ]
        ),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=3),
    ),
    min_size=1,
    max_size=14,
)


@cache
def _pipeline() -> Pipeline:
    return build_pipeline(Models())


def _ask(
    text: str, include: frozenset[Section] = ALL, unit: OffsetUnit = "code_point", targets: tuple[str, ...] = ()
) -> Extraction:
    moment = datetime(2025, 5, 27, 9, 0, tzinfo=UTC)  # a Tuesday
    return _pipeline()(
        Query(
            text=text,
            reference=moment.date(),
            instant=moment,
            reference_date=moment.isoformat(),
            region="TN",
            targets=targets,
            include=include,
            offset_unit=unit,
        )
    )


def _excerpts(answer: Extraction) -> list[Excerpt]:
    """Every stretch of text that an answer holds."""
    held: list[Excerpt | None] = [*(answer.dates or []), *(answer.statements or [])]
    held += [mention for entity in answer.entities or [] for mention in entity.mentions]
    for fact in answer.numeric_facts or []:
        held += [fact, fact.number, fact.counted, fact.per]
    for statement in answer.statements or []:
        held += [statement.speaker, statement.cue]
    if answer.stance:
        held += [item for one in (answer.stance, *answer.stance.others) for item in one.evidence]
    return [item for item in held if item is not None]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(NEWS.map(" ".join), NEWS.map("".join)).filter(bool))
def test_every_annotation_gives_its_text_back_in_every_unit(text: str) -> None:
    """`raw[start:end] == text`, counted in code points, UTF-16 units and UTF-8 bytes; the units agree on the rest."""
    points, units, octets = (_ask(text, unit=unit, targets=("تونس",)) for unit in ("code_point", "utf16", "utf8"))
    assert all(text[item.start : item.end] == item.text and item.text for item in _excerpts(points))
    wide, narrow = text.encode("utf-16-le"), text.encode()
    assert all(wide[2 * i.start : 2 * i.end].decode("utf-16-le") == i.text for i in _excerpts(units))
    assert all(narrow[i.start : i.end].decode() == i.text for i in _excerpts(octets))
    assert (
        [i.text for i in _excerpts(points)] == [i.text for i in _excerpts(units)] == [i.text for i in _excerpts(octets)]
    )


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(NEWS.map(" ".join))
def test_lists_are_ordered_and_nothing_is_both_a_date_and_a_number(text: str) -> None:
    """Spans of one list do not overlap, and dates claim their numerals first."""
    answer = _ask(text)
    mentions = [mention for entity in answer.entities or [] for mention in entity.mentions]
    for spans in (answer.dates or [], answer.numeric_facts or [], sorted(mentions, key=lambda m: m.start)):
        assert all(one.end <= two.start for one, two in itertools.pairwise(spans))
    both = sorted([*(answer.dates or []), *(answer.numeric_facts or [])], key=lambda item: item.start)
    assert all(one.end <= two.start for one, two in itertools.pairwise(both))


@pytest.mark.parametrize("section", sorted(ALL))
def test_a_section_does_not_depend_on_what_else_is_asked(section: Section) -> None:
    """The same request for one section gives what the full answer holds for it."""
    whole, part = _ask(ARTICLE), _ask(ARTICLE, frozenset({section}))
    assert getattr(whole, section) == getattr(part, section)
    assert all(getattr(part, other) is None for other in ALL - {section})


def test_the_same_request_gives_the_same_bytes() -> None:
    """Nothing in an answer depends on what was asked before."""
    first = msgspec.json.encode(_ask(ARTICLE))
    _ask("نص آخر عن 5 دول في 3 مارس")
    assert first == msgspec.json.encode(_ask(ARTICLE))


def test_an_article_is_read() -> None:
    """Every section has found something in an ordinary piece of news."""
    answer = _ask(ARTICLE, targets=("التدخل",))
    assert answer.dates is not None
    assert answer.numeric_facts is not None
    assert [("الخميس", "2025-05-22"), ("20 ماي", "2025-05-20")] == [(item.text, item.value) for item in answer.dates]
    assert (766, 788) in [(item.value, item.total) for item in answer.numeric_facts]
    assert answer.entities
    assert answer.statements
    assert answer.stance is not None
    assert date.fromisoformat("2025-05-20").isoformat() == answer.dates[1].earliest
