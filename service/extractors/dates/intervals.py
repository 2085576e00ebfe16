"""Intervals in every phrasing, with what their two ends share."""

from msgspec import structs

from service.extractors.dates.clock import clock_time, in_half
from service.extractors.dates.context import counts
from service.extractors.dates.expressions import best_atom, point
from service.extractors.dates.fallback import unusual_date
from service.extractors.dates.fields import Fields, Interval, Lapse, Parsed
from service.extractors.dates.listed import listed_days, listed_weekdays
from service.extractors.dates.loose import bare_year
from service.extractors.dates.numeric_dates import day_over_month
from service.extractors.dates.scan import Scan


def night_between(scan: Scan, i: int) -> Parsed | None:
    """«الليلة الفاصلة بين الخميس والجمعة»: the night of the first day."""
    head = scan.hit(i, "word", "night_between", bare=False)
    if head is None:
        return None
    between = scan.word(head.last, "from")
    listed = head.last if between is None else between
    days = from_to(scan, head.last) or listed_weekdays(scan, listed) or listed_days(scan, listed)
    if days is None or not isinstance(days.meaning, Interval) or days.meaning.first.hour is not None:
        return None
    meaning = structs.replace(days.meaning.first, part="NI")
    return Parsed(first=i, last=days.last, start=head.start, meaning=meaning, rule="night_between")


def from_to(scan: Scan, i: int) -> Parsed | None:
    """«من 20 إلى 23 ماي», «بين 2019 و2021», «من الساعة 3 إلى الساعة 4 بعد العصر»."""
    head = scan.hit(i, "word", "from", bare=False)
    if head is None or head.proclitics not in ("", "و", "ف"):
        return None
    between = scan.folded[head.last - 1].endswith("بين")
    first = _end_point(scan, head.last)
    if first is None:
        return None
    second = _second(scan, first.last, between=between)
    if second is None:
        return None
    second = _without_hour(scan, first, second)
    ranks = [scan.numerals.get(end.first) for end in (first, second) if end.rule == "loose_hour"]
    if len(ranks) == 2 and any(rank is not None and rank.ordinal for rank in ranks):
        return None  # «من الأولى إلى الخامسة»
    meaning = _shared(first.meaning, second.meaning, scan)
    if meaning is None:
        return None
    return Parsed(first=i, last=second.last, start=head.start, meaning=meaning, rule="from_to")


def _without_hour(scan: Scan, first: Parsed, second: Parsed) -> Parsed:
    """«من السبت إلى الأربعاء في السابعة مساء»: the hour is every day's."""
    a, b = first.meaning, second.meaning
    if not isinstance(a, Fields) or not isinstance(b, Fields) or b.hour is None or b.day is not None:
        return second
    day = best_atom(scan, second.first)
    if day is None or day.rule != "weekday" or first.rule != "weekday" or a.day is not None:
        return second
    return structs.replace(second, last=day.last, meaning=Fields(**day.changes), rule=day.rule)


def _spaced(scan: Scan, i: int) -> Parsed | None:
    """«6 / 5 / 1447 هـ»: a Hijri date with spaces."""
    found = unusual_date(scan, i)
    return found if found is not None and isinstance(found.meaning, Fields) else None


def _second(scan: Scan, j: int, *, between: bool) -> Parsed | None:
    """The end of an interval: after «إلى», «حتى» or a glued ل, or after و where it began with «بين»."""
    if between:
        if scan.folded[j : j + 1] == ["و"]:
            return _end_point(scan, j + 1)
        return _end_point(scan, j) if scan.folded[j : j + 1] and scan.folded[j].startswith("و") else None
    if scan.is_mark(j, "،,"):
        j += 1
    to = scan.hit(j, "word", "to", bare=False)
    if to is not None:
        return _end_point(scan, to.last)
    if scan.is_mark(j, "-–"):
        return _end_point(scan, j + 1)
    if scan.folded[j : j + 1] in (["ل"], ["لل"]):
        return _end_point(scan, j + 1)
    if scan.folded[j : j + 1] and scan.folded[j].startswith("ل"):
        return _end_point(scan, j)
    return None


