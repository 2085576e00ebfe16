"""One Aho–Corasick automaton over folded tokens: where listed phrases stand in a document, proclitics cut off."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

import ahocorasick
from msgspec import Struct

from service.text.document import Document
from service.text.normalise import fold, normalise
from service.text.segment import tokenise

T = TypeVar("T")

_PROCLITICS = frozenset(first + second for first in ("", "و", "ف") for second in ("", "ب", "ل", "ك"))


class Match(Struct, Generic[T], frozen=True, gc=False):
    """A listed phrase over tokens `[first:last]`, from view offset `start`; `elided`: a lam took its article's alef."""

    start: int
    first: int
    last: int
    value: T
    elided: bool


class Matcher(Generic[T]):
    """Phrases, joined by `join_tokens`, with a value each."""

    def __init__(self, phrases: Mapping[str, T]) -> None:
        self._automaton = ahocorasick.Automaton()
        for phrase, value in phrases.items():
            self._automaton.add_word(phrase, (len(phrase), value, False))
        for phrase, value in phrases.items():
            elided = elide(phrase)
            if elided and elided not in self._automaton:
                self._automaton.add_word(elided, (len(elided), value, True))
        self._automaton.make_automaton()

    def find(self, doc: Document) -> Iterator[Match[T]]:
        """Every phrase in a document, longer and shorter ones alike, by their ends."""
        offsets: list[int] = []  # where each token starts in the joined text
        at = 0
        for token in doc.tokens:
            offsets.append(at)
            at += len(token.folded) + 1
        joined = " ".join(token.folded for token in doc.tokens)
        for last_char, (length, value, elided) in self._automaton.iter(joined):
            end = last_char + 1
            if end < len(joined) and joined[end] != " ":
                continue
            start = end - length
            first = bisect_right(offsets, start) - 1
            cut = start - offsets[first]
            prefix = doc.tokens[first].folded[:cut]
            if prefix not in _PROCLITICS or (elided and not prefix.endswith("ل")):
                continue
            yield Match(doc.tokens[first].start + cut, first, bisect_right(offsets, last_char), value, elided)


def join_tokens(written: str) -> str:
    """A phrase as the automaton knows it: folded tokens, one space between them."""
    if all("ء" <= char <= "ي" or char == " " for char in written):  # the tokeniser would find the same words
        return fold(" ".join(written.replace("ـ", "").split()))
    view = normalise(written)
    return " ".join(token.folded for token in tokenise(view.text, view.folded))


def elide(phrase: str) -> str:
    """How a folded phrase is written after the lam that takes its article's alef («للقاعدة», «لليبيين»), or ""."""
    if phrase.startswith("الل"):
        return phrase[2:]
    return phrase[1:] if phrase.startswith("ال") else ""
