"""Domain annotations: what extractors give, and what `Found` holds. Spans are raw code points throughout."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from service.terms import Label, Modifier, Number, Resolution
from service.text.document import Span


class Numeral(Struct, frozen=True, gc=False):
    """A number as it is written, before anyone says what it counts: tokens `[first:last]`, view offsets `[start:end]`.

    `start` lies past the first token's proclitics. A range or an indefinite magnitude has `low` and `high`, no `value`.
    """

    first: int
    last: int
    start: int
    end: int
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    ordinal: bool = False
    words: bool = False  # True where any part of it is spelt out
    integer_digits: int | None = None  # how many digits were typed, for a bare run of digits («05» has 2)
    definite: bool = False  # True where it has its article («الثلاثة», «الـ15»), which lies inside
    decimal: float | None = None  # «1.234», read as 1234, where its mark is taken as the decimal one
    scale: int = 1  # the scale that ends a single term: 1000000 for «5 ملايين», which «بين 3 و5 ملايين» gives to 3 too


class TimeExpression(Struct, frozen=True, kw_only=True):
    """One TIMEX3: see the wire contract's `dates` for every field's meaning."""

    span: Span
    type: str
    value: str
    as_written: str | None = None
    modifier: Modifier | None = None
    frequency: int | None = None
    earliest: date | datetime | None = None
    latest: date | datetime | None = None
    calendar: str = "gregorian"
    resolution: Resolution = "explicit"
    confidence: float = 1.0
    rule: str = ""


class NumericFact(Struct, frozen=True, kw_only=True):
    """One number with what it says: see the wire contract's `numeric_facts`."""

    span: Span
    kind: str
    number: Span
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    modifier: Modifier | None = None
    total: Number | None = None
    unit: str | None = None
    per: Span | None = None
    counted: Span | None = None
    confidence: float = 1.0
    rule: str = ""


class Mention(Struct, frozen=True):
    """One place where the text names an entity."""

    span: Span
    confidence: float = 1.0


class Entity(Struct, frozen=True, kw_only=True):
    """One real-world thing with all its mentions, in order of `start`. `holder` is another entity's id."""

    id: str
    type: str
    name: str
    mentions: tuple[Mention, ...]
    wikidata: str | None = None
    country: str | None = None
    holder: str | None = None
    confidence: float = 1.0


class Evidence(Struct, frozen=True):
    """A sentence that decided a stance."""

    span: Span
    label: Label
    score: float


class Stance(Struct, frozen=True, kw_only=True):
    """The text's stance towards one target; `scores` sum to 1. `entity` is an id of the entities section."""

    target: str
    source: Literal["request", "document"]
    label: Label
    scores: dict[Label, float]
    entity: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Speaker(Struct, frozen=True):
    """Who says it, and the entity that this is, where one is known."""

    span: Span
    entity: str | None = None


class Statement(Struct, frozen=True, kw_only=True):
    """Who says what: see the wire contract's `statements`. `span` is the reported content."""

    span: Span
    kind: Literal["direct", "indirect"]
    act: str
    speaker: Speaker | None = None
    cue: Span | None = None
    confidence: float = 1.0


class Found(Struct):
    """The sections found so far in one document. An extractor reads what it needs; `pipeline` alone writes here."""

    numerals: tuple[Numeral, ...] = ()
    dates: tuple[TimeExpression, ...] = ()
    numeric_facts: tuple[NumericFact, ...] = ()
    entities: tuple[Entity, ...] = ()
    stance: tuple[Stance, ...] = ()
    statements: tuple[Statement, ...] = ()
