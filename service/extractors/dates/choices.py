"""Choosing among the yearly candidates of a date that names no year."""

from datetime import date, datetime, timedelta

from service.extractors.dates import timex
from service.extractors.dates.resolved import Cues
from service.extractors.dates.timex import Value

_JUST_GONE = 10  # days: one so near is told of, whatever its clause announces besides


def choose(choices: list[Value], direction: int | None, cues: Cues, today: date, year: int | None) -> Value:
    """One of the candidates, in order: by direction, a year, tense, else the nearest, ties to the past."""
    spans = [
        (day_of(v.earliest), day_of(v.latest), v) for v in choices if v.earliest is not None and v.latest is not None
    ]
    past = [v for first, last, v in spans if last < today]
    coming = [v for first, last, v in spans if first > today]
    holding = [v for first, last, v in spans if first <= today <= last]
    if direction is not None and direction < 0:
        return _item(past, direction)
    if direction is not None and direction > 0:
        return _item(coming, direction - 1)
    if direction == 0:
        return _item(holding or [v for first, _, v in spans if first.year == today.year], 0)
    if year is not None:
        same = [v for first, _, v in spans if first.year == year]
        if same:
            return same[0]
    if holding:
        return holding[0]
    if cues.future and not (past and gap(past[-1], today) <= _JUST_GONE and _is_day(past[-1])):
        return _item(coming, 0)
    if cues.since:
        return _item(past, -1)
    return min([*past[-1:], *coming[:1]], key=lambda v: (gap(v, today), v in coming))


def _is_day(value: Value) -> bool:
    return value.earliest is not None and value.earliest == value.latest


def gap(value: Value, today: date) -> int:
    """How far a value lies from a day, in days; months are compared by months."""
    first, last = day_of(value.earliest or today), day_of(value.latest or today)
    if first != last and last - first < timedelta(days=32):
        return abs((first.year - today.year) * 12 + first.month - today.month)
    return min(abs((first - today).days), abs((last - today).days))


def _item(values: list[Value], index: int) -> Value:
    """One of the candidates; an error that refuses the expression where the calendar ends before it."""
    if not -len(values) <= index < len(values):
        raise ValueError
    return values[index]


def day_of(bound: timex.Bound) -> date:
    """The day of one end of a value."""
    if isinstance(bound, datetime):
        return bound.date()
    assert bound is not None  # noqa: S101  # callers look at values with ends
    return bound


def moment_of(bound: date | datetime) -> datetime:
    """One end of a value as a moment without zone, for comparing."""
    if isinstance(bound, datetime):
        return bound.replace(tzinfo=None)
    return datetime.combine(bound, datetime.min.time())
