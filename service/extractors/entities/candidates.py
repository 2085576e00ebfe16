"""What may be a name: spans with their type and confidence, from every source, and which of them stand."""

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

from service.extractors.entities.gazetteer import Row


class Demonym(Struct, frozen=True, gc=False):
    """A people: `name` is the adjective's dictionary form, `country` ISO 3166-1 alpha-2 where it is a country's."""

    name: str
    country: str | None


class Candidate(Struct, frozen=True, gc=False, kw_only=True):
    """A possible mention over view offsets `[start:end]`, tokens `[first:last]`.

    `rows` are the gazetteer's readings of it, `doubtful` those, of them or others, that the text must speak for before
    they link; `demonym` is the people that it is, or that an organisation's name ends with; `elided`: its article lost
    its alef to a lam; `told`: the words around it say its type.
    """

    start: int
    end: int
    first: int
    last: int
    type: str
    confidence: float
    rows: tuple[Row, ...] = ()
    doubtful: tuple[Row, ...] = ()
    demonym: Demonym | None = None
    elided: bool = False
    told: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it has two words or more."""
        return self.last > self.first + 1


def settle(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates that stand, in order: of two that overlap the longer in tokens, then the surer."""
    ranked = sorted(
        candidates, key=lambda c: (c.first - c.last, -c.confidence, c.start, c.type != "NATIONALITY", c.type)
    )
    starts: list[int] = []
    kept: list[Candidate] = []
    for candidate in ranked:
        at = bisect_right(starts, candidate.start)
        if at and kept[at - 1].end > candidate.start:
            continue
        if at < len(starts) and starts[at] < candidate.end:
            continue
        starts.insert(at, candidate.start)
        kept.insert(at, candidate)
    return kept
