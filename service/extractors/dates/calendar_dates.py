"""Atoms of calendar dates: what one stretch of tokens says of year, month, day, weekday or period.

An atom is a function of the scan and a token; it gives the token after it and the fields that it fills, or None.
"""

from service.extractors.dates.scan import Atom, Changes, Hit, Scan
from service.extractors.dates.tense import is_future_verb

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
        if changes is None:
            return None
        end, hijri = _era(scan, i + 5, changes)
        changes["hijri"] = hijri or (True if 1300 <= changes["year"] <= 1500 and not changes.get("two_digit") else None)
        return Atom(end, _filled(changes), "numeric_date", start)
    widths = [len(scan.folded[i]), len(scan.folded[i + 2])]
    if mark in "/-" and widths[0] == 4 and 1 <= b <= 12 and widths[1] <= 2 and 1000 <= a <= 2200:
        return Atom(i + 3, {"year": a, "month": b}, "year_month", start)
    if mark in "/-" and widths[1] == 4 and 1 <= a <= 12 and widths[0] <= 2 and 1000 <= b <= 2200:
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
    if end is not None and not (scan.folded[i] == "م" and scan.glued(end) and scan.folded[end : end + 1] == ["."]):
        return end, False
    return i, False


def plain_year(scan: Scan, i: int, *, cued: bool) -> Atom | None:
    """A year in digits or words, with its era; `cued` says that سنة, a month or the like announces it."""
    value, last = _year_value(scan, i)
    if value is None:
        return None
    changes: Changes = {"year": value}
    end, hijri = _era(scan, last, changes)
    if hijri or (1300 <= value <= 1500 and cued and False):
        changes["hijri"] = True
    marked = end > last
    if not cued and not marked:
        return None
    if marked and not cued and scan.folded[last] == "م" and not 1000 <= value <= 2100:
        return None  # «152 م» are metres
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
    if value is not None:
        width = len(scan.folded[i])
        if width > 4 or (
            scan.is_mark(i + 1, ".,") and scan.glued(i + 1) and scan.glued(i + 2) and scan.digits(i + 2) is not None
        ):
            return None, i
        return value, i + 1
    numeral = scan.number(i)
    if numeral is not None and numeral.words and not numeral.ordinal and isinstance(numeral.value, int):
        if 100 <= numeral.value <= 2999:
            return numeral.value, numeral.last
    return None, i


def year(scan: Scan, i: int) -> Atom | None:
    """«سنة 2016», «عام ألفين وعشرة», «العام 2015», «موسم 2016» and the year after a month or في."""
    hit = scan.hit(i, "unit", "year", bare=False) or scan.hit(i, "school", bare=False)
    if hit is None:
        return None
    found = plain_year(scan, hit.last, cued=True)
    if found is None:
        return None
    return Atom(found.last, found.changes, "year", hit.start)


def month_name(scan: Scan, i: int, *, bare: bool = True) -> tuple[Hit, int] | None:
    """A month's name, with its doubles («أيار/مايو», «كانون الثاني (يناير)») and «شهر» before it; the token after."""
    month_word = scan.hit(i, "unit", "month", bare=bare)
    j = month_word.last if month_word else i
    hit = scan.hit(j, "month", bare=bare or month_word is not None) or scan.hit(
        j, "hijri_month", bare=bare or month_word is not None
    )
    if hit is None:
        return None
    last = hit.last
    if scan.is_mark(last, "/-(،,–") or scan.word(last, "or"):
        second = scan.hit(last + 1, hit.kind)
        if second is not None and second.key == hit.key:
            last = second.last
            if scan.is_mark(hit.last, "(") and scan.is_mark(last, ")"):
                last += 1
    start = month_word.start if month_word else hit.start
    loose = "" if month_word else hit.bare
    return Hit(
        hit.kind,
        hit.key,
        i,
        last,
        start,
        month_word.proclitics if month_word else hit.proclitics,
        month_word is not None,
        loose,
        hit.label,
    ), last


def month_number(scan: Scan, i: int, *, bare: bool = True) -> tuple[int, int, int] | None:
    """«شهر 12», «شهر ثلاثة»: its number, the token after, and where it begins."""
    hit = scan.hit(i, "unit", "month", bare=bare)
    if hit is None or hit.definite:
        return None
    numeral = scan.number(hit.last)
    value = scan.digits(hit.last)
    last = hit.last + 1
    spoken = numeral is not None and numeral.words and scan.folded[hit.last] not in ("واحد", "واحده")
    if value is None and numeral is not None and spoken and isinstance(numeral.value, int):
        value, last = numeral.value, numeral.last
    if value is None or not 1 <= value <= 12:
        return None
    return value, last, hit.start


