"""The calendar part of a point in time: whatever fields its words name, completed from the day of publication."""

from datetime import date, timedelta

from msgspec import structs

from service.extractors.dates import timex
from service.extractors.dates.choices import choose, day_of, gap, moment_of
from service.extractors.dates.fields import Fields
from service.extractors.dates.hijri_dates import hijri_point
from service.extractors.dates.resolved import Cues, Regions, Resolved
from service.extractors.dates.timex import Value

_NEAR = 20  # days within which a feast is the coming one or the last, whatever year the sentence speaks of


class Calendar:
    """One document's calendar: the day of publication, as the text itself states it, and the days named so far."""

    def __init__(self, reference: date, region: str | None, regions: Regions) -> None:
        self.reference = reference
        self.friday = region in regions.friday_saturday_weekend
        self.week_shift = 2 if region in regions.saturday_first else 1 if region in regions.sunday_first else 0
        self.last_day: date | None = None  # the last day named
        self.named: date | None = None  # the beginning of the last day or period named
        self.weekdays: dict[int, date] = {}  # weekdays that the text has dated
        self.part: str | None = None  # the part of day named last
        self.adrift = False  # the last time named is of an unknown day

    def resolve(self, f: Fields, cues: Cues) -> Resolved | None:
        """The day or period that the fields name; None where there is no such one."""
        if f.bc:
            return self._before_christ(f)
        if f.to_now:
            return self._to_now(f)
        if f.nth is not None:
            return self._nth(f, cues)
        if f.following:
            return self._following(f, cues)
        if f.same and self.named is None:
            return None
        if f.hijri:
            found = hijri_point(f, cues, self.reference)
            return found if found is None or f.unit != "day" or f.shift is None else self._sighted(f, cues, found)
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
            return Resolved(type="DATE", value=self.unit("year", f.year_shift), resolution="relative")
        if f.unit is not None:
            value = self.unit(f.unit, f.shift or 0, self._base(f))
            return Resolved(type="DATE", value=value, resolution="relative", sure=0.97)
        return None

    def _sighted(self, f: Fields, cues: Cues, found: Resolved) -> Resolved:
        """«اليوم الأربعاء التاسع من ذي الحجة»: the day that the text names, where the moon was sighted a day off."""
        named = self._weekday(f, cues) if f.weekday is not None else None
        value = named.value if named is not None else self.unit("day", f.shift or 0)
        near = (
            value.earliest is not None and found.value.earliest is not None and gap(value, day_of(found.value.earliest))
        )
        return structs.replace(found, value=value) if near == 1 else found

    def _to_now(self, f: Fields) -> Resolved | None:
        start = self.unit(f.unit or "year", f.shift or 0).earliest
        if start is None or day_of(start) > self.reference:
            return None
        return Resolved(type="DATE", value=timex.of_days(day_of(start), self.reference), resolution="relative")

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

    def _following(self, f: Fields, cues: Cues) -> Resolved | None:
        """«اليوم التالي»: after the last day named; from the day of publication where none was."""
        if f.unit is None or self.adrift:
            return None
        base = self.last_day or self.reference
        value = self.unit(f.unit, f.shift or 0, base)
        if self.last_day is not None and day_of(value.earliest) > self.reference and not cues.future:
            return None  # a story of the past has no day to come
        return Resolved(type="DATE", value=value, resolution="relative", sure=0.8)

    def _base(self, f: Fields) -> date:
        """The day that the fields count from: the last one named, for «العام نفسه», else the day of publication."""
        return self.named if f.same and self.named is not None else self.reference

    def into_iso_week(self, day: date) -> int:
        """Days to add to a Saturday or Sunday that begins its region's week, into the ISO week that it opens."""
        ahead = 8 - day.isoweekday()
        return ahead if ahead <= self.week_shift else 0

    def unit(self, unit: str, shift: int, base: date | None = None) -> Value:
        """The unit that lies `shift` units from the one that holds `base`, or the day of publication."""
        day = base or self.reference
        if unit == "day":
            return timex.of_day(day + timedelta(days=shift))
        if unit == "week":
            return timex.of_week(day + timedelta(days=self.into_iso_week(day) + 7 * shift))
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
            week = self.reference + timedelta(days=self.into_iso_week(self.reference) + 7 * (f.shift or 0))
            return Resolved(type="DATE", value=timex.of_weekend(week, friday=self.friday), resolution="relative")
        if f.year is not None:
            return Resolved(type="DATE", value=timex.of_period(self._full_year(f), f.period))
        written = f"XXXX-{f.period}"
        if f.year_shift is not None:
            value = timex.of_period(self._base(f).year + f.year_shift, f.period)
            return Resolved(type="DATE", value=value, as_written=written, resolution="completed")
        choices = [timex.of_period(self.reference.year + k, f.period) for k in (-2, -1, 0, 1, 2)]
        value = choose(choices, f.direction, cues, self.reference, cues.year)
        return Resolved(type="DATE", value=value, as_written=written, resolution="completed", sure=0.95)

    def _month_day(self, f: Fields, cues: Cues) -> Resolved | None:
        if f.unit == "month" and f.month is None and f.day is not None:
            month = self.unit("month", f.shift or 0, self._base(f))
            day = day_of(month.earliest or self.reference).replace(day=f.day)
            return Resolved(
                type="DATE", value=timex.of_day(day), as_written=f"XXXX-XX-{f.day:02}", resolution="completed"
            )
        if f.month is None:
            return self._day_number(f, cues)
        if f.year is not None:
            found = Resolved(type="DATE", value=self._of(self._full_year(f), f.month, f.day))
            if f.unit == "day" and f.shift == 0:
                self._restate(day_of(found.value.earliest or self.reference))
            return found
        written = f"XXXX-{f.month:02}" + (f"-{f.day:02}" if f.day else "")
        base = self._base(f).year
        if f.year_shift is not None or f.unit == "year":
            shift = f.year_shift if f.year_shift is not None else f.shift or 0
            value = self._of(base + shift, f.month, f.day)
            return Resolved(type="DATE", value=value, as_written=written, resolution="completed")
        if f.unit == "day" and f.shift is not None and f.day is not None:
            near = self.reference + timedelta(days=f.shift)
            choices = self._yearly(f, (-1, 0, 1))
            value = min(choices, key=lambda v: abs((day_of(v.earliest or near) - near).days))
            if f.shift == 0:
                self._restate(day_of(value.earliest or near))
            return Resolved(type="DATE", value=value, as_written=written, resolution="completed")
        choices = self._yearly(
            f,
            (-9, -8, -4, -3, -2, -1, 0, 1, 2, 3, 4, 8, 9) if (f.month, f.day) == (2, 29) else (-3, -2, -1, 0, 1, 2, 3),
        )
        if cues.year is not None and not any(day_of(v.earliest or self.reference).year == cues.year for v in choices):
            choices = sorted(
                [*choices, self._of(cues.year, f.month, f.day)], key=lambda v: moment_of(v.earliest or self.reference)
            )
        feast = f.named is not None and any(gap(v, self.reference) <= _NEAR for v in choices)
        value = choose(choices, f.direction, cues, self.reference, None if feast else cues.year)
        if (
            f.weekday is not None
            and f.day is not None
            and day_of(value.earliest or self.reference).isoweekday() != f.weekday
        ):
            fitting = [
                v
                for v in choices
                if day_of(v.earliest or self.reference).isoweekday() == f.weekday
                and abs(day_of(v.earliest or self.reference).year - base) <= 1
            ]
            if fitting and gap(value, self.reference) > 60:  # nearer than that, the weekday is the slip
                value = min(fitting, key=lambda v: gap(v, self.reference))
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
            monday = day_of(self.unit("week", f.shift or 0).earliest or today)
            day = monday + timedelta(days=weekday - 1)
            if 8 - weekday <= self.week_shift:
                day -= timedelta(days=7)
            value = timex.of_day(day)
        else:
            back = (today.isoweekday() - weekday) % 7
            last = today - timedelta(days=back)
            following = last + timedelta(days=7)
            dated = self.weekdays.get(weekday)
            gone = dated is not None and dated < today and cues.future  # «بدأ الأحد الماضي وسيتواصل الأحد»
            if f.direction is None and dated is not None and not gone and abs((dated - today).days) <= 7:
                day = dated
            elif f.direction is None:
                day = following if cues.future else last
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
        whole = self.resolve(structs.replace(f, nth=None, nth_of=None, weekday=None), cues)
        if whole is None or whole.value.earliest is None or whole.value.latest is None:
            return None
        first, last = day_of(whole.value.earliest), day_of(whole.value.latest)
        if of == "months":
            return structs.replace(whole, value=_months_of_year(first.year, n))
        if of == "half":
            middle = first + timedelta(days=14)
            value = timex.of_days(first, middle) if n == 1 else timex.of_days(middle + timedelta(days=1), last)
            return structs.replace(whole, value=value)
        if of == "days":
            within = timedelta(days=abs(n) - 1)
            value = timex.of_days(first, min(first + within, last)) if n > 0 else timex.of_days(last - within, last)
            return structs.replace(whole, value=value)
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


def _months_of_year(year: int, count: int) -> Value:
    """The first or, below zero, the last months of a year: a quarter or a half where they are one."""
    name = {3: "Q1", -3: "Q4", 6: "H1", -6: "H2"}.get(count)
    if name is not None:
        return timex.of_period(year, name)
    first, last = (1, count) if count > 0 else (13 + count, 12)
    return Value(f"{year:04}-{first:02}/{year:04}-{last:02}", date(year, first, 1), timex.last_of_month(year, last))
