"""Lengths of time."""

from service.extractors.dates.fields import Lapse, Parsed
from service.extractors.dates.scan import Hit, Scan

_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25}


class Term(Lapse, kw_only=True):
    """One unit's worth of a duration, with the tokens that say it."""

    last: int
    start: int
    plain: bool = False  # a unit alone, without number: «سنة», «أشهر»
    definite: bool = False


def duration(scan: Scan, i: int, *, meant: bool = False) -> Parsed | None:
    """«سنتين وستة أشهر», «خمس ساعات», «ساعة ونصف», «بضعة أيام», «الأيام الثلاثة الماضية».

    A unit alone («أشهر») only where the words before say that it is `meant` as a length of time.
    """
    term = _term(scan, i) or (_whole_unit(scan, i) if meant else None)
    if term is None:
        return None
    amounts, last, plain = dict(term.amounts), term.last, term.plain
    between = i > 0 and scan.folded[i - 1].endswith("بين")  # «بين ستة أشهر وعام»: two lengths
    while not between:
        k = last
        joined = scan.folded[k : k + 1] == ["و"]
        nxt = _term(scan, k + 1 if joined else k) if k < scan.size else None
        if (
            nxt is None
            or nxt.definite
            or (not joined and nxt.start > scan.tokens[k].start + scan.folded[k].startswith("و"))
        ):
            break  # «إضراب عام بيومين»
        if not joined and not scan.folded[k].startswith("و") and not _follows_on(scan, amounts, nxt):
            break
        if nxt.amounts.keys() & amounts.keys():
            break  # «17 سنة و18 سنة» are two lengths
        amounts |= nxt.amounts
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
        if not term.definite and not _definite_before(scan, i):
            away = direction.number
    if now is not None:
        last, away = now, 1
    rule = "duration" if away is None else "distance"
    return Parsed(first=i, last=last, start=term.start, meaning=Lapse(amounts=amounts, away=away), rule=rule)


def _definite_before(scan: Scan, i: int) -> bool:
    """«خلال الـ 30 يوما الأخيرة», «في 30 يوما الماضية»: the article or the preposition makes it a stretch of time."""
    numeral = scan.numerals.get(i)
    if numeral is not None and numeral.definite:
        return True  # «الـ3 سنوات الأخيرة»
    return i > 0 and (scan.folded[i - 1] in ("ال", "في", "خلال") or scan.folded[i - 1].endswith("خلال"))


def first_length(scan: Scan, i: int) -> Parsed | None:
    """«بين 18 و35 سنة», «من 3 إلى 5 سنوات», «3 - 5 سنوات»: the first of two lengths, whose unit the second names."""
    numeral = scan.number(i, bare=False)
    if numeral is None or numeral.ordinal or numeral.value is None or numeral.last >= scan.size:
        return None
    j = numeral.last
    head = scan.folded[i - 1] if i > 0 and scan.word(i - 1, "from", bare=False) is not None else ""
    to = scan.word(j, "to")
    if scan.is_mark(j, "-–"):
        j += 1
    elif head.endswith("بين"):
        j += scan.folded[j] == "و"
        if j == numeral.last and not scan.folded[j].startswith("و"):
            return None
    elif not head or to is None:
        return None
    else:
        j = to
    second = _counted(scan, j)
    if second is None:
        return None
    ((unit, most),) = second.amounts.items()
    if most is None or numeral.value >= most:
        return None
    meaning = Lapse(amounts={unit: numeral.value})
    return Parsed(first=i, last=numeral.last, start=numeral.start, meaning=meaning, rule="first_length")


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
    if numeral is None or numeral.ordinal or numeral.value is None or scan.folded[i].startswith(("بالماء", "بالمء")):
        return None
    if (
        i > 1
        and scan.glued(i)
        and scan.is_mark(i - 1, "/.,:-")
        and scan.glued(i - 1)
        and scan.digits(i - 2) is not None
    ):
        return None
    hit = unit_at(scan, numeral.last)
    if hit is None or hit.definite or hit.proclitics:
        return None
    value = numeral.value
    last, extra = _and_fraction(scan, hit.last, hit.name)
    return Term(amounts={hit.name: tidy(value + extra)}, last=last, start=numeral.start)


def unit_at(scan: Scan, i: int) -> Hit | None:
    """A unit, unless it begins a date of its own: «شهر جانفي», «سنة 2016», «يوم الأحد», «ساعات الصباح»."""
    hit = scan.hit(i, "unit", bare=False) or scan.hit(i, "plural", bare=False)
    if hit is None:
        return None
    for after in scan.hits_at(hit.last):
        if not after.proclitics and (
            (hit.name == "month" and after.kind in ("month", "hijri_month"))
            or (hit.name == "day" and after.kind in ("weekday", "bare_weekday", "day", "hijri_month"))
            or (hit.name == "day" and after.kind == "unit" and after.key == "month")
            or (hit.name == "hour" and after.kind == "part")
        ):
            return None
    if scan.hit(hit.last, "word", "not_time") is not None:
        return None  # «سنة ضوئية»
    if scan.digits(hit.last) is not None:
        dated = hit.name == "year" and len(scan.folded[hit.last]) == 4
        if dated or (hit.name == "day" and not any(scan.hit(hit.last + 1, kind) for kind in ("unit", "plural"))):
            return None
    return hit


