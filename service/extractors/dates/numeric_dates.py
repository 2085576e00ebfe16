"""Atoms of dates in figures, and of years."""

from service.extractors.dates.context import counts, is_labelled
from service.extractors.dates.scan import Atom, Changes, Scan

SEPARATORS = "/-.–"


def numeric_date(scan: Scan, i: int) -> Atom | None:
    """Digits and separators without spaces: 20/5/2025, 2025-05-20, 20.05.25, 3/2015, 2015-3."""
    a, b = scan.digits(i), scan.digits(i + 2)
    if a is None or b is None or not scan.is_mark(i + 1, SEPARATORS) or not (scan.glued(i + 1) and scan.glued(i + 2)):
        return None
    if i and scan.glued(i) and scan.folded[i - 1] in "/-.+:,%$#":
        return None
    start, mark = scan.tokens[i].start, scan.folded[i + 1]
    if scan.folded[i + 3 : i + 4] == [mark] and scan.glued(i + 3) and scan.glued(i + 4):
        c = scan.digits(i + 4)
        if c is None or (
            scan.is_mark(i + 5, SEPARATORS)
            and scan.glued(i + 5)
            and scan.glued(i + 6)
            and scan.digits(i + 6) is not None
        ):
            return None
        widths = [len(scan.folded[k]) for k in (i, i + 2, i + 4)]
        changes = _year_month_day(scan, (a, b, c), widths)
        before = i - 1 if scan.is_mark(i - 1, ":(") else i
        if changes is None or (changes["two_digit"] and is_labelled(scan, before)):
            return None  # «الظهير الشريف رقم 1.25.61»
        end, hijri = _era(scan, i + 5, changes)
        changes["hijri"] = hijri or (True if 1300 <= changes["year"] <= 1500 and not changes.get("two_digit") else None)
        return Atom(end, _filled(changes), "numeric_date", start)
    widths = [len(scan.folded[i]), len(scan.folded[i + 2])]
    if mark in "/-" and widths[0] == 4 and 1 <= b <= 12 and widths[1] <= 2 and 1000 <= a <= 2200:
        return Atom(i + 3, {"year": a, "month": b}, "year_month", start)
    if mark in "/-" and widths[1] == 4 and 1 <= a <= 12 and widths[0] <= 2 and 1000 < b <= 2200:
        return Atom(i + 3, {"year": b, "month": a}, "year_month", start)
    return None


def day_over_month(scan: Scan, i: int) -> Atom | None:
    """«1/9»: only where the caller knows that a day is meant."""
    a, b = scan.digits(i), scan.digits(i + 2)
    if a is None or b is None or not scan.is_mark(i + 1, "/-") or not (scan.glued(i + 1) and scan.glued(i + 2)):
        return None
    if scan.is_mark(i + 3, SEPARATORS) and scan.glued(i + 3) and scan.glued(i + 4):
        return None
    day, month = (b, a) if scan.doc.region == "US" or (b > 12 >= a) else (a, b)
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    return Atom(i + 3, {"day": day, "month": month}, "day_over_month", scan.tokens[i].start)


def _year_month_day(scan: Scan, parts: tuple[int, int, int], widths: list[int]) -> Changes | None:
    a, b, c = parts
    if widths[0] == 4:
        year, month, day = a, b, c
        if month > 12 >= day:  # a right-to-left slip: 2025/20/5
            month, day = day, month
        two_digit = False
    elif widths[2] == 4 or (widths[2] == 2 and widths[0] <= 2 and widths[1] <= 2):
        day, month, year = a, b, c
        two_digit = widths[2] == 2
        if scan.doc.region == "US" or (month > 12 >= day):
            day, month = (month, day) if day <= 12 else (day, month)
    else:
        return None
    if not (1 <= month <= 12 and 1 <= day <= 31 and (two_digit or year >= 1)):
        return None
    return {"year": year, "month": month, "day": day, "two_digit": True if two_digit else None}


def _filled(changes: Changes) -> Changes:
    return {name: value for name, value in changes.items() if value is not None}


