"""The last resort: dates whose parts the grammar sees but whose order none of its rules has, read by dateparser."""

from datetime import date, datetime

from service.extractors.dates.context import counts
from service.extractors.dates.expressions import belongs_to_name
from service.extractors.dates.fields import Fields, Parsed, Unread
from service.extractors.dates.scan import Scan

_SEPARATORS = "/-–.،,"
_REACH = 7  # tokens: three parts, and a separator or two between them


def unusual_date(scan: Scan, i: int) -> Parsed | None:
    """«2025 ماي 20», «20 / 05 / 2025», «08/12, 2015»: a day, a month and a year of four digits, however they stand."""
    if belongs_to_name(scan, i):
        return None  # «شارع 14 جانفي 2011»
    parts: list[str] = []
    words: list[str] = []
    j = last = i
    while j < min(scan.size, i + _REACH) and len(parts) < 3:
        month = scan.hit(j, "month")
        value = scan.values.get(j)
        if month is not None and month.last == j + 1 and "month" not in parts:
            parts.append("month")
            words.append(_STANDARD[month.number - 1])
            last = j + 1
        elif value is not None and len(scan.folded[j]) == 4 and 1000 <= value <= 2200 and "year" not in parts:
            parts.append("year")
            words.append(str(value))
            last = j + 1
        elif value is not None and len(scan.folded[j]) <= 2 and 1 <= value <= 31:
            parts.append("number")
            words.append(str(value))
            last = j + 1
        elif not scan.is_mark(j, _SEPARATORS) or scan.is_mark(j - 1, _SEPARATORS):
            break
        j += 1
    if sorted(parts) not in (["month", "number", "year"], ["number", "number", "year"]):
        return None
    if "month" not in parts and not any(scan.is_mark(k, "/-") for k in range(i, last)):
        return None
    if counts(scan, last):
        return None
    if scan.is_mark(last, "/-.") and scan.glued(last) and scan.glued(last + 1) and last + 1 in scan.values:
        return None
    start = scan.tokens[i].start
    hijri = _hijri(parts, words, scan.word(last, "ah") is not None)
    if hijri is not None:
        last = scan.word(last, "ah") or last
        return Parsed(first=i, last=last, start=start, meaning=hijri, rule="unusual_date")
    return Parsed(first=i, last=last, start=start, meaning=Unread(text=" ".join(words)), rule="unusual_date")


def _hijri(parts: list[str], words: list[str], marked: bool) -> Fields | None:
    """«1 / 5 / 1447هـ»: day, month and year of the Hijri calendar, by its mark or by the year."""
    if parts != ["number", "number", "year"]:
        return None
    day, month, year = map(int, words)
    if month > 12 or not (marked or 1300 <= year <= 1500):
        return None
    return Fields(day=day, month=month, year=year, hijri=True)


def parse_date(text: str, reference: date, region: str | None) -> date | None:
    """What dateparser makes of it, strictly: all of day, month and year, or None."""
    from dateparser import parse  # takes a while to load, and few texts need it

    found = parse(
        text,
        languages=["ar"],
        settings={
            "STRICT_PARSING": True,
            "DATE_ORDER": "MDY" if region == "US" else "DMY",
            "RELATIVE_BASE": datetime.combine(reference, datetime.min.time()),
        },
    )
    return found.date() if found is not None else None


# Month names that dateparser's Arabic knows.
_STANDARD = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)
