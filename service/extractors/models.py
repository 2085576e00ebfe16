"""What extractors ask of a learned model: two small protocols, so that none of them knows what runs it."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct


class Tagger(Protocol):
    """An entity tagger over the sentences of one document."""

    @property
    def version(self) -> str:
        """Name and version, for `meta.models`."""
        ...

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """IOB2 label and confidence of every word; words are tokens of the normalised view, unfolded."""
        ...


class StanceClassifier(Protocol):
    """A target-conditioned stance classifier."""

    @property
    def version(self) -> str:
        """Name and version, for `meta.models`."""
        ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float, float]]:
        """Calibrated favor, against and neutral of every (target, passage) pair."""
        ...


class Models(Struct, frozen=True):
    """The models that a process has loaded; None where it runs without one."""

    tagger: Tagger | None = None
    stance: StanceClassifier | None = None
