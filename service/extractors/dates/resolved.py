"""What resolving gives, and what it takes from the words around an expression."""

from datetime import date

from msgspec import Struct

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


class Weeks(Struct, frozen=True, forbid_unknown_fields=True):
    """Regions by how they count their week."""

    saturday_first: frozenset[str]
    sunday_first: frozenset[str]
    friday_saturday_weekend: frozenset[str]


class Cues(Struct, frozen=True):
    """What the words around an expression say of it."""

    future: bool = False
    since: bool = False
    year: int | None = None  # a year that the sentence gave before
    midnight_before: bool = False  # «من» stands before
    day: date | None = None  # the day that a clock time of this sentence belongs to
    part: str | None = None  # the part of that day, where the sentence named it
