"""Two numbers that make one fact: fractions with a slash, ranges, parts of a total."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import amounted, read_amount, warmth
from service.extractors.numbers.around import with_phrase
from service.extractors.numbers.bare import is_telephone
from service.extractors.numbers.scene import DASHES, Amount, Draft, Scene, draft_of, tidy

_LISTED = 6  # numbers that may share a unit
_TO = frozenset(("الي", "حتي", "لغايه"))
_BETWEEN = frozenset(("بين", "مابين"))


def with_slash(scene: Scene, index: int) -> Numeral:
    """«3/4» as a fraction, where it is not a date."""
    numeral = scene.numerals[index]
    slash = numeral.last
    if slash + 1 >= len(scene.words) or scene.words[slash] not in {"/", "⁄"} or slash + 1 not in scene.at:
        return numeral
    other = scene.numerals[scene.at[slash + 1]]
    touching = numeral.end == scene.tokens[slash].start and scene.tokens[slash].end == other.start
    if not touching or numeral.value is None or not other.value or slash + 1 in scene.dated:
        return numeral
    if other.value > 10 and other.value % 10 and not scene.only:
        return numeral  # «19/25»: a set of volleyball
    if numeral.value >= other.value and not scene.only:
        return numeral  # «40/20 صم»: a size
    return structs.replace(
        numeral, last=other.last, end=other.end, value=tidy(numeral.value / other.value), decimal=None
    )


def read_range(scene: Scene, index: int, numeral: Numeral) -> Draft | None:
    """«بين 10 و20», «من 10 إلى 20», «10-20»: two bounds, unless a change is told."""
    first_amount = read_amount(scene, numeral.last, numeral)
    at = numeral.last if first_amount is None else first_amount.next
    following = scene.at.get(at, scene.at.get(at + 1))
    if following is None or (numeral.words and numeral.value == 1):
        return None  # «من دينار واحد إلى …»
    other = scene.numerals[following]
    opener = scene.words[numeral.first - 1] if numeral.first else ""
    blurred = numeral.first > 1 and scene.words[numeral.first - 2] in _BETWEEN and is_blur(scene, opener)
    opener = scene.words[numeral.first - 2] if blurred else opener
    joined = opener in {"وبين", "ومن", "فمن"}
    opener = opener[1:] if joined else opener
    link = link_between(scene, at, other, opener)
    if link is None and first_amount is None and numeral.value is not None:
        return None if numeral.words else shared_amount(scene, numeral)
    if link is None or other.ordinal or other.first in scene.dated:
        return None
    low, high = numeral.value, other.value
    if low is None or high is None:
        return None
    second_amount = read_amount(scene, other.last, other)
    if first_amount and second_amount and (link == "or" or first_amount.unit != second_amount.unit):
        return None
    if link == "to" and opener != "من" and first_amount is not None and is_step(scene, numeral, second_amount):
        return None
    if link == "to" and opener == "من" and is_changed(scene, numeral.first):
        if first_amount is not None or second_amount is None:
            return None
        return of_same_amount(scene, numeral, second_amount, other)
    amount = second_amount or first_amount
    if numeral.scale == 1 and other.scale > 1 and low < high / other.scale and first_amount is None:
        low = tidy(low * other.scale)
    if low >= high:
        return None
    first = numeral.first - blurred - (1 if opener in _BETWEEN or (opener == "من" and link == "to") else 0)
    if opener in _BETWEEN and first > 0 and scene.words[first - 1] in {"ما", "وما", "بما"}:
        first -= 1
        joined = scene.words[first] != "ما"
    draft = structs.replace(
        draft_of(numeral),
        first=first,
        start=numeral.start if first == numeral.first else scene.tokens[first].start + joined,
        end=other.end,
        next=other.last,
        number=(numeral.start, other.end),
        value=None,
        low=low,
        high=high,
        rule="range",
    )
    if second_amount is not None:
        draft = amounted(scene, draft, second_amount, index)
    elif amount is not None:
        draft = structs.replace(draft, kind=amount.kind, unit=amount.unit)
    else:
        phrase = scene.nouns.after(draft.next, False, definite=False)
        if phrase is not None and scene.words[phrase.first] in scene.grammar.vocabulary.time_nouns:
            return None
        if phrase is None and link == "dash" and not scene.only and high < 100:
            return None
        if phrase is None and link == "or" and is_telephone(scene, numeral):
            return None  # «للاتصال: 71.341.666 أو 98 765 432»
        draft = structs.replace(draft, kind="number") if phrase is None else with_phrase(scene, draft, phrase)
    return structs.replace(draft, rule="range")


def is_step(scene: Scene, numeral: Numeral, reached: Amount | None) -> bool:
    """«ارتفع 1.1 بالمائة إلى 12345 نقطة», «صعد 50 سنتا إلى 64 دولارا»: by how much, and to what."""
    return reached is None or is_changed(scene, numeral.first)


def is_blur(scene: Scene, word: str) -> bool:
    """Whether a word blurs the number after it, or is its article: «بين نحو 10 و20», «بين الـ 10 والـ20»."""
    return word == "ال" or scene.grammar.modifiers.before.get((word,)) == "APPROX"


def shared_amount(scene: Scene, numeral: Numeral) -> Draft | None:
    """«بنسبة 10.3 و10.2 بالمائة», «50 و70 و130 دينارا»: the unit is said once, after the last."""
    at = numeral.last
    for _ in range(_LISTED):
        joined = scene.joined(at)
        if joined is None or joined not in scene.at:
            return None
        other = scene.numerals[scene.at[joined]]
        amount = read_amount(scene, other.last, other)
        if amount is not None:
            return of_same_amount(scene, numeral, amount, other)
        if other.ordinal or other.value is None:
            return None
        at = other.last
    return None


def of_same_amount(scene: Scene, numeral: Numeral, amount: Amount, other: Numeral) -> Draft:
    """«ارتفع من 600 إلى 1150 مليما», «3 و5 ملايين دينار»: a value with the scale and unit of another."""
    value = numeral.value
    if value is not None and other.value is not None and other.scale > 1 == numeral.scale:
        value = value * other.scale if value < 1000 else value
    value = None if value is None else tidy(value * amount.times / amount.divisor)
    unit = warmth(scene, amount.unit, numeral.first)
    return structs.replace(draft_of(numeral), kind=amount.kind, unit=unit, value=value, rule="change")


def link_between(scene: Scene, at: int, other: Numeral, opener: str) -> str | None:
    """How the token after one number ties it to the next: «و» after «بين», «إلى», a dash, «أو»."""
    if at >= len(scene.words) or not at <= other.first <= at + 1 or at in scene.openings:
        return None
    word = scene.words[at]
    if other.first == at:
        if opener in _BETWEEN and word[0] == "و":
            return "and"
        return "to" if opener == "من" and word[0] == "ل" and other.words else None
    if opener in _BETWEEN and (word == "و" or word in _TO):
        return "and"
    if word in _TO or (word == "ل" and opener == "من"):
        return "to"
    if word in DASHES:
        return "dash"
    return "or" if word == "او" else None


def is_changed(scene: Scene, at: int) -> bool:
    """Whether the clause before a token tells a change."""
    return any(scene.grammar.refusals.is_change(scene.words[near]) for near in range(max(0, at - 14), at))


def with_total(scene: Scene, draft: Draft) -> Draft | None:
    """«71 من أصل 77 راكبا», «38 مقعدا من أصل 150», «واحد من كل خمسة»."""
    link = scene.grammar.totals.longest(scene.words, draft.next)
    after = draft.next + 1 if link is None and scene.words[draft.next : draft.next + 1] == ["من"] else link and link[1]
    if after is None or after not in scene.at:
        return None
    whole = scene.numerals[scene.at[after]]
    if whole.value is None or whole.ordinal or whole.first in scene.dated:
        return None
    if link is None and read_amount(scene, whole.last, whole) is not None:
        return None
    if link is None and (
        whole.integer_digits is None or whole.integer_digits > 3 or not 0 <= (draft.value or 0) <= whole.value
    ):
        return None  # «10 من 20», but not «3 من 2016»
    draft = structs.replace(draft, total=whole.value, next=whole.last, end=whole.end, rule="part_of_total")
    if draft.counted is not None:
        return draft
    phrase = scene.nouns.after(whole.last, False, definite=False)
    if phrase is None:
        return structs.replace(draft, kind="number")
    return with_phrase(scene, draft, phrase)
