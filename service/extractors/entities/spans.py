"""What earlier readings of a document say about its tokens, for the grammars that build on them."""

from collections.abc import Iterable

from msgspec import Struct

from service.extractors.entities.candidates import Candidate
from service.text.document import Document


class Tagged(Struct, frozen=True):
    """Per token of a document: the name that starts at it, ends before it, and covers it."""

    doc: Document
    starting: dict[int, Candidate]
    ending: dict[int, Candidate]
    covered: dict[int, Candidate]

    def at(self, index: int) -> str:
        """The folded token, or "" past either end."""
        return self.doc.tokens[index].folded if 0 <= index < len(self.doc.tokens) else ""


def tag_tokens(doc: Document, mentions: Iterable[Candidate]) -> Tagged:
    """Index settled mentions by their tokens."""
    starting: dict[int, Candidate] = {}
    ending: dict[int, Candidate] = {}
    covered: dict[int, Candidate] = {}
    for mention in mentions:
        starting[mention.first] = mention
        ending[mention.last] = mention
        covered.update(dict.fromkeys(range(mention.first, mention.last), mention))
    return Tagged(doc, starting, ending, covered)


def is_definite(folded: str) -> bool:
    """Whether a folded word has the article: bare or after و and ل."""
    return folded.startswith(("ال", "وال", "لل", "ولل")) and len(folded) > 4


def bare(folded: str) -> str:
    """A definite word without و, its article restored after ل."""
    word = folded[1:] if folded.startswith(("وال", "ولل")) else folded
    return "ال" + word[2:] if word.startswith("لل") else word
