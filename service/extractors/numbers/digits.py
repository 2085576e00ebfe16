"""Digits with their signs and separators, in tokens that touch each other."""

from msgspec import Struct

from service.terms import Number
from service.text.document import Document
from service.text.segment import Token

DECIMAL, THOUSANDS = "٫", "٬"
_SEPARATORS = frozenset(".,،٫٬'’")
_MOST_DIGITS = 30  # a longer run is no number
_EXACT_DIGITS = 15
_SPACED_GROUPS = 5
_OPENINGS = frozenset('(«"~')
_ARTICLES = {"ال": 0, "وال": 1, "فال": 1, "بال": 1, "كال": 1, "لل": 1, "ولل": 2, "وبال": 2}


class Digits(Struct, frozen=True, gc=False):
    """Tokens `[first:last]` that write one number in digits, sign and article included."""

    first: int
    last: int
    start: int
    value: Number
    integer_digits: int | None  # None unless it is a bare run
    definite: bool = False
    decimal: float | None = None  # the other reading of one mark before three digits


def read_digits(doc: Document) -> dict[int, Digits]:
    """Every number written in digits, by its first token. Dotted or slashed chains (dates, versions) give each run."""
    tokens = doc.tokens
    found: dict[int, Digits] = {}
    free = 0
    for index in [at for at, token in enumerate(tokens) if token.text.isdigit()]:
        if index < free or not _is_digits(tokens[index]):
            continue
        if _is_vulgar(doc, index):
            fraction = _vulgar_fraction(doc, index)
            if fraction is not None:
                found[index] = fraction
            free = index + 3
            continue
        for number in _read_chain(doc.text, tokens, _chain(tokens, index)):
            free = number.last
            if number.last - number.first > 1 or len(tokens[number.first].text) <= _MOST_DIGITS:
                number = _with_sign(tokens, number)
                found[number.first] = number
    return found


def _is_vulgar(doc: Document, at: int) -> bool:
    """Whether digits and a fraction slash were one character of the raw text («½» is 1⁄2 in the view)."""
    tokens, start_of = doc.tokens, doc.view.start_of
    if at + 2 >= len(tokens) or tokens[at + 1].text != "⁄" or not _touch(tokens, at) or not _is_digits(tokens[at + 2]):
        return False
    return start_of(tokens[at].end - 1) == start_of(tokens[at + 1].start)


def _vulgar_fraction(doc: Document, at: int) -> Digits | None:
    """«½», «3½»; None where another such character follows at once."""
    tokens, start_of = doc.tokens, doc.view.start_of
    over, slash, under = tokens[at : at + 3]
    raw = start_of(slash.start)
    if start_of(under.end - 1) != raw:
        return None
    parts = "".join(char for place, char in enumerate(over.text, over.start) if start_of(place) == raw)
    whole = over.text[: len(over.text) - len(parts)][:_EXACT_DIGITS] or "0"
    divisor = int(under.text)
    return Digits(at, at + 3, over.start, int(whole) + int(parts) / divisor, None) if divisor else None


def _is_digits(token: Token) -> bool:
    return token.text.isascii() and token.text.isdigit()


def _touch(tokens: tuple[Token, ...], left: int) -> bool:
    return left + 1 < len(tokens) and tokens[left].end == tokens[left + 1].start


def _chain(tokens: tuple[Token, ...], first: int) -> list[int]:
    """Token indices of runs of digits joined by single separators."""
    runs = [first]
    at = first
    while True:
        if _touch(tokens, at) and tokens[at + 1].text in _SEPARATORS and _touch(tokens, at + 1):
            if not _is_digits(tokens[at + 2]):
                return runs
            at += 2
        else:
            return runs
        runs.append(at)


def _read_chain(text: str, tokens: tuple[Token, ...], runs: list[int]) -> list[Digits]:
    first, last = runs[0], runs[-1] + 1
    if len(runs) == 1:
        return [_bare_or_spaced(text, tokens, first)]
    texts = [tokens[run].text for run in runs]
    value, decimal = _separated(texts, [tokens[run - 1].text for run in runs[1:]])
    if value is None:
        return [_bare(tokens, run) for run in runs]
    return [Digits(first, last, tokens[first].start, value, None, decimal=decimal)]