def _end_point(scan: Scan, i: int) -> Parsed | None:
    """One end: a point, a year, or a bare number that the other end explains."""
    if i >= scan.size:
        return None
    word = scan.hit(i, "unit", "day")
    pair = scan.hit(i, "dual_construct")
    if pair is not None and scan.digits(pair.last) is not None:
        i = pair.last
    k = word.last if word is not None and not word.definite and scan.digits(word.last) is not None else i
    found = point(scan, k) or _spaced(scan, k)
    year = bare_year(scan, k) if found is None else None
    if found is not None and isinstance(found.meaning, Fields):
        return found
    if year is not None:
        return year
    over = day_over_month(scan, k)
    if over is not None:
        return Parsed(first=i, last=over.last, start=over.start, meaning=Fields(**over.changes), rule="day_over_month")
    value = scan.digits(k)
    if value is not None and value <= 2999:
        if scan.is_mark(k + 1, ".,%:/") and scan.glued(k + 1) and scan.glued(k + 2) and scan.digits(k + 2) is not None:
            return None
        return Parsed(
            first=i, last=k + 1, start=scan.tokens[k].start, meaning=Lapse(amounts={"number": value}), rule="number"
        )
    loose = _loose_hour(scan, k)
    if loose is not None:
        return loose
    numeral = scan.number(k, bare=False)
    if numeral is not None and numeral.words and isinstance(numeral.value, int) and numeral.value <= 2999:
        whole = not counts(scan, numeral.last)  # nothing that the number would count
        meaning = Lapse(amounts={"number": numeral.value}, away=1 if whole else None)
        return Parsed(first=i, last=numeral.last, start=numeral.start, meaning=meaning, rule="number")
    return None


def _loose_hour(scan: Scan, k: int) -> Parsed | None:
    """«من الأربعة ونص للخمسة»: a definite number that is an hour, where the other end is one too."""
    hit = scan.hit(k, "hour", bare=False)
    if hit is None or ("ال" not in scan.folded[k][:3] and not scan.folded[k].startswith("لل")):
        return None
    found = clock_time(scan, k, announced=True)
    if found is None or (found.last < scan.size and counts(scan, found.last)):
        return None
    return Parsed(first=k, last=found.last, start=found.start, meaning=Fields(**found.changes), rule="loose_hour")


def _shared(first: object, second: object, scan: Scan) -> Interval | None:
    """Both ends, each with what the other says for it; None where they do not fit together."""
    a = first if isinstance(first, Fields) else None
    b = second if isinstance(second, Fields) else None
    if a is None and b is None:
        if not (isinstance(first, Lapse) and isinstance(second, Lapse)):
            return None
        years = _amount(first), _amount(second)
        if first.away == second.away == 1 and 1900 <= years[0] < years[1] <= 2100:
            return Interval(first=Fields(year=years[0]), last=Fields(year=years[1]))
        return None
    if a is None:
        assert b is not None and isinstance(first, Lapse)  # noqa: S101, PT018  # one end is a date
        a = _explained(_amount(first), b)
    if b is None:
        assert a is not None and isinstance(second, Lapse)  # noqa: S101, PT018  # one end is a date
        b = _explained(_amount(second), a) if a is not None else None
    if a is None or b is None:
        return None
    if _depth(a) != _depth(b) and not _same_kind(a, b):
        return None
    if b.same and b.day is not None and a.month is not None:
        shared = {name: getattr(a, name) for name in ("year", "month", "hijri", "direction", "year_shift")}
        b = structs.replace(b, unit=None, shift=None, same=None, **shared)  # «من 4 ديسمبر إلى 14 منه»
    a, b = structs.replace(a), structs.replace(b)
    _share_clock(a, b)
    if a.hour is not None and b.hour is not None:
        if _has_day(b) and not _has_day(a):
            _copy_day(b, a)
            if a.hour > b.hour and a.unit == "day" and a.shift is not None:
                a.shift -= 1  # «من السابعة مساء إلى الخامسة صباح الغد»
        elif _has_day(a) and not _has_day(b):
            _copy_day(a, b)
        return Interval(first=a, last=b)
    if a.day is not None and a.month is None and b.month is not None and a.unit is None:
        a.month, a.hijri = b.month, b.hijri
    if a.month is not None and b.month is not None:
        if a.year is None and a.year_shift is None and a.direction is None:
            if b.year is not None:
                a.year = b.year - (1 if a.month > b.month else 0)
                a.hijri = b.hijri or a.hijri
            else:
                a.year_shift, a.direction = b.year_shift, b.direction
        elif b.year is None and b.year_shift is None and b.direction is None and a.year is not None:
            b.year = a.year + (1 if b.month < a.month else 0)
    return Interval(first=a, last=b)


