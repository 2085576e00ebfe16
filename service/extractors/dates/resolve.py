"""Time expressions to TIMEX3 values, in document order."""

from datetime import date, datetime, timedelta

from msgspec import structs

from service.extractors.dates import timex
from service.extractors.dates.choices import day_of, moment_of
from service.extractors.dates.completion import Calendar
from service.extractors.dates.fallback import parse_date
from service.extractors.dates.fields import Fields, Interval, Lapse, Meaning, Parsed, Recurrence, Reference, Unread
from service.extractors.dates.resolved import Cues, Regions, Resolved
from service.extractors.dates.scan import Scan
from service.extractors.dates.tense import is_future, is_ongoing, lists_weekdays, speaks_of
from service.extractors.dates.timex import Value

# The hours of twelve that belong to a part of the day after noon.
_HOURS = {"AF": range(1, 9), "EV": range(4, 12), "NI": range(7, 12)}
_YEARS = {"year": 1, "decade": 10, "century": 100}
_WEEK = 7
_LIVING = 120  # years from the day of publication within which a year governs the dates around it


class Resolver:
    """Resolves one document's expressions in order; keeps the day of publication as the text itself states it."""

    def __init__(self, scan: Scan, regions: Regions) -> None:
        self.scan = scan
        doc = scan.doc
        self.calendar = Calendar(doc.reference, doc.region, regions)
        self.home_zone = regions.offset.get(doc.region or "")
        self.instant = doc.instant
        self.day_sentence = -1
        self.year: int | None = None
        self.year_sentence = -1
        self.noon_sentence = -1  # the last sentence with an hour after noon
        self.opening = False  # the text has named the weekdays on which something is open
        self.recurring = -1  # the last sentence of what recurs: its hours belong to no one day

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
            self.recurring = sentence
            return Resolved(type="SET", value=Value(meaning.value), frequency=meaning.frequency)
        if isinstance(meaning, Lapse):
            return self._lapse(meaning)
        if isinstance(meaning, Unread):
            day = parse_date(meaning.text, self.calendar.reference, self.scan.doc.region)
            return Resolved(type="DATE", value=timex.of_day(day), sure=0.7) if day is not None else None
        cues = Cues(self.scan, parsed.first, parsed.last)
        cues.year = self.year if self.year_sentence == sentence else None
        cues.after_noon = self.noon_sentence == sentence
        if isinstance(meaning, Interval) or meaning.hour is not None or meaning.part is not None:
            cues.day = self._clock_day(parsed, sentence, cues)
            cues.part = self.calendar.part if self.day_sentence == sentence else None
        if isinstance(meaning, Interval):
            return self._interval(meaning, cues, sentence)
        found = self.point(meaning, cues)
        if found is not None:
            self._remember(meaning, found, sentence)
        return found

    def _clock_day(self, parsed: Parsed, sentence: int, cues: Cues) -> date | None:
        """The day of a clock time that names none: the sentence's, or the last named before a timetable's figures."""
        if self.recurring == sentence or lists_weekdays(self.scan, parsed.first):
            return None
        if self.day_sentence == sentence:
            return self.calendar.last_day
        if self.opening:
            return None
        meaning = parsed.meaning
        if isinstance(meaning, Fields) and meaning.hour is None:
            return self._part_day(meaning, parsed, cues)
        if self.calendar.last_day is None:
            return self.calendar.reference
        listed = isinstance(meaning, Interval) or (isinstance(meaning, Fields) and meaning.minute is not None)
        if cues.since and self.calendar.last_day > self.calendar.reference:
            return self.calendar.reference  # «يعملون منذ الساعة السادسة», after the day to come
        told = listed or is_ongoing(self.scan, parsed.first) or is_future(self.scan, parsed.first, parsed.last)
        return self.calendar.last_day if told else None

    def _part_day(self, fields: Fields, parsed: Parsed, cues: Cues) -> date | None:
        """The day of «ليلا» or «في الصباح»: none in «الأكل ليلا», which is said of any day."""
        today = self.calendar.reference
        if cues.since or self.scan.alone(parsed.first, parsed.last):
            return today
        any_day = fields.part != "AF" and self.scan.folded[parsed.last - 1].startswith("ال")  # «العشاء في المساء»
        ahead = cues.future or (fields.part != "NI" and not any_day and is_ongoing(self.scan, parsed.first))
        if ahead or speaks_of(self.scan, parsed.first, "weather"):
            return self.calendar.last_day or today
        return today if fields.part != "NI" and self.calendar.last_day == today else None

    def _remember(self, fields: Fields, found: Resolved, sentence: int) -> None:
        if fields.hour is not None and fields.hour >= 12:
            self.noon_sentence = sentence
        start = found.value.earliest
        if start is not None:
            self.calendar.named = day_of(start)
        living = start is not None and abs(start.year - self.calendar.reference.year) <= _LIVING
        if fields.year is not None and start is not None and living and not fields.hijri:
            self.year, self.year_sentence = start.year, sentence
        if (fields.unit, fields.shift, self.year_sentence) == ("year", 0, sentence):
            self.year = self.calendar.reference.year  # «العام الحالي», after another year
        first, last = found.value.earliest, found.value.latest
        if first is not None and last is not None and day_of(first) == day_of(last):
            within = fields.hour is not None and self.day_sentence == sentence
            self.calendar.part = fields.part or (self.calendar.part if within else None)
            self.calendar.last_day, self.day_sentence = day_of(first), sentence
            self.calendar.adrift = False
            if fields.weekday is not None and (
                fields.unit is not None or fields.day is not None or fields.direction is not None
            ):
                self.calendar.weekdays[fields.weekday] = self.calendar.last_day

    def _interval(self, meaning: Interval, cues: Cues, sentence: int) -> Resolved | None:
        a, b = self.point(meaning.first, cues), self.point(meaning.last, cues)
        if a is None or b is None:
            return None
        a = self._before(a, meaning.first, cues, b)
        if (
            a.value.earliest is not None
            and b.value.latest is not None
            and moment_of(a.value.earliest) > moment_of(b.value.latest)
        ):
            b = self._after(a, meaning.last, cues, b)
            if b is None:
                return None
        if a.value.text.startswith("P") or b.value.text.startswith("P"):
            return None
        across = meaning.first.year != meaning.last.year  # «موسم 2025-2026» gives the sentence no year
        self._remember(structs.replace(meaning.last, year=None) if across else meaning.last, b, sentence)
        ends = meaning.first, meaning.last
        if all(end.weekday is not None and end.day is None and end.hour is None for end in ends):
            self.recurring = sentence  # «من الاثنين إلى الجمعة»
            self.opening = True
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

    def _before(self, a: Resolved, first: Fields, cues: Cues, b: Resolved) -> Resolved:
        """The weekday that begins an interval: the last before its end, «من ليل الخميس إلى صباح الجمعة 21 نوفمبر»."""
        start, end = a.value.earliest, b.value.earliest
        if first.weekday is None or first.day is not None or first.direction is not None:
            return a
        if start is None or end is None or (day_of(end) - day_of(start)).days < _WEEK:
            return a
        day = day_of(end) - timedelta(days=(day_of(end).isoweekday() - first.weekday) % _WEEK)
        dated = structs.replace(first, weekday=None, year=day.year, month=day.month, day=day.day)
        again = self.point(dated, cues)
        return a if again is None else structs.replace(again, as_written=a.as_written, resolution="completed")

    def _after(self, a: Resolved, last: Fields, cues: Cues, b: Resolved) -> Resolved | None:
        """The end of an interval that fell before its beginning: the next such point after it."""
        start = a.value.earliest
        if start is None:
            return None
        day = day_of(start)
        if last.hour is not None and b.value.earliest is not None:
            moved = day_of(b.value.earliest) + timedelta(days=1)
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
                    and moment_of(again.value.latest) >= moment_of(start)
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
        start = datetime.combine(self.calendar.reference, datetime.min.time())
        if finest in _YEARS:
            year = start.year + sum(amounts[unit] * size for unit, size in _YEARS.items() if unit in amounts)
            if year <= 0:  # «قبل 3000 عام»; five digits are more than a value has
                text = f"BC{1 - int(year):04}" if year > -9999 else vague
                return Resolved(type="DATE", value=Value(text), resolution="relative", sure=0.9)
        day = self._moved(start, amounts).date()
        if finest == "day":
            value = timex.of_day(day)
        elif finest == "week":
            value = timex.of_week(day + timedelta(days=self.calendar.into_iso_week(day)))
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
        if fields.zone is not None:
            zone = fields.zone if fields.zone != self.home_zone else None
            late = bool(fields.ambiguous and cues.after_noon)  # «السابعة مساء بتوقيت غرينتش (العاشرة بتوقيت مكة)»
            fields = structs.replace(fields, zone=zone, hour=(fields.hour or 0) + 12 * late)
        if fields.hour is None and fields.part is None:
            return self.calendar.resolve(fields, cues)
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
        day = self.calendar.resolve(structs.replace(fields, hour=None, part=None), cues)
        if day is None:
            return self._unknown_day(fields) if fields.following else None
        first = day.value.earliest
        if first is None or day_of(first) != day_of(day.value.latest or first):
            return None
        on = day_of(first)
        clock = self._clock_text(fields)
        written = (
            f"{day.as_written}{clock}"
            if day.as_written
            else clock
            if fields.hour is not None and day.resolution == "relative"
            else None
        )
        return structs.replace(day, type="TIME", value=self._on(on, fields), as_written=written)

    def _on(self, day: date, fields: Fields, part: str | None = None) -> Value:
        hour = fields.hour
        if hour is not None:
            planned = fields.minute in (None, 0, 15, 30, 45)  # by the quarter, unlike the minute of an earthquake
            if fields.ambiguous and fields.spoken and planned and hour < 6 and part not in ("MO", "NI"):
                hour += 12  # «الساعة الرابعة والنصف», of a match
            return timex.of_clock(day, hour, fields.minute or 0, fields.second, fields.zone)
        return timex.of_part(day, fields.part or "MO")

    def _clock_text(self, fields: Fields) -> str:
        if fields.hour is not None:
            return timex.clock_text("", fields.hour % 24, fields.minute or 0, fields.second, fields.zone)
        return f"T{fields.part}"

    def _clock_alone(self, fields: Fields, cues: Cues) -> Resolved:
        day, part = cues.day, cues.part or self.calendar.part
        if fields.hour == 24 and fields.minute == 0 and cues.midnight_before:
            fields = structs.replace(fields, hour=0)  # «بداية من منتصف الليل»: the midnight that opens the day
        written = self._clock_text(fields)
        if fields.ambiguous and fields.hour in _HOURS.get(cues.part or "", ()):
            fields = structs.replace(fields, hour=(fields.hour or 0) + 12)  # «الليلة انطلاقا من الساعة الثامنة»
        if day is None:
            return self._unknown_day(fields)
        if fields.hour is not None and fields.hour < 6 and self.calendar.part == "NI":
            day += timedelta(days=1)  # «في الليلة الماضية، حوالي الساعة الثانية»: past midnight
        return Resolved(
            type="TIME", value=self._on(day, fields, part), as_written=written, resolution="completed", sure=0.9
        )

    def _unknown_day(self, fields: Fields) -> Resolved:
        self.calendar.adrift = True
        written = self._clock_text(fields)
        return Resolved(type="TIME", value=Value(f"XXXX-XX-XX{written}"), as_written=written, sure=0.8)
