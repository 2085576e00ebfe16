"""Ordinals and the nouns that they rank."""

from msgspec import structs

from service.extractors.annotations import Numeral
from service.extractors.numbers.around import with_phrase
from service.extractors.numbers.morphology import has_pronoun, is_definite, is_feminine, is_plural
from service.extractors.numbers.scene import Draft, Scene, draft_of


def read_ordinal(scene: Scene, numeral: Numeral) -> Draft | None:
    """An ordinal with the noun that it ranks, before it or after it."""
    draft = structs.replace(draft_of(numeral), kind="ordinal", rule="ordinal")
    if scene.only:
        return draft
    before = noun_ranked(scene, numeral)
    if before is not None:
        start, first, last = before
        if is_title(scene, first, last, numeral):
            return None
        if not numeral.definite and scene.words[numeral.first] == "اول":
            following = scene.nouns.after(numeral.last, False, definite=False)  # «إرسال أول قمر»
            if following is not None and following.first not in scene.openings:
                return structs.replace(with_phrase(scene, draft, following), kind="ordinal")
        counted = (start, scene.tokens[last].end)
        return structs.replace(draft, start=start, first=first, counted=counted)
    if numeral.definite:
        return elided(scene, draft, numeral)
    if numeral.last - numeral.first > 1 or scene.words[numeral.first].endswith("ا"):
        return None
    phrase = scene.nouns.after(numeral.last, False, definite=True)
    if phrase is None or phrase.first in scene.openings:
        return None
    if scene.words[phrase.first] in scene.grammar.vocabulary.time_nouns and scene.words[numeral.first][-2:] == "يه":
        return None
    if is_definite(scene.words[phrase.first]) and numeral.value == 1 and scene.words[numeral.first] == "اول":
        return None
    return structs.replace(with_phrase(scene, draft, phrase), kind="ordinal")


def elided(scene: Scene, draft: Draft, numeral: Numeral) -> Draft | None:
    """«الأولى موضوعها …»: an ordinal whose noun was said before."""
    before = numeral.first - 1
    word = scene.words[before] if before >= 0 else ""
    stops = scene.grammar.vocabulary.stops
    bare = word[1:] if word[:1] in {"و", "ف"} else word
    if before >= 0 and numeral.first not in scene.openings and word[0].isalpha() and not {word, bare} & stops:
        attached = scene.tokens[numeral.first].start < numeral.start or scene.tokens[before].text.endswith("ه")
        if not (attached or scene.grammar.vocabulary.is_verb(word) or word == "و"):
            return None
    if numeral.words and isinstance(numeral.value, int) and numeral.value <= 20:
        return structs.replace(draft, rule="ordinal_elided")
    return None


def noun_ranked(scene: Scene, numeral: Numeral) -> tuple[int, int, int] | None:
    """View offset, first and last token of the noun phrase before an ordinal; None where there is none."""
    last = numeral.first - 1
    if last < 0 or numeral.first in scene.openings or scene.tokens[numeral.first].start < numeral.start:
        return None
    if not may_rank(scene, last, numeral):
        return None
    feminine = is_feminine_ordinal(scene, numeral)
    best = first = last
    reach = 4
    while reach and first not in scene.openings:
        word = scene.words[first]
        start = scene.past_proclitics(first, numeral.definite)
        cut = start > scene.tokens[first].start
        bare = scene.doc.folded[start : scene.tokens[first].end]
        agrees = is_feminine(bare) == feminine and not bare.endswith(("ات", "ين", "ون"))
        if agrees:
            best = first
        if cut or (
            agrees
            and not is_attribute(scene, bare, numeral.definite)
            and not (is_plural(bare) and reach == 4 and first and not is_definite(scene.words[first - 1]))
        ):
            break
        if first - 1 < 0 or not goes_on(scene, first - 1, numeral.definite, word):
            break
        first, reach = first - 1, reach - 1
    return scene.past_proclitics(best, numeral.definite), best, last


def may_rank(scene: Scene, at: int, numeral: Numeral) -> bool:
    """Whether the token right before an ordinal is a noun or adjective that agrees with it."""
    word = scene.words[at]
    vocabulary = scene.grammar.vocabulary
    if at in scene.dated or at in scene.inside or len(word) < 3 or not "ء" <= word[0] <= "ي":
        return False
    if word in vocabulary.stops or vocabulary.is_verb(word):
        return False
    start = scene.past_proclitics(at, numeral.definite)
    bare = scene.doc.folded[start : scene.tokens[at].end]
    if numeral.definite:
        if scene.tokens[at].text.endswith("ه") and not is_definite(bare):  # a pronoun: «هدفه الأول»
            return not is_feminine_ordinal(scene, numeral)
        return (
            is_definite(bare)
            or has_pronoun(bare)
            or (bare[0] == "ل" and start > scene.tokens[at].start)
            or (bare.endswith("ه") and bare[0] == "ل")
        )
    return not is_definite(bare)


def goes_on(scene: Scene, at: int, definite: bool, word: str) -> bool:
    """Whether the token before a phrase's first is a part of it."""
    before = scene.words[at]
    vocabulary = scene.grammar.vocabulary
    if at in scene.dated or at in scene.inside or len(before) < 3 or not "ء" <= before[0] <= "ي":
        return False
    return before not in vocabulary.stops and not vocabulary.is_verb(before) and before not in vocabulary.verbs


def is_attribute(scene: Scene, bare: str, definite: bool) -> bool:
    """Whether a word is an adjective of relation: a noun stands before it."""
    stem = bare[2:] if is_definite(bare) else bare
    return stem.endswith(("ي", "يه")) and len(stem) > 3


def is_feminine_ordinal(scene: Scene, numeral: Numeral) -> bool:
    """The gender of an ordinal by its first word."""
    word = scene.words[numeral.first]
    return word.endswith(("ه", "اولي"))


def is_title(scene: Scene, first: int, last: int, numeral: Numeral) -> bool:
    """Whether an ordinal is part of an office's or a ruler's name."""
    refusals = scene.grammar.refusals
    if any(scene.words[near].lstrip("وبل") in refusals.titles for near in range(max(0, first - 1), last + 1)):
        return True
    return any(scene.words[near] in refusals.rulers for near in range(max(0, first - 2), first))
