"""Organisations and facilities that no table lists, by the nouns that open their names."""

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct, structs

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.cues import bare_words, has_dots
from service.extractors.entities.gazetteer import HERE
from service.extractors.entities.matcher import Matcher, join_tokens
from service.extractors.entities.positions import Offices
from service.extractors.entities.spans import Tagged, bare, is_definite
from service.lexicon import read_toml
from service.text.clitics import cuts
from service.text.normalise import fold_form

_MINISTRY, _STATE_BODY, _QUOTED, _FACILITY, _WITH_NAME, _LONG, _SHORT = 0.95, 0.92, 0.85, 0.9, 0.8, 0.7, 0.55
_OPENING, _CLOSING = frozenset('"«“'), frozenset('"»”)')
_QUOTED_WORDS = 6
_CHAIN_WORDS = 7
_IN_NAME = "باسم"


class OrganizationTables(Struct, forbid_unknown_fields=True, frozen=True):
    """organizations.toml."""

    heads: tuple[str, ...]
    with_name: tuple[str, ...]
    with_person: tuple[str, ...]
    with_noun: tuple[str, ...]
    with_nouns: tuple[str, ...]
    purposes: tuple[str, ...]
    errands: tuple[str, ...]
    from_what: tuple[str, ...]
    state_bodies: tuple[str, ...]
    bodies: tuple[str, ...]
    outside: tuple[str, ...]
    generic: tuple[str, ...]
    places: tuple[str, ...]
    named_places: tuple[str, ...]
    not_places: tuple[str, ...]
    facilities: tuple[str, ...]
    facilities_with_noun: tuple[str, ...]
    ends: tuple[str, ...]


