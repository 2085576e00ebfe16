"""Proclitics: the conjunctions and prepositions that Arabic writes onto the next word."""

import re
from collections.abc import Iterator

from msgspec import Struct

# و ف, then ب ل ك (or س before a verb, which no nominal lexicon holds), as written in folded text.
_STACK = re.compile(r"(?:[وف](?=..))?(?:[بلك](?=..))?")


class Cut(Struct, frozen=True, gc=False):
    """One way to cut a word: `length` characters of proclitics, and the rest as a lexicon would list it.

    `elided` says that the rest lost the alef of its article to a lam («للقاعدة» is cut after the first lam; its rest,
    written «لقاعدة», is listed as «القاعدة»).
    """

    length: int
    rest: str
    elided: bool = False


def cuts(folded: str) -> Iterator[Cut]:
    """Every way to read proclitics off a folded word, the whole word first, then longer cuts; the lexicon decides."""
    yield Cut(0, folded)
    most = _STACK.match(folded).end()  # type: ignore[union-attr]  # both groups are optional: it always matches
    for length in range(1, most + 1):
        rest = folded[length:]
        if folded[length - 1] == "ل" and rest.startswith("ل"):
            yield Cut(length, "ا" + rest, elided=True)
        yield Cut(length, rest)
