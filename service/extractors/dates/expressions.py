"""From atoms to points in time, in whatever order Arabic puts them."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache

from msgspec import structs

from service.extractors.dates import clock, periods
from service.extractors.dates.context import timed_before
from service.extractors.dates.days import anchored_unit, bare_weekday, deictic_day, nth_day, weekday
from service.extractors.dates.fields import Fields, Parsed
from service.extractors.dates.month_dates import day_month, month_and_year
from service.extractors.dates.numeric_dates import numeric_date, year
from service.extractors.dates.open_days import day_alone, day_of_period, lone_day_over_month, weekday_and_number
from service.extractors.dates.scan import Atom, Scan

Reader = Callable[[Scan, int], Atom | None]


def _month(scan: Scan, i: int) -> Atom | None:
    return month_and_year(scan, i, after_day=False, bare=False)


def _day_month(scan: Scan, i: int) -> Atom | None:
    return day_month(scan, i, bare=False)


# Which atoms may begin with which kind of word; the longest wins, then the earliest listed.
READERS: dict[str, tuple[Reader, ...]] = {
    "number": (
        numeric_date, _day_month, day_of_period, nth_day, clock.clock_time, lone_day_over_month,
        periods.part_of_year,
    ),
    "month": (_month, _day_month),
    "hijri_month": (_month, _day_month),
    "weekday": (weekday_and_number, weekday, nth_day),
    "bare_weekday": (bare_weekday, nth_day),
    "unit:day": (anchored_unit, weekday, nth_day, day_of_period, weekday_and_number, day_alone),
    "unit:week": (anchored_unit, nth_day),
    "unit:month": (anchored_unit, _month, _day_month),
    "unit:year": (year, anchored_unit),
    "unit:quarter": (anchored_unit,),
    "unit:half": (anchored_unit,),
    "unit:decade": (anchored_unit, periods.decade),
    "unit:century": (anchored_unit, periods.century),
    "school": (year,),
    "this": (anchored_unit, weekday, periods.season, clock.part_of_day),
    "stretch": (nth_day, periods.part_of_year),
    "word:first_day": (_day_month, day_of_period),
    "word:weekend": (periods.weekend,),
    "plural": (periods.part_of_year,),
    "dual": (periods.part_of_year,),
    "fraction": (periods.part_of_year, anchored_unit),
    "season": (periods.season,),
    "decade": (periods.decade,),
    "gregorian_day": (periods.named_day,),
    "hijri_day": (periods.named_day,),
    "day": (deictic_day,),
    "clock": (clock.clock_time,),
    "hour": (clock.clock_time,),
    "part": (clock.part_of_day,),
    "night": (clock.part_of_day,),
    "noon": (clock.part_of_day,),
}  # fmt: skip


@lru_cache(maxsize=1024)
def _readers(labels: tuple[str, ...], *, number: bool) -> tuple[Reader, ...]:
    """The readers that may begin with words of these labels, or with a number; each once, in order."""
    kinds = [kind for label in labels for kind in dict.fromkeys((label.partition(":")[0], label))]
    kinds += ["number"] if number else []
    return tuple(dict.fromkeys(reader for kind in kinds for reader in READERS.get(kind, ())))


def best_atom(scan: Scan, i: int) -> Atom | None:
    """The longest atom at token `i`."""
    if i in scan.atoms:
        return scan.atoms[i]
    labels = tuple([hit.label for hit in scan.hits_at(i)])
    best: Atom | None = None
    for reader in _readers(labels, number=i in scan.numerals or i in scan.values):
        atom = reader(scan, i)
        if atom is not None and (best is None or atom.last > best.last):
            best = atom
    scan.atoms[i] = best
    return best


def point(scan: Scan, i: int) -> Parsed | None:
    """One point in time, from its atoms in whatever order they come."""
    if i not in scan.points:
        scan.points[i] = _point(scan, i)
    return scan.points[i]


def _point(scan: Scan, i: int) -> Parsed | None:
    first = best_atom(scan, i)
    if first is None or belongs_to_name(scan, i):
        return None
    fields = Fields(**first.changes)
    last, rule = first.last, first.rule
    for _ in range(5):
        step = _next_atom(scan, last, fields)
        if step is None:
            break
        atom, fields = step
        last = atom.last
        rule = f"{rule}+{atom.rule}"
    parsed = Parsed(first=i, last=last, start=first.start, meaning=fields, rule=rule)
    if in_quotes(scan, i, last) and _is_title(fields):
        return None
    return parsed if _meant(scan, parsed, fields) else None


QUOTES = '"«»“”'


def belongs_to_name(scan: Scan, i: int) -> bool:
    """Whether the token belongs to a name («بن رمضان», «سوق الأحد») or points back («نفس الليلة»)."""
    if i == 0:
        return False
    if scan.word(i - 1, "name_before", bare=False) is not None:
        return True
    if (
        scan.is_mark(i - 1, QUOTES)
        and scan.glued(i)
        and scan.hit(i, "day") is not None
        and any(scan.is_mark(k, QUOTES) and scan.glued(k) for k in range(i + 1, i + 4))
    ):
        return True  # «غدا» between quotes, or with a word or two: a title
    if scan.is_mark(i + 1, QUOTES) and scan.glued(i + 1) and scan.is_mark(i - 2, QUOTES) and scan.hit(i, "day"):
        return True  # «"الإمارات اليوم"»
    return scan.word(i - 1, "same", bare=False) is not None and any(scan.hit(i, kind) for kind in ("night", "day"))


def in_quotes(scan: Scan, i: int, last: int) -> bool:
    """Whether quotation marks enclose tokens `[i:last]` and nothing else."""
    return scan.is_mark(i - 1, QUOTES) and scan.glued(i) and scan.is_mark(last, QUOTES) and scan.glued(last)


def _is_title(fields: Fields) -> bool:
    """«برنامج "التاسعة مساء"», «الإله "أغسطس"»: an hour or a month alone."""
    dated = fields.day is not None or fields.year is not None or fields.unit is not None or fields.weekday is not None
    return not dated and (fields.hour is not None or fields.month is not None)


def _next_atom(scan: Scan, j: int, fields: Fields) -> tuple[Atom, Fields] | None:
    """The atom that continues a point at token `j`, and the fields with those that it names."""
    for k, link in _links(scan, j):
        if k >= scan.size or (
            k == j and scan.folded[k].startswith(("و", "ف")) and not scan.hit(k, "unit") and _has_conjunction(scan, k)
        ):
            continue
        if fields.part == "NI" and fields.weekday is not None and fields.hour is None and link != "bracket":
            second = scan.hit(k, "weekday", bare=False)
            if second is not None and second.number % 7 == (fields.weekday + 1) % 7 and second.proclitics in ("", "ل"):
                way = scan.hit(second.last, "direction")
                if way is None or fields.direction is not None:
                    return Atom(second.last, {}, "night_between", second.start), fields
                return Atom(way.last, {}, "night_between", second.start), structs.replace(fields, direction=way.number)
        atom = _in_brackets(scan, k, fields) if link == "bracket" else best_atom(scan, k)
        if link == "at" and fields.day is not None and (atom is None or atom.rule not in ("clock", "day_month")):
            atom = None if _counts_places(scan, k) else clock.clock_time(scan, k, announced=True)
        if atom is not None and _allowed(fields, atom, link):
            merged = _merged(fields, atom)
            if merged is not None:
                return atom, merged
    return None


def _counts_places(scan: Scan, k: int) -> bool:
    """«يوم 4 ديسمبر في 14 ولاية»: digits before a word that is none of time."""
    j = k + 1
    return scan.digits(k) is not None and j < scan.size and scan.folded[j][0].isalpha() and not scan.listed(j)


def _in_brackets(scan: Scan, k: int, fields: Fields) -> Atom | None:
    """«أمس (الجمعة)», «الخميس (20 ماي)»: a day named again, with the bracket that closes."""
    if fields.unit != "day" and fields.weekday is None:
        return None
    inner = point(scan, k)
    if inner is None or not isinstance(inner.meaning, Fields) or not scan.is_mark(inner.last, ")"):
        return None
    changes = {name: value for name, value in structs.asdict(inner.meaning).items() if _is_set(value)}
    if not changes.keys() <= {"weekday", "day", "month", "year"} or changes.keys().isdisjoint(("weekday", "day")):
        return None
    return Atom(inner.last + 1, changes, inner.rule, inner.start)


def _has_conjunction(scan: Scan, k: int) -> bool:
    return all(hit.proclitics[:1] in ("و", "ف") for hit in scan.hits_at(k)) and scan.listed(k)


def _links(scan: Scan, j: int) -> Iterator[tuple[int, str]]:
    yield j, ""
    if scan.is_mark(j, "،,/-–"):
        yield j + 1, "mark"
    if scan.is_mark(j, "("):
        yield j + 1, "bracket"
    if scan.folded[j : j + 1] in (["T"], ["t"]) and scan.glued(j) and scan.glued(j + 1):
        yield j + 1, ""
    day = scan.hit(j, "unit", "day", bare=False)
    if day is not None and day.proclitics in ("", "ل") and scan.digits(day.last) is not None:
        yield day.last, "day"  # «فجر يوم 17 أكتوبر», «الساعة 12.00 ليوم 22 فيفري»
    corresponding = scan.hit(j, "word", "corresponding", bare=False)
    if corresponding is not None:
        k = corresponding.last
        yield k + 1 if scan.folded[k : k + 1] == ["ل"] else k, "corresponding"
    if scan.folded[j : j + 1] == ["من"]:
        yield j + 1, "of"
    if scan.folded[j : j + 1] == ["الي"]:
        yield j + 1, "to"  # «ليلة السبت إلى الأحد»
    if scan.folded[j : j + 1] in (["في"], ["علي"], ["عند"], ["حوالي"], ["نحو"], ["قرابه"], ["بحدود"]):
        yield j + 1, "at"


def _allowed(fields: Fields, atom: Atom, link: str) -> bool:
    """Whether an atom may follow what is known across this link."""
    rule = atom.rule
    if link == "to":
        return False
    if link == "at":
        dated = fields.weekday is not None and rule in ("day_month", "numeric_date") and _falls_on(fields, atom)
        return rule == "clock" or dated or (fields.nth is not None and rule in ("month", "year"))
    if link == "of":
        return rule not in ("clock", "deictic_day+", "numeric_date") or fields.hour is not None
    if link == "mark":
        return rule in ("weekday", "day_month", "numeric_date", "clock", "month_day", "weekday_and_number") or (
            rule == "year" and fields.day is not None
        )
    if link == "corresponding":
        return rule in ("day_month", "numeric_date", "day_of_month", "month_day", "weekday", "weekday_and_number")
    return True


def _falls_on(fields: Fields, atom: Atom) -> bool:
    """«الجمعة في 21/11/2025»: whether a whole date is of the weekday before it."""
    if atom.changes.keys() != {"year", "month", "day"}:
        return False
    try:
        return date(**atom.changes).isoweekday() == fields.weekday
    except ValueError:
        return False


def _merged(fields: Fields, atom: Atom) -> Fields | None:
    """The fields with those that an atom names; None where they contradict."""
    merged, changes = structs.replace(fields), dict(atom.changes)
    if "hour" in changes and merged.part is not None and merged.hour is None:
        if changes.pop("ambiguous", None):
            changes["hour"] = clock.in_half(changes["hour"], merged.part)
        merged.part = None
    if "part" in changes and merged.hour is not None:
        if not merged.ambiguous:
            return None
        changes["hour"] = clock.in_half(merged.hour, changes.pop("part"))
        merged.hour = merged.ambiguous = None
    if "part" in changes and merged.month is not None and merged.day is None and merged.nth is None:
        return None  # «شهر رمضان مساء الثلاثاء»
    if changes.get("unit") == "day" and merged.unit == "day" and changes.get("shift") == merged.shift:
        del changes["unit"], changes["shift"]
    if any(_is_set(getattr(merged, name)) for name in changes if name not in ("direction", "hijri")):
        return None
    if merged.month is not None and merged.day is None and merged.nth is None and {"weekday", "day"} & changes.keys():
        return None
    if "month" in changes and merged.unit in ("month", "year") and merged.day is not None:
        return None
    if merged.period is not None and ({"weekday", "day", "month"} & changes.keys() or changes.get("unit") == "day"):
        return None  # «التخفيضات الصيفية اليوم الجمعة»: two expressions
    dated_by_year = ("year" in changes or "year_shift" in changes) and "month" not in changes
    if dated_by_year and merged.month is None and merged.nth is None and merged.weekday is not None:
        return None
    return structs.replace(merged, **changes)


def _is_set(value: object) -> bool:
    return value is not None and value is not False


def _meant(scan: Scan, parsed: Parsed, fields: Fields) -> bool:
    """Whether a point of few fields is meant as one."""
    named = {name for name, value in structs.asdict(fields).items() if _is_set(value)}
    if named <= {"part"}:
        return _part_alone(scan, parsed)
    if scan.folded[parsed.first].endswith("المغرب"):
        return False  # a country, unless the day comes first or the sunset stands alone
    if parsed.rule == "noon" and scan.folded[parsed.first].endswith("ظهر"):
        # «ظهر» is a verb, «الظهر» a back or a time.
        return scan.folded[parsed.first].endswith("الظهر") and (
            timed_before(scan, parsed.first) or scan.alone(parsed.first, parsed.last)
        )
    if parsed.rule == "same_day":
        return False  # «في نفس اليوم» names no day of its own
    return named not in ({"nth", "nth_of"}, {"nth", "nth_of", "weekday"})


def _part_alone(scan: Scan, parsed: Parsed) -> bool:
    i = parsed.first
    folded = scan.folded[i]
    if parsed.last - i > 1 or (scan.alone(i, parsed.last) and not folded.endswith("المغرب")):
        return True
    if not folded.startswith(("ال", "بال", "وال", "لل", "فال")):
        return (folded.endswith(("ا", "اء", "ء")) and folded != "مساء") or (
            folded == "مساء" and not _followed_by_name(scan, parsed.last)
        )
    if folded.endswith(("المغرب", "العشاء", "العشا", "العصر", "الغروب", "الظهيره", "للمغرب")):
        return i > 0 and scan.folded[i - 1] in ("عند", "قبل", "بعد", "قبيل", "حتي")
    return timed_before(scan, i) or folded.startswith("بال") or (i > 0 and scan.folded[i - 1] in ("عند", "ساعات"))


def _followed_by_name(scan: Scan, j: int) -> bool:
    return j < scan.size and scan.folded[j].startswith("ال") and not scan.listed(j)
