"""POSITION by grammar: an office, its complement, and the office that it serves («نائب وزير الخارجية لشؤون أوروبا»)."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.gazetteer import HERE
from service.extractors.entities.spans import Tagged, bare, is_definite
from service.lexicon import read_toml
from service.text.clitics import cuts
from service.text.normalise import fold_form

_CONFIDENCE = 0.9
_REACH = 6
_SERVANT = "عبد"  # «عبد الملك» is a name
_NESTED = 4  # offices under one another: «نائبة مساعد وزير …»
_AFFAIRS = frozenset({"لشءون", "للشءون"})
_COMMAS = frozenset("،,")
_IN_NAME = "باسم"
_POSTED_TO = frozenset(("في", "لدي", "الي"))
_MARKS = frozenset('،,"«:')


class OfficeTables(Struct, forbid_unknown_fields=True, frozen=True):
    """positions.toml."""

    definite: tuple[str, ...]
    wants_qualifier: tuple[str, ...]
    qualifiers: tuple[str, ...]
    construct: tuple[str, ...]
    only_before: tuple[tuple[str, str], ...]
    complements: tuple[str, ...]
    portfolios: tuple[str, ...]
    ministries: tuple[str, ...]
    between: tuple[str, ...]
    posted: tuple[str, ...]


class Offices(Struct, frozen=True):
    """The grammar of offices over folded words."""

    definite: frozenset[str]
    wants_qualifier: frozenset[str]
    qualifiers: frozenset[str]
    construct: frozenset[str]
    only_before: dict[str, frozenset[str]]
    complements: frozenset[str]
    portfolios: frozenset[str]
    ministries: frozenset[str]
    between: frozenset[str]
    posted: frozenset[str]

    def find(self, tagged: Tagged) -> list[Candidate]:
        """Every office of a document, in order; none overlaps a person, a place or an organisation."""
        found: list[Candidate] = []
        at = 0
        tokens = tagged.doc.tokens
        while at < len(tokens):
            end = at
            if at not in tagged.covered and tagged.at(at - 1) != _SERVANT:
                for cut in cuts(tokens[at].folded):
                    end = self._end(tagged, at, cut.rest)
                    if end > at:
                        found.append(
                            Candidate(
                                start=tokens[at].start + cut.length,
                                end=tokens[end - 1].end,
                                first=at,
                                last=end,
                                type="POSITION",
                                confidence=_CONFIDENCE,
                                elided=cut.elided,
                            )
                        )
                        break
            at = max(end, at + 1)
        return found

    def _end(self, tagged: Tagged, at: int, word: str, depth: int = 0) -> int:
        """The end of the office whose first word is token `at`, read as `word`; `at` where there is none."""
        if word in self.definite:
            end = at + 1
            while tagged.at(end) in self.qualifiers and end not in tagged.covered:
                end += 1
            if end == at + 1 and word in self.wants_qualifier:
                return at
            return self._affairs(tagged, end)
        if word in self.construct and depth < _NESTED:
            return self._construct_end(tagged, at, word, depth)
        return at

    def _construct_end(self, tagged: Tagged, at: int, word: str, depth: int) -> int:
        follower = tagged.at(at + 1)
        name = tagged.starting.get(at + 1)
        allowed = self.only_before.get(word)
        if (
            name is not None
            and name.type in {"LOCATION", "ORGANIZATION"}
            and name.start == tagged.doc.tokens[at + 1].start
        ):
            return at + 1 if allowed is None or "*" in allowed else at
        if at + 1 in tagged.covered or (allowed is not None and follower not in allowed):
            return at
        nested = self._end(tagged, at + 1, follower, depth + 1)
        if nested > at + 1:
            return nested
        end = self.portfolio_end(tagged, at + 1)
        if end > at + 1:
            return self._affairs(tagged, end)
        if follower in self.complements:
            end = at + 2
            if follower in self.construct or not is_definite(follower):
                while self._is_free(tagged, end) and (
                    tagged.at(end) in self.complements or tagged.at(end) in self.portfolios
                ):
                    end += 1
                if is_definite(tagged.at(end)) and self._is_free(tagged, end) and tagged.at(end) not in self.between:
                    end += 1
            end = self._agreeing(tagged, end)
            return self._affairs(tagged, end)
        return at

    def portfolio_end(self, tagged: Tagged, at: int) -> int:
        """The end of the ministry's portfolio that starts at token `at`; `at` where there is none."""
        end = at
        while self._is_free(tagged, end):
            if end > at and tagged.at(end) == "و" and tagged.at(end + 1) in self.portfolios:
                end += 1
            word = tagged.at(end)
            if word not in self.portfolios and (
                end == at or not word.startswith("و") or word[1:] not in self.portfolios
            ):
                break
            end += 1
        while end > at and tagged.at(end - 1) in {"علي", "وعلي"}:
            end -= 1
        return end

    def _affairs(self, tagged: Tagged, at: int) -> int:
        """Past «لشؤون الشرق الأدنى», «للشؤون الأوروبية والأوراسية», whose adjectives are no nationalities."""
        if tagged.at(at) not in _AFFAIRS:
            return self.portfolio_end(tagged, at + 1) if self._opens_portfolio(tagged, at) else at
        end = at + 1
        while is_definite(tagged.at(end)) and tagged.at(end).endswith("يه"):
            end += 1
        if end == at + 1 and is_definite(tagged.at(end)) and end not in tagged.covered:
            end = self._agreeing(tagged, end + 1)
        return end if end > at + 1 else at

    def _opens_portfolio(self, tagged: Tagged, at: int) -> bool:
        """«كاتب الدولة للتكوين المهني»."""
        return tagged.at(at).startswith("لل") and bare(tagged.at(at)) in self.portfolios and at not in tagged.covered

    def _agreeing(self, tagged: Tagged, at: int) -> int:
        """Past the feminine adjectives that agree with the feminine noun before token `at`."""
        if not (is_definite(tagged.at(at - 1)) and tagged.at(at - 1).endswith("ه")):
            return at
        while (
            self._is_free(tagged, at)
            and tagged.at(at).startswith("ال")
            and tagged.at(at).endswith(("يه", "مه", "قه", "له"))
        ):
            if tagged.at(at) in self.between:
                break
            at += 1
        return at

    @staticmethod
    def _is_free(tagged: Tagged, at: int) -> bool:
        return at not in tagged.covered


