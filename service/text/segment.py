"""Tokens and sentences of a normalised view."""

import re
from collections.abc import Iterator

from camel_tools.tokenizers.word import simple_word_tokenize
from msgspec import Struct

# Where a sentence may end. After a full stop glued to the next word, only between two whole Arabic words.
_END = re.compile(
    r"""[.!?؟…]+["'»”’)\]]*(?=\s|$) | (?<=[ء-ي]{2})[.!?؟…]+["'»”’)\]]*(?=[ء-ي]{2}) | ؛(?=\s) | \n+""", re.VERBOSE
)
# What a full stop belongs to: one letter («أ. ف. ب.», «هـ.»), or the number of a list's item.
_ABBREVIATED = re.compile(r"(?:^|[^\w])[^\W\d_]\Z|(?:^|\n) *\d{1,2}\Z")
_LONGEST = 160  # tokens: longer stretches without an end are cut at a comma, for the sake of models and evidence
_CHUNK = re.compile(r"\S+")
# What CAMeL cuts into runs of letters, runs of digits and single marks, whatever stands around it.
_ODD = re.compile(r"""[^\sA-Za-zء-غف-ي0-9.,:;!?()\[\]/"'«»،؛؟%-]""")
_PIECE = re.compile(r"[A-Za-zء-غف-ي]+|[0-9]+|[^\sA-Za-zء-غف-ي0-9]")


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
    """Split the view as CAMeL's word tokeniser does, digits from letters, with offsets.

    Stretches of ordinary characters are cut here by the same rules: CAMeL's loop visits every character in Python.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        odd = _ODD.search(text, at)
        stop = len(text) if odd is None else _chunk_start(text, at, odd.start())
        for piece in _PIECE.finditer(text, at, stop):
            start, end = piece.span()
            tokens.append(Token(piece[0], folded[start:end], start, end))
        chunk = _CHUNK.match(text, stop)
        if chunk is None:
            break
        at = chunk.start()
        for word in simple_word_tokenize(chunk[0], split_digits=True):
            at = text.index(word, at)
            end = at + len(word)
            tokens.append(Token(word, folded[at:end], at, end))
            at = end
        at = chunk.end()
    return tuple(tokens)


def _chunk_start(text: str, first: int, at: int) -> int:
    """Where the stretch without white space that holds `at` begins, not before `first`; the view has two such marks."""
    return max(first, text.rfind(" ", first, at) + 1, text.rfind("\n", first, at) + 1)


def split_sentences(text: str, tokens: tuple[Token, ...]) -> tuple[Sentence, ...]:
    """Split at sentence punctuation and line ends, never inside numbers or after an initial."""
    sentences: list[Sentence] = []
    first = 0
    for bound in _bounds(text):
        last = first
        while last < len(tokens) and tokens[last].start < bound:
            last += 1
            if last - first == _LONGEST:
                last = _last_comma(tokens, first, last)
                sentences.append(_sentence(tokens, first, last))
                first = last
        if last > first:
            sentences.append(_sentence(tokens, first, last))
        first = last
    return tuple(sentences)


def _bounds(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if match[0].startswith(".") and _ABBREVIATED.search(text, max(0, match.start() - 6), match.start()):
            continue
        yield match.end()
    yield len(text)


def _last_comma(tokens: tuple[Token, ...], first: int, last: int) -> int:
    """Past the last comma in the second half of the tokens, else `last`."""
    for index in range(last - 1, (first + last) // 2, -1):
        if tokens[index].text in {"،", ",", ":"}:
            return index + 1
    return last


def _sentence(tokens: tuple[Token, ...], first: int, last: int) -> Sentence:
    return Sentence(tokens[first].start, tokens[last - 1].end, first, last)
