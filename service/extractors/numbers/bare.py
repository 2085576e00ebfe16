"""A number whose noun is elided: an amount, or a label, a year, a telephone number, a name."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.around import modifier_before
from service.extractors.numbers.morphology import is_definite
from service.extractors.numbers.scene import DASHES, Draft, Scene
from service.text.clitics import cuts

_YEARS = (1900, 2035)
_CENTURIES = (1500, 2035)
_TELEPHONE = 10_000_000
_CLAUSE, _CLOSE = 8, 2  # words that may stand between a cue and its number; between it and a number that may be a name
_OF_THEM = frozenset(("منها", "منهم", "منهن"))
_QUOTES = frozenset("\"»”'")


def bare_number(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A number whose noun is elided, where the text treats it as an amount and not as a label."""
    draft = structs.replace(draft, kind="number", rule="bare")
    given = modifier_before(scene, draft) is not None and not is_half_dated(scene, numeral)
    if scene.only or given or is_amount(scene, draft, numeral):
        return draft
    scene.refused = numeral.last
    return None


def is_amount(scene: Scene, draft: Draft, numeral: Numeral) -> bool:
    """Whether a number that counts nothing is an amount."""
    if is_half_dated(scene, numeral) or is_name(scene, numeral):
        return False
    if not numeral.words and (is_telephone(scene, numeral) or is_bare_year(scene, numeral)):
        return False
    if scene.grammar.modifiers.read_after(scene.words, draft.next) is not None or numeral.low is not None:
        return True
    if numeral.definite and (numeral.value is None or numeral.value < 100):
        return False
    if draft.first in scene.openings:
        return not heads_line(scene, draft)
    if numeral.words:
        return numeral.last not in scene.at  # «غرفة تسع 6 أفراد»
    if is_mark(scene, draft):
        return False
    return is_cued(scene, draft.first - 1) or not is_label(scene, draft, numeral)


def is_mark(scene: Scene, draft: Draft) -> bool:
    """Whether digits stand in a pair, a ranking or a table, are a year, or follow a name in quotation marks."""
    words, before, vocabulary = scene.words, draft.first - 1, scene.grammar.vocabulary
    word, after = words[before], words[draft.next : draft.next + 1]
    if word in {"/", "+"} or after == ["/"] or (word in DASHES and after and after[0] in DASHES):
        return True  # «1 / 6»
    if after and after[0] in scene.grammar.refusals.ranked:
        return True  # «المرتبة 51 عالميا و25 دوليا»
    if word in _QUOTES and before and (scene.tokens[before - 1].end == scene.tokens[before].start or after == ['"']):
        return True  # «هاتف "ميكس" 50», «الحرارية " 2 "»
    if after == ['"'] and '"' in words[max(0, before - 2) : before]:
        return True  # «"فيلت 24"»
    single = draft.next - draft.first == 1 and len(words[draft.first]) == 1
    if single and is_definite(word) and not scene.grammar.modifiers.is_carrier(word):
        return True  # «المروج 2»
    return any(vocabulary.is_time(cut.rest) for cut in cuts(word))  # «لسنة 92»


def is_label(scene: Scene, draft: Draft, numeral: Numeral) -> bool:
    """Whether digits that nothing gives as a value name what stands before them."""
    vocabulary, word = scene.grammar.vocabulary, scene.words[draft.first - 1]
    after = scene.words[draft.next : draft.next + 1]
    if word == "(" and after == [")"]:
        return True  # «جامعة القاهرة (481)»
    if numeral.integer_digits is not None and numeral.integer_digits < 3 and after and after[0] in DASHES:
        return True  # «6- النجم 7- الصفاقسي»
    if after == ["او"] and draft.next + 1 in scene.at:
        return False  # «كتابة 5.00 أو 5.0»
    if (after and after[0] in _OF_THEM) or any(cut.rest in vocabulary.events for cut in cuts(word)):
        return False  # «انتهت أشغال 132 منها», «واعتراض 22»
    return word[0].isalpha() and word not in vocabulary.stops and not vocabulary.is_verb(word) and word != "و"


def is_half_dated(scene: Scene, numeral: Numeral) -> bool:
    """«3 أو 4 أيام», «العمر من 20 إلى 35 سنة»: one bound, where dates took the other."""
    at, before = numeral.last, scene.words[max(0, numeral.first - 1)]
    if before in {"في", "يومي"} and scene.joined(at) is not None and not scene.dated.isdisjoint((at, at + 1)):
        return True  # «في 25 و29 مارس»
    if scene.words[at : at + 1] not in (["او"], ["الي"], *([dash] for dash in DASHES)):
        return False
    return not scene.dated.isdisjoint((at, at + 1))


def is_bare_year(scene: Scene, numeral: Numeral) -> bool:
    """«2013: يايا توري», «كأس 2012 و2014», «في 1897»: four digits that no clause gives as a value."""
    if numeral.integer_digits != 4 or numeral.value is None or not _CENTURIES[0] <= numeral.value <= _CENTURIES[1]:
        return False
    before, after = scene.words[max(0, numeral.first - 1) : numeral.first], scene.words[numeral.last : numeral.last + 1]
    if before == ["في"] and not (after and after[0].isdigit()):
        return True
    return may_be_year(numeral) and (
        after == [":"] or (numeral.value % 100 > 0 and not is_cued(scene, numeral.first - 1))
    )


def may_be_year(numeral: Numeral) -> bool:
    """Whether a number has the look of a year of our time."""
    return numeral.integer_digits == 4 and numeral.value is not None and _YEARS[0] <= numeral.value <= _YEARS[1]


def is_name(scene: Scene, numeral: Numeral) -> bool:
    """«الطاهر صفر», «مية الجريبي», «القسم الوطني ألف», «من الألف إلى الياء»: number words that are names or letters."""
    if numeral.last != numeral.first + 1 or scene.words[numeral.first] not in scene.grammar.refusals.names:
        return False
    before = scene.words[numeral.first - 1] if numeral.first else ""
    led = before in scene.grammar.vocabulary.stops or scene.grammar.vocabulary.is_verb(before or "في")
    following = " ".join(scene.words[numeral.last : numeral.last + 2])
    named = (before.isalpha() and not led) or is_definite(following) or following == "الي الياء"
    return named and not is_cued(scene, numeral.first - 1, _CLOSE)


def is_telephone(scene: Scene, numeral: Numeral) -> bool:
    """«للاتصال: 71.341.666», «81 10 77 77», «(+216)»."""
    if numeral.value is not None and numeral.value >= _TELEPHONE:
        return not is_cued(scene, numeral.first - 1)
    around = [*scene.words[max(0, numeral.first - 1) : numeral.first], *scene.words[numeral.last : numeral.last + 1]]
    return scene.words[numeral.first] == "+" or any(
        (word.isdigit() and len(word) < 4) or word == "+" for word in around
    )


def is_cued(scene: Scene, before: int, reach: int = _CLAUSE) -> bool:
    """Whether the words up to a number give something that it is the value of."""
    clause = scene.words[max(0, before - reach) : before + 1]
    if "." in clause:
        clause = clause[len(clause) - clause[::-1].index(".") :]
    return any(cut.rest in scene.grammar.refusals.measures for word in clause for cut in cuts(word))


def heads_line(scene: Scene, draft: Draft) -> bool:
    """Whether a number at the head of a line is its mark: «1 - », «197 الشرطة»."""
    if draft.next >= len(scene.words) or not scene.words[draft.next][0].isalnum():
        return True
    return is_definite(scene.words[draft.next])
