"""What only looks like a fact: labels, names, scores, times, addresses, list markers."""

from msgspec import Struct

from service.text.clitics import cuts


class Refusals(Struct, frozen=True, forbid_unknown_fields=True):
    """The words that refuse a number; each list's comment in `refusals.toml` says where it stands."""

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
    changes: frozenset[str]

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
