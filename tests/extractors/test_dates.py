"""Time expressions: the corpus, and the rules that need a document around them."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from service.extractors.annotations import Found, TimeExpression
from service.extractors.dates import build_dates
from service.extractors.models import Models
from service.extractors.numbers import build_numerals
from service.text.document import Document, read

CORPUS = tomllib.loads((Path(__file__).parents[1] / "corpus" / "dates.toml").read_text(encoding="utf-8"))
EXPRESSIONS = [(group, text) for group in CORPUS["date"] for text in group["texts"]]
TRADITIONS = {"TN", "EG", "MA", "LB", "SA"}

extract_dates = build_dates(Models())
read_numerals = build_numerals(Models())


def dates_of(doc: Document) -> tuple[TimeExpression, ...]:
    """What is found in a document, its numerals read first."""
    found = Found()
    found.numerals = read_numerals(doc, found)
    return extract_dates(doc, found)


def find(text: str, reference: str = CORPUS["reference"], region: str | None = None) -> tuple[TimeExpression, ...]:
    """What is found in a text published at `reference`, a date or a date-time."""
    instant = datetime.fromisoformat(reference) if "T" in reference else None
    day = instant.date() if instant else date.fromisoformat(reference)
    return dates_of(read(text, day, instant, region))


def values(text: str, reference: str = CORPUS["reference"], region: str | None = None) -> list[str]:
    """The values found in a text."""
    return [item.value for item in find(text, reference, region)]


@pytest.mark.parametrize(("group", "text"), EXPRESSIONS, ids=[text for _, text in EXPRESSIONS])
def test_corpus(group: dict[str, Any], text: str) -> None:
    """Every phrasing gives exactly one expression, with the span and all the fields that its group states."""
    raw = text.replace("[", "").replace("]", "")
    span = (text.index("["), text.index("]") - 1) if "[" in text else (0, len(raw))

    (found,) = find(raw, region=group.get("region"))

    assert span == (found.span.start, found.span.end)
    assert (group["value"], group.get("modifier"), group.get("frequency")) == (
        found.value,
        found.modifier,
        found.frequency,
    )
    for field in ("type", "as_written", "calendar"):
        if field in group:
            assert group[field] == getattr(found, field)
    for field in ("earliest", "latest"):
        if field in group:
            assert group[field] == getattr(found, field).isoformat()


def test_the_corpus_is_large() -> None:
    """At least 600 expressions and 150 texts without any; none stands twice in a group."""
    assert len(EXPRESSIONS) >= 600
    assert len(set(CORPUS["negative"]["texts"])) >= 150
    for group in CORPUS["date"]:
        assert len(set(group["texts"])) == len(group["texts"])


@pytest.mark.parametrize("text", CORPUS["negative"]["texts"])
def test_what_only_looks_like_time(text: str) -> None:
    """Names, verbs, counts, scores and numbers of other things are no dates."""
    assert () == find(text)


@pytest.mark.parametrize(
    ("text", "reference", "value"),
    [
        ("20 ماي", "2025-05-27", "2025-05-20"),
        ("23 ماي", "2025-05-27", "2025-05-23"),
        ("الأسبوع الماضي", "2025-05-27", "2025-W21"),
        ("الصيف المقبل", "2025-05-27", "2025-SU"),
        ("الخميس", "2025-04-13", "2025-04-10"),
        ("13 نوفمبر", "2015-11-14", "2015-11-13"),
        ("15 سبتمبر", "2017-06-01", "2017-09-15"),
        ("1 جويلية", "2017-01-01", "2017-07-01"),
        ("جويلية", "2017-01-01", "2016-07"),  # six months either way: ties to the past
        ("29 فيفري", "2025-03-01", "2024-02-29"),
    ],
)
def test_completion_from_the_reference_date(text: str, reference: str, value: str) -> None:
    """The nearest year, ties to the past; the last such weekday on or before the reference date."""
    assert [value] == values(text, reference)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("سيعقد المجلس جلسة عامة يوم الجمعة", "2025-05-16"),
        ("عقد المجلس جلسة عامة يوم الجمعة", "2025-05-09"),
        ("ستنطلق الحملة في سبتمبر", "2025-09"),
        ("انطلقت الحملة في سبتمبر الماضي", "2024-09"),
        ("من المقرر أن تجرى الانتخابات في 2 فيفري", "2026-02-02"),
        ("سوف يزور الوزير باريس الأربعاء", "2025-05-21"),
        ("قال المدرب يوم الجمعة إن الفريق سيلعب بتشكيلة جديدة", "2025-05-09"),
        ("علق قاض في سياتل العمل بالمرسوم مساء الجمعة", "2025-05-09TEV"),
        ("زار وفد سياحي جزيرة جربة يوم الجمعة", "2025-05-09"),
        ("ستبقى المدارس مغلقة وفق بلاغ صدر الخميس", "2025-05-08"),
        ("كان من المقرر أن تصل السفينة يوم 31 جانفي", "2025-01-31"),
        ("وقعت الشركة الثلاثاء اتفاقية مشروع سيوفر مئات المواطن", "2025-05-13"),
        ("سيأتي الوفد يوم الجمعة", "2025-05-16"),
        ("سيعلن المدرب يوم الجمعة أن اللاعب جاهز", "2025-05-16"),
    ],
)
def test_future_cues(text: str, value: str) -> None:
    """A future verb or cue in the clause takes the first such point from the reference date on."""
    assert [value] == values(text)


def test_a_stated_weekday_wins_over_the_reference_date() -> None:
    """«اليوم الثلاثاء» in a text dated Wednesday: the text is a day old, and its other days follow."""
    text = "أعلن الوزير اليوم الثلاثاء عن الخطة. وكان قد التقى أمس بالنقابات."
    assert ["2025-05-13", "2025-05-12"] == values(text)


def test_a_weekday_dated_once_keeps_its_date() -> None:
    """After «غدا الخميس», a bare «الخميس» is tomorrow."""
    text = "تنعقد غدا الخميس جلسة مساءلة. وقال النائب إن جلسة الخميس حاسمة."
    assert ["2025-05-15", "2025-05-15"] == values(text)


def test_a_weekday_that_lies_ahead_is_not_the_one_told_of() -> None:
    """«الأحد الماضي» and then «سيبلغ ذروته يوم الأحد»."""
    text = "انطلق المهرجان يوم الأحد الماضي. وسيبلغ ذروته يوم الأحد."
    assert ["2025-05-11", "2025-05-18"] == values(text)


def test_a_year_given_once_governs_its_sentence() -> None:
    """A year-less date takes the year that its sentence gave before."""
    assert ["2011", "2011-01-14"] == values("في سنة 2011 تسارعت الأحداث إلى أن كان يوم 14 جانفي الحاسم")


def test_the_same_year_is_the_one_named_last() -> None:
    """«العام نفسه» and «نفس الشهر» point back to what the text named, not to the day of publication."""
    text = "تأسس النادي سنة 1932 وفاز بأول لقب في جوان من نفس العام. وفي 12 من الشهر نفسه احتفل. وحل نهاية العام ذاته."
    assert ["1932", "1932-06", "1932-06-12", "1932"] == values(text)
    assert ["2024-Q3", "2024-Q4"] == values("الربع الثالث من سنة 2024 والربع الرابع من السنة نفسها")
    assert ["2025-05-24", "2025-05-26"] == values("تقفل المصارف السبت 24 الجاري، وتعود الاثنين 26 منه")
    assert [] == values("وفي العام نفسه استقال")


def test_an_hour_of_another_zone_is_on_the_same_side_of_noon() -> None:
    """«السابعة مساء بتوقيت غرينتش (العاشرة بتوقيت مكة)»: the second is in the evening too."""
    text = "تنطلق المباراة الثلاثاء المقبل في السابعة مساء بتوقيت غرينتش (العاشرة بتوقيت مكة المكرمة)"
    assert ["2025-05-20T19:00Z", "2025-05-20T22:00+03:00"] == values(text, region="EG")


def test_the_current_year_takes_over_from_another() -> None:
    """«هذا العام» after another year: the dates that follow are of the year of publication again."""
    text = "منذ 2012 رحلت السلطات ثمانين شخصا، عشرون منهم في العام الحالي، سبعة منهم منذ بداية أفريل"
    assert ["2012", "2025", "2025-04"] == values(text)


def test_what_lasts_since_an_hour_began_on_the_day_of_publication() -> None:
    """«منذ الساعة السادسة» after a day to come is of the day of publication."""
    text = "تنطلق غدا الرحلة الأولى. ويعمل الأعوان منذ الساعة السادسة صباحا."
    assert ["2025-05-15", "2025-05-14T06:00"] == values(text)


def test_an_hour_takes_the_part_of_day_that_its_sentence_named() -> None:
    """«الليلة» and «مساء غد» before «الساعة الثامنة»: after noon."""
    assert ["2025-05-14TNI", "2025-05-14T19:45"] == values("يتواجه الليلة انطلاقا من الساعة الثامنة إلا ربع فريقان")
    assert ["2025-05-15TEV", "2025-05-15T19:00"] == values("تقام مساء غد الخميس بداية من الساعة السابعة مباراة ودية")


def test_a_hijri_day_of_today_is_today() -> None:
    """Where the moon was sighted a day from the table, the day that the text names holds."""
    assert ["2025-05-14"] == values("اليوم الأربعاء 15 ذو القعدة")


def test_weekdays_listed_with_their_numbers() -> None:
    """«السبت 17 والثلاثاء 20 ماي»: each weekday keeps its own number."""
    assert ["2025-05-17", "2025-05-20"] == values("مقابلتان يومي السبت 17 والثلاثاء 20 ماي 2025")


def test_an_adjective_of_season_takes_no_day() -> None:
    """«التخفيضات الصيفية اليوم»: the season and the day are two expressions."""
    assert ["2025-SU", "2025-05-14"] == values("ينطلق موسم التخفيضات الصيفية لهذه السنة اليوم الأربعاء")


def test_clock_times_take_the_day_of_their_sentence() -> None:
    """An hour without a day belongs to the day named before it; one that follows another day's story to none."""
    assert ["2025-05-13", "2025-05-13T21:00"] == values("انطلق الحفل أمس على مسرح قرطاج في تمام الساعة التاسعة ليلا")[
        :2
    ]
    assert "XXXX-XX-XXT03:00" in values("وقع الحادث يوم السبت. واستيقظ الجيران حوالي الساعة الثالثة فجرا على صراخ.")


