"""What a number counts: a phrase after it, a noun before it, or a noun that is elided."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import amount_of
from service.extractors.numbers.around import modifier_before, with_phrase
from service.extractors.numbers.bare import bare_number, may_be_year
from service.extractors.numbers.morphology import has_pronoun, is_definite, is_plural, without_article
from service.extractors.numbers.nouns import Phrase
from service.extractors.numbers.ordinals import gender, goes_on, may_agree
from service.extractors.numbers.pairs import with_total
from service.extractors.numbers.scene import Amount, Draft, Scene
from service.text.clitics import cuts


def read_count(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A count of what follows, of what stands before, of a part, or a bare number."""
    words = scene.words
    if is_monday(scene, numeral):
        return None
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
        if scene.grammar.vocabulary.is_time(words[before[1]]) or not may_be_many(scene, numeral, before[1]):
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
    if scene.words[phrase.first] not in scene.grammar.refusals.goals:
        return False
    told = any(map(scene.grammar.refusals.is_result, scene.words[max(0, numeral.first - 4) : numeral.first]))
    told = told or scene.words[phrase.last - 1] in scene.grammar.refusals.clean  # «بثلاثة أهداف نظيفة»
    return told or any(word in scene.grammar.refusals.scores for word in scene.words[phrase.past : phrase.past + 1])


def is_monday(scene: Scene, numeral: Numeral) -> bool:
    """«الاثنين المقبل», but not «الموقوفين الاثنين»."""
    word = scene.words[numeral.first]
    if numeral.value != 2 or not numeral.definite or not word.endswith("ثنين"):
        return False
    return not (numeral.first and scene.words[numeral.first - 1].endswith(("ان", "ين")))


def is_year(scene: Scene, numeral: Numeral) -> bool:
    """«قانون المالية 2017 مراجعة …»: four digits after a noun with its article."""
    if not may_be_year(numeral):
        return False
    before = numeral.first - 1
    if before > 0 and scene.words[before] == "و" and before - 1 in scene.dated:
        return True  # «سنتي 2016 و 2017»
    return before >= 0 and (is_definite(scene.words[before]) or scene.words[before] in scene.grammar.refusals.sessions)


def counted_phrase(scene: Scene, numeral: Numeral) -> Phrase | None:
    """The phrase after a numeral, with «من» in between."""
    words, at = scene.words, numeral.last
    partitive = words[at : at + 1] == ["من"]
    pointed = partitive and at + 1 < len(words) and words[at + 1] in scene.grammar.vocabulary.demonstratives
    at += partitive + pointed
    plural = numeral.value is not None and 3 <= numeral.value <= 10
    phrase = scene.nouns.after(at, plural, definite=numeral.low is not None or partitive or numeral.definite)
    if phrase is None or phrase.first in scene.openings or (partitive and not is_whole(scene, phrase, numeral)):
        return None
    return phrase if partitive or may_count(scene, numeral, phrase) else None


def may_count(scene: Scene, numeral: Numeral, phrase: Phrase) -> bool:
    """Whether a number of that kind can count a noun right after it."""
    head, bare = scene.words[phrase.first], scene.words[phrase.first].removeprefix("ال")
    if isinstance(numeral.value, float):
        return bare in scene.grammar.vocabulary.divisible  # «معدل 15.83 مريم»
    if numeral.value == 0 and numeral.words:
        return is_plural(head)
    if numeral.low is not None and is_definite(scene.words[numeral.last - 1]):
        return is_definite(head)  # «خرج الآلاف دفاعا عن المدينة»
    return not scene.is_lengthened(numeral.last)


def may_follow_noun(scene: Scene, numeral: Numeral, phrase: Phrase | None) -> bool:
    """Whether a numeral may stand after what it counts: «البحارة الأربعة», «في جهات ثلاث»."""
    if numeral.value is None or numeral.first == 0:
        return False
    if not numeral.words:  # «البحارة الـ54 المحتجزين»
        return numeral.definite and (phrase is None or is_definite(scene.words[phrase.first]))
    if numeral.definite:
        return True
    before = scene.words[numeral.first - 1]
    free = phrase is None and before not in scene.grammar.vocabulary.events  # «تم إنقاذ تسعة»
    return free and 3 <= numeral.value <= 10 and is_plural(before)


def may_be_many(scene: Scene, numeral: Numeral, at: int) -> bool:
    """Whether a number can count the noun before it: «البحارة الـ54», but not «القمة العربية الـ28»."""
    head, vocabulary = scene.words[at], scene.grammar.vocabulary
    bare = without_article(head)
    singular = bare in vocabulary.feminine or bare + "ان" in vocabulary.duals  # «عيد الاتحاد الـ54»
    return numeral.words or (is_plural(head) and not singular)


def is_whole(scene: Scene, phrase: Phrase, numeral: Numeral) -> bool:
    """Whether what follows a partitive «من» is the whole that the number is a part of."""
    head = scene.words[phrase.first]
    if head in scene.grammar.vocabulary.kinds:
        return False
    people = head.endswith(("يين", "يون", "يات"))
    if not people and scene.grammar.money.country_at(scene.words, phrase.first):
        return False  # «5 من ليبيا»
    owned = has_pronoun(head) or scene.tokens[phrase.first].text.endswith("ه")
    if is_definite(head) or owned or numeral.low is not None:
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
    if scene.words[numeral.last : numeral.last + 1] == ["تلو"]:
        return None  # «الواحدة تلو الأخرى»
    if before is not None:
        word = scene.words[before[2]]
        bare = scene.doc.folded[before[0] : scene.tokens[before[2]].end]
        vocabulary, refusals = scene.grammar.vocabulary, scene.grammar.refusals
        said = bare in vocabulary.stops or (bare[0] == "ي" and vocabulary.is_verb(bare))  # «ليكون واحدا من»
        if said or vocabulary.is_time(word):
            return None
        numbered = refusals.is_label(word) and word.endswith("رقم")
        if word.endswith(("ين", "ان")) or word in refusals.together or numbered:
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
        if (
            start > scene.tokens[first].start
            or not scene.grammar.vocabulary.is_attribute(bare)
            or not goes_on(scene, first - 1)
        ):
            break
        further = scene.words[first - 1]
        owned = has_pronoun(further) or scene.tokens[first - 1].text.endswith("ه")  # «عيدها الوطني الخمسين»
        if is_definite(bare) and not is_definite(further) and not owned:
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
    whole = scene.past_proclitics(first, numeral.definite) == scene.tokens[first].start
    if numeral.definite and 3 <= (numeral.value or 0) < 20 and whole and not is_plural(scene.words[first]):
        further = scene.words[first - 1] if first and first not in scene.openings else ""
        if goes_on(scene, first - 1) and not is_definite(further) and is_plural(further):
            first -= 1  # «مراكب الصيد الثلاثة»
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
    ends = {0, 1} if isinstance(numeral.value, int) and numeral.value >= 20 else ()
    ranks = numeral.value is not None and numeral.value % 10 in ends  # «الذكرى الستين», «الجولة الحادية والعشرين»
    head = scene.doc.folded[before[0] : scene.tokens[before[1]].end]
    if ranks and (scene.grammar.vocabulary.is_feminine(head) or not is_plural(head)):
        draft = with_noun_before(scene, draft, before, "definite_cardinal")
        return structs.replace(draft, kind="ordinal", unit=None, counted=(before[0], scene.tokens[before[2]].end))
    return with_noun_before(scene, draft, before, "numeral_after_noun")
