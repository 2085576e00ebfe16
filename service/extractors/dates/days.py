"""Atoms of weekdays, of days counted within a period, and of units counted from the day of publication."""

from service.extractors.dates.context import is_same, this_begins_noun
from service.extractors.dates.month_dates import day_month, month_and_year
from service.extractors.dates.numeric_dates import numeric_date, year
from service.extractors.dates.scan import Atom, Changes, Hit, Scan
from service.extractors.dates.tense import is_sport


def weekday(scan: Scan, i: int) -> Atom | None:
    """«الخميس», «يوم الخميس», «يوم خميس», «الخميس الماضي», «هذا الخميس»."""
    this = scan.hit(i, "this", bare=False)
    j = this.last if this else i
    word = scan.hit(j, "unit", "day", bare=bool(this))
    k = word.last if word and not word.definite else j
    hit = scan.hit(k, "weekday", bare=k > i)
    if hit is None and k > j:
        hit = scan.hit(k, "bare_weekday")
    numeral = scan.numerals.get(k)
    if hit is None or (numeral is not None and numeral.last > hit.last) or (k == i and hit.key == 1 and _both(scan, i)):
        return None  # «الأحد عشر» is eleven
    start = this.start if this else word.start if word and k > j else hit.start
    changes: Changes = {"weekday": hit.number}
    last = hit.last
    if this:
        changes["direction"] = 0
    direction = scan.hit(last, "direction")
    if direction is not None and not this and not this_begins_noun(scan, direction):
        last = direction.last
        changes["direction"] = direction.number
    return Atom(last, changes, "weekday", start)


def _both(scan: Scan, i: int) -> bool:
    """«بساقيه الاثنين», «بين الاثنين»: the two of them rather than Monday."""
    before = scan.folded[i - 1] if i > 0 else ""
    if before.endswith("بين"):
        return not (scan.folded[i + 1 : i + 2] and scan.folded[i + 1].startswith("و"))
    return before.endswith(("يه", "يها", "يهما"))


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
        described = unit.last < scan.size and scan.folded[unit.last].startswith("ال") and not scan.listed(unit.last)
        if not unit.definite or unit.name == "decade" or (unit.name == "day" and described):
            return None  # «هذا العقد» is a contract, «هذا اليوم الدامي» the day of the story
        if is_same(scan, this):
            return _same_unit(scan, unit, unit.last, this.start)
        direction = scan.hit(unit.last, "direction")
        last = (
            direction.last
            if direction is not None and direction.key == 0 and not this_begins_noun(scan, direction)
            else unit.last
        )
        return Atom(last, {"unit": unit.name, "shift": 0}, "this_unit", this.start)
    if scan.folded[unit.first] == "العام" and i > 0 and scan.hit(i - 1, "word", "general", bare=False) is not None:
        return None  # «الأمين العام الحالي»
    direction = scan.hit(unit.last, "direction")
    if direction is not None and not this_begins_noun(scan, direction):
        last_of = scan.folded[direction.first].startswith("الاخير") and scan.word(direction.last, "of") is not None
        if not unit.definite or last_of:
            return None  # «الشهر الأخير من حملها»
        return Atom(direction.last, {"unit": unit.name, "shift": direction.number}, "relative_unit", unit.start)
    same = scan.hit(unit.last, "same")
    if same is not None and unit.definite and unit.name != "day":
        return _same_unit(scan, unit, same.last, unit.start)
    following = scan.hit(unit.last, "following")
    if following is not None and unit.definite:
        return Atom(following.last, {"unit": unit.name, "shift": 1, "following": True}, "following_unit", unit.start)
    return None


def _same_unit(scan: Scan, unit: Hit, last: int, start: int) -> Atom | None:
    """«نفس اليوم», «العام نفسه», but not «الشهر نفسه من العام الماضي»: a unit that was named before."""
    if unit.name == "day":
        return Atom(last, {"unit": "day", "shift": 0, "following": True}, "same_day", start)
    if unit.name not in ("year", "month", "week") or scan.word(last, "of") is not None:
        return None
    return Atom(last, {"unit": unit.name, "shift": 0, "same": True}, "same_unit", start)


def _quarter(scan: Scan, i: int) -> Hit | None:
    """«الربع» of the year, where nothing says otherwise."""
    hit = scan.hit(i, "fraction", bare=False)
    if hit is None or not scan.folded[i].endswith("الربع") or is_sport(scan, i):
        return None
    return Hit("unit", "quarter", hit.first, hit.last, hit.start, hit.proclitics, True, "", "unit")


def deictic_day(scan: Scan, i: int) -> Atom | None:
    """«اليوم», «أمس», «بعد غد»."""
    hit = scan.hit(i, "day", bare=False)
    if hit is None:
        return None
    numeral = scan.number(hit.last)
    studies = scan.word(hit.last, "studies") is not None  # «هذا اليوم الدراسي»
    described = hit.last < scan.size and scan.folded[hit.last].startswith("ال") and not scan.listed(hit.last)
    if (described or studies) and any(scan.hit(k, "this", bare=False) is not None for k in (i - 1, i)):
        return None  # «هذا اليوم الدامي»: the day of the story
    apart = scan.folded[hit.last : hit.last + 1] == ["ال"]
    counted = numeral is not None and (numeral.ordinal or (numeral.definite and not numeral.words))
    if hit.key == 0 and (apart or counted):
        return None  # «اليوم السابع والعشرين للإضراب», «اليوم الـ45 للحرب»
    if hit.key == -1 and hit.proclitics.endswith("ل") and scan.doc.text[hit.start] == "ا" and hit.last == i + 1:
        return None  # «لامس», he touched
    if (
        scan.folded[i - 1 : i + 1] in (["في", "اليوم"], ["خلال", "اليوم"])
        and hit.last == i + 1
        and not _dated(scan, hit.last)
    ):
        return None  # «20 سيجارة في اليوم»: a day, any
    return Atom(hit.last, {"unit": "day", "shift": hit.number}, "deictic_day", hit.start)


def _dated(scan: Scan, j: int) -> bool:
    """Whether a weekday or a number stands at token `j`."""
    return scan.hit(j, "weekday") is not None or scan.digits(j) is not None
