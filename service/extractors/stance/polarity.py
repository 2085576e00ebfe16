"""Which way a passage's words lean: praise against blame near the target, whatever they say of it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from service.extractors.stance.stems import build_stems
from service.extractors.stance.targets import match
from service.lexicon import folded_index, read_toml
from service.text.normalise import fold, fold_form
from service.text.segment import split_sentences, tokenise

_DATA = Path(__file__).with_name("polarity.toml")
_NEGATED = 2  # tokens before a word in which a negation turns it
_AWAY = 0.5  # what a word counts in a sentence that does not name the target

Lean = Callable[[str, str], float]


class PolarityTable(Struct, frozen=True, forbid_unknown_fields=True):
    """polarity.toml."""

    favor: tuple[str, ...]
    against: tuple[str, ...]
    negation: tuple[str, ...]


def build_lean() -> Lean:
    """Loads polarity.toml; the function gives praise less blame of a (target, passage), from -1 to 1, 0 without any."""
    table = read_toml(_DATA, PolarityTable)
    stems = build_stems()
    words = folded_index(_DATA, {"favor": table.favor, "against": table.against})
    index = {stems.stem(word): 1 if side == "favor" else -1 for word, side in words.items()}
    negations = frozenset(map(fold_form, table.negation))

    def lean(target: str, passage: str) -> float:
        wanted = stems.content(target)
        if not wanted:
            return 0.0
        tokens = tokenise(passage, fold(passage))
        folded = [token.folded for token in tokens]
        readings = [stems.readings(word) for word in folded]
        bounds = [(s.first, s.last) for s in split_sentences(passage, tokens)]
        strength = match(wanted, readings, bounds)
        total = size = 0.0
        for first, last in bounds:
            weight = 1.0 if any(strength[first:last]) else _AWAY
            for at in range(first, last):
                side = _side(readings[at], index) if not strength[at] else 0
                if side:
                    turned = any(word in negations for word in folded[max(at - _NEGATED, first) : at])
                    total += -side * weight if turned else side * weight
                    size += weight
        return total / (size + 1)

    return lean


def _side(readings: Sequence[str] | frozenset[str], index: dict[str, int]) -> int:
    """1 for praise, -1 for blame, 0 for neither or both."""
    return max(-1, min(1, sum({index.get(reading, 0) for reading in readings})))
