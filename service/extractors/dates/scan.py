"""A document as the grammar sees it: for every token, the words of time that begin there, and the numbers."""

from bisect import bisect_right
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from msgspec import Struct

from service.extractors.annotations import Numeral
from service.extractors.dates.fields import Parsed
from service.extractors.dates.lexicon import Entry, Key, Lexicon, Node, Sense
from service.text.document import Document

Changes = dict[str, Any]
_start = attrgetter("start")


class Atom(Struct, frozen=True):
    """The fields that tokens up to `last` fill; `start` is the view offset where they begin."""

    last: int
    changes: Changes
    rule: str
    start: int


class Hit(Struct, frozen=True, gc=False):
    """A listed form over tokens `[first:last]`; it begins at view offset `start`, after `proclitics`."""

    kind: str
    key: Key
    first: int
    last: int
    start: int
    proclitics: str
    definite: bool
    bare: str
    label: str

    @property
    def number(self) -> int:
        """The key of a kind whose keys are integers."""
        assert isinstance(self.key, int)  # noqa: S101  # the lexicon's types say so
        return self.key

    @property
    def name(self) -> str:
        """The key of a kind whose keys are strings."""
        return str(self.key)


class Scan:
    """Tokens with what the lexicon and the numeral reader say of them. Made once a document, then only read."""

    def __init__(self, doc: Document, numerals: Iterable[Numeral], lexicon: Lexicon) -> None:
        self.doc = doc
        self.tokens = doc.tokens
        self.folded = [token.folded for token in doc.tokens]
        self.size = len(doc.tokens)
        self.numerals = {numeral.first: numeral for numeral in numerals}
        entries = map(lexicon.entries.get, self.folded)
        self.entries: dict[int, Entry] = {i: entry for i, entry in enumerate(entries) if entry is not None}
        self._read_joined(lexicon)
        # Runs of up to nine ASCII digits.
        self.values: dict[int, int] = {
            i: int(word)
            for i, word in enumerate(self.folded)
            if word.isdigit() and len(word) < 10 and word.isascii() and i not in self.entries
        }
        self.hits: dict[int, list[Hit]] = {}  # what was asked for so far
        self.points: dict[int, Parsed | None] = {}  # what `point` and `best_atom` have read already, by first token
        self.atoms: dict[int, Atom | None] = {}
        self.sentence_of: list[int] = []
        for number, sentence in enumerate(doc.sentences):
            self.sentence_of += [number] * (sentence.last - sentence.first)
        self.sentence_of.append(len(doc.sentences))

    def _read_joined(self, lexicon: Lexicon) -> None:
        """«صباحاليوم»: words of time that typing joined to the word before."""
        folded = self.doc.folded
        for match in lexicon.run_on.finditer(folded):
            start, end = match.span()
            if start and folded[start - 1].isalpha() and not folded[end : end + 1].isalpha():
                i = bisect_right(self.tokens, start, key=_start) - 1
                entry = lexicon.run_together(folded[self.tokens[i].start : start], match[0])
                if entry is not None and self.tokens[i].end == end:
                    self.entries.setdefault(i, entry)

    def hits_at(self, i: int) -> list[Hit]:
        """Every listed form that begins at token `i`, the longest of each way to read its proclitics first."""
        found = self.hits.get(i)
        if found is None:
            entry = self.entries.get(i)
            found = [] if entry is None else self._read(i, entry)
            self.hits[i] = found
        return found

    def _read(self, i: int, entry: Entry) -> list[Hit]:
        found: list[Hit] = []
        longer = i + 1 < self.size and self.folded[i + 1] in entry.next
        for length, node in entry.places:
            start, proclitics = self.tokens[i].start + length, self.folded[i][:length]
            reached = [(i + 1, sense) for sense in node.senses]
            if longer:
                reached += self._followed(i + 1, node)
            for last, sense in reversed(reached):
                found.append(
                    Hit(sense.kind, sense.key, i, last, start, proclitics, sense.definite, sense.bare, sense.label)
                )
        return found

    def _followed(self, last: int, node: Node) -> list[tuple[int, Sense]]:
        reached: list[tuple[int, Sense]] = []
        while last < self.size and (follower := node.children.get(self.folded[last])) is not None:
            node = follower
            last += 1
            reached += [(last, sense) for sense in node.senses]
        return reached

    def listed(self, i: int) -> bool:
        """Whether a listed form begins at token `i`."""
        entry = self.entries.get(i)
        return entry is not None and (bool(entry.alone) or bool(self.hits_at(i)))

    def known(self, i: int) -> bool:
        """Whether a listed form or a number begins at token `i`."""
        return i in self.numerals or i in self.values or self.listed(i)

    def hit(self, i: int, kind: str, key: Key | None = None, *, bare: bool = True) -> Hit | None:
        """The longest form of a kind at token `i`; `bare` wants it without proclitics."""
        entry = self.entries.get(i)
        if entry is None or kind not in entry.labels:
            return None
        for hit in self.hits_at(i):
            if hit.kind == kind and (key is None or hit.key == key) and not (bare and hit.proclitics):
                return hit
        return None

    def word(self, i: int, key: str, *, bare: bool = True) -> int | None:
        """The token after a function word at `i`, if it stands there."""
        entry = self.entries.get(i)
        if entry is None or key not in entry.words:
            return None
        hit = self.hit(i, "word", key, bare=bare)
        return hit.last if hit else None

    def number(self, i: int, *, bare: bool = True) -> Numeral | None:
        """The number that begins at token `i`."""
        numeral = self.numerals.get(i)
        if numeral is None or (bare and numeral.start != self.tokens[i].start):
            return None
        return numeral

    def digits(self, i: int) -> int | None:
        """The value of a run of up to nine ASCII digits at token `i`."""
        return self.values.get(i)

    def is_mark(self, i: int, marks: str) -> bool:
        """Whether token `i` is one of some punctuation marks."""
        return 0 <= i < self.size and self.folded[i] in marks and len(self.folded[i]) == 1

    def glued(self, i: int) -> bool:
        """Whether token `i` follows the one before without a space."""
        return 0 < i < self.size and self.tokens[i - 1].end == self.tokens[i].start

    def alone(self, i: int, last: int) -> bool:
        """Whether tokens `[i:last]` are the whole text, but for punctuation and a preposition of time."""
        while last < self.size and not self.folded[last][0].isalnum():
            last += 1
        while i > 0 and (not self.folded[i - 1][0].isalnum() or self.hit(i - 1, "cue", "time") is not None):
            i -= 1
        return i == 0 and last == self.size

    def same_sentence(self, i: int, j: int) -> bool:
        """Whether two tokens stand in one sentence."""
        return self.sentence_of[i] == self.sentence_of[j]
