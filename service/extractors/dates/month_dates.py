"""Atoms of months: alone, with their day, with their year."""

from service.extractors.dates.context import counts, is_clock, is_same, this_begins_noun, timed_before
from service.extractors.dates.numeric_dates import plain_year
from service.extractors.dates.scan import Atom, Changes, Hit, Scan


def month_name(scan: Scan, i: int, *, bare: bool = True) -> tuple[Hit, int] | None:
    """A month's name, with its doubles («أيار/مايو», «كانون الثاني (يناير)») and «شهر» before it; the token after."""
    month_word = scan.hit(i, "unit", "month", bare=bare)
    j = month_word.last if month_word else i
    hit = scan.hit(j, "month", bare=bare or month_word is not None) or scan.hit(
        j, "hijri_month", bare=bare or month_word is not None
    )
    if hit is None or (hit.bare == "written" and hit.proclitics and scan.doc.text[hit.start] != "آ"):
        return None  # «باب» is no «ب» before «آب»
    last = hit.last
    joined = scan.is_mark(last, "/-(،,–") or scan.word(last, "or") is not None
    second = scan.hit(last + 1 if joined else last, hit.kind)  # «15 يوليو تموز» too
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
    j, more = year_after(scan, last)
    if not more and named is not None and not after_day and not _stands_alone(scan, named[0], i, last):
        return None
    return Atom(j, changes | more, "month", start)


def year_after(scan: Scan, i: int) -> tuple[int, Changes]:
    """The year that follows a month: «2025», «، 2025», «من عام 2025», «من العام الماضي», «المقبل»."""
    end, changes = i, {}
    direction = scan.hit(i, "direction")
    if direction is not None and not this_begins_noun(scan, direction):
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
            same = scan.hit(unit.last, "same")
            if same is not None and unit.definite:
                return same.last, changes | {"year_shift": 0, "same": True}
        this = scan.hit(k, "this")
        if this is not None:
            unit = scan.hit(this.last, "unit", "year")
            if unit is not None and unit.definite:
                return unit.last, changes | {"year_shift": 0} | ({"same": True} if is_same(scan, this) else {})
        if k == j or scan.is_mark(j, ",،/-."):
            found = plain_year(scan, k, cued=True)
            if (
                found is not None
                and not is_clock(scan, k)
                and _plausible(found.changes)
                and (k == j or found.changes["year"] >= 1000)
            ):
                return found.last, changes | found.changes
    return end, changes


def _plausible(changes: Changes) -> bool:
    return bool(changes.get("bc") or changes.get("hijri") or changes["year"] >= 1000)


def _stands_alone(scan: Scan, hit: Hit, i: int, last: int) -> bool:
    """Whether a month's name with neither day nor year is meant as a month."""
    if not hit.bare:
        return True
    if hit.bare == "strict":
        return scan.alone(i, last)
    if hit.bare == "written":
        return scan.doc.text[hit.start] == "آ"
    return timed_before(scan, i) or hit.proclitics in ("ب", "ل") or scan.alone(i, last)


def day_number(scan: Scan, i: int, *, bare: bool = True) -> tuple[int, int, int] | None:
    """A day of the month, in digits, words or «غرة»: its number, the token after, and where it begins."""
    value = scan.digits(i)
    if value is not None:
        return (value, i + 1, scan.tokens[i].start) if 1 <= value <= 31 and len(scan.folded[i]) <= 2 else None
    if scan.folded[i : i + 1] == ["ال"] and scan.glued(i + 1) and 1 <= (scan.digits(i + 1) or 0) <= 31:
        return scan.values[i + 1], i + 2, scan.tokens[i].start  # «الـ19 فيفري»
    first = scan.hit(i, "word", "first_day", bare=bare)
    if first is not None:
        return 1, first.last, first.start
    numeral = scan.number(i, bare=bare)
    if numeral is not None and numeral.words and isinstance(numeral.value, int) and 1 <= numeral.value <= 31:
        if numeral.ordinal and numeral.value < 11 and scan.folded[i].endswith(("ه", "ولي")):
            return None  # «الأسابيع الثلاثة الأولى من الشهر»: no day is feminine
        return numeral.value, numeral.last, numeral.start
    return None


def day_month(scan: Scan, i: int, *, bare: bool = True) -> Atom | None:
    """«20 ماي 2025», «الأول من شهر ماي», «غرة جوان», «11/أبريل/1987», «أكتوبر 14», «مارس 11, 1987»."""
    first = day_number(scan, i, bare=bare)
    if first is not None:
        value, last, start = first
        for k in (last, scan.word(last, "of") or last, last + 1 if scan.is_mark(last, "/-") else last):
            month = month_and_year(scan, k, after_day=True, bare=k != last)
            marked = scan.is_mark(k - 1, "/-") and k > last
            if marked and month is not None and "year" not in month.changes and _is_strict(scan, k):
                continue  # «4-صفر» is a score
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
        end, more = year_after(scan, second[1])
        changes: Changes = {"day": second[0], "month": named[0].number}
        if named[0].kind == "hijri_month":
            changes["hijri"] = True
        if is_clock(scan, k) or (
            scan.is_mark(second[1], ".,%/-")
            and scan.glued(second[1])
            and scan.digits(second[1] + 1) is not None
            and scan.glued(second[1] + 1)
        ):
            continue
        return Atom(end, changes | more, "month_day", named[0].start)
    return None


def _is_strict(scan: Scan, k: int) -> bool:
    return any(hit.bare == "strict" for hit in scan.hits_at(k))


def _own_month(scan: Scan, k: int) -> bool:
    """A month right after a day number carries no proclitic but ل or ب («5 لشهر ماي»)."""
    return all(
        hit.proclitics in ("", "ب", "ل") for hit in scan.hits_at(k) if hit.kind in ("month", "hijri_month", "unit")
    )


def _ordinal_noun(scan: Scan, i: int, k: int) -> bool:
    """«الرئيس الثاني مارس»: an ordinal right before a form that is an ordinary word too."""
    numeral = scan.numerals.get(i)
    guarded = any(hit.kind == "month" and hit.bare for hit in scan.hits_at(k))
    return numeral is not None and numeral.ordinal and guarded
