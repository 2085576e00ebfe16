"""Atoms of the clock and of the parts of the day."""

from service.extractors.dates.context import counts, is_labelled, timed_before
from service.extractors.dates.scan import Atom, Changes, Scan
from service.extractors.dates.tense import speaks_of


def clock_time(scan: Scan, i: int, *, announced: bool = False) -> Atom | None:
    """«الساعة الثامنة والنصف مساء», «الساعة 16:00», «14:30», «5 مساء», «18,25 ت غ».

    `announced` says that the words before leave no doubt of a time.
    """
    word = scan.hit(i, "clock", bare=False)
    j = word.last if word else i
    if (
        word is not None
        and scan.folded[word.first].endswith("س")
        and len(scan.folded[j - 1]) == 1
        and scan.digits(j) is None
    ):
        return None
    if word is not None and scan.hit(j, "amount") is not None:
        j = scan.hit(j, "amount").last  # type: ignore[union-attr]  # it was just found
    hours = _digital(scan, j, announced=announced or word is not None) or _spoken(
        scan, j, announced=announced or word is not None
    )
    if hours is None:
        return _noon(scan, j, word.start, "clock") if word is not None else None
    last, changes, explicit = hours
    start = word.start if word else scan.tokens[j].start
    if word is None and scan.digits(j) is None:
        hit = scan.hit(j, "hour", bare=False)
        start = hit.start if hit else start
    if word is None and "minute" in changes and (scan.hit(last, "unit", "hour") or scan.hit(last, "plural", "hour")):
        return None  # «16:30 ساعة»: a length
    if word is not None and "minute" in changes:
        unit = scan.hit(last, "unit", "minute")
        last = unit.last if unit is not None else last  # «الساعة 23:56 دقيقة»
    last, half = _half_of_day(scan, last, changes, announced=word is not None or scan.digits(j) is None)
    if half is not None and "minute" not in changes:
        last, changes = _minutes(scan, last, changes, loose=False)  # «الساعة الثالثة فجرا و13 دقيقة»
    last, zone = _zone(scan, last)
    if zone is not None:
        changes["zone"] = zone
    bare_indefinite = word is not None and scan.folded[word.first].removeprefix("ال") == scan.folded[word.first]
    if (
        not explicit
        and half is None
        and not announced
        and (word is None or (bare_indefinite and scan.digits(j) is None))
        and zone is None
        and not _with_share(scan, j, last, changes)
    ):
        return None
    unsaid = word is None and half is None and not explicit and "minute" not in changes
    degrees = word is None and scan.digits(j) is not None and "minute" not in changes and not announced
    if degrees and half is not None and speaks_of(scan, j, "degrees"):
        return None  # «الحرارة 12 ليلا»
    if unsaid and zone is not None and scan.digits(j) is not None:
        return None
    hour = changes["hour"]
    if half is None and (1 <= hour <= 12) and not (explicit and len(scan.folded[j]) == 2 and scan.folded[j][0] == "0"):
        changes["ambiguous"] = True
        if scan.digits(j) is None and zone is None:
            changes["spoken"] = True
    changes["hour"] = in_half(hour, half)
    if changes["hour"] > 24 or (changes["hour"] == 24 and changes.get("minute")):
        return None
    return Atom(last, changes, "clock", start)


def _with_share(scan: Scan, j: int, last: int, changes: Changes) -> bool:
    """«في التاسعة والنصف»: an hour that needs no «الساعة», unless it is an age."""
    if "minute" not in changes or not scan.folded[j].startswith("ال"):
        return False
    aged = scan.word(last, "of") is not None and scan.hit(last + 1, "cue", "age") is not None
    return not aged and (timed_before(scan, j) or scan.folded[j - 1] == "عند")


def _noon(scan: Scan, i: int, start: int, rule: str = "noon") -> Atom | None:
    """«منتصف النهار», «منتصف الليل و40 دقيقة», «منتصف النهار إلا خمس دقائق»."""
    hit = scan.hit(i, "noon", bare=False)
    if hit is None:
        return None
    last, changes = _minutes(scan, hit.last, {"hour": hit.number or 24}, loose=False)
    return Atom(last, {"minute": 0} | changes, rule, start)


def in_half(hour: int, half: str | None) -> int:
    """An hour of the 24, from one of the 12 and its half of the day."""
    if half == "MO":
        return 0 if hour == 12 else hour
    if half in ("AF", "EV", "PM"):
        return hour + 12 if hour < 12 else hour
    if half == "NOON":
        return hour + 12 if hour < 6 else hour
    if half == "NI":
        return 24 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    return hour


