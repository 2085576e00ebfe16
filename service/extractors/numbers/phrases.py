"""Phrases of several words, found token by token."""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from service.text.normalise import normalise
from service.text.segment import tokenise

T = TypeVar("T")


def words_of(form: str) -> tuple[str, ...]:
    """A lexicon's form as folded tokens."""
    view = normalise(form)
    return tuple(token.folded for token in tokenise(view.text, view.folded))


class _Node(Generic[T]):
    __slots__ = ("below", "meaning")

    def __init__(self) -> None:
        self.below: dict[str, _Node[T]] = {}
        self.meaning: T | None = None


class Phrases(Generic[T]):
    """Phrases of folded tokens and what each means: a trie of words."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, form: str, meaning: T) -> None:
        """Add a phrase; the first meaning of a phrase stays."""
        node = self._root
        for word in words_of(form):
            node = node.below.setdefault(word, _Node())
        if node.meaning is None:
            node.meaning = meaning

    def firsts(self, holds: Callable[[T], bool]) -> Iterator[str]:
        """The first words of phrases of whose meaning something holds."""
        for word, node in self._root.below.items():
            nodes = [node]
            while nodes:
                node = nodes.pop()
                if node.meaning is not None and holds(node.meaning):
                    yield word
                    break
                nodes += node.below.values()

    def longest(self, words: Sequence[str], at: int, first: str | None = None) -> tuple[T, int] | None:
        """The longest phrase that starts at a token, and the token after it; `first` stands in for the first word."""
        node, found = self._root, None
        while at < len(words):
            below = node.below.get(words[at] if first is None else first)
            if below is None:
                break
            node, first, at = below, None, at + 1
            if node.meaning is not None:
                found = (node.meaning, at)
        return found
