"""What a number counts: a phrase after it, a noun before it, or a noun that is elided."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import amount_of
from service.extractors.numbers.around import modifier_before, with_phrase
from service.extractors.numbers.morphology import has_pronoun, is_definite, is_feminine, is_plural
from service.extractors.numbers.nouns import Phrase
from service.extractors.numbers.ordinals import gender, goes_on, is_attribute, may_agree
from service.extractors.numbers.pairs import with_total
from service.extractors.numbers.scene import DASHES, Amount, Draft, Scene
from service.text.clitics import cuts

_GOALS = frozenset(("هدف", "اهداف", "هدفا", "شوط", "اشواط"))
_SESSIONS = frozenset(("باكالوريا", "بكالوريا", "مونديال", "اولمبياد", "دوره", "نسخه", "طبعه"))
_NEXT = frozenset(("المقبل", "الماضي", "القادم", "الجاري", "المنقضي", "الفارط"))
_RANKED = frozenset(("عالميا", "عربيا", "افريقيا"))
_YEARS = (1990, 2035)
_KINDS = frozenset(("نوع", "انواع", "فءه", "صنف", "طراز", "ماركه", "نوعيه"))
_CENTURIES = (1500, 2035)
_TELEPHONE = 10_000_000
_DEMONSTRATIVES = frozenset(("هذا", "هذه", "هءلاء", "تلك", "ذلك", "اولءك", "هولاء"))


def read_count(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A count of what follows, of what stands before, of a part, or a bare number."""
    words = scene.words
    if numeral.value == 2 and numeral.definite and not _NEXT.isdisjoint(words[numeral.last : numeral.last + 1]):
        return None  # «الاثنين المقبل»
    ratio = with_total(scene, draft)
    if ratio is not None:
        return ratio
    if " ".join(words[numeral.last : numeral.last + 2]).startswith(("من عمر", "من العمر")):
        return None  # «في العشرين من عمره»
    if numeral.words and numeral.value is not None and 0 < numeral.value < 2:
        return count_one(scene, draft, numeral) if numeral.value >= 1 else fraction_of(scene, draft, numeral)
    if numeral.value == 2 and numeral.words and words[numeral.first - 1].endswith(("ان", "ين")):
        before = noun_before(scene, numeral)  # «سائحين اثنين»
        if before is not None:
            return with_noun_before(scene, draft, before, "numeral_after_noun")
    phrase = counted_phrase(scene, numeral)
    if phrase is not None and scene.grammar.vocabulary.is_time(words[phrase.first]):
        return None
    before = noun_before(scene, numeral) if may_follow_noun(scene, numeral, phrase) else None
    if before is not None:
        if scene.grammar.vocabulary.is_time(words[before[1]]):
            return None
        return ranked_or_counted(scene, draft, numeral, before)
    if phrase is None:
        return bare_number(scene, draft, numeral)
    if is_goals(scene, numeral, phrase) or is_year(scene, numeral):
        return None
    draft = with_phrase(scene, draft, phrase)
    draft = structs.replace(draft, rule="partitive" if words[numeral.last] == "من" else "count")
    return with_total(scene, draft) or draft


def is_goals(scene: Scene, numeral: Numeral, phrase: Phrase) -> bool:
    """«بنتيجة شوطين لثلاثة أشواط», «أربعة أهداف مقابل هدفين»."""
    if scene.words[phrase.first] not in _GOALS:
        return False
    told = any(word.endswith("نتيجه") for word in scene.words[max(0, numeral.first - 4) : numeral.first])
    return told or any(word in scene.grammar.refusals.scores for word in scene.words[phrase.past : phrase.past + 1])


def may_be_year(numeral: Numeral) -> bool:
    """Whether a number has the look of a year of our time."""
    return numeral.integer_digits == 4 and numeral.value is not None and _YEARS[0] <= numeral.value <= _YEARS[1]


def is_year(scene: Scene, numeral: Numeral) -> bool:
    """«قانون المالية 2017 مراجعة …»: four digits after a noun with its article."""
    if not may_be_year(numeral):
        return False
    before = numeral.first - 1
    if before > 0 and scene.words[before] == "و" and before - 1 in scene.dated:
        return True  # «سنتي 2016 و 2017»
    return before >= 0 and (is_definite(scene.words[before]) or scene.words[before] in _SESSIONS)


