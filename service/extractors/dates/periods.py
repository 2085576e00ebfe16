"""Atoms of seasons, quarters, halves, decades, centuries, weekends and named days."""

from service.extractors.dates.context import timed_before
from service.extractors.dates.days import anchored_unit
from service.extractors.dates.month_dates import month_and_year
from service.extractors.dates.numeric_dates import plain_year, year
from service.extractors.dates.scan import Atom, Changes, Hit, Scan
from service.extractors.dates.tense import is_sport


def season(scan: Scan, i: int) -> Atom | None:
    """«صيف 2016», «الصيف المقبل», «هذا الشتاء»; a bare season only after a preposition of time."""
    this = scan.hit(i, "this", bare=False)
    hit = scan.hit(this.last if this else i, "season", bare=this is not None)
    if hit is None:
        return None
    changes: Changes = {"period": hit.name}
    if this is not None:
        return Atom(hit.last, changes | {"direction": 0}, "season", this.start)
    found = _year_of(scan, hit.last)
    if found is not None:
        return Atom(found.last, changes | found.changes, "season", hit.start)
    direction = scan.hit(hit.last, "direction")
    if direction is not None:
        return Atom(direction.last, changes | {"direction": direction.number}, "season", hit.start)
    named = scan.folded[i].startswith(("ال", "وال", "بال", "فال", "لل")) or hit.last - i > 1
    if named and (
        timed_before(scan, i) or hit.last - i > 1 or hit.proclitics in ("ب", "ل") or scan.size == hit.last - i
    ):
        return Atom(hit.last, changes, "season", hit.start)
    return None


def _year_of(scan: Scan, i: int) -> Atom | None:
    """The year that a season or a part of the year belongs to: «2016», «من عام 2016», «العام الماضي»."""
    for k in dict.fromkeys((i, scan.word(i, "of") or i)):
        found = year(scan, k)
        if found is not None:
            return found if school_year(scan, found.last - 1) is None else None
        anchored = anchored_unit(scan, k)
        if anchored is not None and anchored.changes["unit"] in ("year", "decade", "century"):
            changes: Changes = {"year_shift": anchored.changes["shift"]}
            if "same" in anchored.changes:
                changes["same"] = True
            return Atom(anchored.last, changes, "year", anchored.start)
        unit = scan.hit(k, "unit", "year", bare=False)
        if unit is not None and unit.definite and k > i and scan.word(unit.last, "studies") is None:
            return Atom(unit.last, {"year_shift": 0}, "year", unit.start)
    for k in dict.fromkeys((i, scan.word(i, "of") or i)):
        value = plain_year(scan, k, cued=True)
        if value is not None and value.changes["year"] >= 1000:
            return value
    return None


def part_of_year(scan: Scan, i: int) -> Atom | None:
    """«الربع الأول من 2025», «النصف الثاني من العام الماضي», «الأشهر الستة الأولى من السنة الحالية»."""
    hit = scan.hit(i, "fraction", bare=False)
    if hit is not None:
        final = scan.hit(hit.last, "direction", -1)
        if final is not None and scan.folded[final.first].startswith("الاخير"):
            ordinal: tuple[int, int] | None = (4 if hit.name == "Q" else 2, final.last)
        else:
            ordinal = _ordinal(scan, hit.last)
        if ordinal is None or not 1 <= ordinal[0] <= (4 if hit.name == "Q" else 2):
            return None
        found = _year_of(scan, ordinal[1])
        of = scan.word(ordinal[1], "of")
        month = _month_of(scan, of) if found is None and of is not None and hit.name == "H" else None
        if month is not None:
            return Atom(month.last, {"nth": ordinal[0], "nth_of": "half"} | month.changes, "half_of_month", hit.start)
        changes: Changes = {"period": f"{hit.name}{ordinal[0]}"}
        if found is not None:
            return Atom(found.last, changes | found.changes, "part_of_year", hit.start)
        return _quarter_alone(scan, Atom(ordinal[1], changes, "part_of_year", hit.start), i)
    return _first_units(scan, i, "month") or _first_units(scan, i, "day")


