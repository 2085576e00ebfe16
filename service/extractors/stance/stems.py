"""Light stemming: a target's words and those that praise or blame are found whatever is written onto them."""

from pathlib import Path

from msgspec import Struct

from service.lexicon import read_toml
from service.text.clitics import cuts
from service.text.normalise import fold_form

_DATA = Path(__file__).with_name("stems.toml")
_LEFT = 3  # letters that an ending leaves


class StemTable(Struct, frozen=True, forbid_unknown_fields=True):
    """stems.toml."""

    endings: tuple[tuple[str, ...], ...]
    empty: tuple[str, ...]


class Stems(Struct, frozen=True):
    """Reads stems off folded words, after Larkey, Ballesteros & Connell (2002): the article, a pronoun, an ending."""

    endings: tuple[tuple[str, ...], ...]
    empty: frozenset[str]

    def stem(self, word: str) -> str:
        """A folded word without article and endings, one of each kind."""
        if word.startswith("ال") and len(word) > _LEFT + 1:
            word = word[2:]
        for kind in self.endings:
            word = next((word[: -len(s)] for s in kind if word.endswith(s) and len(word) >= len(s) + _LEFT), word)
        return word

    def readings(self, word: str) -> frozenset[str]:
        """The stems of every way to read proclitics off a folded word."""
        return frozenset(self.stem(cut.rest) for cut in cuts(word))

    def content(self, phrase: str) -> tuple[str, ...]:
        """The stems of a phrase's words, without those that say nothing, unless it has no others."""
        words = [word for word in fold_form(phrase).replace("_", " ").split() if any(map(str.isalnum, word))]
        return tuple(self.stem(w) for w in words if w not in self.empty) or tuple(self.stem(w) for w in words)


def build_stems() -> Stems:
    """Loads stems.toml."""
    table = read_toml(_DATA, StemTable)
    endings = tuple(tuple(fold_form(ending) for ending in kind) for kind in table.endings)
    return Stems(endings, frozenset(map(fold_form, table.empty)))
