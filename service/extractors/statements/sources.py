"""«بحسب», «وفقا لـ», «على حد قول», «حسب ما أفاد به»: the source named beside what it says."""

from msgspec import Struct

from service.extractors.statements.page import Page
from service.extractors.statements.phrases import Phrase, phrase

_LONGEST_PHRASE = 3


class Source(Struct, frozen=True):
    """A phrase that names a source. `first` is the token where it begins, `cue_last` the one after its cue.

    `speaker` is None where a pronoun points back. `last` is the token after all of it.
    """

    first: int
    cue: tuple[int, int]  # view offsets
    cue_last: int
    speaker: Phrase | None
    last: int


def find_source(page: Page, at: int) -> Source | None:
    """The source phrase that begins at a token, if one does."""
    tokens, words = page.doc.tokens, page.words
    first = page.folded[at]
    joined = first.startswith("و") and first[1:] in words.according_heads
    head = first[1:] if joined else first
    if head not in words.according_heads:
        return None
    apart = joined or at == page.floor(at) or page.is_punctuation(at - 1)
    if head in {"في", "من"} and not apart:
        return None  # «على الأقل في نظر س» is part of what is said
    start = tokens[at].start + joined
    for length in range(_LONGEST_PHRASE, 0, -1):
        if at + length >= len(tokens):
            continue
        text = " ".join((head, *page.folded[at + 1 : at + length]))
        bare, pronoun = _possessor(text)
        if pronoun and bare in words.according_pronoun:
            return Source(at, (start, tokens[at + length - 1].end), at + length, None, at + length)
        after = page.folded[at + length]
        to = text + " ل" in words.according and after.startswith("ل") and after not in words.attributive
        if to or text in words.according:
            return _named(page, at, at + length, start, to)
    return None


def _named(page: Page, first: int, at: int, start: int, to: bool) -> Source | None:
    """A source that is named: something that can speak, not a law or a plan."""
    doc = page.doc
    word = page.folded[at]
    if word in page.words.attributive:
        return None
    at_start = doc.tokens[at].start + to
    bare = word[1:] if to else word
    bare = "ال" + bare[1:] if to and bare.startswith("ل") else bare
    mention = page.named.get(at)
    speaks = mention is not None and mention.entity.type in {"PERSON", "ORGANIZATION", "POSITION"}
    if not speaks and bare not in page.words.sources and bare not in page.words.titles and not page.opens(at):
        return None
    last = phrase(page, at, page.sentence_end(at), strict=False)
    last = last if last > at else phrase(page, at + 1, page.sentence_end(at), strict=False)
    return Source(first, (start, doc.tokens[at - 1].end), at, Phrase(at, last, at_start), last)


def _possessor(text: str) -> tuple[str, bool]:
    for pronoun in ("هما", "ها", "هم", "ه"):
        if text.endswith(pronoun):
            return text.removesuffix(pronoun), True
    return text, False