def load_offices() -> Offices:
    """Read positions.toml."""
    tables = read_toml(HERE / "positions.toml", OfficeTables)
    only_before: dict[str, set[str]] = {}
    for head, follower in tables.only_before:
        only_before.setdefault(fold_form(head), set()).add(fold_form(follower))
    return Offices(
        _folded(tables.definite),
        _folded(tables.wants_qualifier),
        _folded(tables.qualifiers),
        _folded(tables.construct),
        {head: frozenset(followers) for head, followers in only_before.items()},
        _folded(tables.complements),
        _folded(tables.portfolios),
        _folded(tables.ministries),
        _folded(tables.between),
        _folded(tables.posted),
    )


def ends_of_offices(tagged: Tagged, found: Iterable[Candidate], offices: Offices) -> frozenset[int]:
    """The tokens at which an office's holder may be named: after it, its nationality or place, and a comma."""
    return frozenset(at for office in found for at in _beyond(tagged, office, offices))


def _beyond(tagged: Tagged, office: Candidate, offices: Offices) -> Iterator[int]:
    at = office.last
    # What follows «ملك» or «سفير» at once is its complement.
    alone = office.is_long or not any(cut.rest in offices.construct for cut in cuts(tagged.at(office.first)))
    for step in range(_REACH):
        if step or alone:
            yield at
        name = tagged.starting.get(at)
        if name is not None and name.type in {"LOCATION", "ORGANIZATION", "NATIONALITY"}:
            at = name.last
        elif tagged.at(at) in offices.between or tagged.at(at) in _MARKS or _is_body(tagged, at, offices):
            at += 1
        elif tagged.at(at) in _POSTED_TO and bare(tagged.at(office.first)) in offices.posted:
            post = tagged.starting.get(at + 1)
            if post is None or post.type not in {"LOCATION", "ORGANIZATION"}:
                return
            at = post.last
        else:
            return


def _is_body(tagged: Tagged, at: int, offices: Offices) -> bool:
    """Whether a token is what an office speaks for or belongs to: «باسم الجيش», «للمجلس»."""
    word = tagged.at(at)
    speaks = tagged.at(at - 1) == _IN_NAME and is_definite(word)
    return at not in tagged.covered and (speaks or (word.startswith("لل") and bare(word) in offices.complements))


def find_holder(tagged: Tagged, office: Candidate, offices: Offices) -> Candidate | None:
    """The person who holds an office where the text says so: after it, or before it in apposition."""
    for at in _beyond(tagged, office, offices):
        name = tagged.starting.get(at)
        if name is not None and name.type == "PERSON":
            return name
    if office.start > tagged.doc.tokens[office.first].start:
        return None
    before = office.first - (tagged.at(office.first - 1) in _COMMAS)
    name = tagged.ending.get(before)
    return name if name is not None and name.type == "PERSON" else None


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold_form(word) for word in words)
