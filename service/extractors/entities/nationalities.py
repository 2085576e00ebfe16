"""NATIONALITY: peoples and the adjectives of countries, in all their forms, by lexicon and the grammar of the nisba."""

from collections.abc import Collection, Iterator

from msgspec import Struct

from service.errors import LexiconError
from service.extractors.entities.candidates import Candidate, Demonym
from service.extractors.entities.cues import QUOTES
from service.extractors.entities.gazetteer import HERE, Form, Gazetteer, country_fields
from service.lexicon import read_toml, read_tsv
from service.text.clitics import Cut, cuts
from service.text.document import Document
from service.text.normalise import fold_form

_CONFIDENCE = 0.95

_PREPOSITIONS = "بلك"
# A nisba's genders, numbers and cases, as written after its ي; the construct plurals lose their nun.
_ENDINGS = ("", "ه", "ا", "ان", "ين", "تان", "تين", "ون", "ات", "و", "تا", "تي")


class Compound(Struct, forbid_unknown_fields=True, frozen=True):
    """Two adjectives that are one nationality."""

    first: str
    second: str
    country: str | None = None


class NationalityCues(Struct, forbid_unknown_fields=True, frozen=True):
    """nationalities.toml."""

    currencies: tuple[str, ...]
    compounds: tuple[Compound, ...]
    languages_after: tuple[str, ...]
    languages: tuple[str, ...]
    masculine: tuple[str, ...]
    prepositions: tuple[str, ...]
    verbs: tuple[str, ...]
    adverbs: tuple[str, ...]


class Nationalities(Struct, frozen=True):
    """Folded forms with their demonyms, and the neighbours that make them something else."""

    forms: dict[str, Demonym]
    seconds: dict[str, str]  # forms of second adjectives, with the adjective that they are of
    compounds: dict[tuple[str, str], Demonym]  # by the first one's demonym and the second adjective
    spoilers: frozenset[str]
    languages: frozenset[str]
    masculine: frozenset[str]
    prepositions: frozenset[str]
    verbs: frozenset[str]
    adverbs: frozenset[str]
    places: frozenset[str]  # names of places that a nisba's form is written like («سوريا», «سورية»)

    def find(self, doc: Document, after: Collection[int] = ()) -> Iterator[Candidate]:
        """Every nationality of a document, in order; `after` holds the tokens before which an organisation ends."""
        for index, token in enumerate(doc.tokens):
            for cut in cuts(token.folded):
                demonym = self.forms.get(cut.rest)
                if demonym is None:
                    continue
                if not self._is_other(doc, index, cut.rest, cut.length, index in after):
                    second = doc.tokens[min(index + 1, len(doc.tokens) - 1)]
                    compound = self.compounds.get((demonym.name, self.seconds.get(second.folded, "")))
                    turned, start = self._turned(doc, index, cut, demonym)
                    demonym = turned or compound or demonym
                    yield Candidate(
                        start=start,
                        end=second.end if compound else token.end,
                        first=index - 1 if turned else index,
                        last=index + 2 if compound else index + 1,
                        type="NATIONALITY",
                        confidence=_CONFIDENCE,
                        demonym=demonym,
                        elided=cut.elided,
                    )
                break

    def _turned(self, doc: Document, index: int, cut: Cut, demonym: Demonym) -> tuple[Demonym | None, int]:
        """The nationality whose direction stands first, «جنوب أفريقي», «الجنوب أفريقية», and its start."""
        if index and not cut.length and not cut.rest.startswith("ال") and cut.rest not in self.places:
            for before in cuts(doc.tokens[index - 1].folded):
                turned = self.compounds.get((demonym.name, before.rest.removeprefix("ال") + "ي"))
                if turned is not None:
                    return turned, doc.tokens[index - 1].start + before.length
        return None, doc.tokens[index].start + cut.length

    def _is_other(self, doc: Document, index: int, rest: str, cut: int, after: bool) -> bool:
        before = doc.tokens[index - 1].folded if index else ""
        if before in QUOTES and index + 1 < len(doc.tokens) and doc.tokens[index + 1].folded in QUOTES:
            return True  # «موقع "العربية"»
        if before in self.spoilers or before.lstrip("و") in self.spoilers or before[1:] in self.spoilers:
            return True
        if rest in self.languages and (before in self.prepositions or doc.tokens[index].folded[:cut].endswith("ب")):
            return True
        if before.lstrip("وف") in self.verbs:
            return rest in self.places
        definite = rest.startswith("ال") and rest[2:] in self.forms  # not «ألمانيا»
        if rest not in self.places or (after and definite):
            return False
        if cut and (rest.endswith("ا") or doc.tokens[index].folded[cut - 1] in _PREPOSITIONS):
            return True  # «السويد وألمانيا», «جامعة القرى بالسعودية»: no adjective has such a proclitic
        if before in self.prepositions or before.lstrip("و") in self.places:
            return True
        if before in self.adverbs and not definite:
            return True  # «وتضم أيضا موريتانيا»
        if rest.endswith("ه") and any(reading.rest in self.masculine for reading in cuts(before)):
            return True  # «زار الرئيس السعودية»
        return not _follows_its_noun(before, rest, definite)