def test_hours_of_days_that_recur_belong_to_none() -> None:
    """Opening hours after «أيام السبت», «كل يوم» or «من الاثنين إلى الجمعة»."""
    assert ["XXXX-WXX-6", "XXXX-XX-XXT09:00/XXXX-XX-XXT13:00"] == values(
        "تفتح المكاتب أيام السبت من الساعة التاسعة صباحا إلى الساعة الواحدة بعد الزوال"
    )
    assert ["XXXX-XX-XXT08:00/XXXX-XX-XXT14:00"] == values(
        "يعمل المكتب كامل أيام الأسبوع من الساعة 08:00 إلى الساعة 14:00"
    )
    assert ["P1D", "XXXX-XX-XXT20:00"] == values("تقام الحصص كل يوم بداية من الساعة الثامنة مساء")


def test_a_feast_is_the_near_one_whatever_year_the_sentence_names() -> None:
    """«مقارنة بسنة 2015» does not move the feast of next week."""
    found = values("ارتفع عدد الحرفاء مقارنة بسنة 2015 استعدادا لرأس السنة الميلادية", "2016-12-29")
    assert ["2015", "2017-01-01"] == found


def test_weeks_of_regions_that_begin_on_saturday_or_sunday() -> None:
    """Those days belong to the ISO week that follows."""
    saturday = "2025-05-17"
    assert ["2025-W20"] == values("هذا الأسبوع", saturday, "TN")
    assert ["2025-W21"] == values("هذا الأسبوع", saturday, "EG")
    assert ["2025-W20"] == values("الأسبوع الماضي", saturday, "EG")
    assert ["2025-W20"] == values("هذا الأسبوع", saturday, "SA")
    assert ["2025-W21"] == values("هذا الأسبوع", "2025-05-18", "SA")


