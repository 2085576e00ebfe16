"""Known names in a document: the gazetteer's hits, those of unsure forms only where the text speaks for them."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct, structs

from service.extractors.entities.candidates import Candidate
from service.extractors.entities.cues import CLOSING, OPENING, Cues, bare_words, has_dots
from service.extractors.entities.gazetteer import HERE, Gazetteer, Hit
from service.extractors.entities.matcher import Matcher, join_tokens
from service.lexicon import read_toml
from service.text.document import Document

_CLUB, _SURE, _CUED, _AGREED = 0.96, 0.95, 0.9, 0.8
_OUTSPOKEN = 0.9  # the tagger's confidence from which its type stands against a listed one
_SHORT = 4
_TITLE = 12  # tokens, the marks included
_WITNESSED = 0.02  # for a second word, of the name or beside it


class NotNames(Struct, forbid_unknown_fields=True, frozen=True):
    """not_names.toml."""

    phrases: tuple[str, ...]


def load_not_names() -> Matcher[None]:
    """Read the phrases in which a known name is something else."""
    return Matcher(dict.fromkeys(map(join_tokens, read_toml(HERE / "not_names.toml", NotNames).phrases)))


def blocked_tokens(doc: Document, not_names: Matcher[None]) -> frozenset[int]:
    """The tokens of a document in which no name is read."""
    return frozenset(at for match in not_names.find(doc) for at in range(match.first, match.last))


def is_free(blocked: frozenset[int], name: Candidate) -> bool:
    """Whether no token of a name is blocked."""
    return blocked.isdisjoint(range(name.first, name.last))


def titled_tokens(doc: Document, cues: Cues) -> frozenset[int]:
    """The tokens of titles: what stands in quotes after «كتاب», «فيلم», «قصيدة»."""
    inside: set[int] = set()
    for first, token in enumerate(doc.tokens):
        if first and token.folded in OPENING and first - 1 not in inside and cues.announced(doc, first, "work"):
            last = next((at for at in range(first + 2, first + _TITLE) if _folded(doc, at) in CLOSING), first)
            inside.update(range(first + 1, last))
    return frozenset(inside)


def animals(doc: Document, cues: Cues) -> frozenset[int]:
    """The tokens at which a text about wildlife names animals that persons are called after."""
    beasts = cues.words["animals"]
    found = [at for at, token in enumerate(doc.tokens) if not beasts.isdisjoint(bare_words(token.folded))]
    return frozenset(found) if found and cues.is_about(doc, "wildlife") else frozenset()


def names_competition(doc: Document, name: Candidate, cues: Cues) -> bool:
    """Whether a place or body only gives its name to a competition: «كأس إسبانيا», «دوري أبطال أوروبا»."""
    if name.type not in {"LOCATION", "ORGANIZATION"}:
        return False
    word = doc.folded[name.start : doc.tokens[name.first].end]
    if name.is_long and not name.rows and word in cues.words["competition"]:
        return True  # «دوري روشن»
    return name.start == doc.tokens[name.first].start and cues.announced(doc, name.first, "competition")


def find_known(doc: Document, gazetteer: Gazetteer, cues: Cues) -> list[Candidate]:
    """Names that stand by themselves, and unsure ones that a cue, the rest of the text or its country confirms."""
    sporty = cues.is_about(doc, "sport")
    dotted = has_dots(doc)
    groups: defaultdict[tuple[int, int, str], list[Hit]] = defaultdict(list)
    for hit in gazetteer.find(doc):
        if _is_split(doc, hit) or _is_bearing(doc, hit, cues):
            continue
        groups[hit.start, hit.end, hit.form.row.type].append(hit)
    sure: list[Candidate] = []
    waiting: list[Candidate] = []
    for (_, _, type_), hits in groups.items():
        if type_ == "LOCATION" and _follows_verb(doc, hits[0], cues):
            continue
        if type_ == "LOCATION" and (cue := _cue_of_body(doc, hits[0], cues)):
            sure.append(_named_after(doc, hits, cue, gazetteer))
        elif any(not hit.form.unsure for hit in hits) and not (dotted and _has_pronoun(doc, hits[0])):
            sure.append(_candidate(hits, _SURE))
        elif sporty and hits[0].form.row.table == "clubs.tsv" and not _is_place(doc, hits[0], cues):
            sure.append(_candidate(hits, _CLUB))
        elif type_ != "PERSON" and cues.announced(doc, hits[0].first, type_):
            sure.append(_candidate(hits, _CUED))
        else:
            waiting.append(_candidate(hits, _AGREED))
    named = {row.key for candidate in sure for row in candidate.rows[:1]}
    media = {row.key for candidate in sure for row in candidate.rows[:1] if _is_medium(doc, candidate, cues)}
    countries = {row.country for candidate in sure for row in candidate.rows[:1] if row.country}
    agreed = [
        candidate
        for candidate in waiting
        if any(
            (row.key in named and (row.key not in media or _speaks(doc, candidate, cues)))
            or (candidate.is_long and row.country in countries)
            for row in candidate.rows
        )
    ]
    return sure + agreed


def _has_pronoun(doc: Document, hit: Hit) -> bool:
    """Whether a town's name in ة is, where the text has its dots, rather another word and «his»: «جده», «قفصه»."""
    row = hit.form.row
    one_word = hit.last == hit.first + 1 and not doc.folded.startswith("ال", hit.start)
    town = row.type == "LOCATION" and not row.is_country and row.name.endswith("ة")
    return town and one_word and doc.tokens[hit.first].text.endswith("ه")


