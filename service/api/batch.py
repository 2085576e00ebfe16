"""POST /extract/batch: many texts, in one object or as a stream of lines. A bad document never fails the others."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import structlog
from litestar import Response, post
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from service.api import body
from service.api.media import FORMATS, NDJSON, content_type, negotiate
from service.api.problems import ProblemError, problem_of
from service.api.respond import respond, while_connected
from service.api.service import AnyRequest, Service, header, note, request_id, require_key, service_of
from service.api.validation import Envelope, decode, query_of, shaped
from service.errors import ExtractionError, Overloaded, where
from service.query import Query
from service.schema import BatchDocument, Problem
from service.worker import ENCODE, Format, Task

log = structlog.get_logger(__name__)

LARGEST = 20  # × MAX_CHARS, in all
LONGEST_ID = 128

# Seconds that a line waits for room in the queue before it is answered with 429.
PATIENCE = 5.0


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


Answer = asyncio.Future[bytes] | ProblemError


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
    raw = await body.read(request, LARGEST * body.limit_of(max_chars))
    documents = [_document(data, max_chars) for data in shaped(decode(raw, sent), Envelope).documents]
    queries = [document.content for document in documents if isinstance(document.content, Query)]
    characters = sum(len(query.text) for query in queries)
    if characters > LARGEST * max_chars:
        raise body.too_large(LARGEST * max_chars, characters, "code points of text")
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
        await _result(
            service,
            request_id(request),
            index,
            document.id,
            document.content if isinstance(document.content, ProblemError) else next(waiting),
        )
        for index, document in enumerate(documents)
    ]
    return ENCODE[offered]({"results": results})


class Lines(Response[Any]):
    """Answers one document a line with one result a line, in order, while the lines still come in."""

    def __init__(self, request: AnyRequest, service: Service) -> None:
        super().__init__(None, media_type=NDJSON)
        self.request = request
        self.service = service

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIApp:  # type: ignore[override]
        """Give our own: Litestar's streaming response would take the request's body for itself, to see it end."""
        return self._send

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send results as they come. A few documents are in extraction at a time; a slow client slows the reading."""
        window: asyncio.Queue[tuple[str | None, Answer] | None] = asyncio.Queue(2 * self.service.executor.size)
        reader = asyncio.create_task(self._read(window))
        try:
            headers = [(b"content-type", NDJSON.encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            index = 0
            while (item := await window.get()) is not None:
                result = await _result(self.service, request_id(self.request), index, *item)
                line = ENCODE["json"](result) + b"\n"
                await send({"type": "http.response.body", "body": line, "more_body": True})
                index += 1
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            reader.cancel()
            while not window.empty():
                item = window.get_nowait()
                if item and isinstance(item[1], asyncio.Future):
                    item[1].cancel()

    async def _read(self, window: asyncio.Queue[tuple[str | None, Answer] | None]) -> None:
        """Read documents into the window; None is the end."""
        max_chars = self.service.settings.max_chars
        characters = 0
        try:
            async for line in _lines(body.chunks(self.request, None), body.limit_of(max_chars)):
                document = _line_document(line, max_chars)
                if isinstance(document.content, Query):
                    characters += len(document.content.text)
                    note(self.request, characters)
                    await window.put((document.id, await self._submit(document.content)))
                else:
                    await window.put((document.id, document.content))
        except ProblemError as error:  # the body itself is broken: nothing more can be read
            await window.put((None, error))
        except Exception as error:
            log.error("unexpected error", request_id=request_id(self.request), where=where(error))
            await window.put((None, ProblemError("internal-error")))
        await window.put(None)

    async def _submit(self, query: Query) -> Answer:
        """Submit a document, waiting a while for room."""
        try:
            self.service.check_open()
            return await self.service.executor.submit_patiently(Task(query, "json"), PATIENCE)
        except ProblemError as error:
            return error
        except ExtractionError as error:
            return problem_of(error)


def _check_room(service: Service) -> None:
    try:
        service.executor.check_room(bulk=True)
    except Overloaded as error:
        raise problem_of(error) from error


async def _lines(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes | None]:
    """The lines that are not empty, without their ends; None for one longer than `limit` bytes."""
    buffer = bytearray()
    skipping = False
    async for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for end in whole:
            buffer += end
            if skipping or len(buffer) > limit:
                yield None
            elif buffer.strip():
                yield bytes(buffer)
            buffer.clear()
            skipping = False
        buffer += rest
        if len(buffer) > limit:
            buffer.clear()
            skipping = True
    if skipping:
        yield None
    elif buffer.strip():
        yield bytes(buffer)


def _line_document(line: bytes | None, max_chars: int) -> Document:
    if line is None:
        return Document(None, body.too_large(body.limit_of(max_chars), None))
    try:
        return _document(decode(line, "json"), max_chars)
    except ProblemError as error:
        return Document(None, error)


def _document(data: Any, max_chars: int) -> Document:
    """One document, checked by itself."""
    try:
        request = shaped(data, BatchDocument)
        return Document(request.id, query_of(request, max_chars))
    except ProblemError as error:
        name = data.get("id") if isinstance(data, dict) else None
        return Document(name if isinstance(name, str) and len(name) <= LONGEST_ID else None, error)


async def _result(service: Service, request_id: str, index: int, name: str | None, answer: Answer) -> Result:
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
