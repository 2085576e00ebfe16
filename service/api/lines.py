"""Batches as NDJSON: one document a line in, one result a line out, in order, while the lines still come in.

Three tasks pass the lines on. The first reads them, some way ahead, so that a client may send all before it reads; the
second submits a few at a time; the third sends the results, in the order of the lines. A client that stops reading
stops the third, then the second, then the first; one that goes ends them all.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from litestar import Response
from litestar.types import ASGIApp, Receive, Scope, Send

from service.api import body
from service.api.documents import Answer, Document, read_document, result_of
from service.api.media import NDJSON
from service.api.problems import ProblemError, problem_of
from service.api.service import AnyRequest, ClientGone, Service, note, request_id
from service.api.validation import decode
from service.errors import ExtractionError
from service.query import Query
from service.worker import ENCODE, Task

# Seconds that a line waits for room in the queue before it is answered with 429.
PATIENCE = 5.0
# Bytes of lines that are read ahead of those in extraction.
AHEAD = 4 * 1024 * 1024

Line = bytes | ProblemError | None  # a document, the problem with it or with the body, or the end


class Ahead:
    """Lines that have been read and not taken, within a bound on their bytes."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque()
        self._size = 0
        self._changed = asyncio.Condition()

    async def put(self, line: Line) -> None:
        """Append a line, once there is room."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._size < AHEAD)
            self._lines.append(line)
            self._size += _size(line)
            self._changed.notify_all()

    async def get(self) -> Line:
        """Take the first line, once there is one."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._lines)
            line = self._lines.popleft()
            self._size -= _size(line)
            self._changed.notify_all()
            return line


def _size(line: Line) -> int:
    return len(line) if isinstance(line, bytes) else 0


class Lines(Response[Any]):
    """The stream of results."""

    def __init__(self, request: AnyRequest, service: Service) -> None:
        super().__init__(None, media_type=NDJSON)
        self.request = request
        self.service = service
        self.ahead = Ahead()
        self.window: asyncio.Queue[tuple[str | None, Answer] | None] = asyncio.Queue(2 * service.executor.size)
        self.pending: set[asyncio.Future[bytes]] = set()

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIApp:  # type: ignore[override]  # what it is asked with says nothing to it
        """Give our own: Litestar's streaming response would take the request's body for itself, to see it end."""
        return self._stream

    async def _stream(self, _: Scope, receive: Receive, send: Send) -> None:
        """Run the three tasks until all is sent, or the client goes."""
        reading = asyncio.create_task(self._read(receive))
        submitting = asyncio.create_task(self._submit_all())
        sending = asyncio.create_task(self._send(send))
        tasks = (reading, submitting, sending)
        try:
            await asyncio.wait((reading, sending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            for future in self.pending:
                future.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    async def _read(self, receive: Receive) -> None:
        """Read lines until the body ends, then wait for the client to go."""
        try:
            async for line in split(body.chunks(self.request, None), body.limit_of(self.service.settings.max_chars)):
                await self.ahead.put(line)
        except ClientGone:
            return
        except ProblemError as error:  # the body itself is broken: nothing more can be read
            await self.ahead.put(error)
        await self.ahead.put(None)
        await receive()

    async def _submit_all(self) -> None:
        """Submit document after document, a window of them at a time."""
        characters = 0
        while (line := await self.ahead.get()) is not None:
            document = self._document(line)
            answer: Answer
            if isinstance(document.content, Query):
                characters += len(document.content.text)
                note(self.request, characters)
                answer = await self._submit(document.content)
            else:
                answer = document.content
            await self.window.put((document.id, answer))
        await self.window.put(None)

    def _document(self, line: bytes | ProblemError) -> Document:
        if isinstance(line, ProblemError):
            return Document(None, line)
        try:
            return read_document(decode(line, "json"), self.service.settings.max_chars)
        except ProblemError as error:
            return Document(None, error)

    async def _submit(self, query: Query) -> Answer:
        """Submit a document, waiting a while for room."""
        try:
            self.service.check_open()
            answer = await self.service.executor.submit_patiently(Task(query, "json"), PATIENCE)
        except ProblemError as error:
            return error
        except ExtractionError as error:
            return problem_of(error)
        self.pending.add(answer)
        answer.add_done_callback(self.pending.discard)
        return answer

    async def _send(self, send: Send) -> None:
        """Send results as they come."""
        headers = [(b"content-type", NDJSON.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        index = 0
        while (item := await self.window.get()) is not None:
            result = await result_of(self.service, request_id(self.request), index, *item)
            await send({"type": "http.response.body", "body": ENCODE["json"](result) + b"\n", "more_body": True})
            index += 1
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def split(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes | ProblemError]:
    """The lines that are not empty, without their ends; for one longer than `limit` bytes, the problem with it."""
    buffer = bytearray()
    skipping = False
    async for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for end in whole:
            buffer += end
            if skipping or len(buffer) > limit:
                yield body.too_large(limit, None)
            elif buffer.strip():
                yield bytes(buffer)
            buffer.clear()
            skipping = False
        buffer += rest
        if len(buffer) > limit:
            buffer.clear()
            skipping = True
    if skipping:
        yield body.too_large(limit, None)
    elif buffer.strip():
        yield bytes(buffer)
