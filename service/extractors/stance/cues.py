"""A stance classifier without a model: words that take a side in a clause of the target, turned by negation."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from service.extractors.stance.stems import Stems, build_stems
from service.extractors.stance.targets import match
from service.lexicon import folded_index, read_toml
from service.text.clitics import cuts
from service.text.normalise import fold, fold_form
from service.text.segment import split_sentences, tokenise

_DATA = Path(__file__).with_name("cues.toml")
_NEGATED = 2  # tokens before a cue in which a negation turns it
_ELSEWHERE = 0.25  # what a cue counts outside the clauses that name the target
_LONGEST = 4  # words of the longest cue


class CueTable(Struct, frozen=True, forbid_unknown_fields=True):
    """cues.toml."""

    favor: tuple[str, ...]
    against: tuple[str, ...]
    negation: tuple[str, ...]
    clause_breaks: tuple[str, ...]


class CueClassifier(Struct, frozen=True):
    """Implements `StanceClassifier` over the cue lexicon."""

    index: dict[str, str]
    negations: frozenset[str]
    breaks: frozenset[str]
    stems: Stems

    @property
    def version(self) -> str:
        """Name and version."""
        return "cues-1"

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """Favor, against and neutral of every (target, passage) pair."""
        return [self._score(target, passage) for target, passage in pairs]

    def _score(self, target: str, passage: str) -> tuple[float, float, float]:
        tokens = tokenise(passage, fold(passage))
        words = [token.folded for token in tokens]
        sentences = [(s.first, s.last) for s in split_sentences(passage, tokens)]
        wanted = self.stems.content(target)
        strength = (
            match(wanted, [self.stems.readings(word) for word in words], sentences) if wanted else [0.0] * len(words)
        )
        clauses = _clauses(words, self.breaks)
        own = {clauses[i] for i, share in enumerate(strength) if share}
        sides = [0.0, 0.0]
        at = 0
        while at < len(words):
            side, length = self._cue(words, at)
            if side is not None and not strength[at]:
                sides[side] += 1.0 if clauses[at] in own else _ELSEWHERE
            at += max(length, 1)
        return _scores(sides[0], sides[1])

    def _cue(self, words: Sequence[str], at: int) -> tuple[int | None, int]:
        """The side (0 favor, 1 against) of the longest cue at a token, and its words; None and 0 without one."""
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            rest = words[at + 1 : at + length]
            for cut in cuts(words[at]):
                for head in (cut.rest, cut.rest.removeprefix("ال")):
                    label = self.index.get(" ".join((head, *rest)))
                    if label is not None:
                        negated = any(word in self.negations for word in words[max(at - _NEGATED, 0) : at])
                        return (label == "against") != negated, length
        return None, 0


def build_cue_classifier() -> CueClassifier:
    """Loads cues.toml."""
    table = read_toml(_DATA, CueTable)
    index = folded_index(_DATA, {"favor": table.favor, "against": table.against})
    return CueClassifier(
        index,
        frozenset(map(fold_form, table.negation)),
        frozenset(map(fold_form, table.clause_breaks)),
        build_stems(),
    )


def _clauses(words: Sequence[str], breaks: frozenset[str]) -> list[int]:
    """The number of each token's clause."""
    clause, clauses = 0, []
    for word in words:
        clause += word in breaks
        clauses.append(clause)
    return clauses


def _scores(favor: float, against: float) -> tuple[float, float, float]:
    """Shares of the two sides against a constant weight of neutral."""
    total = favor + against + 0.7
    if abs(favor - against) < 0.4:
        return favor / total * 0.4, against / total * 0.4, 1 - (favor + against) / total * 0.4
    return favor / total, against / total, 0.7 / total
