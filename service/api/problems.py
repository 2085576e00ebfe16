"""Errors as clients see them: one closed table from kind to type, status and title, and RFC 9457 bodies."""

from collections.abc import Sequence
from typing import Literal

import msgspec
import structlog
from msgspec import Struct

from service.errors import ExtractionError, Failed, NoWorker, OutOfTime, Overloaded
from service.schema import FieldError, Problem

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

Kind = Literal[
    "bad-request",
    "malformed-body",
    "missing-credentials",
    "wrong-credentials",
    "not-found",
    "method-not-allowed",
    "not-acceptable",
    "too-large",
    "unsupported-media-type",
    "invalid-fields",
    "overloaded",
    "internal-error",
    "not-ready",
    "draining",
    "out-of-time",
]


class Row(Struct, frozen=True):
    """A kind's status and title, and the detail where an occurrence has nothing of its own to say."""

    status: int
    title: str
    detail: str


PROBLEMS: dict[Kind, Row] = {
    "bad-request": Row(400, "Bad request", "The request is not one that HTTP allows."),
    "malformed-body": Row(400, "Malformed body", "The body is not what its Content-Type or Content-Encoding says."),
    "missing-credentials": Row(401, "Missing credentials", "Send a key: Authorization: Bearer KEY."),
    "wrong-credentials": Row(403, "Wrong credentials", "The key is not one of this service's."),
    "not-found": Row(404, "Not found", "There is nothing at this path."),
    "method-not-allowed": Row(405, "Method not allowed", "This path has other methods: see Allow."),
    "not-acceptable": Row(406, "Not acceptable", "The answer is not to be had in a media type that Accept allows."),
    "too-large": Row(413, "Too large", "The request is larger than the service takes."),
    "unsupported-media-type": Row(
        415, "Unsupported media type", "The body is in a media type or a content coding that is not read here."
    ),
    "invalid-fields": Row(422, "Invalid fields", "Fields of the request are not as the contract has them: see errors."),
    "overloaded": Row(429, "Overloaded", "The queue is full: come back after the seconds in Retry-After."),
    "internal-error": Row(500, "Internal error", "The service failed on this request."),
    "not-ready": Row(503, "Not ready", "The service is not ready to extract."),
    "draining": Row(503, "Draining", "The service is going down and takes no new work."),
    "out-of-time": Row(503, "Out of time", "The text took longer than a text may."),
}

PREFIX = "urn:istikhraj:problem:"


class ProblemError(Exception):
    """An answer other than the one asked for. No detail ever quotes the request."""

    def __init__(
        self,
        kind: Kind,
        detail: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.row = PROBLEMS[kind]
        self.detail = detail or self.row.detail
        self.errors = list(errors)
        self.headers = headers or {}

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.row.status

    def body(self, request_id: str) -> Problem:
        """The problem as it is sent, about the request of this id."""
        return Problem(
            type=PREFIX + self.kind,
            title=self.row.title,
            status=self.row.status,
            detail=self.detail,
            instance=f"urn:istikhraj:request:{request_id}",
            errors=self.errors,
        )


encode = msgspec.json.Encoder().encode


def problem_of(error: ExtractionError) -> ProblemError:
    """The problem that tells a client of a document that was not answered."""
    match error:
        case Overloaded():
            return ProblemError("overloaded", headers={"Retry-After": str(error.retry_after)})
        case OutOfTime():
            return ProblemError("out-of-time")
        case NoWorker():
            return ProblemError("not-ready", headers={"Retry-After": "1"})
        case Failed():
            log.error("extraction failed", where=str(error))
            return ProblemError("internal-error")
        case _:
            raise error
