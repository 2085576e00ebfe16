"""What a time expression's words say, before the day of publication completes it."""

from msgspec import Struct

from service.terms import Modifier


class Fields(Struct, kw_only=True):
    """The calendar fields that one point in time names; None for those that it leaves open."""

    century: int | None = None  # 20 is the years 19xx
    decade: int | None = None  # 199 is the years 199x; below 10, tens of a decade whose century is open
    year: int | None = None
    bc: bool = False
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    hijri: bool = False
    period: str | None = None  # SP SU FA WI Q1-Q4 H1 H2 WE
    nth: int | None = None  # the nth `nth_of` of what the other fields name; -1 is the last
    nth_of: str | None = None  # weekday, day, week
    unit: str | None = None  # with `shift`: اليوم is day 0, الأسبوع الماضي week -1
    shift: int | None = None
    direction: int | None = None  # الماضي -1, الجاري 0, المقبل 1, on whatever field is named
    year_shift: int | None = None  # «مارس من العام الماضي»
    following: bool | None = None
    same: bool | None = None  # the unit, or the year of the month, is the one that was named last
    named: str | None = None  # the month-day of a named day, for its modifier-free value
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    ambiguous: bool | None = None  # an hour up to 12 without its half of the day
    spoken: bool | None = None  # such an hour in words
    part: str | None = None  # MO AF EV NI
    zone: int | None = None  # minutes from UTC
    two_digit: bool = False
    gregorian_year: int | None = None  # the Gregorian year in which a named Hijri day falls
    to_now: bool = False


class Lapse(Struct, kw_only=True):
    """A length of time, by unit; None is an indefinite number of them."""

    amounts: dict[str, int | float | None]
    away: int | None = None  # counted from now: -1 for منذ and قبل, 1 for بعد


class Recurrence(Struct, kw_only=True):
    """A set: a period («P1D»), or a calendar pattern («XXXX-WXX-4»)."""

    value: str
    frequency: int | None = None
    fields: Fields | None = None


class Reference(Struct, kw_only=True):
    """One of TIMEX3's vague references."""

    value: str


class Interval(Struct, kw_only=True):
    """From one point to another, both inclusive."""

    first: Fields
    last: Fields


class Unread(Struct, kw_only=True):
    """A date in an order that no rule of the grammar has: its text, for a general parser."""

    text: str


Meaning = Unread | Fields | Lapse | Recurrence | Reference | Interval


class Parsed(Struct, kw_only=True):
    """A meaning over tokens `[first:last]`, beginning at view offset `start`."""

    first: int
    last: int
    start: int
    meaning: Meaning
    rule: str
    modifier: Modifier | None = None
    end: int | None = None  # view offset, where it is not the end of the last token
    sure: float = 1.0
