"""What resolving gives, and what it takes from the words around an expression."""

from datetime import date
from functools import cached_property

from msgspec import Struct

from service.extractors.dates.scan import Scan
from service.extractors.dates.tense import is_future, is_since
from service.extractors.dates.timex import Value
from service.terms import Resolution


class Resolved(Struct, frozen=True, kw_only=True):
    """A TIMEX3's type and value, and how it came about."""

    type: str
    value: Value
    as_written: str | None = None
    resolution: Resolution = "explicit"
    calendar: str = "gregorian"
    frequency: int | None = None
    sure: float = 1.0


class Regions(Struct, frozen=True, forbid_unknown_fields=True):
    """Regions by how they count their week, and where no clock changes in summer their minutes from UTC."""

    saturday_first: frozenset[str]
    sunday_first: frozenset[str]
    friday_saturday_weekend: frozenset[str]
    offset: dict[str, int]


class Cues:
    """What the words around tokens `[first:last]` say of them, read when it is asked for where it takes a look."""

    def __init__(self, scan: Scan, first: int, last: int) -> None:
        self._scan, self._first, self._last = scan, first, last
        self.year: int | None = None  # a year that the sentence gave before
        self.after_noon = False  # whether the sentence gave an hour after noon before
        self.day: date | None = None  # the day that a clock time of this sentence belongs to
        self.part: str | None = None  # the part of that day, where the sentence named it

    @cached_property
    def since(self) -> bool:
        """Whether they lie in the past, by «منذ»."""
        return is_since(self._scan, self._first)

    @cached_property
    def future(self) -> bool:
        """Whether their clause looks ahead."""
        return not self.since and is_future(self._scan, self._first, self._last)

    @property
    def midnight_before(self) -> bool:
        """Whether «من» stands before."""
        return self._first > 0 and self._scan.folded[self._first - 1] == "من"