def load_nationalities(gazetteer: Gazetteer) -> Nationalities:
    """Read the countries' and peoples' adjectives and write out their forms."""
    cues = read_toml(HERE / "nationalities.toml", NationalityCues)
    forms: dict[str, Demonym] = {}
    for fields in country_fields():
        _add(forms, fields["country"], fields["adjectives"], fields["peoples"])
    for fields in read_tsv(HERE / "peoples.tsv", ("name", "country", "adjectives", "peoples")):
        _add(forms, fields["country"], fields["adjectives"], fields["peoples"])
    if unknown := {pair.first for pair in cues.compounds} - {demonym.name for demonym in forms.values()}:
        raise LexiconError(f"nationalities.toml: no table lists {', '.join(sorted(unknown))}")
    seconds: dict[str, Demonym] = {}
    for second in dict.fromkeys(pair.second for pair in cues.compounds):
        _add(seconds, "", second, "")
    return Nationalities(
        forms,
        {form: demonym.name for form, demonym in seconds.items()},
        {(pair.first, pair.second): Demonym(f"{pair.first} {pair.second}", pair.country) for pair in cues.compounds},
        frozenset(fold_form(word) for word in cues.currencies + cues.languages_after),
        frozenset(fold_form(word) for word in cues.languages),
        frozenset(fold_form(word) for word in cues.masculine),
        frozenset(fold_form(word) for word in cues.prepositions),
        frozenset(fold_form(word) for word in cues.verbs),
        frozenset(fold_form(word) for word in cues.adverbs),
        frozenset(form for form in forms if any(_is_place(reading) for reading in gazetteer.forms.get(form, ()))),
    )


def _is_place(form: Form) -> bool:
    return form.row.type == "LOCATION" and not form.unsure


def _add(forms: dict[str, Demonym], country: str, adjectives: str, peoples: str) -> None:
    stems = [adjective for adjective in adjectives.split("|") if adjective]
    if not stems:
        return
    demonym = Demonym(stems[0], country or None)
    written = [fold_form(stem) + ending for stem in stems for ending in _ENDINGS]
    for people in filter(None, peoples.split("|")):
        # A people listed with its article («الترك») is a common word without it.
        written.append(fold_form(people.removeprefix("ال")))
        if people.startswith("ال"):
            _claim(forms, "ال" + written.pop(), demonym)
    for form in written:
        _claim(forms, form, demonym)
        _claim(forms, "ال" + form, demonym)


def _claim(forms: dict[str, Demonym], form: str, demonym: Demonym) -> None:
    other = forms.setdefault(form, demonym)
    if other != demonym:
        raise LexiconError(f"{demonym.name} and {other.name} share a form")


def _follows_its_noun(before: str, rest: str, definite: bool) -> bool:
    """Whether a word written like a country is an adjective: «السلطات السعودية», «جنديا سوريا», «سفن تركية»."""
    if definite:
        return any(cut.rest.startswith("ال") for cut in cuts(before))
    if before.startswith("ال") or len(before) < 4:
        return False
    if rest.endswith("ا"):
        return before.endswith("ا") and not before.endswith(("وا", "ها", "ما", "نا"))
    return rest.endswith("ه") and before.endswith(("ه", "ات"))
