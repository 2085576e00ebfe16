"""Points of the Hijri calendar, completed and turned into Gregorian days."""

from datetime import date

from msgspec import structs

from service.extractors.dates import hijri, timex
from service.extractors.dates.choices import choose, day_of
from service.extractors.dates.fields import Fields
from service.extractors.dates.resolved import Cues, Resolved
from service.extractors.dates.timex import Value

_LAST_YEAR = 1600  # later than that, the year beside a Hijri month is a Gregorian one


def hijri_point(f: Fields, cues: Cues, today: date) -> Resolved | None:
    """A Hijri day, month, year or century as the Gregorian days that it covers; None where there is none."""
    if f.year is not None and f.year > _LAST_YEAR:
        f = structs.replace(f, year=None, gregorian_year=f.year)  # «رمضان 2017»
    if f.century is not None:
        first, last = hijri.to_gregorian(f.century * 100 - 99, 1, 1), hijri.to_gregorian(f.century * 100, 12, 29)
        if first is None or last is None:
            return None
        return Resolved(
            type="DATE",
            value=Value(f"{first.year:04}/{last.year:04}", date(first.year, 1, 1), date(last.year, 12, 31)),
            calendar="hijri",
            sure=0.8,
        )
    now = hijri.from_gregorian(today)[0]
    if f.year is not None:
        found = _value(f.year, f.month, f.day)
        year: int | None = f.year
    else:
        year = None
        choices = [value for k in range(-2, 3) if (value := _value(now + k, f.month, f.day)) is not None]
        if not choices:
            return None
        if f.gregorian_year is not None:
            base = hijri.from_gregorian(date(f.gregorian_year, 6, 30))[0]
            found = next(
                (
                    v
                    for k in (-1, 0, 1)
                    if (v := _value(base + k, f.month, f.day)) and day_of(v.earliest or today).year == f.gregorian_year
                ),
                None,
            )
        elif f.year_shift is not None:
            found = _value(now + f.year_shift, f.month, f.day)
        else:
            found = _choose(choices, f.direction, cues, today)
    if found is None:
        return None
    written = (
        (f"{year:04}" if year is not None else "XXXX")
        + (f"-{f.month:02}" if f.month else "")
        + (f"-{f.day:02}" if f.day else "")
    )
    sure = 1.0 if year is not None else 0.95
    if not hijri.is_umm_al_qura(year or now):
        sure = min(sure, 0.8)
    return Resolved(
        type="DATE",
        value=found,
        as_written=written,
        resolution="explicit" if year is not None else "completed",
        calendar="hijri",
        sure=sure,
    )


def _choose(choices: list[Value], direction: int | None, cues: Cues, today: date) -> Value:
    if direction == 0:
        return min(choices, key=lambda v: _distance(v, today))
    value = choose(choices, direction, cues, today, None)
    if direction is None and not cues.future and not cues.since:
        return min(choices, key=lambda v: _distance(v, today))
    return value


def _distance(value: Value, today: date) -> tuple[int, bool]:
    first, last = day_of(value.earliest or today), day_of(value.latest or today)
    if first <= today <= last:
        return 0, False
    return min(abs((first - today).days), abs((last - today).days)), first > today


def _value(year: int, month: int | None, day: int | None) -> Value | None:
    if not 1 <= year <= 9000:
        return None
    if month is not None and day is not None:
        found = hijri.to_gregorian(year, month, day)
        return timex.of_day(found) if found is not None else None
    last_month = month or 12
    first = hijri.to_gregorian(year, month or 1, 1)
    last = hijri.to_gregorian(year, last_month, hijri.month_length(year, last_month))
    return timex.of_days(first, last) if first is not None and last is not None else None
