"""Text as the models see it: normalised, folded, cut into words. The service's own rules (`service.text`), without its
map of offsets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tokenizers import Tokenizer

LEVEL = str.maketrans("أإآٱىةیکەہھ", "اااايهيكههه")
SEATS = str.maketrans("ؤئ", "ءء")
DROPPED = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")


def level(text: str) -> str:
    """NFKC without diacritics, tatweel and invisible marks; alef, ya and ta marbuta levelled; ASCII digits.

    Hamzas keep their seats: few writers drop them, and the encoder knows رئيس, not رءيس.
    """
    text = DROPPED.sub("", unicodedata.normalize("NFKC", text)).translate(LEVEL)
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in text)


def fold(text: str) -> str:
    """`level`, and hamzas without their seats."""
    return level(text).translate(SEATS)


def words(text: str) -> list[str]:
    """Words, runs of digits and single marks of folded text: as the service's tokeniser cuts them."""
    return WORD.findall(text)


def pieces(tokenizer: Tokenizer, sentences: Sequence[Sequence[str]]) -> list[list[list[int]]]:
    """Piece ids of every word of every sentence; a word of no piece gets the unknown one."""
    vocabulary = sorted({word for sentence in sentences for word in sentence})
    known = {word: encoding.ids or [3] for word, encoding in zip(vocabulary, tokenizer.encode_batch(vocabulary))}
    return [[known[word] for word in sentence] for sentence in sentences]
