"""The text's stance towards the targets asked for, or towards its most salient entity."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from service.extractors.annotations import Evidence, Found, Stance
from service.extractors.models import Models, StanceClassifier
from service.extractors.stance.blend import Register, Scores, blend, build_register
from service.extractors.stance.cues import build_cue_classifier
from service.extractors.stance.passages import WHOLE, Passage, passages, sentences
from service.extractors.stance.polarity import Lean, build_lean
from service.extractors.stance.targets import Target, build_targets
from service.extractors.stance.voice import build_voice
from service.terms import Label
from service.text.document import Document

_EVIDENCE = 5
_UNDECIDED = 0.01  # weight that a neutral passage keeps beside those that take a side

LABELS: tuple[Label, Label, Label] = ("favor", "against", "neutral")


def build_stance(models: Models) -> Callable[[Document, Found], tuple[Stance, ...]]:
    """The stance extractor: over the learned classifier, or over the cue lexicon where none is loaded."""
    classifier = models.stance or build_cue_classifier()
    find_targets = build_targets()
    lean = build_lean()
    voice = build_voice()
    register = build_register()

    def extract(doc: Document, found: Found) -> tuple[Stance, ...]:
        judge = _Judge(doc, voice(doc), classifier, lean, register(doc))
        return tuple(_stance(doc, target, judge) for target in find_targets(doc, found.entities))

    return extract


class _Judge(Struct, frozen=True):
    """What judges the passages of one document."""

    doc: Document
    reported: Sequence[bool]
    classifier: StanceClassifier
    lean: Lean
    register: Register

    def read(self, target: Target, read: Sequence[Passage]) -> list[Scores]:
        """What each passage says of the target in the text's own voice."""
        tokens = self.doc.tokens
        pairs = [(target.text, self.doc.text[tokens[p.first].start : tokens[p.last - 1].end]) for p in read]
        judged = []
        for passage, pair, scores in zip(read, pairs, self.classifier.score(pairs), strict=True):
            if target.claim:  # it is true or not whoever says so, and its own words say what is good or bad
                judged.append(scores)
                continue
            others = sum(self.reported[passage.first : passage.last]) / (passage.last - passage.first)
            blended = blend(scores, self.lean(*pair), self.register)
            judged.append(own_voice(blended, self.register.reported * others))
        return judged


def _stance(doc: Document, target: Target, judge: _Judge) -> Stance:
    read = passages(doc, target)
    judged = judge.read(target, read)
    scores = rounded(aggregate([p.weight for p in read], judged))
    label = max(scores, key=lambda name: (scores[name], name == "neutral"))
    if len(doc.tokens) <= WHOLE and len(doc.sentences) > 1:
        read = sentences(doc, target)
        judged = judge.read(target, read)
    return Stance(
        target=target.text,
        source=target.source,
        entity=target.entity,
        label=label,
        scores=scores,
        evidence=_evidence(doc, target, read, judged, label),
    )


def own_voice(scores: Scores, share: float) -> Scores:
    """A passage's scores, drawn towards neutral by a share."""
    kept = 1 - share
    return (scores[0] * kept, scores[1] * kept, 1 - (scores[0] + scores[1]) * kept)


def aggregate(weights: Sequence[float], judged: Sequence[Scores]) -> Scores:
    """The weighted mean of the passages' scores; those that take a side count more than those that take none."""
    if not judged:
        return (0.0, 0.0, 1.0)
    decided = [w * (_UNDECIDED + (1 - s[2]) ** 4) for w, s in zip(weights, judged, strict=True)]
    total = sum(decided)
    favor = sum(w * s[0] for w, s in zip(decided, judged, strict=True)) / total
    against = sum(w * s[1] for w, s in zip(decided, judged, strict=True)) / total
    return (favor, against, 1 - favor - against)


def rounded(scores: Scores) -> dict[Label, float]:
    """Scores of four decimals that sum to 1."""
    favor, against = round(scores[0], 4), round(scores[1], 4)
    return {"favor": favor, "against": against, "neutral": round(max(1 - favor - against, 0.0), 4)}


def _evidence(
    doc: Document, target: Target, read: Sequence[Passage], judged: Sequence[Scores], label: Label
) -> tuple[Evidence, ...]:
    """The passages that decided, best first: those that take the side, or speak of the target and take none.

    A side that no passage takes alone is shown where it comes nearest.
    """
    at = LABELS.index(label)
    ranked = sorted(zip(read, judged, strict=True), key=lambda pair: -pair[0].weight * pair[1][at])
    if label == "neutral":
        ranked = [(passage, scores) for passage, scores in ranked if target.within(passage.first, passage.last)]
    agreed = [(passage, scores) for passage, scores in ranked if scores[at] == max(scores)] or ranked[:1]
    return tuple(
        Evidence(doc.span(doc.tokens[p.first].start, doc.tokens[p.last - 1].end), label, scores[at])
        for p, scores in agreed[:_EVIDENCE]
    )
