"""Whether a clause speaks of the future: what decides where bare weekdays and year-less dates lie."""

from collections.abc import Iterator

from service.extractors.dates.scan import Scan

_REACH = 18  # tokens to either side, so that a text without punctuation costs no more than another
_ENDS = frozenset(".؟!؛:\n")
_STOPS = _ENDS | frozenset("،,")
_STEMS = ("سي", "ست", "سن", "سا")


def is_future(scan: Scan, first: int, last: int) -> bool:
    """A future verb or cue in the clause around tokens `[first:last]`."""
    if _is_told(scan, first):
        return False
    return _cue(scan, range(first - 1, max(-1, first - 1 - _REACH), -1), first) or _cue(
        scan, range(last, min(scan.size, last + _REACH // 2)), first
    )


def _is_told(scan: Scan, first: int) -> bool:
    """A verb or noun of something told or done shortly before, no cue of the future between: «بلاغ صدر الخميس»."""
    for k in _clause_before(scan, first):
        if scan.hit(k, "cue", "future", bare=False) is not None or is_future_verb(scan, k):
            return False
        if scan.hit(k, "cue", "told", bare=False) is not None:
            return True
    return False


def is_ongoing(scan: Scan, first: int) -> bool:
    """An imperfect verb in the clause before: something that takes place, rather than a story told."""
    return any(is_imperfect(scan.folded[k]) for k in _clause_before(scan, first))


def speaks_of(scan: Scan, first: int, cue: str, *, after: int = 0) -> bool:
    """Whether the clause before, and up to `after` tokens behind, speak of the weather, of sport or of degrees."""
    return any(
        scan.same_sentence(k, first) and scan.hit(k, "cue", cue, bare=False) is not None
        for k in range(max(0, first - _REACH), min(scan.size, first + after))
    )


def is_sport(scan: Scan, first: int) -> bool:
    """Whether the clause around is of a match, which has quarters of its own."""
    return speaks_of(scan, first, "sport", after=_REACH // 2)


def lists_weekdays(scan: Scan, first: int) -> bool:
    """«أيام الاثنين والأربعاء», «كامل أيام الأسبوع» near by: days that recur."""
    return any(
        scan.same_sentence(k, first)
        and (days := scan.hit(k, "plural", "day", bare=False)) is not None
        and (scan.hit(days.last, "weekday") is not None or scan.hit(days.last, "unit", "week") is not None)
        for k in range(max(0, first - _REACH), min(scan.size, first + _REACH))
    )


def is_imperfect(word: str) -> bool:
    """Whether a word looks like an imperfect verb of the third person."""
    return (word.startswith("ي") and len(word) > 3) or word.startswith(("تت", "تن", "تج", "تق", "تع", "تف", "تد"))


def _clause_before(scan: Scan, first: int) -> Iterator[int]:
    for k in range(first - 1, max(-1, first - 7), -1):
        if not scan.same_sentence(k, first) or scan.folded[k] in _STOPS:
            return
        yield k


def is_since(scan: Scan, first: int) -> bool:
    """«منذ» within three tokens before: the point lies in the past."""
    return any(
        scan.hit(k, "cue", "past", bare=False) is not None for k in range(max(0, first - 3), first + 1) if k < scan.size
    )


def _cue(scan: Scan, tokens: range, here: int) -> bool:
    for k in tokens:
        if not scan.same_sentence(k, here):
            return False
        folded = scan.folded[k]
        if folded in _ENDS:
            return False
        if k > here and (folded in ("،", ",") or scan.word(k, "that", bare=False) is not None):
            return False  # «قال الخميس إن الفريق سيلعب»: what is said lies ahead, not the saying
        if scan.hit(k, "cue", "future", bare=False) is not None:
            return all(
                scan.word(j, "was", bare=False) is None for j in (k - 1, k - 2)
            )  # «كان من المقرر»: a plan of the past
        if is_future_verb(scan, k):
            return True
    return False


def is_future_verb(scan: Scan, k: int) -> bool:
    """«سيعقد», «وستنطلق»: the future's prefix on an imperfect verb, not a noun that begins alike."""
    folded = scan.folded[k]
    word = folded[1:] if folded[:1] in ("و", "ف") and folded[1:2] == "س" else folded
    return (
        word.startswith(_STEMS)
        and len(word) > 3
        and not word.endswith(("ه", "ات", "اء", "ين", "يه", "ار"))
        and scan.word(k, "not_future", bare=False) is None
        and (word[1] != "ا" or "سأ" in scan.tokens[k].text[:3])
        and (not word.startswith("سيا") or "سيأ" in scan.tokens[k].text)  # «سياحي», «سياقها»
    )
