"""Durations, distances from now, and recurring times."""

from service.extractors.annotations import Numeral
from service.extractors.dates.calendar_dates import weekday as calendar_weekday
from service.extractors.dates.fields import Fields, Lapse, Parsed, Recurrence
from service.extractors.dates.scan import Hit, Scan
from service.extractors.dates.tense import is_future

_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25}
_PERIODS = {"second": "PT{}S", "minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M"}


class Term(Lapse, kw_only=True):
    """One unit's worth of a duration, with the tokens that say it."""

    last: int
    start: int
    plain: bool = False  # a unit alone, without number: «سنة», «أشهر»
    definite: bool = False


def duration(scan: Scan, i: int, *, meant: bool = False) -> Parsed | None:
    """«سنتين وستة أشهر», «خمس ساعات», «ساعة ونصف», «بضعة أيام», «الأيام الثلاثة الماضية», «أشهر»; a unit alone
    only where something says that it is `meant`.
    """
    term = _term(scan, i) or (_whole_unit(scan, i) if meant else None)
    if term is None:
        return None
    amounts, last, plain = dict(term.amounts), term.last, term.plain
    while True:
        k = last
        joined = scan.folded[k : k + 1] == ["و"]
        nxt = _term(scan, k + 1 if joined else k) if k < scan.size else None
        if nxt is None or nxt.definite:
            break
        if not joined and scan.tokens[k].start == nxt.start and not _follows_on(scan, amounts, nxt):
            break
        for unit, amount in nxt.amounts.items():
            if unit in amounts and (amount is None or amounts[unit] is None or plain):
                nxt = None
                break
            amounts[unit] = (amounts.get(unit) or 0) + amount if amount is not None else None
        if nxt is None:
            break
        last, plain = nxt.last, False
    whole, now = scan.word(last, "daylong"), scan.word(last, "now")
    if plain and not meant and whole is None and now is None and not _meant(scan, i, term, last):
        return None
    if whole is not None:
        last = whole
    away = None
    direction = scan.hit(last, "direction")
    if direction is not None and direction.key in (-1, 1) and (term.definite or not plain):
        last = direction.last
        if not term.definite:
            away = direction.number
    if now is not None:
        last, away = now, 1
    rule = "duration" if away is None else "distance"
    return Parsed(first=i, last=last, start=term.start, meaning=Lapse(amounts=amounts, away=away), rule=rule)


_ORDER = ("century", "decade", "year", "half", "quarter", "month", "week", "day", "hour", "minute", "second")


def _follows_on(scan: Scan, amounts: dict[str, int | float | None], nxt: Term) -> bool:
    """«سنتين 3 أشهر يوم»: a finer unit with its own number and no «و», or bare at the end of the text."""
    (unit,) = nxt.amounts
    if _ORDER.index(unit) <= max(_ORDER.index(known) for known in amounts):
        return False
    return not nxt.plain or nxt.last == scan.size or _term(scan, nxt.last) is not None


def _term(scan: Scan, i: int) -> Term | None:
    for read in (_counted, _fraction, _dual, _indefinite, _alone):
        term = read(scan, i)
        if term is not None:
            return term
    return None


def _counted(scan: Scan, i: int) -> Term | None:
    """«16 ساعة», «خمس ساعات», «1.5 يوم», «ثلاثة أيام ونصف»."""
    numeral = scan.number(i, bare=False)
    if numeral is None or numeral.ordinal or numeral.value is None:
        return None
    if (
        i > 1
        and scan.glued(i)
        and scan.is_mark(i - 1, "/.,:-")
        and scan.glued(i - 1)
        and scan.digits(i - 2) is not None
    ):
        return None
    hit = _unit(scan, numeral.last)
    if hit is None or hit.definite or hit.proclitics:
        return None
    value = numeral.value
    last, extra = _and_fraction(scan, hit.last, hit.name)
    return Term(amounts={hit.name: _tidy(value + extra)}, last=last, start=numeral.start)


def _unit(scan: Scan, i: int) -> Hit | None:
    """A unit, unless it begins a date of its own: «شهر جانفي», «سنة 2016», «يوم الأحد», «ساعات الصباح»."""
    hit = scan.hit(i, "unit", bare=False) or scan.hit(i, "plural", bare=False)
    if hit is None:
        return None
    for after in scan.hits.get(hit.last, ()):
        if not after.proclitics and (
            (hit.name == "month" and after.kind in ("month", "hijri_month"))
            or (hit.name == "day" and after.kind in ("weekday", "bare_weekday", "day"))
            or (hit.name == "hour" and after.kind == "part")
        ):
            return None
    if scan.hit(hit.last, "word", "not_time") is not None:
        return None  # «سنة ضوئية»
    if hit.name == "year" and scan.digits(hit.last) is not None and len(scan.folded[hit.last]) == 4:
        return None
    return hit


