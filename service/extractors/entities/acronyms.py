"""Acronyms spelt out with full stops («بي. بي. سي.», «أ. ف. ب.»): organisations, listed without the stops or not."""

from collections.abc import Iterator

from msgspec import Struct

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.gazetteer import HERE, Gazetteer, Row
from service.lexicon import read_toml
from service.text.clitics import Cut, cuts
from service.text.document import Document
from service.text.normalise import fold_form

_KNOWN, _UNKNOWN = 0.97, 0.8
_FEWEST, _MOST = 3, 6  # letters that no table lists: two are as often a person's initials


class AcronymTables(Struct, forbid_unknown_fields=True, frozen=True):
    """acronyms.toml."""

    letters: tuple[str, ...]
    words: tuple[str, ...]


class Acronyms(Struct, frozen=True):
    """Folded names of letters, those that are words too, and the gazetteer that lists acronyms by them."""

    letters: frozenset[str]
    words: frozenset[str]
    gazetteer: Gazetteer

    def find(self, doc: Document) -> Iterator[Candidate]:
        """Every run of letters with full stops between them, in order."""
        tokens = doc.tokens
        at = 0
        while at < len(tokens):
            last = at
            while last - at < 2 * _MOST and self._goes_on(doc, last):
                last += 2
            reading = None
            while last > at and (reading := self._read(doc, at, last)) is None:
                last -= 2
            if reading is not None:
                cut, rows = reading
                yield Candidate(
                    start=tokens[at].start + cut.length,
                    end=tokens[last].end,
                    first=at,
                    last=last + 1,
                    type="ORGANIZATION",
                    confidence=_KNOWN if rows else _UNKNOWN,
                    rows=rows,
                )
            at = last + 1

    def _goes_on(self, doc: Document, at: int) -> bool:
        """Whether a full stop and another letter follow a token."""
        following = doc.tokens[at + 1 : at + 3]
        return len(following) > 1 and following[0].text == "." and self._is_letter(following[1].folded)

    def _is_letter(self, folded: str) -> bool:
        return len(folded) == 1 or folded in self.letters

    def _read(self, doc: Document, first: int, last: int) -> tuple[Cut, tuple[Row, ...]] | None:
        """Where the acronym over tokens `first`, `first + 2` … `last` begins, and its rows; None where it is none."""
        others = [token.folded for token in doc.tokens[first + 2 : last + 1 : 2]]
        options = cuts(doc.tokens[first].folded)
        for cut in options:
            forms = self.gazetteer.forms.get(" ".join([cut.rest.removeprefix("ال"), *others]), ())
            rows = tuple(form.row for form in forms if form.row.type == "ORGANIZATION")
            if rows:
                return cut, rows
        spelt = len(others) + 1 >= _FEWEST and self.letters.issuperset(others) and others[-1] not in self.words
        return next(((cut, ()) for cut in options if spelt and cut.rest.removeprefix("ال") in self.letters), None)


def load_acronyms(gazetteer: Gazetteer) -> Acronyms:
    """Read acronyms.toml."""
    tables = read_toml(HERE / "acronyms.toml", AcronymTables)
    return Acronyms(frozenset(map(fold_form, tables.letters)), frozenset(map(fold_form, tables.words)), gazetteer)
