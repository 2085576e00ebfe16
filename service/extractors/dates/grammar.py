"""Every time expression of a document, left to right: where several readings begin, the longest is taken."""

from collections.abc import Callable
from functools import lru_cache

from msgspec import structs

from service.extractors.dates.distances import distance, hours_away
from service.extractors.dates.durations import duration, first_length
from service.extractors.dates.expressions import QUOTES, READERS, belongs_to_name, best_atom, point
from service.extractors.dates.fallback import unusual_date
from service.extractors.dates.fields import Fields, Lapse, Parsed, Recurrence
from service.extractors.dates.intervals import from_to, night_between, open_range
from service.extractors.dates.lexicon import Entry
from service.extractors.dates.listed import listed_days, listed_weekdays, listed_years, year_range
from service.extractors.dates.loose import bare_year, current_unit, not_this_day, vague
from service.extractors.dates.recurrences import recurrence
from service.extractors.dates.scan import Scan

Reading = Callable[[Scan, int], Parsed | None]

_LIMIT = 6  # tokens between a verb that bounds a length and the length
_MODIFIERS = ("stretch", "amount", "bound")
# How a modifier begins that may follow a length.
_SUFFIXES = frozenset(("علي", "تقريبا", "كحد", "فاكثر", "فما", "فاقل", "او", "ونيف", "ونيفا"))


def parse(scan: Scan) -> list[Parsed]:
    """Time expressions in order, not overlapping."""
    found: list[Parsed] = []
    free = 0
    for i in _beginnings(scan):
        if i < free:
            continue
        refused = scan.hit(i, "not_date", bare=False)
        if refused is not None and all(hit.last <= refused.last for hit in scan.hits_at(i)):
            free = refused.last
            continue
        parsed = expression(scan, i)
        if parsed is not None:
            found.append(parsed)
            free = parsed.last
        elif scan.is_mark(i - 1, QUOTES) or belongs_to_name(scan, i):
            named = best_atom(scan, i)
            free = i + 1 if named is None else named.last
    return found


def _beginnings(scan: Scan) -> list[int]:
    """The tokens at which an expression may begin, in order."""
    tokens = {
        i for i, entry in scan.entries.items() if not entry.labels.isdisjoint(_BEGINNINGS) and _leads(scan, i, entry)
    }
    tokens.update(i for i in (*scan.numerals, *scan.values) if not _counts_only(scan, i))
    return sorted(tokens)


def _leads(scan: Scan, i: int, entry: Entry) -> bool:
    """Whether a word is more than one that nothing can follow but a word of time or a number, and none does."""
    if i + 1 < scan.size and scan.folded[i + 1] in entry.next:
        return any(
            hit.label in _WHOLE or hit.kind in _WHOLE or (hit.label in _OPENERS and scan.known(hit.last))
            for hit in scan.hits_at(i)
        )
    return not entry.alone.isdisjoint(_WHOLE) or (not entry.alone.isdisjoint(_OPENERS) and scan.known(i + 1))


def _counts_only(scan: Scan, i: int) -> bool:
    """Whether a number has an ordinary word after it and no four digits, which might be a year: «122 ناشرا», «5 %»."""
    if i in scan.entries or len(scan.folded[i]) == 4:
        return False
    numeral = scan.numerals.get(i)
    return _is_plain(scan, i + 1) and (numeral is None or numeral.last == i + 1 or _is_plain(scan, numeral.last))


def _is_plain(scan: Scan, i: int) -> bool:
    """Whether a token is a word of some length, or a mark, that tells nothing of time, and no number."""
    if i >= scan.size or i in scan.numerals:
        return False
    entry, word = scan.entries.get(i), scan.folded[i]
    if entry is not None:
        return entry.labels <= _IDLE
    return word in _IDLE_MARKS or (len(word) > 2 and word.isalpha())


@lru_cache(maxsize=1024)
def _readers(labels: tuple[str, ...], *, number: bool) -> tuple[Reading, ...]:
    """The readings that may begin with words of these labels, or with a number."""
    known = {*labels, *(label.partition(":")[0] for label in labels), *(["number"] if number else [])}
    return tuple(read for read, beginnings in READINGS if not known.isdisjoint(beginnings))


def expression(scan: Scan, i: int) -> Parsed | None:
    """The longest reading that begins at token `i`, with the modifiers around it."""
    kinds = tuple([hit.label for hit in scan.hits_at(i)])
    best: Parsed | None = None
    for read in _readers(kinds, number=i in scan.numerals or i in scan.values):
        parsed = read(scan, i)
        if parsed is not None and (best is None or parsed.last > best.last):
            best = parsed
    if best is None:
        return None
    return _with_limit(scan, _with_suffix(scan, _with_hours(scan, _with_recurrence(scan, best))))