def _era(scan: Scan, i: int, changes: Changes) -> tuple[int, bool]:
    """Past «م», «ميلادي», «هـ», «ق.م» after a year, and whether it is Hijri."""
    end = scan.word(i, "ah")
    if end is not None:
        return end, True
    end = scan.word(i, "bc")
    if end is not None:
        changes["bc"] = True
        return end, False
    end = scan.word(i, "ad")
    if end is not None and not (scan.folded[i] == "م" and scan.folded[end : end + 2] == [".", "د"]):
        return end, False
    return i, False


def plain_year(scan: Scan, i: int, *, cued: bool) -> Atom | None:
    """A year in digits or words, with its era; `cued` says that سنة, a month or the like announces it."""
    value, last = _year_value(scan, i)
    if value is None:
        return None
    changes: Changes = {"year": value}
    end, hijri = _era(scan, last, changes)
    if hijri:
        changes["hijri"] = True
    marked = end > last
    if not cued and not marked:
        return None
    metres = not 1000 <= value <= 2100 or scan.folded[end : end + 1] == ["د"]
    if marked and not cued and metres and scan.folded[last] == "م":
        return None  # «152 م», and «2020 م د», million dinars
    if not marked and not 1 <= value <= 2999:
        return None
    if not changes.get("bc") and not marked and value < 100:
        return None
    # «1446هـ/2025م», «2025 (1446هـ)»: one year named in both calendars.
    if marked and scan.is_mark(end, "/-(") and not changes.get("bc"):
        other, after = _year_value(scan, end + 1)
        if other is not None:
            again: Changes = {}
            closing, other_hijri = _era(scan, after, again)
            if closing > after and other_hijri != hijri:
                if scan.is_mark(end, "(") and scan.is_mark(closing, ")"):
                    closing += 1
                return Atom(
                    closing, {"year": other if hijri else value}, "year_in_both_calendars", scan.tokens[i].start
                )
    return Atom(end, changes, "year", scan.tokens[i].start)


def _year_value(scan: Scan, i: int) -> tuple[int | None, int]:
    value = scan.digits(i)
    if value is not None and scan.glued(i) and scan.folded[i - 1] == "ر":
        return None, i  # «6ر2020»: the decimals of some newspapers
    if value is not None:
        width = len(scan.folded[i])
        if width > 4 or (
            scan.is_mark(i + 1, ".,") and scan.glued(i + 1) and scan.glued(i + 2) and scan.digits(i + 2) is not None
        ):
            return None, i
        return value, i + 1
    numeral = scan.number(i)
    if numeral is None or not numeral.words or numeral.ordinal or not isinstance(numeral.value, int):
        return None, i
    if 100 <= numeral.value <= 2999:
        return numeral.value, numeral.last
    return None, i


def year(scan: Scan, i: int) -> Atom | None:
    """«سنة 2016», «عام ألفين وعشرة», «العام 2015», «موسم 2016» and the year after a month or في."""
    hit = scan.hit(i, "school", bare=False) or scan.hit(i, "unit", "year", bare=False)
    if hit is None:
        return None
    found = plain_year(scan, hit.last, cued=True) or _two_digits(scan, hit.last)
    if found is None:
        return None
    return Atom(found.last, found.changes, "year", hit.start)


def _counted(scan: Scan, i: int) -> bool:
    return counts(scan, i) or scan.hit(i, "word", "counted") is not None


def _two_digits(scan: Scan, i: int) -> Atom | None:
    """«عام 67»: a year of the last century, where the two digits are neither a day nor a count."""
    value, numeral = scan.digits(i), scan.numerals.get(i)
    if scan.tokens[i - 1].text.endswith("نه"):
        return None  # «سنه 40», his age
    if value is None or not 32 <= value <= 99 or _counted(scan, i + 1):
        return None
    if numeral is not None and numeral.last > i + 1:
        return None
    followed = scan.is_mark(i + 1, "/-.,") and scan.glued(i + 1) and scan.digits(i + 2) is not None
    return None if followed else Atom(i + 1, {"year": 1900 + value}, "year", scan.tokens[i].start)