def month_and_year(scan: Scan, i: int, *, after_day: bool, bare: bool = True) -> Atom | None:
    """A month by name or number with the year that follows it; `after_day` accepts any form of its name."""
    named = month_name(scan, i, bare=bare)
    if named is not None:
        hit, last = named
        start, changes = hit.start, {"month": hit.number}
        if hit.kind == "hijri_month":
            changes["hijri"] = True
    else:
        numbered = month_number(scan, i, bare=bare)
        if numbered is None:
            return None
        value, last, start = numbered
        changes = {"month": value}
    j, more = _year_after(scan, last)
    if not more and named is not None and not after_day and not _stands_alone(scan, named[0], i, last):
        return None
    return Atom(j, changes | more, "month", start)


def _year_after(scan: Scan, i: int) -> tuple[int, Changes]:
    """The year that follows a month: «2025», «، 2025», «من عام 2025», «من العام الماضي», «المقبل»."""
    end, changes = i, {}
    direction = scan.hit(i, "direction")
    if direction is not None and not _this_begins_noun(scan, direction):
        end, changes = direction.last, {"direction": direction.number}
    j = end
    for k in (j, j + 1 if scan.is_mark(j, ",،/-.") else j, scan.word(j, "of") or j):
        unit = scan.hit(k, "unit", "year", bare=False)
        if unit is not None and (unit.proclitics in ("", "ب", "ل") or unit.proclitics == "لل"):
            found = plain_year(scan, unit.last, cued=True)
            if found is not None:
                return found.last, changes | found.changes
            way = scan.hit(unit.last, "direction")
            if way is not None and unit.definite:
                return way.last, changes | {"year_shift": way.number}
        this = scan.hit(k, "this")
        if this is not None:
            unit = scan.hit(this.last, "unit", "year")
            if unit is not None and unit.definite:
                return unit.last, changes | {"year_shift": 0}
        if k == j or scan.is_mark(j, ",،/-."):
            found = plain_year(scan, k, cued=True)
            if (
                found is not None
                and not _is_clock(scan, k)
                and _plausible(found.changes)
                and (k == j or found.changes["year"] >= 1000)
            ):
                return found.last, changes | found.changes
    return end, changes


def _plausible(changes: Changes) -> bool:
    return bool(changes.get("bc") or changes.get("hijri") or changes["year"] >= 1000)


def _is_clock(scan: Scan, i: int) -> bool:
    return len(scan.folded[i]) <= 2 and scan.is_mark(i + 1, ":") and scan.glued(i + 1)


def _this_begins_noun(scan: Scan, hit: Hit) -> bool:
    """«هذا» after a unit belongs to it only when no noun of its own follows."""
    return (
        hit.key == 0
        and scan.hit(hit.first, "this") is not None
        and scan.folded[hit.last : hit.last + 1] != []
        and (scan.folded[hit.last].startswith("ال"))
    )


def _stands_alone(scan: Scan, hit: Hit, i: int, last: int) -> bool:
    """Whether a month's name with neither day nor year is meant as a month."""
    if not hit.bare:
        return True
    if hit.bare == "strict":
        return scan.alone(i, last)
    if hit.bare == "written":
        return scan.doc.text[hit.start] == "آ"
    return timed_before(scan, i) or hit.proclitics in ("ب", "ل") or scan.alone(i, last)


def timed_before(scan: Scan, i: int) -> bool:
    """Whether a preposition of time stands before token `i`."""
    return i > 0 and any(
        (hit.kind == "cue" and hit.key == "time") or hit.kind in ("stretch", "bound")
        for hit in scan.hits.get(i - 1, ())
    )


def day_number(scan: Scan, i: int, *, bare: bool = True) -> tuple[int, int, int] | None:
    """A day of the month, in digits, words or «غرة»: its number, the token after, and where it begins."""
    value = scan.digits(i)
    if value is not None:
        return (value, i + 1, scan.tokens[i].start) if 1 <= value <= 31 and len(scan.folded[i]) <= 2 else None
    first = scan.hit(i, "word", "first_day", bare=bare)
    if first is not None:
        return 1, first.last, first.start
    numeral = scan.number(i, bare=bare)
    if numeral is not None and numeral.words and isinstance(numeral.value, int) and 1 <= numeral.value <= 31:
        return numeral.value, numeral.last, numeral.start
    return None


