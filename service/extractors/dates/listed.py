"""Dates listed side by side: years, days of one month, weekdays."""

from itertools import pairwise

from msgspec import structs

from service.extractors.dates import periods
from service.extractors.dates.context import counts
from service.extractors.dates.fields import Fields, Interval, Parsed
from service.extractors.dates.loose import bare_year
from service.extractors.dates.month_dates import day_number, month_and_year, month_name, year_after
from service.extractors.dates.open_days import counted_month
from service.extractors.dates.scan import Scan


def year_range(scan: Scan, i: int) -> Parsed | None:
    """«2016-2017», «موسم 2016/2017», «الموسم 2015-16»."""
    word = scan.hit(i, "school", bare=False) or scan.hit(i, "unit", "year", bare=False)
    found = periods.school_year(scan, word.last if word else i)
    if found is None:
        return None
    first, second, last, start = found
    meaning = Interval(first=Fields(year=first), last=Fields(year=second))
    return Parsed(first=i, last=last, start=word.start if word else start, meaning=meaning, rule="year_range")


def listed_days(scan: Scan, i: int) -> Parsed | None:
    """«5 و6 و7 ماي», «20-23 ماي», «13 إلى 15 يوليو», «يوليو 13-15»: consecutive days of one month."""
    named = month_name(scan, i, bare=False)
    if named is not None and (first := scan.digits(named[1])) is not None and scan.is_mark(named[1] + 1, "-–"):
        second = scan.digits(named[1] + 2)
        if second is not None and 1 <= first < second <= 31:
            after, more = year_after(scan, named[1] + 3)
            base = {"month": named[0].number, **more} | ({"hijri": True} if named[0].kind == "hijri_month" else {})
            meaning = Interval(first=Fields(day=first, **base), last=Fields(day=second, **base))
            return Parsed(first=i, last=after, start=named[0].start, meaning=meaning, rule="days_of_month")
    head = day_number(scan, i, bare=False)
    if head is None:
        return None
    days, j, joined = [head[0]], head[1], True
    while len(days) < 31:
        k = j
        mark = scan.folded[k] if k < scan.size else ""
        if mark in ("و", "او", "-", "–", "،", ",", "ل") or scan.hit(k, "word", "to", bare=False):
            to = scan.hit(k, "word", "to", bare=False)
            k = to.last if to is not None else k + 1
            joined = mark in ("و", "او", "،", ",")
        elif not mark.startswith("و"):
            break
        nxt = day_number(scan, k, bare=False)
        if nxt is None:
            break
        if nxt[0] <= days[-1]:
            return None
        days.append(nxt[0])
        j = nxt[1]
        if not joined:
            break
    if len(days) < 2:
        return None
    if joined and days != list(range(days[0], days[-1] + 1)):
        return None
    for k in dict.fromkeys((j, scan.word(j, "of") or j)):
        month = month_and_year(scan, k, after_day=True, bare=False) or counted_month(scan, k)
        if month is not None:
            meaning = Interval(first=Fields(day=days[0], **month.changes), last=Fields(day=days[-1], **month.changes))
            return Parsed(first=i, last=month.last, start=head[2], meaning=meaning, rule="days_of_month")
    return None


def listed_years(scan: Scan, i: int) -> Parsed | None:
    """«سنتي 2015 و2016», «السنوات 2016 و2017 و2018»: consecutive years."""
    word = next(
        (hit for kind in ("dual_construct", "plural", "unit") if (hit := scan.hit(i, kind, "year", bare=False))), None
    )
    j = word.last if word else i
    first = scan.digits(j)
    if first is None or len(scan.folded[j]) != 4 or not 1000 <= first <= 2200:
        return None
    if word is None and bare_year(scan, i) is None:
        return None
    years, k = [first], j + 1
    while (
        scan.folded[k : k + 1] in (["و"], ["،"], [","])
        and (value := scan.digits(k + 1)) is not None
        and len(scan.folded[k + 1]) == 4
    ):
        if value != years[-1] + 1:
            return None
        years.append(value)
        k += 2
    if len(years) < 2 or counts(scan, k):
        return None
    meaning = Interval(first=Fields(year=years[0]), last=Fields(year=years[-1]))
    return Parsed(first=i, last=k, start=word.start if word else scan.tokens[i].start, meaning=meaning, rule="years")


def listed_weekdays(scan: Scan, i: int) -> Parsed | None:
    """«يومي السبت والأحد», «أيام الجمعة والسبت والأحد المقبلة»: consecutive weekdays."""
    word = scan.hit(i, "dual_construct", "day", bare=False) or scan.hit(i, "plural", "day", bare=False)
    if word is None:
        return None
    hit = scan.hit(word.last, "weekday")
    if hit is None:
        return None
    days, j = [hit.number], hit.last
    while True:
        k = j + 1 if scan.folded[j : j + 1] in (["و"], ["،"]) else j
        nxt = scan.hit(k, "weekday", bare=False)
        if nxt is None or (k == j and nxt.proclitics != "و"):
            break
        days.append(nxt.number)
        j = nxt.last
    if len(days) < 2 or any(b % 7 != (a + 1) % 7 for a, b in pairwise(days)):
        return None
    dates = listed_days(scan, j)
    if dates is not None:  # «يومي الثلاثاء والأربعاء 11 و12 أفريل»
        return structs.replace(dates, first=i, start=word.start)
    direction = scan.hit(j, "direction")
    way = None
    if direction is not None:
        j, way = direction.last, direction.number
    meaning = Interval(first=Fields(weekday=days[0], direction=way), last=Fields(weekday=days[-1], direction=way))
    return Parsed(first=i, last=j, start=word.start, meaning=meaning, rule="weekdays")
