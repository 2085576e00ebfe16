"""What the classifier thinks of a passage, weighed against which way its words lean.

The classifier knows posts by their labels and prose by few examples; the lexicon knows words wherever they stand. The
constants were chosen on posts that the model had not seen and on the corpus of passages, all of it.
"""

import math
import re

from msgspec import Struct

from service.extractors.stance.passages import WHOLE
from service.text.document import Document

Scores = tuple[float, float, float]

# Marks of a post: hashtags, handles, links, emoji, letters drawn out. Prose ends its sentences.
_POST = re.compile(r"[#@_]|https?:|[\U0001F000-\U0001FAFF\u2600-\u27BF]|([^\W\d])\1\1")
_ENDS = frozenset(".؟?!…»”\"'")
_LEAST = 1e-6


class Register(Struct, frozen=True, gc=False):
    """How far reported words draw to neutral, how far the lean moves favor's log-odds, the classifier's temperature."""

    reported: float
    lean: float
    temperature: float


POST = Register(reported=0.2, lean=1.0, temperature=1.0)
PROSE = Register(reported=0.55, lean=5.0, temperature=2.0)


def register(doc: Document) -> Register:
    """Whether a document reads as a post or as prose; what is longer than a post is prose."""
    text = doc.text.rstrip()
    if len(doc.tokens) > WHOLE or (text and text[-1] in _ENDS and not _POST.search(text)):
        return PROSE
    return POST


def blend(scores: Scores, lean: float, by: Register) -> Scores:
    """Scores at the register's temperature, the two sides shared out anew by the lean; neutral keeps its part."""
    favor, against, neutral = (max(score, _LEAST) ** (1 / by.temperature) for score in scores)
    side = (favor + against) / (favor + against + neutral)
    share = 1 / (1 + math.exp(math.log(against / favor) - by.lean * lean))
    return (side * share, side * (1 - share), 1 - side)