def day_month(scan: Scan, i: int, *, bare: bool = True) -> Atom | None:
    """«20 ماي 2025», «الأول من شهر ماي», «غرة جوان», «11/أبريل/1987», «أكتوبر 14», «مارس 11, 1987»."""
    first = day_number(scan, i, bare=bare)
    if first is not None:
        value, last, start = first
        for k in (last, scan.word(last, "of") or last, last + 1 if scan.is_mark(last, "/-") else last):
            month = month_and_year(scan, k, after_day=True, bare=k != last)
            if month is not None and (k > last or (_own_month(scan, k) and not _ordinal_noun(scan, i, k))):
                return Atom(month.last, {"day": value} | month.changes, "day_month", start)
        return None
    named = month_name(scan, i, bare=bare)
    if named is None:
        return None
    j = named[1]
    for k in (j, j + 1 if scan.is_mark(j, "/-") else j):
        second = day_number(scan, k)
        # «ماي الخامس عشر», «أكتوبر 14»; «ماي 2 أشخاص» counts.
        if second is None or (scan.digits(k) is None and not scan.numerals[k].ordinal) or counts(scan, second[1]):
            continue
        end, more = _year_after(scan, second[1])
        changes: Changes = {"day": second[0], "month": named[0].number}
        if named[0].kind == "hijri_month":
            changes["hijri"] = True
        if _is_clock(scan, k) or (
            scan.is_mark(second[1], ".,%/-")
            and scan.glued(second[1])
            and scan.digits(second[1] + 1) is not None
            and scan.glued(second[1] + 1)
        ):
            continue
        return Atom(end, changes | more, "month_day", named[0].start)
    return None


def _own_month(scan: Scan, k: int) -> bool:
    """A month right after a day number carries no proclitic but ل or ب («5 لشهر ماي»)."""
    return all(
        hit.proclitics in ("", "ب", "ل") for hit in scan.hits.get(k, ()) if hit.kind in ("month", "hijri_month", "unit")
    )


def _ordinal_noun(scan: Scan, i: int, k: int) -> bool:
    """«الرئيس الثاني مارس»: an ordinal right before a form that is an ordinary word too."""
    numeral = scan.numerals.get(i)
    guarded = any(hit.kind == "month" and hit.bare for hit in scan.hits.get(k, ()))
    return numeral is not None and numeral.ordinal and guarded


def counts(scan: Scan, i: int) -> bool:
    """Whether the token at `i` reads like a counted noun: an indefinite word that no lexicon of time knows."""
    if i >= scan.size or not scan.folded[i][0].isalpha():
        return scan.is_mark(i, "%$€£")
    if scan.hit(i, "word", "plain", bare=False) is not None or is_future_verb(scan.folded[i], scan.tokens[i].text):
        return False
    return (
        i not in scan.hits and i not in scan.numerals and not scan.folded[i].startswith(("ال", "و", "ف", "ب", "ل", "ك"))
    )


def weekday(scan: Scan, i: int) -> Atom | None:
    """«الخميس», «يوم الخميس», «يوم خميس», «الخميس الماضي», «هذا الخميس»."""
    this = scan.hit(i, "this", bare=False)
    j = this.last if this else i
    word = scan.hit(j, "unit", "day", bare=bool(this))
    k = word.last if word and not word.definite else j
    hit = scan.hit(k, "weekday", bare=k > i)
    if hit is None and k > j:
        hit = scan.hit(k, "bare_weekday")
    if hit is None:
        return None
    start = this.start if this else word.start if word and k > j else hit.start
    changes: Changes = {"weekday": hit.number}
    last = hit.last
    if this:
        changes["direction"] = 0
    direction = scan.hit(last, "direction")
    if direction is not None and not this and not _this_begins_noun(scan, direction):
        last = direction.last
        changes["direction"] = direction.number
    return Atom(last, changes, "weekday", start)


def bare_weekday(scan: Scan, i: int) -> Atom | None:
    """«أحد 14 فبراير», «أحد الأسبوع الماضي»: a weekday without article, only where a date follows."""
    hit = scan.hit(i, "bare_weekday")
    if hit is None:
        return None
    j = hit.last
    if j < scan.size and (
        (scan.digits(j) is not None and (day_month(scan, j) or numeric_date(scan, j))) or anchored_unit(scan, j)
    ):
        return Atom(j, {"weekday": hit.number}, "weekday", hit.start)
    return None


