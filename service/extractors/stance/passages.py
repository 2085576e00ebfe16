"""What of a document is read for a target: all of a short text, windows around the mentions of a long one."""

from collections.abc import Iterator

from msgspec import Struct

from service.extractors.stance.targets import Target
from service.text.document import Document

WHOLE = 64
"""Tokens up to which a text is read in one piece, as a post or a headline is."""

_WINDOW = 48  # tokens of a passage of a longer text, at most, but for a sentence without a comma
_SHORT = 7  # tokens below which a sentence is read with the one before it
_MOST = 10  # passages read for one target: bounds the time that a long article takes

_BESIDE = 0.4  # weight of a passage next to a mention: «it» and «this step» live there
_ELSEWHERE = 0.1


class Passage(Struct, frozen=True, gc=False):
    """Tokens `[first:last]`, and how much they count for the target."""

    first: int
    last: int
    weight: float


def passages(doc: Document, target: Target) -> list[Passage]:
    """The passages to read for a target, in order."""
    if len(doc.tokens) <= WHOLE:
        return [Passage(0, len(doc.tokens), 1.0)] if doc.tokens else []
    windows = list(_windows(doc))
    strength = [target.within(first, last) for first, last in windows]
    weights = []
    for i, own in enumerate(strength):
        beside = max(strength[max(i - 1, 0) : i + 2])
        weights.append(max(own, _BESIDE * beside, _ELSEWHERE))
    ranked = sorted(range(len(windows)), key=lambda i: (-weights[i], i not in (0, len(windows) - 1), i))
    return [Passage(*windows[i], weights[i]) for i in sorted(ranked[:_MOST])]


def sentences(doc: Document, target: Target) -> list[Passage]:
    """A short text's own sentences, for its evidence."""
    return [Passage(s.first, s.last, max(target.within(s.first, s.last), _BESIDE)) for s in doc.sentences]


def _windows(doc: Document) -> Iterator[tuple[int, int]]:
    """Token ranges that cover the document: sentences, short ones joined to the one before, long ones cut at commas."""
    first = last = 0
    for sentence in doc.sentences:
        short = sentence.last - sentence.first < _SHORT
        if last > first and not (short and sentence.last - first <= _WINDOW):
            yield from _cut(doc, first, last)
            first = sentence.first
        last = sentence.last
    if last > first:
        yield from _cut(doc, first, last)


def _cut(doc: Document, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A range cut after its last comma within reach while it is too long; without commas, at twice the reach."""
    while last - first > _WINDOW:
        reach = range(first + _WINDOW, first + _SHORT, -1)
        at = next((i for i in reach if doc.tokens[i - 1].text in "،,؛;"), min(first + 2 * _WINDOW, last))
        yield first, at
        first = at
    if last > first:
        yield first, last