def _is_medium(doc: Document, name: Candidate, cues: Cues) -> bool:
    return cues.announced(doc, name.first, "medium") or cues.announced(doc, name.first, "media")


def _speaks(doc: Document, name: Candidate, cues: Cues) -> bool:
    """Whether a paper's or channel's name stands as one's does: «قالت الصباح», «"الصباح"», «مراسل الصباح»."""
    quoted = _folded(doc, name.first - 1) in OPENING
    return quoted or cues.announced(doc, name.first, "speaker") or cues.announced(doc, name.first, "ORGANIZATION")


def _follows_verb(doc: Document, hit: Hit, cues: Cues) -> bool:
    """Whether a town's name is rather a verb: «التي تدمر»."""
    whole = hit.start == doc.tokens[hit.first].start and hit.last == hit.first + 1
    return whole and not hit.form.row.is_country and cues.announced(doc, hit.first, "relative")


def _cue_of_body(doc: Document, hit: Hit, cues: Cues) -> str:
    """The word before a place's name that makes it a club's or a paper's."""
    if hit.start > doc.tokens[hit.first].start:
        return ""
    cue = cues.cue(doc, hit.first, "medium") or cues.cue(doc, hit.first, "club")
    if cue or hit.form.row.is_country:
        return cue
    if _folded(doc, hit.first - 1) in OPENING and _folded(doc, hit.first - 2) == "ل":
        return "ل"  # «قال ل"الشرق الأوسط"»
    return cues.cue(doc, hit.first, "player") if hit.form.row.country else ""  # a continent has players, no club


def _named_after(doc: Document, hits: list[Hit], cue: str, gazetteer: Gazetteer) -> Candidate:
    """The club or paper that has a place's name, with its row where a table has it after the cue's word."""
    place = _candidate(hits, _SURE)
    words = (token.folded for token in doc.tokens[place.first : place.last])
    forms = gazetteer.forms.get(" ".join((cue, *words)), ())
    rows = tuple(form.row for form in forms if form.row.type == "ORGANIZATION")
    return structs.replace(place, type="ORGANIZATION", rows=rows, told=True)


def clubs_by_gender(
    doc: Document, known: Iterable[Candidate], nations: Iterable[Candidate], cues: Cues
) -> list[Candidate]:
    """The known names, a town between an opponent's cue and a masculine nationality as its club."""
    masculine = {nation.first for nation in nations if _is_masculine(doc, nation)}
    return [
        structs.replace(name, type="ORGANIZATION", confidence=_SURE, rows=(), told=True)
        if name.type == "LOCATION"
        and name.last in masculine
        and not any(row.is_country for row in name.rows)
        and cues.announced(doc, name.first, "opponent")
        else name
        for name in known
    ]