class Organizations(Struct, frozen=True):
    """The grammar of organisations and facilities over folded words."""

    heads: frozenset[str]
    with_name: frozenset[str]
    with_person: frozenset[str]
    with_noun: frozenset[str]
    with_nouns: frozenset[str]
    purposes: frozenset[str]
    errands: frozenset[str]
    from_what: frozenset[str]
    bodies: Matcher[bool]  # the value: whether a nationality must follow
    outside: frozenset[str]
    generic: dict[str, frozenset[str]]  # by type, nouns before a name that are no part of it
    named_places: frozenset[str]
    not_places: frozenset[str]
    facilities: frozenset[str]
    facilities_with_noun: frozenset[str]
    ends: frozenset[str]
    offices: Offices

    def find(self, tagged: Tagged) -> Iterator[Candidate]:
        """Candidates of every pattern; names in `tagged` may be parts of them."""
        for match in self.bodies.find(tagged.doc):
            end = self._nation(tagged, match.last)
            if end > match.last and self._is_body(tagged, match.first, end):
                yield self._candidate(tagged, match.first, end, match.start, _STATE_BODY, elided=match.elided)
            elif not match.value:
                yield self._candidate(tagged, match.first, match.last, match.start, _SHORT, elided=match.elided)
        dotted = has_dots(tagged.doc)
        for at, token in enumerate(tagged.doc.tokens):
            for cut in cuts(token.folded):
                word = cut.rest
                start = token.start + cut.length
                noun = word.removeprefix("ال")
                if word in self.offices.ministries:
                    end = self.offices.portfolio_end(tagged, at + 1)
                    if end > at + 1:
                        end = self._nation(tagged, end)
                        yield self._candidate(tagged, at, end, start, _MINISTRY)
                        break
                if word in self.generic["LOCATION"] and not (dotted and token.text.endswith("ه")):  # «بلده»
                    yield from self._place(tagged, at, word)
                if word in self.facilities:
                    yield from self._facility(tagged, at, start, word)
                if noun in self.heads:
                    yield from self._organization(tagged, at, start, word, elided=cut.elided)
                if word in self.outside:
                    yield from self._quoted_name(tagged, at)
                if noun in self.heads or word in self.facilities:
                    break

    def _is_body(self, tagged: Tagged, first: int, end: int) -> bool:
        """Whether a body agrees with its nationality, and is no portfolio of a minister: «الخارجية الفرنسية»."""
        feminine = tagged.at(first).endswith(("ه", "ات"))
        agrees = not feminine or tagged.at(end - 1).endswith("ه")
        before = tagged.at(first - 1)
        of_minister = any(word in self.offices.construct | self.offices.ministries for word in bare_words(before))
        # «السياسة الخارجية الأوروبية»: an adjective itself.
        qualifies = feminine and is_definite(before) and before.endswith(("ه", "ات", "ون")) and before not in self.ends
        return agrees and not of_minister and not qualifies

    def mend(self, tagged: Tagged, name: Candidate) -> Candidate:
        """A tagger's organisation with its head and what it is for, without the nationality of a proper name."""
        if name.type != "ORGANIZATION" or name.rows:
            return name
        if tagged.at(name.first) in self.offices.ministries:
            last = self._nation(tagged, self.offices.portfolio_end(tagged, name.first + 1))
            return structs.replace(name, last=last, end=tagged.doc.tokens[last - 1].end)
        nation = tagged.starting.get(name.last - 1, _NOTHING)
        last = name.last
        headed = any(word in self.heads for word in bare_words(tagged.at(name.first)))
        if headed:  # no club: «… لكرة القدم»
            ending = tagged.at(last - 1)
            at = last - 1 if name.is_long and (ending[1:] in self.purposes or ending.startswith("لل")) else last
            last = max(last, self._for_what(tagged, at))
        if last == name.last and nation.type == "NATIONALITY" and not is_definite(tagged.at(last - 2)):
            last -= int(last - name.first > 1 + headed)  # «جامعة نواكشوط الموريتانية», but «شرطة إسبانية»
        name = structs.replace(name, last=last, end=tagged.doc.tokens[last - 1].end)
        before = name.first - 1
        if before < 0 or before in tagged.covered or name.start > tagged.doc.tokens[name.first].start:
            return name
        for cut in cuts(tagged.at(before)):
            if cut.rest in self.with_name | self.with_noun and cut.rest not in self.outside:
                return structs.replace(name, first=before, start=tagged.doc.tokens[before].start + cut.length)
        return name

    def held(self, tagged: Tagged, name: Candidate, holders_at: Collection[int]) -> Candidate:
        """A name of no table where an office's holder stands is a person's, unless a noun of other names opens it."""
        if name.rows or name.first not in holders_at or name.type not in {"LOCATION", "ORGANIZATION"}:
            return name
        if name.demonym is not None or tagged.at(name.first - 1) == _IN_NAME:
            return name  # «المتحدث باسم خفر السواحل الليبي»
        first = tagged.at(name.first)
        opens = first in self.heads | self.facilities | self.offices.ministries
        if opens or is_definite(first) or name.start > tagged.doc.tokens[name.first].start:
            return name
        return structs.replace(name, type="PERSON")

    def _organization(self, tagged: Tagged, at: int, start: int, word: str, elided: bool) -> Iterator[Candidate]:
        if word.startswith("ال"):
            end = self._adjectives(tagged, at + 1)
            named = tagged.starting.get(end, _NOTHING)
            if (
                end > at + 1
                and word[2:] in self.with_person
                and named.type in {"LOCATION", "PERSON"}
                and self._is_whole(tagged, end)
            ):
                yield self._candidate(tagged, at, named.last, start, _WITH_NAME, elided=elided)
                return
            listed = tagged.starting.get(at, _NOTHING)
            whole = listed.rows and listed.last >= end  # «البنك الدولي لمكافحة …»
            beyond = self._for_what(tagged, end) if end > at + 1 and not whole else end
            if beyond > end:
                yield self._candidate(tagged, at, beyond, start, _LONG, elided=elided)
            return
        known = tagged.covered.get(at)
        if known is not None and known.rows:
            return
        quoted = _quoted(tagged, at + 1)
        if quoted:
            inner = tagged.starting.get(at + 2)
            if word not in self.outside and (inner is None or not inner.rows):
                yield self._candidate(tagged, at, self._for_what(tagged, quoted), start, _QUOTED)
            return
        name = self._name_after(tagged, at, word)
        if name is not None:
            yield self._candidate(tagged, at, self._for_what(tagged, name.last), start, _WITH_NAME)
            return
        place = known or tagged.starting.get(at + 1, _NOTHING)
        if place.type == "LOCATION" and self._is_whole(tagged, place.first):
            end = self._for_what(tagged, place.last)
            if end > place.last:  # «مركز الدوحة للمؤتمرات»
                yield self._candidate(tagged, at, end, start, _LONG)
                return
        end = self._chain(tagged, at + 1)
        if end > at + 1 and not tagged.at(at + 1).startswith("لل"):
            end = self._for_what(tagged, end)
            if word in (self.with_nouns if end - at > 2 else self.with_noun):
                yield self._candidate(tagged, at, end, start, _LONG if end - at > 2 else _SHORT)

    def named_after(self, tagged: Tagged, persons: Iterable[Candidate]) -> Iterator[Candidate]:
        """Facilities that have the name of one of `persons`."""
        for person in persons:
            at = person.first - 1
            for cut in cuts(tagged.at(at)) if at not in tagged.covered else ():
                if cut.rest in self.facilities:
                    yield from self._facility(tagged, at, tagged.doc.tokens[at].start + cut.length, cut.rest)
                    break

    def _name_after(self, tagged: Tagged, at: int, word: str) -> Candidate | None:
        """The place or person whose name completes a head, at once or after one more noun («شركة نقل تونس»)."""
        second = tagged.at(at + 1)
        both = f"{word} {second}"
        name = tagged.starting.get(at + 1)
        if (
            name is None
            and at + 1 not in tagged.covered
            and (both in self.with_name or (word in self.with_name and _is_plain_noun(second)))
        ):
            name = tagged.starting.get(at + 2)
        elif word not in self.with_name:
            return None
        if name is None or name.type not in {"LOCATION", "PERSON"} or name.start > tagged.doc.tokens[name.first].start:
            return None
        return name

    def _facility(self, tagged: Tagged, at: int, start: int, word: str) -> Iterator[Candidate]:
        quoted = _quoted(tagged, at + 1)
        name = tagged.starting.get(at + 1)
        titled = tagged.starting.get(at + 2) if tagged.at(at + 1) in self.offices.definite else None
        if quoted:
            yield self._candidate(tagged, at, quoted, start, _FACILITY, "LOCATION")
        elif titled is not None and titled.type == "PERSON":
            yield self._candidate(tagged, at, titled.last, start, _FACILITY, "LOCATION")  # «مسجد الملك فيصل»
        elif name is not None and name.type != "NATIONALITY" and name.start == tagged.doc.tokens[at + 1].start:
            yield self._candidate(tagged, at, name.last, start, _FACILITY, "LOCATION")
        elif (
            word in self.facilities_with_noun
            and self._is_noun(tagged.at(at + 1))
            and tagged.at(at + 1) not in self.offices.definite
        ):
            yield self._candidate(tagged, at, at + 2, start, _SHORT, "LOCATION")

    def _place(self, tagged: Tagged, at: int, word: str) -> Iterator[Candidate]:
        """The name after a generic noun: in quotes, or the next word where that is no adjective."""
        end = _quoted(tagged, at + 1)
        name = tagged.at(at + 1)
        if end:
            yield self._candidate(tagged, at + 2, end - 1, tagged.doc.tokens[at + 2].start, _SHORT, "LOCATION")
        elif (
            word in self.named_places
            and name.isalpha()
            and name not in self.not_places
            and name not in self.ends
            and not name.endswith("يه")
        ):
            yield self._candidate(tagged, at + 1, at + 2, tagged.doc.tokens[at + 1].start, _SHORT, "LOCATION")

    def _quoted_name(self, tagged: Tagged, at: int) -> Iterator[Candidate]:
        end = _quoted(tagged, at + 1)
        if end and tagged.starting.get(at + 2, _NOTHING).type != "PERSON":
            yield self._candidate(tagged, at + 2, end - 1, tagged.doc.tokens[at + 2].start, _QUOTED)

    def _chain(self, tagged: Tagged, at: int) -> int:
        """The end of the definite words that complete a construct («هيئة الحقيقة والكرامة»)."""
        end = first = at
        while end - at < _CHAIN_WORDS and is_definite(tagged.at(end)):
            word = bare(tagged.at(end))
            if word in self.ends or (end > first and (tagged.at(end)[0] == "و" and word[2:] in self.heads)):
                break
            if end > first and tagged.at(end).startswith(("ولل", "لل")):
                break
            name = tagged.starting.get(end)
            if name is not None and name.type == "PERSON":
                break
            end += 1
        return end if end > first else at

    def _adjectives(self, tagged: Tagged, at: int) -> int:
        """The end of the definite adjectives after a definite head («الاتحاد العام التونسي»)."""
        end = at
        while end - at < 4 and tagged.at(end).startswith("ال") and tagged.at(end) not in self.ends:
            if end in tagged.covered and tagged.starting.get(end, _NOTHING).type != "NATIONALITY":
                break
            end += 1
        return end

    def _for_what(self, tagged: Tagged, at: int) -> int:
        """Past what an organisation is for: «للأشغال العمومية والإسكان», «لمكافحة الفساد»."""
        word = tagged.at(at)
        if word in self.errands:
            return at
        if word.startswith("لل") and self._is_noun(word):
            end = self._chain(tagged, at)
            against = tagged.at(end) == "من" and bare(tagged.at(end - 1)) in self.from_what
            return self._against(tagged, end + 1) if against else end
        if word.startswith("ل") and word[1:] in self.purposes:
            for last in (at + 1, at + 2):
                if tagged.at(last).startswith("ال") and self._is_noun(tagged.at(last)):
                    return self._chain(tagged, last)
        return at

    @staticmethod
    def _against(tagged: Tagged, at: int) -> int:
        """Past what is prevented: «من التعذيب», «من حوادث الطرقات»."""
        return at + 1 if is_definite(tagged.at(at)) or not is_definite(tagged.at(at + 1)) else at + 2

    def _is_noun(self, word: str) -> bool:
        return is_definite(word) and bare(word) not in self.ends

    @staticmethod
    def _is_whole(tagged: Tagged, at: int) -> bool:
        """Whether the name at a token has no proclitic."""
        return tagged.starting[at].start == tagged.doc.tokens[at].start

    @staticmethod
    def _nation(tagged: Tagged, at: int) -> int:
        nation = tagged.starting.get(at)
        if nation is not None and nation.type == "NATIONALITY" and nation.start == tagged.doc.tokens[at].start:
            return nation.last
        return at

    @staticmethod
    def _candidate(
        tagged: Tagged,
        first: int,
        last: int,
        start: int,
        confidence: float,
        type_: str = "ORGANIZATION",
        elided: bool = False,
    ) -> Candidate:
        end = tagged.doc.tokens[last - 1].end
        nation = tagged.starting.get(last - 1)
        return Candidate(
            start=start,
            end=end,
            first=first,
            last=last,
            type=type_,
            confidence=confidence,
            elided=elided,
            demonym=nation.demonym if nation is not None else None,
        )


