"""What only looks like a fact: labels, names, scores, times, addresses, list markers."""

from pathlib import Path

from msgspec import Struct

from service.lexicon import folded_words, read_toml
from service.text.clitics import cuts


class RefusalTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `refusals.toml`: words one after another."""

    labels: str
    places: str
    groups: str
    titles: str
    ranks: str
    rulers: str
    stages: str
    scores: str
    measures: str
    goals: str
    sessions: str
    ranked: str
    names: str
    hours: str
    channels: str
    together: str
    clean: str
    laws: str
    results: str
    divisions: str
    changes: str


class Refusals(Struct, frozen=True):
    """The words that refuse a number, folded."""

    labels: frozenset[str]
    places: frozenset[str]
    groups: frozenset[str]
    titles: frozenset[str]
    ranks: frozenset[str]
    rulers: frozenset[str]
    stages: frozenset[str]
    scores: frozenset[str]
    measures: frozenset[str]
    goals: frozenset[str]
    sessions: frozenset[str]
    ranked: frozenset[str]
    names: frozenset[str]
    hours: frozenset[str]
    channels: frozenset[str]
    together: frozenset[str]
    clean: frozenset[str]
    laws: frozenset[str]
    results: frozenset[str]
    divisions: frozenset[str]
    changes: tuple[str, ...]

    def is_label(self, word: str) -> bool:
        """Whether a word, past its proclitics, makes a label of the number after it."""
        return any(cut.rest in self.labels for cut in cuts(word))

    def is_place(self, word: str) -> bool:
        """Whether a word, past its proclitics, makes a label of a number that counts nothing."""
        return any(cut.rest in self.places for cut in cuts(word))

    def is_result(self, word: str) -> bool:
        """Whether a word, past its proclitics, gives a score."""
        return any(cut.rest in self.results for cut in cuts(word))

    def is_law(self, word: str) -> bool:
        """Whether a word names a law or a code, whose articles have numbers."""
        return word in self.laws

    def is_change(self, word: str) -> bool:
        """Whether a word tells a change."""
        return any(stem in word for stem in self.changes)


def load_refusals(path: Path) -> Refusals:
    """Read the words, folded."""
    table = read_toml(path, RefusalTable)
    return Refusals(
        labels=folded_words(table.labels),
        places=folded_words(table.places),
        groups=folded_words(table.groups),
        titles=folded_words(table.titles),
        ranks=folded_words(table.ranks),
        rulers=folded_words(table.rulers),
        stages=folded_words(table.stages),
        scores=folded_words(table.scores),
        measures=folded_words(table.measures),
        goals=folded_words(table.goals),
        sessions=folded_words(table.sessions),
        ranked=folded_words(table.ranked),
        names=folded_words(table.names),
        hours=folded_words(table.hours),
        channels=folded_words(table.channels),
        together=folded_words(table.together),
        clean=folded_words(table.clean),
        laws=folded_words(table.laws),
        results=folded_words(table.results),
        divisions=folded_words(table.divisions),
        changes=tuple(sorted(folded_words(table.changes))),
    )
