"""What the tokens around a candidate say of it."""

from service.extractors.dates.scan import Hit, Scan
from service.extractors.dates.tense import is_future_verb


def timed_before(scan: Scan, i: int) -> bool:
    """Whether a preposition of time stands before token `i`."""
    return i > 0 and any(
        (hit.kind == "cue" and hit.key == "time") or hit.kind in ("stretch", "bound") for hit in scan.hits_at(i - 1)
    )


def counts(scan: Scan, i: int) -> bool:
    """Whether the token at `i` reads like a counted noun: an indefinite word that no lexicon of time knows."""
    if i >= scan.size or not scan.folded[i][0].isalpha():
        return scan.is_mark(i, "%$€£")
    if scan.hit(i, "word", "plain", bare=False) is not None or is_future_verb(scan, i):
        return False
    return (
        not scan.listed(i) and i not in scan.numerals and not scan.folded[i].startswith(("ال", "و", "ف", "ب", "ل", "ك"))
    )


def this_begins_noun(scan: Scan, hit: Hit) -> bool:
    """«هذا» after a unit belongs to it only when no noun of its own follows."""
    return (
        hit.key == 0
        and scan.hit(hit.first, "this") is not None
        and scan.folded[hit.last : hit.last + 1] != []
        and (scan.folded[hit.last].startswith("ال"))
    )


def is_labelled(scan: Scan, i: int) -> bool:
    """«الطريق رقم 5»: whether a word before token `i` says that it is a label."""
    return i > 0 and scan.word(i - 1, "label", bare=False) is not None


def is_same(scan: Scan, this: Hit) -> bool:
    """«نفس العام», «ذات الشهر»: a word of `this` that points to what was named last."""
    return scan.folded[this.first].endswith(("نفس", "ذات"))


def is_clock(scan: Scan, i: int) -> bool:
    """Whether a clock time in figures begins at token `i`."""
    return len(scan.folded[i]) <= 2 and scan.is_mark(i + 1, ":") and scan.glued(i + 1)
