"""What a number counts: a phrase after it, a noun before it, or a noun that is elided."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.amounts import amount_of
from service.extractors.numbers.around import modifier_before, with_phrase
from service.extractors.numbers.morphology import has_pronoun, is_definite, is_plural
from service.extractors.numbers.nouns import Phrase
from service.extractors.numbers.ordinals import goes_on, is_attribute, may_agree
from service.extractors.numbers.pairs import with_total
from service.extractors.numbers.scene import Amount, Draft, Scene
from service.text.clitics import cuts

_DEMONSTRATIVES = frozenset(("هذا", "هذه", "هءلاء", "تلك", "ذلك", "اولءك", "هولاء"))


def read_count(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A count of what follows, of what stands before, of a part, or a bare number."""
    words = scene.words
    ratio = with_total(scene, draft)
    if ratio is not None:
        return ratio
    if words[numeral.last : numeral.last + 1] == ["من"] and "عمر" in "".join(
        words[numeral.last + 1 : numeral.last + 2]
    ):
        return None  # «في العشرين من عمره»
    if numeral.words and numeral.value is not None and 1 <= numeral.value < 2:
        return count_one(scene, draft, numeral)
    if numeral.value == 2 and numeral.words and words[numeral.first - 1].endswith(("ان", "ين")):
        before = noun_before(scene, numeral)  # «سائحين اثنين»
        if before is not None:
            return with_noun_before(scene, draft, before, "numeral_after_noun")
    partitive = draft.next < len(words) and words[draft.next] == "من"
    pointed = partitive and draft.next + 1 < len(words) and words[draft.next + 1] in _DEMONSTRATIVES
    vague = numeral.low is not None or (numeral.words and not isinstance(numeral.value, int))
    share = numeral.words and isinstance(numeral.value, float) and abs(numeral.value) < 1
    if share:
        return fraction_of(scene, draft, numeral)
    at = draft.next + partitive + pointed
    plural = numeral.value is not None and 3 <= numeral.value <= 10
    phrase = scene.nouns.after(at, plural, definite=vague or partitive or numeral.definite)
    if phrase is not None and phrase.first in scene.openings:
        phrase = None
    if partitive and phrase is not None and not is_whole(scene, phrase, numeral):
        phrase = None
    if phrase is not None and words[phrase.first] in scene.grammar.vocabulary.time_nouns:
        return None
    before = noun_before(scene, numeral) if numeral.definite and numeral.words else None
    if before is not None and words[before[1]] in scene.grammar.vocabulary.time_nouns:
        return None
    if before is not None and (phrase is None or is_definite(words[phrase.first])):
        return ranked_or_counted(scene, draft, numeral, before)
    if phrase is not None:
        draft = with_phrase(scene, draft, phrase)
        draft = structs.replace(draft, rule="partitive" if partitive else "count")
        return with_total(scene, draft) or draft
    return bare_number(scene, draft, numeral)


def is_whole(scene: Scene, phrase: Phrase, numeral: Numeral) -> bool:
    """Whether what follows a partitive «من» is the whole that the number is a part of."""
    head = scene.words[phrase.first]
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
    if after < len(words) and words[after] in scene.grammar.refusals.stages:
        return None
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
    return whole in scene.dated or any(
        cut.rest in scene.grammar.vocabulary.time_nouns for cut in cuts(scene.words[whole])
    )


def count_one(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """«صفحة واحدة», «البيضة الواحدة»; a lone واحد is a pronoun."""
    before = noun_before(scene, numeral)
    if before is not None:
        word = scene.words[before[2]]
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
        if numeral.value == 2 and not scene.words[first - 1].endswith(("ان", "ين")):
            break
        first -= 1
    return scene.past_proclitics(first, numeral.definite), first, last


def with_noun_before(scene: Scene, draft: Draft, before: tuple[int, int, int], rule: str) -> Draft:
    """A draft that counts the noun before it; a unit makes it a measure or money."""
    start, first, last = before
    amount = amount_before(scene, start, first) if first == last else None
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
    round_number = isinstance(numeral.value, int) and numeral.value >= 11
    if round_number and not is_plural(scene.doc.folded[before[0] : scene.tokens[before[1]].end]):
        draft = with_noun_before(scene, draft, before, "definite_cardinal")
        return structs.replace(draft, kind="ordinal", unit=None, counted=(before[0], scene.tokens[before[2]].end))
    return with_noun_before(scene, draft, before, "numeral_after_noun")


def bare_number(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """A number whose noun is elided, where the text treats it as an amount and not as a label."""
    draft = structs.replace(draft, kind="number", rule="bare")
    if scene.only or modifier_before(scene, draft) is not None:
        return draft
    if scene.grammar.modifiers.read_after(scene.words, draft.next) is not None:
        return draft
    if numeral.low is not None:
        return draft
    if scene.words[numeral.first] == "الف" and draft.next < len(scene.words) and is_definite(scene.words[draft.next]):
        return None  # «ألّف الكاتب كتابا»
    if numeral.definite and (numeral.value is None or numeral.value < 100):
        return None
    before = draft.first - 1
    if before < 0 or draft.first in scene.openings:
        return None if is_listed(scene, draft) else draft
    word = scene.words[before]
    vocabulary = scene.grammar.vocabulary
    long = numeral.integer_digits is not None and numeral.integer_digits > 6  # a telephone number
    if not long and (not word[0].isalpha() or word in vocabulary.stops or vocabulary.is_verb(word) or word == "و"):
        return draft
    if numeral.words or isinstance(numeral.value, float):
        return draft
    clause = range(max(0, before - 8), before + 1)
    cued = any(scene.words[near].lstrip("وفل") in scene.grammar.refusals.measures for near in clause)
    return draft if cued else None


def is_listed(scene: Scene, draft: Draft) -> bool:
    """Whether a number at the head of a line is followed by a list's mark."""
    return draft.next >= len(scene.words) or not scene.words[draft.next][0].isalnum()
