"""A document as the grammar sees it: for every token, the words of time that begin there, and the numbers."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from service.extractors.annotations import Numeral
from service.extractors.dates.fields import Parsed
from service.extractors.dates.lexicon import Key, LookUp, Node, Sense
from service.text.document import Document

Changes = dict[str, Any]


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

    def __init__(self, doc: Document, numerals: Iterable[Numeral], look_up: LookUp) -> None:
        self.doc = doc
        self.tokens = doc.tokens
        self.folded = [token.folded for token in doc.tokens]
        self.size = len(doc.tokens)
        self.numerals = {numeral.first: numeral for numeral in numerals}
        self.hits: dict[int, list[Hit]] = {}
        self.values: dict[int, int] = {}  # runs of up to nine ASCII digits
        self.by_kind: dict[int, dict[str, list[Hit]]] = {}
        self.points: dict[int, Parsed | None] = {}  # what `point` and `best_atom` have read already, by first token
        self.atoms: dict[int, Atom | None] = {}
        for i, folded in enumerate(self.folded):
            reached = look_up(folded)
            if reached:
                self._read(i, reached)
            elif "0" <= folded[0] <= "9" and len(folded) < 10 and folded.isdigit() and folded.isascii():
                self.values[i] = int(folded)
        self.sentence_of = [0] * (self.size + 1)
        for number, sentence in enumerate(doc.sentences):
            for i in range(sentence.first, sentence.last):
                self.sentence_of[i] = number
        self.sentence_of[self.size] = len(doc.sentences)

    def _read(self, i: int, reached: tuple[tuple[int, Node], ...]) -> None:
        found: list[Hit] = []
        for length, node in reached:
            self._follow(i, node, self.tokens[i].start + length, self.folded[i][:length], found)
        if found:
            self.hits[i] = found
            kinds = self.by_kind[i] = {}
            for hit in found:
                kinds.setdefault(hit.kind, []).append(hit)

    def _follow(self, i: int, node: Node, start: int, proclitics: str, found: list[Hit]) -> None:
        last = i + 1
        reached: list[tuple[int, Sense]] = [(last, sense) for sense in node.senses]
        while last < self.size:
            follower = node.children.get(self.folded[last])
            if follower is None:
                break
            node = follower
            last += 1
            reached.extend((last, sense) for sense in node.senses)
        for end, sense in reversed(reached):
            found.append(Hit(sense.kind, sense.key, i, end, start, proclitics, sense.definite, sense.bare, sense.label))

    def hit(self, i: int, kind: str, key: Key | None = None, *, bare: bool = True) -> Hit | None:
        """The longest form of a kind at token `i`; `bare` wants it without proclitics."""
        kinds = self.by_kind.get(i)
        if kinds is None:
            return None
        for hit in kinds.get(kind, ()):
            if (key is None or hit.key == key) and not (bare and hit.proclitics):
                return hit
        return None

    def word(self, i: int, key: str, *, bare: bool = True) -> int | None:
        """The token after a function word at `i`, if it stands there."""
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
