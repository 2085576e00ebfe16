"""One document of a batch: checked by itself, answered by itself."""

import asyncio
from typing import Any

import msgspec
from msgspec import Struct

from service.api.problems import ProblemError, problem_of
from service.api.service import Service
from service.api.validation import query_of, shaped
from service.errors import ExtractionError
from service.query import Query
from service.schema import BatchDocument, Problem

LONGEST_ID = 128

Answer = asyncio.Future[bytes] | ProblemError


class Result(Struct, frozen=True):
    """A `BatchResult` whose extraction a worker has already encoded."""

    index: int
    id: str | None
    status: int
    extraction: msgspec.Raw | None
    problem: Problem | None


class Document(Struct, frozen=True):
    """A document as it was read: a query, or the problem with it."""

    id: str | None
    content: Query | ProblemError


def read_document(data: Any, max_chars: int) -> Document:
    """One document, checked by itself."""
    try:
        request = shaped(data, BatchDocument)
        return Document(request.id, query_of(request, max_chars))
    except ProblemError as error:
        name = data.get("id") if isinstance(data, dict) else None
        return Document(name if isinstance(name, str) and len(name) <= LONGEST_ID else None, error)


async def result_of(service: Service, request_id: str, index: int, name: str | None, answer: Answer) -> Result:
    """A document's result, once its answer is there."""
    if not isinstance(answer, ProblemError):
        try:
            extraction = msgspec.Raw(await answer)
        except ExtractionError as error:
            answer = problem_of(error)
        else:
            service.metrics.documents.labels(200).inc()
            return Result(index, name, 200, extraction, None)
    service.metrics.documents.labels(answer.status).inc()
    return Result(index, name, answer.status, None, answer.body(request_id))
