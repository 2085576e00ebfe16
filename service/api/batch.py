"""POST /extract/batch: many texts, in one object or as a stream of lines. A bad document never fails the others."""

import asyncio
from typing import Any

from litestar import Response, post

from service.api import body
from service.api.documents import read_document, result_of
from service.api.lines import Lines
from service.api.media import FORMATS, NDJSON, content_type, negotiate
from service.api.problems import ProblemError, problem_of
from service.api.respond import respond, while_connected
from service.api.service import AnyRequest, Service, header, note, request_id, require_key, service_of
from service.api.validation import Envelope, decode, shaped
from service.errors import ExtractionError, Overloaded
from service.query import Query
from service.worker import ENCODE, Format, Task


@post("/extract/batch", guards=[require_key])
async def batch(request: AnyRequest) -> Response[Any]:
    """Facts out of many texts."""
    service = service_of(request)
    sent = content_type(header(request, "content-type"), (*FORMATS, NDJSON))
    if sent == NDJSON:
        negotiate(header(request, "accept"), (NDJSON,))
        service.check_open()
        _check_room(service)
        return Lines(request, service)
    offered = negotiate(header(request, "accept"), tuple(FORMATS))
    service.check_open()
    return await respond(request, await _whole(request, service, FORMATS[sent], FORMATS[offered]), offered)


async def _whole(request: AnyRequest, service: Service, sent: Format, offered: Format) -> bytes:
    """The encoded `BatchResponse` to a `BatchRequest`."""
    max_chars = service.settings.max_chars
    raw = await body.read(request, body.BATCH * body.limit_of(max_chars))
    documents = [read_document(data, max_chars) for data in shaped(decode(raw, sent), Envelope).documents]
    queries = [document.content for document in documents if isinstance(document.content, Query)]
    characters = sum(len(query.text) for query in queries)
    if characters > body.BATCH * max_chars:
        raise body.too_large(body.BATCH * max_chars, characters, "code points of text")
    note(request, characters)
    futures: list[asyncio.Future[bytes]] = []
    if queries:
        try:
            futures = service.executor.submit([Task(query, offered) for query in queries], bulk=True)
        except ExtractionError as error:
            raise problem_of(error) from error
        await while_connected(request, futures)
    waiting = iter(futures)
    results = [
        await result_of(
            service,
            request_id(request),
            index,
            document.id,
            document.content if isinstance(document.content, ProblemError) else next(waiting),
        )
        for index, document in enumerate(documents)
    ]
    return ENCODE[offered]({"results": results})


def _check_room(service: Service) -> None:
    try:
        service.executor.check_room(bulk=True)
    except Overloaded as error:
        raise problem_of(error) from error
