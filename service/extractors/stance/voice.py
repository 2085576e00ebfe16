"""Whose voice a token is in: the text's own, or one that it reports.

A light reading, for weighing only: from a reporting verb with its complementiser, from a verb that takes a side, after
a headline's colon, and inside long quotations, the words are somebody else's until the sentence ends.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from service.lexicon import folded_index, read_toml
from service.text.document import Document
from service.text.segment import Sentence, Token

_DATA = Path(__file__).with_name("voice.toml")
_OPENING, _CLOSING, _EITHER = frozenset("«“„"), frozenset("»”"), frozenset("\"'")
_REACH = 14  # tokens that a speaker with titles may take between its verb and the complementiser
_HEADLINE = 5  # tokens of a speaker before a headline's colon, at most
_QUOTED = 4  # tokens that make a quotation rather than a name or a scare quote

Voice = Callable[[Document], tuple[bool, ...]]


class VoiceTable(Struct, frozen=True, forbid_unknown_fields=True):
    """voice.toml."""

    says: tuple[str, ...]
    takes_side: tuple[str, ...]
    according_to: tuple[str, ...]
    complementisers: tuple[str, ...]


def build_voice() -> Voice:
    """Loads voice.toml; the function tells of every token of a document whether another voice speaks."""
    table = read_toml(_DATA, VoiceTable)
    index = folded_index(
        _DATA,
        {
            "says": table.says,
            "takes_side": table.takes_side,
            "according_to": table.according_to,
            "complementisers": table.complementisers,
        },
    )

    def voice(doc: Document) -> tuple[bool, ...]:
        kinds = [index.get(token.folded) or index.get(_bare(token.folded)) for token in doc.tokens]
        reported = [False] * len(doc.tokens)
        for sentence in doc.sentences:
            first = _first_reported(doc.tokens, kinds, sentence)
            if first is not None:
                reported[first : sentence.last] = [True] * (sentence.last - first)
        for first, last in _quotations(doc.tokens):
            reported[first:last] = [True] * (last - first)
        return tuple(reported)

    return voice


def _bare(word: str) -> str:
    """A word without و or ف before it."""
    return word[1:] if word[0] in "وف" and len(word) > 3 else word


def _first_reported(tokens: Sequence[Token], kinds: Sequence[str | None], sentence: Sentence) -> int | None:
    """Where in a sentence the reported words begin, if they do."""
    for i in range(sentence.first, sentence.last):
        kind = kinds[i]
        if kind == "takes_side":
            return i + 1
        if kind == "says":
            for j in range(i + 1, min(i + 1 + _REACH, sentence.last)):
                if kinds[j] == "complementisers" or tokens[j].text in ':«“"':
                    return j + 1
        if kind == "according_to" and i <= sentence.first + 1:
            return i + 1
        if tokens[i].text == ":" and 0 < i - sentence.first <= _HEADLINE and i + 2 < sentence.last:
            return i + 1
    return None


def _quotations(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Token ranges inside quotation marks, long enough to be speech; an unclosed mark opens nothing."""
    found = []
    opened: int | None = None
    for i, token in enumerate(tokens):
        if token.text in _OPENING or (token.text in _EITHER and opened is None):
            opened = i
        elif opened is not None and (token.text in _CLOSING or token.text in _EITHER):
            if i - opened - 1 >= _QUOTED:
                found.append((opened + 1, i))
            opened = None
    return found
