"""The reader of numerals: the one place that knows how Arabic says a number.

A number is a sum of terms joined by «و», each smaller than the scale of the one before; a term is a group below a
thousand, or digits, times the scales after it. Every rule looks at the tokens next to it: linear in the text.
"""

from fractions import Fraction

from msgspec import Struct

from service.extractors.annotations import Numeral
from service.extractors.numbers.digits import Digits, read_digits
from service.extractors.numbers.morphology import is_definite
from service.extractors.numbers.words import Atom, WordIndex, line_openings
from service.terms import Number
from service.text.document import Document
from service.text.segment import Token

_EXACT = 2**53
_LARGEST = 10**30  # a product beyond it is no number of the news: its words are read apart
# Countries whose press writes the decimal comma.
_COMMAS = frozenset(("TN", "DZ", "MA", "MR"))
_SCALES = frozenset(("scale", "scale_alef", "scale_plural"))


class Part(Struct, frozen=True, gc=False):
    """What was read up to token `next`. `magnitude`: a term below it may be added; 1 where none may."""

    value: Fraction
    next: int
    magnitude: int = 1
    group: Fraction | None = None  # what stood before the scale
    ordinal: bool = False
    words: bool = True


class Reader:
    """Reads one document from left to right."""

    def __init__(self, doc: Document, index: WordIndex) -> None:
        self.doc = doc
        self.tokens: tuple[Token, ...] = doc.tokens
        self.index = index
        self.atoms = index.atoms(doc)
        self.digits = read_digits(doc)
        self.openings = line_openings(doc)  # no numeral runs across a line's end

    def numerals(self) -> tuple[Numeral, ...]:
        """Every numeral of the document, in order, none overlapping."""
        found: list[Numeral] = []
        words = (at for at, atom in enumerate(self.atoms) if atom is not None)
        for at in sorted({*words, *self.digits}):
            if found and at < found[-1].last:
                continue
            numeral = self.numeral(at, found[-1] if found else None)
            if numeral is not None:
                found.append(numeral)
        return tuple(found)

    def numeral(self, at: int, previous: Numeral | None) -> Numeral | None:
        """The longest numeral that starts at a token."""
        atom = self.atoms[at]
        if atom is not None and atom.kind == "negative":
            part = self.number(at + 1)
            if part is None or part.ordinal:
                return None
            return self.made(at, Part(-part.value, part.next, words=True))
        if atom is not None and atom.kind in {"few", "scale_plural"}:
            return self.indefinite(at, atom)
        part = self.number(at)
        if part is None:
            return None
        counted = previous is not None and previous.last == at and not previous.ordinal
        if part.ordinal and counted and atom is not None and not atom.definite:
            return None  # «30 ثانية» counts seconds
        return self.made(at, part)

    def made(self, at: int, part: Part) -> Numeral:
        """The annotation of a part that starts at a token."""
        start, definite = self.opening(at)
        first = self.digits.get(at)
        alone = first is not None and first.last == part.next
        return Numeral(
            first=at,
            last=part.next,
            start=start,
            end=self.tokens[part.next - 1].end,
            value=first.value if alone and first else _number(part.value),
            ordinal=part.ordinal,
            words=part.words,
            integer_digits=first.integer_digits if alone and first else None,
            definite=definite,
            decimal=self.decimal(first, part, alone) if first else None,
            scale=part.magnitude if part.group is not None else 1,
        )

    def decimal(self, digits: Digits, part: Part, alone: bool) -> float | None:
        """The other reading of «29,446» or «29,446 مليون»."""
        if digits.decimal is None or (not alone and part.group != Fraction(str(digits.value))):
            return None
        return float(Fraction(str(digits.decimal)) * (1 if alone else part.magnitude))

    def opening(self, at: int) -> tuple[int, bool]:
        """Where a numeral begins, past its proclitics, and whether it has the article."""
        digits, atom = self.digits.get(at), self.atoms[at]
        if digits is not None:
            return digits.start, digits.definite
        return self.tokens[at].start + (atom.cut if atom else 0), atom is not None and atom.definite

    def indefinite(self, at: int, atom: Atom) -> Numeral | None:
        """«مئات», «عشرات الآلاف», «بضعة», «بضع مئات»: the bounds of a magnitude."""
        low, high, after = (3, 9, at + 1) if atom.kind == "few" else (atom.value, 10 * atom.value - 1, at + 1)
        follower = self.bare(after)
        if atom.kind == "few" and follower is not None and (follower.kind, follower.value) == ("cardinal", 10):
            low, high, after = 13, 19, after + 1
        elif follower is not None and follower.kind in (_SCALES if atom.kind == "scale_plural" else {"scale_plural"}):
            low, high, after = low * follower.value, (high + 1) * follower.value - 1, after + 1
        if high > _LARGEST:
            return None
        start, definite = self.opening(at)
        end = self.tokens[after - 1].end
        bounds = (_number(Fraction(low)), _number(Fraction(high)))
        return Numeral(at, after, start, end, None, *bounds, words=True, definite=definite)

    def number(self, at: int) -> Part | None:
        """A whole number with its sum, its fraction or its decimals."""
        if at >= len(self.tokens):
            return None
        part = self.fraction(at, standing=True) or self.total(at)
        if part is None or part.ordinal:
            return part
        return self.with_decimals(at, self.with_fraction(self.restated(at, part)))

    def restated(self, first: int, part: Part) -> Part:
        """«خمسون (50) ألفا», «39 تسعة وثلاثين»: a part said again the other way, and the scale after it."""
        bracketed = part.next < len(self.tokens) and self.tokens[part.next].text == "("
        at = part.next + bracketed
        if at in self.openings or (at not in self.digits if part.words else self.bare(at) is None):
            return part
        if self.opening(first)[1] and not bracketed:
            return part  # «الاثنين 2 جوان»
        again = self.total(at)
        if again is None or again.ordinal or (again.value, again.words) != (part.value, not part.words):
            return part
        if not bracketed:
            return Part(part.value, again.next, part.magnitude)
        closed = again.next < len(self.tokens) and self.tokens[again.next].text == ")"
        return self.scaled(Part(part.value, again.next + 1)) if closed else part

    def total(self, at: int) -> Part | None:
        """Terms joined by «و», each below the scale of the one before."""
        part = self.term(at)
        if part is None:
            return self.ordinal(at)
        atom = self.atoms[at]
        percent = (atom.cut and not atom.joined) or (at and self.tokens[at - 1].text == "في") if atom else False
        if atom is not None and atom.value == 100 and atom.definite and percent:
            return part  # «بالمائة و16», «في المائة و16»
        while part.magnitude > 1:
            joined = self.after_and(part.next)
            follower = self.digits.get(part.next)
            if joined is None and part.magnitude >= 1000 and follower is not None and follower.integer_digits == 3:
                joined = part.next  # «162 ألف 548 سيارة»
            if joined is None or joined in self.openings:
                return part
            if self.fraction(joined, standing=False) is not None:
                return part
            following = self.term(joined)
            if following is None:
                # «المئة والخامسة والعشرون»
                last = self.ordinal(joined) if self.opening(at)[1] else None
                if last is None:
                    return part
                return Part(part.value + last.value, last.next, ordinal=True)
            if following.value < part.magnitude and following.value.denominator == 1:
                value, magnitude = part.value + following.value, min(part.magnitude, following.magnitude)
            elif following.group is not None and following.group < part.magnitude and part.value < following.magnitude:
                # «ألف ومئتا مليون» is 1200 million
                value, magnitude = (part.value + following.group) * following.magnitude, following.magnitude
            else:
                return part
            part = Part(value, following.next, magnitude, words=part.words or following.words)
        return part

    def term(self, at: int) -> Part | None:
        """A group or digits with the scales after it, or a scale alone."""
        if at >= len(self.tokens):
            return None
        atom, digits = self.atoms[at], self.digits.get(at)
        if digits is not None:
            group, after = Fraction(str(digits.value)), digits.last
            scale = self.bare(after)
            if digits.decimal is not None and scale is not None and self.is_decimal(digits, scale):
                group = Fraction(str(digits.decimal))
            if self.is_year(digits):
                return Part(group, after, words=False)
        elif atom is not None and atom.kind in {"scale", "scale_alef", "scale_dual"}:
            twice = atom.kind == "scale_dual" or (atom.kind == "scale_alef" and self.is_construct(at))
            return self.scaled(Part(Fraction(2 if twice else 1) * atom.value, at + 1, atom.value))
        else:
            read = self.group(at)
            if read is None:
                return None
            group, after = read
        part = self.scaled(Part(group, after, words=digits is None))
        if part.next > after:
            return Part(part.value, part.next, part.magnitude, group, words=part.words)
        # «المئة والخامسة»: something smaller may follow a round hundred.
        return Part(group, after, 100 if digits is None and group % 100 == 0 and group else 1, words=digits is None)

    def scaled(self, part: Part) -> Part:
        """A part with the scales that follow it directly («ألف مليون»)."""
        value, at, magnitude, words = part.value, part.next, part.magnitude, part.words
        while (atom := self.bare(at)) is not None and value * atom.value < _LARGEST:
            hundred = not words and not atom.definite and (atom.kind, atom.value) == ("cardinal", 100)  # «3 مئة»
            if not hundred and (atom.kind not in _SCALES or atom.value == 10 or (atom.definite and magnitude > 1)):
                break
            value, at, words = value * atom.value, at + 1, True
            magnitude = atom.value if magnitude == 1 else magnitude * atom.value
        return Part(value, at, magnitude, words=words)

    def group(self, at: int) -> tuple[Fraction, int] | None:
        """A cardinal below a thousand in words: «مئة وخمسة وعشرون», «ثلاث مئة», «ميتين واحد وعشرين»."""
        atom = self.atoms[at]
        if atom is None or atom.kind not in {"cardinal", "bound"}:
            return None
        follower = self.bare(at + 1)
        if atom.value >= 100:
            hundreds, after = atom.value, at + 1
        elif 3 <= atom.value <= 9 and follower is not None and (follower.kind, follower.value) == ("cardinal", 100):
            hundreds, after = 100 * atom.value, at + 2
        else:
            return self.below_hundred(at)
        joined = self.after_and(after)
        rest = self.below_hundred(joined or after) if joined or self.bare(after) else None
        plural = None if rest is None else self.bare(rest[1])
        if rest is None or (plural is not None and plural.kind == "fraction_plural"):  # «مئة وثلاثة أرباع»
            return Fraction(hundreds), after
        return hundreds + rest[0], rest[1]

    def below_hundred(self, at: int) -> tuple[Fraction, int] | None:
        """A cardinal below a hundred: ones, ten to nineteen, tens, ones and tens."""
        atom = self.atom(at)
        if atom is None or atom.kind not in {"cardinal", "bound"} or atom.value >= 100:
            return None
        if 1 <= atom.value <= 9:
            compound = self.tens_after(at, atom)
            if compound is not None or atom.kind == "bound":
                return compound
        return Fraction(atom.value), at + 1

    def tens_after(self, at: int, atom: Atom) -> tuple[Fraction, int] | None:
        """What ones make with «عشر» or with «و» and tens of the same definiteness."""
        follower = self.bare(at + 1)
        if follower is not None and not follower.definite and self.tokens[at + 1].folded in self.index.tens:
            return Fraction(10 + atom.value), at + 2
        joined = self.after_and(at + 1)
        tens = None if joined is None else self.atom(joined)
        if joined is None or tens is None or tens.kind != "cardinal" or not 20 <= tens.value <= 90:
            return None
        return (Fraction(atom.value + tens.value), joined + 1) if tens.definite == atom.definite else None

    def ordinal(self, at: int) -> Part | None:
        """«الثالث», «الحادي عشر», «الخامس والعشرين»."""
        atom = self.atom(at)
        if atom is None or atom.kind not in {"ordinal", "bound_ordinal"}:
            return None
        compound = self.tens_after(at, atom) if atom.value < 10 else None
        if compound is not None:
            return self.above_hundred(Part(compound[0], compound[1], ordinal=True))
        return self.above_hundred(Part(Fraction(atom.value), at + 1, ordinal=True)) if atom.kind == "ordinal" else None

    def above_hundred(self, part: Part) -> Part:
        """«الثاني بعد المئة», «الخامس والعشرون بعد الألف»."""
        after = self.tokens[part.next].folded if part.next < len(self.tokens) else ""
        base = self.bare(part.next + 1) if after == "بعد" else None
        if base is None or not base.definite or base.value not in {100, 1000}:
            return part
        return Part(part.value + base.value, part.next + 2, ordinal=True)

    def fraction(self, at: int, standing: bool) -> Part | None:
        """«نصف», «ثلثي», «ثلاثة أرباع»; standing alone, with the scale that it is of («نصف مليون»)."""
        atom = self.atom(at)
        if atom is None:
            return None
        after = at + 1
        joined = atom.kind == "joined_fraction" or (atom.kind == "bound" and atom.value == 3)  # «ونص», «وتلت»
        if atom.kind == "fraction" or (joined and (atom.joined or not standing or self.follows_and(at))):
            value = Fraction(1, atom.value)
        elif atom.kind == "fraction_dual":
            value = Fraction(2, atom.value)
        elif standing and self.is_share(at, atom):
            value = Fraction(1, atom.value)
        else:
            follower = self.bare(after)
            if follower is None or follower.kind != "fraction_plural" or atom.kind != "cardinal":
                return None
            value, after = Fraction(atom.value, follower.value), at + 2
        scale = self.bare(after)
        if not standing or scale is None:
            return Part(value, after)
        if scale.kind == "scale" or (scale.kind, scale.value) == ("cardinal", 100):
            return Part(value * scale.value, after + 1)
        return Part(value, after)

    def is_share(self, at: int, atom: Atom) -> bool:
        """«خُمس ميزانيتها», «خمس الإنتاج»: a fifth, by its vowel or by the definite noun that five could not count."""
        token = self.tokens[at]
        if atom.definite or token.folded[atom.cut :] not in self.index.shares:
            return False
        written = self.doc.quote(self.doc.span(token.start + atom.cut, token.end))
        after = at + 1
        whole = after < len(self.tokens) and after not in self.openings and self.atoms[after] is None
        return written[1:2] == "\u064f" or (whole and is_definite(self.tokens[after].folded))

    def with_fraction(self, part: Part) -> Part:
        """A number and the fraction joined to it: of the scale before it, if any («مليون ونصف المليون»)."""
        joined = self.after_and(part.next)
        fraction = None if joined is None else self.fraction(joined, standing=False)
        atom = None if joined is None else self.atom(joined)
        if fraction is None or part.value.denominator != 1 or atom is None or atom.definite:
            return part
        unit, after = (part.magnitude, fraction.next) if part.magnitude >= 1000 else (1, fraction.next)
        scale = self.bare(after)
        if scale is not None and scale.kind == "scale" and scale.value <= max(unit, 1000):
            unit, after = scale.value, after + 1
        return Part(part.value + fraction.value * unit, after)

    def with_decimals(self, at: int, part: Part) -> Part:
        """«خمسة فاصلة اثنان خمسة», «1 فاصلة 1»: the digits after the point, said one by one or as one number."""
        point = self.bare(part.next)
        if point is None or point.kind != "point" or part.value.denominator != 1:
            return part
        after, decimals = part.next + 1, ""
        while after < len(self.tokens) and len(decimals) < 12:
            digits, atom = self.digits.get(after), self.bare(after)
            read = (digits.value, digits.last) if digits else self.group(after) if atom else None
            if read is None or read[0] != int(read[0]):
                break
            decimals += self.tokens[after].text if digits and digits.integer_digits else str(int(read[0]))
            after = read[1]
            if digits is not None or read[0] >= 10:
                break
        if not decimals:
            return part
        value = part.value + Fraction(int(decimals), 10 ** len(decimals))
        return self.scaled(Part(value, after, words=part.words))

    def atom(self, at: int) -> Atom | None:
        """The number word at a token."""
        return self.atoms[at] if at < len(self.tokens) else None

    def bare(self, at: int) -> Atom | None:
        """The number word at a token, where nothing is written onto its front."""
        atom = self.atom(at)
        return atom if atom is not None and not atom.cut and at not in self.openings else None

    def after_and(self, at: int) -> int | None:
        """The token that «و» joins to the one before `at`: `at` itself where «و» is written onto it."""
        if at >= len(self.tokens) or at in self.openings:
            return None
        if self.tokens[at].text == "و":
            return at + 1 if at + 1 < len(self.tokens) and (self.bare(at + 1) or at + 1 in self.digits) else None
        atom = self.atoms[at]
        if self.tokens[at].folded == "واحد":  # «ألفان واحد عشر»: «وأحد», typed without its hamza
            return at if at + 1 < len(self.tokens) and self.tokens[at + 1].folded in self.index.tens else None
        return at if atom is not None and atom.joined else None

    def follows_and(self, at: int) -> bool:
        """Whether a lone «و» stands before a token."""
        return at > 0 and self.tokens[at - 1].text == "و"

    def is_decimal(self, digits: Digits, scale: Atom) -> bool:
        """«7,741 ألف»: nobody counts thousands of thousands; «1,462 مليون» where the region writes decimal commas."""
        comma = self.tokens[digits.last - 2].text in {",", "،"} and self.doc.region in _COMMAS
        return scale.value == 1000 or (comma and scale.value > 1000)

    def is_year(self, digits: Digits) -> bool:
        """«عام 2016»: four digits that no scale may follow."""
        if digits.integer_digits != 4 or not digits.first:
            return False
        before = self.tokens[digits.first - 1].folded
        return any(form in self.index.years for form in (before, before[1:], before[2:], before[3:]))

    def is_construct(self, at: int) -> bool:
        """«ألفا ريال»: two thousand, where no tanween is written and no «و» follows."""
        token = self.tokens[at]
        if token.folded == "الفا" and token.text[0] != "أ":
            return False  # a name, or careless typing
        written = self.doc.quote(self.doc.span(token.start, token.end))
        return "\u064b" not in written and self.after_and(at + 1) is None


def _number(value: Fraction) -> Number:
    """Ints up to 2^53, else the nearest double."""
    return int(value) if value.denominator == 1 and abs(value) <= _EXACT else float(value)


def read_numerals(doc: Document, index: WordIndex) -> tuple[Numeral, ...]:
    """Every numeral of a document."""
    return Reader(doc, index).numerals()
