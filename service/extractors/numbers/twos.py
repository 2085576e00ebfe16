"""Duals: two of a noun, said by the noun itself."""

import re
from collections.abc import Sequence, Set

from msgspec import structs

from service.extractors.numbers.amounts import warmth, with_rest
from service.extractors.numbers.around import with_modifier, with_rate
from service.extractors.numbers.money import Money
from service.extractors.numbers.morphology import is_definite
from service.extractors.numbers.nouns import Vocabulary
from service.extractors.numbers.scene import Amount, Draft, Scene, tidy
from service.extractors.numbers.units import Units
from service.text.clitics import cuts

# Fifth-form participles of women or things, hardly ever counted.
_PREDICATE = re.compile("متو?...تان")


def dual_forms(vocabulary: Vocabulary, units: Units, money: Money) -> frozenset[str]:
    """Listed duals, alone and in construct, and the first words of units and currencies in the dual."""
    return vocabulary.duals.union(
        (dual[:-1] for dual in vocabulary.duals if dual.endswith("ين")),
        units.phrases.firsts(lambda unit: unit.dual),
        money.phrases.firsts(lambda currency: currency.dual),
    )


def possible_duals(words: Sequence[str], forms: Set[str]) -> list[int]:
    """Where a word, past its proclitics, is a listed form of a dual or ends in one of a feminine noun."""
    return [
        at
        for at, word in enumerate(words)
        if word[-1] in "نيا"
        and len(word) > 3
        and "ء" <= word[0] <= "ي"
        and (word.endswith(("تين", "تان", "تي")) or not forms.isdisjoint((word, word[1:], word[2:])))
    ]


def read_dual(scene: Scene, at: int) -> Draft | None:
    """«شخصان», «طائرتين», «زورقي مهاجرين», «كيلومترين», «دينارين»: two of a noun, by the noun's shape."""
    word, token = scene.words[at], scene.tokens[at]
    if _PREDICATE.fullmatch(word):
        return None  # «متورطتان»
    if word.lstrip("وف").startswith(("ال", "لل", "بال", "كال")):
        return None
    before = scene.words[at - 1] if at else ""
    if token.text.endswith("ى") or before in scene.grammar.vocabulary.before_attributes:
        return None  # «أسدى», «كانتا متوقفتين»
    if before.endswith(("تين", "تان")) and word[0] != "و":
        return None  # «الواقعتان مرتبطتان»
    if scene.words[at + 1 : at + 2] == ["عن"] and not word.endswith(("تين", "تان")):
        return None  # «معبرين عن استغرابهم»
    if (at - 1 in scene.dated and before.endswith(("ين", "ان"))) or before == "مقابل":
        return None  # «لسنتين متتاليتين», «ثلاثة أهداف مقابل هدفين»
    if any(cut.rest in scene.grammar.vocabulary.not_feminine for cut in cuts(word)):
        return None
    following = scene.words[at + 1] if scene.nouns.is_noun(at + 1, definite=False) else ""
    for cut in dual_cuts(scene, word):
        rest = word[cut:]
        if rest in scene.grammar.vocabulary.time_nouns:
            return None
        amount = dual_amount(scene, rest, at)
        if amount is not None:
            return dual_measure(scene, at, cut, amount)
        construct = (
            following != ""
            and (cut > 0 or may_open(scene, at))
            and scene.grammar.vocabulary.is_construct_dual(rest, following)
        )
        if not construct and not scene.grammar.vocabulary.is_dual(rest):
            continue
        if is_score_of_two(scene, at, rest, cut):
            return None
        last = scene.nouns.continued(at + 1, plural=True) if construct else dual_end(scene, at)
        start = token.start + cut
        counted = (start, scene.tokens[last - 1].end)
        number = (start, token.end)
        draft = Draft("count", *counted, at, last, number, value=2, counted=counted, confidence=0.9, rule="dual")
        return with_modifier(scene, draft)
    return None