def _digital(scan: Scan, j: int, *, announced: bool) -> tuple[int, Changes, bool] | None:
    """«16:00», «8:05:30», «07,25», «14h30», «20 و30 دقيقة», «16»: the token after, fields, and whether it says all."""
    hour = scan.digits(j)
    if hour is None or hour > 24 or len(scan.folded[j]) > 2:
        return None
    if not announced and is_labelled(scan, j):
        return None  # «الطريق رقم 5 صباح اليوم»
    if (
        j
        and scan.glued(j)
        and scan.folded[j - 1] in (":", "/", "-", ".", "+")
        and j > 1
        and scan.digits(j - 2) is not None
        and scan.glued(j - 1)
        and scan.folded[j - 1] != "-"
    ):
        return None
    minute = scan.digits(j + 2)
    mark = scan.folded[j + 1] if j + 1 < scan.size else ""
    if minute is not None and minute < 60 and scan.glued(j + 1) and scan.glued(j + 2) and len(scan.folded[j + 2]) <= 2:
        if mark == ":" and (len(scan.folded[j + 2]) == 2 or announced):
            second = scan.digits(j + 4)
            if (
                scan.is_mark(j + 3, ":")
                and scan.glued(j + 3)
                and second is not None
                and second < 60
                and scan.glued(j + 4)
            ):
                if (
                    scan.is_mark(j + 5, ".")
                    and scan.glued(j + 5)
                    and scan.glued(j + 6)
                    and scan.digits(j + 6) is not None
                ):
                    return j + 7, {"hour": hour, "minute": minute, "second": second}, True
                return j + 5, {"hour": hour, "minute": minute, "second": second}, True
            return j + 3, {"hour": hour, "minute": minute}, True
        if mark in ("h", "H", "س") or (mark in (",", ".", "،", "٫") and len(scan.folded[j + 2]) == 2):
            if announced or mark in ("h", "H", "س") or scan.hit(j + 3, "zone", bare=False) or _half_word(scan, j + 3):
                return j + 3, {"hour": hour, "minute": minute}, announced or mark in ("h", "H", "س")
            return None
    if mark in (",", ".", "/", ":", "%") and scan.glued(j + 1) and scan.glued(j + 2) and minute is not None:
        return None
    last, changes = _minutes(scan, j + 1, {"hour": hour})
    if mark in ("h", "H") and scan.glued(j + 1):
        return j + 2, changes, True
    return last, changes, False


def _spoken(scan: Scan, j: int, *, announced: bool) -> tuple[int, Changes, bool] | None:
    hit = scan.hit(j, "hour", bare=False)
    if hit is None or (hit.proclitics and hit.proclitics not in ("و", "ف", "ب", "ل")):
        return None
    before = scan.folded[j - 1] if j else ""
    if not announced and before.startswith("ال") and before.endswith("ه") and not scan.hits_at(j - 1):
        return None  # «الرابطة الثالثة صباح اليوم»: an ordinal
    last, changes = _minutes(scan, hit.last, {"hour": hit.number})
    return last, changes, False


def _minutes(scan: Scan, j: int, changes: Changes, *, loose: bool = True) -> tuple[int, Changes]:
    """«والنصف», «وربع», «إلا ثلثا», «و20 دقيقة», «وخمس وعشرين دقيقة», after an hour; `loose` without their unit."""
    hour = changes["hour"]
    less = scan.hit(j, "less")
    k = less.last if less else j
    joined = scan.folded[k : k + 1] == ["و"]
    if joined:
        k += 1
    part = scan.hit(k, "minutes", bare=False)
    if part is not None and (less or joined or part.proclitics == "و"):
        more = scan.hit(part.last, "hour", 5, bare=False)
        extra, last = 0, part.last
        if more is not None and more.proclitics == "و":  # النصف وخمس
            extra, last = 5, more.last
            unit = scan.hit(last, "plural", "minute") or scan.hit(last, "unit", "minute")
            last = unit.last if unit else last
        if less:
            return last, changes | {"hour": (hour - 1) or 12 if hour <= 12 else hour - 1, "minute": 60 - part.number}
        return last, changes | {"minute": part.number + extra}
    value, last = _minute_number(scan, k)
    if value is not None and (less or joined or scan.folded[k].startswith("و")):
        unit = scan.hit(last, "unit", "minute") or scan.hit(last, "plural", "minute")
        if unit is not None or less:
            last = unit.last if unit else last
            if less:
                return last, changes | {"hour": (hour - 1) or 12 if hour <= 12 else hour - 1, "minute": 60 - value}
            return last, changes | {"minute": value}
        fives = value % 5 == 0 and scan.digits(k) is None and scan.hit(j - 2, "clock", bare=False) is not None
        if loose and (_half_word(scan, last) or (fives and not counts(scan, last))):
            return last, changes | {"minute": value}
    dual = scan.hit(k, "dual", "minute", bare=False)
    if dual is not None and (joined or dual.proclitics == "و"):
        return dual.last, changes | {"minute": 2}
    return j, changes


