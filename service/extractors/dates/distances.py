"""Points counted from now: a length of time and its direction."""

from service.extractors.dates.days import weekday as weekday_atom
from service.extractors.dates.durations import duration
from service.extractors.dates.fields import Fields, Lapse, Parsed
from service.extractors.dates.scan import Scan
from service.extractors.dates.tense import is_future, is_ongoing


def distance(scan: Scan, i: int) -> Parsed | None:
    """«منذ أسبوع», «قبل ثلاثة أيام», «بعد شهرين»: counted from now, unless something else is named to count from."""
    bound = scan.hit(i, "bound", "BEFORE", bare=False) or scan.hit(i, "bound", "AFTER", bare=False)
    since = scan.hit(i, "cue", "past", bare=False)
    head = bound or since or scan.hit(i, "word", "now") or (scan.hit(i, "word", "of") if i == 0 else None)
    if head is None:
        return None
    if head.kind == "word" and head.key == "of":
        length = duration(scan, head.last)
        if (
            length is None
            or not isinstance(length.meaning, Lapse)
            or not scan.alone(i, length.last)
            or None in length.meaning.amounts.values()
        ):
            return None
    j = head.last
    amount = scan.hit(j, "amount")
    if amount is not None:
        j = amount.last
    length = duration(scan, j, meant=amount is not None)
    if length is None and head.key == "now":  # «من الآن ساعة», where nothing else is said
        length = duration(scan, j, meant=True)
        length = length if length is not None and scan.alone(i, length.last) else None
    if length is None or not isinstance(length.meaning, Lapse) or length.start != scan.tokens[j].start:
        return None
    if any(token is None for token in length.meaning.amounts.values()) and amount is not None:
        return None
    after = length.last
    elapsed = scan.word(after, "elapsed")
    if elapsed is not None:
        after = elapsed
    bare = bound is not None and length.meaning.away is None and elapsed is None
    indefinite = None in length.meaning.amounts.values()
    if bare and (_from_elsewhere(scan, after) or (head.key == "AFTER" and not _from_now(scan, i, after, indefinite))):
        return None
    away = 1 if (bound is not None and bound.key == "AFTER") or head.key == "now" else -1
    weeks = length.meaning.amounts.get("week")
    if isinstance(weeks, int) and len(length.meaning.amounts) == 1:
        weekday = weekday_atom(scan, after)
        if weekday is not None and "direction" not in weekday.changes:
            fields = Fields(weekday=weekday.changes["weekday"], unit="week", shift=away * weeks)
            return Parsed(first=i, last=weekday.last, start=head.start, meaning=fields, rule="distance+weekday")
    return Parsed(
        first=i,
        last=after,
        start=head.start,
        meaning=Lapse(amounts=length.meaning.amounts, away=away),
        rule="distance",
        modifier=amount.name if amount else None,  # type: ignore[arg-type]  # the lexicon's keys are modifiers
    )


def hours_away(scan: Scan, i: int) -> Parsed | None:
    """«الساعة الماضية», «الساعة القادمة»."""
    unit = scan.hit(i, "unit", "hour", bare=False) or scan.hit(i, "unit", "minute", bare=False)
    direction = scan.hit(unit.last, "direction") if unit is not None and unit.definite else None
    if unit is None or direction is None or _from_elsewhere(scan, direction.last):
        return None  # «الدقيقة الأخيرة من المباراة»
    away = -1 if direction.number < 0 else 1
    meaning = Lapse(amounts={unit.name: abs(direction.number)}, away=away)
    return Parsed(first=i, last=direction.last, start=unit.start, meaning=meaning, rule="relative_unit")


def _from_now(scan: Scan, i: int, j: int, indefinite: bool) -> bool:
    """Whether «بعد شهرين» counts from now rather than from a story's last event: its clause looks ahead."""
    if is_future(scan, i, j) or scan.alone(i, j) or scan.hit(i + 1, "direction") is not None:
        return True
    return not indefinite and is_ongoing(scan, i)


def _from_elsewhere(scan: Scan, j: int) -> bool:
    """«قبل عام من استضافة كأس العالم», «بعد سنتين على الثورة»: the distance is not from now."""
    if scan.word(j, "now") is not None:
        return False
    about = scan.hit(j, "amount", "APPROX")
    if about is not None:
        j = about.last  # «بعد نصف ساعة تقريبا من الحادث»
    return scan.folded[j : j + 1] in (["من"], ["علي"], ["عن"])
