"""Every time expression of a document, left to right: where several readings begin, the longest is taken."""

from msgspec import structs

from service.extractors.dates.durations import distance, duration, recurrence
from service.extractors.dates.expressions import bare_year, current_unit, point, vague
from service.extractors.dates.fields import Fields, Interval, Lapse, Parsed, Recurrence
from service.extractors.dates.intervals import interval
from service.extractors.dates.scan import Scan

_MODIFIERS = ("stretch", "amount", "bound")


def parse(scan: Scan) -> list[Parsed]:
    """Time expressions in order, not overlapping."""
    found: list[Parsed] = []
    i = 0
    while i < scan.size:
        refused = next((hit for hit in scan.hits.get(i, ()) if hit.kind == "not_date"), None)
        if refused is not None:
            i = refused.last
            continue
        parsed = expression(scan, i) if _may_begin(scan, i) else None
        if parsed is None:
            i += 1
            continue
        found.append(parsed)
        i = parsed.last
    return found


def _may_begin(scan: Scan, i: int) -> bool:
    return i in scan.hits or i in scan.numerals or scan.folded[i].isdigit()


def expression(scan: Scan, i: int) -> Parsed | None:
    """The longest reading that begins at token `i`, with the modifiers around it."""
    best = modified(scan, i)
    for read in (recurrence, interval, distance, vague, point, bare_year, duration):
        parsed = read(scan, i)
        if parsed is not None and (best is None or parsed.last > best.last):
            best = parsed
    if best is None:
        return None
    return _with_suffix(scan, _with_hours(scan, best))


def modified(scan: Scan, i: int) -> Parsed | None:
    """A modifier and what it modifies."""
    for hit in scan.hits.get(i, ()):
        if hit.kind not in _MODIFIERS:
            continue
        inner = _inner(scan, hit.last, hit.kind, scan.folded[hit.last - 1])
        if inner is None:
            continue
        meaning = inner.meaning
        if hit.kind == "stretch" and scan.folded[hit.first].endswith("اول") and hit.last - hit.first == 1:
            if not isinstance(meaning, Fields) or meaning.month is None or meaning.day is not None:
                continue
            if scan.hit(hit.last, "unit", "month") is None:
                meaning = structs.replace(meaning, day=1)
                return Parsed(first=i, last=inner.last, start=hit.start, meaning=meaning, rule="first_of_month")
        return Parsed(
            first=i,
            last=inner.last,
            start=hit.start,
            meaning=meaning,
            rule=f"{inner.rule}/{hit.name.lower()}",
            modifier=hit.name,  # type: ignore[arg-type]  # the lexicon's keys are modifiers
            sure=inner.sure,
        )
    return None


def _inner(scan: Scan, j: int, kind: str, word: str) -> Parsed | None:
    """What a modifier of this kind may modify."""
    if j >= scan.size:
        return None
    if kind == "stretch":
        of = j + 1 if scan.folded[j : j + 1] == ["من"] else j
        found = point(scan, of)
        if found is not None and isinstance(found.meaning, Fields) and found.start == scan.tokens[of].start:
            day = found.meaning
            if day.hour is not None or day.part is not None or day.day is not None:
                return None
            return found
        year = bare_year(scan, of)
        if year is not None:
            return year
        return current_unit(scan, of) if of == j else None
    if kind == "amount":
        length = duration(scan, j)
        found = point(scan, j)
        candidates = [p for p in (length, found) if p is not None and p.start == scan.tokens[j].start]
        return max(candidates, key=lambda p: p.last, default=None)
    candidates = [interval(scan, j), modified_stretch(scan, j), point(scan, j), bare_year(scan, j)]
    return max((p for p in candidates if p is not None and _starts_plainly(scan, p, j, word)), key=lambda p: p.last, default=None)


def _starts_plainly(scan: Scan, parsed: Parsed, j: int, word: str) -> bool:
    return parsed.start == scan.tokens[j].start and not isinstance(parsed.meaning, Interval)


def modified_stretch(scan: Scan, j: int) -> Parsed | None:
    """«بحلول نهاية العام»: the inner modifier wins, being the nearer one."""
    return None


def _with_hours(scan: Scan, parsed: Parsed) -> Parsed:
    """«كل اثنين الساعة 4 مساء»: a recurring day with its hour."""
    if not isinstance(parsed.meaning, Recurrence) or "XX" not in parsed.meaning.value or "T" in parsed.meaning.value:
        return parsed
    hours = point(scan, parsed.last)
    if hours is None or not isinstance(hours.meaning, Fields) or hours.meaning.day is not None or hours.meaning.unit is not None:
        return parsed
    clock = hours.meaning
    if clock.hour is not None:
        suffix = f"T{clock.hour:02}:{clock.minute or 0:02}"
    elif clock.part is not None:
        suffix = f"T{clock.part}"
    else:
        return parsed
    meaning = structs.replace(parsed.meaning, value=parsed.meaning.value + suffix)
    return structs.replace(parsed, last=hours.last, meaning=meaning)


def _with_suffix(scan: Scan, parsed: Parsed) -> Parsed:
    """«خمس ساعات على الأقل», «ثلاثة أشهر تقريبا»: a modifier that follows."""
    if parsed.modifier is not None or not isinstance(parsed.meaning, Lapse):
        return parsed
    hit = scan.hit(parsed.last, "amount")
    if hit is None or hit.name not in ("EQUAL_OR_MORE", "EQUAL_OR_LESS", "APPROX"):
        return parsed
    if scan.folded[hit.first] not in ("علي", "تقريبا", "كحد"):
        return parsed
    return structs.replace(parsed, last=hit.last, modifier=hit.name)
