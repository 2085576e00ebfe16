"""A learned tagger's IOB2 words as candidates: cut from proclitics, titles and generic nouns, and looked up."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, structs

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.cues import QUOTES, Cues
from service.extractors.entities.gazetteer import Form, Gazetteer
from service.extractors.entities.organizations import Organizations
from service.extractors.entities.people import People
from service.extractors.entities.spans import is_definite
from service.extractors.models import Models, Tagger
from service.text.clitics import Cut, cuts
from service.text.document import Document
from service.text.segment import Token

TYPES = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}

_SURE = 0.9
_MOST = 0.94  # below a sure row of the gazetteer over the same words
_LEAST = 0.5
_LEAST_PLACE = 0.7  # of one word that no table lists and nothing announces: nearly all places of the news are listed
_SURE_PLACE = 0.93  # from here on such a word is a place whatever stands around it
# «by» and a verbal noun, which is part of no name: «بتعيين», «باعتقال», «باستخدام», «بانسحاب».
_DEED = re.compile("ب(?:ت..ي.|ا.ت.ا.|است..ا.|ان..ا.)ه?")
# Foreign names begin so; before anything else a و is «and».
_FOREIGN_W = ("وا", "وو", "وي", "وست", "ولف")


class Decoder(Struct, frozen=True):
    """Reads a tagger's labels with what the lexicons know of words."""

    tagger: Tagger
    gazetteer: Gazetteer
    cues: Cues
    given: frozenset[str]  # folded given names
    first_words: frozenset[str]  # folded words with which names begin: given names, heads of organisations
    generic: dict[str, frozenset[str]]  # by type, folded words before a name that are no part of it
    no_names: dict[str, frozenset[str]]  # by type, folded words that are no name alone
    ends: dict[str, frozenset[str]]  # by type, folded words that end no name
    verbs: frozenset[str]  # folded verbs that stand beside names
    nobody: frozenset[str]  # folded words that are no person's name alone

    def find(self, doc: Document) -> list[Candidate]:
        """The tagger's names, in order."""
        sentences = [doc.tokens[sentence.first : sentence.last] for sentence in doc.sentences]
        labels = self.tagger.tag([[token.text for token in sentence] for sentence in sentences])
        seen = Counter(token.folded for token in doc.tokens)
        found: list[Candidate] = []
        for sentence, tags in zip(doc.sentences, labels, strict=True):
            for first, last, type_, confidence in _parted(doc, sentence.first, spans(tags)):
                candidate = self._candidate(doc, sentence.first + first, sentence.first + last, type_, confidence, seen)
                if candidate is None or not self._is_likely(doc, candidate, confidence, found[-1] if found else None):
                    continue
                if found and found[-1].first >= sentence.first and self._continues(doc, found[-1], candidate):
                    candidate = structs.replace(
                        candidate, start=found[-1].start, first=found[-1].first, elided=found[-1].elided, rows=()
                    )
                    found.pop()
                found.append(candidate)
        return found

    def _candidate(
        self, doc: Document, first: int, last: int, type_: str, confidence: float, seen: Counter[str]
    ) -> Candidate | None:
        tokens = doc.tokens
        while first < last and (
            tokens[first].folded in QUOTES
            or (first + 1 < last and type_ == "PERSON" and self._is_verb(tokens[first].folded))
            or (first + 1 < last and self._is_generic(tokens[first].folded, tokens[first + 1].folded, type_))
        ):
            first += 1
        if type_ == "PERSON":
            last = next((at for at in range(first + 1, last) if _DEED.fullmatch(tokens[at].folded)), last)
        while first < last and (
            not tokens[last - 1].folded[-1].isalnum() or tokens[last - 1].folded in self.ends[type_]
        ):
            last -= 1
        if first >= last or confidence < _LEAST or not any(char.isalpha() for char in tokens[first].folded):
            return None
        if type_ == "ORGANIZATION":
            last = next((at for at in range(first + 1, last) if self._is_where(tokens[at].folded)), last)
        others = [token.folded for token in tokens[first + 1 : last]]
        opens = first == 0 or not tokens[first - 1].folded.isalnum()
        cut = self._cut(tokens[first], others, seen, opens)
        if type_ == "ORGANIZATION" and confidence < _SURE and self._is_rather_place(doc, first, cut, others):
            type_ = "LOCATION"
        if type_ == "ORGANIZATION" and self._is_rather_person(doc, first, cut, others):
            type_ = "PERSON"
        forms = [form for form in self._forms(cut, others) if form.row.type == type_ and form.lead == form.tail == 0]
        if type_ == "ORGANIZATION" and others and self.cues.announced(doc, first, "team"):
            return None  # a country, which is known: «منتخب البرازيل لكرة القدم»
        if type_ == "PERSON" and confidence < _SURE and any(_is_joined_noun(word) for word in others):
            return None  # «و» joins two nouns more often than it begins a surname
        if not others and not forms:
            bare = {cut.rest, cut.rest.removeprefix("ال")}
            if not bare.isdisjoint(self.no_names[type_]) or self._is_particle(tokens[first].folded):
                return None
            if type_ == "PERSON" and (
                cut.rest in self.nobody or (confidence < _SURE and self._is_adjective(doc, first, cut))
            ):
                return None
        return Candidate(
            start=tokens[first].start + cut.length,
            end=tokens[last - 1].end,
            first=first,
            last=last,
            type=type_,
            confidence=min(confidence, _MOST),
            rows=tuple(form.row for form in forms if not form.unsure),
            doubtful=tuple(form.row for form in forms if form.unsure or form.shared),
            elided=cut.elided,
        )

    def _is_where(self, word: str) -> bool:
        """Whether a noun of places after ب says where a body is: «بولاية»."""
        return word.startswith("ب") and word[1:] in self.generic["LOCATION"]

    def _is_verb(self, word: str) -> bool:
        """Whether a person's first word is a verb and what joins it: «فرد», «وأكد»."""
        return any(cut.length and word[: cut.length] in {"و", "ف"} and cut.rest in self.verbs for cut in cuts(word))

    def _is_rather_place(self, doc: Document, first: int, cut: Cut, others: Sequence[str]) -> bool:
        """Whether a name that may be a place's stands where a place does: «في الكاف», no federation."""
        listed = self._forms(cut, others)
        if not any(form.row.type == "LOCATION" for form in listed) or any(
            form.row.type == "ORGANIZATION" and not form.unsure for form in listed
        ):
            return False
        return doc.tokens[first].folded[: cut.length].endswith("ب") or self.cues.announced(doc, first, "where")

    def _is_rather_person(self, doc: Document, first: int, cut: Cut, others: Sequence[str]) -> bool:
        """Whether an unlisted body of two words has a given name first, and nothing before it speaks of bodies."""
        return (
            len(others) == 1
            and cut.rest in self.given
            and not others[0].startswith("ال")
            and not self._forms(cut, others)
            and not self.cues.announced(doc, first, "ORGANIZATION")
        )

    def _is_particle(self, word: str) -> bool:
        """Whether a word is a particle with proclitics: «وبأنه»."""
        return any(len(cut.rest) > 2 and cut.rest in self.ends["PERSON"] for cut in cuts(word))

    def _is_adjective(self, doc: Document, first: int, cut: Cut) -> bool:
        """Whether a definite word in ي says more of the noun before it: «الجدل العبثي», not «الوزير البدوي»."""
        if not first or cut.length or not (cut.rest.startswith("ال") and cut.rest.endswith("ي")):
            return False
        return is_definite(doc.tokens[first - 1].folded) and not self.cues.announced(doc, first, "PERSON")

    def _continues(self, doc: Document, before: Candidate, name: Candidate) -> bool:
        """A person's name right after another is the rest of it, unless a proclitic parts them or both are whole."""
        if not before.type == name.type == "PERSON" or before.last != name.first:
            return False
        both = before.is_long and name.is_long and doc.tokens[name.first].folded in self.given
        twice = before.is_long and _words(doc, before) == _words(doc, name)
        return not both and not twice and name.start == doc.tokens[name.first].start

    def _is_generic(self, word: str, following: str, type_: str) -> bool:
        """Whether a name's first word is a noun that is no part of it: «مدينة», not «المدينة» of «المدينة النبوية»."""
        generic = self.generic[type_]
        qualified = is_definite(word) and is_definite(following) and not word.endswith("ات")
        return any(
            cut.rest in generic or (not qualified and cut.rest.startswith("ال") and cut.rest[2:] in generic)
            for cut in cuts(word)
        )

    def _is_likely(self, doc: Document, name: Candidate, confidence: float, before: Candidate | None) -> bool:
        """Nearly all places of the news are listed: an unknown word wants a sure tagger or words that announce it."""
        if name.type != "LOCATION" or name.is_long or name.rows or name.doubtful:
            return True
        if any(self.cues.announced(doc, name.first, what) for what in ("LOCATION", "land")):
            return True
        if self._is_located(doc, name) or _is_of_year(doc, name):
            return True
        if confidence >= _SURE_PLACE:  # a project, a boat or a paper stands in quotes
            return name.first == 0 or doc.tokens[name.first - 1].folded not in QUOTES - {"("}
        if confidence < _LEAST_PLACE:
            return False
        proclitics = doc.folded[doc.tokens[name.first].start : name.start]
        definite = doc.folded.startswith("ال", name.start)
        if (proclitics.endswith("ب") and not definite) or self.cues.announced(doc, name.first, "where"):
            return True
        return (
            before is not None
            and before.type == "LOCATION"
            and before.last == name.first
            and proclitics == "و"
            and not definite
        )

    def _is_located(self, doc: Document, name: Candidate) -> bool:
        """Whether a listed place after في says where a name is: «فينا في النمسا»."""
        if name.last + 1 >= len(doc.tokens) or doc.tokens[name.last].folded != "في":
            return False
        forms = self.gazetteer.forms.get(doc.tokens[name.last + 1].folded, ())
        return any(form.row.type == "LOCATION" and not form.unsure for form in forms)

    def _forms(self, cut: Cut, others: Sequence[str]) -> tuple[Form, ...]:
        return self.gazetteer.forms.get(" ".join([cut.rest, *others]), ())

    def _cut(self, token: Token, others: Sequence[str], seen: Counter[str], opens: bool) -> Cut:
        """Where a name's first word begins: known names, known first words, articles, the text's own words.

        `opens`: a clause may begin there.
        """
        options = list(cuts(token.folded))
        if len(options) == 1 or (token.folded[0] == "ف" and seen[token.folded] > 1):
            return options[0]  # «فالكون»: «and so» opens no name twice
        for cut in options:
            if self._forms(cut, others):
                return cut
        for cut in options:
            if cut.rest in self.first_words:
                return cut
        for cut in options:
            if token.folded[: cut.length] in {"", "و"} and self._forms(cut, ()):
                return cut  # «كاليفورنيا الأمريكية»
        for cut in options[1:]:
            before = token.folded[: cut.length]
            foreign = before.endswith("ك") or (before == "ف" and not opens)  # «كالديرون», «قال فالفيردي»
            if cut.elided or (cut.rest.startswith("ال") and len(cut.rest) > 4 and not foreign):
                return cut
        for cut in options[1:]:
            if seen[cut.rest]:
                return cut
        foreign = token.text.startswith(_FOREIGN_W) and not token.text.startswith("ووي")
        if token.text.startswith("و") and not foreign and len(token.text) > 3:
            return options[1]
        return options[0]


