"""One document as the attribution reads it: which quotation a token stands in, which entity, which sentence."""

from bisect import bisect_right

from msgspec import Struct

from service.extractors.annotations import Entity
from service.extractors.statements.cues import Cue, Forms, find_cues
from service.extractors.statements.words import Words
from service.text.document import Document

_OPENS = {"«": "»", "“": "”", "‹": "›", "„": "“", "‘": "’"}
_CLOSES = {"»", "›", "’"}
_NAMES = {"علي", "أم"}  # names, or their first words, that are written like a preposition or conjunction
_BOTH = {'"', "”", "'"}  # the same mark opens and closes


class Named(Struct, frozen=True):
    """A mention of an entity over tokens `[first:last]`; `start` is its view offset."""

    first: int
    last: int
    start: int
    entity: Entity


class Page(Struct, frozen=True):
    """Per-token tables over a document, all of the length of `doc.tokens`."""

    doc: Document
    words: Words
    cues: dict[int, Cue]
    folded: tuple[str, ...]
    sentence: tuple[int, ...]  # the sentence that a token is in
    partner: dict[int, int]  # an opening mark's token to its closing one, and back
    inside: tuple[int, ...]  # the innermost opening mark around a token, or -1
    named: dict[int, Named]  # the mention that starts in a token
    covering: dict[int, Named]  # the mention that covers a token

    def sentence_end(self, index: int) -> int:
        """The token after the last of the sentence that `index` is in."""
        return self.doc.sentences[self.sentence[index]].last

    def sentence_start(self, index: int) -> int:
        """The first token of the sentence that `index` is in."""
        return self.doc.sentences[self.sentence[index]].first

    def floor(self, index: int) -> int:
        """The first token of the sentence that `index` is in, or of the quotation around it."""
        return max(self.sentence_start(index), self.inside[index] + 1)

    def has_article(self, index: int) -> bool:
        """Whether a token begins with the article, and not like «ألفة» or «إلياس», which fold to the same letters."""
        return self.folded[index].startswith("ال") and self.doc.tokens[index].text[0] not in "أإآ"

    def is_that(self, index: int) -> bool:
        """Whether a token opens a reported clause, و before it or not."""
        word = self.folded[index]
        return word in self.words.complementisers or (word[0] in "وف" and word[1:] in self.words.complementisers)

    def is_punctuation(self, index: int) -> bool:
        """Whether a token is a mark and no word."""
        return not self.folded[index][0].isalnum()

    def opens(self, index: int) -> bool:
        """Whether a token opens a quotation."""
        return self.partner.get(index, -1) > index

    def closes(self, index: int) -> bool:
        """Whether a token closes a quotation."""
        return index in self.partner and self.partner[index] < index


def lay_out(doc: Document, entities: tuple[Entity, ...], words: Words, forms: Forms) -> Page:
    """Make the page of a document, in linear time."""
    sentence = [0] * len(doc.tokens)
    for number, one in enumerate(doc.sentences):
        sentence[one.first : one.last] = [number] * (one.last - one.first)
    partner, inside = _quotations(doc, sentence)
    starts = [token.start for token in doc.tokens]
    named: dict[int, Named] = {}
    covering: dict[int, Named] = {}
    for entity in entities:
        for mention in entity.mentions:
            start, end = doc.view.from_raw(mention.span.start, mention.span.end)
            first = bisect_right(starts, start) - 1
            last = bisect_right(starts, end - 1)
            preposition = doc.tokens[first].folded in words.prepositions and doc.tokens[first].text not in _NAMES
            if end > start and first >= 0 and not preposition:
                one_name = Named(first, last, start, entity)
                named[first] = one_name
                covering.update(dict.fromkeys(range(first, last), one_name))
    folded = tuple(token.folded for token in doc.tokens)
    return Page(doc, words, find_cues(doc, forms), folded, tuple(sentence), partner, tuple(inside), named, covering)


def _quotations(doc: Document, sentence: list[int]) -> tuple[dict[int, int], list[int]]:
    """Pair the marks by a stack that a line end empties: what is never closed lasts to the end of its line."""
    partner: dict[int, int] = {}
    inside = [-1] * len(doc.tokens)
    stack: list[int] = []
    for index, token in enumerate(doc.tokens):
        if stack and "\n" in doc.text[doc.tokens[index - 1].end : token.start]:
            for opener in stack:
                partner[opener] = index  # one past the last token of the line
            stack.clear()
        mark = token.text
        if mark == "'" and _is_apostrophe(doc, token.start):
            mark = ""
        if stack and _is_closed_by(doc.tokens[stack[-1]].text, mark) and not _leans_right(doc, token.start):
            opener = stack.pop()
            partner[opener], partner[index] = index, opener
        elif mark in _OPENS or mark in _BOTH:
            inside[index] = stack[-1] if stack else -1
            stack.append(index)
            continue
        inside[index] = stack[-1] if stack else -1
    for opener in stack:
        partner[opener] = len(doc.tokens)
    return partner, inside


def _is_closed_by(opener: str, mark: str) -> bool:
    if opener in _OPENS:
        return mark == _OPENS[opener] or (opener in "“„" and mark in {'"', "“", "”"})
    return mark == opener or (opener == "”" and mark == "“")


def _leans_right(doc: Document, at: int) -> bool:
    """Whether a straight mark is typed as an opening one: a quotation within a quotation."""
    text = doc.text
    return text[at] == '"' and text[at - 1 : at] == " " and text[at + 1 : at + 2].isalnum()


def _is_apostrophe(doc: Document, at: int) -> bool:
    return 0 < at < len(doc.text) - 1 and doc.text[at - 1].isalnum() and doc.text[at + 1].isalnum()