def is_score_of_two(scene: Scene, at: int, rest: str, cut: int) -> bool:
    """«فاز بهدفين لصفر», «بنتيجة هدفين»."""
    refusals = scene.grammar.refusals
    scored = scene.words[at + 1] in refusals.scores if at + 1 < len(scene.words) else False
    told = cut > 0 or scored or (at > 0 and refusals.is_result(scene.words[at - 1]))
    return told and rest in refusals.goals and (scored or not rest.startswith("مجموع"))


def may_open(scene: Scene, at: int) -> bool:
    """Whether a word may open a phrase: after a noun it is that noun's adjective («بحث ميداني»)."""
    vocabulary, before = scene.grammar.vocabulary, scene.words[at - 1] if at else ""
    if at in scene.openings or not before[:1].isalpha():
        return True
    return (
        is_definite(before) or before in vocabulary.stops or before in vocabulary.events or vocabulary.is_verb(before)
    )


def dual_cuts(scene: Scene, word: str) -> list[int]:
    """How many characters of proclitics a dual may have: none first, unless its first letter is surely one."""
    vocabulary = scene.grammar.vocabulary
    whole = vocabulary.is_solid_dual(word) or word in vocabulary.duals
    lengths = [0] if whole or word[0] not in "وبلكف" else []
    known = word[1:] in vocabulary.duals or vocabulary.is_solid_dual(word[1:])
    surely = word[0] not in "فك" or known  # «فلورنتين» is a name
    lengths += [cut for cut in (1, 2) if surely and set(word[:cut]) <= set("وفبلك") and len(word) - cut >= 4]
    if whole or 0 in lengths or word[0] in "فك":
        return lengths
    return [*lengths, 0]


def dual_amount(scene: Scene, rest: str, at: int) -> Amount | None:
    """The unit or currency that a dual word names."""
    words = [rest, *scene.words[at + 1 : at + 4]]
    unit = scene.grammar.units.read(words, 0)
    if unit is not None and unit[0].dual:
        return Amount("measure", unit[0].code, at + unit[1])
    money = scene.grammar.money.read(words, 0)
    if money is None or not money[0].dual:
        return None
    code, divisor = scene.grammar.money.resolve(money[0], scene.words, at, scene.doc.region)
    return Amount("money", code, at + money[1], divisor)


def dual_measure(scene: Scene, at: int, cut: int, amount: Amount) -> Draft:
    """A dual of a unit, and what «و» adds to it."""
    token = scene.tokens[at]
    value, after = with_rest(scene, tidy(2 / amount.divisor), amount, amount.next)
    draft = Draft(
        amount.kind,
        token.start + cut,
        scene.tokens[after - 1].end,
        at,
        after,
        (token.start + cut, token.end),
        value=value,
        unit=warmth(scene, amount.unit, at),
        rule="dual",
    )
    below = scene.grammar.units.below_zero.longest(scene.words, after)
    if below is not None and value:
        draft = structs.replace(draft, value=-value, next=below[1], end=scene.tokens[below[1] - 1].end)
    return with_modifier(scene, with_rate(scene, draft))


def dual_end(scene: Scene, at: int) -> int:
    """The token after a dual's adjectives."""
    after = at + 1
    while after < len(scene.words) and after - at < 3 and after not in scene.openings and after not in scene.inside:
        word = scene.words[after]
        if not word.endswith(("ان", "ين", "تان", "تين")) or len(word) < 5 or not scene.nouns.fits(word):
            break
        if word in scene.grammar.vocabulary.duals and after > at + 1 and not word.endswith(("يان", "يين")):
            break
        verb = word[0] in "يت" and word.endswith("ان") and not word.endswith(("تان", "يان"))  # «تبلغان»
        if verb or is_definite(word) or (word[0] == "و" and not scene.grammar.vocabulary.is_solid_dual(word)):
            break
        after += 1
    return after
