"""The wire contract, version 1: request and response Structs, and nothing else.

Field names are final; within version 1 a field may be added, none renamed or removed. `start` and `end` count the
request's `offset_unit` over the text exactly as sent, and `text` is what lies between them.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.terms import REGIONS, Label, Modifier, Number, OffsetUnit, Resolution, Section

Confidence = Annotated[float, Meta(ge=0, le=1)]
Double = Annotated[Number, Meta(extra_json_schema={"format": "double"})]


def _known(*values: str) -> Meta:
    """An open set of strings, with the values that this version gives."""
    return Meta(extra_json_schema={"x-extensible-enum": list(values)})


EntityType = Annotated[
    str,
    _known("PERSON", "LOCATION", "ORGANIZATION", "NATIONALITY", "POSITION", "EVENT", "PRODUCT", "MISC"),
]
DateType = Annotated[str, _known("DATE", "TIME", "DURATION", "SET")]
FactKind = Annotated[str, _known("count", "measure", "money", "percent", "ordinal", "number")]
Calendar = Annotated[str, _known("gregorian", "hijri")]
Act = Annotated[
    str,
    _known(
        "asserts", "asks", "demands", "denies", "supports", "condemns", "accuses", "warns", "promises", "expects"
    ),
]  # fmt: skip


# What a type cannot say of these two is checked in `service.api.validation`.
ReferenceDate = Annotated[
    str,
    Meta(
        extra_json_schema={
            "anyOf": [
                {"format": "date", "pattern": "^[12][0-9]{3}-"},
                {"format": "date-time", "pattern": "^[12][0-9]{3}-"},
            ]
        }
    ),
]
Region = Annotated[str, Meta(extra_json_schema={"enum": sorted(REGIONS)})]


class ExtractRequest(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A text, and what is asked of it."""

    text: Annotated[str, Meta(min_length=1, description="Raw Arabic text, kept untouched.")]
    reference_date: Annotated[
        ReferenceDate | None,
        Meta(
            description="RFC 3339 date, or date-time with its offset, at which the text was published, in the years "
            "1000 to 2999; default: now, UTC.",
            examples=["2025-05-27", "2025-05-27T18:30:00+01:00"],
        ),
    ] = None
    region: Annotated[
        Region | None,
        Meta(description="ISO 3166-1 alpha-2 country of publication, in capitals.", examples=["TN", "EG"]),
    ] = None
    targets: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]],
        Meta(max_length=16, description="What the stance is asked towards."),
    ] = []
    include: Annotated[list[Section] | None, Meta(description="The sections to compute; default: all of them.")] = None
    offset_unit: Annotated[OffsetUnit, Meta(description="What `start` and `end` count.")] = "code_point"
    min_confidence: Annotated[Confidence, Meta(description="Drops annotations below it.")] = 0.0


class BatchDocument(ExtractRequest, frozen=True, kw_only=True):
    """One document of a batch."""

    id: Annotated[
        Annotated[str, Meta(max_length=128)] | None,
        Meta(description="Given back with the result; repeats are allowed."),
    ] = None


class Excerpt(Struct, frozen=True, kw_only=True):
    """A stretch of the text."""

    text: str
    start: int
    end: int


class MentionOut(Excerpt, frozen=True, kw_only=True):
    """One place where the text names an entity."""

    confidence: Confidence


class EntityOut(Struct, frozen=True, kw_only=True):
    """One real-world thing with all its mentions."""

    id: str
    type: EntityType
    name: str
    wikidata: str | None
    country: str | None
    holder: str | None
    confidence: Confidence
    mentions: list[MentionOut]


class DateOut(Excerpt, frozen=True, kw_only=True):
    """A TIMEX3, resolved, and the calendar interval that it covers."""

    type: DateType
    value: str
    as_written: str | None
    modifier: Modifier | None
    frequency: int | None
    earliest: str | None
    latest: str | None
    calendar: Calendar
    resolution: Resolution
    confidence: Confidence
    rule: str


class NumericFactOut(Excerpt, frozen=True, kw_only=True):
    """A number, and what it says of what."""

    kind: FactKind
    value: Double | None
    low: Double | None
    high: Double | None
    modifier: Modifier | None
    total: Double | None
    unit: str | None
    per: Excerpt | None
    counted: Excerpt | None
    number: Excerpt
    confidence: Confidence
    rule: str


class TargetOut(Struct, frozen=True, kw_only=True):
    """What a stance is towards, and whether the request or the document named it."""

    text: str
    source: Literal["request", "document"]
    entity: str | None


class EvidenceOut(Excerpt, frozen=True, kw_only=True):
    """A sentence that decided a stance."""

    label: Label
    score: Confidence


class Scores(Struct, frozen=True, kw_only=True):
    """Calibrated probabilities of the three labels; they sum to 1."""

    favor: Confidence
    against: Confidence
    neutral: Confidence


class OtherStance(Struct, frozen=True, kw_only=True):
    """The stance towards a further target."""

    target: TargetOut
    label: Label
    confidence: Confidence
    scores: Scores
    evidence: Annotated[list[EvidenceOut], Meta(max_length=5)]


class StanceOut(OtherStance, frozen=True, kw_only=True):
    """The stance towards the first target, or the document's most salient entity; `others` holds the other targets."""

    others: list[OtherStance]


class SpeakerOut(Excerpt, frozen=True, kw_only=True):
    """Who says it."""

    entity: str | None


class StatementOut(Excerpt, frozen=True, kw_only=True):
    """Who says what: `text` is the reported content."""

    speaker: SpeakerOut | None
    cue: Excerpt | None
    kind: Literal["direct", "indirect"]
    act: Act
    confidence: Confidence


class ModelVersions(Struct, frozen=True, kw_only=True):
    """Which models answered; null for a section that none was used for."""

    entities: str | None
    stance: str | None


class ExtractMeta(Struct, frozen=True, kw_only=True):
    """How the answer came about."""

    version: str
    models: ModelVersions
    reference_date: str
    offset_unit: OffsetUnit
    characters: int
    sentences: int


class Extraction(Struct, frozen=True, kw_only=True):
    """What the text says. A section that was not asked for is null; asked for and empty, it is `[]`."""

    entities: list[EntityOut] | None
    dates: list[DateOut] | None
    numeric_facts: list[NumericFactOut] | None
    stance: StanceOut | None
    statements: list[StatementOut] | None
    meta: ExtractMeta


class FieldError(Struct, frozen=True, kw_only=True):
    """What is wrong with one field: a JSON pointer into the request, and why."""

    pointer: str
    detail: str


class Problem(Struct, frozen=True, kw_only=True):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError] = []


class BatchRequest(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Up to 1 000 documents, answered in order; one bad document never fails the others."""

    documents: Annotated[list[BatchDocument], Meta(min_length=1, max_length=1000)]


class BatchResult(Struct, frozen=True, kw_only=True):
    """One document's answer: an extraction or a problem, and the status that it would have had alone."""

    index: int
    id: str | None
    status: int
    extraction: Extraction | None
    problem: Problem | None


class BatchResponse(Struct, frozen=True, kw_only=True):
    """The results, in the order of the documents."""

    results: list[BatchResult]


class Health(Struct, frozen=True, kw_only=True):
    """How the service is."""

    status: Literal["live", "ready"]


class Version(Struct, frozen=True, kw_only=True):
    """Which service answers, and its version."""

    service: str
    version: str
