"""Proclitics: the conjunctions and prepositions that Arabic writes onto the next word."""

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

# و ف, then ب ل ك (or س before a verb, which no nominal lexicon holds), as written in folded text.
_STACK = re.compile(r"(?:[وف](?=..))?(?:[بلك](?=..))?")
_LETTERS = frozenset("وفبلك")
_STACKS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل", "فك")
_LONGEST = 40  # characters


class Cut(Struct, frozen=True, gc=False):
    """One way to cut a word: `length` characters of proclitics, and the rest as a lexicon would list it.

    `elided` says that the rest lost the alef of its article to a lam («للقاعدة» is cut after the first lam; its rest,
    written «لقاعدة», is listed as «القاعدة»).
    """

    length: int
    rest: str
    elided: bool = False


def cuts(folded: str) -> tuple[Cut, ...]:
    """Every way to read proclitics off a folded word, the whole word first, then longer cuts; the lexicon decides."""
    # No lexicon has a word longer than that, and a cache of them would hold whole texts.
    return _cuts(folded) if folded[:1] in _LETTERS and len(folded) <= _LONGEST else (Cut(0, folded),)


@lru_cache(maxsize=1 << 15)
def _cuts(folded: str) -> tuple[Cut, ...]:
    found = [Cut(0, folded)]
    match = _STACK.match(folded)
    for length in range(1, match.end() + 1 if match else 0):
        rest = folded[length:]
        if folded[length - 1] == "ل" and rest.startswith("ل"):
            found.append(Cut(length, "ا" + rest, elided=True))
        found.append(Cut(length, rest))
    return tuple(found)


def with_proclitics(listed: str) -> Iterator[tuple[str, int, bool]]:
    """Every folded word that has a listed one among its `cuts`, with that cut's `length` and `elided`."""
    yield listed, 0, False
    for stack in _STACKS if len(listed) > 1 else ():
        yield stack + listed, len(stack), False
        if stack[-1] == "ل" and listed[:2] == "ال" and len(listed) > 2:
            yield stack + listed[1:], len(stack), True