def modified(scan: Scan, i: int) -> Parsed | None:
    """A modifier and what it modifies."""
    for hit in scan.hits_at(i):
        if hit.kind not in _MODIFIERS:
            continue
        hours = scan.folded[hit.first].startswith(("الساع", "ساع"))  # «الساعات الأولى من صباح السبت 29 أفريل»
        inner = _inner(scan, hit.last, hit.kind, about=hit.name == "APPROX", dated=hours)
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


def _inner(scan: Scan, j: int, kind: str, *, about: bool, dated: bool) -> Parsed | None:
    """What a modifier of this kind may modify: a length is at least or at most so long, a point is only about then."""
    if j >= scan.size:
        return None
    if kind == "stretch":
        found = point(scan, j)
        if found is not None and isinstance(found.meaning, Fields) and found.start == scan.tokens[j].start:
            day = found.meaning
            return None if day.hour is not None or (day.day is not None and not dated) else found
        return bare_year(scan, j) or current_unit(scan, j)
    if kind == "amount":
        length = duration(scan, j, meant=True)
        found = point(scan, j) if about else None
        candidates = [p for p in (length, found) if p is not None and p.start == scan.tokens[j].start]
        return max(candidates, key=lambda p: p.last, default=None)
    bounds = [p for p in (point(scan, j), bare_year(scan, j)) if p is not None and p.start == scan.tokens[j].start]
    return max(bounds, key=lambda p: p.last, default=None)


def _lone_unit(scan: Scan, i: int) -> Parsed | None:
    unit = current_unit(scan, i)
    return unit if unit is not None and scan.alone(i, unit.last) else None


def elapsed(scan: Scan, i: int) -> Parsed | None:
    """«الفترة المنقضية من السنة الحالية»: from the beginning of a period to the day of publication."""
    hit = scan.hit(i, "word", "elapsed_of", bare=False)
    if hit is None:
        return None
    whole = point(scan, hit.last) or current_unit(scan, hit.last)
    if whole is None or not isinstance(whole.meaning, Fields) or whole.meaning.unit is None:
        return None
    meaning = structs.replace(whole.meaning, to_now=True)
    return Parsed(first=i, last=whole.last, start=hit.start, meaning=meaning, rule="elapsed")


def throughout(scan: Scan, i: int) -> Parsed | None:
    """«طوال العام», «على مدار الأسبوع»: the length of the unit, all of it."""
    unit = scan.hit(i, "unit")
    if unit is None or i == 0 or scan.hit(i - 1, "cue", "throughout", bare=False) is None:
        return None
    if not unit.definite and scan.folded[i] != "اليوم":
        return None
    return Parsed(first=i, last=unit.last, start=unit.start, meaning=Lapse(amounts={unit.name: 1}), rule="throughout")


def _with_hours(scan: Scan, parsed: Parsed) -> Parsed:
    """«كل اثنين الساعة 4 مساء»: a recurring day with its hour."""
    if not isinstance(parsed.meaning, Recurrence) or "XX" not in parsed.meaning.value or "T" in parsed.meaning.value:
        return parsed
    hours = point(scan, parsed.last)
    if (
        hours is None
        or not isinstance(hours.meaning, Fields)
        or hours.meaning.day is not None
        or hours.meaning.unit is not None
    ):
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


def _with_recurrence(scan: Scan, parsed: Parsed) -> Parsed:
    """«الساعة 9 صباحا كل يوم أحد»: an hour and the days on which it recurs."""
    if not isinstance(parsed.meaning, Fields):
        return parsed
    of = scan.word(parsed.last, "of")
    if of is not None and scan.word(of, "every") is not None:
        return _of_every(scan, parsed, parsed.meaning, recurrence(scan, of))
    if parsed.meaning.hour is None or parsed.rule != "clock":
        return parsed
    days = recurrence(scan, parsed.last)
    if days is None or not isinstance(days.meaning, Recurrence) or not days.meaning.value.startswith("XXXX-W"):
        return parsed
    value = f"{days.meaning.value}T{parsed.meaning.hour:02}:{parsed.meaning.minute or 0:02}"
    return structs.replace(parsed, last=days.last, meaning=structs.replace(days.meaning, value=value), rule=days.rule)