def counted_phrase(scene: Scene, numeral: Numeral) -> Phrase | None:
    """The phrase after a numeral, with «من» or a number said again in digits in between («أحد عشر (11) مهاجرا»)."""
    words, at = scene.words, numeral.last
    again = scene.at.get(at + 1)
    if words[at : at + 1] == ["("] and words[at + 2 : at + 3] == [")"] and again is not None:
        at += 3 if scene.numerals[again].value == numeral.value else 0
    partitive = words[at : at + 1] == ["من"]
    pointed = partitive and at + 1 < len(words) and words[at + 1] in _DEMONSTRATIVES
    at += partitive + pointed
    plural = numeral.value is not None and 3 <= numeral.value <= 10
    phrase = scene.nouns.after(at, plural, definite=numeral.low is not None or partitive or numeral.definite)
    if phrase is None or phrase.first in scene.openings or (partitive and not is_whole(scene, phrase, numeral)):
        return None
    return phrase


def may_follow_noun(scene: Scene, numeral: Numeral, phrase: Phrase | None) -> bool:
    """Whether a numeral may stand after what it counts: «البحارة الأربعة», «في جهات ثلاث»."""
    if not numeral.words or numeral.value is None or numeral.first == 0:
        return False
    if numeral.definite:
        return True
    before = scene.words[numeral.first - 1]
    free = phrase is None and before not in scene.grammar.vocabulary.events  # «تم إنقاذ تسعة»
    return free and 3 <= numeral.value <= 10 and is_plural(before)


def is_whole(scene: Scene, phrase: Phrase, numeral: Numeral) -> bool:
    """Whether what follows a partitive «من» is the whole that the number is a part of."""
    head = scene.words[phrase.first]
    if head in _KINDS:
        return False
    if is_definite(head) or has_pronoun(head) or numeral.low is not None:
        return True
    return (
        phrase.last > phrase.first + 1
        or is_plural(head)
        or (phrase.last < len(scene.words) and is_definite(scene.words[phrase.last]))
    )