def _fraction(scan: Scan, i: int) -> Term | None:
    """«نصف ساعة», «ربع قرن», «ثلاثة أرباع الساعة»."""
    for key, share in _FRACTIONS.items():
        hit = scan.hit(i, "word", key, bare=False)
        if hit is not None:
            unit = scan.hit(hit.last, "unit")
            if (unit is not None and not unit.definite and unit.name != "second") or (
                unit is not None and not unit.definite
            ):
                return Term(amounts={unit.name: share}, last=unit.last, start=hit.start)
    return None


def _dual(scan: Scan, i: int) -> Term | None:
    hit = scan.hit(i, "dual", bare=False)
    if hit is None:
        return None
    last, extra = _and_fraction(scan, hit.last, hit.name)
    numeral = scan.number(last)
    if numeral is not None and numeral.value == 2 and numeral.words:
        last = numeral.last
    return Term(amounts={hit.name: _tidy(2 + extra)}, last=last, start=hit.start, definite=hit.definite)


def _indefinite(scan: Scan, i: int) -> Term | None:
    """«عدة أيام», «بضع سنوات», «الأيام القليلة الماضية», «السنوات الخمس الماضية», «الأشهر الماضية»."""
    some = scan.hit(i, "word", "some", bare=False)
    if some is not None:
        hit = scan.hit(some.last, "plural")
        if hit is not None and not hit.definite:
            return Term(amounts={hit.name: None}, last=hit.last, start=some.start)
        return None
    hit = scan.hit(i, "plural", bare=False)
    if hit is None or not hit.definite:
        if hit is not None:
            few = scan.word(hit.last, "few")
            if few is not None:
                return Term(amounts={hit.name: None}, last=few, start=hit.start)
        return None
    few = scan.word(hit.last, "few")
    k = few if few is not None else hit.last
    numeral = scan.number(k)
    amount: int | float | None = None
    if numeral is not None and not numeral.ordinal and numeral.value is not None and few is None:
        amount, k = numeral.value, numeral.last
    direction = scan.hit(k, "direction")
    if direction is None or direction.key not in (-1, 1):
        return None
    if amount is None:
        numeral = scan.number(direction.last)
        if (
            numeral is not None
            and numeral.words
            and not numeral.ordinal
            and numeral.value is not None
            and numeral.value < 100
            and scan.folded[numeral.first].startswith("ال")
        ):
            return Term(amounts={hit.name: numeral.value}, last=numeral.last, start=hit.start, definite=True)
    return Term(amounts={hit.name: amount}, last=k, start=hit.start, definite=True)


def _alone(scan: Scan, i: int) -> Term | None:
    """A unit with no number: «سنة», «ساعة ونصف», «يوم واحد», «أشهر»."""
    hit = _unit(scan, i)
    if hit is None or hit.definite:
        return None
    if hit.kind == "plural":
        return Term(amounts={hit.name: None}, last=hit.last, start=hit.start, plain=True)
    last, extra = _and_fraction(scan, hit.last, hit.name)
    if last == hit.last and scan.folded[last : last + 1] in (["واحد"], ["واحده"]):
        return Term(amounts={hit.name: 1}, last=last + 1, start=hit.start)
    return Term(amounts={hit.name: _tidy(1 + extra)}, last=last, start=hit.start, plain=not extra)


def _whole_unit(scan: Scan, i: int) -> Term | None:
    """«أكثر من السنة»: one of it."""
    hit = scan.hit(i, "unit")
    return Term(amounts={hit.name: 1}, last=hit.last, start=hit.start) if hit is not None and hit.definite else None


def _and_fraction(scan: Scan, j: int, unit: str) -> tuple[int, float]:
    """«ونصف», «و نصف», «وربع» after a unit, unless a unit follows («ونصف ساعة»)."""
    k = j + 1 if scan.folded[j : j + 1] == ["و"] else j
    for key, share in _FRACTIONS.items():
        hit = scan.hit(k, "word", key, bare=False)
        if hit is not None and (k > j or hit.proclitics == "و"):
            following = scan.hit(hit.last, "unit")
            if following is None:
                return hit.last, share
            if following.definite and following.name == unit:
                return following.last, share  # «سنتين ونصف السنة»
    return j, 0