_NOTHING = Candidate(start=0, end=0, first=0, last=0, type="", confidence=0.0)


def _is_plain_noun(word: str) -> bool:
    """A word without article and proclitics, as far as its first letter tells."""
    return word.isalpha() and len(word) > 2 and word[0] not in "وفبلكا"


def _quoted(tagged: Tagged, at: int) -> int:
    """The end of a quotation of at most a few words that opens at token `at`, its closing mark included; 0 for none."""
    if tagged.at(at) not in _OPENING or tagged.at(at - 2) in _OPENING:
        return 0  # of marks that open and close alike, the second one closes («"دير" في»)
    for last in range(at + 2, at + 2 + _QUOTED_WORDS):
        if tagged.at(last) and tagged.at(last) in _CLOSING:
            return last + 1
    return 0


def load_organizations(offices: Offices) -> Organizations:
    """Read organizations.toml."""
    tables = read_toml(HERE / "organizations.toml", OrganizationTables)
    bodies = {join_tokens(body): True for body in tables.state_bodies}
    bodies |= {join_tokens(body): False for body in tables.bodies}
    return Organizations(
        _folded(tables.heads),
        _folded(tables.with_name),
        _folded(tables.with_person),
        _folded(tables.with_noun),
        _folded(tables.with_noun + tables.with_nouns),
        _folded(tables.purposes),
        _folded(tables.errands),
        _folded(tables.from_what),
        Matcher(bodies),
        _folded(tables.outside),
        {"ORGANIZATION": _folded(tables.generic), "LOCATION": _folded(tables.places)},
        _folded(tables.named_places),
        _folded(tables.not_places),
        _folded(tables.facilities),
        _folded(tables.facilities_with_noun),
        _folded(tables.ends),
        offices,
    )


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold_form(word) for word in words)
