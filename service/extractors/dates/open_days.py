"""Atoms of days whose month the words leave open, or name by what they stand near."""

from service.extractors.dates.context import is_labelled, timed_before
from service.extractors.dates.days import anchored_unit, weekday
from service.extractors.dates.month_dates import day_number, month_and_year
from service.extractors.dates.numeric_dates import day_over_month
from service.extractors.dates.scan import Atom, Changes, Scan

_SAME_MONTH: Changes = {"unit": "month", "shift": 0, "same": True}


def day_of_period(scan: Scan, i: int) -> Atom | None:
    """«20 من هذا الشهر», «الثالث من الشهر الماضي», «22 الجاري», «اليوم الأول من شهر ثلاثة», «31 من الشهر الجاري»."""
    unit = scan.hit(i, "unit", "day", bare=False)
    j = unit.last if unit is not None and unit.definite else i
    number = day_number(scan, j, bare=j > i)
    if number is None:
        return None
    start = unit.start if unit is not None and j > i else number[2]
    for k in dict.fromkeys((scan.word(number[1], "of") or number[1], number[1])):
        if k == number[1] and j == i:
            continue
        month = month_and_year(scan, k, after_day=True, bare=False)
        if month is not None:
            return Atom(month.last, {"day": number[0]} | month.changes, "day_month", start)
    of = scan.word(number[1], "of")
    k = of if of is not None else number[1]
    of_it = scan.word(k, "of_it")
    if j == i and of_it is not None and scan.digits(i) is not None and timed_before(scan, i):
        return Atom(of_it, {"day": number[0]} | _SAME_MONTH, "day_of_month", start)  # «حتى 14 منه»
    found = counted_month(scan, k)
    if found is None:
        return None
    bare = of is None and found.rule == "way"
    if bare and (scan.digits(number[1] - 1) is None or is_labelled(scan, i)):
        return None
    return Atom(found.last, {"day": number[0]} | found.changes, "day_of_month", start)


def counted_month(scan: Scan, i: int) -> Atom | None:
    """«هذا الشهر», «الشهر الماضي», «الجاري»: a month counted from that of publication."""
    found = anchored_unit(scan, i)
    if found is not None:
        return found if found.changes["unit"] == "month" else None
    way = scan.hit(i, "direction")
    if way is None or abs(way.number) > 1 or not scan.folded[i].startswith("ال") or scan.folded[i].endswith("ه"):
        return None  # «الواحد من هذا النوع»
    return Atom(way.last, {"unit": "month", "shift": way.number}, "way", way.start)


def weekday_and_number(scan: Scan, i: int) -> Atom | None:
    """«السبت السادس عشر», «الخميس 15»: a weekday and a day of the month that the sentence leaves open."""
    found = weekday(scan, i)
    if found is None or "direction" in found.changes:
        return None
    numeral = scan.number(found.last)
    day = day_number(scan, found.last)
    of_it = scan.word(day[1], "of_it") if day is not None else None
    if day is not None and of_it is not None:
        changes = found.changes | {"day": day[0]} | _SAME_MONTH
        return Atom(of_it, changes, "weekday_and_number", found.start)  # «الاثنين 24 منه»
    if (
        numeral is not None
        and isinstance(numeral.value, int)
        and (5 if numeral.ordinal else 1) <= numeral.value <= 31
        and (
            numeral.ordinal
            or (not numeral.words and (_phrase_ends(scan, numeral.last) or _another_day(scan, numeral.last)))
        )
    ):
        return Atom(numeral.last, found.changes | {"day": numeral.value}, "weekday_and_number", found.start)
    over = day_over_month(scan, found.last)
    if over is not None:
        return Atom(over.last, found.changes | over.changes, "day_over_month", found.start)
    return None


def _another_day(scan: Scan, j: int) -> bool:
    """«السبت 10 والأحد 11 ماي»: whether another weekday follows."""
    k = j + 1 if scan.folded[j : j + 1] == ["و"] else j
    hit = scan.hit(k, "weekday", bare=False)
    return hit is not None and (k > j or hit.proclitics == "و") and scan.digits(hit.last) is not None


def _phrase_ends(scan: Scan, j: int) -> bool:
    """Whether a sentence, a clause or an end of an interval stops before token `j`."""
    return (
        j >= scan.size or (scan.is_mark(j, ".،؛!؟?") and not scan.glued(j + 1)) or scan.hit(j, "word", "to") is not None
    )


def day_alone(scan: Scan, i: int) -> Atom | None:
    """«يوم 15», where the sentence leaves the month open: the number alone."""
    word = scan.hit(i, "unit", "day", bare=False)
    if word is None or word.definite:
        return None
    value = scan.digits(word.last)
    if value is None or not 1 <= value <= 31 or not _phrase_ends(scan, word.last + 1):
        return None
    return Atom(word.last + 1, {"day": value}, "day_number", scan.tokens[word.last].start)


def lone_day_over_month(scan: Scan, i: int) -> Atom | None:
    """«1/9» as the whole text, or after a word that announces a date."""
    found = day_over_month(scan, i)
    if found is None or (i > 0 and scan.glued(i)):
        return None
    announced = i > 0 and (scan.hit(i - 1, "cue", "dated", bare=False) is not None)
    if not announced and not scan.alone(i, found.last):
        return None
    way = scan.hit(found.last, "direction")  # «في 11/3 الماضي»
    return found if way is None else Atom(way.last, found.changes | {"direction": way.number}, found.rule, found.start)
