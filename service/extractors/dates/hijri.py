"""Hijri dates to Gregorian days: Umm al-Qura for 1343 to 1500, the tabular civil calendar outside."""

from datetime import date

from hijridate import Gregorian, Hijri

FIRST, LAST = 1343, 1500
_EPOCH = 1948440 - 1721425  # 1 Muharram 1 (16 July 622 Julian, civil epoch), as a proleptic Gregorian ordinal


def is_umm_al_qura(year: int) -> bool:
    """Whether a Hijri year lies in the Umm al-Qura tables."""
    return FIRST <= year <= LAST


def to_gregorian(year: int, month: int, day: int) -> date | None:
    """The Gregorian day; None for a day that the month does not have, or one outside the years 1 to 9999."""
    if not (1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        return None
    if is_umm_al_qura(year):
        found = Hijri(year, month, day).to_gregorian()
        return date(found.year, found.month, found.day)
    ordinal = _tabular(year, month, day)
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def month_length(year: int, month: int) -> int:
    """Days in a Hijri month."""
    if is_umm_al_qura(year):
        return int(Hijri(year, month, 1).month_length())
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return _tabular(*following, 1) - _tabular(year, month, 1)


def from_gregorian(day: date) -> tuple[int, int, int]:
    """The Hijri year, month and day of a Gregorian day."""
    try:
        found = Gregorian.fromdate(day).to_hijri()
    except OverflowError:
        year = (30 * (day.toordinal() - _EPOCH) + 10646) // 10631
        rest = day.toordinal() - _tabular(year, 1, 1)
        month = min(12, max(1, -(-(rest - 29) * 2 // 59) + 1))
        return year, month, day.toordinal() - _tabular(year, month, 1) + 1
    return found.year, found.month, found.day


def _tabular(year: int, month: int, day: int) -> int:
    """Proleptic Gregorian ordinal of a day of the tabular calendar (30-year cycle, leap years of type II)."""
    return day + -(-59 * (month - 1) // 2) + (year - 1) * 354 + (3 + 11 * year) // 30 + _EPOCH - 1
