"""Expressions of one word or one number, which mean time only in their place."""

from service.extractors.dates.context import counts, is_labelled, timed_before
from service.extractors.dates.expressions import belongs_to_name
from service.extractors.dates.fields import Fields, Parsed, Reference
from service.extractors.dates.numeric_dates import plain_year
from service.extractors.dates.scan import Scan
from service.extractors.dates.tense import is_future


def bare_year(scan: Scan, i: int) -> Parsed | None:
    """«في 2016», «خلال 2015», «ميزانية 2017», «2020م»: a year in digits with nothing to count after it."""
    marked = plain_year(scan, i, cued=False)
    if marked is not None:
        if not (marked.changes["year"] >= 100 or marked.changes.get("bc") or marked.changes.get("hijri")):
            return None
        return Parsed(
            first=i, last=marked.last, start=marked.start, meaning=Fields(**marked.changes), rule="year_with_era"
        )
    value = scan.digits(i)
    if value is None or len(scan.folded[i]) != 4 or not 1900 <= value <= 2100:
        return None
    if _number_goes_on(scan, i) or (scan.glued(i) and scan.folded[i - 1] == "ر"):
        return None
    if i > 1 and scan.folded[i - 2 : i] == ["من", "بين"]:
        return None  # «من بين 2000 لا عمل لهم»: a count
    timed = timed_before(scan, i)
    glued_preposition = scan.glued(i) and scan.folded[i - 1] in ("ب", "ل", "و", "ف", "وب", "ول", "فب")
    near = abs(value - scan.doc.reference.year) <= 60
    to = scan.hit(i + 1, "word", "to")
    if to is not None and (end := scan.digits(to.last)) is not None and end > 2100:
        return None
    if scan.hit(i + 1, "word", "counted") is not None or (counts(scan, i + 1) and not (timed and near)):
        return None
    if scan.hit(i + 1, "unit", bare=True) or scan.hit(i + 1, "plural", bare=True):
        return None
    if not (timed or glued_preposition or near):
        return None
    if not timed and not glued_preposition and is_labelled(scan, i):
        return None
    return Parsed(first=i, last=i + 1, start=scan.tokens[i].start, meaning=Fields(year=value), rule="bare_year")


def _number_goes_on(scan: Scan, i: int) -> bool:
    if scan.is_mark(i + 1, "%$€£:") or (i > 0 and scan.is_mark(i - 1, "$€£#+:")):
        return True
    if scan.is_mark(i + 1, ".,/-") and scan.glued(i + 1) and scan.glued(i + 2) and scan.digits(i + 2) is not None:
        return True
    if i > 0 and scan.glued(i) and (scan.is_mark(i - 1, "./-,_") or scan.folded[i - 1].isascii()):
        return scan.digits(i - 2) is not None or (scan.folded[i - 1].isascii() and not scan.is_mark(i - 1, "(\"'/-["))
    numeral = scan.numerals.get(i)
    return numeral is not None and numeral.last > i + 1


def vague(scan: Scan, i: int) -> Parsed | None:
    """«مؤخرا», «الآن», «قريبا»."""
    hit = scan.hit(i, "reference", bare=False)
    if hit is None:
        return None
    if i > 0 and scan.word(i - 1, "same", bare=False) is not None:
        return None  # «في تلك اللحظة»
    after = scan.folded[hit.last] if hit.last < scan.size else ""
    if (
        scan.hit(hit.last - 1, "plural") is not None
        and after.startswith("ال")
        and scan.hit(hit.last, "direction") is None
    ):
        return None  # «منذ أيام الاستعمار», «منذ ساعات الصباح»
    if scan.doc.text.startswith("آل", hit.start):
        return None  # «آلان», the name
    short = scan.word(hit.last, "short")
    if short is not None and scan.folded[short : short + 1] == ["من"]:
        return None  # «قبل فترة قصيرة من الحادث»
    after_story = hit.name == "FUTURE_REF" and scan.folded[i].endswith("بعد") and not is_future(scan, i, hit.last)
    if (after_story and not scan.alone(i, hit.last)) or (
        after == "من" and scan.hit(i, "bound", bare=False) is not None
    ):
        return None  # «بعد أيام» in a story, «قبل فترة من الانتخابات»
    return Parsed(first=i, last=hit.last, start=hit.start, meaning=Reference(value=hit.name), rule="vague")


def not_this_day(scan: Scan, i: int) -> Parsed | None:
    """«ما يحصل اليوم», «غد أفضل»: these days and the days to come rather than a day."""
    hit = scan.hit(i, "day", bare=False)
    if hit is None or hit.key not in (0, 1) or hit.last - i > 1 or belongs_to_name(scan, i):
        return None
    if hit.key == 1:
        vague = scan.hit(hit.last, "cue", "better") is not None
        value = "FUTURE_REF"
    else:
        before = range(i - 1, max(-1, i - 7), -1)
        stop = next((k for k in before if scan.folded[k] in ".،,؛:"), i - 8)
        vague = (
            any(scan.hit(k, "cue", "nowadays", bare=False) is not None for k in before if k > stop)
            or any(scan.hit(k, "cue", "state", bare=False) is not None for k in (i - 1, hit.last))
            or (i > 0 and scan.word(i - 1, "being", bare=False) is not None)  # «وهو اليوم»
        )
        value = "PRESENT_REF"
    return (
        Parsed(first=i, last=hit.last, start=hit.start, meaning=Reference(value=value), rule="these_days")
        if vague
        else None
    )


def current_unit(scan: Scan, i: int) -> Parsed | None:
    """«العام», «الشهر», «القرن» right after «بداية» and its like, or as the whole text."""
    unit = scan.hit(i, "unit", bare=False)
    if unit is None or not unit.definite or unit.name in ("second", "minute", "hour"):
        return None
    numeral = scan.number(unit.last)
    if scan.word(unit.last, "studies") is not None or (numeral is not None and numeral.ordinal):
        return None  # «موفى السنة الدراسية», «نهاية الثلاثية الثالثة»
    meaning = Fields(unit=unit.name, shift=0)
    return Parsed(first=i, last=unit.last, start=unit.start, meaning=meaning, rule="current_unit")
