"""Recurring times: TIMEX3 sets."""

from service.extractors.annotations import Numeral
from service.extractors.dates.durations import duration, tidy, unit_at
from service.extractors.dates.expressions import point
from service.extractors.dates.fields import Fields, Lapse, Parsed, Recurrence
from service.extractors.dates.scan import Scan

_PERIODS = {"second": "PT{}S", "minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M"}


def recurrence(scan: Scan, i: int) -> Parsed | None:
    """«كل خميس», «كل يوم», «كل ثلاثة أيام», «سنويا», «مرتين في الأسبوع», «أيام الاثنين»."""
    return _times(scan, i) or _every(scan, i) or _adverb(scan, i) or _weekdays(scan, i)


def _adverb(scan: Scan, i: int) -> Parsed | None:
    hit = scan.hit(i, "frequency", bare=False)
    if hit is None:
        return None
    return Parsed(first=i, last=hit.last, start=hit.start, meaning=Recurrence(value=hit.name), rule="every")


def _every(scan: Scan, i: int) -> Parsed | None:
    head = scan.hit(i, "word", "every", bare=False)
    if head is None:
        return None
    j = head.last
    if scan.folded[j : j + 1] == ["من"]:
        return None
    day = scan.hit(j, "unit", "day")
    k = day.last if day else j
    weekday = scan.hit(k, "weekday") or scan.hit(k, "bare_weekday")
    if weekday is not None:
        meaning = Recurrence(value=f"XXXX-WXX-{weekday.number}", fields=Fields(weekday=weekday.number))
        return Parsed(first=i, last=weekday.last, start=head.start, meaning=meaning, rule="every_weekday")
    word = scan.hit(j, "unit", "month")
    month = scan.hit(word.last if word else j, "month")
    if month is not None:
        meaning = Recurrence(value=f"XXXX-{month.number:02}")
        return Parsed(first=i, last=month.last, start=head.start, meaning=meaning, rule="every_month")
    date = point(scan, j)
    if (
        date is not None
        and isinstance(date.meaning, Fields)
        and date.meaning.month is not None
        and not scan.hit(j, "unit")
    ):
        named = date.meaning
        if named.year is None and (named.day is not None or named.nth is not None):
            value = "P1Y" if named.day is None or named.hijri else f"XXXX-{named.month:02}-{named.day:02}"
            return Parsed(first=i, last=date.last, start=head.start, meaning=Recurrence(value=value), rule="every_date")
    season = scan.hit(j, "season")
    if season is not None:
        return Parsed(
            first=i,
            last=season.last,
            start=head.start,
            meaning=Recurrence(value=f"XXXX-{season.name}"),
            rule="every_season",
        )
    part = scan.hit(j, "part")
    if part is not None and not scan.folded[j].startswith("ال"):
        return Parsed(
            first=i,
            last=part.last,
            start=head.start,
            meaning=Recurrence(value=f"XXXX-XX-XXT{part.name}"),
            rule="every_part",
        )
    unit = unit_at(scan, j) or scan.hit(j, "dual")
    if unit is not None and (not unit.definite or unit.kind == "plural"):
        period = period_of(unit.name, 2 if unit.kind == "dual" else 1)
        return Parsed(first=i, last=unit.last, start=head.start, meaning=Recurrence(value=period), rule="every")
    length = duration(scan, j)
    if length is not None and isinstance(length.meaning, Lapse) and len(length.meaning.amounts) == 1:
        ((name, amount),) = length.meaning.amounts.items()
        if amount is not None:
            return Parsed(
                first=i,
                last=length.last,
                start=head.start,
                meaning=Recurrence(value=period_of(name, amount)),
                rule="every",
            )
    return None


def _times(scan: Scan, i: int) -> Parsed | None:
    """«مرة على الأقل في السنة», «ثلاث مرات أسبوعيا», «مرتين كل يوم»."""
    times = scan.hit(i, "times", bare=False)
    numeral: Numeral | None = None
    if times is None:
        numeral = scan.number(i, bare=False)
        if numeral is None or not isinstance(numeral.value, int) or scan.word(numeral.last, "times") is None:
            return None
    count = times.number if times else int(numeral.value)  # type: ignore[union-attr,arg-type]
    start = times.start if times else numeral.start  # type: ignore[union-attr]
    j = times.last if times else scan.word(numeral.last, "times") or i  # type: ignore[union-attr]
    modifier = scan.hit(j, "amount")
    if modifier is not None:
        j = modifier.last
    adverb = _adverb(scan, j) or _every(scan, j)
    if adverb is not None and isinstance(adverb.meaning, Recurrence):
        period, last = adverb.meaning.value, adverb.last
    else:
        k = j + 1 if scan.folded[j : j + 1] == ["في"] else j
        unit = scan.hit(k, "unit", bare=False)
        if unit is None or not unit.definite or (k == j and unit.proclitics not in ("ب", "ل", "ف")):
            return None
        if scan.hit(unit.last, "direction") is not None or scan.word(unit.last, "studies") is not None:
            return None
        period, last = period_of(unit.name, 1), scan.word(unit.last, "each") or unit.last
    return Parsed(
        first=i,
        last=last,
        start=start,
        meaning=Recurrence(value=period, frequency=count if count > 1 else None),
        rule="times_a_period",
    )


def _weekdays(scan: Scan, i: int) -> Parsed | None:
    """«أيام الاثنين»: every Monday."""
    days = scan.hit(i, "plural", "day", bare=False)
    if days is None or days.definite:
        return None
    hit = scan.hit(days.last, "weekday")
    if hit is None or scan.folded[hit.last : hit.last + 1] == ["و"] or scan.folded[hit.last : hit.last + 1] == ["،"]:
        return None
    follower = scan.hit(hit.last, "weekday", bare=False)
    if follower is not None or scan.digits(hit.last) is not None:
        return None
    meaning = Recurrence(value=f"XXXX-WXX-{hit.number}", fields=Fields(weekday=hit.number))
    return Parsed(first=i, last=hit.last, start=days.start, meaning=meaning, rule="every_weekday")


def period_of(unit: str, amount: int | float) -> str:
    """ISO 8601 for one amount of one unit."""
    months = {"quarter": 3, "half": 6}
    years = {"year": 1, "decade": 10, "century": 100}
    if unit in months:
        return f"P{number(amount * months[unit])}M"
    if unit in years:
        return f"P{number(amount * years[unit])}Y"
    return _PERIODS[unit].format(number(amount))


def number(amount: int | float) -> str:
    """A number without a needless fraction."""
    return str(tidy(round(amount, 6)))
