"""What the words leave open, from the day of publication: points to values, in document order."""

from datetime import date, datetime, timedelta

from msgspec import Struct, structs

from service.extractors.dates import hijri, timex
from service.extractors.dates.durations import number
from service.extractors.dates.fields import Fields, Interval, Lapse, Meaning, Parsed, Recurrence, Reference
from service.extractors.dates.scan import Scan
from service.extractors.dates.tense import is_future, is_since
from service.extractors.dates.timex import Value
from service.terms import Resolution


class Resolved(Struct, frozen=True, kw_only=True):
    """A TIMEX3's type and value, and how it came about."""

    type: str
    value: Value
    as_written: str | None = None
    resolution: Resolution = "explicit"
    calendar: str = "gregorian"
    frequency: int | None = None
    sure: float = 1.0


class Weeks(Struct, frozen=True, forbid_unknown_fields=True):
    """Regions by how they count their week."""

    saturday_first: frozenset[str]
    sunday_first: frozenset[str]
    friday_saturday_weekend: frozenset[str]


class Cues(Struct, frozen=True):
    """What the words around an expression say of it."""

    future: bool = False
    since: bool = False
    year: int | None = None  # a year that the sentence gave before
    midnight_before: bool = False  # «من» stands before
    day: date | None = None  # the day that a clock time of this sentence belongs to