def _fraction(scan: Scan, i: int) -> Term | None:
    """«نصف ساعة», «ربع قرن», «3/4 ساعة»."""
    above, below = scan.digits(i), scan.digits(i + 2)
    if above and below and above < below and scan.is_mark(i + 1, "/") and scan.glued(i + 1) and scan.glued(i + 2):
        unit = scan.hit(i + 3, "unit")
        if unit is not None and not unit.definite:
            return Term(amounts={unit.name: above / below}, last=unit.last, start=scan.tokens[i].start)
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
    if hit is None or (hit.name == "year" and _is_adjective(scan, hit)):
        return None
    if hit.definite and hit.name == "minute" and scan.digits(hit.last) is not None:
        return None  # «في الدقيقتين 16 و18»
    last, extra = _and_fraction(scan, hit.last, hit.name)
    numeral = scan.number(last)
    if numeral is not None and numeral.value == 2 and numeral.words:
        last = numeral.last
    return Term(amounts={hit.name: tidy(2 + extra)}, last=last, start=hit.start, definite=hit.definite)


def _is_adjective(scan: Scan, hit: Hit) -> bool:
    """«المنسقين العامين», «أمينين عامين», but not «العامين الماضيين», «لم يتجاوز العامين»."""
    before = scan.folded[hit.first - 1] if hit.first > 0 else ""
    if not hit.definite:
        return before.endswith(("ين", "ان")) and not scan.listed(hit.first - 1) and hit.first - 1 not in scan.numerals
    if scan.hit(hit.last, "direction") is not None:
        return False
    return not any(
        other.kind == "amount" or other.label in ("cue:lasting", "cue:age") for other in scan.hits_at(hit.first - 1)
    )


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
        # «السنوات الثلاث المتعاقبة», «طيلة الأيام الستة»
        return Term(amounts={hit.name: amount}, last=k, start=hit.start, definite=True) if amount is not None else None
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
    hit = unit_at(scan, i)
    if hit is None or hit.definite:
        return None
    if hit.kind == "plural":
        return Term(amounts={hit.name: None}, last=hit.last, start=hit.start, plain=True)
    if scan.tokens[i].text.endswith("نه"):
        return None  # «سنه»: his age, not «سنة»
    last, extra = _and_fraction(scan, hit.last, hit.name)
    if last == hit.last and scan.folded[last : last + 1] in (["واحد"], ["واحده"]):
        return Term(amounts={hit.name: 1}, last=last + 1, start=hit.start)
    return Term(amounts={hit.name: tidy(1 + extra)}, last=last, start=hit.start, plain=not extra)


def _whole_unit(scan: Scan, i: int) -> Term | None:
    """«أكثر من السنة»: one of it."""
    hit, numeral = scan.hit(i, "unit"), scan.numerals.get(i)
    if hit is None or not hit.definite or (numeral is not None and numeral.last > hit.last):
        return None  # «لم تتجاوز الثانية عشرة»
    return Term(amounts={hit.name: 1}, last=hit.last, start=hit.start)


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


def tidy(value: int | float) -> int | float:
    """A number as an int, where it is one."""
    return int(value) if float(value).is_integer() else value


def _meant(scan: Scan, i: int, term: Term, last: int) -> bool:
    """Whether a bare unit is a length of time here rather than a noun: after مدة, خلال, قبل and the like."""
    before, form = i - 1, scan.folded[i]
    if last < scan.size and scan.folded[last].startswith("ال") and scan.hit(last, "direction") is None:
        return False  # «شهر الصيام», «سنوات الجفاف», «ساعات العمل»
    ((unit, amount),) = term.amounts.items()
    stops = last >= scan.size or not scan.folded[last][0].isalnum() or scan.word(last, "plain") is not None
    if unit == "decade" and amount is not None and not stops and scan.word(last, "of") is None:
        return False  # «خلال عقد», not «خلال عقد اجتماع»
    if amount is None and (unit == "decade" or (form.startswith("ل") and term.start > scan.tokens[i].start)):
        return stops or scan.word(last, "long") is not None  # «لسنوات طويلة», «لعقود», not «لعقود تشغيل»
    if before >= 0 and scan.hit(before, "cue", "lasting", bare=False) is not None:
        return True
    if scan.alone(i, last):
        return True
    if amount is None and unit in ("minute", "hour", "week", "month", "year"):
        return stops and before >= 0 and scan.folded[before] in ("في", "خلال")
    if form == "عاما":
        return False  # «إضرابا عاما»: the adjective, unless a cue stands before
    if before >= 0 and scan.hit(before, "amount", bare=False) is not None:
        return True
    accusative = form.endswith(("شهرا", "اسبوعا")) and scan.tokens[i].start == term.start
    return accusative and unit in ("week", "month")