def _quarter_alone(scan: Scan, atom: Atom, i: int) -> Atom | None:
    """«أرباح الشركة في الربع الثالث», but not «في الربع الأول من المباراة»: a quarter whose year is left open."""
    if not scan.folded[i].endswith("الربع") or not timed_before(scan, i):
        return None
    if scan.word(atom.last, "of") is not None or is_sport(scan, i):
        return None
    way = scan.hit(atom.last, "direction")
    return atom if way is None else Atom(way.last, atom.changes | {"direction": way.number}, atom.rule, atom.start)


def _first_units(scan: Scan, i: int, unit: str) -> Atom | None:
    """«الأشهر الستة الأولى من 2016», «الشهرين الأولين من السنة الحالية», «الأيام العشرة الأولى من رمضان»."""
    dual = scan.hit(i, "dual", unit, bare=False)
    units = dual or scan.hit(i, "plural", unit, bare=False)
    numeral = scan.number(units.last) if units is not None else scan.number(i, bare=False)
    edge = scan.hit(i, "stretch", bare=False)
    if edge is not None and scan.folded[edge.first].endswith(("اول", "اخر")):
        return _edge_units(scan, edge, unit)
    if numeral is not None and units is None:
        units = scan.hit(numeral.last, "plural", unit)
        count, j, start = numeral.value, units.last if units else i, numeral.start
    elif dual is not None:
        count, j, start = 2, dual.last, dual.start
    elif units is not None and numeral is not None:
        count, j, start = numeral.value, numeral.last, units.start
    else:
        return None
    if units is None or not isinstance(count, int) or not 2 <= count <= (11 if unit == "month" else 30):
        return None
    first, last = scan.word(j, "first_of"), scan.word(j, "last_of")
    end = first or last
    if end is None:
        return None
    of = scan.word(end, "of")
    found = _year_of(scan, end) if unit == "month" else _month_of(scan, of) if of is not None else None
    if found is None:
        return None
    changes: Changes = {"nth": count if first else -count, "nth_of": f"{unit}s"}
    return Atom(found.last, changes | found.changes, f"first_{unit}s", start)


def _edge_units(scan: Scan, edge: Hit, unit: str) -> Atom | None:
    """«أول تسعة أشهر من العام», «آخر 10 أيام من رمضان»."""
    numeral = scan.number(edge.last)
    units = scan.hit(numeral.last, "plural", unit) if numeral is not None else None
    of = scan.word(units.last, "of") if units is not None else None
    if numeral is None or of is None or not isinstance(numeral.value, int) or not 3 <= numeral.value <= 11:
        return None
    found = _year_of(scan, of - 1) if unit == "month" else _month_of(scan, of)
    if found is None:
        return None
    count = numeral.value if scan.folded[edge.first].endswith("اول") else -numeral.value
    return Atom(found.last, {"nth": count, "nth_of": f"{unit}s"} | found.changes, f"first_{unit}s", edge.start)


def _month_of(scan: Scan, i: int) -> Atom | None:
    found = month_and_year(scan, i, after_day=True) or anchored_unit(scan, i)
    return found if found is not None and found.changes.get("unit", "month") == "month" else None


def _ordinal(scan: Scan, i: int) -> tuple[int, int] | None:
    numeral = scan.number(i)
    definite = scan.folded[i : i + 1] and scan.folded[i].startswith("ال")
    if numeral is not None and (numeral.ordinal or (numeral.words and definite)) and isinstance(numeral.value, int):
        return numeral.value, numeral.last
    for key, value in (("first_of", 1),):
        last = scan.word(i, key)
        if last is not None:
            return value, last
    return None