class Resolver:
    """Resolves one document's expressions in order; keeps the day of publication as the text itself states it."""

    def __init__(self, scan: Scan, weeks: Weeks) -> None:
        self.scan = scan
        doc = scan.doc
        self.reference = doc.reference
        self.instant = doc.instant
        self.friday = doc.region in weeks.friday_saturday_weekend
        self.week_shift = 2 if doc.region in weeks.saturday_first else 1 if doc.region in weeks.sunday_first else 0
        self.last_day: date | None = None  # the last day named
        self.day_sentence = -1
        self.year: int | None = None
        self.year_sentence = -1
        self.weekdays: dict[int, date] = {}  # weekdays that the text has dated
        self.adrift = False  # the last time named is of an unknown day

    def resolve(self, parsed: Parsed) -> Resolved | None:
        """One expression; None for one that names no day there is."""
        try:
            return self._resolve(parsed)
        except (ValueError, OverflowError):
            return None

    def _resolve(self, parsed: Parsed) -> Resolved | None:
        sentence = self.scan.sentence_of[parsed.first]
        meaning: Meaning = parsed.meaning
        if isinstance(meaning, Reference):
            return Resolved(type="DATE", value=Value(meaning.value), resolution="relative", sure=0.9)
        if isinstance(meaning, Recurrence):
            return Resolved(type="SET", value=Value(meaning.value), frequency=meaning.frequency)
        if isinstance(meaning, Lapse):
            return self._lapse(meaning)
        cues = Cues(
            future=is_future(self.scan, parsed.first, parsed.last),
            since=is_since(self.scan, parsed.first),
            year=self.year if self.year_sentence == sentence else None,
            midnight_before=parsed.first > 0 and self.scan.folded[parsed.first - 1] == "من",
            day=self._clock_day(parsed, sentence),
        )
        if isinstance(meaning, Interval):
            return self._interval(meaning, cues, sentence)
        found = self.point(meaning, cues)
        if found is not None:
            self._remember(meaning, found, sentence)
        return found

    def _clock_day(self, parsed: Parsed, sentence: int) -> date | None:
        """The day of a clock time that names none: the sentence's, or the last named before a timetable's figures."""
        if self.day_sentence == sentence:
            return self.last_day
        if self.last_day is None:
            return self.reference
        meaning = parsed.meaning
        listed = isinstance(meaning, Interval) or (
            isinstance(meaning, Fields) and self.scan.is_mark(parsed.first + 1, ":")
        )
        return self.last_day if listed or is_future(self.scan, parsed.first, parsed.last) else None

    def _remember(self, fields: Fields, found: Resolved, sentence: int) -> None:
        if fields.year is not None and found.value.earliest is not None and not fields.hijri:
            self.year, self.year_sentence = found.value.earliest.year, sentence
        first, last = found.value.earliest, found.value.latest
        if first is not None and last is not None and _day(first) == _day(last):
            self.last_day, self.day_sentence = _day(first), sentence
            self.adrift = False
            if fields.weekday is not None and (
                fields.unit is not None or fields.day is not None or fields.direction is not None
            ):
                self.weekdays[fields.weekday] = self.last_day

    def _interval(self, meaning: Interval, cues: Cues, sentence: int) -> Resolved | None:
        a, b = self.point(meaning.first, cues), self.point(meaning.last, cues)
        if a is None or b is None:
            return None
        if (
            a.value.earliest is not None
            and b.value.latest is not None
            and _moment(a.value.earliest) > _moment(b.value.latest)
        ):
            b = self._after(a, meaning.last, cues, b)
            if b is None:
                return None
        if a.value.text.startswith("P") or b.value.text.startswith("P"):
            return None
        self._remember(meaning.last, b, sentence)
        written = f"{a.as_written}/{b.as_written}" if a.as_written and b.as_written else None
        text = f"{a.value.text.split('/')[0]}/{b.value.text.split('/')[-1]}"
        return Resolved(
            type=b.type,
            value=Value(text, a.value.earliest, b.value.latest),
            as_written=written,
            resolution=max((a.resolution, b.resolution), key=("explicit", "completed", "relative").index),
            calendar=b.calendar,
            sure=min(a.sure, b.sure),
        )

    def _after(self, a: Resolved, last: Fields, cues: Cues, b: Resolved) -> Resolved | None:
        """The end of an interval that fell before its beginning: the next such point after it."""
        start = a.value.earliest
        if start is None:
            return None
        day = _day(start)
        if last.hour is not None and b.value.earliest is not None:
            moved = _day(b.value.earliest) + timedelta(days=1)
            return self.point(
                structs.replace(
                    last, unit=None, shift=None, weekday=None, year=moved.year, month=moved.month, day=moved.day
                ),
                cues,
            )
        if last.weekday is not None and last.day is None:
            found = day + timedelta(days=(last.weekday - day.isoweekday()) % 7)
            return structs.replace(b, value=timex.of_day(found))
        if last.month is not None and last.year is None and not last.hijri:
            for year in (day.year, day.year + 1):
                again = self.point(structs.replace(last, year=year, direction=None, year_shift=None), cues)
                if (
                    again is not None
                    and again.value.latest is not None
                    and _moment(again.value.latest) >= _moment(start)
                ):
                    return structs.replace(again, as_written=b.as_written, resolution="completed")
        return None

    # ------------------------------------------------------------------------------------------------- lengths of time

    def _lapse(self, lapse: Lapse) -> Resolved | None:
        if any(amount is not None and amount > 1e15 for amount in lapse.amounts.values()):
            return None
        if lapse.away is None:
            return Resolved(type="DURATION", value=Value(timex.duration_text(lapse.amounts)))
        vague = "PAST_REF" if lapse.away < 0 else "FUTURE_REF"
        if any(amount is None for amount in lapse.amounts.values()):
            return Resolved(type="DATE", value=Value(vague), resolution="relative", sure=0.9)
        amounts = {unit: amount * lapse.away for unit, amount in lapse.amounts.items() if amount is not None}
        finest = next(
            u
            for u in (
                "second",
                "minute",
                "hour",
                "day",
                "week",
                "month",
                "quarter",
                "half",
                "year",
                "decade",
                "century",
            )
            if u in amounts
        )
        if finest in ("second", "minute", "hour"):
            if self.instant is None:
                return Resolved(type="DATE", value=Value(vague), resolution="relative", sure=0.9)
            moment = self._moved(self.instant, amounts)
            exact = finest == "second" or bool(moment.second)
            value = timex.of_clock(moment.date(), moment.hour, moment.minute, moment.second if exact else None, None)
            return Resolved(type="TIME", value=value, resolution="relative")
        start = datetime.combine(self.reference, datetime.min.time())
        day = self._moved(start, amounts).date()
        if finest == "day":
            value = timex.of_day(day)
        elif finest == "week":
            value = timex.of_week(day + timedelta(days=self._into_iso_week(day)))
        elif finest in ("month", "quarter", "half"):
            value = timex.of_month(day.year, day.month)
        else:
            value = timex.of_year(day.year)
        if any(isinstance(amount, float) for amount in amounts.values()):
            value = (
                timex.of_month(day.year, day.month) if finest in ("year", "decade", "century") else timex.of_day(day)
            )
        return Resolved(type="DATE", value=value, resolution="relative")

    def _moved(self, moment: datetime, amounts: dict[str, int | float]) -> datetime:
        months = sum(
            amounts.get(unit, 0) * size
            for unit, size in (
                ("month", 1),
                ("quarter", 3),
                ("half", 6),
                ("year", 12),
                ("decade", 120),
                ("century", 1200),
            )
        )
        whole = int(months)
        year, month = timex.add_months(moment.year, moment.month, whole)
        if not 1 <= year <= 9999:
            raise OverflowError
        day = min(moment.day, timex.last_of_month(year, month).day)
        seconds = amounts.get("hour", 0) * 3600 + amounts.get("minute", 0) * 60 + amounts.get("second", 0)
        days = amounts.get("day", 0) + amounts.get("week", 0) * 7 + (months - whole) * 30.4375
        return moment.replace(year=year, month=month, day=day) + timedelta(days=days, seconds=seconds)

    # ---------------------------------------------------------------------------------------------------------- points

    def point(self, fields: Fields, cues: Cues) -> Resolved | None:
        """A point's calendar part, then its clock."""
        if fields.hour is None and fields.part is None:
            return self._calendar(fields, cues)
        dated = any(
            value is not None
            for value in (
                fields.year,
                fields.month,
                fields.day,
                fields.weekday,
                fields.unit,
                fields.nth,
                fields.period,
                fields.direction,
            )
        )
        if not dated:
            return self._clock_alone(fields, cues)
        day = self._calendar(structs.replace(fields, hour=None, part=None), cues)
        if day is None:
            return self._unknown_day(fields) if fields.following else None
        first = day.value.earliest
        if first is None or _day(first) != _day(day.value.latest or first):
            return None
        on = _day(first)
        clock = self._clock_text(fields)
        written = (
            f"{day.as_written}{clock}"
            if day.as_written
            else clock
            if fields.hour is not None and day.resolution == "relative"
            else None
        )
        return structs.replace(day, type="TIME", value=self._on(on, fields), as_written=written)

    def _on(self, day: date, fields: Fields) -> Value:
        if fields.hour is not None:
            if fields.zone is not None and self.instant is not None:
                return self._zoned(day, fields)
            return timex.of_clock(day, fields.hour, fields.minute or 0, fields.second, fields.zone)
        return timex.of_part(day, fields.part or "MO")

    def _zoned(self, day: date, fields: Fields) -> Value:
        return timex.of_clock(day, fields.hour or 0, fields.minute or 0, fields.second, fields.zone)

    def _clock_text(self, fields: Fields) -> str:
        if fields.hour is not None:
            return timex.clock_text("", fields.hour % 24, fields.minute or 0, fields.second, fields.zone)
        return f"T{fields.part}"

    def _clock_alone(self, fields: Fields, cues: Cues) -> Resolved:
        day = cues.day
        if fields.hour == 24 and fields.minute == 0 and cues.midnight_before:
            fields = structs.replace(fields, hour=0)  # «بداية من منتصف الليل»: the midnight that opens the day
        written = self._clock_text(fields)
        if day is None and fields.hour is None:
            day = self.reference
        if day is None:
            return self._unknown_day(fields)
        return Resolved(type="TIME", value=self._on(day, fields), as_written=written, resolution="completed", sure=0.9)

    def _unknown_day(self, fields: Fields) -> Resolved:
        self.adrift = True
        written = self._clock_text(fields)
        return Resolved(type="TIME", value=Value(f"XXXX-XX-XX{written}"), as_written=written, sure=0.8)

    def _calendar(self, f: Fields, cues: Cues) -> Resolved | None:
        if f.bc:
            return self._before_christ(f)
        if f.to_now:
            return self._to_now(f)
        if f.nth is not None:
            return self._nth(f, cues)
        if f.following:
            return self._following(f)
        if f.hijri:
            return self._hijri(f, cues)
        if f.decade is not None or f.century is not None:
            return self._long(f)
        if f.period is not None:
            return self._period(f, cues)
        if f.month is not None or f.day is not None:
            return self._month_day(f, cues)
        if f.weekday is not None:
            return self._weekday(f, cues)
        if f.year is not None:
            return Resolved(type="DATE", value=timex.of_year(self._full_year(f)))
        if f.year_shift is not None:
            return Resolved(type="DATE", value=self._unit("year", f.year_shift), resolution="relative")
        if f.unit is not None:
            return Resolved(type="DATE", value=self._unit(f.unit, f.shift or 0), resolution="relative", sure=0.97)
        return None

    def _to_now(self, f: Fields) -> Resolved | None:
        start = self._unit(f.unit or "year", f.shift or 0).earliest
        if start is None or _day(start) > self.reference:
            return None
        return Resolved(type="DATE", value=timex.of_days(_day(start), self.reference), resolution="relative")

    def _full_year(self, f: Fields) -> int:
        year = f.year or 0
        if f.two_digit:
            century = self.reference.year // 100 * 100
            year = min(
                (century - 100 + year, century + year, century + 100 + year), key=lambda y: abs(y - self.reference.year)
            )
        if not 1 <= year <= 9999:
            raise ValueError
        return year

    def _before_christ(self, f: Fields) -> Resolved | None:
        if f.century is not None:
            return Resolved(type="DATE", value=Value(f"BC{f.century - 1:02}"))
        if f.year is None or not 1 <= f.year <= 9999:
            return None
        text = f"BC{f.year:04}" + (f"-{f.month:02}" if f.month else "") + (f"-{f.day:02}" if f.month and f.day else "")
        return Resolved(type="DATE", value=Value(text))

    def _following(self, f: Fields) -> Resolved | None:
        """«اليوم التالي»: after the last day named; from the day of publication where none was."""
        if f.unit is None or self.adrift:
            return None
        base = self.last_day or self.reference
        value = self._unit(f.unit, f.shift or 0, base)
        return Resolved(type="DATE", value=value, resolution="relative", sure=0.8)

    def _into_iso_week(self, day: date) -> int:
        """Days to add so that a Saturday or Sunday that begins a region's week falls into the ISO week that it opens."""
        ahead = 8 - day.isoweekday()
        return ahead if ahead <= self.week_shift else 0

    def _unit(self, unit: str, shift: int, base: date | None = None) -> Value:
        day = base or self.reference
        if unit == "day":
            return timex.of_day(day + timedelta(days=shift))
        if unit == "week":
            return timex.of_week(day + timedelta(days=self._into_iso_week(day) + 7 * shift))
        if unit == "month":
            return timex.of_month(*timex.add_months(day.year, day.month, shift))
        if unit in ("quarter", "half"):
            size = 3 if unit == "quarter" else 6
            index = day.year * (12 // size) + (day.month - 1) // size + shift
            per_year = 12 // size
            return timex.of_period(index // per_year, f"{'Q' if size == 3 else 'H'}{index % per_year + 1}")
        if unit == "decade":
            return timex.of_decade(day.year // 10 + shift)
        if unit == "century":
            return timex.of_century(day.year // 100 + shift)
        return timex.of_year(day.year + shift)

    def _long(self, f: Fields) -> Resolved | None:
        if f.century is not None and f.hijri:
            return None
        if f.decade is None:
            return Resolved(type="DATE", value=timex.of_century((f.century or 1) - 1))
        if f.century is not None:
            return Resolved(type="DATE", value=timex.of_decade((f.century - 1) * 10 + f.decade))
        if f.unit == "century":
            return Resolved(
                type="DATE",
                value=timex.of_decade((self.reference.year // 100 + (f.shift or 0)) * 10 + f.decade),
                resolution="relative",
            )
        decade = self.reference.year // 100 * 10 + f.decade
        if decade * 10 > self.reference.year:
            decade -= 10
        return Resolved(
            type="DATE", value=timex.of_decade(decade), as_written=f"XX{f.decade}", resolution="completed", sure=0.9
        )

    def _period(self, f: Fields, cues: Cues) -> Resolved | None:
        assert f.period is not None  # noqa: S101  # the caller saw it
        if f.period == "WE":
            week = self.reference + timedelta(days=self._into_iso_week(self.reference) + 7 * (f.shift or 0))
            return Resolved(type="DATE", value=timex.of_weekend(week, friday=self.friday), resolution="relative")
        if f.year is not None:
            return Resolved(type="DATE", value=timex.of_period(self._full_year(f), f.period))
        written = f"XXXX-{f.period}"
        if f.year_shift is not None:
            value = timex.of_period(self.reference.year + f.year_shift, f.period)
            return Resolved(type="DATE", value=value, as_written=written, resolution="completed")
        choices = [timex.of_period(self.reference.year + k, f.period) for k in (-2, -1, 0, 1, 2)]
        value = self._choose(choices, f.direction, cues)
        return Resolved(type="DATE", value=value, as_written=written, resolution="completed", sure=0.95)

    def _choose(self, choices: list[Value], direction: int | None, cues: Cues) -> Value:
        """Of yearly candidates in order: by direction, by the sentence's year, by tense, else the nearest, ties to the past."""
        today = self.reference
        spans = [
            (_day(v.earliest), _day(v.latest), v) for v in choices if v.earliest is not None and v.latest is not None
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
        if cues.year is not None:
            same = [v for first, _, v in spans if first.year == cues.year]
            if same:
                return same[0]
        if holding:
            return holding[0]
        if cues.future:
            return _item(coming, 0)
        if cues.since:
            return _item(past, -1)
        return min([*past[-1:], *coming[:1]], key=lambda v: (self._gap(v), v in coming))

    def _gap(self, value: Value) -> int:
        first, last = _day(value.earliest or self.reference), _day(value.latest or self.reference)
        if first != last and last - first < timedelta(days=32):  # months are compared by months
            return abs((first.year - self.reference.year) * 12 + first.month - self.reference.month)
        return min(abs((first - self.reference).days), abs((last - self.reference).days))

    def _month_day(self, f: Fields, cues: Cues) -> Resolved | None:
        if f.unit == "month" and f.month is None and f.day is not None:
            month = self._unit("month", f.shift or 0)
            day = _day(month.earliest or self.reference).replace(day=f.day)
            return Resolved(
                type="DATE", value=timex.of_day(day), as_written=f"XXXX-XX-{f.day:02}", resolution="completed"
            )
        if f.month is None:
            return self._day_number(f, cues)
        if f.year is not None:
            found = Resolved(type="DATE", value=self._of(self._full_year(f), f.month, f.day))
            if f.unit == "day" and f.shift == 0:
                self._restate(_day(found.value.earliest or self.reference))
            return found
        written = f"XXXX-{f.month:02}" + (f"-{f.day:02}" if f.day else "")
        base = self.reference.year
        if f.year_shift is not None or f.unit == "year":
            shift = f.year_shift if f.year_shift is not None else f.shift or 0
            value = self._of(base + shift, f.month, f.day)
            return Resolved(type="DATE", value=value, as_written=written, resolution="completed")
        if f.unit == "day" and f.shift is not None and f.day is not None:
            near = self.reference + timedelta(days=f.shift)
            choices = self._yearly(f, (-1, 0, 1))
            value = min(choices, key=lambda v: abs((_day(v.earliest or near) - near).days))
            if f.shift == 0:
                self._restate(_day(value.earliest or near))
            return Resolved(type="DATE", value=value, as_written=written, resolution="completed")
        choices = self._yearly(
            f,
            (-9, -8, -4, -3, -2, -1, 0, 1, 2, 3, 4, 8, 9) if (f.month, f.day) == (2, 29) else (-3, -2, -1, 0, 1, 2, 3),
        )
        if cues.year is not None and not any(_day(v.earliest or self.reference).year == cues.year for v in choices):
            choices = sorted(
                [*choices, self._of(cues.year, f.month, f.day)], key=lambda v: _moment(v.earliest or self.reference)
            )
        value = self._choose(choices, f.direction, cues)
        if (
            f.weekday is not None
            and f.day is not None
            and _day(value.earliest or self.reference).isoweekday() != f.weekday
        ):
            fitting = [
                v
                for v in choices
                if _day(v.earliest or self.reference).isoweekday() == f.weekday
                and abs(_day(v.earliest or self.reference).year - base) <= 1
            ]
            if fitting and self._gap(value) > 60:  # nearer than that, the weekday is the slip
                value = min(fitting, key=self._gap)
        return Resolved(type="DATE", value=value, as_written=written, resolution="completed", sure=0.95)

    def _yearly(self, f: Fields, shifts: tuple[int, ...]) -> list[Value]:
        values = []
        for shift in shifts:
            year = self.reference.year + shift
            if not 1 <= year <= 9999:
                continue
            if f.day == 29 and f.month == 2 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
                continue
            values.append(self._of(year, f.month or 1, f.day))
        return values

    def _of(self, year: int, month: int, day: int | None) -> Value:
        return timex.of_day(date(year, month, day)) if day is not None else timex.of_month(year, month)

    def _restate(self, today: date) -> None:
        """The text says what day its «today» is: believed within a week of the reference date."""
        if abs((today - self.reference).days) <= 7:
            self.reference = today

    def _day_number(self, f: Fields, cues: Cues) -> Resolved | None:
        assert f.day is not None  # noqa: S101  # the caller saw it
        choices = []
        for shift in range(-13, 14):
            year, month = timex.add_months(self.reference.year, self.reference.month, shift)
            if f.day <= timex.last_of_month(year, month).day:
                day = date(year, month, f.day)
                if f.weekday is None or day.isoweekday() == f.weekday:
                    choices.append(day)
        if not choices:
            return None
        if cues.future:
            choices = [day for day in choices if day >= self.reference] or choices
        value = min(choices, key=lambda day: (abs((day - self.reference).days), day > self.reference))
        return Resolved(
            type="DATE", value=timex.of_day(value), as_written=f"XXXX-XX-{f.day:02}", resolution="completed", sure=0.8
        )

    def _weekday(self, f: Fields, cues: Cues) -> Resolved | None:
        weekday = f.weekday or 1
        written = f"XXXX-WXX-{weekday}"
        today = self.reference
        if f.unit == "day":
            near = today + timedelta(days=f.shift or 0)
            days = [
                near + timedelta(days=k) for k in range(-3, 4) if (near + timedelta(days=k)).isoweekday() == weekday
            ]
            if f.shift == 0 or f.shift is None:
                self._restate(days[0])
            value = timex.of_day(days[0])
        elif f.unit == "week":
            monday = _day(self._unit("week", f.shift or 0).earliest or today)
            day = monday + timedelta(days=weekday - 1)
            if 8 - weekday <= self.week_shift:
                day -= timedelta(days=7)
            value = timex.of_day(day)
        else:
            back = (today.isoweekday() - weekday) % 7
            last = today - timedelta(days=back)
            following = last + timedelta(days=7)
            dated = self.weekdays.get(weekday)
            if f.direction is None and dated is not None and abs((dated - today).days) <= 7:
                day = dated
            elif f.direction is None:
                day = following if cues.future and not (back == 0 and False) else last
                if cues.future and back == 0:
                    day = following
            elif f.direction < 0:
                day = (last if back else last - timedelta(days=7)) + timedelta(days=7 * (f.direction + 1))
            elif f.direction > 0:
                day = following + timedelta(days=7 * (f.direction - 1))
            else:
                monday = today - timedelta(days=today.isoweekday() - 1)
                day = monday + timedelta(days=weekday - 1)
            value = timex.of_day(day)
        return Resolved(type="DATE", value=value, as_written=written, resolution="completed", sure=0.95)

    def _nth(self, f: Fields, cues: Cues) -> Resolved | None:
        """«ثالث ثلاثاء من أيلول», «آخر يوم من الشهر», «الأسبوع الأول من عام 2015»."""
        n, of = f.nth or 1, f.nth_of
        whole = self._calendar(structs.replace(f, nth=None, nth_of=None, weekday=None), cues)
        if whole is None or whole.value.earliest is None or whole.value.latest is None:
            return None
        first, last = _day(whole.value.earliest), _day(whole.value.latest)
        if of == "months":
            return structs.replace(whole, value=_months_of_year(first.year, n))
        if of == "week":
            if (last - first).days > 300:
                day = date.fromisocalendar(first.year, n if n > 0 else 52, 1)
                return structs.replace(whole, value=timex.of_week(day))
            day = first + timedelta(days=7 * (n - 1)) if n > 0 else last
            return structs.replace(whole, value=timex.of_week(day)) if first <= day <= last else None
        if of == "weekday":
            weekday = f.weekday or 1
            if n > 0:
                day = first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (n - 1))
            else:
                day = last - timedelta(days=(last.isoweekday() - weekday) % 7)
        else:
            day = first + timedelta(days=n - 1) if n > 0 else last
        return structs.replace(whole, value=timex.of_day(day)) if first <= day <= last else None

    def _hijri(self, f: Fields, cues: Cues) -> Resolved | None:
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
        now = hijri.from_gregorian(self.reference)[0]
        if f.year is not None:
            found = self._hijri_value(f.year, f.month, f.day)
            year: int | None = f.year
        else:
            year = None
            choices = [value for k in range(-2, 3) if (value := self._hijri_value(now + k, f.month, f.day)) is not None]
            if not choices:
                return None
            if f.gregorian_year is not None:
                base = hijri.from_gregorian(date(f.gregorian_year, 6, 30))[0]
                found = next(
                    (
                        v
                        for k in (-1, 0, 1)
                        if (v := self._hijri_value(base + k, f.month, f.day))
                        and _day(v.earliest or self.reference).year == f.gregorian_year
                    ),
                    None,
                )
            elif f.year_shift is not None:
                found = self._hijri_value(now + f.year_shift, f.month, f.day)
            else:
                found = self._choose_hijri(choices, f.direction, cues)
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

    def _choose_hijri(self, choices: list[Value], direction: int | None, cues: Cues) -> Value:
        if direction == 0:
            return min(choices, key=self._distance)
        value = self._choose(choices, direction, structs.replace(cues, year=None))
        if direction is None and not cues.future and not cues.since:
            return min(choices, key=self._distance)
        return value

    def _distance(self, value: Value) -> tuple[int, bool]:
        first, last = _day(value.earliest or self.reference), _day(value.latest or self.reference)
        if first <= self.reference <= last:
            return 0, False
        return min(abs((first - self.reference).days), abs((last - self.reference).days)), first > self.reference

    def _hijri_value(self, year: int, month: int | None, day: int | None) -> Value | None:
        if not 1 <= year <= 9000:
            return None
        if month is not None and day is not None:
            found = hijri.to_gregorian(year, month, day)
            return timex.of_day(found) if found is not None else None
        last_month = month or 12
        first = hijri.to_gregorian(year, month or 1, 1)
        last = hijri.to_gregorian(year, last_month, hijri.month_length(year, last_month))
        return timex.of_days(first, last) if first is not None and last is not None else None


def _item(values: list[Value], index: int) -> Value:
    """One of the candidates; an error that refuses the expression where the calendar ends before it."""
    if not -len(values) <= index < len(values):
        raise ValueError
    return values[index]


def _months_of_year(year: int, count: int) -> Value:
    """The first or, below zero, the last months of a year: a quarter or a half where they are one."""
    name = {3: "Q1", -3: "Q4", 6: "H1", -6: "H2"}.get(count)
    if name is not None:
        return timex.of_period(year, name)
    first, last = (1, count) if count > 0 else (13 + count, 12)
    return Value(f"{year:04}-{first:02}/{year:04}-{last:02}", date(year, first, 1), timex.last_of_month(year, last))


def _day(bound: timex.Bound) -> date:
    if isinstance(bound, datetime):
        return bound.date()
    assert bound is not None  # noqa: S101  # callers look at values with ends
    return bound


def _moment(bound: date | datetime) -> datetime:
    if isinstance(bound, datetime):
        return bound.replace(tzinfo=None)
    return datetime.combine(bound, datetime.min.time())


__all__ = ["Resolved", "Resolver", "Weeks", "number"]