def test_hours_counted_from_a_bare_date_are_vague() -> None:
    """Without an instant, «بعد ساعتين» is FUTURE_REF and «قبل ساعتين» PAST_REF."""
    assert ["FUTURE_REF"] == values("بعد ساعتين", "2025-05-14")
    assert ["PAST_REF"] == values("قبل ساعتين", "2025-05-14")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("تتراوح أعمارهم بين 18 و35 سنة", [("18", "P18Y"), ("35 سنة", "P35Y")]),
        ("يستغرق من 3 إلى 5 أيام", [("3", "P3D"), ("5 أيام", "P5D")]),
        ("عقوبة 2 - 4 سنوات", [("2", "P2Y"), ("4 سنوات", "P4Y")]),
        ("بين ثلاث وخمس سنوات", [("ثلاث", "P3Y"), ("خمس سنوات", "P5Y")]),
        ("بين الـ20 والـ30 عاما", [("الـ20", "P20Y"), ("الـ30 عاما", "P30Y")]),
        ("بين 18 لاعبا و3 أيام", [("3 أيام", "P3D")]),
    ],
)
def test_the_first_of_two_lengths_takes_the_unit_of_the_second(text: str, expected: list[tuple[str, str]]) -> None:
    """Two lengths, each a duration of its own."""
    assert expected == [(text[item.span.start : item.span.end], item.value) for item in find(text)]


def test_an_hour_after_an_interval_of_weekdays_is_every_days() -> None:
    """«من السبت إلى الأربعاء في السابعة مساء»: the interval of days, and an hour of none of them."""
    text = "يعرض المسلسل من السبت إلى الأربعاء في السابعة مساء"
    assert ["2025-05-10/2025-05-14", "XXXX-XX-XXT19:00"] == values(text)