def ends_of_bodies(doc: Document, known: Iterable[Candidate]) -> frozenset[int]:
    """The tokens before which an organisation ends, or the quotation marks around it."""
    ends = {name.last for name in known if name.type == "ORGANIZATION"}
    return frozenset(ends | {end + 1 for end in ends if _folded(doc, end) in CLOSING})


def _is_masculine(doc: Document, nation: Candidate) -> bool:
    word = doc.tokens[nation.first].folded
    return word.startswith("ال") and word.endswith("ي")


def _folded(doc: Document, at: int) -> str:
    return doc.tokens[at].folded if 0 <= at < len(doc.tokens) else ""


def yielding(doc: Document, known: Iterable[Candidate], tagged: Iterable[Candidate], cues: Cues) -> list[Candidate]:
    """The known names but those whose words are surely another type's to the tagger, where they may be."""
    known = list(known)
    surely = {(name.first, name.last): name.type for name in tagged if name.confidence >= _OUTSPOKEN}
    nations = {name.last for name in known if name.type == "NATIONALITY"}
    return [
        name
        for name in known
        if (name.first in nations and name.start > doc.tokens[name.first].start)  # «صيني وكندي»
        or not _yields(doc, name, surely.get((name.first, name.last)), cues)
    ]


def _yields(doc: Document, name: Candidate, type_: str | None, cues: Cues) -> bool:
    """Whether a listed place is a club or a newspaper («فاز برشلونة»), an indefinite nationality a person («كينيون»).

    A country stands for its government and its team as a place.
    """
    if (name.type, type_) == ("LOCATION", "PERSON"):  # «الملكة صوفيا»
        announced = any(cues.announced(doc, name.first, what) for what in ("PERSON", "speaker"))
        return announced and not any(row.is_country for row in name.rows)
    if (name.type, type_) == ("NATIONALITY", "PERSON"):
        return not doc.folded.startswith("ال", name.start)
    if (name.type, type_) != ("LOCATION", "ORGANIZATION") or any(row.is_country for row in name.rows):
        return False
    return not _is_place(doc, name, cues) and not cues.announced(doc, name.first, "LOCATION")


def _is_place(doc: Document, name: Hit | Candidate, cues: Cues) -> bool:
    """Whether the words before a name say that it is a place here."""
    return doc.folded[doc.tokens[name.first].start : name.start].endswith("ب") or cues.announced(
        doc, name.first, "where"
    )


def _is_split(doc: Document, hit: Hit) -> bool:
    """Whether a short name is rather the end of another word («باب», «كسرت», «فرانس»): unsure, or after ك and ف."""
    token = doc.tokens[hit.first]
    if hit.start == token.start or token.end - hit.start > _SHORT:
        return False
    return hit.form.unsure or doc.folded[hit.start - 1] in "كف"


def _is_bearing(doc: Document, hit: Hit, cues: Cues) -> bool:
    """Whether a name's first word is only the last of several directions: «شرق ووسط وجنوب أفريقيا»."""
    first = doc.tokens[hit.first]
    if hit.last == hit.first + 1 or doc.folded[hit.start : first.end] not in cues.words["direction"]:
        return False
    return doc.folded[first.start : hit.start] == "و" and cues.announced(doc, hit.first, "direction")


def _candidate(hits: list[Hit], confidence: float) -> Candidate:
    hits.sort(key=lambda hit: (hit.form.unsure, hit.form.row.key))
    first = hits[0]
    rows = tuple(dict.fromkeys(hit.form.row for hit in hits))
    return Candidate(
        start=first.start,
        end=first.end,
        first=first.first,
        last=first.last,
        type=first.form.row.type,
        confidence=confidence
        + (_WITNESSED if first.form.lead or first.form.tail or first.last > first.first + 1 else 0.0),
        rows=rows,
        doubtful=tuple(dict.fromkeys(hit.form.row for hit in hits if hit.form.shared)),
        elided=first.elided,
    )