def _amount(lapse: Lapse) -> int:
    return int(lapse.amounts.get("number") or -1) if "number" in lapse.amounts else -1


def _explained(value: int, other: Fields) -> Fields | None:
    """What a bare number means beside the other end: a day of its month, an hour, or a year."""
    if other.hour is not None and 0 <= value <= 24:
        return Fields(hour=value, ambiguous=True if 1 <= value <= 12 else None)
    if other.day is not None and 1 <= value <= 31:
        if other.unit == "month":
            return Fields(day=value, unit=other.unit, shift=other.shift)
        return Fields(
            day=value,
            month=other.month,
            hijri=other.hijri,
            year=other.year,
            direction=other.direction,
            year_shift=other.year_shift,
        )
    if other.year is not None and other.month is None:
        if value >= 1000:
            return Fields(year=value, hijri=other.hijri, bc=other.bc)
        if other.bc and value > 0:
            return Fields(year=value, bc=True)
    return None


def _depth(f: Fields) -> str:
    if f.hour is not None or f.part is not None:
        return "time"
    if f.day is not None or f.weekday is not None or f.unit == "day" or f.nth is not None:
        return "day"
    if f.month is not None or f.unit == "month":
        return "month"
    if f.year is not None or f.unit == "year":
        return "year"
    return "other"


def _same_kind(a: Fields, b: Fields) -> bool:
    return (
        {_depth(a), _depth(b)} <= {"day", "month"}
        or {_depth(a), _depth(b)} <= {"month", "year", "other"}
        or {_depth(a), _depth(b)} == {"day", "time"}
    )


def _has_day(f: Fields) -> bool:
    return f.day is not None or f.weekday is not None or f.unit is not None or f.month is not None


def _copy_day(source: Fields, target: Fields) -> None:
    for name in (
        "year",
        "month",
        "day",
        "weekday",
        "unit",
        "shift",
        "direction",
        "hijri",
        "year_shift",
        "nth",
        "nth_of",
    ):
        setattr(target, name, getattr(source, name))


def _share_clock(a: Fields, b: Fields) -> None:
    """An hour without its half of the day takes the other's, where the order allows it."""
    if a.hour is None or b.hour is None:
        return
    if a.ambiguous and not b.ambiguous and a.hour < b.hour < 12:
        a.ambiguous = None  # «من الثانية إلى الرابعة فجرا»
    if a.ambiguous and not b.ambiguous and b.hour > 12:
        moved = in_half(a.hour, "PM")
        if moved < b.hour or (moved == b.hour and (a.minute or 0) < (b.minute or 0)):
            a.hour, a.ambiguous = moved, None
    elif b.ambiguous and not a.ambiguous and a.hour >= 12:
        moved = in_half(b.hour, "PM")
        if moved >= a.hour:
            b.hour, b.ambiguous = moved, None


def open_range(scan: Scan, i: int) -> Parsed | None:
    """«20 ماي - 23 ماي», «الساعة 4 حتى 5 مساء», «الخميس من الساعة التاسعة وحتى الحادية عشرة»: no «من» in front."""
    first = point(scan, i) or _spaced(scan, i)
    if first is None or not isinstance(first.meaning, Fields):
        return None
    if first.meaning.hour is None and first.meaning.part != "NI" and _has_day(first.meaning):
        inner = from_to(scan, first.last)
        if (
            inner is not None
            and isinstance(inner.meaning, Interval)
            and inner.meaning.first.hour is not None
            and not _has_day(inner.meaning.first)
        ):
            a, b = structs.replace(inner.meaning.first), structs.replace(inner.meaning.last)
            for target in (a, b):
                if not _has_day(target):
                    _copy_day(first.meaning, target)
            return Parsed(
                first=i, last=inner.last, start=first.start, meaning=Interval(first=a, last=b), rule="day_and_hours"
            )
    mark = scan.is_mark(first.last, "-–")
    to = scan.hit(first.last, "word", "to")
    if not mark and to is None:
        return None
    second = _end_point(scan, first.last + 1 if mark else to.last)  # type: ignore[union-attr]  # a mark or `to`
    if second is None or (mark and not isinstance(second.meaning, Fields)):
        return None
    if isinstance(second.meaning, Lapse) and first.meaning.hour is None:
        return None
    meaning = _shared(first.meaning, second.meaning, scan)
    if meaning is None:
        return None
    return Parsed(first=i, last=second.last, start=first.start, meaning=meaning, rule="to")
