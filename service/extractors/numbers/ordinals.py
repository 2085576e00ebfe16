"""Ordinals and the nouns that they rank."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.around import with_phrase
from service.extractors.numbers.morphology import has_pronoun, is_broken_plural, is_definite, is_plural
from service.extractors.numbers.nouns import Phrase
from service.extractors.numbers.scene import Draft, Scene, draft_of
from service.text.clitics import cuts


def read_ordinal(scene: Scene, numeral: Numeral) -> Draft | None:
    """An ordinal with the noun that it ranks, before it or after it."""
    draft = structs.replace(draft_of(numeral), kind="ordinal", rule="ordinal")
    if scene.only:
        return draft
    if is_rank(scene, numeral) or is_clock(scene, numeral):
        return None
    before = noun_ranked(scene, numeral)
    after = None if numeral.definite or numeral.last - numeral.first > 1 else noun_after(scene, numeral)
    if after is not None and (before is None or leads(scene, numeral, after)):
        return structs.replace(with_phrase(scene, draft, after), kind="ordinal")
    if before is not None:
        start, first, last = before
        if scene.words[numeral.first].endswith("ا") and not scene.words[last].endswith("ا"):
            return None  # «جاء الفريق ثانيا»
        if is_title(scene, first, last, numeral):
            scene.refused = numeral.last
            return None
        return structs.replace(draft, start=start, first=first, counted=(start, scene.tokens[last].end))
    return elided(scene, draft, numeral) if numeral.definite else None


def is_rank(scene: Scene, numeral: Numeral) -> bool:
    """«ملازم أول»."""
    rank = numeral.value == 1 and numeral.first > 0
    return rank and any(cut.rest in scene.grammar.refusals.ranks for cut in cuts(scene.words[numeral.first - 1]))


def is_clock(scene: Scene, numeral: Numeral) -> bool:
    """«الثالثة والنصف», and ages: «في الثامنة من عمرها»."""
    joined = scene.joined(numeral.last)
    share = scene.numerals[scene.at[joined]].value if joined is not None and joined in scene.at else None
    if share is not None and 0 < share < 1:
        return True
    return " ".join(scene.words[numeral.last : numeral.last + 2]).startswith(("من عمر", "من العمر"))


def noun_after(scene: Scene, numeral: Numeral) -> Phrase | None:
    """The phrase that an indefinite ordinal opens: «أول رئيس», «أولى الجلسات»."""
    word = scene.words[numeral.first]
    phrase = None if word.endswith("ا") else scene.nouns.after(numeral.last, False, definite=True)
    if phrase is None or phrase.first in scene.openings:
        return None
    head = scene.words[phrase.first]
    if numeral.first and scene.words[numeral.first - 1] in scene.grammar.refusals.titles:
        return None  # «السيدة رابعة»
    if head.endswith("كسيد"):
        return None  # «ثاني أكسيد الكربون»
    if word.endswith("اول") and is_definite(head):
        return None
    return None if word.endswith("يه") and head in scene.grammar.vocabulary.time_nouns else phrase


def leads(scene: Scene, numeral: Numeral, phrase: Phrase) -> bool:
    """Whether an ordinal with a noun on both sides ranks the one after it: «إرسال أول قمر», «سجل ثالث هدف»."""
    word, head = scene.words[numeral.first], scene.words[phrase.first]
    if word == "اولي":
        before = scene.words[numeral.first - 1]
        led = scene.grammar.vocabulary.is_feminine(before) and before not in scene.grammar.vocabulary.events
        return has_pronoun(head) or (is_plural(head) and (is_definite(head) or not led))  # «في مرحلة أولى إجراءات»
    verb = scene.words[numeral.first - 1] in scene.grammar.vocabulary.verbs
    if head in scene.grammar.vocabulary.elatives:
        return True  # «تونس ثالث أفضل وجهة»
    return not is_definite(head) and (word in {"اول", "ثاني"} or verb)


def elided(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """«الأولى موضوعها …»: an ordinal whose noun was said before."""
    before = numeral.first - 1
    word = scene.words[before] if before >= 0 else ""
    stops = scene.grammar.vocabulary.stops
    bare = word[1:] if word[:1] in {"و", "ف"} else word
    if (
        before in scene.dated
        or word in {"بين", "قبل"}
        or scene.refused in {numeral.first, numeral.first - (word == "و")}
    ):
        return None  # «الرابطة الأولى والثانية» too
    if word in scene.grammar.refusals.hours and is_feminine_ordinal(scene, numeral) and (numeral.value or 0) > 2:
        return None  # «حتى السادسة»
    if word == '"' and scene.words[numeral.last : numeral.last + 1] == ['"']:
        return None  # «قناة "التاسعة"»
    if before >= 0 and numeral.first not in scene.openings and word[0].isalpha() and not {word, bare} & stops:
        attached = scene.tokens[numeral.first].start < numeral.start or scene.tokens[before].text.endswith("ه")
        if not (attached or word.endswith(("تين", "تان")) or scene.grammar.vocabulary.is_verb(word) or word == "و"):
            return None
    if numeral.words and isinstance(numeral.value, int) and numeral.value <= 20:
        return structs.replace(draft, rule="ordinal_elided")
    return None


def noun_ranked(scene: Scene, numeral: Numeral) -> tuple[int, int, int] | None:
    """View offset, first and last token of the noun phrase before an ordinal; None where there is none."""
    last = numeral.first - 1
    if last < 0 or numeral.first in scene.openings or scene.tokens[numeral.first].start < numeral.start:
        return None
    vocabulary = scene.grammar.vocabulary
    if last and scene.words[last] in vocabulary.tied and is_definite(scene.words[last - 1]):
        return scene.past_proclitics(last - 1, True), last - 1, last  # «المشتبه به الأول»
    if not may_rank(scene, last, numeral):
        return None
    feminine = is_feminine_ordinal(scene, numeral)
    held = False  # whether the noun before may be a genitive
    best, noun = -1, -1  # `noun`: the nearest that is no adjective, where nothing agrees
    for first in range(last, max(-1, last - 4), -1):
        start = scene.past_proclitics(first, numeral.definite)
        bare = scene.doc.folded[start : scene.tokens[first].end]
        attribute = vocabulary.is_attribute(bare)
        agrees = gender(scene, first, bare) == feminine and not bare.endswith(("ات", "ين", "ون"))
        # «الأيام الدراسية الأولى», «الحالات الأولى», «المرحلتين الأولى والثانية»
        agrees = agrees or (feminine and (is_broken_plural(bare) or bare.endswith(("ات", "تين", "تان"))))
        agrees = agrees or (not feminine and is_definite(bare) and bare.endswith("ين"))  # «مؤلف الجزأين الأول والثاني»
        best = first if agrees else best
        noun = first if noun < 0 and not attribute else noun
        # «طلب العروض الأول»: a definite plural may be the genitive of what the ordinal ranks.
        genitive = noun == first and first > 0 and is_broken_plural(bare) and not is_definite(scene.words[first - 1])
        head = agrees and not attribute and not genitive and not is_owned(scene, first, bare, feminine)
        if start > scene.tokens[first].start or first in scene.openings or head:
            break
        if held and not agrees:
            break  # «وأوروبا المراتب الأولى»
        held = genitive
        if not goes_on(scene, first - 1) or scene.words[first - 1] in vocabulary.events:
            break  # «تنظيم الملتقى الأول»
    best = next(at for at in (best, noun, last) if at >= 0)
    return scene.past_proclitics(best, numeral.definite), best, last


def is_owned(scene: Scene, at: int, bare: str, feminine: bool) -> bool:
    """Whether a definite word is the adjective of a noun with a pronoun: «نسختها القديمة الأولى»."""
    owner = scene.words[at - 1] if at else ""
    return feminine and is_definite(bare) and has_pronoun(owner) and gender(scene, at - 1, owner)


def gender(scene: Scene, at: int, bare: str) -> bool:
    """Whether a noun is feminine, before its pronoun if it has one («مرحلتها», «محطته»)."""
    if bare.endswith(("ته", "تها", "تهم", "تنا")) and not is_definite(bare):
        return True
    if has_pronoun(bare) and bare[:-2].removesuffix("ا") + "ي" in scene.grammar.vocabulary.feminine:
        return True  # «ذكراها السادسة»
    if has_pronoun(bare) or (scene.tokens[at].text.endswith("ه") and not is_definite(bare)):
        return False
    return scene.grammar.vocabulary.is_feminine(bare)


def may_rank(scene: Scene, at: int, numeral: Numeral) -> bool:
    """Whether an ordinal can rank what the token before it ends: a pronoun must agree («هدفه الأول»)."""
    if not may_agree(scene, at, numeral.definite):
        return False
    word = scene.words[at]
    owned = numeral.definite and not is_definite(word) and (has_pronoun(word) or scene.tokens[at].text.endswith("ه"))
    if not owned or gender(scene, at, word) == is_feminine_ordinal(scene, numeral):
        return True
    noun = word[: -2 if has_pronoun(word) else -1]
    return is_feminine_ordinal(scene, numeral) and (is_broken_plural(noun) or noun.endswith("ات"))


def may_agree(scene: Scene, at: int, definite: bool) -> bool:
    """Whether a token is a noun or adjective of that definiteness."""
    if not goes_on(scene, at):
        return False
    start = scene.past_proclitics(at, definite)
    bare = scene.doc.folded[start : scene.tokens[at].end]
    merged = bare[0] == "ل" and start > scene.tokens[at].start  # «للمرة»
    if not definite:
        return not is_definite(bare) and not (merged and scene.words[at].startswith("لل"))
    return is_definite(bare) or has_pronoun(bare) or merged or scene.tokens[at].text.endswith("ه")


def goes_on(scene: Scene, at: int) -> bool:
    """Whether a token may be part of a noun phrase that ends after it."""
    if at < 0 or at in scene.dated or at in scene.inside:
        return False
    word, vocabulary = scene.words[at], scene.grammar.vocabulary
    if word.endswith("اليوم"):  # «اليوم الوطني», «اليوم الأول»
        return at + 1 < len(scene.words) and (vocabulary.is_attribute(scene.words[at + 1]) or at + 1 in scene.at)
    stops = word in vocabulary.stops or (
        word[0] in "وف" and word[1:] in vocabulary.stops and word not in vocabulary.solid
    )
    return len(word) > 2 and "ء" <= word[0] <= "ي" and not stops and not vocabulary.is_verb(word)


def is_feminine_ordinal(scene: Scene, numeral: Numeral) -> bool:
    """The gender of an ordinal by its first word."""
    word = scene.words[numeral.first]
    return word.endswith(("ه", "اولي"))


def is_title(scene: Scene, first: int, last: int, numeral: Numeral) -> bool:
    """Whether an ordinal is part of an office's or a ruler's name."""
    refusals = scene.grammar.refusals
    near = scene.tokens[max(0, first - 1) : last + 1]
    if any(cut.rest in refusals.titles for token in near for cut in cuts(token.folded)):
        return True
    if any(cut.rest in refusals.channels for cut in cuts(scene.tokens[first].folded)):
        return True  # «على الوطنية الأولى», but not «الندوة الوطنية الثالثة»
    return any(scene.words[near] in refusals.rulers for near in range(max(0, first - 2), last))
