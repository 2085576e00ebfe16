"""Persons whom no table lists: by their given names and by the titles and offices before them."""

from collections.abc import Iterator

from msgspec import Struct

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.cues import Cues, has_dots
from service.extractors.entities.gazetteer import HERE
from service.extractors.entities.spans import Tagged
from service.lexicon import read_toml
from service.text.clitics import cuts
from service.text.normalise import fold_form

_ANNOUNCED, _SURNAMED = 0.85, 0.75
_LONGEST = 6
_SOUND_PLURAL = 7
_UNKNOWN = 2  # words
_ON = "على"  # folded, it is the name علي
_GOD = "الله"  # «رزق الله»
_SERVANT = "عبد"  # «عبد الستار»: the given name goes on


class NameTables(Struct, forbid_unknown_fields=True, frozen=True):
    """names.toml."""

    given: tuple[str, ...]
    unsure_given: tuple[str, ...]
    titled_given: tuple[str, ...]
    joints: tuple[str, ...]
    no_surname: tuple[str, ...]
    particles: tuple[str, ...]
    verbs: tuple[str, ...]
    ordinals: tuple[str, ...]
    no_names: tuple[str, ...]


class People(Struct, frozen=True):
    """The grammar of personal names over folded words."""

    given: frozenset[str]
    dotted: frozenset[str]  # the given names that end with ة: with «ه» they are other words where a text has its dots
    unsure_given: frozenset[str]
    titled_given: frozenset[str]
    joints: frozenset[str]
    no_surname: frozenset[str]
    particles: frozenset[str]
    verbs: frozenset[str]
    ordinals: frozenset[str]
    no_names: frozenset[str]

    @property
    def openings(self) -> frozenset[str]:
        """Words that a name goes on after: what follows one is no surname by itself."""
        return self.joints | {_SERVANT}

    def find(self, tagged: Tagged, cues: Cues, offices: frozenset[int]) -> Iterator[Candidate]:
        """Persons of a document; `offices` holds the tokens before which an office or its nationality ends."""
        tokens = tagged.doc.tokens
        dotted = has_dots(tagged.doc)
        at = 0
        while at < len(tokens):
            end = at
            for cut in cuts(tokens[at].folded):
                if (
                    self._is_taken(tagged, at)
                    or tokens[at].text == _ON
                    or (dotted and cut.rest in self.dotted and tokens[at].text.endswith("ه"))  # «أمنه الوطني»
                    or (cut.rest not in self.given and cut.rest != _SERVANT)
                ):
                    continue
                announced = cut.length == 0 and (at in offices or self._is_announced(tagged, at, cues))
                if cut.rest in self.unsure_given and not announced:
                    break
                end = self._end(tagged, at, announced)
                if tagged.at(max(end, at + 1)) in self.ordinals and cues.announced(tagged.doc, at, "ruler"):
                    end = max(end, at + 1) + 1
                if end > at + 1:
                    yield Candidate(
                        start=tokens[at].start + cut.length,
                        end=tokens[end - 1].end,
                        first=at,
                        last=end,
                        type="PERSON",
                        confidence=_ANNOUNCED if announced else _SURNAMED,
                    )
                break
            at = max(end, at + 1)

    def _is_surname(self, tagged: Tagged, at: int) -> bool:
        word = tagged.at(at)
        definite = tagged.doc.tokens[at].text.startswith("ال")  # folded, «ألماني» would look so too
        return definite and len(word) > 4 and not _is_plural(word) and word not in self.no_surname

    def _may_be_surname(self, tagged: Tagged, at: int) -> bool:
        """Whether an unknown word after a given name may be the surname: no proclitic, accusative or feminine noun."""
        word = tagged.at(at)
        closed = not tagged.at(at + 1).isalpha()  # «ريم لمتي، …»
        plain = word[0] not in "وفلب" and not word.endswith(("ا", "ه", "ات"))
        return tagged.at(at - 1) not in self.titled_given and (plain or closed)

    @staticmethod
    def _is_taken(tagged: Tagged, at: int) -> bool:
        """Whether another name holds the token: no part of a person's, and no nationality that is a surname here."""
        name = tagged.covered.get(at)
        if name is None or (name.type == "PERSON" and not name.rows):
            return False
        return name.type != "NATIONALITY" or not tagged.at(at).startswith("ال")

    def _is_announced(self, tagged: Tagged, at: int, cues: Cues) -> bool:
        if cues.announced(tagged.doc, at, "PERSON"):
            return True
        named = tagged.covered.get(at)
        may_speak = tagged.at(at) not in self.titled_given or (named is not None and named.type == "PERSON")
        return may_speak and cues.announced(tagged.doc, at, "speaker")

    def _end(self, tagged: Tagged, at: int, announced: bool) -> int:
        """The end of the name whose given name is token `at`: joints and given names, then a surname."""
        end = at + 1
        open_ = tagged.at(at).endswith(_SERVANT)
        while end - at < _LONGEST:
            word = tagged.at(end)
            if not word.isalpha() or self._is_taken(tagged, end) or word in self.particles or word in self.verbs:
                break
            if tagged.doc.tokens[end].text == _ON:
                break
            if word == _GOD:
                open_ = False
            elif word == _SERVANT:
                open_ = True
            elif open_ or word in self.given:
                open_ = False
            elif word in self.joints:
                open_ = True
            elif announced and end == at + 1 and (last := self._end_before_office(tagged, end)) > end:
                return last
            elif self._is_surname(tagged, end) or (announced and end == at + 1 and self._may_be_surname(tagged, end)):
                return end + 1
            else:
                break
            end += 1
        return end if not open_ and end > at + 1 else at

    def _end_before_office(self, tagged: Tagged, at: int) -> int:
        """Past the one or two unknown words from token `at` on that an office follows, the rest of who holds it."""
        for end in range(at, at + _UNKNOWN):
            word = tagged.at(end)
            closed = self._is_taken(tagged, end) or word in self.particles or word in self.verbs
            if closed or not word.isalpha() or word[0] in "وفلب" or word.startswith("ال"):
                break
            if tagged.doc.tokens[end].text.endswith(("ا", "ه")):  # «مجددا», «نظيره»
                break
            office = tagged.starting.get(end + 1)
            if office is not None and office.type == "POSITION":
                return end + 1
        return at


def _is_plural(word: str) -> bool:
    """Whether a definite word is a feminine noun or a sound plural («القاعة», «المسؤولين»): no surname."""
    return word.endswith(("ه", "ات")) or (len(word) > _SOUND_PLURAL and word.endswith(("ين", "ون")))


def load_people() -> People:
    """Read names.toml."""
    tables = read_toml(HERE / "names.toml", NameTables)
    given, unsure, titled, joints, no_surname, particles, verbs, ordinals, no_names = (
        frozenset(map(fold_form, words))
        for words in (
            tables.given,
            tables.unsure_given,
            tables.titled_given,
            tables.joints,
            tables.no_surname,
            tables.particles,
            tables.verbs,
            tables.ordinals,
            tables.no_names,
        )
    )
    dotted = frozenset(fold_form(name) for name in tables.given + tables.unsure_given if name.endswith("ة"))
    return People(given | unsure, dotted, unsure, titled, joints, no_surname, particles, verbs, ordinals, no_names)