def _separated(texts: list[str], marks: list[str]) -> tuple[Number | None, float | None]:
    """The value of runs with marks between them and its other reading; None where they are not one number."""
    *before, mark = marks
    groups = (len(texts) == 2 or len(texts[0]) <= 3) and texts[0] != "0"
    if all(m == mark for m in before):
        if groups and mark != DECIMAL and all(len(text) == 3 for text in texts[1:]) and (before or texts[0][0] != "0"):
            other = None if before or mark == THOUSANDS else float(".".join(texts))
            return _integer("".join(texts)), other
        if before or mark == THOUSANDS:
            return None, None
        return float(".".join(texts)), None
    grouped = all(m == before[0] for m in before) and before[0] != DECIMAL and all(len(t) == 3 for t in texts[1:-1])
    if groups and grouped and mark != THOUSANDS:
        return float("".join(texts[:-1]) + "." + texts[-1]), None
    return None, None


def _integer(text: str) -> Number:
    return int(text) if len(text) <= _EXACT_DIGITS else float(text)


def _bare(tokens: tuple[Token, ...], at: int) -> Digits:
    text = tokens[at].text
    return Digits(at, at + 1, tokens[at].start, _integer(text) if len(text) <= _MOST_DIGITS else 0, len(text))


def _agency_decimal(tokens: tuple[Token, ...], first: int) -> Digits | None:
    """«5ر2» is 2.5: news agencies write «ر» for the mark, and the decimals, seen on the left, come first."""
    last = first + 3
    if last > len(tokens) or tokens[first + 1].text != "ر" or not _is_digits(tokens[first + 2]):
        return None
    if not _touch(tokens, first) or not _touch(tokens, first + 1) or len(tokens[first].text) > 3:
        return None
    value = float(f"{tokens[first + 2].text[:_EXACT_DIGITS]}.{tokens[first].text}")
    return Digits(first, last, tokens[first].start, value, None)


def _bare_or_spaced(text: str, tokens: tuple[Token, ...], first: int) -> Digits:
    """One run of digits, with the decimal mark before it («٫77») or the spaced groups of three after it («14 535»)."""
    agency = _agency_decimal(tokens, first)
    if agency is not None:
        return agency
    before = first - 1
    if before >= 0 and tokens[before].text in {DECIMAL, "."} and _touch(tokens, before):
        if before == 0 or not _touch(tokens, before - 1) or tokens[before - 1].text in {"+", "-", "("}:
            return Digits(before, first + 1, tokens[before].start, float("0." + tokens[first].text), None)
        return _bare(tokens, first)
    last = first + 1
    open_left = (
        first == 0 or not _touch(tokens, before) or tokens[before].text.isalpha() or tokens[before].text in {"+", "-"}
    )
    if len(tokens[first].text) <= 3 and tokens[first].text[0] != "0" and open_left:
        while last - first < _SPACED_GROUPS and _is_spaced_group(text, tokens, last):
            last += 1
    if last == first + 1:
        return _bare(tokens, first)
    digits = "".join(token.text for token in tokens[first:last])
    runs = _chain(tokens, last - 1)
    if len(runs) == 2 and tokens[last].text in {".", ",", DECIMAL}:
        return Digits(first, last + 2, tokens[first].start, float(f"{digits}.{tokens[last + 1].text}"), None)
    return Digits(first, last, tokens[first].start, _integer(digits), None)


def _is_spaced_group(text: str, tokens: tuple[Token, ...], at: int) -> bool:
    if at >= len(tokens) or not _is_digits(tokens[at]) or len(tokens[at].text) != 3:
        return False
    start = tokens[at].start
    if start != tokens[at - 1].end + 1 or text[start - 1] != " ":
        return False
    return not (_touch(tokens, at) and tokens[at + 1].text in "/:-")


def _with_sign(tokens: tuple[Token, ...], number: Digits) -> Digits:
    """The number with the sign or the article that touches it."""
    before = number.first - 1
    if before < 0 or not _touch(tokens, before):
        return number
    mark = tokens[before].text
    opening = before == 0 or not _touch(tokens, before - 1) or tokens[before - 1].text in _OPENINGS
    if mark in {"+", "-"} and opening and not (before and _is_digits(tokens[before - 1])):  # «2 -2»
        value = -number.value if mark == "-" else number.value
        decimal = -number.decimal if mark == "-" and number.decimal is not None else number.decimal
        return Digits(before, number.last, tokens[before].start, value, None, decimal=decimal)
    if mark in _ARTICLES:
        start = tokens[before].start + _ARTICLES[mark]
        return Digits(before, number.last, start, number.value, number.integer_digits, True, number.decimal)
    return number