def nth_day(scan: Scan, i: int) -> Atom | None:
    """«ثالث ثلاثاء», «الثلاثاء الثالث», «آخر يوم», «اليوم الأخير»: the nth of the period that follows."""
    ordinal = _nth(scan, i)
    if ordinal is not None:
        n, last, start = ordinal
        word = scan.hit(last, "unit", "day") or scan.hit(last, "unit", "week")
        j = word.last if word else last
        hit = scan.hit(j, "bare_weekday") or scan.hit(j, "weekday")
        if hit is not None and (word is None or word.key == "day"):
            return _if_of(
                scan, Atom(hit.last, {"nth": n, "nth_of": "weekday", "weekday": hit.number}, "nth_weekday", start)
            )
        if word is not None and not word.definite:
            return _if_of(scan, Atom(word.last, {"nth": n, "nth_of": word.name}, "nth_day", start))
        return None
    hit = (
        scan.hit(i, "weekday", bare=False)
        or scan.hit(i, "unit", "day", bare=False)
        or scan.hit(i, "unit", "week", bare=False)
    )
    if hit is None or (hit.kind == "unit" and not hit.definite):
        return None
    ordinal = _nth(scan, hit.last)
    if ordinal is None:
        return None
    changes: Changes = {"nth": ordinal[0]}
    if hit.kind == "weekday":
        changes |= {"nth_of": "weekday", "weekday": hit.number}
    else:
        changes["nth_of"] = hit.name
    return _if_of(scan, Atom(ordinal[1], changes, "nth_day", hit.start))


def _nth(scan: Scan, i: int) -> tuple[int, int, int] | None:
    last = scan.hit(i, "stretch", "END", bare=False)
    if last is not None and scan.folded[last.first].endswith("اخر"):
        return -1, last.last, last.start
    final = scan.hit(i, "direction", -1)
    if final is not None and scan.folded[i].startswith("الاخير"):
        return -1, final.last, final.start
    first = scan.hit(i, "stretch", "START", bare=False)
    if first is not None and scan.folded[first.first].endswith("اول"):
        return 1, first.last, first.start
    numeral = scan.number(i, bare=False)
    if numeral is not None and numeral.ordinal and isinstance(numeral.value, int) and 1 <= numeral.value <= 53:
        return numeral.value, numeral.last, numeral.start
    return None


def _if_of(scan: Scan, atom: Atom) -> Atom | None:
    """The atom, where a month, a year or an anchored period follows it."""
    j = atom.last
    if atom.changes["nth_of"] == "weekday" and atom.changes["nth"] > 5:
        return None
    for k in (j, scan.word(j, "of") or j, scan.word(j, "within") or j):
        if month_and_year(scan, k, after_day=True, bare=False) or anchored_unit(scan, k) or year(scan, k):
            return Atom(k, atom.changes, atom.rule, atom.start)
    return None


def anchored_unit(scan: Scan, i: int) -> Atom | None:
    """«الأسبوع الماضي», «هذا العام», «الشهر هذا», «العام قبل الماضي», «السنة بعد الجاي»."""
    this = scan.hit(i, "this", bare=False)
    unit = scan.hit(this.last if this else i, "unit", bare=this is not None) or _quarter(scan, this.last if this else i)
    if unit is None or unit.name in ("second", "minute", "hour") or (not unit.definite and unit.name != "year"):
        return None
    if this is not None:
        if not unit.definite:
            return None
        if scan.folded[this.first].endswith(("نفس", "ذات")):
            return (
                Atom(unit.last, {"unit": "day", "shift": 0, "following": True}, "same_day", this.start)
                if unit.name == "day"
                else None
            )
        direction = scan.hit(unit.last, "direction")
        last = (
            direction.last
            if direction is not None and direction.key == 0 and not _this_begins_noun(scan, direction)
            else unit.last
        )
        return Atom(last, {"unit": unit.name, "shift": 0}, "this_unit", this.start)
    if scan.folded[unit.first] == "العام" and i > 0 and scan.hit(i - 1, "word", "general", bare=False) is not None:
        return None  # «الأمين العام الحالي»
    direction = scan.hit(unit.last, "direction")
    if direction is not None and not _this_begins_noun(scan, direction):
        if not unit.definite:
            return None
        return Atom(direction.last, {"unit": unit.name, "shift": direction.number}, "relative_unit", unit.start)
    following = scan.hit(unit.last, "following")
    if following is not None and unit.definite:
        return Atom(following.last, {"unit": unit.name, "shift": 1, "following": True}, "following_unit", unit.start)
    return None


def _quarter(scan: Scan, i: int) -> Hit | None:
    """«الربع» of the year, where nothing says otherwise."""
    hit = scan.hit(i, "fraction", bare=False)
    if hit is None or not scan.folded[i].endswith("الربع"):
        return None
    return Hit("unit", "quarter", hit.first, hit.last, hit.start, hit.proclitics, True, "", "unit")


def deictic_day(scan: Scan, i: int) -> Atom | None:
    """«اليوم», «أمس», «بعد غد»."""
    hit = scan.hit(i, "day", bare=False)
    if hit is None:
        return None
    return Atom(hit.last, {"unit": "day", "shift": hit.number}, "deictic_day", hit.start)
