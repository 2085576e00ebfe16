"""From numerals to facts: what each number counts, measures, prices or ranks."""

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct, structs

from service.extractors.annotations import Found, Numeral, NumericFact
from service.extractors.numbers.modifiers import Modifiers
from service.extractors.numbers.money import THOUSANDTHS, Money
from service.extractors.numbers.morphology import has_pronoun, is_definite, is_feminine, is_plural
from service.extractors.numbers.nouns import Nouns, Phrase, Vocabulary
from service.extractors.numbers.phrases import Phrases
from service.extractors.numbers.refusals import Refusals
from service.extractors.numbers.units import Units
from service.terms import Modifier, Number
from service.text.clitics import cuts
from service.text.document import Document, Span

_TO = frozenset(("الي", "حتي", "لغايه"))
_DASHES = frozenset("-–—")
_BETWEEN = frozenset(("بين", "مابين"))
_ONE = frozenset(("واحد", "واحده", "الواحد", "الواحده", "واحدا"))


class Grammar(Struct, frozen=True):
    """The lexicons that the facts rest on."""

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


class FactReader:
    """Reads the facts of one document."""

    def __init__(self, doc: Document, found: Found, grammar: Grammar) -> None:
        self.doc = doc
        self.grammar = grammar
        self.tokens = doc.tokens
        self.words: Sequence[str] = [token.folded for token in doc.tokens]
        self.dated = _claimed(doc, found)
        self.numerals = found.numerals
        self.at = {numeral.first: index for index, numeral in enumerate(found.numerals)}
        inside = {token for numeral in found.numerals for token in range(numeral.first, numeral.last)}
        ends = [0, *(token.end for token in doc.tokens)]
        gaps = (doc.text[end : token.start] for end, token in zip(ends, doc.tokens, strict=False))
        self.openings = {at for at, gap in enumerate(gaps) if at == 0 or "\n" in gap}
        self.nouns = Nouns(grammar.vocabulary, list(self.words), inside, self.dated | self.openings)
        self.inside = inside
        self.used: set[int] = set()  # tokens that a fact has taken
        # A text of nothing but numbers: whatever they are, they are what it says.
        self.only = all(at in inside or not token.text[0].isalnum() for at, token in enumerate(doc.tokens))

    def facts(self) -> list[NumericFact]:
        """Every fact, in order."""
        drafts: list[Draft] = []
        for index, numeral in enumerate(self.numerals):
            if self.dated.isdisjoint(range(numeral.first, numeral.last)) and self.used.isdisjoint(
                range(numeral.first, numeral.last)
            ):
                self.keep(drafts, self.ordinal(numeral) if numeral.ordinal else self.quantity(index))
        for at in range(len(self.tokens)):
            if at not in self.used and at not in self.inside and at not in self.dated:
                self.keep(drafts, self.dual(at))
        return [self.written(draft) for draft in sorted(drafts, key=lambda draft: draft.start)]

    def keep(self, drafts: list[Draft], draft: Draft | None) -> None:
        """Keep a draft whose tokens are free."""
        if draft is None or not self.used.isdisjoint(range(draft.first, draft.next)):
            return
        self.used.update(range(draft.first, draft.next))
        drafts.append(draft)

    def written(self, draft: Draft) -> NumericFact:
        """The annotation of a draft."""
        return NumericFact(
            span=self.doc.span(draft.start, draft.end),
            kind=draft.kind,
            number=self.doc.span(*draft.number),
            value=draft.value,
            low=draft.low,
            high=draft.high,
            modifier=draft.modifier,
            total=draft.total,
            unit=draft.unit,
            per=self.place(draft.per),
            counted=self.place(draft.counted),
            confidence=draft.confidence,
            rule=draft.rule,
        )

    def place(self, bounds: tuple[int, int] | None) -> Span | None:
        """A raw span."""
        return None if bounds is None else self.doc.span(*bounds)

    # -------------------------------------------------------------------------------------------- cardinals

    def quantity(self, index: int) -> Draft | None:
        """The fact that a cardinal states."""
        numeral = self.numerals[index]
        if self.is_refused(numeral):
            return None
        numeral = self.with_slash(index)
        draft = self.ranged(index, numeral)
        if draft is None:
            draft = self.single(index, numeral)
        return None if draft is None else self.modified(self.rated(draft))

    def single(self, index: int, numeral: Numeral) -> Draft | None:
        """One number with what follows it."""
        draft = _draft(numeral)
        one = self.one_and(numeral)
        if one is not None:
            return one
        amount = self.amount(numeral.last, numeral)
        if amount is not None:
            return self.amounted(draft, amount, index)
        below = self.grammar.units.below_zero.longest(self.words, numeral.last)
        if below is not None and numeral.value is not None:
            end = self.tokens[below[1] - 1].end
            return structs.replace(draft, kind="measure", unit="Cel", value=-numeral.value, next=below[1], end=end)
        prefixed = self.prefixed(draft)
        if prefixed is not None:
            return prefixed
        return self.counting(draft, numeral)

    def amount(self, at: int, numeral: Numeral | None = None) -> Amount | None:
        """The percent sign, unit or currency at a token, on the same line."""
        if at >= len(self.words) or at in self.openings:
            return None
        percent = self.grammar.percents.longest(self.words, at)
        if percent is not None:
            return Amount("percent", percent[0], percent[1], rule="percent")
        unit = self.grammar.units.read(self.words, at)
        money = self.grammar.money.read(self.words, at)
        if unit is not None and (money is None or unit[1] >= money[1]):
            if unit[0].symbol and not self.is_symbol(at, unit[1], numeral):
                return None
            return Amount("measure", unit[0].code, unit[1], rule="measure")
        if money is not None:
            code, divisor = self.grammar.money.resolve(money[0], self.words, at, self.doc.region)
            return Amount("money", code, money[1], divisor, "money")
        return None

    def is_symbol(self, at: int, after: int, numeral: Numeral | None) -> bool:
        """Whether an abbreviation stands as one: after digits, and not the head of a longer word."""
        if numeral is not None and numeral.words and len(self.words[at]) == 1:
            return False
        if after < len(self.tokens) and self.tokens[after - 1].end == self.tokens[after].start:
            return not self.words[after].isalnum()
        return True

    def amounted(self, draft: Draft, amount: Amount, index: int) -> Draft:
        """A number with its unit, and the smaller unit or fraction that is added to it."""
        numeral = self.numerals[index]
        value, low, high = draft.value, draft.low, draft.high
        if amount.unit in THOUSANDTHS and numeral.decimal is not None and value == numeral.value:
            value = numeral.decimal if round(numeral.decimal * 1000) % 1000 else value
        if amount.divisor != 1:
            value, low, high = (None if x is None else _tidy(x / amount.divisor) for x in (value, low, high))
        after = amount.next
        if amount.kind in {"money", "measure"} and value is not None:
            value, after = self.with_rest(value, amount, after)
        if amount.kind == "measure" and value is not None:
            below = self.grammar.units.below_zero.longest(self.words, after)
            if below is not None:
                value, after = -value, below[1]
        draft = structs.replace(
            draft,
            kind=amount.kind,
            unit=self.warmth(amount.unit, draft.first),
            value=value,
            low=low,
            high=high,
            next=after,
            end=self.tokens[after - 1].end,
            rule=amount.rule,
        )
        if amount.kind == "measure" and amount.unit in {"Cel", "deg", "[degF]"}:
            draft = self.minus(draft)
        return draft

    def with_rest(self, value: Number, amount: Amount, at: int) -> tuple[Number, int]:
        """«خمسة دراهم وخمسين فلس», «خمسة كيلومترات ونصف»: the value with what «و» adds, and the token after."""
        joined = self.joined(at)
        if joined is None or joined not in self.at:
            return value, at
        numeral = self.numerals[self.at[joined]]
        if numeral.value is None or numeral.ordinal or numeral.definite:
            return value, at
        if 0 < numeral.value < 1 and numeral.words:
            return _tidy(value + numeral.value), numeral.last
        if amount.kind != "money" or amount.divisor != 1:
            return value, at
        money = self.grammar.money.read(self.words, numeral.last)
        if money is None or money[0].minor is None:
            return value, at
        per = self.grammar.money.minors[money[0].minor].per
        divisor = per.get(amount.unit or "") or next(iter(per.values()))
        return _tidy(value + numeral.value / divisor), money[1]

    def one_and(self, numeral: Numeral) -> Draft | None:
        """«لتر ونصف», «درهم وخمسين فلس»: one of a unit that is not said to be one, and what «و» adds to it."""
        at = numeral.first - (1 if numeral.first and self.words[numeral.first - 1] == "و" else 0)
        if self.joined(at) != numeral.first or numeral.value is None:
            return None
        for length in (2, 1):
            unit = at - length
            if unit < 0 or unit in self.inside or unit in self.used:
                continue
            for cut in cuts(self.words[unit]):
                amount = self.amount_of([cut.rest, *self.words[unit + 1 : at]], unit)
                if amount is None or amount.divisor != 1:
                    continue
                value, after = self.with_rest(1, amount, at)
                if after > at:
                    place = (self.tokens[unit].start + cut.length, self.tokens[after - 1].end)
                    return Draft(amount.kind, *place, unit, after, place, value, unit=amount.unit, rule="one_and")
        return None

    def amount_of(self, words: list[str], at: int) -> Amount | None:
        """The unit or currency, in the singular and no sign, that some words name whole; they stand at a token."""
        unit = self.grammar.units.read(words, 0)
        if unit is not None and unit[1] == len(words) and not unit[0].symbol and not unit[0].dual:
            return Amount("measure", unit[0].code, at + unit[1])
        money = self.grammar.money.read(words, 0)
        if money is None or money[1] != len(words) or money[0].symbol or money[0].dual:
            return None
        code, divisor = self.grammar.money.resolve(money[0], self.words, at, self.doc.region)
        return Amount("money", code, at + money[1], divisor)

    def joined(self, at: int) -> int | None:
        """The token that «و» joins at a token: itself where «و» is written onto it."""
        if at >= len(self.words) or at in self.openings:
            return None
        if self.words[at] == "و":
            return at + 1
        return at if self.words[at][0] == "و" and at in self.at else None

    def warmth(self, unit: str | None, at: int) -> str | None:
        """Degrees are Celsius where the clause speaks of heat."""
        if unit != "deg":
            return unit
        near = range(max(0, at - 12), min(len(self.words), at + 6))
        return "Cel" if any(self.words[index] in self.grammar.units.heat for index in near) else unit

    def minus(self, draft: Draft) -> Draft:
        """«- 2 درجة»: a sign apart from its number, where a temperature is said."""
        before = draft.first - 1
        opening = before <= 0 or not self.tokens[before - 1].text[-1].isalnum()
        if before < 0 or self.words[before] != "-" or not opening or draft.value is None or draft.value < 0:
            return draft
        start = self.tokens[before].start
        return structs.replace(draft, value=-draft.value, first=before, start=start, number=(start, draft.number[1]))

    def prefixed(self, draft: Draft) -> Draft | None:
        """«$10», «%5», «USD 20», «بالمائة 10»: the unit before its number."""
        if self.numerals[self.at[draft.first]].words:
            return None
        for length in (2, 1):
            first = draft.first - length
            if first < 0 or (first > 0 and (first - 1 in self.inside) and length == 1 and self.words[first] == "%"):
                continue
            percent = self.grammar.percents.longest(self.words, first)
            money = self.grammar.money.phrases.longest(self.words, first)
            if percent is not None and percent[1] == draft.first and percent[0] == "%":
                kind, unit = "percent", "%"
            elif money is not None and money[1] == draft.first and money[0].symbol:
                kind, unit = "money", money[0].code or ""
            else:
                continue
            if not self.used.isdisjoint(range(first, draft.first)):
                continue
            start = self.tokens[first].start
            return structs.replace(draft, kind=kind, unit=unit, first=first, start=start, rule=f"{kind}_before")
        return None

    def counting(self, draft: Draft, numeral: Numeral) -> Draft | None:
        """A count of what follows, of what stands before, of a part, or a bare number."""
        words = self.words
        ratio = self.ratio(draft)
        if ratio is not None:
            return ratio
        if numeral.value == 1 and numeral.words:
            return self.one(draft, numeral)
        partitive = draft.next < len(words) and words[draft.next] == "من"
        vague = numeral.low is not None or (numeral.words and not isinstance(numeral.value, int))
        share = numeral.words and isinstance(numeral.value, float) and abs(numeral.value) < 1
        if share:
            return self.share(draft, numeral)
        at = draft.next + 1 if partitive else draft.next
        plural = numeral.value is not None and 3 <= numeral.value <= 10
        phrase = self.nouns.after(at, plural, definite=vague or partitive or numeral.definite)
        if phrase is not None and phrase.first in self.openings:
            phrase = None
        if partitive and phrase is not None and not self.is_whole(phrase, numeral):
            phrase = None
        if phrase is not None and words[phrase.first] in self.grammar.vocabulary.time_nouns:
            return None
        before = self.noun_before(numeral) if numeral.definite and numeral.words else None
        if before is not None and (phrase is None or is_definite(words[phrase.first])):
            return self.ranked_or_counted(draft, numeral, before)
        if phrase is not None:
            draft = self.with_phrase(draft, phrase)
            draft = structs.replace(draft, rule="partitive" if partitive else "count")
            return self.ratio(draft) or draft
        return self.bare(draft, numeral)

    def with_phrase(self, draft: Draft, phrase: Phrase) -> Draft:
        """A draft that counts a phrase after it."""
        counted = (self.tokens[phrase.first].start, self.tokens[phrase.last - 1].end)
        return structs.replace(
            draft, kind="count", counted=counted, next=phrase.past, end=self.tokens[phrase.past - 1].end
        )

    def is_whole(self, phrase: Phrase, numeral: Numeral) -> bool:
        """Whether what follows a partitive «من» is the whole that the number is a part of."""
        head = self.words[phrase.first]
        if is_definite(head) or has_pronoun(head):
            return True
        return (
            phrase.last > phrase.first + 1
            or is_plural(head)
            or (phrase.last < len(self.words) and is_definite(self.words[phrase.last]))
        )

    def share(self, draft: Draft, numeral: Numeral) -> Draft | None:
        """A fraction in words: of a round («نصف النهائي») it is none."""
        words, after = self.words, draft.next
        if after < len(words) and words[after] in self.grammar.refusals.stages:
            return None
        if numeral.definite and not self.only:
            return None
        return structs.replace(draft, kind="number", rule="fraction")

    def one(self, draft: Draft, numeral: Numeral) -> Draft | None:
        """«صفحة واحدة», «البيضة الواحدة»; a lone واحد is a pronoun."""
        before = self.noun_before(numeral)
        if before is not None:
            return self.preceded(draft, before, "one")
        if self.only:
            return structs.replace(draft, kind="number", rule="bare")
        return None

    def noun_before(self, numeral: Numeral) -> tuple[int, int] | None:
        """Tokens of the noun and its adjectives right before a numeral that agrees with it."""
        at = numeral.first - 1
        if at < 0 or numeral.first in self.openings or at in self.inside or at in self.dated:
            return None
        if self.tokens[numeral.first].start < numeral.start and not numeral.definite:
            return None
        if self.tokens[numeral.first].start < numeral.start and self.words[numeral.first][0] != "ا":
            return None
        word = self.words[at]
        vocabulary = self.grammar.vocabulary
        if not "ء" <= word[0] <= "ي" or len(word) < 3 or word in vocabulary.stops or vocabulary.is_verb(word):
            return None
        start = self.past_proclitics(at, numeral.definite)
        bare = self.doc.folded[start : self.tokens[at].end]
        if (
            numeral.definite
            and not bare.startswith(("ال", "لا"))
            and not has_pronoun(bare)
            and not bare.startswith("ل")
        ):
            return None
        return start, at

    def past_proclitics(self, at: int, definite: bool) -> int:
        """Where a noun begins past its proclitics: surely before an article, else only what cannot be its letter."""
        word, start = self.words[at], self.tokens[at].start
        if word in self.grammar.vocabulary.solid:
            return start
        for length in (1, 2, 3):
            rest = word[length:]
            if rest.startswith("ال") and set(word[:length]) <= set("وفبلك") and len(rest) > 3:
                return start + length
        for prefix in ("ولل", "فلل"):
            if word.startswith(prefix):
                return start + 2
        if word.startswith("لل") and len(word) > 4:
            return start + 1
        if word[0] in "بلو" and len(word) > 3 and not definite:
            return start + 1
        return start

    def preceded(self, draft: Draft, before: tuple[int, int], rule: str) -> Draft:
        """A draft that counts the noun before it; a unit makes it a measure or money."""
        start, at = before
        amount = self.amount_before(start, at)
        if amount is not None:
            return structs.replace(draft, kind=amount.kind, unit=amount.unit, start=start, first=at, rule=rule)
        if self.words[at] in self.grammar.vocabulary.time_nouns:
            return structs.replace(draft, kind="count", start=start, first=at, counted=None, rule="time")
        counted = (start, self.tokens[at].end)
        return structs.replace(draft, kind="count", start=start, first=at, counted=counted, rule=rule)

    def amount_before(self, start: int, at: int) -> Amount | None:
        """The unit that the noun before a numeral names («الكيلوغرام الواحد»)."""
        return self.amount_of([self.doc.folded[start : self.tokens[at].end].removeprefix("ال")], at)

    def ranked_or_counted(self, draft: Draft, numeral: Numeral, before: tuple[int, int]) -> Draft | None:
        """«البحارة الأربعة» counts, «الدورة العشرون» ranks; «مجموعة السبع» does neither."""
        word = self.words[before[1]]
        round_number = isinstance(numeral.value, int) and numeral.value >= 11
        if round_number and not is_plural(self.doc.folded[before[0] : self.tokens[before[1]].end]):
            draft = self.preceded(draft, before, "definite_cardinal")
            return structs.replace(draft, kind="ordinal", unit=None, counted=(before[0], self.tokens[before[1]].end))
        if word in self.grammar.vocabulary.time_nouns:
            return None
        return self.preceded(draft, before, "numeral_after_noun")

    def bare(self, draft: Draft, numeral: Numeral) -> Draft | None:
        """A number whose noun is elided, where the text treats it as an amount and not as a label."""
        draft = structs.replace(draft, kind="number", rule="bare")
        if self.only or self.modifier_before(draft) is not None:
            return draft
        if self.grammar.modifiers.read_after(self.words, draft.next) is not None:
            return draft
        if numeral.low is not None:
            return draft
        if numeral.definite and (numeral.value is None or numeral.value < 100):
            return None
        before = draft.first - 1
        if before < 0 or draft.first in self.openings:
            return None if self.is_listed(draft) else draft
        word = self.words[before]
        vocabulary = self.grammar.vocabulary
        if not word[0].isalpha() or word in vocabulary.stops or vocabulary.is_verb(word) or word == "و":
            return draft
        if numeral.words:
            return draft
        clause = range(max(0, before - 8), before + 1)
        cued = any(self.words[near].lstrip("وفل") in self.grammar.refusals.measures for near in clause)
        return draft if cued else None

    def is_listed(self, draft: Draft) -> bool:
        """Whether a number at the head of a line is followed by a list's mark."""
        return draft.next >= len(self.words) or not self.words[draft.next][0].isalnum()

    # ------------------------------------------------------------------------------------- two numbers in one

    def with_slash(self, index: int) -> Numeral:
        """«3/4» as a fraction, where it is not a date."""
        numeral = self.numerals[index]
        slash = numeral.last
        if slash + 1 >= len(self.words) or self.words[slash] not in {"/", "⁄"} or slash + 1 not in self.at:
            return numeral
        other = self.numerals[self.at[slash + 1]]
        touching = numeral.end == self.tokens[slash].start and self.tokens[slash].end == other.start
        if not touching or numeral.value is None or not other.value or slash + 1 in self.dated:
            return numeral
        return structs.replace(
            numeral, last=other.last, end=other.end, value=_tidy(numeral.value / other.value), decimal=None
        )

    def ranged(self, index: int, numeral: Numeral) -> Draft | None:
        """«بين 10 و20», «من 10 إلى 20», «10-20»: two bounds, unless a change is told."""
        if index + 1 >= len(self.numerals):
            return None
        other = self.numerals[index + 1]
        opener = self.words[numeral.first - 1] if numeral.first else ""
        first_amount = self.amount(numeral.last, numeral)
        at = numeral.last if first_amount is None else first_amount.next
        link = self.link(at, other, opener)
        if link is None or other.ordinal or other.first in self.dated:
            return None
        low, high = numeral.value, other.value
        if low is None or high is None:
            return None
        second_amount = self.amount(other.last, other)
        if first_amount and second_amount and first_amount.unit != second_amount.unit:
            return None
        if link == "to" and opener == "من" and self.is_changed(numeral.first):
            return None
        amount = second_amount or first_amount
        if numeral.scale == 1 and other.scale > 1 and low < high / other.scale and first_amount is None:
            low = _tidy(low * other.scale)
        if low >= high:
            return None
        first = numeral.first - (1 if opener in _BETWEEN or (opener == "من" and link == "to") else 0)
        if opener in _BETWEEN and first > 0 and self.words[first - 1] == "ما":
            first -= 1
        draft = structs.replace(
            _draft(numeral),
            first=first,
            start=numeral.start if first == numeral.first else self.tokens[first].start,
            end=other.end,
            next=other.last,
            number=(numeral.start, other.end),
            value=None,
            low=low,
            high=high,
            rule="range",
        )
        if second_amount is not None:
            draft = self.amounted(draft, second_amount, index)
        elif amount is not None:
            draft = structs.replace(draft, kind=amount.kind, unit=amount.unit)
        else:
            phrase = self.nouns.after(draft.next, False, definite=False)
            if phrase is not None and self.words[phrase.first] in self.grammar.vocabulary.time_nouns:
                return None
            if phrase is None and link == "dash" and not self.only and high < 100:
                return None
            draft = structs.replace(draft, kind="number") if phrase is None else self.with_phrase(draft, phrase)
        return structs.replace(draft, rule="range")

    def link(self, at: int, other: Numeral, opener: str) -> str | None:
        """How the token after one number ties it to the next: «و» after «بين», «إلى», a dash, «أو»."""
        if at >= len(self.words) or other.first > at + 1 or at in self.openings:
            return None
        word = self.words[at]
        if other.first == at:
            if opener in _BETWEEN and word[0] == "و":
                return "and"
            return "to" if opener == "من" and word[0] == "ل" and other.words else None
        if opener in _BETWEEN and (word == "و" or word in _TO):
            return "and"
        if word in _TO or (word == "ل" and opener == "من"):
            return "to"
        if word in _DASHES:
            return "dash"
        return "or" if word == "او" else None

    def is_changed(self, at: int) -> bool:
        """Whether the clause before a token tells a change."""
        return any(self.grammar.refusals.is_change(self.words[near]) for near in range(max(0, at - 14), at))

    def ratio(self, draft: Draft) -> Draft | None:
        """«71 من أصل 77 راكبا», «38 مقعدا من أصل 150», «واحد من كل خمسة»."""
        link = self.grammar.totals.longest(self.words, draft.next)
        if link is None or link[1] not in self.at:
            return None
        whole = self.numerals[self.at[link[1]]]
        if whole.value is None or whole.ordinal or whole.first in self.dated:
            return None
        draft = structs.replace(draft, total=whole.value, next=whole.last, end=whole.end, rule="part_of_total")
        if draft.counted is not None:
            return draft
        phrase = self.nouns.after(whole.last, False, definite=False)
        if phrase is None:
            return structs.replace(draft, kind="number")
        return self.with_phrase(draft, phrase)

    # --------------------------------------------------------------------------------- what stands around a fact

    def modified(self, draft: Draft) -> Draft:
        """A draft with the modifier before it or after it, inside its span where it touches."""
        if draft.low is not None and draft.rule != "range":
            draft = structs.replace(draft, modifier="APPROX")
        before = self.modifier_before(draft)
        if before is not None:
            modifier, first, cut = before
            if first < draft.first:
                start = self.tokens[first].start + cut
                return structs.replace(draft, modifier=modifier, first=first, start=start)
            return structs.replace(draft, modifier=modifier)
        after = self.grammar.modifiers.read_after(self.words, draft.next)
        if after is None or draft.next in self.openings:
            return draft
        if after[1] + 1 in self.at and self.words[after[1]] == "من":
            return draft  # «5000 أو أقل من 6000»
        end = self.tokens[after[1] - 1].end
        return structs.replace(draft, modifier=after[0], next=after[1], end=end)

    def modifier_before(self, draft: Draft) -> tuple[Modifier, int, int] | None:
        """The modifier before a draft: its kind, first token and proclitics."""
        floor = max(
            (opening for opening in range(max(0, draft.first - 12), draft.first) if opening in self.openings), default=0
        )
        if self.tokens[draft.first].start < draft.start and self.words[draft.first][0] not in "لب":
            return None
        return self.grammar.modifiers.read_before(self.words, draft.first, floor)

    def rated(self, draft: Draft) -> Draft:
        """A draft with what it is for each of: «للكيلوغرام», «لكل برميل», «يوميا»."""
        at = draft.next
        if draft.kind not in {"money", "count", "measure", "number"} or at >= len(self.words) or at in self.openings:
            return draft
        rate = self.grammar.rates.longest(self.words, at)
        if rate is not None:
            return structs.replace(draft, per=(self.tokens[at].start, self.tokens[rate[1] - 1].end))
        word = self.words[at]
        if word == "لكل" and at + 1 < len(self.words) and self.nouns.is_noun(at + 1, definite=False):
            return self.priced(draft, self.tokens[at].start, at + 2)
        if draft.kind != "money" or not word.startswith("لل") or len(word) < 5:
            return draft
        unit = self.grammar.units.read([word[2:], *self.words[at + 1 : at + 3]], 0)
        return draft if unit is None else self.priced(draft, self.tokens[at].start + 1, at + unit[1])

    def priced(self, draft: Draft, start: int, after: int) -> Draft:
        """A draft with its `per` from a view offset up to a token."""
        if after < len(self.words) and self.words[after] in {"الواحد", "الواحده", "واحد", "واحده"}:
            after += 1
        end = self.tokens[after - 1].end
        return structs.replace(draft, per=(start, end), next=after, end=end)

    # -------------------------------------------------------------------------------------- ordinals and duals

    def ordinal(self, numeral: Numeral) -> Draft | None:
        """An ordinal with the noun that it ranks, before it or after it."""
        draft = structs.replace(_draft(numeral), kind="ordinal", rule="ordinal")
        if self.only:
            return draft
        before = self.ranked(numeral)
        if before is not None:
            start, first, last = before
            if self.is_title(first, last, numeral):
                return None
            counted = (start, self.tokens[last].end)
            return structs.replace(draft, start=start, first=first, counted=counted)
        if numeral.definite:
            return self.standing(draft, numeral)
        if numeral.last - numeral.first > 1 or self.words[numeral.first].endswith("ا"):
            return None
        phrase = self.nouns.after(numeral.last, False, definite=True)
        if phrase is None or phrase.first in self.openings:
            return None
        if self.words[phrase.first] in self.grammar.vocabulary.time_nouns and self.words[numeral.first][-2:] == "يه":
            return None
        if is_definite(self.words[phrase.first]) and numeral.value == 1 and self.words[numeral.first] == "اول":
            return None
        return structs.replace(self.with_phrase(draft, phrase), kind="ordinal")

    def standing(self, draft: Draft, numeral: Numeral) -> Draft | None:
        """«الأولى موضوعها …»: an ordinal whose noun was said before."""
        before = numeral.first - 1
        word = self.words[before] if before >= 0 else ""
        stops = self.grammar.vocabulary.stops
        bare = word[1:] if word[:1] in {"و", "ف"} else word
        if before >= 0 and numeral.first not in self.openings and word[0].isalpha() and not {word, bare} & stops:
            attached = self.tokens[numeral.first].start < numeral.start
            if not (attached or self.grammar.vocabulary.is_verb(word) or word == "و"):
                return None
        if numeral.words and isinstance(numeral.value, int) and numeral.value <= 20:
            return structs.replace(draft, rule="ordinal_elided")
        return None

    def ranked(self, numeral: Numeral) -> tuple[int, int, int] | None:
        """View offset, first and last token of the noun phrase before an ordinal; None where there is none."""
        last = numeral.first - 1
        if last < 0 or numeral.first in self.openings or self.tokens[numeral.first].start < numeral.start:
            return None
        if not self.may_rank(last, numeral):
            return None
        feminine = self.is_feminine_ordinal(numeral)
        best = first = last
        reach = 4
        while reach and first not in self.openings:
            word = self.words[first]
            start = self.past_proclitics(first, numeral.definite)
            cut = start > self.tokens[first].start
            bare = self.doc.folded[start : self.tokens[first].end]
            agrees = is_feminine(bare) == feminine and not bare.endswith(("ات", "ين", "ون"))
            if agrees:
                best = first
            if cut or (
                agrees and not self.is_attribute(bare, numeral.definite) and not (is_plural(bare) and reach == 4)
            ):
                break
            if first - 1 < 0 or not self.goes_on(first - 1, numeral.definite, word):
                break
            first, reach = first - 1, reach - 1
        return self.past_proclitics(best, numeral.definite), best, last

    def may_rank(self, at: int, numeral: Numeral) -> bool:
        """Whether the token right before an ordinal is a noun or adjective that agrees with it."""
        word = self.words[at]
        vocabulary = self.grammar.vocabulary
        if at in self.dated or at in self.inside or len(word) < 3 or not "ء" <= word[0] <= "ي":
            return False
        if word in vocabulary.stops or vocabulary.is_verb(word):
            return False
        start = self.past_proclitics(at, numeral.definite)
        bare = self.doc.folded[start : self.tokens[at].end]
        if numeral.definite:
            return (
                is_definite(bare)
                or has_pronoun(bare)
                or (bare[0] == "ل" and start > self.tokens[at].start)
                or (bare.endswith("ه") and bare[0] == "ل")
            )
        return not is_definite(bare)

    def goes_on(self, at: int, definite: bool, word: str) -> bool:
        """Whether the token before a phrase's first is a part of it."""
        before = self.words[at]
        vocabulary = self.grammar.vocabulary
        if at in self.dated or at in self.inside or len(before) < 3 or not "ء" <= before[0] <= "ي":
            return False
        return before not in vocabulary.stops and not vocabulary.is_verb(before) and before not in vocabulary.verbs

    def is_attribute(self, bare: str, definite: bool) -> bool:
        """Whether a word is an adjective of relation: a noun stands before it."""
        stem = bare[2:] if is_definite(bare) else bare
        return stem.endswith(("ي", "يه")) and len(stem) > 3

    def is_feminine_ordinal(self, numeral: Numeral) -> bool:
        """The gender of an ordinal by its first word."""
        word = self.words[numeral.first]
        return word.endswith(("ه", "اولي"))

    def is_title(self, first: int, last: int, numeral: Numeral) -> bool:
        """Whether an ordinal is part of an office's or a ruler's name."""
        refusals = self.grammar.refusals
        if self.words[first].lstrip("وبل") in refusals.titles:
            return True
        return any(self.words[near] in refusals.rulers for near in range(max(0, first - 2), first))

    def dual(self, at: int) -> Draft | None:
        """«شخصان», «طائرتين», «زورقي مهاجرين», «كيلومترين», «دينارين»: two of a noun, by the noun's shape."""
        word, token = self.words[at], self.tokens[at]
        if len(word) < 4 or not "ء" <= word[0] <= "ي":
            return None
        vocabulary = self.grammar.vocabulary
        for cut in range(3):
            if set(word[:cut]) - set("وفبلك") or len(word) - cut < 4:
                break
            rest = word[cut:]
            amount = self.dual_amount(rest, at)
            if amount is not None and (cut == 0 or rest not in vocabulary.solid):
                return self.dual_measure(at, cut, amount)
            if rest.startswith("ال") or rest in vocabulary.time_nouns or not vocabulary.is_dual(rest):
                continue
            if cut == 0 and word[0] in "وب" and vocabulary.is_dual(word[1:]) and word[1:] in vocabulary.duals:
                continue
            start = token.start + cut
            last = self.dual_end(at)
            counted = (start, self.tokens[last - 1].end)
            return self.modified(
                Draft(
                    "count",
                    start,
                    counted[1],
                    at,
                    last,
                    (start, token.end),
                    value=2,
                    counted=counted,
                    confidence=0.9,
                    rule="dual",
                )
            )
        return None

    def dual_amount(self, rest: str, at: int) -> Amount | None:
        """The unit or currency that a dual word names."""
        words = [rest, *self.words[at + 1 : at + 4]]
        unit = self.grammar.units.read(words, 0)
        if unit is not None and unit[0].dual:
            return Amount("measure", unit[0].code, at + unit[1])
        money = self.grammar.money.read(words, 0)
        if money is None or not (money[0].dual or self.grammar.money.phrases.longest([rest], 0)):
            return None
        if not rest.endswith(("ان", "ين")) or len(rest) < 5:
            return None
        code, divisor = self.grammar.money.resolve(money[0], self.words, at, self.doc.region)
        return Amount("money", code, at + money[1], divisor)

    def dual_measure(self, at: int, cut: int, amount: Amount) -> Draft:
        """A dual of a unit, and what «و» adds to it."""
        token = self.tokens[at]
        value, after = self.with_rest(_tidy(2 / amount.divisor), amount, amount.next)
        draft = Draft(
            amount.kind,
            token.start + cut,
            self.tokens[after - 1].end,
            at,
            after,
            (token.start + cut, token.end),
            value=value,
            unit=self.warmth(amount.unit, at),
            rule="dual",
        )
        below = self.grammar.units.below_zero.longest(self.words, after)
        if below is not None and value:
            draft = structs.replace(draft, value=-value, next=below[1], end=self.tokens[below[1] - 1].end)
        return self.modified(self.rated(draft))

    def dual_end(self, at: int) -> int:
        """The token after a dual's adjectives."""
        after = at + 1
        while after < len(self.words) and after - at < 3 and after not in self.openings and after not in self.inside:
            word = self.words[after]
            if not word.endswith(("ان", "ين", "تان", "تين")) or len(word) < 5 or not self.nouns.fits(word):
                break
            if is_definite(word) or word[0] == "و":
                break
            after += 1
        return after

    # ------------------------------------------------------------------------------------------------ refusals

    def is_refused(self, numeral: Numeral) -> bool:
        """Whether a cardinal is a label, an address, a score or a part of a name."""
        if self.only:
            return False
        words, before = self.words, numeral.first - 1
        if not numeral.words and (self.is_address(numeral) or self.is_glued(numeral) or self.is_score(numeral)):
            return True
        if before < 0 or numeral.first in self.openings:
            return not numeral.words and self.is_list_mark(numeral)
        word = words[before]
        refusals = self.grammar.refusals
        if numeral.integer_digits and numeral.integer_digits > 1 and self.tokens[numeral.last - 1].text[0] == "0":
            return True
        if self.is_label(numeral.first) and (not numeral.words or numeral.definite):
            return self.amount(numeral.last, numeral) is None
        if word == "عدد" and before and refusals.is_label(words[before - 1]):
            return True
        if word in {":", ".", "°"} and before and refusals.is_label(words[before - 1]):
            return True
        if numeral.definite and (word in refusals.groups or numeral.value == 0):
            return True
        return "a" <= word[0].lower() <= "z" and not self.is_currency(before)

    def is_label(self, at: int) -> bool:
        """Whether the word before a token makes a label of it."""
        return at > 0 and self.grammar.refusals.is_label(self.words[at - 1])

    def is_currency(self, at: int) -> bool:
        """Whether a Latin token is a currency's code."""
        money = self.grammar.money.phrases.longest(self.words, at)
        return money is not None and money[0].symbol

    def is_glued(self, numeral: Numeral) -> bool:
        """Whether letters or a hyphenated word touch the digits: «إف-16», «B52»."""
        before, after = numeral.first - 1, numeral.last
        if before >= 0 and self.tokens[before].end == self.tokens[numeral.first].start:
            mark = self.tokens[before].text
            if mark in {"-", "_", "/", ":", "#", "@"}:
                behind = before - 1
                if mark in "_#@" or (behind >= 0 and self.tokens[behind].end == self.tokens[before].start):
                    return mark != "-" or behind not in self.inside or self.is_label(behind)
            if "a" <= mark[-1].lower() <= "z" and not self.is_currency(before):
                return True
            if mark[-1].isalpha() and len(mark) == 1 and mark not in "وفبلكm" and not mark.isascii():
                return True
        if after < len(self.tokens) and self.tokens[after].start == numeral.end:
            text = self.tokens[after].text
            return "a" <= text[0].lower() <= "z" and self.amount(after, numeral) is None
        return False

    def is_address(self, numeral: Numeral) -> bool:
        """Whether the unspaced stretch around digits is a link, a mail, a version or a telephone number."""
        first, last = numeral.first, numeral.last - 1
        while first > 0 and self.tokens[first - 1].end == self.tokens[first].start and numeral.first - first < 12:
            first -= 1
        while (
            last + 1 < len(self.tokens)
            and self.tokens[last].end == self.tokens[last + 1].start
            and last - numeral.last < 12
        ):
            last += 1
        stretch = self.doc.text[self.tokens[first].start : self.tokens[last].end]
        if "://" in stretch or "www." in stretch or "@" in stretch:
            return True
        digits = sum(char.isdigit() for char in stretch)
        marks = sum(char in "./-:" for char in stretch)
        runs = sum(a.isdigit() != b.isdigit() for a, b in pairwise(stretch + " "))
        return (marks >= 2 and runs > 4 and numeral.integer_digits is not None) or (stretch[0] == "+" and digits > 7)

    def is_score(self, numeral: Numeral) -> bool:
        """Whether two small numbers stand about a dash or colon: a score, a time."""
        if numeral.integer_digits is None:
            return False
        for mark, other in ((numeral.last, numeral.last + 1), (numeral.first - 1, numeral.first - 2)):
            if not 0 <= mark < len(self.words) or not 0 <= other < len(self.words) or other not in self.inside:
                continue
            text = self.words[other]
            if self.words[mark] == ":" and self.tokens[mark].end - self.tokens[mark].start == 1:
                pair = sorted((mark, other, numeral.first))
                if self.tokens[pair[0]].end == self.tokens[pair[1]].start and text.isdigit():
                    return True
            small = text.isdigit() and len(text) <= 2 and numeral.integer_digits <= 2
            if self.words[mark] in _DASHES and small and self.amount(max(numeral.last, other + 1)) is None:
                after = max(numeral.last, other + 1)
                if self.nouns.after(after, False, definite=False) is None or numeral.value == 0 or text == "0":
                    return True
        return False

    def is_list_mark(self, numeral: Numeral) -> bool:
        """«1- », «2) », «3. » at the head of a line."""
        after = numeral.last
        if numeral.integer_digits is None or numeral.integer_digits > 2 or after >= len(self.words):
            return False
        touching = after + 1 in self.inside and self.tokens[after].end == self.tokens[after + 1].start
        return self.words[after] in {"-", ")", ".", "/", ":", "–"} and not touching


def _draft(numeral: Numeral) -> Draft:
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


def _tidy(value: float) -> Number:
    """A quotient or sum without the noise of binary fractions."""
    rounded = round(value, 9)
    return int(rounded) if rounded == int(rounded) else rounded


def _claimed(doc: Document, found: Found) -> set[int]:
    """Tokens that dates have claimed."""
    spans = [doc.view.from_raw(item.span.start, item.span.end) for item in found.dates]
    claimed: set[int] = set()
    at = 0
    for start, end in sorted(spans):
        while at < len(doc.tokens) and doc.tokens[at].end <= start:
            at += 1
        token = at
        while token < len(doc.tokens) and doc.tokens[token].start < end:
            claimed.add(token)
            token += 1
    return claimed
