"""Words next to names, as triggers.toml lists them, and how they are recognised under proclitics and articles."""

from collections.abc import Iterator

from msgspec import Struct

from service.extractors.entities.gazetteer import HERE
from service.lexicon import read_toml
from service.text.clitics import cuts
from service.text.document import Document
from service.text.normalise import fold_form

_TELLING = 3

QUOTES = frozenset("\"«»“”„‘’'()[]")
OPENING = frozenset('"«“')
CLOSING = frozenset('"»”')


class Triggers(Struct, forbid_unknown_fields=True, frozen=True):
    """triggers.toml."""

    place: tuple[str, ...]
    person: tuple[str, ...]
    club: tuple[str, ...]
    player: tuple[str, ...]
    medium: tuple[str, ...]
    media: tuple[str, ...]
    work: tuple[str, ...]
    ruler: tuple[str, ...]
    opponent: tuple[str, ...]
    relative: tuple[str, ...]
    team: tuple[str, ...]
    competition: tuple[str, ...]
    where: tuple[str, ...]
    land: tuple[str, ...]
    direction: tuple[str, ...]
    sport: tuple[str, ...]
    wildlife: tuple[str, ...]
    animals: tuple[str, ...]
    speaker: tuple[str, ...]
    organization: tuple[str, ...]
    city: tuple[str, ...]
    state: tuple[str, ...]


class Cues(Struct, frozen=True):
    """Folded trigger words by what they announce: a type, or a key of triggers.toml."""

    words: dict[str, frozenset[str]]

    def announced(self, doc: Document, first: int, what: str) -> bool:
        """Whether the word before token `first`, past an opening quote, announces such a name."""
        return bool(self.cue(doc, first, what))

    def cue(self, doc: Document, first: int, what: str) -> str:
        """The folded word before token `first`, past an opening quote, that announces such a name; "" for none."""
        at = first - 1
        if at >= 0 and doc.tokens[at].folded in QUOTES:
            at -= 1
        triggers = self.words.get(what)
        if at < 0 or triggers is None:
            return ""
        return next((cut.rest for cut in cuts(doc.tokens[at].folded) if cut.rest in triggers), "")

    def is_about(self, doc: Document, what: str) -> bool:
        """Whether the text is about sport, so that a club's short name is the club, or about wildlife."""
        words = {word for token in doc.tokens for word in bare_words(token.folded)}
        return len(words & self.words[what]) >= _TELLING


def has_dots(doc: Document) -> bool:
    """Whether a text writes ة with its dots, so that a word in ه is another one: «جده», «أمنه», «بلده»."""
    return any(token.text.endswith("ة") for token in doc.tokens)


def load_cues() -> Cues:
    """Read triggers.toml."""
    triggers = read_toml(HERE / "triggers.toml", Triggers)
    return Cues(
        {
            "LOCATION": _folded(triggers.place),
            "PERSON": _folded(triggers.person),
            "ORGANIZATION": _folded(triggers.organization),
            "club": _folded(triggers.club),
            "player": _folded(triggers.player),
            "medium": _folded(triggers.medium),
            "media": _folded(triggers.media),
            "work": _folded(triggers.work),
            "ruler": _folded(triggers.ruler),
            "opponent": _folded(triggers.opponent),
            "relative": _folded(triggers.relative),
            "team": _folded(triggers.team),
            "competition": _folded(triggers.competition),
            "where": _folded(triggers.where),
            "land": _folded(triggers.land + triggers.direction),
            "direction": _folded(triggers.direction),
            "sport": _folded(triggers.sport),
            "wildlife": _folded(triggers.wildlife),
            "animals": _folded(triggers.animals),
            "speaker": _folded(triggers.speaker),
            "city": _folded(triggers.city),
            "state": _folded(triggers.state),
        }
    )


def bare_words(folded: str) -> Iterator[str]:
    """A word in every reading of its proclitics, with its article and without."""
    for cut in cuts(folded):
        yield cut.rest
        if cut.rest.startswith("ال"):
            yield cut.rest[2:]


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold_form(word) for word in words)