def fraction_of(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A fraction in words: of a round («نصف النهائي») it is none."""
    words, after = scene.words, draft.next
    if after < len(words) and (
        words[after] in scene.grammar.refusals.stages or scene.grammar.vocabulary.is_time(words[after])
    ):
        return None  # «نصف النهائي», «نصف العام»
    if numeral.definite and not scene.only and modifier_before(scene, draft) is None:
        return None
    before = words[numeral.first - 1] if numeral.first else ""
    if follows_time(scene, numeral):
        return None
    if numeral.value == 0.5 and is_definite(before) and scene.tokens[numeral.first].start == numeral.start:
        return None  # «المواد نصف المصنعة»
    return structs.replace(draft, kind="number", rule="fraction")


def follows_time(scene: Scene, numeral: Numeral) -> bool:
    """«سنة ونصف»: a fraction that «و» adds to a time."""
    apart = scene.words[numeral.first - 1] == "و"
    whole = numeral.first - 1 - apart
    if whole < 0 or not (apart or scene.words[numeral.first][0] == "و"):
        return False
    return whole in scene.dated | scene.used or any(
        cut.rest == "مره" or cut.rest in scene.grammar.vocabulary.time_nouns for cut in cuts(scene.words[whole])
    )


def count_one(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """«صفحة واحدة», «البيضة الواحدة»; a lone واحد is a pronoun."""
    before = noun_before(scene, numeral)
    if before is not None:
        word = scene.words[before[2]]
        if scene.grammar.vocabulary.is_time(word):
            return None
        if word.endswith(("ين", "ان")) or (scene.grammar.refusals.is_label(word) and word.endswith("رقم")):
            return None
        return with_noun_before(scene, draft, before, "one")
    if scene.only:
        return structs.replace(draft, kind="number", rule="bare")
    return None


def noun_before(scene: Scene, numeral: Numeral) -> tuple[int, int, int] | None:
    """View offset, first and last token of the noun and adjectives right before a numeral that agrees with them."""
    last = numeral.first - 1
    if last < 0 or numeral.first in scene.openings or scene.tokens[numeral.first].start < numeral.start:
        return None
    if not may_agree(scene, last, numeral.definite) or scene.grammar.modifiers.is_carrier(scene.words[last]):
        return None
    first = last
    while first > last - 3 and first not in scene.openings:
        start = scene.past_proclitics(first, numeral.definite)
        bare = scene.doc.folded[start : scene.tokens[first].end]
        if start > scene.tokens[first].start or not is_attribute(bare) or not goes_on(scene, first - 1):
            break
        if is_definite(bare) and not is_definite(scene.words[first - 1]):
            break
        feminine = scene.words[numeral.first].endswith("ه")
        if numeral.value == 1 and gender(scene, first - 1, scene.words[first - 1]) != feminine:
            break
        if numeral.value == 2 and not scene.words[first - 1].endswith(("ان", "ين")):
            break
        first -= 1
    if numeral.value == 1 and scene.words[numeral.first].endswith("ه") and goes_on(scene, first - 1):
        bare = scene.doc.folded[scene.past_proclitics(first, numeral.definite) : scene.tokens[first].end]
        further = scene.words[first - 1]
        alike = is_definite(further) == is_definite(bare)
        if alike and not gender(scene, first, bare) and gender(scene, first - 1, further):
            first -= 1  # «مائدة إفطار واحدة»
    return scene.past_proclitics(first, numeral.definite), first, last


def with_noun_before(scene: Scene, draft: Draft, before: tuple[int, int, int], rule: str) -> Draft:
    """A draft that counts the noun before it; a unit makes it a measure or money."""
    start, first, last = before
    amount = amount_before(scene, start, first) if first == last else None
    if amount is None and first and "مربع" in scene.words[last]:  # «المتر المربع الواحد»
        begin = scene.past_proclitics(last - 1, True)
        unit = scene.doc.folded[begin : scene.tokens[last - 1].end].removeprefix("ال")
        amount = amount_of(scene, [unit, scene.words[last].removeprefix("ال")], last - 1)
        start, first = (begin, last - 1) if amount is not None else (start, first)
    if amount is not None and amount.unit != "deg":
        return structs.replace(draft, kind=amount.kind, unit=amount.unit, start=start, first=first, rule=rule)
    counted = (start, scene.tokens[last].end)
    return structs.replace(draft, kind="count", start=start, first=first, counted=counted, rule=rule)


def amount_before(scene: Scene, start: int, at: int) -> Amount | None:
    """The unit that the noun before a numeral names («الكيلوغرام الواحد»)."""
    word = scene.doc.folded[start : scene.tokens[at].end].removeprefix("ال")
    merged = start > scene.tokens[at].start and "لل" in scene.words[at][:4]  # «لليورو» is cut after its first lam
    return amount_of(scene, [word[1:] if merged else word], at)


def ranked_or_counted(scene: Scene, draft: Draft, numeral: Numeral, before: tuple[int, int, int]) -> Draft | None:
    """«البحارة الأربعة» counts, «الدورة العشرون» ranks; «مجموعة السبع» does neither."""
    round_number = isinstance(numeral.value, int) and numeral.value >= 20 and numeral.value % 10 == 0
    head = scene.doc.folded[before[0] : scene.tokens[before[1]].end]
    if round_number and (is_feminine(head) or not is_plural(head)):
        draft = with_noun_before(scene, draft, before, "definite_cardinal")
        return structs.replace(draft, kind="ordinal", unit=None, counted=(before[0], scene.tokens[before[2]].end))
    return with_noun_before(scene, draft, before, "numeral_after_noun")


def bare_number(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A number whose noun is elided, where the text treats it as an amount and not as a label."""
    draft = structs.replace(draft, kind="number", rule="bare")
    if scene.only or modifier_before(scene, draft) is not None:
        return draft
    if is_telephone(scene, numeral):
        return None
    if scene.words[draft.next : draft.next + 1] == ["او"] and not scene.dated.isdisjoint((draft.next, draft.next + 1)):
        return None  # «3 أو 4 أيام»
    if is_bare_year(scene, numeral) or is_name(scene, numeral):
        return None
    if scene.grammar.modifiers.read_after(scene.words, draft.next) is not None:
        return draft
    if numeral.low is not None:
        return draft
    if numeral.last in scene.at and scene.numerals[scene.at[numeral.last]].value == numeral.value:
        return None  # «ستة 6 سنوات»
    label = numeral.integer_digits == 1 and numeral.first > 0 and is_definite(scene.words[numeral.first - 1])
    if label and numeral.first not in scene.openings:
        scene.refused = numeral.last
        return None  # «المروج 2»
    if scene.words[numeral.first] == "الف" and draft.next < len(scene.words) and is_definite(scene.words[draft.next]):
        return None  # «ألّف الكاتب كتابا»
    if numeral.definite and (numeral.value is None or numeral.value < 100):
        return None
    before = draft.first - 1
    if scene.words[draft.next : draft.next + 1] == ['"'] and '"' in scene.words[max(0, before - 1) : before + 1]:
        return None  # «"فيلت 24"»
    short = numeral.integer_digits is not None and numeral.integer_digits < 3
    if scene.words[before : before + 1] == ["("] and draft.next < len(scene.words):
        ranked = scene.words[draft.next] == ")" and not numeral.words and not is_cued(scene, before)
        if ranked or scene.words[draft.next] in _RANKED:
            return None  # «جامعة القاهرة (481)», «(49 عالميا)»
    if short and draft.next < len(scene.words) and scene.words[draft.next] in DASHES and not is_cued(scene, before):
        return None  # «6- النجم 7- الصفاقسي»
    if before < 0 or draft.first in scene.openings:
        return None if is_listed(scene, draft) else draft
    word = scene.words[before]
    vocabulary = scene.grammar.vocabulary
    long = numeral.integer_digits is not None and numeral.integer_digits > 6  # a telephone number
    if not long and (not word[0].isalpha() or word in vocabulary.stops or vocabulary.is_verb(word) or word == "و"):
        return draft
    if numeral.words or isinstance(numeral.value, float):
        return draft
    return draft if is_cued(scene, before) else None


def is_bare_year(scene: Scene, numeral: Numeral) -> bool:
    """«2013: يايا توري», «الموسم المقبل 2018- 2017», «في 1897»."""
    if numeral.integer_digits != 4 or numeral.value is None or not _CENTURIES[0] <= numeral.value <= _CENTURIES[1]:
        return False
    before, after = scene.words[max(0, numeral.first - 2) : numeral.first], scene.words[numeral.last : numeral.last + 2]
    if may_be_year(numeral) and after[:1] == [":"]:
        return True
    paired = before[-1:] and before[-1] in DASHES and len(before[0]) == 4 and before[0].isdigit()
    return bool(paired) or (before[-1:] == ["في"] and not (after and after[0].isdigit()))


def is_name(scene: Scene, numeral: Numeral) -> bool:
    """«الطاهر صفر», «مية الجريبي»: number words that are names of people."""
    if numeral.last != numeral.first + 1 or scene.words[numeral.first] not in {"صفر", "ميه"}:
        return False
    around = [*scene.words[max(0, numeral.first - 1) : numeral.first], *scene.words[numeral.last : numeral.last + 1]]
    return any(is_definite(word) for word in around) and not is_cued(scene, numeral.first - 1)


def is_cued(scene: Scene, before: int) -> bool:
    """Whether the words up to a number give something that it is the value of."""
    clause = scene.words[max(0, before - 8) : before + 1]
    if "." in clause:
        clause = clause[len(clause) - clause[::-1].index(".") :]
    return any(word.lstrip("وفل") in scene.grammar.refusals.measures for word in clause)


def is_telephone(scene: Scene, numeral: Numeral) -> bool:
    """«الأرقام الهاتفية التالية: 71.341.666»."""
    near = scene.words[max(0, numeral.first - 16) : numeral.first]
    if numeral.value is not None and numeral.value >= _TELEPHONE:
        return any(cue in word for word in near for cue in ("هاتف", "رقم", "ارقام", "اتصال"))
    # «81 10 77 77», «(+216)»
    around = [*scene.words[max(0, numeral.first - 1) : numeral.first], *scene.words[numeral.last : numeral.last + 1]]
    grouped = any(word.isdigit() and len(word) < 4 for word in around)
    return not numeral.words and (grouped or scene.words[numeral.first] == "+")


def is_listed(scene: Scene, draft: Draft) -> bool:
    """Whether a number at the head of a line is followed by a list's mark."""
    return draft.next >= len(scene.words) or not scene.words[draft.next][0].isalnum()