def _is_of_year(doc: Document, name: Candidate) -> bool:
    """Whether a name stands in brackets before a year, as where one was born does: «(لودز 1887»."""
    before = doc.tokens[name.first - 1].folded if name.first else ""
    after = doc.tokens[name.last].folded if name.last < len(doc.tokens) else ""
    return before == "(" and after[:1].isdigit()


def _parted(
    doc: Document, start: int, found: Iterable[tuple[int, int, str, float]]
) -> Iterator[tuple[int, int, str, float]]:
    """A sentence's spans, persons apart whom an «and» that is a word of its own joins; `start` is its first token."""
    for first, last, type_, confidence in found:
        for at in range(first + 1, last - 1):
            if type_ == "PERSON" and doc.tokens[start + at].folded == "و":
                yield first, at, type_, confidence
                first = at + 1
        yield first, last, type_, confidence


def _words(doc: Document, name: Candidate) -> list[str]:
    return doc.folded[name.start : name.end].split()


def _is_joined_noun(word: str) -> bool:
    """Whether a folded word may begin with «and»: not «واتو»."""
    return word.startswith("و") and (word.startswith("وال") or not word.startswith(_FOREIGN_W))


def build_decoder(
    models: Models, gazetteer: Gazetteer, cues: Cues, people: People, organizations: Organizations
) -> Decoder | None:
    """The decoder of the process's tagger, or None where it runs without one."""
    if models.tagger is None:
        return None
    offices = organizations.offices
    titles = cues.words["PERSON"] | offices.definite | (offices.construct - people.given)
    no_names = {
        "PERSON": titles | cues.words["speaker"] | people.ordinals,
        "LOCATION": organizations.generic["LOCATION"] | organizations.not_places,
        "ORGANIZATION": organizations.heads | organizations.generic["ORGANIZATION"],
    }
    ends = frozenset(word for word in organizations.ends if word.startswith("ال")) | people.particles
    return Decoder(
        models.tagger,
        gazetteer,
        cues,
        people.given,
        people.given | people.joints | organizations.heads | organizations.facilities | offices.ministries,
        {**organizations.generic, "PERSON": titles - (people.joints - cues.words["PERSON"])},  # not «شيخ»
        no_names,
        {"PERSON": (ends | people.verbs) - people.ordinals - people.given, "LOCATION": ends, "ORGANIZATION": ends},
        people.verbs - people.given,
        people.no_names,
    )


def spans(tags: Sequence[tuple[str, float]]) -> list[tuple[int, int, str, float]]:
    """IOB2 labels as (first, last, type, mean confidence), types that are never emitted left out."""
    found: list[tuple[int, int, str, float]] = []
    first = 0
    while first < len(tags):
        label = tags[first][0]
        last = first + 1
        if label == "O":
            first = last
            continue
        kind = label[2:]
        while last < len(tags) and tags[last][0] == f"I-{kind}":
            last += 1
        if kind in TYPES:
            found.append((first, last, TYPES[kind], sum(tag[1] for tag in tags[first:last]) / (last - first)))
        first = last
    return found
