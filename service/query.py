"""What the pipeline is asked, and what a pipeline is. The server process knows this much of it and no more."""

from collections.abc import Callable
from datetime import date, datetime

from msgspec import Struct

from service.schema import Extraction
from service.terms import OffsetUnit, Section


class Query(Struct, frozen=True, kw_only=True):
    """A request whose every field has been checked, as the pipeline takes it."""

    text: str
    reference: date
    instant: datetime | None
    reference_date: str  # as it is echoed in `meta`
    region: str | None = None
    targets: tuple[str, ...] = ()
    include: frozenset[Section]
    offset_unit: OffsetUnit = "code_point"
    min_confidence: float = 0.0


Pipeline = Callable[[Query], Extraction]
