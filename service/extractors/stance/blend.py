"""What the classifier thinks of a passage, weighed against which way its words lean.

The classifier knows posts by their labels and prose by few examples; the lexicon knows words wherever they stand. The
constants were chosen on posts that the model had not seen and on the half of the corpus of passages that is not held.
"""

import math
import re
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from service.extractors.stance.passages import WHOLE
from service.lexicon import read_toml
from service.text.document import Document

Scores = tuple[float, float, float]

_DATA = Path(__file__).with_name("register.toml")
# Marks of a post: hashtags, handles, links, emoji, letters drawn out, marks doubled or apart from their word, gaps.
# Prose ends its sentences.
_POST = re.compile(
    r"[#@_]|https?:|[\U0001F000-\U0001FAFF\u2600-\u27BF]|([^\W\d])\1\1"
    r"|[!?؟،]{2}|(?<!\.)\.\.(?!\.)|\S {2,}\S|\s[.!?؟،](?:\s|$)"
)
_ENDS = frozenset(".؟?!…»”\"'")
_LEAST = 1e-6


class Register(Struct, frozen=True, gc=False):
    """How far reported words draw to neutral, how far the lean moves favor's log-odds, the classifier's temperature."""

    reported: float
    lean: float
    temperature: float


POST = Register(reported=0.2, lean=0.5, temperature=1.0)
PROSE = Register(reported=0.55, lean=7.0, temperature=1.6)


class RegisterTable(Struct, frozen=True, forbid_unknown_fields=True):
    """register.toml."""

    posts: tuple[str, ...]


def build_register() -> Callable[[Document], Register]:
    """Loads register.toml; the function tells whether a document reads as a post or as prose.

    What is longer than a post is prose.
    """
    posts = frozenset(read_toml(_DATA, RegisterTable).posts)

    def register(doc: Document) -> Register:
        text = doc.text.strip()
        if len(doc.tokens) > WHOLE:
            return PROSE
        if not text or text[-1] not in _ENDS or _POST.search(text):
            return POST
        # As it is written, not folded: what gives a post away is the hamza that it leaves out.
        words = (token.text for token in doc.tokens)
        return POST if any(word in posts or word.lstrip("وف") in posts for word in words) else PROSE

    return register


def blend(scores: Scores, lean: float, by: Register) -> Scores:
    """Scores at the register's temperature, the two sides shared out anew by the lean; neutral keeps its part."""
    favor, against, neutral = (max(score, _LEAST) ** (1 / by.temperature) for score in scores)
    side = (favor + against) / (favor + against + neutral)
    share = 1 / (1 + math.exp(math.log(against / favor) - by.lean * lean))
    return (side * share, side * (1 - share), 1 - side)
