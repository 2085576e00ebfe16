"""One document as the fact rules see it, and the facts in the making."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from service.extractors.annotations import Found, Numeral
from service.extractors.numbers.modifiers import Modifiers
from service.extractors.numbers.money import Money
from service.extractors.numbers.morphology import has_pronoun
from service.extractors.numbers.nouns import Nouns, Vocabulary
from service.extractors.numbers.phrases import Phrases
from service.extractors.numbers.refusals import Refusals
from service.extractors.numbers.units import Units
from service.extractors.numbers.words import line_openings
from service.terms import Modifier, Number
from service.text.document import Document
from service.text.segment import Token

DASHES = frozenset("-–—")
_EXACT = 2**53
_MARKS = frozenset("-\"'")
_NO_ARTICLE = frozenset(("أل", "إل", "آل"))


class Grammar(Struct, frozen=True):
    """The lexicons that the facts rest on."""

    duals: frozenset[str]  # words that are or begin a listed dual, of units and currencies too
    vocabulary: Vocabulary
    units: Units
    money: Money
    modifiers: Modifiers
    refusals: Refusals
    percents: Phrases[str]
    totals: Phrases[bool]
    rates: Phrases[bool]


class Amount(Struct, frozen=True, gc=False):
    """The unit after a number: tokens up to `next`."""

    kind: str
    unit: str | None
    next: int
    divisor: int = 1
    rule: str = ""
    times: int = 1


class Draft(Struct, frozen=True, gc=False):
    """A fact in the making, in view offsets."""

    kind: str
    start: int
    end: int
    first: int  # its first token, for what stands before
    next: int  # the token after its last
    number: tuple[int, int]
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    total: Number | None = None
    unit: str | None = None
    per: tuple[int, int] | None = None
    counted: tuple[int, int] | None = None
    modifier: Modifier | None = None
    confidence: float = 1.0
    rule: str = "count"


class Scene:
    """The tokens and numerals of one document, what dates claim of them, and what facts have taken so far."""

    def __init__(self, doc: Document, found: Found, grammar: Grammar) -> None:
        self.doc = doc
        self.grammar = grammar
        self.tokens = doc.tokens
        bare_al = grammar.vocabulary.bare_al
        self.words: Sequence[str] = [
            _word(token, grammar.vocabulary)
            if token.folded[0] == "ا" and (token.text[:2] != "ال" or token.folded in bare_al)
            else token.folded
            for token in doc.tokens
        ]
        self.dated = _claimed(doc, found)
        self.numerals = found.numerals
        self.at = {numeral.first: index for index, numeral in enumerate(found.numerals)}
        inside = {token for numeral in found.numerals for token in range(numeral.first, numeral.last)}
        self.openings = line_openings(doc)
        # No phrase crosses a line, holds a date, or takes the name of a model («طائرة إف-16»),
        # or begins at a closing quotation mark.
        marks = [at for at, word in enumerate(self.words) if at and word in _MARKS]
        touched = {at for at in marks if self.tokens[at - 1].end == self.tokens[at].start}
        closed = {at - 1 if self.words[at] == "-" else at for at in touched}
        self.nouns = Nouns(grammar.vocabulary, list(self.words), inside, self.dated | self.openings | closed)
        self.inside = inside
        self.used: set[int] = set()  # tokens that a fact has taken
        self.refused = -1  # the token after the last numeral that was refused as a label
        # A text of nothing but numbers: whatever they are, they are what it says.
        self.only = all(at in inside or not token.text[0].isalnum() for at, token in enumerate(doc.tokens))

    def joined(self, at: int) -> int | None:
        """The token that «و» joins at a token: itself where «و» is written onto it."""
        if at >= len(self.words) or at in self.openings:
            return None
        if self.words[at] == "و":
            return at + 1
        return at if self.words[at][0] == "و" and at in self.at else None

    def touches(self, at: int) -> bool:
        """Whether a token and the next have nothing in between."""
        return self.tokens[at].end == self.tokens[at + 1].start

    def is_lengthened(self, at: int) -> bool:
        """Whether a lengthening stands before a token for a dash («84 نقطة 4 ـ حكيم»): the view has none."""
        view = self.doc.view
        gap = view.end_of(self.tokens[at - 1].end - 1), view.start_of(self.tokens[at].start)
        return "ـ" in self.doc.raw[slice(*gap)]

    def past_proclitics(self, at: int, definite: bool) -> int:
        """Where a noun begins past its proclitics: surely before an article, else only what cannot be its letter."""
        word, start = self.words[at], self.tokens[at].start
        if word in self.grammar.vocabulary.solid or (not definite and self.grammar.vocabulary.is_solid_dual(word)):
            return start
        if not definite and word[0] == "و" and word[1:] in self.grammar.vocabulary.solid:
            return start + 1
        if not definite and word[:2] in {"وب", "ول"} and len(word) > 5:
            return start + 2
        for length in (1, 2, 3):
            rest = word[length:]
            if rest.startswith("ال") and set(word[:length]) <= set("وفبلك") and len(rest) > 3:
                return start + length
        for prefix in ("ولل", "فلل"):
            if word.startswith(prefix):
                return start + 2
        if word.startswith("لل") and len(word) > 4:
            return start + 1
        owned = has_pronoun(word) or self.tokens[at].text.endswith("ه")
        like = word[0] == "ك" and word in self.grammar.vocabulary.tails  # «كدفعة»
        if like or (word[0] in "بلو" and len(word) > 3 and (owned or not definite)):
            return start + 1
        return start


def _word(token: Token, vocabulary: Vocabulary) -> str:
    """A folded word, with the hamza that tells «ألمانية» from a word with the article."""
    marked = token.text[:2] in _NO_ARTICLE and len(token.text) > 3 and token.folded not in vocabulary.stops
    return "أ" + token.folded[1:] if marked or token.folded in vocabulary.bare_al else token.folded


def draft_of(numeral: Numeral) -> Draft:
    """A bare number."""
    return Draft(
        "number",
        numeral.start,
        numeral.end,
        numeral.first,
        numeral.last,
        (numeral.start, numeral.end),
        numeral.value,
        numeral.low,
        numeral.high,
    )


def tidy(value: float) -> Number:
    """A quotient or sum without the noise of binary fractions."""
    rounded = float(f"{value:.14g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) <= _EXACT else rounded


def _claimed(doc: Document, found: Found) -> set[int]:
    """Tokens that dates have claimed."""
    claimed: set[int] = set()
    for item in found.dates:
        start, end = doc.view.from_raw(item.span.start, item.span.end)
        token = bisect_right(doc.tokens, start, key=_end)
        while token < len(doc.tokens) and doc.tokens[token].start < end:
            claimed.add(token)
            token += 1
    return claimed


def _end(token: Token) -> int:
    return token.end