def _tidy(value: int | float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _meant(scan: Scan, i: int, term: Term, last: int) -> bool:
    """Whether a bare unit is a length of time here rather than a noun: after مدة, خلال, قبل and the like."""
    before = i - 1
    if before >= 0 and scan.hit(before, "cue", "lasting", bare=False) is not None:
        return True
    if scan.alone(i, last):
        return True
    if None in term.amounts.values() and scan.folded[i].startswith("ل") and term.start > scan.tokens[i].start:
        return not (last < scan.size and scan.folded[last].startswith("ال"))  # «لسنوات طويلة», not «لساعات العمل»
    if (
        term.amounts == {"month": None}
        or term.amounts == {"year": None}
        or term.amounts == {"week": None}
        or term.amounts == {"hour": None}
        or term.amounts == {"minute": None}
    ):
        return (
            before >= 0
            and scan.folded[before] in ("في", "خلال")
            and last < scan.size
            and not scan.folded[last][0].isalnum()
        )
    form = scan.folded[i]
    unit = next(iter(term.amounts))
    if form == "عاما":
        return False  # «إضرابا عاما»: the adjective, unless a cue stands before
    if before >= 0 and scan.hit(before, "amount", bare=False) is not None:
        return True
    if (
        form.endswith(("عاما", "شهرا", "يوما", "اسبوعا"))
        and scan.tokens[i].start == term.start
        and unit in ("day", "week", "month", "year")
    ):
        return True
    return False


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
    length = duration(scan, j)
    if length is None or not isinstance(length.meaning, Lapse) or length.start != scan.tokens[j].start:
        return None
    if any(token is None for token in length.meaning.amounts.values()) and amount is not None:
        return None
    after = length.last
    elapsed = scan.word(after, "elapsed")
    if elapsed is not None:
        after = elapsed
    if bound is not None and length.meaning.away is None and elapsed is None:
        if _from_elsewhere(scan, after) or (bound.key == "AFTER" and not _from_now(scan, i, after)):
            return None
    away = 1 if (bound is not None and bound.key == "AFTER") or head.key == "now" else -1
    weeks = length.meaning.amounts.get("week")
    if isinstance(weeks, int) and len(length.meaning.amounts) == 1:
        weekday = calendar_weekday(scan, after)
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
    if unit is None or direction is None:
        return None
    away = -1 if direction.number < 0 else 1
    meaning = Lapse(amounts={unit.name: abs(direction.number)}, away=away)
    return Parsed(first=i, last=direction.last, start=unit.start, meaning=meaning, rule="relative_unit")


def _from_now(scan: Scan, i: int, j: int) -> bool:
    """Whether «بعد شهرين» counts from now rather than from a story's last event: the clause looks ahead or is silent."""
    if is_future(scan, i, j) or scan.alone(i, j) or scan.hit(i + 1, "direction") is not None:
        return True
    before = range(i - 1, max(-1, i - 7), -1)
    stop = next((k for k in before if not scan.same_sentence(k, i) or scan.folded[k] in _STOPS), i - 8)
    return any(
        (scan.folded[k].startswith("ي") and len(scan.folded[k]) > 3)
        or scan.folded[k].startswith(("تت", "تن", "تج", "تق", "تع", "تف"))
        for k in before
        if k > stop
    )


_STOPS = frozenset(".،؛:,؟!")


def _from_elsewhere(scan: Scan, j: int) -> bool:
    """«قبل عام من استضافة كأس العالم», «بعد سنتين على الثورة»: the distance is not from now."""
    if scan.word(j, "now") is not None:
        return False
    return scan.folded[j : j + 1] in (["من"], ["علي"], ["عن"])


def recurrence(scan: Scan, i: int) -> Parsed | None:
    """«كل خميس», «كل يوم», «كل ثلاثة أيام», «سنويا», «مرتين في الأسبوع», «أيام الاثنين»."""
    return _times(scan, i) or _every(scan, i) or _adverb(scan, i) or _weekdays(scan, i)


def _adverb(scan: Scan, i: int) -> Parsed | None:
    hit = scan.hit(i, "frequency", bare=False)
    if hit is None:
        return None
    return Parsed(first=i, last=hit.last, start=hit.start, meaning=Recurrence(value=hit.name), rule="every")


def _every(scan: Scan, i: int) -> Parsed | None:
    head = scan.hit(i, "word", "every", bare=False)
    if head is None:
        return None
    j = head.last
    if scan.folded[j : j + 1] == ["من"]:
        return None
    day = scan.hit(j, "unit", "day")
    k = day.last if day else j
    weekday = scan.hit(k, "weekday") or scan.hit(k, "bare_weekday")
    if weekday is not None:
        meaning = Recurrence(value=f"XXXX-WXX-{weekday.number}", fields=Fields(weekday=weekday.number))
        return Parsed(first=i, last=weekday.last, start=head.start, meaning=meaning, rule="every_weekday")
    month = scan.hit(j, "month") or (
        scan.hit(scan.hit(j, "unit", "month").last, "month") if scan.hit(j, "unit", "month") else None
    )  # type: ignore[union-attr]
    if month is not None and not month.definite:
        meaning = Recurrence(value=f"XXXX-{month.number:02}")
        return Parsed(first=i, last=month.last, start=head.start, meaning=meaning, rule="every_month")
    season = scan.hit(j, "season")
    if season is not None:
        return Parsed(
            first=i,
            last=season.last,
            start=head.start,
            meaning=Recurrence(value=f"XXXX-{season.name}"),
            rule="every_season",
        )
    part = scan.hit(j, "part")
    if part is not None and not scan.folded[j].startswith("ال"):
        return Parsed(
            first=i,
            last=part.last,
            start=head.start,
            meaning=Recurrence(value=f"XXXX-XX-XXT{part.name}"),
            rule="every_part",
        )
    unit = _unit(scan, j) or scan.hit(j, "dual")
    if unit is not None and (not unit.definite or unit.kind == "plural"):
        period = period_of(unit.name, 2 if unit.kind == "dual" else 1)
        return Parsed(first=i, last=unit.last, start=head.start, meaning=Recurrence(value=period), rule="every")
    length = duration(scan, j)
    if length is not None and isinstance(length.meaning, Lapse) and len(length.meaning.amounts) == 1:
        ((name, amount),) = length.meaning.amounts.items()
        if amount is not None:
            return Parsed(
                first=i,
                last=length.last,
                start=head.start,
                meaning=Recurrence(value=period_of(name, amount)),
                rule="every",
            )
    return None


def _times(scan: Scan, i: int) -> Parsed | None:
    """«مرة على الأقل في السنة», «ثلاث مرات أسبوعيا», «مرتين كل يوم»."""
    times = scan.hit(i, "times", bare=False)
    numeral: Numeral | None = None
    if times is None:
        numeral = scan.number(i, bare=False)
        if numeral is None or not isinstance(numeral.value, int) or scan.word(numeral.last, "times") is None:
            return None
    count = times.number if times else int(numeral.value)  # type: ignore[union-attr,arg-type]
    start = times.start if times else numeral.start  # type: ignore[union-attr]
    j = times.last if times else scan.word(numeral.last, "times") or i  # type: ignore[union-attr]
    modifier = scan.hit(j, "amount")
    if modifier is not None:
        j = modifier.last
    adverb = _adverb(scan, j) or _every(scan, j)
    if adverb is not None and isinstance(adverb.meaning, Recurrence):
        period, last = adverb.meaning.value, adverb.last
    else:
        k = j + 1 if scan.folded[j : j + 1] in (["في"], ["خلال"]) else j
        unit = scan.hit(k, "unit", bare=False)
        if unit is None or not unit.definite or (k == j and unit.proclitics not in ("ب", "ل", "ف")):
            return None
        direction = scan.hit(unit.last, "direction")
        if direction is not None:
            return None
        period, last = period_of(unit.name, 1), scan.word(unit.last, "each") or unit.last
    return Parsed(
        first=i,
        last=last,
        start=start,
        meaning=Recurrence(value=period, frequency=count if count > 1 else None),
        rule="times_a_period",
        modifier=modifier.name if modifier and False else None,  # type: ignore[arg-type]
    )


def _weekdays(scan: Scan, i: int) -> Parsed | None:
    """«أيام الاثنين»: every Monday."""
    days = scan.hit(i, "plural", "day", bare=False)
    if days is None or days.definite:
        return None
    hit = scan.hit(days.last, "weekday")
    if hit is None or scan.folded[hit.last : hit.last + 1] == ["و"] or scan.folded[hit.last : hit.last + 1] == ["،"]:
        return None
    follower = scan.hit(hit.last, "weekday", bare=False)
    if follower is not None or scan.digits(hit.last) is not None:
        return None
    meaning = Recurrence(value=f"XXXX-WXX-{hit.number}", fields=Fields(weekday=hit.number))
    return Parsed(first=i, last=hit.last, start=days.start, meaning=meaning, rule="every_weekday")


def period_of(unit: str, amount: int | float) -> str:
    """ISO 8601 for one amount of one unit."""
    months = {"quarter": 3, "half": 6}
    years = {"year": 1, "decade": 10, "century": 100}
    if unit in months:
        return f"P{number(amount * months[unit])}M"
    if unit in years:
        return f"P{number(amount * years[unit])}Y"
    return _PERIODS[unit].format(number(amount))


def number(amount: int | float) -> str:
    """A number without a needless fraction."""
    return str(_tidy(round(amount, 6)))
