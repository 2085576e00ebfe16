"""Words that bound or blur a number, before and after it, next to it or in a verb a little before."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from service.extractors.numbers.phrases import Phrases, words_of
from service.lexicon import read_toml
from service.terms import Modifier
from service.text.clitics import cuts

_PREPOSITIONS = frozenset(("عن", "علي"))
_CARRIERS = 3  # nouns of amount that may stand between a verb and its number


class OtherWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Nouns of amount."""

    carriers: tuple[str, ...]


class ModifierTable(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `modifiers.toml`."""

    before: dict[Modifier, tuple[str, ...]]
    verbs: dict[Modifier, tuple[str, ...]]
    after: dict[Modifier, tuple[str, ...]]
    other: OtherWords


class Modifiers(Struct, frozen=True):
    """The modifiers, ready for look-up: those before by their whole phrase."""

    before: dict[tuple[str, ...], Modifier]
    verbs: dict[tuple[str, ...], Modifier]
    after: Phrases[Modifier]
    carriers: frozenset[str]
    longest: int

    def read_before(self, words: Sequence[str], at: int, floor: int) -> tuple[Modifier, int, int] | None:
        """Modifier, first token and proclitics of the phrase that ends before token `at` (not before `floor`).

        A verb with a noun of amount in between counts too; its first token is then given as `at`: it is not adjacent.
        """
        found = self._ending(words, at, floor, (self.verbs, self.before))
        if found is not None:
            return found
        parted = self._parted(words, at, floor)
        if parted is not None:
            return parted
        near = at
        while near - 1 > floor and at - near < _CARRIERS and self.is_carrier(words[near - 1]):
            near -= 1
        if near == at:
            return None
        distant = self._ending(words, near, floor, (self.verbs,))
        return None if distant is None else (distant[0], at, 0)

    def _parted(self, words: Sequence[str], at: int, floor: int) -> tuple[Modifier, int, int] | None:
        """«لا تزيد قيمتها على 200», «يقل عددهم عن 40»: nouns of amount between a verb and its preposition."""
        if at - 2 <= floor or words[at - 1] not in _PREPOSITIONS:
            return None
        near = at - 1
        while near - 1 > floor and at - 1 - near < _CARRIERS and self.is_carrier(words[near - 1]):
            near -= 1
        if near == at - 1:
            return None
        first = max(floor, near - self.longest)
        found = self._ending([*words[first:near], words[at - 1]], near - first + 1, 0, (self.verbs, self.before))
        return None if found is None else (found[0], first + found[1], found[2])

    def read_after(self, words: Sequence[str], at: int) -> tuple[Modifier, int] | None:
        """The modifier that starts at a token, and the token after it."""
        return self.after.longest(words, at)

    def is_carrier(self, word: str) -> bool:
        """Whether a word is a noun of amount."""
        return word in self.carriers or (word.startswith("ال") and word[2:] in self.carriers)

    def _ending(
        self, words: Sequence[str], at: int, floor: int, tables: tuple[dict[tuple[str, ...], Modifier], ...]
    ) -> tuple[Modifier, int, int] | None:
        for length in range(min(self.longest, at - floor), 0, -1):
            first = at - length
            rest = tuple(words[first + 1 : at])
            for cut in cuts(words[first]):
                for table in tables:
                    modifier = table.get((cut.rest, *rest))
                    if modifier is not None:
                        return modifier, first, cut.length
        return None


def load_modifiers(path: Path) -> Modifiers:
    """Read the modifiers."""
    table = read_toml(path, ModifierTable)
    before = {words_of(form): modifier for modifier, forms in table.before.items() for form in forms}
    verbs = {words_of(form): modifier for modifier, forms in table.verbs.items() for form in forms}
    after: Phrases[Modifier] = Phrases()
    for modifier, forms in table.after.items():
        for form in forms:
            after.add(form, modifier)
    carriers = frozenset(words_of(form)[0] for form in table.other.carriers)
    return Modifiers(before, verbs, after, carriers, max(map(len, (*before, *verbs))))
