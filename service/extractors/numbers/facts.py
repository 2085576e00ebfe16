"""From numerals to facts: what each number counts, measures, prices or ranks."""

from msgspec import structs

from service.extractors.annotations import Found, Numeral, NumericFact
from service.extractors.numbers.amounts import amounted, one_and, prefixed, read_amount
from service.extractors.numbers.around import with_modifier, with_rate
from service.extractors.numbers.counts import read_count
from service.extractors.numbers.labels import is_refused
from service.extractors.numbers.ordinals import read_ordinal
from service.extractors.numbers.pairs import read_range, with_slash
from service.extractors.numbers.scene import Draft, Grammar, Scene, draft_of
from service.extractors.numbers.twos import possible_duals, read_dual
from service.text.document import Document, Span


def read_facts(doc: Document, found: Found, grammar: Grammar) -> tuple[NumericFact, ...]:
    """Every fact of a document, in order."""
    scene = Scene(doc, found, grammar)
    drafts: list[Draft] = []
    for index, numeral in enumerate(scene.numerals):
        place = range(numeral.first, numeral.last)
        if scene.dated.isdisjoint(place) and scene.used.isdisjoint(place):
            _keep(scene, drafts, read_ordinal(scene, numeral) if numeral.ordinal else _quantity(scene, index))
    for at in possible_duals(scene.words, grammar.duals):
        if at not in scene.used and at not in scene.inside and at not in scene.dated:
            _keep(scene, drafts, read_dual(scene, at))
    return tuple(_written(scene, draft) for draft in sorted(drafts, key=lambda draft: draft.start))


def _quantity(scene: Scene, index: int) -> Draft | None:
    """The fact that a cardinal states."""
    numeral = scene.numerals[index]
    if is_refused(scene, numeral):
        scene.refused = numeral.last
        return None
    numeral = with_slash(scene, index)
    draft = read_range(scene, index, numeral) or _single(scene, index, numeral)
    return None if draft is None else with_modifier(scene, with_rate(scene, draft))


def _single(scene: Scene, index: int, numeral: Numeral) -> Draft | None:
    """One number with what follows it."""
    draft = draft_of(numeral)
    one = one_and(scene, numeral)
    if one is not None:
        return one
    amount = read_amount(scene, numeral.last, numeral)
    if amount is not None:
        return amounted(scene, draft, amount, index)
    below = scene.grammar.units.below_zero.longest(scene.words, numeral.last)
    if below is not None and numeral.value is not None:
        end = scene.tokens[below[1] - 1].end
        return structs.replace(draft, kind="measure", unit="Cel", value=-numeral.value, next=below[1], end=end)
    return prefixed(scene, draft) or read_count(scene, draft, numeral)


def _keep(scene: Scene, drafts: list[Draft], draft: Draft | None) -> None:
    """Keep a draft whose tokens are free."""
    if draft is None or not scene.used.isdisjoint(range(draft.first, draft.next)):
        return
    scene.used.update(range(draft.first, draft.next))
    drafts.append(draft)


def _written(scene: Scene, draft: Draft) -> NumericFact:
    """The annotation of a draft."""
    return NumericFact(
        span=scene.doc.span(draft.start, draft.end),
        kind=draft.kind,
        number=scene.doc.span(*draft.number),
        value=draft.value,
        low=draft.low,
        high=draft.high,
        modifier=draft.modifier,
        total=draft.total,
        unit=draft.unit,
        per=_place(scene, draft.per),
        counted=_place(scene, draft.counted),
        confidence=draft.confidence,
        rule=draft.rule,
    )


def _place(scene: Scene, bounds: tuple[int, int] | None) -> Span | None:
    """A raw span."""
    return None if bounds is None else scene.doc.span(*bounds)
