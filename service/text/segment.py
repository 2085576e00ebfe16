"""Tokens and sentences of a normalised view."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from camel_tools.tokenizers.word import simple_word_tokenize
from msgspec import Struct

# A mark at which a sentence may end, with all that closes there. One class of characters first: it is looked for fast.
_MARK = re.compile(r"""[.!?؟…؛\n](?:(?<=\n)\n+|(?<=[.!?؟…])[.!?؟…]*["'»”’)\]]*)?""")
# After a full stop glued to the next word a sentence ends only between two whole Arabic words.
_WORD = re.compile("[ء-ي]{2}")
# What a full stop belongs to: one letter («أ. ف. ب.», «هـ.»), or the number of a list's item.
_ABBREVIATED = re.compile(r"(?:^|[^\w])[^\W\d_]\Z|(?:^|\n) *\d{1,2}\Z")
_LONGEST = 160  # tokens: longer stretches without an end are cut at a comma, for the sake of models and evidence
_CHUNK = re.compile(r"\S+")
# What CAMeL cuts into runs of letters, runs of digits and single marks, whatever stands around it.
_ODD = re.compile(r"""[^ \nA-Za-zء-غف-ي0-9.,:;!?()\[\]/"'«»،؛؟%-]""")
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
        _cut(text[at:stop], folded[at:stop], at, tokens)
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


def _cut(text: str, folded: str, at: int, tokens: list[Token]) -> None:
    """The tokens of a stretch of ordinary characters that begins at `at`."""
    for chunk, folded_chunk in zip(text.split(" "), folded.split(" "), strict=True):
        end = at + len(chunk)
        if chunk.isalpha():  # one word, as most are
            tokens.append(Token(chunk, folded_chunk, at, end))
        elif chunk:
            for start, stop in map(re.Match.span, _PIECE.finditer(chunk)):
                tokens.append(Token(chunk[start:stop], folded_chunk[start:stop], at + start, at + stop))
        at = end + 1


def _chunk_start(text: str, first: int, at: int) -> int:
    """Where the stretch without white space that holds `at` begins, not before `first`; the view has two such marks."""
    return max(first, text.rfind(" ", first, at) + 1, text.rfind("\n", first, at) + 1)


def split_sentences(text: str, tokens: tuple[Token, ...]) -> tuple[Sentence, ...]:
    """Split at sentence punctuation and line ends, never inside numbers or after an initial."""
    starts = [token.start for token in tokens]
    sentences: list[Sentence] = []
    first = 0
    for bound in _bounds(text):
        last = bisect_left(starts, bound, first)
        while last - first >= _LONGEST:
            cut = _last_comma(tokens, first, first + _LONGEST)
            sentences.append(_sentence(tokens, first, cut))
            first = cut
        if last > first:
            sentences.append(_sentence(tokens, first, last))
        first = last
    return tuple(sentences)


def _bounds(text: str) -> Iterator[int]:
    for match in _MARK.finditer(text):
        start, end = match.span()
        mark, after = text[start], text[end : end + 1]
        if mark != "\n" and after and not after.isspace():
            if mark == "؛" or not (_WORD.match(text, end) and _WORD.match(text, max(0, start - 2), start)):
                continue
        elif mark == "؛" and not after:
            continue
        if mark == "." and _ABBREVIATED.search(text, max(0, start - 6), start):
            continue
        yield end
    yield len(text)


def _last_comma(tokens: tuple[Token, ...], first: int, last: int) -> int:
    """Past the last comma in the second half of the tokens, else `last`."""
    for index in range(last - 1, (first + last) // 2, -1):
        if tokens[index].text in {"،", ",", ":"}:
            return index + 1
    return last


def _sentence(tokens: tuple[Token, ...], first: int, last: int) -> Sentence:
    return Sentence(tokens[first].start, tokens[last - 1].end, first, last)
