"""From a request's bytes to a checked `Query`. All invalid fields are named in one answer; no value is quoted."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Annotated, Any, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import Meta, Struct

from service.api.body import too_large
from service.api.problems import ProblemError
from service.query import Query
from service.schema import ExtractRequest, FieldError
from service.terms import REGIONS, Section
from service.worker import Format

R = TypeVar("R", bound=Struct)

SECTIONS = frozenset(get_args(Section))
LONGEST_NAME = 64
MOST_ERRORS = 100

# RFC 3339 in the years 1000 to 2999: arithmetic on them stays within the calendar.
REFERENCE = re.compile(
    r"[12]\d{3}-\d\d-\d\d(?:[Tt ]\d\d:(?:\d\d:[0-5]\d|59:60)(?:\.\d+)?(?:[Zz]|[+-]\d\d:[0-5]\d))?", re.ASCII
)

# What each field must be. A client reads this sentence whatever was wrong with the value, so none is ever quoted.
EXPECTED = {
    "text": "must be a string of at least one code point",
    "reference_date": "must be an RFC 3339 date, or date-time with its offset, in the years 1000 to 2999, or null",
    "region": "must be an ISO 3166-1 alpha-2 code in capitals, or null",
    "targets": "must be a list of at most 16 strings, each of 1 to 200 code points and not blank",
    "include": f"must be a list of: {', '.join(sorted(SECTIONS))}; or null",
    "offset_unit": "must be one of: code_point, utf16, utf8",
    "min_confidence": "must be a number from 0 to 1",
    "id": "must be a string of at most 128 code points, or null",
    "documents": "must be a list of 1 to 1000 documents",
}


class Envelope(Struct, forbid_unknown_fields=True, frozen=True):
    """A `BatchRequest` whose documents have not been looked at, so that a bad one fails alone."""

    documents: Annotated[list[Any], Meta(min_length=1, max_length=1000)]


class Reference(NamedTuple):
    """A reference date: the local day, the moment where one is known, and how it is echoed."""

    day: date
    instant: datetime | None
    written: str


_DECODE = {"json": msgspec.json.Decoder().decode, "msgpack": msgspec.msgpack.Decoder().decode}


def decode(body: bytes, form: Format) -> Any:
    """The body as plain data. Raises 400."""
    try:
        data = _DECODE[form](body)
        if form == "json":
            json.loads(body, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError):  # of which msgspec's errors, and those of a bad UTF-8 sequence
        raise ProblemError("malformed-body") from None
    return data


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member's name occurs twice")
    return members


def shaped(data: Any, shape: type[R]) -> R:
    """Plain data as a request. Raises 422 with every invalid field."""
    try:
        request = msgspec.convert(data, shape)
    except msgspec.ValidationError:
        sound = False
    else:
        sound = all(_fits_calendar_and_map(name, getattr(request, name)) for name in request.__struct_fields__)
        if sound:
            return request
    raise ProblemError("invalid-fields", errors=list(islice(field_errors(data, shape), MOST_ERRORS)))


def field_errors(data: Any, shape: type[Struct]) -> Iterator[FieldError]:
    """What is wrong with each field, by JSON pointer (RFC 6901)."""
    if not isinstance(data, dict):
        yield FieldError(pointer="", detail="must be an object")
        return
    known = {field.name: field for field in msgspec.structs.fields(shape)}
    for name, field in known.items():
        if name in data:
            yield from _value_errors(name, data[name], field.type)
        elif field.required:
            yield FieldError(pointer=f"/{name}", detail="is required")
    for name in data:
        if name in known:
            continue
        if isinstance(name, str) and len(name) <= LONGEST_NAME:
            yield FieldError(pointer="/" + name.replace("~", "~0").replace("/", "~1"), detail="is not a known field")
        else:
            yield FieldError(pointer="", detail="has a field that is not known")


def _value_errors(name: str, value: Any, kind: Any) -> Iterator[FieldError]:
    if _fits(name, value, kind):
        return
    detail = EXPECTED[name]
    wrong = [i for i, item in enumerate(value) if not _fits(name, [item], kind)] if isinstance(value, list) else []
    if wrong:
        yield from (FieldError(pointer=f"/{name}/{i}", detail=detail) for i in wrong)
    else:
        yield FieldError(pointer=f"/{name}", detail=detail)


def _fits(name: str, value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return _fits_calendar_and_map(name, value)


def _fits_calendar_and_map(name: str, value: Any) -> bool:
    """What types cannot say: the date exists, the country exists."""
    if name == "reference_date":
        return value is None or _reference(value) is not None
    if name == "region":
        return value is None or value in REGIONS
    return True


def query_of(request: ExtractRequest, max_chars: int) -> Query:
    """The checked request, with its defaults filled in. Raises 413."""
    if len(request.text) > max_chars:
        raise too_large(max_chars, len(request.text), "code points of text")
    reference = _now() if request.reference_date is None else _reference(request.reference_date)
    assert reference is not None  # noqa: S101  shaped() has seen to it
    return Query(
        text=request.text,
        reference=reference.day,
        instant=reference.instant,
        reference_date=reference.written,
        region=request.region,
        targets=tuple(request.targets),
        include=SECTIONS if request.include is None else frozenset(request.include),
        offset_unit=request.offset_unit,
        min_confidence=request.min_confidence,
    )


def _now() -> Reference:
    now = datetime.now(UTC).replace(microsecond=0)
    return Reference(now.date(), now, now.isoformat().replace("+00:00", "Z"))


def _reference(written: str) -> Reference | None:
    """An RFC 3339 date or date-time; None when it is not one. A leap second counts as the second before it."""
    if not REFERENCE.fullmatch(written):
        return None
    try:
        if len(written) == len("2025-05-27"):
            return Reference(date.fromisoformat(written), None, written)
        instant = datetime.fromisoformat(written.upper().replace(" ", "T").replace(":59:60", ":59:59"))
    except ValueError:
        return None
    return Reference(instant.date(), instant, written)
