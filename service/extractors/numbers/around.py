"""What stands around a fact: its counted phrase, its modifiers, what it is for each of."""

from msgspec import structs

from service.extractors.numbers.morphology import is_definite
from service.extractors.numbers.nouns import Phrase
from service.extractors.numbers.scene import Draft, Scene
from service.terms import Modifier

_PER = frozenset(("عن", "في", "علي"))
_EACH = (["الواحد"], ["الواحده"])


def with_phrase(scene: Scene, draft: Draft, phrase: Phrase) -> Draft:
    """A draft that counts a phrase after it."""
    counted = (scene.tokens[phrase.first].start, scene.tokens[phrase.last - 1].end)
    if draft.value is not None and draft.value < 0 and scene.words[draft.first] == "-":
        # Things are not counted below zero: the sign is a list's dash.
        start = scene.tokens[draft.first + 1].start
        number = (start, draft.number[1])
        draft = structs.replace(draft, value=-draft.value, first=draft.first + 1, start=start, number=number)
    return structs.replace(
        draft, kind="count", counted=counted, next=phrase.past, end=scene.tokens[phrase.past - 1].end
    )


def with_modifier(scene: Scene, draft: Draft) -> Draft:
    """A draft with the modifier before it or after it, inside its span where it touches."""
    if draft.low is not None and draft.rule != "range":
        draft = structs.replace(draft, modifier="APPROX")
    before = modifier_before(scene, draft)
    if before is not None:
        modifier, first, cut = before
        if first == draft.first and draft.rule in {"one", "numeral_after_noun"}:
            return draft  # «لا تتجاوز قيمة الشقة الواحدة 200 ألف»: the verb bounds another number
        if first < draft.first:
            start = scene.tokens[first].start + cut
            return structs.replace(draft, modifier=modifier, first=first, start=start)
        return structs.replace(draft, modifier=modifier)
    after = scene.grammar.modifiers.read_after(scene.words, draft.next)
    if after is None or draft.next in scene.openings:
        return draft
    if after[1] + 1 in scene.at and scene.words[after[1]] == "من":
        return draft  # «5000 أو أقل من 6000»
    end = scene.tokens[after[1] - 1].end
    return structs.replace(draft, modifier=after[0], next=after[1], end=end)


def modifier_before(scene: Scene, draft: Draft) -> tuple[Modifier, int, int] | None:
    """The modifier before a draft: its kind, first token and proclitics."""
    floor = max(
        (opening for opening in range(max(0, draft.first - 12), draft.first) if opening in scene.openings), default=0
    )
    if scene.tokens[draft.first].start < draft.start and scene.words[draft.first][0] not in "لب":
        return None
    return scene.grammar.modifiers.read_before(scene.words, draft.first, floor)


def with_rate(scene: Scene, draft: Draft) -> Draft:
    """A draft with what it is for each of: «للكيلوغرام», «لكل برميل», «يوميا»."""
    at = draft.next
    if draft.kind not in {"money", "count", "measure", "number"} or at >= len(scene.words) or at in scene.openings:
        return draft
    rate = scene.grammar.rates.longest(scene.words, at)
    if rate is not None and scene.words[rate[1] : rate[1] + 1] not in (["الذي"], ["التي"]):
        start = scene.tokens[at].start + scene.words[at].startswith("لل")
        return structs.replace(draft, per=(start, scene.tokens[rate[1] - 1].end))
    word = scene.words[at]
    following = scene.words[at + 1 : at + 3]
    if word.startswith(("لل", "بال")) and following[:1] in _EACH:
        return with_price(scene, draft, scene.tokens[at].start + 1, at + 1)
    if word in _PER and len(following) == 2 and is_definite(following[0]) and following[1:] in _EACH:
        return with_price(scene, draft, scene.tokens[at].start, at + 2)
    if word == "لكل" and at + 1 < len(scene.words) and scene.nouns.is_noun(at + 1, definite=False):
        return with_price(scene, draft, scene.tokens[at].start, at + 2)
    if draft.kind != "money":
        return draft
    if word == "/":  # «7.2 دينار/كغ»
        unit = scene.grammar.units.read(scene.words, at + 1)
        return draft if unit is None else with_price(scene, draft, scene.tokens[at + 1].start, unit[1])
    if not word.startswith("لل"):
        return draft
    rest = [near.removeprefix("ال") for near in scene.words[at + 1 : at + 3]]
    # «للتر» is ل before «اللتر».
    unit = scene.grammar.units.read([word[2:], *rest], 0) or scene.grammar.units.read([word[1:], *rest], 0)
    return draft if unit is None else with_price(scene, draft, scene.tokens[at].start + 1, at + unit[1])


def with_price(scene: Scene, draft: Draft, start: int, after: int) -> Draft:
    """A draft with its `per` from a view offset up to a token."""
    if scene.words[after : after + 1] in (*_EACH, ["واحد"], ["واحده"]):
        after += 1
    end = scene.tokens[after - 1].end
    return structs.replace(draft, per=(start, end), next=after, end=end)