def test_degrees_are_no_hours() -> None:
    """«الحرارة 12 ليلا»: the night alone."""
    assert ["T20:00"] == [item.as_written for item in find("تهب الرياح عند الساعة 8 ليلا")]
    assert ["TNI"] == [item.as_written for item in find("تكون الحرارة 12 ليلا")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("يحل عيد الفطر في 20 مارس", ["2025-03-30", "2025-03-20"]),
        ("افتتح يوم 4 جوان في 14 ولاية", ["2025-06-04"]),
        ("يفتح المعرض يوم 4 جوان ويستمر حتى 14 منه", ["2025-06-04", "2025-06-14"]),
        ("تبدأ في شهر ماي صباح الأحد", ["2025-05", "2025-05-11TMO"]),
        ("المغرب 18:47، العشاء 7:17", ["2025-05-14T18:47", "2025-05-14T19:17"]),
        ("صابة موسم 2025-2026 تجنى منذ 1 نوفمبر", ["2025/2026", "2024-11-01"]),
    ],
)
def test_where_one_expression_ends_and_the_next_begins(text: str, expected: list[str]) -> None:
    """A feast beside its day, a day beside a count, a month beside a part of day, hours of a timetable."""
    assert expected == values(text)


def test_distances_from_something_else_are_durations() -> None:
    """«قبل عام من» counts from what follows, not from the reference date."""
    assert ["P1Y"] == values("فاز باللقب قبل عام من اعتزاله")
    assert ["PT5M"] == values("وصل القطار قبل خمس دقائق من موعده")


def test_the_interval_that_a_value_covers() -> None:
    """`earliest` and `latest` are inclusive; durations, sets and references have none."""
    (week,) = find("الأسبوع الماضي")
    assert (date(2025, 5, 5), date(2025, 5, 11)) == (week.earliest, week.latest)
    (winter,) = find("شتاء 2024")
    assert (date(2024, 12, 1), date(2025, 2, 28)) == (winter.earliest, winter.latest)
    (decade,) = find("السبعينيات")
    assert (date(1970, 1, 1), date(1979, 12, 31)) == (decade.earliest, decade.latest)
    (day,) = find("بحلول 20 ماي 2025")
    assert (date(2025, 5, 20), date(2025, 5, 20), "ON_OR_BEFORE") == (day.earliest, day.latest, day.modifier)
    for text in ("خمس ساعات", "كل خميس", "مؤخرا", "146 قبل الميلاد"):
        (none,) = find(text)
        assert (None, None) == (none.earliest, none.latest)


def test_hijri_outside_the_tables_is_less_sure() -> None:
    """Umm al-Qura covers 1343 to 1500; outside, the tabular calendar with a confidence of at most 0.8."""
    (inside,) = find("10 محرم 1446 هـ")
    (outside,) = find("10 محرم 61 هـ")
    assert ("hijri", "2024-07-16", 1.0) == (inside.calendar, inside.value, inside.confidence)
    assert ("hijri", "0680-10-13", 0.8) == (outside.calendar, outside.value, outside.confidence)


def test_proclitics_stay_outside() -> None:
    """و ف ب ل are outside the span; with لل it begins at the second lam."""
    for text, word in (("وأمس", "أمس"), ("للخميس", "لخميس"), ("بماي 2025", "ماي 2025"), ("فاليوم", "اليوم")):
        (found,) = find(text)
        assert word == text[found.span.start : found.span.end]


def test_raw_text_of_every_kind_gives_the_same_value() -> None:
    """Diacritics, tatweel, bidi marks, hard spaces and three digit scripts change spans, never values."""
    for text in ("٢٠ مَاي ٢٠٢٥", "20 مـــاي 2025", "\u200f20 ماي 2025", "20\u00a0ماي\u00a02025", "۲۰ ماي ۲۰۲۵"):
        assert ["2025-05-20"] == values(text)


@pytest.mark.parametrize(
    "text",
    [
        "31 فيفري 2025",
        "32 ماي",
        "0/0/0000",
        "99/99/9999",
        "سنة 0",
        "سنة 9999",
        "العام المقبل",
        "بعد 99999999999 سنة",
        "قبل 9999 سنة",
        "بعد 9999 سنة",
        "بعد 99999999999999999999 يوما",
        "30 محرم 9999999 هـ",
        "سنة 99999 هـ",
        "القرن 99",
        "القرن الأول قبل الميلاد",
        "5 محرم 1 هـ",
        "الساعة 25:99",
        "الساعة 24:00",
        "24:30",
        "0000-00-00",
        "كل 99999999999999 يوم",
        "من 20 ماي إلى 31 فيفري",
        "الأسبوع 60 من سنة 2025",
        "29 فيفري",
        "9" * 5000 + " سنة",
    ],
)
@pytest.mark.parametrize("reference", ["0001-01-01", "9999-12-31", "2025-05-14", "2025-05-14T00:00:00+14:00"])
def test_extreme_years_never_raise(text: str, reference: str) -> None:
    """What names no day there is is refused or annotated, never an error."""
    for found in find(text, reference):
        assert found.value
