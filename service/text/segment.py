"""Tokens and sentences of a normalised view."""

import re

from camel_tools.tokenizers.word import simple_word_tokenize
from msgspec import Struct

# Where a sentence may end; a full stop between digits or after one letter («أ. ف. ب.», «3.5») is none.
_END = re.compile(r"[.!?؟…]+[\"'»”’)\]]*(?=\s|$|[^\W\d_])|\n+|؛(?=\s)")
_ABBREVIATION = re.compile(r"(?:^|[\s.(«\"])(?:[^\W\d_]|د|أ\.د|م|هـ|ق\.م|ت|ص|ط|ج)\Z")


class Token(Struct, frozen=True, gc=False):
    """A word, a run of digits, or one punctuation mark or symbol, at `[start:end]` of the view."""

    text: str
    folded: str
    start: int
    end: int


class Sentence(Struct, frozen=True, gc=False):
    """Tokens `[first:last]` of the document, at `[start:end]` of the view."""

    start: int
    end: int
    first: int
    last: int


def tokenise(text: str, folded: str) -> tuple[Token, ...]:
    """Split the view by CAMeL's word tokeniser, and find its strings again: it drops nothing but what it splits at."""
    tokens: list[Token] = []
    at = 0
    for word in simple_word_tokenize(text, split_digits=True):
        at = text.index(word, at)
        end = at + len(word)
        tokens.append(Token(word, folded[at:end], at, end))
        at = end
    return tuple(tokens)


def split_sentences(text: str, tokens: tuple[Token, ...]) -> tuple[Sentence, ...]:
    """Split at sentence punctuation and line ends, never inside numbers or after an initial."""
    bounds: list[int] = []
    for match in _END.finditer(text):
        if match.group()[0] == "." and _ABBREVIATION.search(text, max(0, match.start() - 6), match.start()):
            continue
        bounds.append(match.end())
    bounds.append(len(text))
    sentences: list[Sentence] = []
    first = 0
    for bound in bounds:
        last = first
        while last < len(tokens) and tokens[last].start < bound:
            last += 1
        if last > first:
            sentences.append(Sentence(tokens[first].start, tokens[last - 1].end, first, last))
        first = last
    return tuple(sentences)