def _minute_number(scan: Scan, k: int) -> tuple[int | None, int]:
    """A number of minutes: digits (perhaps after a glued و) or words."""
    value = scan.digits(k)
    if value is not None:
        return (value, k + 1) if value < 60 else (None, k)
    numeral = scan.number(k, bare=False)
    if numeral is not None and not numeral.ordinal and isinstance(numeral.value, int) and numeral.value < 60:
        return numeral.value, numeral.last
    return None, k  # «بين الثانية والرابعة»: two hours


def _half_word(scan: Scan, j: int) -> bool:
    return any(hit.kind in ("part", "noon", "am", "pm") for hit in scan.hits_at(j))


def _half_of_day(scan: Scan, j: int, changes: Changes, *, announced: bool) -> tuple[int, str | None]:
    """Past the words that put an hour into its half of the day: «مساء», «بعد الظهر», «من صباح», «pm»."""
    k = scan.word(j, "of") or j
    this = scan.hit(k, "this", bare=False)
    if this is not None:
        k = this.last
    elif scan.is_mark(j, "،,-") and not scan.hits_at(j):
        k = j + 1
    hits = scan.hits_at(k)
    for kind in ("part", "noon"):
        hit = next((h for h in hits if h.kind == kind and h.proclitics in ("", "ب", "ل")), None)
        if hit is not None:
            apart = k > j and scan.is_mark(j, "،,-") and this is None
            if apart and (scan.folded[k].startswith("ال") or not scan.folded[k].endswith(("ا", "اء", "ء"))):
                return j, None  # «المغرب 5:47، العشاء 7:17»
            if not announced and "minute" not in changes and scan.folded[k] in ("صباح", "فجر", "ظهر", "عصر"):
                return j, None  # «المنطقة 2 صباح اليوم»: a number of something else
            # «الساعة الثامنة صباح اليوم»: the part belongs to the hour and to the day that follows alike.
            last = hit.last
            if kind == "part" and hit.name == "EV" and changes["hour"] > 12 and scan.folded[k] == "المغرب":
                return j, None  # «الساعة 17:00 المغرب - تونس»: the country
            if kind == "noon":
                return last, "NOON" if hit.key == 12 else "NI"
            return last, hit.name
    if k == j:
        for kind, half in (("am", "MO"), ("pm", "PM")):
            sign = scan.hit(k, kind)
            # A letter alone needs a full time or «الساعة»: «5 م» are metres.
            if sign is None or changes["hour"] > 12:
                continue
            if len(scan.folded[k]) > 1 or "minute" in changes or scan.hit(j - 2, "clock", bare=False) is not None:
                return sign.last, half
    return j, None


def _zone(scan: Scan, j: int) -> tuple[int, int | None]:
    k = j + 1 if scan.is_mark(j, "(") else j
    hit = scan.hit(k, "zone", bare=False)
    if hit is not None and hit.proclitics in ("", "ب"):
        last = hit.last
        if k > j:
            last = last + 1 if scan.is_mark(last, ")") else last
        return last, hit.number
    if scan.folded[j : j + 1] == ["Z"] and scan.glued(j):
        return j + 1, 0
    return j, None


def part_of_day(scan: Scan, i: int) -> Atom | None:
    """«صباحا», «بعد ظهر», «هذا المساء», «الليلة الماضية», «ظهرا», «منتصف الليل»."""
    night = scan.hit(i, "night", bare=False)
    if night is not None:
        return Atom(night.last, {"unit": "day", "shift": night.number, "part": "NI"}, "night", night.start)
    this = scan.hit(i, "this", bare=False)
    j = this.last if this else i
    part = scan.hit(j, "part", bare=bool(this))
    if part is not None:
        found = Atom(part.last, {"part": part.name}, "part_of_day", this.start if this else part.start)
    else:
        noon = scan.hit(j, "noon", bare=bool(this))
        midday = _noon(scan, j, this.start if this else noon.start) if noon is not None else None
        if midday is None:
            return None
        found = midday
    if this is None:
        return found
    if not scan.folded[j].startswith("ال"):
        return None
    return Atom(found.last, found.changes | {"unit": "day", "shift": 0}, found.rule, found.start)