def decade(scan: Scan, i: int) -> Atom | None:
    """«تسعينيات القرن الماضي», «السبعينيات», «العقد الأول من القرن», «عقد التسعينات»."""
    word = scan.hit(i, "unit", "decade", bare=False)
    j = word.last if word else i
    if word is not None and word.definite:
        nth = _ordinal(scan, j)
        of = scan.word(nth[1], "of") if nth is not None else None
        whole = century(scan, of) if of is not None else None
        if nth is not None and whole is not None and 1 <= nth[0] <= 10:
            return Atom(whole.last, {"decade": nth[0] - 1} | whole.changes, "decade", word.start)
    hit = scan.hit(j, "decade", bare=bool(word))
    if hit is None:
        return None
    changes: Changes = {"decade": hit.number // 10}
    start = word.start if word else hit.start
    for k in dict.fromkeys((hit.last, scan.word(hit.last, "of") or hit.last)):
        found = century(scan, k)
        if found is not None:
            return Atom(found.last, changes | found.changes, "decade", start)
    definite = scan.folded[hit.first].lstrip("وفبلك").startswith("ال") or "ال" in scan.folded[hit.first][:4]
    if word is None and not definite and not timed_before(scan, i) and scan.hit(i - 1, "stretch", bare=False) is None:
        return None
    # «في العشرينات من عمره» is an age.
    if scan.folded[hit.last : hit.last + 1] == ["من"] and scan.hit(hit.last + 1, "cue", "age") is not None:
        return None
    return Atom(hit.last, changes, "decade", start)


def century(scan: Scan, i: int) -> Atom | None:
    """«القرن العشرون», «القرن الماضي», «القرن 19», «القرن الثالث قبل الميلاد»."""
    hit = scan.hit(i, "unit", "century", bare=False)
    if hit is None or not hit.definite:
        return None
    direction = scan.hit(hit.last, "direction")
    if direction is not None:
        return Atom(direction.last, {"unit": "century", "shift": direction.number}, "century", hit.start)
    ordinal = _ordinal(scan, hit.last)
    if ordinal is None:
        value = scan.digits(hit.last)
        if value is None or not 1 <= value <= 30:
            return None
        ordinal = (value, hit.last + 1)
    changes: Changes = {"century": ordinal[0]}
    last = ordinal[1]
    for key in ("bc", "ad", "ah"):
        end = scan.word(last, key)
        if end is not None:
            last = end
            changes |= {"bc": True} if key == "bc" else {"hijri": True} if key == "ah" else {}
            break
    return Atom(last, changes, "century", hit.start)


def weekend(scan: Scan, i: int) -> Atom | None:
    """«نهاية الأسبوع الجاري», «عطلة نهاية الأسبوع»."""
    hit = scan.hit(i, "word", "weekend", bare=False)
    if hit is None:
        return None
    direction = scan.hit(hit.last, "direction")
    last = direction.last if direction else hit.last
    return Atom(
        last, {"unit": "week", "shift": direction.number if direction else 0, "period": "WE"}, "weekend", hit.start
    )


def named_day(scan: Scan, i: int) -> Atom | None:
    """«عيد الشهداء», «رأس السنة», «عيد الفطر 2024»."""
    hits = [scan.hit(i, kind, bare=False) for kind in ("gregorian_day", "hijri_day")]
    hit = max((hit for hit in hits if hit is not None), key=lambda hit: hit.last, default=None)
    if hit is None:
        return None
    changes: Changes = {"month": int(hit.name[:2]), "day": int(hit.name[3:]), "named": hit.name}
    if hit.kind == "hijri_day":
        changes["hijri"] = True
    last = hit.last
    direction = scan.hit(last, "direction")
    if direction is not None and direction.key != 0:
        return Atom(direction.last, changes | {"direction": direction.number}, "named_day", hit.start)
    found = _year_of(scan, last)
    if found is not None:
        if hit.kind == "hijri_day" and not found.changes.get("hijri"):
            # «عيد الفطر 2024»: the Hijri day that falls in a Gregorian year.
            changes["gregorian_year"] = found.changes.get("year")
            return Atom(found.last, {k: v for k, v in changes.items() if v is not None}, "named_day", hit.start)
        return Atom(found.last, changes | found.changes, "named_day", hit.start)
    return Atom(last, changes, "named_day", hit.start)


def school_year(scan: Scan, i: int) -> tuple[int, int, int, int] | None:
    """«2016-2017», «2016/2017», «2015-16»: both years, the token after, and where it begins."""
    first, second = scan.digits(i), scan.digits(i + 2)
    if first is None or second is None or not scan.is_mark(i + 1, "-/–") or len(scan.folded[i]) != 4:
        return None
    if scan.is_mark(i + 1, "/") and not scan.glued(i + 1):
        return None
    if len(scan.folded[i + 2]) == 2 and scan.glued(i + 2) and second > 12:
        second += first // 100 * 100
        if second > first + 20:
            return None  # «مشروع قانون عدد 2016/75»
    if not (1000 <= first < second <= 2200):
        return None
    if scan.is_mark(i + 3, "/-.") and scan.glued(i + 3) and scan.digits(i + 4) is not None:
        return None
    return first, second, i + 3, scan.tokens[i].start
