"""TIMEX3 values and the calendar intervals that they cover."""

from calendar import monthrange
from datetime import date, datetime, timedelta, timezone

from msgspec import Struct

SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
PART_HOURS = {"MO": (0, 11), "AF": (12, 17), "EV": (18, 23), "NI": (18, 23)}

Bound = date | datetime | None


class Value(Struct, frozen=True):
    """A TIMEX3 value and the inclusive interval that it covers, where it covers one."""

    text: str
    earliest: Bound = None
    latest: Bound = None


def of_day(day: date) -> Value:
    """One day."""
    return Value(day.isoformat(), day, day)


def of_days(first: date, last: date) -> Value:
    """An interval of days."""
    return Value(f"{first.isoformat()}/{last.isoformat()}", first, last)


def of_month(year: int, month: int) -> Value:
    """One month."""
    return Value(f"{year:04}-{month:02}", date(year, month, 1), last_of_month(year, month))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def of_year(year: int) -> Value:
    """One year."""
    return Value(f"{year:04}", date(year, 1, 1), date(year, 12, 31))


def of_decade(decade: int) -> Value:
    """Ten years: 199 is 1990 to 1999."""
    first = max(decade * 10, 1)
    return Value(f"{decade:03}", date(first, 1, 1), date(decade * 10 + 9, 12, 31))


def of_century(century: int) -> Value:
    """A hundred years by their leading digits: 19 is 1900 to 1999."""
    first = max(century * 100, 1)
    return Value(f"{century:02}", date(first, 1, 1), date(century * 100 + 99, 12, 31))


def of_week(day: date) -> Value:
    """The ISO week of a day."""
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Value(f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))


def of_weekend(day: date, *, friday: bool) -> Value:
    """The weekend of a day's ISO week: Friday and Saturday, or Saturday and Sunday."""
    week = of_week(day)
    monday = date.fromisocalendar(*day.isocalendar()[:2], 1)
    first = monday + timedelta(days=4 if friday else 5)
    return Value(f"{week.text}-WE", first, first + timedelta(days=1))


def of_period(year: int, period: str) -> Value:
    """A season, a quarter or a half of a year."""
    if period in SEASON_MONTHS:
        first, months = SEASON_MONTHS[period], 3
    elif period[0] == "Q":
        first, months = 3 * int(period[1]) - 2, 3
    else:
        first, months = 6 * int(period[1]) - 5, 6
    last_year, last_month = add_months(year, first, months - 1)
    return Value(f"{year:04}-{period}", date(year, first, 1), last_of_month(last_year, last_month))


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """A month some months away."""
    months = year * 12 + month - 1 + count
    return months // 12, months % 12 + 1


def of_part(day: date, part: str) -> Value:
    """A part of a day."""
    first, last = PART_HOURS[part]
    start = datetime.combine(day, datetime.min.time())
    return Value(f"{day.isoformat()}T{part}", start.replace(hour=first), start.replace(hour=last, minute=59, second=59))


def of_clock(day: date, hour: int, minute: int, second: int | None, zone: int | None, *, exact: bool = True) -> Value:
    """A clock time of a day; hour 24 is midnight at its end."""
    moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour, minutes=minute, seconds=second or 0)
    if zone is not None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=zone)))
    last = moment if second is not None else moment + timedelta(seconds=59)
    return Value(clock_text(moment.date().isoformat(), moment.hour, minute, second, zone), moment, last)


def clock_text(day: str, hour: int, minute: int, second: int | None, zone: int | None) -> str:
    """The value of a clock time, with its day or what stands for it."""
    text = f"{day}T{hour:02}:{minute:02}" + (f":{second:02}" if second is not None else "")
    if zone is not None:
        text += "Z" if zone == 0 else f"{'-' if zone < 0 else '+'}{abs(zone) // 60:02}:{abs(zone) % 60:02}"
    return text


def duration_text(amounts: dict[str, int | float | None]) -> str:
    """An ISO 8601 duration; an indefinite amount is X. Quarters are months, decades and centuries years."""
    scale = {"quarter": ("month", 3), "half": ("month", 6), "decade": ("year", 10), "century": ("year", 100)}
    totals: dict[str, int | float | None] = {}
    for unit, amount in amounts.items():
        name, times = scale.get(unit, (unit, 1))
        if amount is None:
            if unit in scale:
                return {"decade": "PXDE", "century": "PXCE"}.get(unit, "PXM")
            totals[name] = None
        else:
            totals[name] = (totals.get(name) or 0) + amount * times
    if totals == {"year": 0.5}:
        totals = {"month": 6}
    elif totals == {"year": 0.25}:
        totals = {"month": 3}
    elif totals == {"year": 1.5}:
        totals = {"year": 1, "month": 6}
    elif (
        "year" in totals
        and "month" not in totals
        and isinstance(totals["year"], float)
        and (totals["year"] * 12).is_integer()
    ):
        whole = int(totals["year"])
        totals = (
            {"year": whole, "month": int(totals["year"] * 12 - 12 * whole)}
            if whole
            else {"month": int(totals["year"] * 12)}
        )
    if totals.keys() == {"hour"} and isinstance(totals["hour"], float) and (round(totals["hour"] * 60, 6)).is_integer():
        minutes = round(totals["hour"] * 60)
        totals = {"hour": minutes // 60, "minute": minutes % 60} if minutes >= 60 else {"minute": minutes}
    day = "".join(
        _component(totals, unit, letter)
        for unit, letter in (("year", "Y"), ("month", "M"), ("week", "W"), ("day", "D"))
    )
    clock = "".join(
        _component(totals, unit, letter) for unit, letter in (("hour", "H"), ("minute", "M"), ("second", "S"))
    )
    return f"P{day}" + (f"T{clock}" if clock else "") if day or clock else "PT0S"


def _component(totals: dict[str, int | float | None], unit: str, letter: str) -> str:
    if unit not in totals:
        return ""
    amount = totals[unit]
    if amount is None:
        return f"X{letter}"
    if not amount and len(totals) > 1:
        return ""
    return f"{int(amount) if float(amount).is_integer() else round(amount, 6):}{letter}"