def _of_every(scan: Scan, parsed: Parsed, named: Fields, every: Parsed | None) -> Parsed:
    """«21 مارس من كل عام», «الخميس من كل أسبوع»: a day that recurs."""
    if every is None or not isinstance(every.meaning, Recurrence) or named.year is not None or parsed.modifier:
        return parsed
    if named.hour is not None or named.part is not None or named.nth is not None:
        return parsed
    period, value = every.meaning.value, None
    if period == "P1Y" and named.month is not None:
        value = f"XXXX-{named.month:02}" + (f"-{named.day:02}" if named.day else "")
        value = period if named.hijri else value
    elif period == "P1W" and named.weekday is not None:
        value = f"XXXX-WXX-{named.weekday}"
    if value is None:
        return parsed
    return structs.replace(parsed, last=every.last, meaning=Recurrence(value=value), rule="of_every")


def _with_suffix(scan: Scan, parsed: Parsed) -> Parsed:
    """«خمس ساعات على الأقل», «ثلاثة أشهر تقريبا»: a modifier that follows."""
    if parsed.modifier is not None or not isinstance(parsed.meaning, Lapse):
        return parsed
    hit = scan.hit(parsed.last, "amount")
    if hit is None or hit.name not in ("EQUAL_OR_MORE", "EQUAL_OR_LESS", "MORE_THAN", "APPROX"):
        return parsed
    first = scan.folded[hit.first]
    if first not in _SUFFIXES or (first == "او" and scan.folded[hit.last : hit.last + 1] == ["من"]):
        return parsed  # «سنتين أو أقل من ذلك»
    return structs.replace(parsed, last=hit.last, modifier=hit.name)


def _with_limit(scan: Scan, parsed: Parsed) -> Parsed:
    """«ألا يقل عمره عن 18 سنة», «لا تتجاوز مدته ثلاثة أشهر»: a verb before, and whose length it bounds between."""
    if parsed.modifier is not None or not isinstance(parsed.meaning, Lapse) or parsed.meaning.away is not None:
        return parsed
    j = parsed.first
    for k in range(max(0, j - _LIMIT), j):
        hit = scan.hit(k, "limit", bare=False)
        between = range(hit.last, j) if hit is not None else range(0)
        if (
            hit is not None
            and any(scan.word(n, "length_of") is not None for n in between)
            and all(scan.folded[n].isalpha() and scan.same_sentence(n, j) for n in between)
            and not any(scan.hit(n, "bound") for n in between)
        ):
            return structs.replace(parsed, modifier=hit.name)
    return parsed


# Which readings may begin with which kind of word («word:from» is one function word); of those that read something the
# longest wins, then the earliest listed.
_POINTS = tuple(READERS)
READINGS: tuple[tuple[Reading, tuple[str, ...]], ...] = (
    (throughout, ("unit",)),
    (not_this_day, ("day",)),
    (recurrence, ("frequency", "times", "word:every", "number", "plural:day")),
    (night_between, ("word:night_between",)),
    (from_to, ("word:from",)),
    (year_range, ("number", "school", "unit:year")),
    (listed_days, ("number", "word:first_day", "month", "hijri_month", "unit:month")),
    (listed_years, ("number", "dual_construct:year", "plural:year", "unit:year")),
    (listed_weekdays, ("dual_construct:day", "plural:day")),
    (open_range, _POINTS),
    (point, _POINTS),
    (bare_year, ("number",)),
    (vague, ("reference",)),
    (distance, ("bound", "cue:past", "word:now", "word:of")),
    (hours_away, ("unit:hour", "unit:minute")),
    (first_length, ("number",)),
    (duration, ("number", "word:some", "word:half", "word:third", "word:quarter", "dual", "plural", "unit")),
    (modified, _MODIFIERS),
    (elapsed, ("word:elapsed_of",)),
    (unusual_date, ("number", "month")),
    (_lone_unit, ("unit",)),
)
# Words after which another word of time or a number must come, and those that need none.
_OPENERS = frozenset(
    (
        *_MODIFIERS, "this", "cue:past", "word:from", "word:of", "word:now", "word:night_between", "word:first_day",
        "word:elapsed_of", "word:every", "word:some", "word:half", "word:third", "word:quarter",
    )
)  # fmt: skip
_WHOLE = frozenset(label for _, labels in READINGS for label in labels) - _OPENERS | {"not_date"}
_BEGINNINGS = _WHOLE | _OPENERS
# What may follow a number that is no part of an expression.
_IDLE = frozenset(("word", "word:counted", "word:plain", "word:that", "word:general"))
_IDLE_MARKS = frozenset('%")')
